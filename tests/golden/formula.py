"""Golden outputs: networks and inputs filled by the formula of `tests/golden/README.md`, and what they must give."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

FOLDER = Path(__file__).parent


class Golden:
    """One file of golden outputs."""

    def __init__(self, name: str) -> None:
        self.arrays: Mapping[str, np.ndarray] = np.load(FOLDER / f"{name}.npz", allow_pickle=False)

    def fill(self, module: nn.Module, gains: Mapping[str, float] | None = None) -> None:
        """Fill every parameter and buffer by its name, and check the sums that the file holds."""
        state = module.state_dict()
        sums = dict(zip(self.arrays["fill_keys"].tolist(), self.arrays["fill_sums"], strict=True))
        assert state.keys() == sums.keys()
        for name, tensor in state.items():
            values = _formula(name, tuple(tensor.shape), state)
            gain = next((gain for end, gain in (gains or {}).items() if name.endswith(end)), 1.0)
            values = (values * gain).astype(np.float32)
            found = (values.sum(dtype=np.float64), np.abs(values).sum(dtype=np.float64))
            assert found == pytest.approx(tuple(sums[name]), rel=1e-6, abs=1e-6), name
            tensor.copy_(torch.from_numpy(np.asarray(values)))

    def check(self, name: str, found: Tensor) -> None:
        """Agreement within 2e-5 absolute and relative (2e-3 where half precision is stored)."""
        expected = torch.from_numpy(self.arrays[name])
        loose = 2e-3 if expected.dtype == torch.float16 else 2e-5
        torch.testing.assert_close(found.float(), expected.float(), rtol=loose, atol=loose, msg=lambda why: name + why)


def normal(name: str, *shape: int) -> Tensor:
    """A standard normal input by its name."""
    return torch.from_numpy(_rng(name).standard_normal(shape).astype(np.float32))


def image(name: str, batch: int, size: int = 64) -> Tensor:
    """A picture by its name: blocks of an eighth of a side, and fine noise; (batch, 3, size, size) in [-1, 1]."""
    rng = _rng(name)
    coarse, fine = rng.standard_normal((batch, 3, 8, 8)), rng.standard_normal((batch, 3, size, size))
    blocks = coarse.repeat(size // 8, 2).repeat(size // 8, 3)
    return torch.from_numpy(np.clip(0.6 * blocks + 0.2 * fine, -1, 1).astype(np.float32))


def _rng(name: str) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(zlib.crc32(name.encode())))


def _formula(name: str, shape: tuple[int, ...], state: Mapping[str, Tensor]) -> np.ndarray:
    path, _, leaf = name.rpartition(".")
    if leaf == "num_batches_tracked":
        return np.zeros(shape)
    x = _rng(name).standard_normal(shape)
    if leaf == "running_var":
        return 0.5 + 0.5 * np.abs(x)
    if leaf == "running_mean":
        return 0.1 * x
    if leaf.startswith("bias"):
        return 0.05 * x
    if f"{path}.running_mean" in state:
        return 1 + 0.1 * x
    if leaf.startswith(("weight_ih", "weight_hh")):
        return x / np.sqrt(shape[1])
    if name == "encoder.weight":  # the word embedding
        return 0.5 * x
    if name == "encoder.weight":  # the word embedding
        return 0.5 * x
    return x * np.sqrt(2 / np.prod(shape[1:]))
