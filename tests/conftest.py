"""For all tests: an empty home, one CPU thread, and no network beyond this machine."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Let $SEQGAN_HOME be a folder of this run, so that no test reads or writes the user's own."""
    before = os.environ.get("SEQGAN_HOME")
    folder = tmp_path_factory.mktemp("seqgan-home")
    os.environ["SEQGAN_HOME"] = str(folder)
    yield folder
    if before is None:
        os.environ.pop("SEQGAN_HOME", None)
    else:
        os.environ["SEQGAN_HOME"] = before


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections that leave this machine: nothing but `data fetch` has a reason for one."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost", "0.0.0.0"):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
