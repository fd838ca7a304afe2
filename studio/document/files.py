"""Writing so that a crash, a pulled plug or a full disk leaves the old file or the new one, never a half."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import time
from pathlib import Path

from studio.document.ids import new_id
from studio.errors import DocumentError

PAUSES = (0.01, 0.05, 0.2, 0.5)
"""Seconds between tries to replace a file that somebody else has open, which Windows refuses."""


def disk_error(path: Path, error: OSError) -> DocumentError:
    """Return the one-line error for a file that could not be written, and say what to do about it."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DocumentError(f"the disk is full: {path} was not written and what was there is kept; free some space")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return DocumentError(f"{path} may not be written here ({error.strerror}); choose another folder")
    return DocumentError(f"{path} was not written: {error.strerror or error}; what was there is kept")


def write_all(handle: int, data: bytes) -> None:
    """Write every byte to an open file descriptor (the system may take fewer at a time)."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def sync_folder(folder: Path) -> None:
    """Make a rename or a new file in ``folder`` durable (where the system allows it; Windows needs none)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:  # some network folders cannot sync a folder; the file itself is synced
        if error.errno == errno.EIO:
            raise
    finally:
        os.close(handle)


def write_atomic(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data``: temporary file in the same folder, fsync, ``os.replace``.

    Raises:
        DocumentError: if it cannot be written; ``path`` is then as it was and no temporary file is left.
    """
    beside = path.with_name(f".{path.name}.{new_id()}.tmp")
    try:
        _write_new(beside, data)
        _replace(beside, path)
        sync_folder(path.parent)
    except OSError as error:
        raise disk_error(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()


def _replace(new: Path, old: Path) -> None:
    """Put a file in another's place at once; on Windows a gallery or a virus scanner that reads the old one is waited
    for."""
    for pause in PAUSES if os.name == "nt" else ():
        try:
            os.replace(new, old)  # noqa: PTH105 - the one call that is atomic on every system
        except PermissionError:
            time.sleep(pause)
        else:
            return
    os.replace(new, old)  # noqa: PTH105


def _write_new(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        write_all(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)


class Watched:
    """A file as this program left it, to notice when another program (a sync, a checkout, an editor) changed it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.refresh()

    def refresh(self) -> None:
        """Take the file as it is now for ours."""
        self._stamp, data = self._look(), self._read()
        self.size, self._hash = len(data), hashlib.sha256(data)

    def grew(self, data: bytes) -> None:
        """Take note of what this program appended."""
        self.size += len(data)
        self._hash.update(data)
        self._stamp = self._look()

    def changed(self) -> bool:
        """Whether its bytes are others than we left; a file that was only touched, or copied over itself, is not."""
        stamp = self._look()
        if stamp == self._stamp:
            return False
        if hashlib.sha256(self._read()).digest() != self._hash.digest():
            return True
        self._stamp = stamp
        return False

    def _look(self) -> tuple[int, int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns

    def _read(self) -> bytes:
        try:
            return self.path.read_bytes()
        except OSError:
            return b""
