"""A panel drawn by a model of its own: its takes, marks, words and context, and what happens where that is gone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.batch.drawing import BatchOptions, Painter
from studio.batch.stories import Story
from studio.cli.main import run
from studio.document import (
    Document,
    ModelRef,
    Note,
    add_take,
    all_marks,
    input_hash,
    new_id,
    set_cast,
    set_model,
    set_notes,
    set_text,
)
from studio.errors import EngineError
from studio.media.metadata import read_made
from studio.rendering import RenderEngine, draw_board, make_board, open_engine, open_installed
from studio.rendering.stage_engine import StageEngine
from studio.stories.draft import NOTE
from studio.ui.live import LiveEdit, redraw
from tests.seqgan.sampling.frame_models import save_frame_model

STORY = "Mia walks in the snow. A small red bird sits. She waves."
BIRDS = ModelRef(name="birds")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with one installed model of captions, `birds`."""
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path / "home"))
    save_frame_model(tmp_path / "home" / "models" / "birds")
    return tmp_path


@pytest.fixture
def doc(home: Path, stage: StageEngine) -> Iterator[Document]:
    """A board for the stage whose second panel is to be drawn by `birds`."""
    with make_board(STORY, home / "a.board", stage) as doc:
        doc.apply(set_model(BIRDS, doc.board.panels[1].id))
        yield doc


def pixels(doc: Document, number: int) -> np.ndarray:
    path = doc.picture(doc.board.panels[number])
    assert path is not None
    with Image.open(path) as image:
        return np.asarray(image)


def test_it_draws_its_panel_and_the_others_read_the_story_as_it_is_written(doc: Document, stage: StageEngine) -> None:
    report = draw_board(doc, stage)
    assert len(report.drawn) == report.total == 3 and not report.problems
    takes = [panel.take for panel in doc.board.panels]
    assert [take.model.name for take in takes if take] == ["stage", "birds", "stage"]
    assert [take.composed for take in takes if take] == [True, False, True]
    seeds = [panel.seed_of(0) for panel in doc.board.panels]
    assert np.array_equal(pixels(doc, 2), dict(stage.draw(doc.board.sentences, seeds))[2])
    alone = open_engine("frame", "birds").draw([doc.board.sentences[1]], [seeds[1]])
    assert np.array_equal(pixels(doc, 1), next(alone)[1])


def test_its_take_says_so_and_nothing_is_left_to_draw(doc: Document, stage: StageEngine) -> None:
    draw_board(doc, stage)
    panel = doc.board.panels[1]
    path = doc.picture(panel)
    assert path is not None and panel.take is not None and panel.model == panel.take.model
    made = read_made(path.read_bytes())
    assert made is not None and made["model"]["name"] == "birds" and made["prompt"] == "a small red bird sits"
    assert not any(mark.changed or mark.context for mark in all_marks(doc.board).values())
    assert not draw_board(doc, stage, "changed").drawn
    doc.undo()  # the last panel's take
    doc.undo()  # this one's, with what was recorded of its weights: one step
    assert doc.board.panels[1].take is None and doc.board.panels[1].model == BIRDS


def test_its_words_are_those_that_its_own_model_does_not_know(home: Path, stage: StageEngine) -> None:
    with make_board("Mia votes quietly. A zorkish bird sits.", home / "a.board", stage) as doc:
        doc.apply(set_model(BIRDS, doc.board.panels[1].id))
        draw_board(doc, stage)
        words = [(doc.board.index(note.panel), note.word) for note in doc.board.notes]
        assert (1, "zorkish") in words and any(number == 0 for number, _ in words)
        revision = doc.revision
        draw_board(doc, stage, [doc.board.panels[0].id])
        assert [(doc.board.index(note.panel), note.word) for note in doc.board.notes] == words
        assert doc.revision == revision + 1  # the take alone: what is known of the other panel stays


