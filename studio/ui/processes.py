"""Processes that outlive the editor: started on their own, told apart from others that got their number later."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import psutil

from studio.document.files import write_atomic

RECORD, LOG, STOP = "process.json", "process.log", "stop"
_SLACK = 2.0
"""Seconds by which a process's start may be off: clocks are set."""
_PATIENCE = 5.0
"""Seconds that a process is given to end."""
_children: dict[int, subprocess.Popen[Any]] = {}
"""Those of this editor: they must be waited for, or stay as zombies."""


@dataclass(frozen=True)
class Started:
    """A process as its folder remembers it. ``born``: when it began, by the system; ``moment``: by our clock;
    ``images``: how many it was to see."""

    pid: int
    born: float
    moment: float
    command: tuple[str, ...]
    preset: str = ""
    images: int = 0
    stop_asked: bool = False


def start(folder: Path, command: Sequence[str], preset: str, images: int) -> Started:
    """Start a command that goes on when the editor ends, and keep its number, its words and what it prints in a folder.

    Raises:
        OSError: if the folder cannot be made, or the program is not there.
        DocumentError: if the process cannot be remembered in the folder; it was ended then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STOP).unlink(missing_ok=True)
    moment = time.time()
    with (folder / LOG).open("ab") as printed:
        child = subprocess.Popen(
            list(command), stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT, **_detached()
        )
    _children[child.pid] = child
    try:
        born = psutil.Process(child.pid).create_time()
    except psutil.Error:  # over already
        born = moment
    started = Started(child.pid, born, moment, tuple(command), preset, images)
    try:
        _write(folder, started)
    except BaseException:
        _put_down(child)
        raise
    return started


def _put_down(child: subprocess.Popen[Any]) -> None:
    """End a process that nobody could find again, and what it has started."""
    with suppress(psutil.Error):
        family = [*psutil.Process(child.pid).children(recursive=True), psutil.Process(child.pid)]
        for each in family:
            with suppress(psutil.Error):
                each.terminate()
        for each in psutil.wait_procs(family, timeout=_PATIENCE)[1]:
            with suppress(psutil.Error):
                each.kill()
    child.wait()
    _children.pop(child.pid, None)


def _detached() -> dict[str, Any]:
    """How a process is kept apart from ours, so that neither Ctrl-C nor a closed window ends it."""
    if os.name != "nt":
        return {"start_new_session": True}
    flags = ("CREATE_NEW_PROCESS_GROUP", "CREATE_NO_WINDOW")
    return {"creationflags": sum(getattr(subprocess, name, 0) for name in flags)}


def _write(folder: Path, started: Started) -> None:
    write_atomic(folder / RECORD, f"{json.dumps(asdict(started), indent=1)}\n".encode())


def read_started(folder: Path) -> Started | None:
    """Return the process that was started in a folder last, or None."""
    try:
        found = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return Started(**{**found, "command": tuple(found["command"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def is_alive(started: Started) -> bool:
    """Whether a process is still there: it, not another one that got its number."""
    child = _children.get(started.pid)
    if child is not None and child.poll() is not None:
        del _children[started.pid]
        return False
    try:
        process = psutil.Process(started.pid)
        return process.status() != psutil.STATUS_ZOMBIE and abs(process.create_time() - started.born) < _SLACK
    except psutil.Error:
        return False


def ask_to_stop(folder: Path) -> None:
    """Ask a process to save its state and end: by a file, which every system has, and by SIGINT, which is heard sooner.

    Raises:
        OSError, DocumentError: if the folder cannot be written.
    """
    started = read_started(folder)
    if started is None or not is_alive(started):
        return
    _write(folder, replace(started, stop_asked=True))
    (folder / STOP).touch()
    if sys.platform != "win32":  # there it would end the process at once
        with suppress(ProcessLookupError):
            os.kill(started.pid, signal.SIGINT)


def end(folder: Path) -> None:
    """End a process that has no state to save.

    Raises:
        DocumentError: if the folder cannot be written.
    """
    started = read_started(folder)
    if started is None or not is_alive(started):
        return
    _write(folder, replace(started, stop_asked=True))
    with suppress(psutil.Error):
        psutil.Process(started.pid).terminate()
