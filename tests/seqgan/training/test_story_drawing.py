"""What an evaluation asks of a sampler: sentences, seeds, panels, and names of the other split."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from seqgan.data.theatre.names import names_for
from seqgan.sampling.noise import board_seeds
from seqgan.training.story_drawing import (
    Wish,
    draw_all,
    fit,
    lone_sentences,
    rename,
    renamed_panels,
    whole_stories,
    with_training_names,
)

HELD = names_for("she", "test")[0]
TOLD = {"pronoun": False, "renamed": []}
RECORD = {
    "text": [f"A girl called {HELD} walks.", "She waves.", f"{HELD} and Max jump."],
    "told": [{**TOLD, "renamed": ["mia"]}, {**TOLD, "pronoun": True}, {**TOLD, "renamed": ["mia"]}],
    "names": {HELD: "mia"},
}
SEEDS = tuple(board_seeds(0, 3))


class Counter:
    """A sampler whose panels say which panel of how many they are, and with which seed."""

    def draw(
        self, sentences: Sequence[str], seeds: Sequence[int], panels: Sequence[int] | None = None
    ) -> Iterator[tuple[int, np.ndarray]]:
        for number in range(len(sentences)) if panels is None else panels:
            yield number, np.full((4, 6, 3), [number, len(sentences), seeds[number] % 251], np.uint8)


def test_panels_come_in_order_each_with_its_own_seed() -> None:
    heard: list[int] = []
    wishes = [Wish(("a", "b"), (5, 6)), Wish(("c", "d", "e"), (7, 8, 9), (2, 0))]
    drawn = draw_all(Counter(), wishes, (4, 6), heard.append)
    assert drawn[:, 0, 0].tolist() == [[0, 2, 5], [1, 2, 6], [2, 3, 9], [0, 3, 7]]
    assert heard == [1, 1]
    assert draw_all(Counter(), [], (4, 6)).shape == (0, 4, 6, 3)


def test_panels_are_brought_to_the_judges_size() -> None:
    panel = np.arange(8 * 12 * 3, dtype=np.uint8).reshape(8, 12, 3)
    assert fit(panel, (8, 12)) is panel
    np.testing.assert_array_equal(fit(np.full((8, 12, 3), 7, np.uint8), (4, 6)), np.full((4, 6, 3), 7))
    assert fit(panel, (16, 24)).shape == (16, 24, 3)


def test_whole_stories_have_the_seeds_of_a_new_board() -> None:
    assert whole_stories([RECORD], 0) == [Wish(tuple(RECORD["text"]), SEEDS)]


def test_a_pronoun_sentence_alone_keeps_the_seed_of_its_place() -> None:
    assert lone_sentences([RECORD], 0) == [Wish(("She waves.",), (SEEDS[1],))]


def test_names_are_replaced_everywhere_by_one_name_of_the_training_split() -> None:
    (wish,) = with_training_names([RECORD], {"mia": "she"}, 0)
    assert wish.panels == renamed_panels(RECORD) == (0, 2)
    assert wish.seeds == SEEDS
    new = wish.sentences[0].split()[3]
    assert new in names_for("she", "train")
    assert wish.sentences == tuple(text.replace(HELD, new) for text in RECORD["text"])
    assert with_training_names([RECORD], {"mia": "she"}, 0) == [wish]


def test_stories_without_given_names_are_left_out() -> None:
    assert with_training_names([{**RECORD, "told": [TOLD] * 3, "names": {}}], {"mia": "she"}, 0) == []


def test_only_whole_words_are_renamed() -> None:
    assert rename("Ann met Anna; Ann's cat.", {"Ann": "Eve"}) == "Eve met Anna; Eve's cat."
    assert rename("Ann waves.", {}) == "Ann waves."
