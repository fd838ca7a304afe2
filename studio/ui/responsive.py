"""What keeps pages answering while jobs of the same process work."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from contextlib import suppress
from pathlib import Path

_LIBRARIES = ("libtorch_cuda.so", "libtorch_cpu.so")
"""The first that there is brings the others along."""
SWITCH_SECONDS = 0.0005
"""A thread that wants Python's lock gets it after so long (5 ms is usual). A page gives it up a hundred times a run (at
files, at locks), so that beside a job that imports or reads it took a second in place of a tenth."""


def switch_often() -> None:
    """Have this process's threads take turns often."""
    sys.setswitchinterval(SWITCH_SECONDS)


def load_torch() -> None:
    """Map PyTorch's libraries into this process, before it is imported (for jobs: seconds).

    Python lets no other thread run while it imports a library, for PyTorch's most of a second in which no page answers;
    a call of the system's own loader holds up nobody. Only Linux has such; elsewhere, and where nothing is found, the
    import does it as ever.
    """
    if sys.platform != "linux" or "torch" in sys.modules:
        return
    with suppress(OSError, AttributeError, ImportError, ValueError):
        found = importlib.util.find_spec("torch")
        folder = Path(str(found.origin)).parent / "lib" if found is not None else Path()
        path = next((folder / name for name in _LIBRARIES if (folder / name).is_file()), None)
        if path is not None:
            ctypes.CDLL(None).dlopen(os.fsencode(path), os.RTLD_NOW)
