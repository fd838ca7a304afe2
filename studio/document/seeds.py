"""Seeds of panels and takes, so that a board can be drawn again from its story and one number.

A panel gets its seed from (board seed, ordinal) when it is made and keeps it when it moves; a take's seed comes from
(panel seed, take number). Both are 32-bit: short enough to read out, and exact in every JSON reader.
"""

from __future__ import annotations

import hashlib

from studio.errors import DocumentError

DEFAULT_BOARD_SEED = 0


def panel_seed(board_seed: int, ordinal: int) -> int:
    """Return the seed (0 to 2**32 - 1) of the panel made as number ``ordinal`` (from 0) of a board. Source: house."""
    return _mix("panel", board_seed, ordinal)


def take_seed(panel_seed: int, number: int) -> int:
    """Return the seed (0 to 2**32 - 1) of take ``number`` (from 0) of a panel. Source: house."""
    return _mix("take", panel_seed, number)


def _mix(kind: str, seed: int, number: int) -> int:
    if seed < 0 or number < 0:
        raise DocumentError(
            f"the {kind} seed came from ({seed}, {number}); both must be 0 or more: choose another seed"
        )
    return int.from_bytes(hashlib.sha256(f"{kind}:{seed}:{number}".encode()).digest()[:4], "big")
