"""A board in one file for sharing: ``name.boardz``, a zip of its folder. Opening one runs and trusts nothing."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import weakref
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path, PurePosixPath

from studio.document.document import Document
from studio.document.files import disk_error, sync_folder
from studio.document.ids import new_id
from studio.document.media import add_media, media_file
from studio.document.schema import Board
from studio.document.store import BOARD, JOURNAL, MANIFEST, VERSIONS, create, to_json
from studio.document.zips import Limits, unpack_zip
from studio.errors import DocumentError

MAX_MEMBERS = 50_000
MAX_BYTES = 4 << 30
"""Unpacked size; a board of 500 panels with ten takes each needs a hundredth of it."""
_TOP = frozenset({MANIFEST, BOARD, JOURNAL, VERSIONS, "media", "thumbs", "exports", "trash"})


def pack_board(folder: str | Path, boardz: str | Path) -> Path:
    """Zip a board's folder to ``boardz`` (written beside, then put in place) and return the path.

    Raises:
        DocumentError: if the folder is no board or the file cannot be written.
    """
    folder, target = Path(folder), Path(boardz)
    Document.open(folder, read_only=True)
    beside = target.with_name(f".{target.name}.{new_id()}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(beside, "x", zipfile.ZIP_DEFLATED) as pack:
            for path in _shared_files(folder):
                stored = zipfile.ZIP_STORED if path.suffix in (".png", ".mp4", ".webp") else zipfile.ZIP_DEFLATED
                pack.write(path, path.relative_to(folder).as_posix(), stored)
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(beside, target)  # noqa: PTH105 - the one call that is atomic on every system
        sync_folder(target.parent)
    except OSError as error:
        raise disk_error(target, error) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
    return target


def _shared_files(folder: Path) -> list[Path]:
    names = [MANIFEST, BOARD, JOURNAL]
    files = [folder / name for name in names if (folder / name).is_file()]
    files += [path for path in sorted(folder.glob("versions/*_*.json")) if path.is_file()]
    return files + [path for path in sorted(folder.glob("media/*/*")) if path.is_file() and path.name[0] != "."]


def snapshot(doc: Document) -> Callable[[], Iterator[tuple[str, bytes]]]:
    """Return what lists the files of a board as it is now, all takes and no history: name in its folder, bytes.

    Changes that come later are not in it; pictures that are lost or damaged are left out, as boards can do without.
    """
    return partial(_files, doc, doc.board)


def _files(doc: Document, board: Board) -> Iterator[tuple[str, bytes]]:
    yield MANIFEST, to_json(doc.manifest)
    yield BOARD, to_json(board)
    for medium, suffix, data in _media(doc, board):
        yield media_file(doc.path, medium, suffix).relative_to(doc.path).as_posix(), data


def _media(doc: Document, board: Board) -> Iterator[tuple[str, str, bytes]]:
    """Name, suffix and bytes of every medium of a board that is there and sound."""
    takes = (take for panel in board.panels for take in panel.takes)
    for medium, suffix in dict.fromkeys((take.media, take.suffix) for take in takes):
        try:
            data = doc.read_media(medium, suffix)
        except DocumentError:
            continue
        yield medium, suffix, data


def packed(doc: Document) -> bytes:
    """Return a board as it should be by now (:attr:`Document.wanted`) as the bytes of a ``.boardz``; writes nothing to
    the disk, which may be full."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "x", zipfile.ZIP_STORED) as pack:
        for name, data in _files(doc, doc.wanted):
            pack.writestr(name, data)
    return buffer.getvalue()


def save_copy(doc: Document, folder: str | Path, title: str = "") -> Path:
    """Write a board as it is to a new folder, in the version that this program writes, and return the folder.

    All takes are in it, and what a newer program wrote that this one does not know; the history is not.

    Raises:
        DocumentError: if the folder is taken, or the disk refuses; nothing is then left behind.
    """
    update = {"id": new_id(), "revision": 0, **({"title": title} if title else {})}
    target, board = Path(folder), doc.wanted.model_copy(update=update)
    create(target, board)
    try:
        for _, suffix, data in _media(doc, board):
            add_media(target, data, suffix)
    except DocumentError:
        shutil.rmtree(target, ignore_errors=True)
        raise
    return target


def unpack_board(boardz: str | Path, folder: str | Path) -> Path:
    """Unpack a ``.boardz`` (or a zip of a board's folder) to a new folder, whole or not at all, and return the folder.

    Raises:
        DocumentError: if it is no zip, if a member leaves the folder, is a link or of a kind that boards do not hold,
            if there are too many or they are too large, or if the disk refuses.
    """
    source, target = Path(boardz), Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise DocumentError(f"{target} is there already; unpack {source} to another name")
    beside = target.with_name(f".{target.name}.{new_id()}.tmp")
    try:
        unpack_zip(source, beside, Limits("board", MAX_MEMBERS, MAX_BYTES, MANIFEST), _is_foreign)
        _must_open(beside, source)
        if target.exists():
            target.rmdir()
        os.replace(beside, target)  # noqa: PTH105 - the one call that is atomic on every system
    except OSError as error:
        raise disk_error(target, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return target


def _must_open(folder: Path, source: Path) -> None:
    """Raise DocumentError where what was unpacked is no board, naming the file that it came from."""
    try:
        Document.open(folder, read_only=True)
    except DocumentError as error:
        raise DocumentError(str(error).replace(str(folder), str(source))) from error


def _is_foreign(name: PurePosixPath) -> str:
    return "" if name.parts[0] in _TOP else "which is no part of a board"


def open_board(path: str | Path, read_only: bool = False) -> Document:
    """Open a board's folder, or a ``.boardz`` (unpacked to a temporary folder, read-only, gone with the document).

    Raises:
        DocumentError: as :meth:`Document.open` and :func:`unpack_board`.
    """
    path = Path(path)
    if path.is_dir() or not path.exists():
        return Document.open(path, read_only)
    scratch = Path(tempfile.mkdtemp(prefix="studio-"))
    try:
        doc = Document.open(unpack_board(path, scratch / f"{path.stem}.board"), read_only=True)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    weakref.finalize(doc, shutil.rmtree, scratch, ignore_errors=True)
    return doc
