"""Published pickles are read, hostile ones are refused by name and run nothing."""

from __future__ import annotations

import os
import pickle
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest

from seqgan.data.pickles import read_npy, read_pickle
from seqgan.errors import DataError


class _Hostile:
    """Makes a folder when it is unpickled by anyone who trusts it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_containers_text_and_arrays_are_read(tmp_path: Path, protocol: int) -> None:
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    given = [{"a": [1, 2.5, None, True]}, OrderedDict(b=(1, {2})), array, np.int64(7)]
    path = tmp_path / "file.pickle"
    path.write_bytes(pickle.dumps(given, protocol=protocol))
    found = read_pickle(path)
    assert found[:2] == given[:2] and found[3] == 7 and np.array_equal(found[2], given[2])


def test_text_of_python_2_is_text(tmp_path: Path) -> None:
    path = tmp_path / "names.pickle"
    path.write_bytes(b"(lp0\nS'001.Bird/caf\\xe9'\np1\na.")  # as Python 2 writes ['001.Bird/caf\xe9']
    assert read_pickle(path) == ["001.Bird/caf\xe9"]


@pytest.mark.parametrize("write", ["pickle", "npy"])
def test_a_hostile_file_is_refused_by_name(tmp_path: Path, write: str) -> None:
    path, trap = tmp_path / f"file.{write}", tmp_path / "trap"
    if write == "pickle":
        path.write_bytes(pickle.dumps({"captions": [_Hostile(trap)]}))
    else:
        np.save(path, np.array([_Hostile(trap)], dtype=object), allow_pickle=True)
    with pytest.raises(DataError, match=r"file\.\w+ asks for \w+\.mkdir"):
        (read_pickle if write == "pickle" else read_npy)(path)
    assert not trap.exists()


def test_arrays_of_numbers_and_of_objects(tmp_path: Path) -> None:
    numbers, objects = np.arange(4.0).reshape(2, 2), np.array([["a", 1], [None, 2]], dtype=object)
    np.save(tmp_path / "numbers.npy", numbers)
    np.save(tmp_path / "objects.npy", objects, allow_pickle=True)
    assert np.array_equal(read_npy(tmp_path / "numbers.npy"), numbers)
    assert read_npy(tmp_path / "objects.npy").tolist() == objects.tolist()


def test_damaged_files_are_told(tmp_path: Path) -> None:
    whole = pickle.dumps(list(range(100)))
    (tmp_path / "half.pickle").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.npy").write_bytes(b"no array")
    np.save(tmp_path / "cut.npy", np.arange(100))
    (tmp_path / "cut.npy").write_bytes((tmp_path / "cut.npy").read_bytes()[:-50])
    with pytest.raises(DataError, match=r"half\.pickle is damaged"):
        read_pickle(tmp_path / "half.pickle")
    with pytest.raises(DataError, match=r"text\.npy is no \.npy"):
        read_npy(tmp_path / "text.npy")
    with pytest.raises(DataError, match=r"cut\.npy is damaged"):
        read_npy(tmp_path / "cut.npy")
    with pytest.raises(DataError, match="cannot be opened"):
        read_pickle(tmp_path / "none.pickle")
