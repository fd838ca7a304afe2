"""Story to board to pictures: made, reopened, drawn, cancelled, redrawn; and what the pictures say about themselves."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.document import (
    Document,
    all_marks,
    delete_panel,
    insert_panel,
    lock,
    set_knobs,
    set_text,
    take_seed,
)
from studio.errors import DocumentError, EngineError, StoryError
from studio.media.metadata import read_made, read_source_type
from studio.rendering import PanelDrawn, draw_board, make_board, open_engine
from studio.rendering.gan_engine import GanEngine
from studio.rendering.pictures import encode_png
from studio.rendering.stage_engine import StageEngine

STORY = "Mia walks in the snow. She waves. Max runs on the beach."


class Failing(StageEngine):
    """The stage, but its power goes out after ``after`` panels."""

    def __init__(self, after: int) -> None:
        super().__init__((64, 112))
        self.after = after

    def draw(self, *args: Any, **rest: Any) -> Iterator[tuple[int, np.ndarray]]:
        for count, step in enumerate(super().draw(*args, **rest)):
            if count == self.after:
                raise EngineError("the power is out; switch it on")
            yield step


def media(doc: Document) -> list[str]:
    return [panel.take.media if panel.take else "" for panel in doc.board.panels]


def test_a_story_becomes_a_drawn_board(tmp_path: Path, stage: StageEngine) -> None:
    seen: list[PanelDrawn] = []
    with make_board(STORY, tmp_path / "snow-day.board", stage) as doc:
        assert doc.board.title == "Snow day" and doc.board.story == STORY
        assert doc.board.sentences == ("Mia walks in the snow.", "She waves.", "Max runs on the beach.")
        report = draw_board(doc, stage, on_panel=seen.append)
        assert report.drawn == tuple(panel.id for panel in doc.board.panels)
        assert (report.total, report.cancelled) == (3, False) and report.seconds > 0
        assert [(step.index, step.done, step.total) for step in seen] == [(0, 1, 3), (1, 2, 3), (2, 3, 3)]
        for panel in doc.board.panels:
            take = panel.take
            assert take is not None and take.composed and take.size == (112, 64)
            assert take.seed == take_seed(panel.seed, 0) and take.text == panel.text and take.model == doc.board.model
            assert take.versions["numpy"] == np.__version__ and take.created and take.device == "cpu"
        assert not any(mark.changed or mark.context for mark in all_marks(doc.board).values())
        assert draw_board(doc, stage).drawn == ()


def test_pictures_are_those_of_the_engine(tmp_path: Path, engine: StageEngine | GanEngine) -> None:
    with make_board(STORY, tmp_path / "a.board", engine) as doc:
        draw_board(doc, engine)
        seeds = [take_seed(panel.seed, 0) for panel in doc.board.panels]
        for number, picture in engine.draw(doc.board.sentences, seeds):
            path = doc.picture(doc.board.panels[number])
            assert path is not None
            with Image.open(path) as image:
                assert np.array_equal(np.asarray(image), picture)


def test_a_picture_says_what_made_it(tmp_path: Path, engine: StageEngine | GanEngine) -> None:
    with make_board("Anna walks. She waves.", tmp_path / "a.board", engine, seed=5) as doc:
        draw_board(doc, engine)
        panel = doc.board.panels[0]
        path = doc.picture(panel)
        assert path is not None and panel.take is not None
        made = read_made(path.read_bytes())
        assert made is not None
        assert made["text"] == "Anna walks." and made["prompt"] == panel.take.prompt and made["seed"] == 5
        assert (made["panel_seed"], made["take"], made["take_seed"]) == (panel.seed, 0, panel.take.seed)
        assert made["model"]["weights_sha256"] == engine.info["weights_sha256"] and made["composed"] == engine.composed
        assert made["versions"]["seqgan"] and ("torch" in made["versions"]) != engine.composed
        kind = read_source_type(path.read_bytes())
        assert kind is not None and kind.endswith("/composite" if engine.composed else "/trainedAlgorithmicMedia")
        with Image.open(path) as image:
            assert "Iptc4xmpExt:DigitalSourceType" in image.info["XML:com.adobe.xmp"]


def test_the_same_story_gives_the_same_files(tmp_path: Path, stage: StageEngine) -> None:
    found = []
    for name in ("one", "two"):
        with make_board(STORY, tmp_path / f"{name}.board", stage, title="T") as doc:
            draw_board(doc, stage)
            found.append(media(doc))
    assert found[0] == found[1]


def test_names_are_cast_once_and_kept(tmp_path: Path, stage: StageEngine) -> None:
    with make_board("Anna walks. Bertram waves.", tmp_path / "a.board", stage, cast={"Bertram": "Max"}) as doc:
        assert doc.board.cast["Bertram"].lower() == "max" and "Anna" in doc.board.cast
        assert {note.word for note in doc.board.notes if note.kind == "cast"} >= {"Anna"}
        assert doc.board.notes[0].panel == doc.board.panels[0].id
        revision = doc.revision
        draw_board(doc, stage, "all")
        assert doc.revision == revision + 2  # two takes, nothing read anew
        doc.apply(set_text(doc.board.panels[1].id, "Clotilde waves."))
        draw_board(doc, stage, "changed")
        assert "Clotilde" in doc.board.cast and len(doc.board.panels[0].takes) == 1


def test_the_same_board_again_draws_what_is_missing(tmp_path: Path, stage: StageEngine) -> None:
    path = tmp_path / "a.board"
    with make_board(STORY, path, stage) as doc:
        draw_board(doc, stage, cancelled=iter([False, True]).__next__)
        before = media(doc)
        assert before[0] and before[1:] == ["", ""]
    with make_board(STORY.replace(". ", ".\n"), path, stage) as doc:
        report = draw_board(doc, stage)
        assert report.drawn == tuple(panel.id for panel in doc.board.panels[1:])
        assert media(doc)[0] == before[0]
        picture = doc.picture(doc.board.panels[2])
        assert picture is not None
        picture.unlink()
    with make_board(STORY, path, stage) as doc:  # a picture that someone deleted is missing too
        assert len(draw_board(doc, stage).drawn) == 1 and draw_board(doc, stage).drawn == ()


def test_another_story_model_or_seed_needs_force(tmp_path: Path, stage: StageEngine) -> None:
    path = tmp_path / "a.board"
    make_board(STORY, path, stage).close()
    for text, seed, words in (("Max sleeps.", 0, "holds another story"), (STORY, 1, "was made with seed 0, not 1")):
        with pytest.raises(DocumentError, match=rf"{words}; choose another name, or --force"):
            make_board(text, path, stage, seed=seed)
    with pytest.raises(DocumentError, match="holds another story"):
        make_board(STORY, path, stage, split_mode="line")
    with make_board("Max sleeps.", path, stage, force=True) as doc:
        assert doc.board.sentences == ("Max sleeps.",)
    make_board("Max wakes.", path, stage, force=True).close()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.board", "a.board.bak-1", "a.board.bak-2"]
    with Document.open(tmp_path / "a.board.bak-1") as old:
        assert old.board.story == STORY


def test_another_model_is_named(tmp_path: Path, stage: StageEngine, gan: GanEngine) -> None:
    make_board(STORY, tmp_path / "a.board", stage).close()
    with pytest.raises(DocumentError, match="was made with stage, not tiny"):
        make_board(STORY, tmp_path / "a.board", gan)


def test_force_moves_a_damaged_board_but_nothing_else(tmp_path: Path, stage: StageEngine) -> None:
    path = tmp_path / "a.board"
    make_board(STORY, path, stage).close()
    (path / "board.json").write_text("{")
    with pytest.raises(DocumentError, match="damaged"):
        make_board(STORY, path, stage)
    make_board(STORY, path, stage, force=True).close()
    other = tmp_path / "photos"
    other.mkdir()
    (other / "me.jpg").write_bytes(b"x")
    with pytest.raises(DocumentError, match="without manifest"):
        make_board(STORY, other, stage, force=True)
    with pytest.raises(DocumentError, match="without manifest"):
        make_board(STORY, other / "me.jpg", stage, force=True)
    assert (other / "me.jpg").exists()


def test_a_board_that_is_open_elsewhere_is_left_alone(tmp_path: Path, stage: StageEngine) -> None:
    with make_board(STORY, tmp_path / "a.board", stage):
        with pytest.raises(DocumentError, match="is open read-only: this program has it open"):
            make_board(STORY, tmp_path / "a.board", stage)
        with pytest.raises(DocumentError, match="is open elsewhere"):
            make_board("Max sleeps.", tmp_path / "a.board", stage, force=True)
        with Document.open(tmp_path / "a.board") as doc, pytest.raises(DocumentError, match="is open read-only"):
            draw_board(doc, stage)


def test_a_bad_story_leaves_nothing(tmp_path: Path, stage: StageEngine) -> None:
    for text in ("", " \n", "a\0b", "..."):
        with pytest.raises(StoryError):
            make_board(text, tmp_path / "a.board", stage)
    assert not list(tmp_path.iterdir())


def test_cast_and_knobs_of_a_second_call_mark_the_takes(tmp_path: Path, stage: StageEngine) -> None:
    story = "Anna walks. Max runs."
    with make_board(story, tmp_path / "a.board", stage, cast={"Anna": "mia"}) as doc:
        draw_board(doc, stage)
    with make_board(story, tmp_path / "a.board", stage, cast={"Anna": "robin"}) as doc:
        assert [all_marks(doc.board)[panel.id].changed for panel in doc.board.panels] == [True, False]
        draw_board(doc, stage, "changed")
    with make_board(story, tmp_path / "a.board", stage, knobs={"truncation": 1.0}) as doc:
        assert doc.board.cast["Anna"] == "robin"
        assert all(mark.changed for mark in all_marks(doc.board).values())


def test_changed_draws_only_what_changed(tmp_path: Path, stage: StageEngine) -> None:
    with make_board(STORY, tmp_path / "a.board", stage) as doc:
        draw_board(doc, stage)
        first, second, third = (panel.id for panel in doc.board.panels)
        doc.apply(set_text(first, "Max walks in the snow."))
        doc.apply(insert_panel(doc.board, 3, "Night falls."))
        marks = all_marks(doc.board)
        assert marks[first].changed and not marks[second].changed and marks[second].context
        report = draw_board(doc, stage, "changed")
        assert report.drawn == (first, doc.board.panels[3].id)
        assert (
            len(doc.board.panels[0].takes) == 2 and doc.board.panels[0].current_take == doc.board.panels[0].takes[1].id
        )
        assert draw_board(doc, stage, "changed").drawn == ()
        assert draw_board(doc, stage, [third, first]).drawn == (first, third)
        doc.apply(lock(first))
        assert draw_board(doc, stage, "all").drawn == (second, third, doc.board.panels[3].id)
        assert draw_board(doc, stage, [first]).drawn == (first,)  # named, so meant


def test_takes(tmp_path: Path, stage: StageEngine) -> None:
    with make_board(STORY, tmp_path / "a.board", stage) as doc:
        draw_board(doc, stage, takes=3)
        panel = doc.board.panels[0]
        assert [take.number for take in panel.takes] == [0, 1, 2]
        assert [take.seed for take in panel.takes] == [take_seed(panel.seed, k) for k in range(3)]
        assert len({take.media for take in panel.takes}) == 3 and panel.current_take == panel.takes[0].id
        assert draw_board(doc, stage, takes=3).drawn == ()
        assert len(draw_board(doc, stage, takes=4).drawn) == 3
        assert len(draw_board(doc, stage, [panel.id], takes=2).drawn) == 2
        with pytest.raises(EngineError, match="0 takes"):
            draw_board(doc, stage, takes=0)


def test_knobs_of_one_panel(tmp_path: Path, stage: StageEngine) -> None:
    with make_board(STORY, tmp_path / "a.board", stage) as doc:
        doc.apply(set_knobs({"truncation": 0.0}, doc.board.panels[1].id))
        draw_board(doc, stage)
        assert [panel.take.knobs if panel.take else None for panel in doc.board.panels] == [{}, {"truncation": 0.0}, {}]
        assert not any(mark.changed for mark in all_marks(doc.board).values())


def test_blank_panels_are_left_out(tmp_path: Path, stage: StageEngine) -> None:
    with make_board(STORY, tmp_path / "a.board", stage) as doc:
        doc.apply(insert_panel(doc.board, 1, "  "))
        draw_board(doc, stage)
        assert [bool(sha256) for sha256 in media(doc)] == [True, False, True, True]
        for panel in doc.board.panels:
            doc.apply(set_text(panel.id, ""))
        assert draw_board(doc, stage, "all").drawn == ()


def test_a_panel_deleted_while_it_is_drawn(tmp_path: Path, stage: StageEngine) -> None:
    with make_board(STORY, tmp_path / "a.board", stage) as doc:
        gone = doc.board.panels[1].id

        def delete(step: PanelDrawn) -> None:
            if step.done == 1:
                doc.apply(delete_panel(gone))

        report = draw_board(doc, stage, on_panel=delete)
        assert len(report.drawn) == 2 and report.total == 2 and not report.cancelled
        assert all(media(doc))


def test_a_text_edited_while_it_is_drawn_is_marked(tmp_path: Path, stage: StageEngine) -> None:
    with make_board(STORY, tmp_path / "a.board", stage) as doc:
        last = doc.board.panels[2].id
        draw_board(doc, stage, on_panel=lambda step: step.done == 1 and doc.apply(set_text(last, "Max sleeps.")))
        assert all_marks(doc.board)[last].changed
        assert draw_board(doc, stage, "changed").drawn == (last,)


def test_an_engine_that_fails_keeps_what_is_drawn(tmp_path: Path, stage: StageEngine) -> None:
    with make_board(STORY, tmp_path / "a.board", stage) as doc:
        with pytest.raises(EngineError, match="the power is out"):
            draw_board(doc, Failing(after=2))
        assert [bool(sha256) for sha256 in media(doc)] == [True, True, False]
        assert len(draw_board(doc, stage).drawn) == 1


def test_a_full_disk_while_drawing(tmp_path: Path, stage: StageEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with make_board(STORY, tmp_path / "a.board", stage) as doc:
        with monkeypatch.context() as patch:
            drawn = iter(range(9))
            with pytest.raises(DocumentError, match="the disk is full"):
                draw_board(doc, stage, on_panel=lambda _: next(drawn) == 1 and patch.setattr(os, "fsync", full))
        assert [bool(sha256) for sha256 in media(doc)] == [True, True, False]
        assert not list(doc.path.rglob("*.tmp"))
        draw_board(doc, stage)
        assert all(media(doc))


def test_five_hundred_sentences_with_progress_and_cancel(tmp_path: Path, stage: StageEngine) -> None:
    story = " ".join(
        f"Mia walks in the {where}." for _ in range(125) for where in ("snow", "forest", "desert", "meadow")
    )
    seen: list[int] = []
    with make_board(story, tmp_path / "long.board", stage) as doc:
        assert len(doc.board.panels) == 500
        report = draw_board(doc, stage, on_panel=lambda step: seen.append(step.done), cancelled=lambda: len(seen) >= 20)
        assert report.cancelled and (len(report.drawn), report.total) == (20, 500) and seen == list(range(1, 21))
        report = draw_board(doc, stage, cancelled=lambda: len(seen) >= 40, on_panel=lambda step: seen.append(step.done))
        assert report.total == 480 and doc.board.panels[39].take and not doc.board.panels[40].take


def test_odd_questions_are_refused(tmp_path: Path, stage: StageEngine) -> None:
    with make_board(STORY, tmp_path / "a.board", stage) as doc:
        with pytest.raises(EngineError, match="panels 'most' is unknown"):
            draw_board(doc, stage, "most")
        with pytest.raises(EngineError, match="no panel nobody"):
            draw_board(doc, stage, ["nobody"])
    with pytest.raises(EngineError, match="expected uint8"):
        encode_png(np.zeros((4, 4)), {})


# Engines by name -----------------------------------------------------------------------------------------------------


def test_open_engine(tiny_model: Path, tmp_path: Path) -> None:
    assert open_engine("stage").size == (360, 640)
    assert open_engine("stage", size=(72, 128)).size == (72, 128)
    gan = open_engine("gan", str(tiny_model), size=(64, 112), device="cpu")
    assert gan.name == "gan" and gan.info["name"] == "tiny"
    assert open_engine("auto", str(tiny_model)).name == "gan"
    assert open_engine("auto", "no-such-model").name == "stage"
    with pytest.raises(EngineError, match="engine 'magic' is unknown; expected one of gan, stage"):
        open_engine("magic")
    with pytest.raises(EngineError, match=r"draws 64x112 pixels .* not 128x224"):
        open_engine("gan", str(tiny_model), size=(128, 224))
    with pytest.raises(EngineError, match="no model 'no-such-model'"):
        open_engine("gan", "no-such-model").size  # noqa: B018
    with pytest.raises(EngineError, match="panel size 8x8"):
        open_engine("stage", size=(8, 8)).size  # noqa: B018
    with pytest.raises(EngineError):
        open_engine("stage", pack=str(tmp_path)).size  # noqa: B018


def test_truncated_weights_are_refused_in_one_line(tiny_model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cut"
    folder.mkdir()
    (folder / "config.json").write_bytes((tiny_model / "config.json").read_bytes())
    weights = (tiny_model / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(weights[: len(weights) // 2])
    with pytest.raises(EngineError, match="truncated or damaged") as caught:
        GanEngine(str(folder)).load()
    assert "\n" not in str(caught.value)
