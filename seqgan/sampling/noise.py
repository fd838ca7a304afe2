"""Noise that a seed alone decides: the same on every machine, whatever else is in the batch.

    panel_noise(take_seed, "stage", 16)        # float32 (16,), standard normal
    board_seeds(0, 5)                          # the take seeds of a new board's five panels

Source: house. numpy's PCG64 is seeded by SeedSequence([take seed, crc32 of the stream's name, step]), once a panel and
stream, so that no panel's noise depends on how many others are drawn, and a new stream leaves the old ones alone.
"""

from __future__ import annotations

import hashlib
import zlib

import numpy as np

from seqgan.errors import InputError


def panel_noise(take_seed: int, stream: str, n: int, step: int = 0) -> np.ndarray:
    """Return ``n`` standard normal numbers, float32 (n,), for one panel.

    Args:
        take_seed: seed of the take, 0 or more.
        stream: what the noise is for ("z", "context", "stage", ...).
        n: how many numbers.
        step: position in a sequence of draws for the same purpose (a frame of a clip), 0 or more.

    Raises:
        InputError: if a number is negative.
    """
    for name, value in (("seed", take_seed), ("count of noise", n), ("step", step)):
        if value < 0:
            raise InputError(f"the {name} was {value}; expected 0 or more: give a whole number that is not negative")
    entropy = [int(take_seed), zlib.crc32(stream.encode()), int(step)]
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))
    return generator.standard_normal(int(n)).astype(np.float32)


def board_seeds(board_seed: int, panels: int, take: int = 0) -> list[int]:
    """The take seeds with which a new board of ``board_seed`` draws its first ``panels`` panels (take 0 is the first).

    The derivation is the one that boards record (panel seed from board seed and ordinal, take seed from panel seed and
    take number; sha256, 32 bits), so that an evaluation draws what a user would see. Source: house.

    Raises:
        InputError: if a number is negative.
    """
    if min(board_seed, panels, take) < 0:
        raise InputError(f"board seed {board_seed}, {panels} panels and take {take} came; each must be 0 or more")
    return [_mix("take", _mix("panel", board_seed, ordinal), take) for ordinal in range(panels)]


def _mix(kind: str, seed: int, number: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{kind}:{seed}:{number}".encode()).digest()[:4], "big")