def test_an_earlier_sentence_marks_the_panels_that_read_it(doc: Document, stage: StageEngine) -> None:
    draw_board(doc, stage)
    doc.apply(set_text(doc.board.panels[0].id, "Mia runs in the forest."))
    marks = [all_marks(doc.board)[panel.id] for panel in doc.board.panels]
    assert [(mark.changed, mark.context) for mark in marks] == [(True, False), (False, False), (False, True)]


def test_choosing_a_model_marks_the_panel_alone(doc: Document, stage: StageEngine) -> None:
    draw_board(doc, stage)
    doc.apply(set_model(None, doc.board.panels[1].id))
    assert [all_marks(doc.board)[panel.id].changed for panel in doc.board.panels] == [False, True, False]
    assert draw_board(doc, stage, "changed").drawn == (doc.board.panels[1].id,)
    doc.apply(set_model(ModelRef(name="stage"), doc.board.panels[1].id))  # what drew it, named without its weights
    assert not all_marks(doc.board)[doc.board.panels[1].id].changed


def test_other_weights_of_the_same_name_count_as_changed(doc: Document, home: Path, stage: StageEngine) -> None:
    draw_board(doc, stage)
    before = doc.board.panels[1].model
    save_frame_model(home / "home" / "models" / "birds", seed=8)
    assert draw_board(doc, stage, "changed").drawn == (doc.board.panels[1].id,)
    assert doc.board.panels[1].model != before


@pytest.mark.parametrize("name", ["gone", "emoji-judge", "../birds"])
def test_a_model_that_cannot_draw_costs_only_its_panel(doc: Document, stage: StageEngine, name: str) -> None:
    doc.apply(set_model(ModelRef(name=name), doc.board.panels[1].id))
    report = draw_board(doc, stage)
    assert report.drawn == (doc.board.panels[0].id, doc.board.panels[2].id) and report.total == 2
    (line,) = report.problems
    assert line.startswith("panel 2: ") and f'"{name}"' in line and "choose another" in line
    with pytest.raises(EngineError, match="choose another"):
        open_installed(name)


def test_a_damaged_model_costs_only_its_panel(doc: Document, home: Path, stage: StageEngine) -> None:
    (home / "home" / "models" / "birds" / "model.safetensors").write_bytes(b"\0" * 40)
    report = draw_board(doc, stage)
    assert len(report.drawn) == 2 and "panel 2: " in report.problems[0] and "safetensors" in report.problems[0]


def changed(doc: Document) -> list[bool]:
    return [all_marks(doc.board)[panel.id].changed for panel in doc.board.panels]


def test_casting_for_one_panel_leaves_the_pictures_of_a_model_without_a_cast(home: Path, stage: StageEngine) -> None:
    """The board is drawn sentence by sentence; one panel alone has a model of stories, and so somebody plays Anna."""
    birds = open_engine("frame", "birds")
    with make_board("Anna sees a small bird. Anna waves. Anna sees a red bird.", home / "a.board", birds) as doc:
        draw_board(doc, birds)
        alone = doc.board.panels[1].id
        doc.apply(set_model(ModelRef(name="stage"), alone))
        assert doc.board.cast == {} and changed(doc) == [False, True, False]
        draw_board(doc, birds, "changed")
        assert "Anna" in doc.board.cast and changed(doc) == [False, False, False]
        other = "max" if doc.board.cast["Anna"] != "max" else "mia"
        doc.apply(set_cast({"Anna": other}))
        assert changed(doc) == [False, True, False]
        assert not any(mark.context for mark in (all_marks(doc.board)[panel.id] for panel in doc.board.panels[::2]))
        assert draw_board(doc, birds, "changed").drawn == (alone,) and doc.board.cast == {"Anna": other}
        doc.apply(set_model(ModelRef(name="stage")))  # another model of the board is another matter
        assert changed(doc) == [True, False, True]


