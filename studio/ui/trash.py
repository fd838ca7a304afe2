"""Deleted boards: a board's folder is moved aside whole, so that nothing of it is lost until the trash is emptied.

    boards/trash/01KAP3ZQ.../walk.board       # the folder above a board is named by the moment at which it was deleted

It is beside the boards, so that moving there is one step of the same disk.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from studio.document import new_id
from studio.document.files import sync_folder
from studio.document.lock import take_lock
from studio.errors import DocumentError
from studio.ui.boards import Shelved, boards_folder, free_name, saved_at, shelved, trash_folder


def is_own(path: Path) -> bool:
    """Whether a board is in the editor's folder: others are their owner's to delete."""
    return path.is_dir() and path.resolve().parent == boards_folder().resolve()


def deleted_boards() -> list[Shelved]:
    """Return the boards in the trash, those deleted last first."""
    found = sorted(trash_folder().glob("*/*.board"), key=lambda path: path.parent.name, reverse=True)
    return [shelved(path, saved_at(path)) for path in found if not path.is_symlink()]


def deleted_at(path: Path) -> float:
    """Return when a board was moved to the trash, in seconds since the epoch; 0 where it is gone."""
    try:
        return path.parent.stat().st_mtime
    except OSError:
        return 0.0


def throw_away(path: Path) -> Path:
    """Move a board of the editor's folder to the trash and return where it is.

    Raises:
        DocumentError: if it is none of these, somebody has it open for writing, or the disk refuses; it then stays.
    """
    if not is_own(path):
        raise DocumentError(f"there is no board {path.name!r} in {boards_folder()} to delete; look at the list again")
    held = take_lock(path)
    if isinstance(held, str):
        way = "close it there" if os.access(path, os.W_OK) else "check the rights of the folder"
        raise DocumentError(f"{path.name} is not deleted: {held}; {way} first")
    held.release()  # a folder in which a file is open cannot be moved on Windows
    place = trash_folder() / new_id()
    try:
        place.mkdir(parents=True)
        path.rename(place / path.name)
        sync_folder(place)
        sync_folder(boards_folder())
    except OSError as error:
        with suppress(OSError):
            place.rmdir()
        why = error.strerror or error
        raise DocumentError(f"{path.name} is not deleted: it cannot be moved to {place.parent} ({why})") from error
    return place / path.name


def put_back(path: Path) -> Path:
    """Move a deleted board back, under another name where its own was taken meanwhile, and return where it is.

    Raises:
        DocumentError: if it is not in the trash any more, or the disk refuses.
    """
    target = free_name(path.stem)
    try:
        path.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        why = error.strerror or error
        raise DocumentError(f"{path.name} is not put back ({why}); look at the list again") from error
    with suppress(OSError):
        path.parent.rmdir()
    return target


def size_of(boards: Iterable[Path]) -> int:
    """Return the bytes of all files of boards; what cannot be looked at counts nothing."""
    size = 0
    for board in boards:
        for folder, _, names in os.walk(board):
            for name in names:
                with suppress(OSError):
                    size += Path(folder, name).lstat().st_size
    return size


def remove_for_good(boards: Iterable[Path]) -> None:
    """Delete boards of the trash from the disk; those that are gone already are no error.

    Raises:
        DocumentError: if the disk refuses; what is left of that board, and those after it, stay in the trash.
    """
    for board in boards:
        try:
            shutil.rmtree(board)
        except FileNotFoundError:
            continue
        except OSError as error:
            why = f"{error.strerror or error}: {error.filename}"
            raise DocumentError(f"{board.name} could not be deleted for good ({why}); try again") from error
        with suppress(OSError):
            board.parent.rmdir()
