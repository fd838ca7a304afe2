"""Downloads from a publisher's address, here a server of our own that breaks off, moves and lies."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from seqgan.data import download as module
from seqgan.data.download import TRIES, download
from seqgan.data.fetch import RECORD, fetch, sha256_of
from seqgan.errors import DataError
from tests.seqgan.data.test_unpack import make_tar, make_zip

BODY = bytes(range(256)) * 40


class Publisher:
    """Serves files; `plan` says what goes wrong, request by request, and `asked` what was asked for."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {"/file.bin": BODY}
        self.plan: list[str] = []
        self.asked: list[str | None] = []
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                publisher.asked.append(self.headers.get("Range"))
                publisher.answer(self, publisher.plan.pop(0) if publisher.plan else "whole")

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def url(self, name: str = "file.bin") -> str:
        return f"http://127.0.0.1:{self.server.server_port}/{name}"

    def answer(self, request: BaseHTTPRequestHandler, how: str) -> None:
        body = self.files.get(request.path)
        if body is None or how.isdigit():
            request.send_error(404 if body is None else int(how))
            return
        asked = request.headers.get("Range", "bytes=0-")
        start = 0 if how == "no ranges" else int(asked.removeprefix("bytes=").rstrip("-"))
        if start >= len(body) and start:
            request.send_response(416)
            request.send_header("Content-Range", f"bytes */{len(body)}")
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        request.send_response(206 if start else 200)
        if how != "no length":
            request.send_header("Content-Length", str(len(body) - start))
        request.end_headers()
        request.wfile.write(body[start : start + 3000] if how == "break" else body[start:])


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(module, "PAUSE", 0.0)
    made = Publisher()
    yield made
    made.server.shutdown()
    made.thread.join()
    made.server.server_close()


@pytest.mark.parametrize("plan", [[], ["no length"], ["503", "429"]])
def test_a_file_is_downloaded(publisher: Publisher, tmp_path: Path, plan: list[str]) -> None:
    publisher.plan = plan
    path = download(publisher.url(), tmp_path / "file.bin", len(BODY), lambda _line: None)
    assert path.read_bytes() == BODY
    assert [path.name for path in tmp_path.iterdir()] == ["file.bin"]


def test_a_broken_connection_is_gone_on_from(publisher: Publisher, tmp_path: Path) -> None:
    publisher.plan = ["break", "break"]
    said: list[str] = []
    assert download(publisher.url(), tmp_path / "file.bin", len(BODY), said.append).read_bytes() == BODY
    assert publisher.asked == [None, "bytes=3000-", "bytes=6000-"]
    assert said[0] == "The connection broke after 3000 bytes (7240 bytes are missing); going on."


def test_a_server_without_ranges_starts_anew(publisher: Publisher, tmp_path: Path) -> None:
    publisher.plan = ["break", "no ranges"]
    assert download(publisher.url(), tmp_path / "file.bin", len(BODY), lambda _line: None).read_bytes() == BODY


def test_another_run_goes_on(publisher: Publisher, tmp_path: Path) -> None:
    publisher.plan = ["break"] + ["500"] * (TRIES - 1)
    with pytest.raises(DataError, match=r"broke off 4 times, last after 3000 bytes \(the server answers 500"):
        download(publisher.url(), tmp_path / "file.bin", len(BODY), lambda _line: None)
    assert [path.name for path in tmp_path.iterdir()] == ["file.bin.part"]
    assert download(publisher.url(), tmp_path / "file.bin", len(BODY)).read_bytes() == BODY
    assert publisher.asked[-1] == "bytes=3000-"


@pytest.mark.parametrize("there", [BODY, BODY + b"more"], ids=["whole", "too long"])
def test_what_came_before_may_be_all_or_wrong(publisher: Publisher, tmp_path: Path, there: bytes) -> None:
    (tmp_path / "file.bin.part").write_bytes(there)
    assert download(publisher.url(), tmp_path / "file.bin", len(BODY), lambda _line: None).read_bytes() == BODY


@pytest.mark.parametrize(("plan", "words"), [(["403"], "answers 403 Forbidden"), ([], "answers 404 Not Found")])
def test_an_address_that_is_no_more(publisher: Publisher, tmp_path: Path, plan: list[str], words: str) -> None:
    publisher.plan = plan
    name = "file.bin" if plan else "gone.bin"
    with pytest.raises(DataError, match=f"{words}; see whether its publisher moved it"):
        download(publisher.url(name), tmp_path / name, 10)
    assert len(publisher.asked) == 1 and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("plan", "words"), [([], "gives 800000 bytes, about 10"), (["no length"], "more than")])
def test_a_much_larger_file_is_refused(publisher: Publisher, tmp_path: Path, plan: list[str], words: str) -> None:
    publisher.files["/file.bin"] = bytes(800_000)
    publisher.plan = plan
    with pytest.raises(DataError, match=words):
        download(publisher.url(), tmp_path / "file.bin", 10)
    assert list(tmp_path.iterdir()) == []


