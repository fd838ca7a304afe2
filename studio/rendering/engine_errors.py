"""What goes wrong inside a model, as errors that an engine may raise; and the memory of models that are let go of."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from seqgan.errors import SeqganError
from studio.errors import EngineError

GPU_FULL = "the GPU ran out of memory"
"""How the error of a GPU that is too small begins."""


@contextmanager
def engine_errors(device: str = "") -> Iterator[None]:
    """What a model of seqgan raises inside, as errors that an engine may raise; ``device``: where it ran."""
    try:
        yield
    except SeqganError as error:
        raise EngineError(str(error)) from error
    except (MemoryError, RuntimeError) as error:
        if "out of memory" not in str(error) and not isinstance(error, MemoryError):
            raise
        free_memory()
        short = GPU_FULL if device.startswith("cuda") else "the machine ran out of memory"
        advice = "try --device cpu" if device.startswith("cuda") else "close other programs, and try again"
        raise EngineError(f"{short}; what was drawn is saved: {advice}") from error


def free_memory() -> None:
    """Give back what models that are let go of, or failed, still hold: of this machine and of its GPU."""
    gc.collect()
    if "torch" in sys.modules:
        from seqgan.sampling import empty_gpu

        empty_gpu()
