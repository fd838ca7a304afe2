"""Boards drawn by a model of captions: each panel from its own sentence, unknown words told, no panel left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.errors import EngineError
from studio.rendering import RenderEngine, draw_board, make_board, open_engine
from studio.rendering.frame_engine import FrameEngine, on_ground
from tests.seqgan.sampling.frame_models import save_frame_model

STORY = ["A small red bird.", "The blue bird sits on a green leaf.", "Zork!", "A bird sits."]
SEEDS = [1, 2, 3, 4]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_frame_model(tmp_path_factory.mktemp("models") / "birds"))


@pytest.fixture(scope="module")
def engine(model: str) -> RenderEngine:
    return FrameEngine(model, device="cpu")


def test_it_says_what_it_is(engine: RenderEngine) -> None:
    assert isinstance(engine, RenderEngine)
    assert (engine.name, engine.composed, engine.size, engine.device) == ("frame", False, (64, 64), "cpu")
    assert engine.info["name"] == "birds" and engine.info["family"] == "attngan"


def test_a_panel_depends_on_its_own_sentence_and_seed_alone(engine: RenderEngine) -> None:
    every = dict(engine.draw(STORY, SEEDS))
    assert list(every) == [0, 1, 2, 3] and all(picture.shape == (64, 64, 3) for picture in every.values())
    other = dict(engine.draw(["A green leaf.", *STORY[1:]], [9, *SEEDS[1:]], panels=[3, 1]))
    assert list(other) == [3, 1] and all(np.array_equal(other[number], every[number]) for number in other)
    still = [next(engine.draw(STORY, [seed, *SEEDS[1:]], [0], knobs={"truncation": 0.0}))[1] for seed in (1, 5)]
    assert not np.array_equal(still[0], every[0])


def test_what_it_ignores_is_told(engine: RenderEngine) -> None:
    reading = engine.read(["A zorkish bird.", "Zork!", "a " * 26], {"Anna": "mia"})
    assert reading.sentences[:2] == ("a bird", "") and reading.cast == {}
    assert [(note.kind, note.panel, note.word) for note in reading.notes] == [
        ("ignored", 0, "zorkish"), ("ignored", 1, "zork"), ("nothing", 1, ""), ("ignored", 2, "a"),
    ]  # fmt: skip
    assert reading.notes[2].message.startswith("birds knows no word of this sentence") and "try: bird, blue," in (
        reading.notes[2].message
    )
    assert "too long" in reading.notes[3].message


@pytest.mark.parametrize("sentence", ["One", "🐱🎂!", "小猫走路。", "x" * 500, "?"])
def test_odd_sentences_are_drawn(engine: RenderEngine, sentence: str) -> None:
    assert dict(engine.draw([sentence], [0]))[0].shape == (64, 64, 3)


def test_wrong_numbers_and_models_are_errors_of_one_line(engine: RenderEngine) -> None:
    with pytest.raises(EngineError, match="seeds came for"):
        dict(engine.draw(STORY, [1]))
    with pytest.raises(EngineError, match="count from 0"):
        dict(engine.draw(STORY, SEEDS, panels=[4]))
    with pytest.raises(EngineError, match="the seed was -1"):
        dict(engine.draw(["A bird."], [-1]))
    with pytest.raises(EngineError, match="theatre-64 is of family storygan"):
        _ = open_engine("frame", "theatre-64").info
    with pytest.raises(EngineError, match="engine 'oil' is unknown"):
        open_engine("oil")


def test_the_family_of_a_model_chooses_the_engine(model: str) -> None:
    assert open_engine("gan", model).name == open_engine("frame", model).name == "frame"
    assert open_engine("gan", "theatre-64").name == "gan"
    assert open_engine("gan", "no-such").name == "gan"  # loading it says that it is not there


def test_a_picture_stands_whole_on_a_ground_of_its_edges_colour() -> None:
    picture = np.full((8, 8, 3), 250, np.uint8)
    picture[2:6, 2:6] = 10
    wide, tall = on_ground(picture, (16, 40)), on_ground(picture, (20, 8))
    assert wide.shape == (16, 40, 3) and (wide[:, :12] == 250).all() and (wide[:, 28:] == 250).all()
    assert wide[8, 20, 0] < 60 and np.array_equal(tall[6:14], picture)
    assert open_engine("frame", "any", size=(90, 160)).size == (90, 160)


def test_a_board_is_drawn_with_takes_seeds_and_notes(model: str, tmp_path: Path) -> None:
    engine = open_engine("frame", model, size=(36, 64), device="cpu")
    with make_board(" ".join(STORY), tmp_path / "birds.board", engine) as doc:
        report = draw_board(doc, engine, takes=2)
        assert len(report.drawn) == 8 and not report.cancelled
        panels = doc.board.panels
        assert [panel.take.prompt for panel in panels if panel.take][2:] == ["", "a bird sits"]
        takes = panels[0].takes
        assert takes[0].seed != takes[1].seed and takes[0].media != takes[1].media
        assert takes[0].size == (64, 36) and not takes[0].composed and takes[0].model.name == "birds"
        assert [note.panel for note in doc.board.notes] == [panels[2].id] * 2
        assert not draw_board(doc, engine, "changed").drawn