def test_nobody_answers(publisher: Publisher, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"broke off 4 times, last after 0 bytes \(.*refused"):
        download("http://127.0.0.1:1/file.bin", tmp_path / "file.bin", 10, lambda _line: None)


def test_addresses_and_places_that_cannot_be(tmp_path: Path, publisher: Publisher) -> None:
    with pytest.raises(DataError, match="is no http address"):
        download("file:///etc/passwd", tmp_path / "x", 10)
    with pytest.raises(DataError, match="cannot be written"):
        download(publisher.url(), tmp_path / "no" / "x", len(BODY))


class Table:
    """A table of one source with an archive, another that shares its folder, and a file as it is."""

    def __init__(self, publisher: Publisher, tmp_path: Path) -> None:
        self.publisher, self.path, self.out = publisher, tmp_path / "sources.yaml", tmp_path / "home" / "birds"
        self.store = tmp_path / "store"
        self.store.mkdir()
        self.said: list[str] = []
        make_tar(self.store / "birds.tgz", {"./images/a.jpg": b"one", "attributes.txt": b"two"})
        make_zip(self.store / "notes.zip", {"annotations/c.json": b"{}"})
        (self.store / "labels.mat").write_bytes(b"labels")
        self.packages = []
        for path in sorted(self.store.iterdir()):
            publisher.files[f"/{path.name}"] = path.read_bytes()
            digest = hashlib.md5(path.read_bytes()).hexdigest()
            self.packages.append({
                "package": path.stem, "version": "1", "file": path.name, "url": publisher.url(path.name),
                "bytes": path.stat().st_size, "md5": digest, "archive": path.suffix != ".mat",
            })  # fmt: skip

    def fetch(self, from_dir: Path | None = None) -> Path:
        table = {"birds": {"about": "Birds.", "licence": "none", "client": "http", "unpacked": 99,
                           "packages": self.packages}}  # fmt: skip
        self.path.write_text(yaml.safe_dump(table), encoding="utf-8")
        return fetch("birds", self.out, from_dir, self.said.append, self.path)


@pytest.fixture
def table(publisher: Publisher, tmp_path: Path) -> Table:
    return Table(publisher, tmp_path)


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_fetch_from_a_publisher(table: Table) -> None:
    table.publisher.plan = ["break"]
    out = table.fetch()
    assert files(out) == ["annotations/c.json", "attributes.txt", RECORD, "images/a.jpg", "labels.mat"]
    assert table.said[1].endswith(f"unpacked into {out}.") and "to download" in table.said[1]
    record = json.loads((out / RECORD).read_text())
    assert record["packages"] == ["birds 1", "labels 1", "notes 1"]
    assert record["sha256"][0] == sha256_of(table.store / "birds.tgz")
    asked = len(table.publisher.asked)
    assert table.fetch() == out and "already" in table.said[-1] and len(table.publisher.asked) == asked


def test_what_has_no_published_hash_is_said(table: Table) -> None:
    del table.packages[1]["md5"]
    table.fetch()
    digest = sha256_of(table.store / "labels.mat")
    assert f"No hash of labels.mat is published; its sha256 {digest} is kept in {RECORD}." in table.said
    table.fetch()
    assert "already" in table.said[-1]


def test_a_wrong_hash_is_refused_and_not_kept(table: Table) -> None:
    table.publisher.files["/notes.zip"] = b"another"
    with pytest.raises(DataError, match="notes.zip has md5 .* was recorded for notes 1; it is damaged or not the same"):
        table.fetch()
    assert not table.out.exists()
    table.publisher.files["/notes.zip"] = (table.store / "notes.zip").read_bytes()
    asked = len(table.publisher.asked)
    assert (table.fetch() / "annotations/c.json").is_file()
    assert len(table.publisher.asked) == asked + 1  # the others were kept


def test_fetch_from_a_folder(table: Table) -> None:
    assert (table.fetch(from_dir=table.store) / "labels.mat").read_bytes() == b"labels"
    assert table.publisher.asked == []
    (table.store / "labels.mat").write_bytes(b"other")
    table.packages[0]["version"] = "2"
    with pytest.raises(DataError, match="labels.mat has md5"):
        table.fetch(from_dir=table.store)


def test_archives_that_hold_the_same_folder(table: Table) -> None:
    table.packages[0]["package"], table.packages[2]["url"] = "x", table.publisher.url("birds.tgz")
    table.packages[2]["md5"] = table.packages[0]["md5"]
    with pytest.raises(DataError, match="notes.zip holds attributes.txt, as another file of this source does"):
        table.fetch()
    assert not table.out.exists()


def test_a_hostile_archive(table: Table) -> None:
    make_tar(table.store / "birds.tgz", {"../evil.txt": b"evil"})
    body = (table.store / "birds.tgz").read_bytes()
    table.publisher.files["/birds.tgz"], table.packages[0]["md5"] = body, hashlib.md5(body).hexdigest()
    with pytest.raises(DataError, match="leads out of its folder"):
        table.fetch()
    assert not table.out.exists() and not (table.out.parent / "evil.txt").exists()
