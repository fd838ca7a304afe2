"""The precision that an engine was opened with: it holds for all it draws, stands in takes, and changes no mark."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.cli.options import PrecisionName
from studio.document import all_marks, knobs_of, set_knobs
from studio.errors import EngineError
from studio.export.info import read_info
from studio.rendering import PRECISIONS, RenderEngine, draw_board, explain_take, make_board, open_engine
from studio.rendering.frame_engine import FrameEngine
from studio.rendering.knobs import drawn_with, settled
from studio.rendering.stage_engine import StageEngine
from studio.ui.live import LiveEdit, redraw
from tests.seqgan.sampling.frame_models import save_frame_model

ROUNDED = {"precision": "bfloat16"}
STORY = "A small red bird. A green leaf."


def test_the_names_are_those_of_the_samplers() -> None:
    from seqgan.sampling import drawing

    assert (
        PRECISIONS == drawing.PRECISIONS == tuple(PrecisionName) and settled() == {} and settled("bfloat16") == ROUNDED
    )


def test_another_name_is_refused_before_a_model_is_looked_for() -> None:
    with pytest.raises(EngineError, match="precision 'bf16' does not exist; choose one of float32, bfloat16"):
        open_engine("gan", "nowhere", precision="bf16")


@pytest.fixture(scope="module")
def birds(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_frame_model(tmp_path_factory.mktemp("models") / "birds"))


@pytest.fixture(params=["gan", "frame"])
def model(request: pytest.FixtureRequest, tiny_model: Path, birds: str) -> str:
    """A model of stories, then one of captions."""
    return {"gan": str(tiny_model), "frame": birds}[request.param]


def one(engine: RenderEngine, **knobs: object) -> np.ndarray:
    return next(iter(engine.draw(["A small red bird."], [3], knobs=knobs)))[1]


def test_it_holds_unless_a_drawing_says_otherwise(model: str) -> None:
    exact, rounded = (open_engine("gan", model, device="cpu", precision=each) for each in PRECISIONS)
    assert not np.array_equal(one(exact), one(rounded))
    assert np.array_equal(one(exact, **ROUNDED), one(rounded))
    assert np.array_equal(one(rounded, precision="float32"), one(exact))


def test_takes_say_it_and_are_not_marked_for_it(birds: str, tmp_path: Path) -> None:
    exact, rounded = (open_engine("gan", birds, device="cpu", precision=each) for each in PRECISIONS)
    with make_board(STORY, tmp_path / "walk.board", rounded) as doc:
        draw_board(doc, rounded)
        first, second = doc.board.panels
        assert first.take is not None and second.take is not None and first.take.knobs == ROUNDED
        assert knobs_of(doc.board, first) == {} == StageEngine().settled
        path = doc.picture(first.take)
        assert path is not None and read_info(path)["made"]["knobs"] == ROUNDED
        doc.apply(set_knobs({"precision": "float32"}, second.id))
        assert drawn_with(rounded, doc.board, doc.board.panels[1]) == {"precision": "float32"}
        assert [each.changed for each in all_marks(doc.board).values()] == [False, True]
        edited = redraw(doc, rounded, LiveEdit(first.id), "A red bird.")
        assert edited is not None and edited.knobs == ROUNDED
        assert not all_marks(doc.board)[first.id].changed
        assert explain_take(exact, edited).sheet is not None


def test_a_take_is_explained_as_it_was_drawn(birds: str) -> None:
    """Whatever models draw in by now."""
    exact, rounded = (open_engine("gan", birds, device="cpu", precision=each) for each in PRECISIONS)
    assert isinstance(exact, FrameEngine) and isinstance(rounded, FrameEngine)
    for knobs in ({}, ROUNDED):
        one, other = (engine.explain("A small red bird.", 3, knobs).picture for engine in (exact, rounded))
        drawn = next(iter(exact.draw(["A small red bird."], [3], knobs=knobs)))[1]
        assert np.array_equal(one, other) and np.array_equal(one, drawn)


def test_a_precision_that_does_not_exist_is_an_error_of_one_line(birds: str) -> None:
    with pytest.raises(EngineError, match="precision 'exact' does not exist"):
        one(open_engine("gan", birds, device="cpu"), precision="exact")
