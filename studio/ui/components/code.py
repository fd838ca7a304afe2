"""The scripts and style sheets of our own components, which lie beside them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=8)
def code(name: str) -> str:
    """Return the text of a script or style sheet."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