def test_older_pictures_of_a_model_without_a_cast_stay_unmarked(home: Path) -> None:
    """Their record says who played whom then, although it had no part in them."""
    birds = open_engine("frame", "birds")
    with make_board("Anna sees a bird.", home / "a.board", birds, cast={"Anna": "mia"}) as doc:
        draw_board(doc, birds)
        panel = doc.board.panels[0]
        assert panel.take is not None
        older = input_hash(panel.text, doc.board.cast, panel.take.knobs, panel.take.model)
        assert older != panel.take.input_hash
        doc.apply(add_take(panel.id, panel.take.model_copy(update={"id": new_id(), "input_hash": older})))
        assert changed(doc) == [False]


class Foreign(StageEngine):
    """A model of stories of another world, in which Anna is played by Max whatever the board says."""

    @property
    def info(self) -> dict[str, object]:
        return {"name": "foreign"}

    def read(self, sentences: Sequence[str], cast: Mapping[str, str] | None = None) -> Any:
        return replace(super().read(sentences, {"Anna": "max"}), cast={"Anna": "max", "Zork": "bolt"})


def test_what_a_panel_s_own_model_of_stories_casts_is_not_the_board_s(home: Path, stage: StageEngine) -> None:
    with make_board("Anna walks in the snow. Anna waves.", home / "a.board", stage, cast={"Anna": "mia"}) as doc:
        doc.apply(set_model(ModelRef(name="foreign"), doc.board.panels[1].id))
        draw_board(doc, stage, opened=lambda _name: Foreign())
        assert doc.board.cast == {"Anna": "mia"} and changed(doc) == [False, False]
        edit = LiveEdit(doc.board.panels[1].id, dict(doc.board.cast))
        redraw(doc, Foreign(), edit, "Anna sees Zork.")
        assert doc.board.cast == {"Anna": "mia"} and changed(doc) == [False, False]
        redraw(doc, Foreign(), replace(edit, main_reads=False), "Anna sees Zork.")
        assert doc.board.cast == {"Anna": "mia", "Zork": "bolt"} and changed(doc) == [False, False]


def test_notes_of_the_import_stay(doc: Document, stage: StageEngine) -> None:
    doc.apply(set_notes([Note(kind=NOTE, panel=doc.board.panels[1].id, message="the picture was left out")]))
    draw_board(doc, stage)
    assert [note.kind for note in doc.board.notes] == [NOTE]


def test_the_command_and_a_batch_draw_it_too(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "a.txt").write_text(STORY)
    command = ["board", str(home / "a.txt"), "-o", str(home / "a.board"), "--engine", "stage", "--json"]
    assert run(command) == 0
    with Document.open(home / "a.board") as doc:
        for panel, name in zip(doc.board.panels[1:], ("birds", "gone"), strict=True):
            doc.apply(set_model(ModelRef(name=name), panel.id))
            path = doc.picture(panel)
            assert path is not None
            path.unlink()
    capsys.readouterr()
    assert run(command) == 3
    told = json.loads(capsys.readouterr().out)
    assert told["drawn"] == 1 and told["ready"] == 2 and told["problems"][0].startswith('panel 3: the model "gone"')
    with Document.open(home / "a.board") as doc:
        doc.apply(set_model(BIRDS, doc.board.panels[2].id))
    outcome = Painter(home, BatchOptions("stage")).draw(Story("a", STORY, source="a"))
    assert (outcome.outcome, outcome.drawn, outcome.ready) == ("done", 1, 3), outcome


def test_an_engine_that_draws_the_board_draws_its_own_model_too(home: Path) -> None:
    """The board's engine may be any folder; a panel that names its model is not drawn by the installed one."""
    engine: RenderEngine = open_engine("frame", str(save_frame_model(home / "elsewhere" / "birds", seed=8)))
    with make_board("A bird sits.", home / "a.board", engine) as doc:
        doc.apply(set_model(BIRDS, doc.board.panels[0].id))
        draw_board(doc, engine)
        assert doc.board.panels[0].model.weights_sha256 == engine.info["weights_sha256"]  # type: ignore[union-attr]
