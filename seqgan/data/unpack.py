"""Unpack an archive that somebody else made, without trusting it.

    unpack(Path("art-1.0.0.tgz"), Path("art"), strip=1)

Zip files (wheels among them) and tar files are read. Refused before anything lands in the target: names that leave it,
absolute names, drive letters, links, devices, encrypted members, two members of one name, too many or too large ones.
Members are unpacked into a folder beside the target, which takes its place when all of them are good.
"""

from __future__ import annotations

import re
import shutil
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from seqgan.errors import DataError

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What an archive may hold: number of files, bytes of one file, bytes of all files together."""

    files: int = 20_000
    file_bytes: int = 256 << 20
    total_bytes: int = 2 << 30


@dataclass(frozen=True)
class _Member:
    """One regular file of an archive: its declared name and size, and how to open it."""

    name: str
    size: int
    file: IO[bytes]


def unpack(archive: Path, out: Path, strip: int = 0, limits: Limits | None = None) -> list[Path]:
    """Unpack ``archive`` as the folder ``out``, which must not exist or be empty; return the files, sorted.

    Args:
        archive: a zip, whl, tar, tar.gz, tgz, tar.bz2 or tar.xz file; its content decides, not its name.
        out: the folder to make.
        strip: how many leading folders to take off every name (1 for what ``npm pack`` makes).
        limits: what the archive may hold at most.

    Raises:
        DataError: for a file that is no archive or is cut off, and for hostile members; ``out`` is untouched then.
    """
    if not archive.is_file():
        raise DataError(f"{archive} is no file; give the path of a zip or tar archive")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise DataError(f"{out} is not an empty folder; move it away or choose another one")
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        names = _unpack_into(archive, beside, strip, limits or Limits())
        if out.exists():
            out.rmdir()
        beside.chmod(0o755)
        beside.replace(out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return sorted(out / name for name in names)


def _unpack_into(archive: Path, folder: Path, strip: int, limits: Limits) -> set[str]:
    """Write every member below ``folder``; return their names."""
    seen: dict[str, str] = {}
    total = 0
    with _members(archive) as members:
        for member in members:
            name = safe_name(member.name, archive, strip)
            if name is None:
                continue
            if seen.setdefault(name.casefold(), name) != name or (folder / name).exists():
                raise DataError(f"{archive.name} holds {name!r} twice; it was not made by its publisher's tools")
            total += member.size
            _check_limits(archive, member, len(seen), total, limits)
            _write(archive, member, folder / name)
    return set(seen.values())


def safe_name(name: str, archive: Path, strip: int = 0) -> str | None:
    """Return a member's name relative to the target with ``strip`` folders off; None if nothing is left of it.

    Raises:
        DataError: if it is absolute, has a drive letter, a backslash, a control character or a ``..`` step.
    """
    parts = PurePosixPath(name).parts
    bad = not parts or name.startswith("/") or ".." in parts or re.search(r"[\\\x00-\x1f]|^[A-Za-z]:", name)
    if bad or any(":" in part for part in parts):
        raise DataError(f"{archive.name} holds {name!r}, which leads out of its folder; nothing was unpacked")
    return "/".join(parts[strip:]) or None


def _check_limits(archive: Path, member: _Member, count: int, total: int, limits: Limits) -> None:
    if count > limits.files:
        raise DataError(f"{archive.name} holds more than {limits.files} files; nothing was unpacked")
    if member.size > limits.file_bytes:
        raise DataError(
            f"{archive.name} holds {member.name!r} of {member.size} bytes, at most {limits.file_bytes} are taken"
        )
    if total > limits.total_bytes:
        raise DataError(f"{archive.name} unpacks to more than {limits.total_bytes} bytes; nothing was unpacked")


def _write(archive: Path, member: _Member, path: Path) -> None:
    """Copy a member, never more bytes than it declared."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with path.open("xb") as out:
        while chunk := member.file.read(_CHUNK):
            written += len(chunk)
            if written > member.size:
                break
            out.write(chunk)
    if written != member.size:
        raise DataError(f"{archive.name} declares {member.size} bytes for {member.name!r} and holds {written} or more")


@contextmanager
def _members(archive: Path) -> Iterator[Iterator[_Member]]:
    """Open an archive of either kind; faults of its format become DataError."""
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as zipped:
                yield _zip_members(archive, zipped)
        else:
            with tarfile.open(archive) as tar:
                yield _tar_members(archive, tar)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError, UnicodeError) as error:
        raise DataError(f"{archive} is no readable zip or tar archive ({error}); get it again") from None
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise DataError(f"{archive.name} holds a name that is both file and folder ({error.filename})") from None


def _zip_members(archive: Path, zipped: zipfile.ZipFile) -> Iterator[_Member]:
    for info in zipped.infolist():
        mode = info.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise DataError(f"{archive.name} holds {info.filename!r}, a link or device; nothing was unpacked")
        if info.flag_bits & 0x1:
            raise DataError(f"{archive.name} holds {info.filename!r}, which is encrypted; nothing was unpacked")
        if info.is_dir():
            continue
        with zipped.open(info) as file:
            yield _Member(info.orig_filename, info.file_size, file)


def _tar_members(archive: Path, tar: tarfile.TarFile) -> Iterator[_Member]:
    for info in tar:
        if info.isdir():
            continue
        if not info.isreg() or info.sparse is not None:
            raise DataError(f"{archive.name} holds {info.name!r}, a link or device; nothing was unpacked")
        file = tar.extractfile(info)
        if file is None:
            raise DataError(f"{archive.name} holds {info.name!r}, which cannot be read; get it again")
        with file:
            yield _Member(info.name, info.size, file)
