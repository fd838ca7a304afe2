"""Trainings started from the editor: `python -m seqgan train` with a folder of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from seqgan.resources import home
from studio.errors import StudioError
from studio.ui.processes import is_alive, read_started, start
from studio.ui.runs import runs_folder

SYNTHETIC = "synthetic"
LOG_EVERY, SHEET_EVERY = 2_000, 40_000
"""Images between two lines of the log and two sheets, of long runs (`seqgan train`'s own)."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")
_SETTING = re.compile(r"[A-Za-z_][\w.]*=.*")


@dataclass(frozen=True)
class Recipe:
    """A preset of `seqgan presets`."""

    name: str
    kind: str
    origin: str
    about: str
    settings: dict[str, Any]

    @property
    def images(self) -> int:
        """How many images it sees where nothing else is asked; 0 where it does not say."""
        images = self.settings.get("images", 0)
        return images if isinstance(images, int) else 0


@dataclass(frozen=True)
class Order:
    """What is to be trained. ``images``: 0 for the recipe's own; ``settings``: `a.b=c`, a line each; ``init``: a
    checkpoint to start from."""

    preset: str
    data: str
    images: int = 0
    name: str = ""
    settings: str = ""
    init: str = ""


@lru_cache(maxsize=1)
def recipes() -> dict[str, Recipe]:
    """Return the presets by name, as `seqgan presets` lists them (a process: most of a second).

    Raises:
        StudioError: if that fails.
    """
    command = [sys.executable, "-m", "seqgan", "presets", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    try:
        found = json.loads(done.stdout)
        return {each["name"]: Recipe(**each) for each in found}
    except (ValueError, KeyError, TypeError) as error:
        said = (done.stderr.strip().splitlines() or ["nothing"])[-1]
        raise StudioError(f"seqgan presets could not be read; it said: {said}. Install seqgan-studio anew") from error


def data_names() -> list[str]:
    """Return the data sets that have a name, after the one that is made on the spot."""
    return [SYNTHETIC, *sorted(path.parent.name for path in (home() / "data").glob("*/dataset.json"))]


def begin(order: Order, recipe: Recipe) -> Path:
    """Start a training and return its folder.

    Raises:
        StudioError: if the name is taken or no name, a setting is no `a.b=c`, or the folder cannot be written.
    """
    name = order.name.strip() or f"{time.strftime('%Y%m%d-%H%M%S')}-{order.preset}"
    if not _NAME.fullmatch(name):
        raise StudioError(f"a run cannot be called {name!r}; give it a name of letters, digits, dots and dashes")
    folder = runs_folder() / name
    if folder.exists():
        raise StudioError(f"there is a run {name} already; give this one another name, or resume that one")
    _start(folder, command(order, recipe, folder), order.preset, order.images or recipe.images)
    return folder


def command(order: Order, recipe: Recipe, folder: Path) -> list[str]:
    """Return the command line of a training.

    Raises:
        StudioError: if a setting is no `a.b=c`, or no data is named.
    """
    if not order.data.strip():
        raise StudioError("no data is named; choose a data set, or synthetic to try things out")
    words = [sys.executable, "-m", "seqgan", "train", order.preset, "--data", order.data.strip()]
    words += ["--run-dir", str(folder)]
    words += ["--max-images", str(order.images)] if order.images else []
    words += ["--init", order.init.strip()] if order.init.strip() else []
    settings = [line.strip() for line in order.settings.splitlines() if line.strip()]
    for line in settings:
        if not _SETTING.fullmatch(line):
            raise StudioError(f"the setting {line!r} cannot be read; write one a line, like training.batch=16")
    return words + [word for line in [*_paces(order, recipe, settings), *settings] for word in ("--set", line)]


def _paces(order: Order, recipe: Recipe, settings: list[str]) -> list[str]:
    """Lines of the log and sheets often enough that a short run is seen to learn; what somebody set stays."""
    images = order.images or recipe.images
    loop = recipe.settings.get("loop", {})
    own = {"log_every": LOG_EVERY, "sheet_every": SHEET_EVERY, "save_every": SHEET_EVERY, **loop}
    wanted = {"log_every": images // 100, "sheet_every": images // 10, "save_every": images // 10}
    paces = {name: max(1, min(own[name], every)) for name, every in wanted.items() if images}
    given = {line.partition("=")[0] for line in settings}
    return [
        f"loop.{name}={every}" for name, every in paces.items() if f"loop.{name}" not in given and every != own[name]
    ]


def resume(folder: Path) -> None:
    """Give the same command again: it goes on from the state that was saved last.

    Raises:
        StudioError: if the editor did not start it, or it still runs.
    """
    started = read_started(folder)
    if started is None:
        raise StudioError(f"{folder} was not started here; give the command that started it again, in the same shell")
    if is_alive(started):
        raise StudioError(f"{folder} is still running; stop it first")
    _start(folder, [sys.executable, *started.command[1:]], started.preset, started.images)


def _start(folder: Path, words: list[str], preset: str, images: int) -> None:
    try:
        start(folder, words, preset, images)
    except OSError as error:
        raise StudioError(
            f"{folder} could not be started: {error.strerror or error}; make room and try again"
        ) from error
