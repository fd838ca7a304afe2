"""Where a folder offers no system locks, the process that signed the file guards it, as long as it is there."""

from __future__ import annotations

import errno
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from studio.document.lock import NAME, Lock, take_lock


@pytest.fixture(autouse=True)
def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(sys.modules[take_lock.__module__], "_system_lock", refuse)


def _signed(folder: Path, **owner: Any) -> None:
    (folder / NAME).write_text(json.dumps({"host": socket.gethostname(), "since": "2020"} | owner))


def test_whoever_is_there_keeps_it(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        _signed(tmp_path, pid=other.pid)
        told = take_lock(tmp_path)
        other.communicate(b"\n")
    assert told == f"process {other.pid} on {socket.gethostname()} has had it open since 2020"
    assert other.returncode == 0  # asked for without harm
    assert isinstance(take_lock(tmp_path), Lock)  # it is gone now
    assert json.loads((tmp_path / NAME).read_text())["pid"] == os.getpid()
    assert take_lock(tmp_path) == "this program has it open already"


def test_a_signer_elsewhere_is_believed(tmp_path: Path) -> None:
    _signed(tmp_path, pid=1, host="elsewhere")
    assert take_lock(tmp_path) == "process 1 on elsewhere has had it open since 2020"


@pytest.mark.parametrize("text", ["", "{", "[]"])
def test_what_nobody_can_have_signed_guards_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    assert isinstance(take_lock(tmp_path), Lock)


@pytest.mark.parametrize("pid", [None, "x", 2**80, -1, float("inf")])
def test_a_process_that_cannot_be_guards_nothing(tmp_path: Path, pid: Any) -> None:
    _signed(tmp_path, pid=pid)
    assert isinstance(take_lock(tmp_path), Lock)
