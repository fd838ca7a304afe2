"""A run folder: options, log (JSONL), sample sheets, curves and the state to resume from.

Every file is written beside and then put in place, so a run killed while it writes loses nothing but that write.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageDraw

from seqgan.errors import CheckpointError
from seqgan.resources import home


def new_run(preset: str) -> Path:
    """Where a run goes that was given no folder: `$SEQGAN_HOME/runs/DATE-TIME-PRESET`."""
    return home() / "runs" / f"{time.strftime('%Y%m%d-%H%M%S')}-{preset}"


class RunDir:
    """One folder a run: `options.json`, `log.jsonl`, `state.pt`, `sheets/`, `curves.png`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "sheets").mkdir(parents=True, exist_ok=True)

    def options(self, options: dict[str, Any]) -> None:
        """Record what the run was started with."""
        self._replace("options.json", (json.dumps(options, indent=2, sort_keys=True) + "\n").encode())

    def log(self, record: dict[str, Any]) -> None:
        """Add one line to the log."""
        with (self.path / "log.jsonl").open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(record) + "\n")

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
        Image.fromarray(picture).save(self.path / "sheets" / f"{images:09d}.png")

    def save(self, state: dict[str, Any]) -> None:
        """Replace the training state."""
        temporary = self.path / "state.pt.tmp"
        torch.save(state, temporary)
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

    def _replace(self, name: str, data: bytes) -> None:
        temporary = self.path / f"{name}.tmp"
        temporary.write_bytes(data)
        temporary.replace(self.path / name)


def _curve(pen: ImageDraw.ImageDraw, points: list[tuple[float, float]], top: int, title: str) -> None:
    low, high = min(y for _, y in points), max(y for _, y in points)
    first, last = points[0][0], points[-1][0]
    spread, width = max(high - low, 1e-9), max(last - first, 1)
    line = [(8 + 624 * (x - first) / width, top + 62 - 44 * (y - low) / spread) for x, y in points]
    pen.line(line, fill=(40, 90, 180))
    pen.text((8, top + 2), title, fill="black")
