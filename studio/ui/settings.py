"""What a person settled for good: a small file in the home folder, read when the editor starts.

A variable of the environment goes before the file. A file that cannot be read is as none; keys of a newer program stay.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from studio.document.files import disk_error, write_atomic
from studio.rendering import PRECISIONS

NAME = "settings.json"
DEVICES = ("auto", "cpu", "cuda")
DEVICE_VARIABLE = "STUDIO_DEVICE"
"""Environment variable that says what models run on, whatever was settled."""


@dataclass(frozen=True)
class Settings:
    """``device``: what models run on, one of ``DEVICES``; ``precision``: what they draw in, one of ``PRECISIONS``;
    ``keys``: single keys do things."""

    device: str = "auto"
    precision: str = PRECISIONS[0]
    keys: bool = True


def load(home: Path) -> Settings:
    """Return what was settled; what is missing or makes no sense is as it comes."""
    data, usual = _read(home), Settings()
    known = {"device": DEVICES, "precision": PRECISIONS, "keys": (True, False)}
    return replace(usual, **{name: data[name] for name, values in known.items() if _fits(data.get(name), values)})


def save(home: Path, **values: Any) -> Settings:
    """Settle something and return all that is settled now.

    Raises:
        DocumentError: if the disk refuses; the file is then as it was.
    """
    settled = replace(load(home), **values)
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise disk_error(home, error) from error
    write_atomic(home / NAME, (json.dumps({**_read(home), **asdict(settled)}, indent=2) + "\n").encode())
    return settled


def given_device() -> str:
    """Return what the environment says that models run on, "" where it says nothing that makes sense."""
    named = os.environ.get(DEVICE_VARIABLE, "").strip().lower()
    return named if named in DEVICES else ""


def _fits(value: Any, values: tuple[Any, ...]) -> bool:
    """Whether a value is one of some, and of their kind: 1 is not True."""
    return isinstance(value, type(values[0])) and value in values


def _read(home: Path) -> dict[str, Any]:
    try:
        data = json.loads((home / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
