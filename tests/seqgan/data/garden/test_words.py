"""Captions: ten, all true, some terse and some detailed; and reading them back."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from seqgan.data.garden.flower import Flower, dice_of, flower_of
from seqgan.data.garden.reading import told
from seqgan.data.garden.words import CAPTIONS, captions

DAISY = Flower("white", "thin", "flat", 16, "yellow", "round", "green", "green")
COUNT = 400


@pytest.fixture(scope="module")
def written() -> list[tuple[Flower, tuple[str, ...]]]:
    flowers = [flower_of(0, "train", index) for index in range(COUNT)]
    return [(flower, captions(flower, dice_of(0, "train", index, 1))) for index, flower in enumerate(flowers)]


def test_ten_different_captions_each(written: list[tuple[Flower, tuple[str, ...]]]) -> None:
    assert all(len(set(texts)) == len(texts) == CAPTIONS for _, texts in written)


def test_captions_are_true(written: list[tuple[Flower, tuple[str, ...]]]) -> None:
    for flower, texts in written:
        for text in texts:
            facts = told(text)
            assert facts
            assert facts.items() <= flower.labels.items(), text


def test_captions_read_as_those_of_the_flower_set(written: list[tuple[Flower, tuple[str, ...]]]) -> None:
    texts = [text for _, each in written for text in each]
    assert all(re.fullmatch(r"[a-z]+( [a-z]+|, [a-z]+)*", text) for text in texts)
    assert not [text for text in texts if re.search(r"\ba [aeio]|\ban [^aeio]|\b(\w+) \1\b", text)]
    lengths = [len(text.split()) for text in texts]
    assert min(lengths) <= 6
    assert max(lengths) >= 18


def test_some_tell_little_and_some_much(written: list[tuple[Flower, tuple[str, ...]]]) -> None:
    facts = [told(text) for _, texts in written for text in texts]
    sizes = Counter(map(len, facts))
    assert min(sizes) <= 2
    assert max(sizes) >= 6
    shares = Counter(group for each in facts for group in each)
    for group in ("petal_shape", "stamen_colour", "leaf_colour", "petal_direction", "stamen_shape"):
        assert shares[group] > 0.12 * len(facts), group
    for group in ("stem_colour", "petal_number", "second_colour"):
        assert shares[group] > 0.03 * len(facts), group


def test_the_sentence_of_the_papers_can_be_written() -> None:
    sentence = "this flower is white and yellow, with thin white petals and a round yellow stamen"
    assert any(sentence in captions(DAISY, dice_of(0, "train", index, 1)) for index in range(200))


def test_petals_are_counted_only_where_they_can_be(written: list[tuple[Flower, tuple[str, ...]]]) -> None:
    for flower, texts in written:
        counted = any("petal_number" in told(text) for text in texts)
        assert not counted or flower.petal_direction == "flat"
        assert not any(re.search(r"\b(many|lots?)\b", text) for text in texts) or flower.petal_number >= 12


@pytest.mark.parametrize(
    ("caption", "facts"),
    [
        ("this flower is white and yellow, with thin white petals and a round yellow stamen",
         {"petal_colour": "white", "petal_shape": "thin", "stamen_shape": "round", "stamen_colour": "yellow"}),
        ("the petals of this flower are blue and wavy, and the leaves are dark green",
         {"petal_colour": "blue", "petal_shape": "ruffled", "leaf_colour": "dark green"}),
        ("this flower has five white petals that are pink at the base surrounding long orange stamens",
         {"petal_number": "5", "petal_colour": "white", "second_colour": "pink", "stamen_shape": "long",
          "stamen_colour": "orange"}),
        ("this flower has red petals with white edges that curve upward, with light green leaves",
         {"petal_colour": "red", "second_colour": "white", "petal_direction": "upward", "leaf_colour": "light green"}),
        ("A purple flower with drooping petals grows on a thin brown stem.",
         {"petal_colour": "purple", "petal_direction": "downward", "stem_colour": "brown"}),
        ("the stamen of this flower is green, and the petals are red", {"stamen_colour": "green",
                                                                        "petal_colour": "red"}),
        ("a photo of something", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_captions_are_read_back(caption: str, facts: dict[str, str]) -> None:
    assert told(caption) == facts
