"""The figures of a story model on a table that can be counted by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from seqgan.data.theatre.labels import LabelSpace
from seqgan.training.story_report import (
    Labels,
    carried_figures,
    consistency_figures,
    panel_figures,
    previous_cast,
    pronoun_figures,
    seen_labels,
    story_figures,
)

SPACE = LabelSpace(("max", "mia"), ("beach", "forest"), ("ball", "kite"))
PLAIN = {"item": "none", "colour": "none", "size": "normal"}
RED_HAT = {"item": "hat", "colour": "red", "size": "normal"}


def panel(*who: str, setting: str = "beach", look: dict[str, str] = PLAIN, props: tuple[str, ...] = ()) -> dict:
    actors = [{"who": each, "action": "walk", "place": "left", "look": look} for each in who]
    return {"actors": actors, "setting": setting, "time": "day", "weather": "clear", "shot": "medium", "props": props}


def told(pronoun: bool = False, antecedents: int = 0, distance: int = 0, carried: tuple[str, ...] = ()) -> dict:
    return {"pronoun": pronoun, "antecedents": antecedents, "distance": distance, "carried": list(carried),
            "renamed": [], "names": []}  # fmt: skip


def encode(*panels: dict) -> Labels:
    rows = [SPACE.encode(each) for each in panels]
    return {name: np.stack([row[name] for row in rows]) for name in SPACE.groups}


def as_seen(labels: Labels) -> Labels:
    """What a judge without fault would say: a class for absent actors too."""
    return {name: np.maximum(part, 0) for name, part in labels.items()}


TARGETS = encode(panel("mia"), panel("mia", "max", props=("kite",)), panel("max", setting="forest"))


def test_a_judge_without_fault_gives_ones() -> None:
    figures = panel_figures(TARGETS, as_seen(TARGETS))
    assert set(figures.values()) == {1.0}


def test_logits_become_labels_at_one_half() -> None:
    seen = seen_labels({"characters": np.array([[0.1, -0.1]]), "setting": np.array([[[0.0, 2.0, 1.0]]])})
    assert seen["characters"].tolist() == [[1, 0]]
    assert seen["setting"].tolist() == [[1]]


def test_a_missed_actor_is_wrong_in_what_it_does() -> None:
    seen = as_seen(TARGETS)
    seen["characters"] = seen["characters"].copy()
    seen["characters"][1, 0] = 0  # max is not seen in the second panel
    figures = panel_figures(TARGETS, seen)
    assert figures["character_f1"] == pytest.approx(2 * 3 / (2 * 3 + 1))
    assert figures["frame_accuracy"] == pytest.approx(2 / 3)
    assert figures["action_accuracy"] == figures["look_accuracy"] == pytest.approx(3 / 4)
    assert figures["action_accuracy_detected"] == 1.0


def test_a_wrong_action_is_wrong_either_way() -> None:
    seen = as_seen(TARGETS)
    seen["actor_action"] = seen["actor_action"] + 1
    figures = panel_figures(TARGETS, seen)
    assert figures["action_accuracy"] == figures["action_accuracy_detected"] == 0.0
    assert figures["size_accuracy"] == 1.0


def test_copy_of_the_previous_cast_starts_anew_with_each_story() -> None:
    starts = np.array([0, 2, 3])
    expected = np.array([[0, 0], TARGETS["characters"][0], [0, 0]])
    np.testing.assert_array_equal(previous_cast(TARGETS, starts), expected)


def test_pronoun_panels_and_their_baseline() -> None:
    records = [told(), told(True, 2, 1), told(True, 1, 2)]
    figures = pronoun_figures(TARGETS, as_seen(TARGETS), records, np.array([0, 3]))
    assert figures["pronoun_character_f1"] == 1.0
    assert figures["pronoun_character_f1_copy_of_previous"] == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))
    assert figures["pronoun_character_f1_two_or_more_panels_back_copy_of_previous"] == pytest.approx(2 / 3)
    assert figures["pronoun_panels"] == 2
    assert figures["pronoun_share"] == pytest.approx(2 / 3)
    assert figures["pronoun_share_two_or_more_antecedents"] == 0.5
    assert figures["pronoun_share_two_or_more_panels_back"] == 0.5


def test_a_carried_look_needs_the_actor_and_both_labels() -> None:
    targets = encode(panel("mia", look=RED_HAT), panel("mia", "max", look=RED_HAT), panel("max", look=RED_HAT))
    records = [told(), told(carried=("mia", "max")), told(carried=("max",))]
    seen = as_seen(targets)
    assert carried_figures(targets, seen, records, SPACE)["carried_attribute_accuracy"] == 1.0
    seen = {name: part.copy() for name, part in seen.items()}
    seen["characters"][1, 1] = 0  # mia is not seen
    seen["actor_size"][2, 0] = 2  # max is seen small
    figures = carried_figures(targets, seen, records, SPACE)
    assert figures["carried_attribute_accuracy"] == pytest.approx(1 / 3)
    assert figures["carried_attribute_accuracy_detected"] == pytest.approx(1 / 2)
    assert figures["carried_attributes"] == 3


def test_look_consistency_counts_pairs_of_one_story() -> None:
    targets = encode(*[panel("mia", look=RED_HAT)] * 4)
    seen = {name: part.copy() for name, part in as_seen(targets).items()}
    seen["actor_look"][1, 1] = 0
    assert consistency_figures(targets, seen, np.array([0, 2, 4]))["look_consistency"] == 0.5
    assert consistency_figures(targets, seen, np.array([0, 4]))["look_consistency"] == 0.5
    seen["characters"][1, 1] = 0  # what is not seen has no look
    assert consistency_figures(targets, seen, np.array([0, 4]))["look_consistency"] == 1.0


def test_without_such_panels_the_figures_are_not_numbers() -> None:
    figures = story_figures(TARGETS, as_seen(TARGETS), [told()] * 3, np.array([0, 1, 2, 3]), SPACE)
    for name in ("pronoun_character_f1", "carried_attribute_accuracy", "look_consistency"):
        assert math.isnan(figures[name])
    assert figures["character_f1"] == 1.0
