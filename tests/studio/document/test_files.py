"""Files replaced at once: what Windows refuses while somebody reads the old one is tried again."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from studio.document import files
from studio.document.files import PAUSES, write_atomic
from studio.errors import DocumentError


class Held:
    """`os` of a Windows on which a file is held open for so many tries."""

    def __init__(self, tries: int) -> None:
        self.left, self.name = tries, "nt"

    def replace(self, new: Path, old: Path) -> None:
        self.left -= 1
        if self.left >= 0:
            raise PermissionError(13, "Access is denied", str(old))
        os.replace(new, old)  # noqa: PTH105

    def __getattr__(self, name: str) -> object:
        return getattr(os, name)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited, and no waiting."""
    waited: list[float] = []
    monkeypatch.setattr(files, "time", SimpleNamespace(sleep=waited.append))
    return waited


def test_a_reader_is_waited_for(tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "board.json"
    write_atomic(path, b"old")
    monkeypatch.setattr(files, "os", Held(3))
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new" and pauses == list(PAUSES[:3])


def test_one_who_never_lets_go_is_said(tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "board.json"
    path.write_bytes(b"old")
    monkeypatch.setattr(files, "os", Held(99))
    with pytest.raises(DocumentError, match="may not be written here"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old" and pauses == list(PAUSES) and [*tmp_path.iterdir()] == [path]


def test_elsewhere_a_refusal_is_final(tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(1)
    held.name = "posix"
    monkeypatch.setattr(files, "os", held)
    with pytest.raises(DocumentError):
        write_atomic(tmp_path / "board.json", b"new")
    assert not pauses
