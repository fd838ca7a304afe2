"""Archives made by others: good ones are unpacked whole, hostile ones leave nothing behind."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from seqgan.data.unpack import Limits, unpack
from seqgan.errors import DataError

FILES = {"package/a.txt": b"one", "package/deep/b.txt": b"two"}


def make_tar(path: Path, files: dict[str, bytes], *odd: tarfile.TarInfo, mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as tar:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        for info in odd:
            tar.addfile(info)
    return path


def make_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
    return path


def odd_member(kind: bytes, name: str = "package/odd", target: str = "/etc/passwd") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def assert_refused(archive: Path, message: str, limits: Limits | None = None) -> None:
    out = archive.parent / "out"
    with pytest.raises(DataError, match=message):
        unpack(archive, out, limits=limits)
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_tar(tmp_path: Path, mode: str) -> None:
    archive = make_tar(tmp_path / "x.tgz", FILES, odd_member(tarfile.DIRTYPE, "package/empty"), mode=mode)
    assert unpack(archive, tmp_path / "out", strip=1) == [tmp_path / "out/a.txt", tmp_path / "out/deep/b.txt"]
    assert (tmp_path / "out/deep/b.txt").read_bytes() == b"two"


def test_zip(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "x.whl", {**FILES, "package/folder/": b""})
    assert len(unpack(archive, tmp_path / "out")) == 2
    assert (tmp_path / "out/package/a.txt").read_bytes() == b"one"


def test_an_empty_folder_is_taken_and_a_full_one_kept(tmp_path: Path) -> None:
    archive, out = make_tar(tmp_path / "x.tgz", FILES), tmp_path / "out"
    out.mkdir()
    unpack(archive, out)
    with pytest.raises(DataError, match="is not an empty folder"):
        unpack(archive, out)
    assert (out / "package/a.txt").exists()


@pytest.mark.parametrize(
    "name", ["../evil", "package/../../evil", "/etc/evil", "C:/evil", "c:evil", "a\\..\\evil", "a\nb", "a/b:stream"]
)
def test_names_that_lead_out(tmp_path: Path, name: str) -> None:
    assert_refused(make_tar(tmp_path / "x.tgz", {"ok": b"1", name: b"2"}), "leads out of its folder")


@pytest.mark.parametrize("name", ["../evil", "/evil", "a\\..\\..\\evil"])
def test_names_that_lead_out_of_a_zip(tmp_path: Path, name: str) -> None:
    assert_refused(make_zip(tmp_path / "x.zip", {"ok": b"1", name: b"2"}), "leads out of its folder")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE])
def test_links_and_devices(tmp_path: Path, kind: bytes) -> None:
    assert_refused(make_tar(tmp_path / "x.tgz", FILES, odd_member(kind)), "a link or device")


def test_a_link_in_a_zip(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as zipped:
        zipped.writestr(info, "/etc/passwd")
    assert_refused(tmp_path / "x.zip", "a link or device")


def test_an_encrypted_zip(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "x.zip", {"a": b"1"})
    data = bytearray(archive.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    archive.write_bytes(data)
    assert_refused(archive, "which is encrypted")


@pytest.mark.parametrize("names", [("a", "A"), ("a", "./a")])
def test_one_name_twice(tmp_path: Path, names: tuple[str, str]) -> None:
    assert_refused(make_tar(tmp_path / "x.tgz", dict.fromkeys(names, b"1")), "twice")


def test_a_name_that_is_file_and_folder(tmp_path: Path) -> None:
    assert_refused(make_tar(tmp_path / "x.tgz", {"a": b"1", "a/b": b"2"}), "both file and folder")


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(files=1), "more than 1 files"),
        (Limits(file_bytes=2), "of 3 bytes, at most 2"),
        (Limits(total_bytes=5), "more than 5 bytes"),
    ],
)
def test_limits(tmp_path: Path, limits: Limits, message: str) -> None:
    assert_refused(make_tar(tmp_path / "x.tgz", FILES), message, limits)


def test_a_zip_bomb_stops_at_its_declared_size(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("zeros", bytes(5_000_000))
    assert_refused(tmp_path / "x.zip", "of 5000000 bytes", Limits(file_bytes=1_000_000))


def test_a_file_cut_off(tmp_path: Path) -> None:
    archive = make_tar(tmp_path / "x.tgz", {"a": bytes(range(256)) * 4000}, mode="w")
    archive.write_bytes(archive.read_bytes()[:60_000])
    assert_refused(archive, "no readable zip or tar|declares")


def test_no_archive(tmp_path: Path) -> None:
    (tmp_path / "x.tgz").write_bytes(b"hello")
    assert_refused(tmp_path / "x.tgz", "no readable zip or tar archive")
    with pytest.raises(DataError, match="is no file"):
        unpack(tmp_path / "absent.zip", tmp_path / "out")
