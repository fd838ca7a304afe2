"""Exports that are imported again: pictures are the takes that they were, films give frames, seeds draw the same."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.cli.main import run
from studio.document import Camera, Document, Transition, all_marks, set_camera, set_duration, set_transition
from studio.export import ExportOptions, export
from studio.rendering import draw_board, give_picture, make_board, take_pictures
from studio.rendering.stage_engine import StageEngine
from studio.stories.draft import board_of
from studio.stories.importing import read_draft

STORY = "Anna walks in the snow. She waves to Pip. Max jumps on the beach."
SMALL = ExportOptions(size=(320, 180))
KEPT = ("seed", "model", "composed", "knobs", "text", "prompt", "input_hash", "context_hash", "versions", "given")


@pytest.fixture
def doc(tmp_path: Path, stage: StageEngine) -> Document:
    """A drawn board whose second panel lasts long, and whose third is a picture of somebody's own."""
    doc = make_board(STORY, tmp_path / "snow-day.board", stage, seed=5, cast={"Anna": "mia"})
    draw_board(doc, stage, takes=2)
    first, second, third = (panel.id for panel in doc.board.panels)
    doc.apply(set_duration(second, 4000))
    doc.apply(set_transition(first, Transition(kind="dissolve", ms=200)))
    doc.apply(set_camera(second, Camera(end=(0.25, 0.25, 0.5))))
    Image.new("RGB", (64, 36), "orange").save(tmp_path / "mine.png")
    give_picture(doc, third, tmp_path / "mine.png")
    return doc


def imported(path: Path, folder: Path) -> Document:
    """The board of what was exported."""
    draft = read_draft(path)
    doc = Document.create(folder / "again.board", board_of(draft))
    take_pictures(doc, draft)
    return doc


def pixels(doc: Document, number: int) -> np.ndarray:
    path = doc.picture(doc.board.panels[number])
    assert path is not None
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def test_pictures_of_ours_are_the_takes_that_they_were(doc: Document, tmp_path: Path) -> None:
    paths = export(doc, ["png"], tmp_path, SMALL)
    with imported(paths[0].parent, tmp_path) as again:
        assert again.board.sentences == doc.board.sentences and again.board.cast == doc.board.cast
        for number, (before, after) in enumerate(zip(doc.board.panels, again.board.panels, strict=True)):
            assert before.take is not None and after.take is not None
            assert [getattr(after.take, name) for name in KEPT] == [getattr(before.take, name) for name in KEPT]
            assert after.seed == before.seed and np.array_equal(pixels(doc, number), pixels(again, number))
        assert all(not mark.changed and not mark.context for mark in all_marks(again.board).values())
    (tmp_path / "two").mkdir()
    with imported(paths[1], tmp_path / "two") as alone:  # what stood before it is not here
        (mark,) = all_marks(alone.board).values()
        assert mark.drawn and not mark.changed and mark.context


@pytest.mark.parametrize("kind", ["mp4", "gif", "webp"])
def test_a_film_gives_its_story_and_its_frames(doc: Document, stage: StageEngine, tmp_path: Path, kind: str) -> None:
    (path,) = export(doc, [kind], tmp_path, SMALL)
    with imported(path, tmp_path) as again:
        assert again.board.sentences == doc.board.sentences and again.board.title == "Snow day"
        for before, after in zip(doc.board.panels, again.board.panels, strict=True):
            told = ("duration_ms", "transition", "camera", "seed")
            assert [getattr(after, name) for name in told] == [getattr(before, name) for name in told]
            assert after.take is not None and after.take.given is not None and after.take.given.file == path.name
            assert after.take.given.digital_source_type.endswith("/composite")
        for number in (0, 2):
            shown = pixels(again, number)
            size = (shown.shape[1], shown.shape[0])
            whole = Image.fromarray(pixels(doc, number).astype(np.uint8)).resize(size, Image.Resampling.LANCZOS)
            difference = np.abs(np.asarray(whole).astype(int) - shown)
            assert difference.mean() < 6, f"panel {number + 1} differs by {difference.mean():.1f} levels of 255"
        drawn = draw_board(again, stage, [again.board.panels[0].id])
        assert drawn.drawn
        first = again.board.panels[0]
        assert first.first_seed == doc.board.panels[0].take.seed  # type: ignore[union-attr]


def test_a_cut_film_says_which_pictures_it_lost(doc: Document, tmp_path: Path) -> None:
    (path,) = export(doc, ["webp"], tmp_path, SMALL)
    with Image.open(path) as film:
        xmp, one = film.info["xmp"], film.convert("RGB")
    one.save(tmp_path / "cut.webp", save_all=True, append_images=[one.rotate(180)], duration=800, xmp=xmp)
    with imported(tmp_path / "cut.webp", tmp_path) as again:
        first, second, third = again.board.panels
        assert first.take is not None and second.take is None and third.take is None
        (said,) = [note.message for note in again.board.notes if note.panel == third.id]
        assert "the picture was left out: cut.webp ends before " in said and said.endswith("was cut or is damaged.")
    (tmp_path / "half.mp4").write_bytes(export(doc, ["mp4"], tmp_path, SMALL)[0].read_bytes()[-20_000:])
    assert run(["board", str(tmp_path / "half.mp4"), "-o", str(tmp_path / "x.board"), "--engine", "stage"]) == 1


def test_the_command_takes_folders_films_and_zips(doc: Document, tmp_path: Path, capsys) -> None:
    doc.close()
    export(doc.path, ["png", "zip"], tmp_path / "out", SMALL)
    export(doc.path, ["zip"], tmp_path / "some", ExportOptions(panels="2-3"))
    for number, source in enumerate(("out/snow-day-panels", "some/snow-day-part-2-3.zip", "out/snow-day.zip")):
        words = [
            "board",
            str(tmp_path / source),
            "-o",
            str(tmp_path / f"{number}.board"),
            "--engine",
            "stage",
            "--json",
        ]
        for _ in range(2):  # the second time the same board is gone on with
            assert run(words) == 0
            found = json.loads(capsys.readouterr().out)
            assert found["drawn"] == 0 and found["ready"] == found["panels"] == (2 if number == 1 else 3)
    with Document.open(tmp_path / "1.board") as some:
        assert some.board.panels[0].duration_ms == 4000
