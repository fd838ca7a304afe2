"""A board in one file for sharing: ``name.boardz``, a zip of its folder. Opening one runs and trusts nothing."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
import weakref
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from studio.document.document import Document
from studio.document.files import disk_error, sync_folder
from studio.document.ids import new_id
from studio.document.store import BOARD, JOURNAL, MANIFEST, VERSIONS
from studio.errors import DocumentError

MAX_MEMBERS = 50_000
MAX_BYTES = 4 << 30
"""Unpacked size; a board of 500 panels with ten takes each needs a hundredth of it."""
_TOP = frozenset({MANIFEST, BOARD, JOURNAL, VERSIONS, "media", "thumbs", "exports", "trash"})
_LITTER = frozenset({".lock", ".DS_Store", "Thumbs.db", "desktop.ini"})
_BLOCK = 1 << 20


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
        with zipfile.ZipFile(source) as pack:
            members = [member for member in pack.infolist() if not _junk(member)]
            top = _top(members)
            _check(source, members, top)
            beside.mkdir(parents=True)
            _extract(source, pack, {member: member.filename[len(top) :] for member in members}, beside)
        Document.open(beside, read_only=True)
        if target.exists():
            target.rmdir()
        os.replace(beside, target)  # noqa: PTH105 - the one call that is atomic on every system
    except FileNotFoundError as error:
        raise DocumentError(f"there is no file {source}; name a .boardz") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise DocumentError(f"{source} is not a sound .boardz ({error}); ask for it again") from error
    except OSError as error:
        raise disk_error(target, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return target


def _junk(member: zipfile.ZipInfo) -> bool:
    """Whether a member is a folder, or what file managers and an open board leave behind."""
    name = member.filename
    return member.is_dir() or name.startswith("__MACOSX/") or PurePosixPath(name).name in _LITTER


def _top(members: list[zipfile.ZipInfo]) -> str:
    """The folder that a whole board lies in where a file manager zipped it ("snow.board/"), else ""."""
    top, _, rest = next((m.filename for m in members if m.filename.endswith(f"/{MANIFEST}")), "").partition("/")
    inside = rest == MANIFEST and top not in ("", "..") and all(m.filename.startswith(f"{top}/") for m in members)
    return f"{top}/" if inside else ""


def _check(source: Path, members: list[zipfile.ZipInfo], top: str) -> None:
    if len(members) > MAX_MEMBERS:
        raise DocumentError(f"{source} holds {len(members)} files, a board at most {MAX_MEMBERS}; it was not unpacked")
    if (size := sum(member.file_size for member in members)) > MAX_BYTES:
        raise DocumentError(f"{source} would unpack to {size} bytes, more than {MAX_BYTES}; it was not unpacked")
    for member in members:
        if reason := _refused(member, top):
            raise DocumentError(f"{source} holds {member.filename!r}, {reason}; it was not unpacked: do not trust it")
    names = [member.filename for member in members]
    if len(set(names)) != len(names):
        raise DocumentError(f"{source} holds one name twice; it was not unpacked: do not trust it")


def _refused(member: zipfile.ZipInfo, top: str) -> str:
    """Why a member may not be unpacked, or ""."""
    name, kind = member.filename[len(top) :], stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "a link or device"
    parts = PurePosixPath(name).parts
    if name.startswith(("/", "\\")) or ".." in parts or "\\" in name or ":" in name or "\0" in name:
        return "a path that leaves the folder"
    if not parts or parts[0] not in _TOP:
        return "which is no part of a board"
    return ""


def _extract(source: Path, pack: zipfile.ZipFile, members: dict[zipfile.ZipInfo, str], folder: Path) -> None:
    """Copy members out by hand: what is written is counted, whatever the zip's directory claimed."""
    left = MAX_BYTES
    for member, name in members.items():
        path = folder / PurePosixPath(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with pack.open(member) as packed, path.open("xb") as file:
            while block := packed.read(_BLOCK):
                left -= len(block)
                if left < 0:
                    raise DocumentError(f"{source} unpacks to more than {MAX_BYTES} bytes; it was not unpacked")
                file.write(block)


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
