"""Unpacking zips that others made: names, links, count and size are checked before anything is written."""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from studio.errors import DocumentError

_BLOCK = 1 << 20
_LITTER = frozenset({".lock", ".DS_Store", "Thumbs.db", "desktop.ini"})
"""What file managers and an open board leave behind."""
_EXPORTED = re.compile(r"(?P<board>(?P<stem>[^/]+)/(?P=stem)\.board/)[^/]+")
"""The file at the top of the board in such a ZIP: snow-day/snow-day.board/manifest.json."""
Refusal = Callable[[PurePosixPath], str]
"""Why a file of that name is no part of what is unpacked (a clause for people), or ""."""


class Limits(NamedTuple):
    """What is unpacked, in a word, how many files of how many bytes it has at most, and the file that is always at its
    top: where that lies in a folder, as in the zips of file managers, the folder is what is unpacked."""

    what: str
    members: int
    size: int
    top: str


def unpack_zip(source: Path, folder: Path, limits: Limits, refused: Refusal) -> None:
    """Unpack a zip to a new folder; what was unpacked before an error is left for the caller to remove.

    Raises:
        DocumentError: if it is no sound zip, if a member leaves the folder, is a link or is refused, if there are too
            many or they are too large.
        OSError: if the disk refuses.
    """
    try:
        with zipfile.ZipFile(source) as pack:
            members = _named(pack.infolist(), limits.top)
            _check(source, members, limits, refused)
            folder.mkdir(parents=True)
            _extract(source, pack, members, folder, limits)
    except FileNotFoundError as error:
        raise DocumentError(f"there is no file {source}; name a zipped {limits.what}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise DocumentError(f"{source} is not a sound zip of a {limits.what} ({error}); ask for it again") from error


def _named(members: list[zipfile.ZipInfo], top: str) -> dict[zipfile.ZipInfo, str]:
    """The files among members, without litter, and their names below the folder that all of them lie in, if they do.

    In a ZIP of everything that we exported the board is one folder among other files, which are left alone.
    """
    files = [member for member in members if not _is_litter(member)]
    first = next((member.filename for member in files if top and member.filename.endswith(f"/{top}")), "")
    if exported := _EXPORTED.fullmatch(first):
        board = exported["board"]
        return {file: file.filename.removeprefix(board) for file in files if file.filename.startswith(board)}
    outer, _, rest = first.partition("/")
    inside = rest == top and outer not in ("", "..") and all(file.filename.startswith(f"{outer}/") for file in files)
    return {file: file.filename[len(outer) + 1 :] if inside else file.filename for file in files}


def _is_litter(member: zipfile.ZipInfo) -> bool:
    name = member.filename
    return member.is_dir() or name.startswith("__MACOSX/") or PurePosixPath(name).name in _LITTER


def _check(source: Path, members: dict[zipfile.ZipInfo, str], limits: Limits, refused: Refusal) -> None:
    what, most, size, _ = limits
    if len(members) > most:
        raise DocumentError(f"{source} holds {len(members)} files, a {what} at most {most}; it was not unpacked")
    if (total := sum(member.file_size for member in members)) > size:
        raise DocumentError(f"{source} would unpack to {total} bytes, more than {size}; it was not unpacked")
    for member, name in members.items():
        if reason := _unsafe(member, name) or refused(PurePosixPath(name)):
            raise DocumentError(f"{source} holds {member.filename!r}, {reason}; it was not unpacked: do not trust it")
    if len(set(members.values())) != len(members):
        raise DocumentError(f"{source} holds one name twice; it was not unpacked: do not trust it")


def _unsafe(member: zipfile.ZipInfo, name: str) -> str:
    """Why a member may not be unpacked by anybody, or ""."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "a link or device"
    parts = PurePosixPath(name).parts
    if not parts or name.startswith(("/", "\\")) or ".." in parts or "\\" in name or ":" in name or "\0" in name:
        return "a path that leaves the folder"
    return ""


def _extract(
    source: Path, pack: zipfile.ZipFile, members: dict[zipfile.ZipInfo, str], folder: Path, limits: Limits
) -> None:  # fmt: skip
    """Copy members out by hand: what is written is counted, whatever the zip's directory claimed."""
    left = limits.size
    for member, name in members.items():
        path = folder / PurePosixPath(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with pack.open(member) as packed, path.open("xb") as file:
            while block := packed.read(_BLOCK):
                left -= len(block)
                if left < 0:
                    raise DocumentError(f"{source} unpacks to more than {limits.size} bytes; it was not unpacked")
                file.write(block)
