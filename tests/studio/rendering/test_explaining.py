"""Which words a take's picture looked at: the sheet of the very picture, and why there is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from seqgan.sampling.explain import explain_sheet
from studio.document import Document, Given, Take, set_knobs
from studio.errors import EngineError
from studio.rendering import draw_board, explain_take, make_board
from studio.rendering.frame_engine import FrameEngine
from studio.rendering.gan_engine import GanEngine
from studio.rendering.stage_engine import StageEngine
from tests.seqgan.sampling.frame_models import save_frame_model


def drawn(folder: Path, engine: FrameEngine | StageEngine | GanEngine, text: str, **knobs: float) -> tuple[Take, bytes]:
    """A take of one sentence, and the pixels of its file."""
    from PIL import Image

    with make_board(text, folder / "a.board", engine) as doc:
        doc.apply(set_knobs(knobs))
        draw_board(doc, engine)
        return _take(doc), Image.open(doc.picture(_take(doc)) or "").tobytes()


def _take(doc: Document) -> Take:
    take = doc.board.panels[0].take
    assert take is not None
    return take


@pytest.mark.parametrize("knobs", [{}, {"truncation": 0.25}])
def test_the_sheet_is_of_the_picture_of_the_take(tmp_path: Path, knobs: dict[str, float]) -> None:
    engine = FrameEngine(str(save_frame_model(tmp_path / "birds")), device="cpu", size=(64, 112))
    take, pixels = drawn(tmp_path, engine, "A zorkish red bird sits.", **knobs)
    found = explain_take(engine, take)
    again = engine.explain(take.text, take.seed, take.knobs)
    assert found.sheet is not None and np.array_equal(found.sheet, explain_sheet([again]))
    middle = np.frombuffer(pixels, np.uint8).reshape(64, 112, 3)[:, 24:88]
    assert np.array_equal(again.picture, middle)  # the file's own, without the ground beside it
    assert found.said[0] == "read: a red bird sits" and "zorkish" in found.said[1]


def test_models_without_attention_and_sentences_without_words_say_so(tmp_path: Path) -> None:
    plain = FrameEngine(str(save_frame_model(tmp_path / "plain", "gan_cls")), device="cpu")
    found = explain_take(plain, drawn(tmp_path / "1", plain, "A red bird.")[0])
    assert found.sheet is None and found.said[0] == "plain has no attention to single words"
    birds = FrameEngine(str(save_frame_model(tmp_path / "birds")), device="cpu")
    found = explain_take(birds, drawn(tmp_path / "2", birds, "Zork!")[0])
    assert found.sheet is None and found.said[0] == "birds knows no word of this sentence"


def test_stories_stages_and_own_pictures_say_so(tmp_path: Path, gan: GanEngine, stage: StageEngine) -> None:
    said = [
        explain_take(engine, drawn(tmp_path / engine.name, engine, "Mia walks.")[0]).said[0] for engine in (gan, stage)
    ]
    assert "reads the story as a whole" in said[0] and "composed this picture" in said[1]
    take = Take(id="T", media="0" * 64, model={"name": "given"}, given=Given(file="me.jpg"))  # type: ignore[arg-type]
    assert "your own" in explain_take(stage, take).said[0]


def test_other_weights_are_not_looked_into(tmp_path: Path) -> None:
    engine = FrameEngine(str(save_frame_model(tmp_path / "birds")), device="cpu")
    take, _ = drawn(tmp_path, engine, "A red bird.")
    other = FrameEngine(str(save_frame_model(tmp_path / "birds", seed=8)), device="cpu")
    with pytest.raises(EngineError, match="birds has other weights than when this was drawn"):
        explain_take(other, take)
