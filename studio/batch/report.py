"""The report of a batch: a line of JSON a story, appended when it is through.

Each shard has a file of its own, for not every shared disk keeps the lines of two machines apart. What an earlier run
drew is read from all of them, so that the number of shards may change.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from studio.batch.drawing import DONE, BatchOptions, Outcome
from studio.batch.stories import Story
from studio.document import Document, now
from studio.document.files import disk_error, write_all
from studio.errors import DocumentError

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)


def report_path(folder: str | Path, number: int = 1, count: int = 1) -> Path:
    """Return the report of a shard: batch.jsonl, or batch-2-of-8.jsonl."""
    return Path(folder) / ("batch.jsonl" if count == 1 else f"batch-{number}-of-{count}.jsonl")


def append(path: Path, outcome: Outcome) -> None:
    """Append an outcome to a report; the line is on the disk, whole, when this returns.

    Raises:
        DocumentError: if the disk refuses.
    """
    record = {name: value for name, value in asdict(outcome).items() if value not in ("", ())}
    line = json.dumps({**record, "time": now()}, ensure_ascii=False).encode() + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, _FLAGS, 0o666)
        try:
            write_all(handle, line)  # one call, which the system keeps whole
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise disk_error(path, error) from error


def end_last_line(path: Path) -> None:
    """End a line that a crash left without its end, so that the next begins on its own.

    Raises:
        DocumentError: if the disk refuses.
    """
    try:
        with path.open("rb+") as file:
            if file.seek(0, os.SEEK_END) and file.seek(-1, os.SEEK_END) >= 0 and file.read(1) != b"\n":
                file.write(b"\n")
    except FileNotFoundError:
        return
    except OSError as error:
        raise disk_error(path, error) from error


def finished(folder: Path) -> dict[str, dict[str, Any]]:
    """Return id -> the last record of every story whose last record says done, of all reports in a folder."""
    last: dict[str, dict[str, Any]] = {}
    for record in sorted(_records(folder), key=lambda record: str(record.get("time", ""))):
        last[str(record.get("id", ""))] = record
    return {name: record for name, record in last.items() if record.get("outcome") == DONE}


def _records(folder: Path) -> list[dict[str, Any]]:
    lines = [line for path in sorted(folder.glob("batch*.jsonl")) for line in path.read_bytes().splitlines()]
    return [record for line in lines if isinstance(record := _parsed(line), dict)]


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:  # torn by a crash: that story counts as not done
        return None


def is_finished(folder: Path, story: Story, options: BatchOptions, records: dict[str, dict[str, Any]]) -> bool:
    """Whether a story was done as it is asked for now, and its files and all its pictures are still there."""
    record = records.get(story.id)
    if record is None or record.get("asked") != options.asked(story):
        return False
    if not all((folder / str(name)).is_file() for name in record.get("files", ())):
        return False
    try:
        with Document.open(folder / f"{story.id}.board", read_only=True) as document:
            return all(document.picture(panel) is not None for panel in document.board.panels)
    except DocumentError:
        return False
