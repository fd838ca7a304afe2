"""The contract of render engines: an engine is done when all of this passes over it (`engine` is each in turn)."""

from __future__ import annotations

import numpy as np
import pytest

from studio.errors import EngineError
from studio.rendering import RenderEngine

STORY = ["Mia walks in the snow.", "She waves.", "Cleo the cat runs on the beach.", "Max jumps.", "They dance."]
SEEDS = [11, 12, 13, 14, 15]


def drawn(
    engine: RenderEngine, sentences: list[str] = STORY, seeds: list[int] = SEEDS, **rest: object
) -> dict[int, np.ndarray]:
    return dict(engine.draw(sentences, seeds, **rest))  # type: ignore[arg-type]


def test_it_says_what_it_is(engine: RenderEngine) -> None:
    assert isinstance(engine, RenderEngine)
    assert engine.name in ("gan", "stage") and engine.composed == (engine.name == "stage")
    assert bool(engine.info["composed"]) == engine.composed
    assert engine.info["name"] and len(engine.info["weights_sha256"]) == 64
    assert engine.size == (64, 112) and engine.device


def test_panels_are_arrays_in_the_order_asked(engine: RenderEngine) -> None:
    pictures = list(engine.draw(STORY, SEEDS))
    assert [number for number, _ in pictures] == [0, 1, 2, 3, 4]
    for _, picture in pictures:
        assert picture.shape == (*engine.size, 3) and picture.dtype == np.uint8
        assert picture.std() > 1  # something is on it
    assert [number for number, _ in engine.draw(STORY, SEEDS, panels=[3, 1])] == [3, 1]
    assert list(engine.draw(STORY, SEEDS, panels=[])) == []


def test_the_same_seed_gives_the_same_picture(engine: RenderEngine) -> None:
    one, two = drawn(engine), drawn(engine)
    assert all(np.array_equal(one[k], two[k]) for k in one)


def test_another_seed_gives_another_picture_of_that_panel_alone(engine: RenderEngine) -> None:
    one, two = drawn(engine), drawn(engine, seeds=[11, 12, 99, 14, 15])
    assert [k for k in one if not np.array_equal(one[k], two[k])] == [2]


@pytest.mark.parametrize("asked", [[0], [4], [1, 3], [2, 0]])
def test_a_panel_does_not_depend_on_which_are_asked(engine: RenderEngine, asked: list[int]) -> None:
    every, some = drawn(engine), drawn(engine, panels=asked)
    assert sorted(some) == sorted(asked)
    assert all(np.array_equal(some[k], every[k]) for k in asked)


@pytest.mark.parametrize("changed", [1, 2, 4])
def test_a_sentence_never_changes_an_earlier_panel(engine: RenderEngine, changed: int) -> None:
    other = [*STORY[:changed], "Robin swims in the lake at night.", *STORY[changed + 1 :]]
    one, two = drawn(engine), drawn(engine, sentences=other)
    assert all(np.array_equal(one[k], two[k]) for k in range(changed))
    assert not np.array_equal(one[changed], two[changed])


def test_later_sentences_may_be_missing(engine: RenderEngine) -> None:
    one, two = drawn(engine), drawn(engine, sentences=STORY[:2], seeds=SEEDS[:2])
    assert all(np.array_equal(one[k], two[k]) for k in two)


def test_it_stops_where_it_is_left(engine: RenderEngine) -> None:
    """Nothing is drawn ahead: a cancel between two panels costs one panel at most."""
    pictures = iter(engine.draw(STORY * 60, SEEDS * 60))
    number, first = next(pictures)
    pictures.close()  # type: ignore[attr-defined]
    assert number == 0 and np.array_equal(first, drawn(engine)[0])


def test_unknown_names_are_cast_and_told(engine: RenderEngine) -> None:
    reading = engine.read(["Anna walks in the snow.", "She waves."])
    assert list(reading.cast) == ["Anna"] and len(reading.sentences) == 2
    note = next(note for note in reading.notes if note.kind == "cast")
    assert (note.word, note.meaning, note.panel) == ("Anna", reading.cast["Anna"], 0) and note.message
    chosen = engine.read(["Anna walks in the snow."], {"Anna": "robin"})
    assert chosen.cast["Anna"] == "robin"
    mia = drawn(engine, ["Anna walks."], [1], cast={"Anna": "mia"})[0]
    assert not np.array_equal(mia, drawn(engine, ["Anna walks."], [1], cast={"Anna": "max"})[0])


def test_what_is_ignored_is_told(engine: RenderEngine) -> None:
    notes = engine.read(["Mia votes for democracy quietly."]).notes
    assert any(note.kind == "ignored" and note.panel == 0 for note in notes)


@pytest.mark.parametrize("sentence", ["One", "🐱🎂!", "小猫走路。", "Она идёт.", "x" * 500, "...and so on", "?"])
def test_odd_sentences_are_drawn(engine: RenderEngine, sentence: str) -> None:
    assert drawn(engine, [sentence], [0])[0].shape == (*engine.size, 3)


def test_an_unknown_cast_member_is_an_error_of_one_line(engine: RenderEngine) -> None:
    with pytest.raises(EngineError, match="Nobody") as caught:
        engine.read(["Anna walks."], {"Anna": "Nobody"})
    assert "\n" not in str(caught.value)


def test_wrong_numbers_are_errors(engine: RenderEngine) -> None:
    with pytest.raises(EngineError, match="seeds came for"):
        drawn(engine, STORY, [1])
    with pytest.raises(EngineError, match="count from 0"):
        drawn(engine, panels=[5])


def test_knobs_reach_the_picture(engine: RenderEngine) -> None:
    still = drawn(engine, panels=[0], knobs={"truncation": 0.0})[0]
    assert not np.array_equal(still, drawn(engine, panels=[0])[0])
