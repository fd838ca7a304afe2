"""A sentence told otherwise says what was asked for, by the very reader that draws it."""

from __future__ import annotations

import re

import pytest

from seqgan.data.theatre.grammar import surprise
from seqgan.data.theatre.rewording import SHOTS, settings, tell_setting, tell_shot, told_scene
from seqgan.errors import InputError

SENTENCES = [each for seed in range(3) for each in re.split(r"(?<=[.!?])\s+", surprise(seed))]


def test_every_setting_can_be_told_in_every_sentence_of_the_grammar() -> None:
    for sentence in SENTENCES:
        for setting in settings():
            assert told_scene(tell_setting(sentence, setting))[0] == setting, (sentence, setting)


def test_every_shot_can_be_told_in_every_sentence_of_the_grammar() -> None:
    for sentence in SENTENCES:
        for shot in SHOTS:
            assert told_scene(tell_shot(sentence, shot))[1] == shot, (sentence, shot)


def test_what_is_told_already_stays_as_it_is() -> None:
    for sentence in SENTENCES:
        setting, _ = told_scene(sentence)
        assert setting is None or tell_setting(sentence, setting) == sentence


@pytest.mark.parametrize(
    ("before", "setting", "after"),
    [
        ("Mia walks in the snow.", "beach", "Mia walks on the beach."),
        ("Mia runs into the woods.", "castle", "Mia runs to the castle."),
        ("At the castle, Pip sings!", "forest", "In the forest, Pip sings!"),
        ("She waves, seen up close.", "space", "She waves in space, seen up close."),
        ("They build a snow castle in her garden", "lake", "They build a snow castle at the lake"),
        ("", "snow", "In the snow."),
    ],
)
def test_settings_are_replaced_or_added(before: str, setting: str, after: str) -> None:
    told = tell_setting(before, setting)
    assert told_scene(told)[0] == setting
    assert told.rstrip(".") == after.rstrip(".")


@pytest.mark.parametrize(
    ("before", "shot", "after"),
    [
        ("Mia waves.", "close", "Mia waves, seen up close."),
        ("Mia waves, seen up close.", "far", "Mia waves, far away."),
        ("Mia waves, far away.", "medium", "Mia waves."),
        ("From far away, Mia waves.", "medium", "Mia waves."),
        ("A close-up shows Mia dancing.", "far", "A wide shot shows Mia dancing."),
        ("A wide shot shows Mia dancing.", "medium", "The picture shows Mia dancing."),
    ],
)
def test_shots_are_replaced_added_or_taken_away(before: str, shot: str, after: str) -> None:
    assert tell_shot(before, shot) == after


def test_unknown_words_are_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="moonbase.*forest"):
        tell_setting("Mia waves.", "moonbase")
    with pytest.raises(InputError, match="huge.*close"):
        tell_shot("Mia waves.", "huge")
