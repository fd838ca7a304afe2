"""A run folder: options, log (JSONL), sample sheets, curves and the state to resume from.

Every file is written beside and then put in place, so a run killed while it writes loses nothing but that write.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
import torch
from filelock import FileLock, Timeout
from PIL import Image, ImageDraw

from seqgan.errors import CheckpointError, ConfigError, TrainingError
from seqgan.resources import home


def new_run(preset: str) -> Path:
    """Where a run goes that was given no folder: `$SEQGAN_HOME/runs/DATE-TIME-PRESET`."""
    return home() / "runs" / f"{time.strftime('%Y%m%d-%H%M%S')}-{preset}"


def check_run(path: Path, preset: str) -> None:
    """Raise ConfigError where a folder holds a run of another preset."""
    options = path / "options.json"
    if (path / "state.pt").is_file() and options.is_file():
        kept = json.loads(options.read_text(encoding="utf-8")).get("preset", preset)
        if kept != preset:
            raise ConfigError(f"{path} holds a run of {kept}, not of {preset}; choose another --run-dir")


class RunDir:
    """One folder a run: `options.json`, `log.jsonl`, `state.pt`, `sheets/`, `curves.png`; the checkpoints `checkpoint`
    (the newest), `best` (by the validation score) and `kept/IMAGES`; and `tensorboard/` where that is installed. A file
    `stop` that is put into it ends the run at its next step, state saved."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "sheets").mkdir(parents=True, exist_ok=True)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Train here alone; the lock goes with its process, however that ends.

        Raises TrainingError where another process trains here: two of them would write one log and one state."""
        lock = FileLock(self.path / ".lock", timeout=0)
        try:
            with suppress(NotImplementedError):  # a disk without locks: trained here as before there was one
                lock.acquire()
        except Timeout:
            raise TrainingError(
                f"{self.path} is being trained by another process; wait for its end, stop it by a file named stop in "
                "that folder, or choose another --run-dir"
            ) from None
        try:
            yield
        finally:
            lock.release()

    def options(self, options: dict[str, Any]) -> None:
        """Record what the run was started with."""
        path = self.path / "options.json"
        with self.writing(path.name):
            temporary = path.with_name(f"{path.name}.tmp")
            temporary.write_text(json.dumps(options, indent=2, sort_keys=True) + "\n", encoding="utf-8")
            temporary.replace(path)

    @contextmanager
    def writing(self, name: str) -> Iterator[None]:
        """Where a file of the run is written. Raises TrainingError where the disk refuses, its last state untouched."""
        try:
            yield
        except OSError as error:
            (self.path / f"{name}.tmp").unlink(missing_ok=True)
            raise TrainingError(
                f"{self.path / name} could not be written ({error.strerror or error}); make room and start the same "
                "command again: it goes on from the state saved last"
            ) from error

    def log(self, record: dict[str, Any]) -> None:
        """Add one line to the log, and its numbers to TensorBoard's where that is installed."""
        with self.writing("log.jsonl"), (self.path / "log.jsonl").open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(record) + "\n")
        for group in ("terms", "val") if self._board else ():
            for name, value in record.get(group, {}).items():
                self._board.add_scalar(f"{group}/{name}", value, record["images"])

    @cached_property
    def _board(self) -> Any:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            return None
        return SummaryWriter(str(self.path / "tensorboard"))

    @property
    def stop_asked(self) -> bool:
        """Whether somebody put a file `stop` into the folder: as SIGINT, on systems and from places without signals."""
        return (self.path / "stop").is_file()

    def close(self) -> None:
        """Have TensorBoard's events on the disk; what asked the run to stop is over."""
        (self.path / "stop").unlink(missing_ok=True)
        if self._board:
            self._board.close()

    def best(self) -> float | None:
        """The highest validation score so far."""
        scores = [record["val"]["score"] for record in self.read_log() if "val" in record]
        return max(scores, default=None)

    def read_log(self) -> list[dict[str, Any]]:
        """All records of the log; a line cut off by a kill is left out."""
        path = self.path / "log.jsonl"
        records = []
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else []:
            try:
                records.append(json.loads(line))
            except json.JSONDecodeError:
                continue
        return records

    def sheet(self, picture: np.ndarray, images: int) -> None:
        """Save a sample sheet under the number of images seen."""
        with self.writing(f"sheets/{images:09d}.png"):
            Image.fromarray(picture).save(self.path / "sheets" / f"{images:09d}.png")

    def save(self, state: dict[str, Any]) -> None:
        """Replace the training state."""
        temporary = self.path / "state.pt.tmp"
        with self.writing("state.pt"):
            try:
                torch.save(state, temporary)
            except RuntimeError as error:  # torch's writer says so where the disk is full
                raise OSError(str(error)) from error
            temporary.replace(self.path / "state.pt")

    def load(self) -> dict[str, Any] | None:
        """The training state, or None for a fresh folder. Raises CheckpointError for a broken one."""
        path = self.path / "state.pt"
        if not path.is_file():
            return None
        try:
            return torch.load(path, map_location="cpu", weights_only=True)
        except (RuntimeError, EOFError, ValueError, OSError, UnpicklingError) as error:
            raise CheckpointError(f"{path} cannot be read ({error}); delete it or choose another --run-dir") from error

    def curves(self) -> None:
        """Draw every logged term against images seen, each scaled to its own range."""
        records = [record for record in self.read_log() if "terms" in record]
        if len(records) < 2:
            return
        names = sorted({name for record in records for name in record["terms"]})
        sheet = Image.new("RGB", (640, 70 * len(names)), "white")
        pen = ImageDraw.Draw(sheet)
        for row, name in enumerate(names):
            points = [(record["images"], record["terms"][name]) for record in records if name in record["terms"]]
            _curve(pen, points, 70 * row, f"{name} {points[-1][1]:.4g}")
        sheet.save(self.path / "curves.png")


def _curve(pen: ImageDraw.ImageDraw, points: list[tuple[float, float]], top: int, title: str) -> None:
    low, high = min(y for _, y in points), max(y for _, y in points)
    first, last = points[0][0], points[-1][0]
    spread, width = max(high - low, 1e-9), max(last - first, 1)
    line = [(8 + 624 * (x - first) / width, top + 62 - 44 * (y - low) / spread) for x, y in points]
    pen.line(line, fill=(40, 90, 180))
    pen.text((8, top + 2), title, fill="black")
