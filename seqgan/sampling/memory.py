"""Memory of tensors: how much they take at most, counted so that it is the same everywhere; and freed memory kept."""

from __future__ import annotations

import ctypes
import platform
import weakref
from collections.abc import Mapping
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_MMAP_MAX = -1, -3, -4
"""Numbers of glibc's mallopt(3)."""


class PeakMemory(TorchDispatchMode):
    """Counts the bytes of all tensors that are made inside and alive at once; `peak` is the most there were.

        with PeakMemory() as memory:
            network(x)
        memory.peak

    What was there before does not count, and what a kernel borrows for itself is not seen. Source: house.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = self.peak = 0
        self._alive: dict[int, int] = {}

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Run an operation and count what it made; views and results in place share a storage that counts once."""
        before = {_storage(value)._cdata for value in tree_leaves((args, kwargs)) if isinstance(value, torch.Tensor)}
        made = func(*args, **(kwargs or {}))
        for value in tree_leaves(made):
            if isinstance(value, torch.Tensor) and _storage(value)._cdata not in before | self._alive.keys():
                self._add(_storage(value))
        return made

    def _add(self, storage: torch.UntypedStorage) -> None:
        key = storage._cdata
        self._alive[key] = storage.nbytes()
        self.now += storage.nbytes()
        self.peak = max(self.peak, self.now)
        weakref.finalize(storage, self._drop, key)

    def _drop(self, key: int) -> None:
        self.now -= self._alive.pop(key)


def _storage(value: torch.Tensor) -> torch.UntypedStorage:
    return value.untyped_storage()


def empty_gpu() -> None:
    """Give the memory that tensors left on a GPU back, so that the next model, or another program, has it."""
    if torch.cuda.is_initialized():
        torch.cuda.empty_cache()


def keep_memory(keep: bool = True) -> None:
    """Have memory that tensors leave serve the next ones, where the C library is glibc.

    By itself it gives every large block back to the system, which must clear it page by page before it comes again: a
    third of a step's time on a CPU. `keep=False` is (nearly) its own way.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if platform.libc_ver()[0] == "glibc" else None
    if mallopt is not None:
        mallopt(M_TRIM_THRESHOLD, 2**31 - 1)
        mallopt(M_MMAP_THRESHOLD, 2**25)
        mallopt(M_MMAP_MAX, 0 if keep else 2**16)
