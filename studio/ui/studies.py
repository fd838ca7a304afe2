"""Preference studies as the editor finds them: the folders of `seqgan study make`, and those being drawn just now."""

from __future__ import annotations

import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from seqgan.resources import home
from studio.errors import StudioError
from studio.ui.processes import Started, is_alive, read_started, start
from studio.ui.runs import reason

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")
_MAKING = ".making"
"""Folder beside the studies of what is printed while one is drawn: a study's own folder holds nothing but the study."""


@dataclass(frozen=True)
class Making:
    """A study that is being drawn, or could not be: ``error`` says why not."""

    name: str
    error: str = ""


def studies_folder() -> Path:
    """Return where studies are: ``$SEQGAN_HOME/studies`` (it may not exist yet)."""
    return home() / "studies"


def studies() -> dict[str, Path]:
    """Return name -> folder of the studies that are ready, the newest first."""
    found = [path.parent for path in studies_folder().glob("*/study.json")]
    return {path.name: path for path in sorted(found, key=lambda path: -(path / "study.json").stat().st_mtime)}


def being_made() -> list[Making]:
    """Return the studies that are not ready."""
    ready = studies()
    found = [(path.name, path, read_started(path)) for path in sorted((studies_folder() / _MAKING).glob("*"))]
    return [_making(name, path, started) for name, path, started in found if started is not None and name not in ready]


def _making(name: str, path: Path, started: Started) -> Making:
    return Making(name, "" if is_alive(started) else reason(path))


def make(first: str, second: str, data: str, count: int, name: str = "") -> str:
    """Begin to draw a study in a process of its own, and return its name.

    Raises:
        StudioError: if the name is taken or no name, a system or the data is missing, or the folder cannot be written.
    """
    name = name.strip() or f"study-{time.strftime('%Y%m%d-%H%M%S')}"
    if not _NAME.fullmatch(name):
        raise StudioError(f"a study cannot be called {name!r}; give it a name of letters, digits, dots and dashes")
    if not all(word.strip() for word in (first, second, data)):
        raise StudioError("two systems and a data set are needed; choose a model or a run's checkpoint for each")
    out = studies_folder() / name
    if out.exists():
        raise StudioError(f"there is a study {name} already; give this one another name")
    words = [sys.executable, "-m", "seqgan", "study", "make", first.strip(), second.strip(), "--data", data.strip()]
    try:
        start(studies_folder() / _MAKING / name, [*words, "--n", str(count), "-o", str(out)], "study", count)
    except OSError as error:
        raise StudioError(f"{out} could not be started: {error.strerror or error}; make room and try again") from error
    return name


def forget(name: str) -> None:
    """Take a study that could not be drawn off the list."""
    (studies_folder() / _MAKING / name / "process.json").unlink(missing_ok=True)
