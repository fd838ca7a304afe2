"""Draws that depend on words alone: the same on every machine, whatever else is drawn before them."""

from __future__ import annotations

from hashlib import sha256


def hashed(seed: int, *words: str) -> float:
    """A number in [0, 1) from a seed and words, by sha256 (house)."""
    digest = sha256("/".join((str(seed), *words)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48
