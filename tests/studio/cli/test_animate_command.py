"""`studio animate`: pictures of a board begin to move, and its films play them."""

from __future__ import annotations

import json
from pathlib import Path

import av
import pytest

from studio.cli.main import run
from studio.document import Document
from tests.seqgan.sampling.clip_models import save_clip_model

STORY = "A woman is juggling. A man runs."


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path / "home"))
    save_clip_model(tmp_path / "home" / "models" / "moved", gist="picture", background="gist")
    save_clip_model(tmp_path / "home" / "models" / "a-scenes")
    return tmp_path / "home" / "models"


@pytest.fixture
def board(tmp_path: Path, models: Path) -> Path:
    (tmp_path / "walk.txt").write_text(STORY)
    path = tmp_path / "walk.board"
    assert run(["board", str(tmp_path / "walk.txt"), "-o", str(path), "--engine", "stage", "--size", "112x64"]) == 0
    return path


def _kinds(board: Path) -> list[list[str]]:
    with Document.open(board, read_only=True) as doc:
        return [[take.kind for take in panel.takes] for panel in doc.board.panels]


def _change(board: Path, folder: Path) -> float:
    """How much the first panel changes in the film within its first second, in levels of 255."""
    words = ["--to", "mp4,png,pdf", "-o", str(folder / "out"), "--size", "320x180", "--fps", "8"]
    assert run(["render", str(board), *words]) == 0
    with av.open(str(folder / "out" / "walk.mp4")) as film:
        shown = [frame.to_ndarray(format="gray").astype(int) for frame in film.decode(video=0)]
    return float(abs(shown[7] - shown[0]).mean())


def test_panels_move_once_and_the_film_plays_them(board: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    still = _change(board, tmp_path)
    capsys.readouterr()
    assert run(["animate", str(board), "--panels", "2", "--motion-seed", "5", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    wanted = {"panel": 2, "take": 2, "text": "A man runs.", "motion_seed": 5, "fps": 16, "interpolated": 2}
    assert told["model"] == "moved" and told["animated"] == [{**wanted, "enlarged": 4}]
    assert _kinds(board) == [["image"], ["image", "clip"]]
    assert run(["animate", str(board)]) == 0
    assert "1 animated by moved (16 frames a second, interpolated 2 times)" in capsys.readouterr().out
    assert _kinds(board) == [["image", "clip"]] * 2
    assert run(["animate", str(board)]) == 0
    assert "all that have a picture move already" in capsys.readouterr().out
    assert _change(board, tmp_path) > 1.5 * still
    assert run(["board", str(tmp_path / "walk.txt"), "-o", str(board), "--engine", "stage", "--size", "112x64"]) == 0
    assert "nothing was missing" in capsys.readouterr().out


def test_what_cannot_be_done_is_one_line(
    board: Path, tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Document.open(board) as doc:
        path = doc.picture(doc.board.panels[1])
    assert path is not None
    path.unlink()
    assert run(["animate", str(board)]) == 3
    assert "panel 2 has no picture to animate" in capsys.readouterr().err
    for words, said in (
        ([str(tmp_path / "walk.txt")], "expected a board"),
        ([str(board), "--panels", "7"], "not on this board"),
        ([str(board), "--panels", "1", "--model", "a-scenes"], "a-scenes does not move a given picture"),
        ([str(board), "--panels", "1", "--smooth", "8", "--model", "zork"], "zork"),
    ):
        assert run(["animate", *words]) == 1
        lines = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("{")]
        assert len(lines) == 1 and said in lines[0]
    monkeypatch.setattr("seqgan.sampling.installed.clip_models", lambda moving=False: [])
    assert run(["animate", str(board), "--panels", "1"]) == 1
    assert "no model that moves a picture is installed; train one (seqgan train t2v_picture" in capsys.readouterr().err
