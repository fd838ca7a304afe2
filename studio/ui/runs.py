"""Run folders of `seqgan train`, read as the JSON that they hold: how far each is, its curves, its newest sheet.

    for path in run_folders():
        run = read_run(path)
        print(run.name, run.state, run.seen, run.asked)

A process of ours left `process.json` and `process.log` in the folder (:mod:`studio.ui.trainer`); a run that was started
elsewhere has neither, and is told by its files alone.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from seqgan.resources import home
from studio.ui.processes import Started, is_alive, read_started

CHECKPOINT = "checkpoint"
"""Folder in a run's folder of the trained model."""
FRESH_SECONDS = 600.0
"""How long after its last line a run that was started elsewhere counts as running."""
STATES = {
    "starting": "starting",
    "running": "running",
    "stopping": "stopping: the state is saved at the next step",
    "finished": "finished",
    "stopped": "stopped, state saved",
    "unbegun": "stopped before its first step",
    "died": "died",
    "elsewhere": "running, started elsewhere",
    "unfinished": "ended before its end",
}
ALIVE = ("starting", "running", "stopping", "elsewhere")
Curve = list[tuple[int, float]]
"""(images seen, value) in order."""


@dataclass(frozen=True)
class Run:
    """A run at one moment. ``seen`` of ``asked`` images; ``state``: one of ``STATES``; ``started``: its process, where
    we started it; ``written``: when it last wrote anything, in seconds since the epoch."""

    path: Path
    state: str
    seen: int = 0
    asked: int = 0
    written: float = 0.0
    options: Mapping[str, Any] = field(default_factory=dict)
    started: Started | None = None

    @property
    def name(self) -> str:
        """Its folder below the folder of runs."""
        return self.path.relative_to(runs_folder()).as_posix()

    @property
    def preset(self) -> str:
        """The recipe."""
        return str(self.options.get("preset") or (self.started.preset if self.started else "unknown"))

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1."""
        return min(self.seen / self.asked, 1.0) if self.asked else 0.0

    @property
    def is_alive(self) -> bool:
        """Whether more of it is to be expected."""
        return self.state in ALIVE


def runs_folder() -> Path:
    """Return where runs are: ``$SEQGAN_HOME/runs`` (it may not exist yet)."""
    return home() / "runs"


def run_folders() -> list[Path]:
    """Return the run folders, the one that wrote last first."""
    folder = runs_folder()
    marks = [*folder.glob("*/options.json"), *folder.glob("*/*/options.json"), *folder.glob("*/process.json")]
    return sorted({mark.parent for mark in marks}, key=lambda path: (-_written(path), path.name))


def read_run(path: Path) -> Run:
    """Return how a run is now."""
    options, started, checkpoint = read_table(path / "options.json"), read_started(path), _checkpoint(path)
    log = read_log(path)
    seen = max([int(log[-1].get("images", 0)) if log else 0, int(checkpoint.get("images_seen", 0))])
    asked = _asked(options, started)
    state = _state(path, started, bool(asked) and seen >= asked and bool(checkpoint), bool(options))
    return Run(path, state, seen, asked, _written(path), options, started)


def _asked(options: Mapping[str, Any], started: Started | None) -> int:
    images = options.get("options", {}).get("images", 0) if isinstance(options.get("options"), dict) else 0
    return images if isinstance(images, int) and images else started.images if started else 0


def _state(path: Path, started: Started | None, whole: bool, begun: bool) -> str:
    saved = _moment(path / CHECKPOINT / "config.json")
    if started is None:
        fresh = time.time() - _written(path) < FRESH_SECONDS and saved < _moment(path / "log.jsonl")
        return "finished" if whole else "elsewhere" if fresh else "stopped" if saved else "unfinished"
    if is_alive(started):
        return "stopping" if started.stop_asked else "running" if begun else "starting"
    if saved >= started.moment:
        return "finished" if whole else "stopped"
    return "unbegun" if started.stop_asked else "died"


def _moment(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def _written(path: Path) -> float:
    return max(_moment(path / name) for name in ("log.jsonl", "options.json", "process.json"))


def _checkpoint(path: Path) -> dict[str, Any]:
    return read_table(path / CHECKPOINT / "config.json")


# Files ---------------------------------------------------------------------------------------------------------------


def read_table(file: Path) -> dict[str, Any]:
    """Return a table of JSON; {} where there is none, or it is being written or damaged."""
    return _table(file, _moment(file))


@lru_cache(maxsize=256)
def _table(file: Path, _saved: float) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def read_log(path: Path) -> list[dict[str, Any]]:
    """Return the records of a run's log; a line that is cut off is left out."""
    file = path / "log.jsonl"
    try:
        stat = file.stat()
    except OSError:
        return []
    return _records(file, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=64)
def _records(file: Path, _size: int, _saved: int) -> list[dict[str, Any]]:
    found = []
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict) and isinstance(record.get("images"), int):
            found.append(record)
    return found


def curves(path: Path) -> dict[str, Curve]:
    """Return every logged term and every figure of validation ("val ...") against images seen."""
    found: dict[str, Curve] = {}
    for record in read_log(path):
        for group, before in (("terms", ""), ("val", "val ")):
            values = record.get(group)
            for name, value in values.items() if isinstance(values, dict) else ():
                if isinstance(value, int | float) and value == value:  # nan is no point of a line
                    found.setdefault(f"{before}{name}", []).append((record["images"], float(value)))
    return found


def sheets(path: Path) -> list[Path]:
    """Return the sample sheets, the oldest first; their names are images seen."""
    return sorted(file for file in (path / "sheets").glob("*.png") if not file.is_symlink())


def last_words(path: Path, lines: int = 40) -> str:
    """Return the end of what the process printed."""
    try:
        text = (path / "process.log").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(line.rpartition("\r")[2] for line in text.rstrip().splitlines()[-lines:])


def reason(path: Path) -> str:
    """Return in one line why a process died: its last error, else its last line."""
    lines = [line for line in last_words(path).splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("error:")]
    return (errors or lines or ["it printed nothing; it may have been killed, or the machine may have been shut down"])[
        -1
    ]


# Comparing -----------------------------------------------------------------------------------------------------------


def flat(options: Mapping[str, Any], before: str = "") -> dict[str, str]:
    """Return nested settings as dotted names."""
    found: dict[str, str] = {}
    for name, value in options.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{before}{name}.")
        else:
            found[f"{before}{name}"] = json.dumps(value, ensure_ascii=False)
    return found


def differences(runs: list[Run]) -> dict[str, list[str]]:
    """Return the settings in which runs differ: name -> the value in each ("" where it has none)."""
    tables = [
        flat({key: run.options[key] for key in ("preset", "data", "options") if key in run.options}) for run in runs
    ]
    names = dict.fromkeys(name for table in tables for name in table)
    rows = {name: [table.get(name, "") for table in tables] for name in names}
    return {name.removeprefix("options."): row for name, row in rows.items() if len(set(row)) > 1}
