"""Files are written beside their place and moved there whole: a full disk or Ctrl-C leaves the old file as it was."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import secrets
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from studio.errors import ExportError

FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
FOLDERS = ("-panels", "-sounds")
"""How the names of folders end that hold many files of one kind."""
PACKED_ALREADY = (".png", ".mp4", ".webp")
"""Files that do not get smaller in an archive."""
FORGOTTEN_SECONDS = 3600
"""A temporary file that nobody has written to for so long is of a program that was killed."""


@contextlib.contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Give a temporary path in the folder of `path`; on success it takes the place of `path`, else it is removed, by
    the next writing of `path` where a program was killed meanwhile.

    Raises:
        ExportError: if `path` is a folder, or the folder cannot be made or written, or the disk is full.
    """
    if path.is_dir():
        raise ExportError(f"{path} is a folder, and a file of that name is to be written; move or rename the folder")
    temporary = path.with_name(f".{path.stem[:80]}.{secrets.token_hex(4)}{path.suffix}")
    try:
        make_folder(path.parent)
        _clear_forgotten(path)
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)  # noqa: PTH105 - the one call that is atomic on every system
    except Exception as error:
        # PyAV's errors carry an errno as OSError does without all being one.
        if isinstance(error, ExportError) or getattr(error, "errno", None) is None:
            raise
        raise could_not_write(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _clear_forgotten(path: Path) -> None:
    with contextlib.suppress(OSError):
        for stray in path.parent.glob(f".{glob.escape(path.stem[:80])}.????????{glob.escape(path.suffix)}"):
            if time.time() - stray.stat().st_mtime > FORGOTTEN_SECONDS:
                stray.unlink()


def in_folders(paths: Sequence[Path]) -> tuple[list[Path], list[list[Path]]]:
    """Files written as they are told to people: those that stand alone, and those of each folder like STEM-panels."""
    folders: dict[Path, list[Path]] = {}
    for path in paths:
        if path.parent.name.endswith(FOLDERS):
            folders.setdefault(path.parent, []).append(path)
    return [path for path in paths if path.parent not in folders], list(folders.values())


def add_member(pack: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Add a file to an archive without a moment of its own: the same board gives the same bytes."""
    member = zipfile.ZipInfo(name)
    member.external_attr = 0o644 << 16
    pack.writestr(member, data, zipfile.ZIP_STORED if name.endswith(PACKED_ALREADY) else zipfile.ZIP_DEFLATED)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents.

    Raises:
        ExportError: if a file is in the way or it may not be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.ENOTDIR):
            raise ExportError(f"{folder} cannot be made: a file is in the way; choose another folder") from error
        raise could_not_write(folder, error) from error


def could_not_write(path: Path, error: Exception) -> ExportError:
    """The one-line error for a failed write: what happened and what to do."""
    code = getattr(error, "errno", None)
    if code in FULL:
        return ExportError(f"the disk is full: {path.name} was not written; free some space in {path.parent}")
    if code in FORBIDDEN:
        return ExportError(f"{path.parent} may not be written; choose another folder with -o")
    return ExportError(f"{path} was not written: {getattr(error, 'strerror', None) or error}")
