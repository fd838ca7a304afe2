"""Who does what, and how it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from seqgan.data.fluent.art import Art
from seqgan.data.fluent.people import PERSONAS, TIMES, actions, people, person_of
from seqgan.data.theatre.pack import CastPack


def _art(name: str, group: str = "people") -> Art:
    return Art(Path("x.webp"), "1f600", name, (), group)


@pytest.mark.parametrize(
    ("name", "persona", "action", "sentence"),
    [
        ("woman juggling: dark skin tone", "woman with dark skin", "juggling", "a woman with dark skin is juggling"),
        ("man running", "man", "running", "a man is running"),
        ("singer: medium-light skin tone", "person with medium-light skin", "singer",
         "a person with medium-light skin is singing into a microphone"),
        ("woman farmer", "woman", "farmer", "a woman dressed as a farmer"),
        ("teacher", "person", "teacher", "a person dressed as a teacher is standing before a blackboard"),
        ("mermaid: light skin tone", "woman with light skin", "merperson",
         "a woman with light skin is swinging the tail of a fish"),
        ("prince", "man", "prince", "a man dressed as a prince"),
    ],
)  # fmt: skip
def test_a_name_tells_persona_and_action(name: str, persona: str, action: str, sentence: str) -> None:
    person = person_of(_art(name))
    assert person is not None and person.cell == (persona, action)
    assert person.persona in PERSONAS and person.sentence == sentence


@pytest.mark.parametrize(
    "name", ["woman", "woman: dark skin tone, red hair", "man: beard", "waving hand", "women wrestling",
             "person wearing turban", "handshake: light skin tone, dark skin tone"]
)  # fmt: skip
def test_heads_hands_and_pairs_are_nobody(name: str) -> None:
    assert person_of(_art(name)) is None


def test_only_people_are_somebody() -> None:
    assert people([_art("man running"), _art("man running", "nature")]) == [person_of(_art("man running"))]


def test_captions_name_persona_action_place_and_time() -> None:
    juggler = person_of(_art("woman juggling: dark skin tone"))
    assert juggler is not None
    assert juggler.captions("beach", "night", 0)[0] == "a woman with dark skin is juggling on the beach at night"
    for place in CastPack.shipped().settings:
        for time, told in TIMES.items():
            captions = juggler.captions(place, time, 0)
            assert len(set(captions)) == 4
            for caption in captions:
                assert "a woman with dark skin juggl" in caption.replace("is ", "")
                assert any(words in caption for words in told)


def test_captions_are_english_for_every_action() -> None:
    for name, action in actions().items():
        assert action.stand in ("feet", "edge"), name
        assert action.like or action.doing, name
        assert bool(action.doing) == bool(action.does), name
    told = person_of(_art("astronaut: dark skin tone"))
    assert told is not None
    who, captions = "a person with dark skin dressed as an astronaut", told.captions("room", "day", 0)
    assert captions[0] == f"{who} is in the room during the day"
    assert captions[1].startswith(f"{who} can be seen in the ")
    assert captions[2].endswith(f"day, {who} is in the room")
    assert captions[3].endswith(f"room, {who} can be seen during the day")
