"""Flowers: what goes together, and combinations that only one split shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from seqgan.data.garden.flower import (
    DIRECTIONS,
    LEAF_COLOURS,
    NUMBERS,
    PETAL_COLOURS,
    PETAL_SHAPES,
    SPLITS,
    STAMEN_COLOURS,
    STAMEN_SHAPES,
    STEM_COLOURS,
    Flower,
    combinations,
    dice_of,
    flower_of,
)
from seqgan.errors import DataError

DAISY = Flower("white", "thin", "flat", 16, "yellow", "round", "green", "green")


def test_labels_tell_everything() -> None:
    assert DAISY.labels == {
        "petal_colour": "white", "petal_shape": "thin", "petal_direction": "flat", "petal_number": "16",
        "stamen_colour": "yellow", "stamen_shape": "round", "leaf_colour": "green", "stem_colour": "green",
        "class": "white thin",
    }  # fmt: skip
    assert DAISY.combination == "white thin flat yellow"
    assert replace(DAISY, second_colour="pink", pattern="tips").labels["second_colour"] == "pink"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"petal_colour": "whte"}, 'did you mean "white"'),
        ({"petal_direction": "sideways"}, "petal_direction 'sideways' does not exist"),
        ({"petal_number": 5}, "thin petals come in 8, 12, 16"),
        ({"second_colour": "pink"}, "needs its pattern"),
        ({"pattern": "tips"}, "needs its pattern"),
        ({"second_colour": "brown", "pattern": "tips"}, "second_colour 'brown'"),
        ({"second_colour": "pink", "pattern": "dots"}, "pattern 'dots'"),
    ],
)
def test_what_does_not_grow_is_refused(change: dict[str, str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        replace(DAISY, **change)


def test_splits_share_no_combination_and_leave_out_none() -> None:
    every = [each for split in SPLITS for each in combinations(split)]
    assert len(every) == len(set(every))
    grown = len(PETAL_SHAPES) * len(DIRECTIONS) * sum(a != b for a in PETAL_COLOURS for b in STAMEN_COLOURS)
    assert len(every) == grown == 684
    shares = [len(combinations(split)) / grown for split in SPLITS]
    assert [round(share, 2) for share in shares] == pytest.approx([0.86, 0.08, 0.06], abs=0.03)


def test_training_knows_every_value_and_class() -> None:
    trained = [flower_of(0, "train", index).labels for index in range(len(combinations("train")))]
    for group, names in {
        "petal_colour": PETAL_COLOURS, "petal_shape": PETAL_SHAPES, "petal_direction": DIRECTIONS,
        "stamen_colour": STAMEN_COLOURS, "stamen_shape": STAMEN_SHAPES, "leaf_colour": LEAF_COLOURS,
        "stem_colour": STEM_COLOURS, "second_colour": PETAL_COLOURS,
        "petal_number": {str(number) for numbers in NUMBERS.values() for number in numbers},
        "class": {f"{colour} {shape}" for colour in PETAL_COLOURS for shape in PETAL_SHAPES},
    }.items():  # fmt: skip
        assert {labels[group] for labels in trained if group in labels} == set(names), group


def test_a_split_goes_through_its_combinations_evenly() -> None:
    known = combinations("val")
    seen = Counter(flower_of(3, "val", index).combination for index in range(2 * len(known)))
    assert seen == {" ".join(each): 2 for each in known}


def test_petals_never_hide_their_stamens_or_pattern() -> None:
    for index in range(300):
        flower = flower_of(1, "test", index)
        assert len({flower.petal_colour, flower.stamen_colour, flower.second_colour}) == 3
        assert (flower.petal_shape, flower.pattern) != ("thin", "edges")


def test_a_flower_is_a_function_of_seed_split_and_index() -> None:
    assert flower_of(0, "train", 7) == flower_of(0, "train", 7)
    assert flower_of(0, "train", 7) != flower_of(1, "train", 7)
    for words, message in (((0, "dev", 0), "split 'dev'"), ((-1, "val", 0), "seed is -1"), ((0, "val", -2), "index")):
        with pytest.raises(DataError, match=message):
            dice_of(*words, 0)
