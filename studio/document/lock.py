"""One writer a board: an operating-system lock on ``.lock``, which also says who holds it.

The lock dies with its process, so a crash never leaves a board locked. A folder on which the system offers no locks
is guarded by the process id and host in the file alone.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

from studio.document.ids import now

NAME = ".lock"
_BUSY = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
_FAR = 1 << 30
"""Windows locks bytes against reading too, so a byte far behind the text is locked."""


class Lock:
    """A held lock; made by :func:`take_lock`, given back by :meth:`release`."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path = path
        self._handle: int | None = handle

    def release(self) -> None:
        """Give the lock back (harmless when already given back)."""
        if self._handle is None:
            return
        handle, self._handle = self._handle, None
        if os.name != "nt":  # unlink while held: whoever waits then sees that its file is gone and starts over
            with contextlib.suppress(OSError):
                self._path.unlink()
        os.close(handle)
        if os.name == "nt":
            with contextlib.suppress(OSError):
                self._path.unlink()


def take_lock(folder: Path) -> Lock | str:
    """Lock a board's folder for writing; return the lock, or the reason (a clause for people) why it cannot be had."""
    path = folder / NAME
    while True:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            return f"its folder cannot be written ({error.strerror})"
        if not _lock(handle, path):
            os.close(handle)
            return _holder(path)
        if _still_there(handle, path):
            _sign(handle)
            return Lock(path, handle)
        os.close(handle)


def _lock(handle: int, path: Path) -> bool:
    try:
        _system_lock(handle)
    except OSError as error:
        return error.errno not in _BUSY and not _alive_here(_read(path))
    return True


if sys.platform == "win32":  # pragma: no cover - the other half runs on the other system
    import msvcrt

    def _system_lock(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _system_lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _still_there(handle: int, path: Path) -> bool:
    try:
        return os.name == "nt" or os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


def _sign(handle: int) -> None:
    text = json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": now()})
    with contextlib.suppress(OSError):  # a full disk: the lock holds without a signature
        os.lseek(handle, 0, os.SEEK_SET)
        os.ftruncate(handle, 0)
        os.write(handle, text.encode())


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _holder(path: Path) -> str:
    owner = _read(path)
    if not owner:
        return "another program has it open"
    if owner.get("pid") == os.getpid() and owner.get("host") == socket.gethostname():
        return "this program has it open already"
    return f"process {owner.get('pid')} on {owner.get('host')} has had it open since {owner.get('since')}"


def _alive_here(owner: dict[str, Any]) -> bool:
    """Whether the signer lives on this host; a signer elsewhere is believed."""
    if not owner:
        return False
    if owner.get("host") != socket.gethostname():
        return True
    import psutil  # by signal 0 one would ask, but on Windows that is Ctrl-C

    try:
        return psutil.pid_exists(int(owner["pid"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        return False
