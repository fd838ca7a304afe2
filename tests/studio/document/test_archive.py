"""A board in one file: it comes back as it was, and hostile files are refused by name."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest

from studio.document import (
    Document,
    ModelRef,
    Take,
    add_take,
    archive,
    new_board,
    open_board,
    pack_board,
    set_title,
    unpack_board,
    zips,
)
from studio.errors import DocumentError
from studio.export import ExportOptions, Progress, export


@pytest.fixture
def boardz(tmp_path: Path) -> Path:
    with Document.create(tmp_path / "snow.board", new_board("Snow day", ["Mia walks."])) as doc:
        sha256 = doc.add_media(b"a picture")
        doc.apply(add_take(doc.board.panels[0].id, Take(id="T", media=sha256, model=ModelRef(name="m"))))
        doc.save_version("first")
        doc.apply(set_title("Snowy day"))
        return pack_board(doc.path, tmp_path / "snow.boardz")  # while it is open: the journal travels too


def test_there_and_back(boardz: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(boardz) as pack:
        assert ".lock" not in pack.namelist() and "manifest.json" in pack.namelist()
    with Document.open(unpack_board(boardz, tmp_path / "copy.board")) as doc:
        assert doc.board.title == "Snowy day" and len(doc.versions()) == 1
        take = doc.board.panels[0].take
        assert take and doc.read_media(take.media) == b"a picture"
        doc.undo()
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".tmp")]


def test_a_picture_that_was_changed_on_the_way_counts_as_lost(boardz: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.boardz"
    with zipfile.ZipFile(boardz) as pack, zipfile.ZipFile(changed, "w") as other:
        for name in pack.namelist():
            other.writestr(name, b"not a picture" if name.startswith("media/") else pack.read(name))
    with Document.open(unpack_board(changed, tmp_path / "copy.board")) as doc:
        assert doc.board.panels[0].take and doc.picture(doc.board.panels[0]) is None
        progress = Progress()
        export(doc, ["csv", "png"], tmp_path / "out", ExportOptions(), progress)
        assert progress.missing == {1}


def test_open_board_takes_both_and_leaves_nothing(boardz: Path, tmp_path: Path) -> None:
    doc = open_board(boardz)
    assert doc.read_only and doc.board.title == "Snowy day"
    picture, scratch = doc.picture(doc.board.panels[0]), doc.path.parent
    assert picture and picture.read_bytes() == b"a picture"
    del doc
    assert not scratch.exists()
    with open_board(tmp_path / "snow.board") as folder:
        assert not folder.read_only
    with pytest.raises(DocumentError, match="there is no board at"):
        open_board(tmp_path / "none")


def hostile(source: Path, target: Path, member: zipfile.ZipInfo, data: bytes = b"x") -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            new.writestr(info, old.read(info))
        new.writestr(member, data)
    return target


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../evil.txt", "leaves the folder"),
        ("media/../../evil.txt", "leaves the folder"),
        ("/etc/passwd", "leaves the folder"),
        ("C:/evil.txt", "leaves the folder"),
        ("media\\..\\evil.txt", "leaves the folder"),
        ("evil.py", "no part of a board"),
        ("board.json", "one name twice"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_that_do_not_belong(boardz: Path, tmp_path: Path, name: str, reason: str) -> None:
    evil = hostile(boardz, tmp_path / "evil.boardz", zipfile.ZipInfo(name))
    with pytest.raises(DocumentError, match=reason):
        unpack_board(evil, tmp_path / "out.board")
    assert not (tmp_path / "out.board").exists() and not (tmp_path / "evil.txt").exists()


def test_links_are_refused(boardz: Path, tmp_path: Path) -> None:
    link = zipfile.ZipInfo("media/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    evil = hostile(boardz, tmp_path / "evil.boardz", link, b"/etc")
    with pytest.raises(DocumentError, match="a link or device"):
        unpack_board(evil, tmp_path / "out.board")


def test_too_many_and_too_large(boardz: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(archive, "MAX_MEMBERS", 3)
        with pytest.raises(DocumentError, match="a board at most 3"):
            unpack_board(boardz, tmp_path / "out.board")
    with monkeypatch.context() as patch:
        patch.setattr(archive, "MAX_BYTES", 100)
        with pytest.raises(DocumentError, match="more than 100"):
            unpack_board(boardz, tmp_path / "out.board")
    bomb = hostile(boardz, tmp_path / "bomb.boardz", zipfile.ZipInfo("media/bomb"), b"\0" * 5000)
    with monkeypatch.context() as patch:  # a directory that lies about sizes
        patch.setattr(zips, "_check", lambda source, members, limits, refused: None)
        patch.setattr(archive, "MAX_BYTES", 3000)
        with pytest.raises(DocumentError, match="unpacks to more than 3000"):
            unpack_board(bomb, tmp_path / "out.board")
    assert not (tmp_path / "out.board").exists()


def test_what_is_no_zip_or_no_board(boardz: Path, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="there is no file"):
        unpack_board(tmp_path / "none.boardz", tmp_path / "out.board")
    (tmp_path / "text.boardz").write_text("hello")
    with pytest.raises(DocumentError, match="not a sound"):
        unpack_board(tmp_path / "text.boardz", tmp_path / "out.board")
    data = bytearray(boardz.read_bytes())
    data[data.index(b"a picture")] ^= 1
    (tmp_path / "broken.boardz").write_bytes(data)
    with pytest.raises(DocumentError, match="not a sound"):
        unpack_board(tmp_path / "broken.boardz", tmp_path / "out.board")
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    (tmp_path / "empty.boardz").write_bytes(empty.getvalue())
    with pytest.raises(DocumentError, match="without manifest"):
        unpack_board(tmp_path / "empty.boardz", tmp_path / "out.board")
    with pytest.raises(DocumentError, match="is there already"):
        unpack_board(boardz, tmp_path / "snow.board")
    with pytest.raises(DocumentError, match="there is no board at"):
        pack_board(tmp_path / "none.board", tmp_path / "x.boardz")


def test_a_zip_that_a_file_manager_made(boardz: Path, tmp_path: Path) -> None:
    wrapped = tmp_path / "wrapped.zip"
    with zipfile.ZipFile(boardz) as old, zipfile.ZipFile(wrapped, "w") as new:
        for info in old.infolist():
            new.writestr(f"snow.board/{info.filename}", old.read(info))
        for litter in ("snow.board/.lock", "snow.board/.DS_Store", "__MACOSX/snow.board/._board.json"):
            new.writestr(litter, b"x")
    with Document.open(unpack_board(wrapped, tmp_path / "out.board")) as doc:
        assert doc.board.title == "Snowy day" and doc.picture(doc.board.panels[0]) is not None
    for name in ("snow.board/../evil.txt", "other/evil.txt", "snow.board/evil.py"):
        evil = hostile(wrapped, tmp_path / "evil.zip", zipfile.ZipInfo(name))
        with pytest.raises(DocumentError, match="do not trust it"):
            unpack_board(evil, tmp_path / "evil.board")
    assert not (tmp_path / "evil.txt").exists() and not (tmp_path / "evil.board").exists()
