"""`studio board FILE` of every format, as a person types it: made, gone on with, refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from studio.cli.main import run
from studio.document import Document, Transition, pack_board

FILES = Path(__file__).parents[2] / "fixtures" / "stories"
STAGE = ["--engine", "stage", "--size", "112x64"]


def board(file: Path, out: Path, *more: str) -> int:
    return run(["board", str(file), "-o", str(out), *STAGE, *more])


@pytest.mark.parametrize(("name", "panels"), [("snow-day.md", 5), ("snow-day.fountain", 5), ("shots.csv", 4)])
def test_a_file_becomes_a_board_once(tmp_path: Path, capsys, name: str, panels: int) -> None:
    assert board(FILES / name, tmp_path / "a.board", "--json") == 0
    first = json.loads(capsys.readouterr().out)
    assert (first["panels"], first["drawn"]) == (panels, panels) and any("left out" in note for note in first["notes"])
    assert board(FILES / name, tmp_path / "a.board", "--json") == 0
    again = json.loads(capsys.readouterr().out)
    assert again["drawn"] == 0 and again["notes"] == first["notes"]


def test_a_changed_table_is_another_story(tmp_path: Path, capsys) -> None:
    table = tmp_path / "shots.csv"
    table.write_bytes((FILES / "shots.csv").read_bytes())
    assert board(table, tmp_path / "a.board") == 0
    with Document.open(tmp_path / "a.board") as doc:
        panel = doc.board.panels[0]
        assert (doc.board.title, panel.shot, panel.dialogue) == ("A", "1A", "Hello!")
        assert panel.duration_ms == 2500 and panel.transition == Transition(kind="dissolve", ms=800)
    table.write_bytes(table.read_bytes().replace(b"Hello!", b"Good day!"))
    capsys.readouterr()
    assert board(table, tmp_path / "a.board") == 1 and "--force" in capsys.readouterr().err
    assert board(table, tmp_path / "a.board", "--force") == 0 and (tmp_path / "a.board.bak-1").is_dir()


def test_pictures_of_storyboarder_become_takes(tmp_path: Path, capsys) -> None:
    images = tmp_path / "images"
    images.mkdir()
    Image.new("RGB", (16, 9), "red").save(images / "board-1-AAAAA-posterframe.jpg")
    (images / "board-2-BBBBB.png").write_text("no picture")
    file = tmp_path / "snow-day.storyboarder"
    file.write_bytes((FILES / file.name).read_bytes())
    assert board(file, tmp_path / "a.board", "--json") == 3  # one board says nothing at all
    notes = "\n".join(json.loads(capsys.readouterr().out)["notes"])
    assert "panel 2: the picture was left out" in notes and "of no known format" in notes
    with Document.open(tmp_path / "a.board") as doc:
        first, second, third = (panel.take for panel in doc.board.panels)
        assert first is not None and first.given is not None and first.size == (16, 9)
        assert second is not None and second.composed and third is None
        assert {note.kind for note in doc.board.notes} >= {"import"}


def test_a_shared_board_is_unpacked_and_gone_on_with(tmp_path: Path, capsys) -> None:
    assert board(FILES / "shots.csv", tmp_path / "a.board") == 0
    pack = pack_board(tmp_path / "a.board", tmp_path / "a.boardz")
    assert board(pack, tmp_path / "b.board") == 0 and board(pack, tmp_path / "b.board") == 0
    capsys.readouterr()
    assert board(FILES / "snow-day.md", tmp_path / "c.board") == 0
    assert board(pack, tmp_path / "c.board") == 1 and "holds another board" in capsys.readouterr().err
    assert board(pack, tmp_path / "c.board", "--force") == 0
    assert (tmp_path / "c.board.bak-1").is_dir()
    with Document.open(tmp_path / "c.board") as doc:
        assert len(doc.board.panels) == 4 and all(doc.picture(panel) for panel in doc.board.panels)
    (tmp_path / "bad.zip").write_text("no zip")
    assert (
        board(tmp_path / "bad.zip", tmp_path / "d.board") == 1
        and "not a sound zip of a board" in capsys.readouterr().err
    )
