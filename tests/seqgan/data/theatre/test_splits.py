"""No leak between the splits."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from seqgan.data.theatre.grammar import write_script
from seqgan.data.theatre.names import names_for
from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.splits import held_actions, held_in, held_pairs, held_settings
from seqgan.data.theatre.world import ACTIONS

PACK = CastPack.shipped()


def test_about_eight_percent_are_held_out() -> None:
    actions, settings = held_actions(PACK), held_settings(PACK)
    assert 0.06 < len(actions) / (12 * 11) < 0.1
    assert 0.06 < len(settings) / (12 * 10) < 0.1
    assert actions | settings == held_pairs(PACK.characters, PACK.settings)


def test_everything_stays_in_training_with_most_others() -> None:
    for pairs, others in ((held_actions(PACK), ACTIONS), (held_settings(PACK), PACK.settings)):
        assert max(Counter(who for who, _ in pairs).values()) <= 2
        assert max(Counter(what for _, what in pairs).values()) <= 2
        assert {what for _, what in pairs} <= set(others)
    assert not any(action == "stand" for _, action in held_actions(PACK))


def test_the_hash_is_fixed() -> None:
    """Stories already prepared, and models trained on them, depend on these very pairs."""
    assert sorted(held_actions(PACK))[:3] == HELD_ACTIONS
    assert sorted(held_settings(PACK))[:3] == HELD_SETTINGS


HELD_ACTIONS = [("cat", "run"), ("dragon", "juggle"), ("mia", "ride")]
HELD_SETTINGS = [("cat", "street"), ("dragon", "meadow"), ("max", "snow")]


@pytest.mark.parametrize("split", ["train", "val", "test", "test_unseen"])
def test_splits_keep_their_pairs_and_names(split: str) -> None:
    names = {name for pronoun in ("she", "he", "it") for name in names_for(pronoun, split)}
    for number in range(150):
        script = write_script(PACK, np.random.default_rng([5, number]), split)
        assert bool(held_in(PACK, script.panels)) == (split == "test_unseen")
        assert set(script.names) <= names
