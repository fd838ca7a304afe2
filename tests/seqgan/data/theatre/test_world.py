"""The records of a story: what they refuse, and that they come back from plain values."""

from __future__ import annotations

import json

import pytest

from seqgan.data.theatre.world import Actor, Look, Panel, Script, Told
from seqgan.errors import DataError

ACTOR = Actor("mia", "wave", "left", Look("hat", "red", "small"))
PANEL = Panel((ACTOR, Actor("cat")), "forest", "night", "rain", ("ball", "key"), "far")
TOLD = Told(True, 2, 3, ("mia",), ("cat",), ("Lily",))


def test_records_survive_json() -> None:
    script = Script(("One.", "Two."), (PANEL, PANEL), (TOLD, Told()), {"Lily": "cat"})
    assert Script.from_dict(json.loads(json.dumps(script.to_dict()))) == script
    assert script.text == "One. Two."


def test_the_default_look_is_plain() -> None:
    assert Look().plain
    assert not ACTOR.look.plain


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Look("cape", "red"), "look item"),
        (lambda: Look("hat", "pink"), "look colour"),
        (lambda: Look(size="huge"), "look size"),
        (lambda: Look("hat"), "give both or neither"),
        (lambda: Look(colour="red"), "give both or neither"),
        (lambda: Actor("mia", "fly"), "action is 'fly'"),
        (lambda: Actor("mia", "walk", "above"), "place is 'above'"),
        (lambda: Panel((), "forest", "noon"), "time is 'noon'"),
        (lambda: Panel((), "forest", weather="fog"), "weather is 'fog'"),
        (lambda: Panel((), "forest", shot="wide"), "shot is 'wide'"),
        (lambda: Panel((), "forest", props=("a", "b", "c")), "3 props"),
        (lambda: Panel(tuple(Actor(str(i)) for i in range(4)), "forest"), "4 actors"),
        (lambda: Panel((Actor("mia"), Actor("mia")), "forest"), "shows a character twice"),
        (lambda: Script(("One.",), (), ()), "1 sentences, 0 panels"),
    ],
)
def test_what_cannot_be_shown_is_refused(make, words: str) -> None:
    with pytest.raises(DataError, match=words):
        make()
