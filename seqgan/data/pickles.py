"""Published pickles, read without running what they hold: the one place that unpickles.

    captions = read_pickle(Path("captions.pickle"))
    vectors = read_npy(Path("descriptions_vec.npy"))

A pickle can call any function. Here it may build containers, text, numbers and numpy arrays; whatever else it names is
refused.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from seqgan.errors import DataError

_NUMPY = ("numpy.core.multiarray", "numpy._core.multiarray")
_BUFFERS = ("numpy.core.numeric", "numpy._core.numeric")
_CONTAINERS = (
    "list",
    "dict",
    "set",
    "frozenset",
    "tuple",
    "bytearray",
    "bytes",
    "str",
    "int",
    "float",
    "complex",
    "bool",
)
ALLOWED = {
    *((module, name) for module in _NUMPY for name in ("_reconstruct", "scalar")),
    *((module, "_frombuffer") for module in _BUFFERS),
    ("numpy", "ndarray"), ("numpy", "dtype"), ("_codecs", "encode"), ("collections", "OrderedDict"),
    *((module, name) for module in ("builtins", "__builtin__") for name in _CONTAINERS),
}  # fmt: skip
"""Modules and names that published files need: arrays of numpy, and containers."""


class _Reader(pickle.Unpickler):
    """An unpickler that knows nothing but ALLOWED."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        super().__init__(file, encoding="latin1")  # Python 2 wrote most of them
        self.path = path

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in ALLOWED:
            raise DataError(
                f"{self.path} asks for {module}.{name}, which no data needs: it was refused and nothing was run; "
                "get the file from its publisher"
            )
        return super().find_class(module, name)


def read_pickle(path: Path) -> Any:
    """What a pickle of any protocol holds; text of Python 2 is read as latin-1. Raises DataError for a file that is
    hostile or damaged."""
    with _opened(path) as file:
        return _load(file, path)


def read_npy(path: Path) -> np.ndarray:
    """The array of an .npy file, of objects too. Raises DataError for a hostile or damaged file."""
    with _opened(path) as file:
        try:
            version = np.lib.format.read_magic(file)
            read_header = (
                np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
            )
            shape, _, dtype = read_header(file)
        except (ValueError, EOFError) as error:
            raise DataError(f"{path} is no .npy file ({error}); get it anew") from error
        if not dtype.hasobject:
            return _numbers(path)
        objects = _load(file, path)
    if not isinstance(objects, np.ndarray) or objects.size != int(np.prod(shape)):
        raise DataError(f"{path} holds a {type(objects).__name__}, its header says an array {shape}; get it anew")
    return objects.reshape(shape)


def _numbers(path: Path) -> np.ndarray:
    try:
        return np.load(path, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise DataError(f"{path} is damaged ({error}); get it anew") from error


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise DataError(f"{path} cannot be opened ({error.strerror}); check the path") from error


def _load(file: BinaryIO, path: Path) -> Any:
    try:
        return _Reader(file, path).load()
    except DataError:
        raise
    except Exception as error:  # a damaged pickle fails in any way it likes
        raise DataError(f"{path} is damaged or no pickle ({type(error).__name__}: {error}); get it anew") from error
