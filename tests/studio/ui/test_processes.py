"""Processes that outlive the editor: one that cannot be remembered is not left behind."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import psutil
import pytest

from studio.errors import DocumentError
from studio.ui import processes

FAMILY = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(sys.argv[1], "w").write(f"{child.pid}")
time.sleep(600)
"""


def test_a_process_whose_record_cannot_be_written_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = tmp_path / "child"

    def refuse(_folder: Path, _started: processes.Started) -> None:
        end = time.monotonic() + 60
        while not (told.exists() and told.read_text()) and time.monotonic() < end:
            time.sleep(0.02)
        raise DocumentError("there is no room on the disk; free some")

    before = set(processes._children)
    monkeypatch.setattr(processes, "_write", refuse)
    with pytest.raises(DocumentError, match="no room on the disk"):
        processes.start(tmp_path / "run", [sys.executable, "-c", FAMILY, str(told)], "demo", 1)
    assert not psutil.pid_exists(int(told.read_text())) or _is_over(int(told.read_text()))
    assert not [each for each in psutil.Process().children() if str(told) in _words(each)]
    assert set(processes._children) == before and processes.read_started(tmp_path / "run") is None


def _words(process: psutil.Process) -> list[str]:
    """What a process was begun with; nothing of one that has ended and waits to be reaped."""
    try:
        return process.cmdline()
    except (psutil.ZombieProcess, psutil.NoSuchProcess):
        return []


def _is_over(pid: int) -> bool:
    """A grandchild is reaped by the system when it pleases."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
