"""What a sentence tells, as numbers: what it says itself, and nothing of what earlier sentences said."""

from __future__ import annotations

import numpy as np
import pytest

from seqgan.data.theatre.facts import Facts
from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.prepare import story_texts
from seqgan.data.theatre.world import Actor, Look, Panel, Told


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts.of(CastPack.shipped())


def _told(facts: Facts, text: str, panel: Panel, told: Told) -> set[str]:
    row = facts.vector(text, panel.to_dict(), told.to_dict())
    assert row.shape == (1, len(facts.names)) and row.dtype == np.float32 and set(np.unique(row)) <= {0, 1}
    return {name for name, number in zip(facts.names, row[0], strict=True) if number}


HAT = Actor("mia", "dance", "left", Look("hat", "red", "big"))


@pytest.mark.parametrize(
    ("text", "panel", "told", "known"),
    [
        ("Mia dances at the beach.", Panel((Actor("mia", "dance"),), "beach"), Told(),
         {"mia named", "mia dance", "mia middle", "beach"}),
        ("Mia dances.", Panel((Actor("mia", "dance"),), "beach", "night", "rain"), Told(),
         {"mia named", "mia dance", "mia middle"}),
        ("At night, big Mia in a red hat dances on the left.", Panel((HAT,), "beach", "night"), Told(),
         {"mia named", "mia dance", "mia left", "mia hat", "mia red", "mia big", "night"}),
        ("Mia dances on the left.", Panel((HAT,), "beach"), Told(carried=("mia",)),
         {"mia named", "mia dance", "mia left"}),
        ("She dances on the left.", Panel((HAT,), "beach"), Told(pronoun=True, carried=("mia",)),
         {"somebody she", "somebody dance", "somebody left"}),
        ("She, in a red hat, is big and dances on the left.", Panel((HAT,), "beach"), Told(pronoun=True),
         {"somebody she", "somebody dance", "somebody left", "somebody hat", "somebody red", "somebody big"}),
        ("They wave and jump.", Panel((Actor("mia", "wave", "left"), Actor("cat", "jump", "right")), "beach"),
         Told(pronoun=True), {"somebody they", *(f"somebody {fact}" for fact in ("wave", "left", "jump", "right"))}),
        ("Close up: it rains on a kite.", Panel((), "beach", "day", "rain", ("kite",), "close"), Told(),
         {"kite", "rain sky", "close"}),
    ],
)  # fmt: skip
def test_what_the_sentence_says(facts: Facts, text: str, panel: Panel, told: Told, known: set[str]) -> None:
    assert _told(facts, text, panel, told) == known


def test_numbers_have_names_of_their_own(facts: Facts) -> None:
    assert len(set(facts.names)) == len(facts.names) == 12 * 25 + 28 + 10 + 24 + 3 + 3 + 2


def test_whoever_remembers_knows_every_panel(facts: Facts) -> None:
    """A setting, a time and, where nobody goes in or out, a weather that are not told are those of the panel before."""
    for script in story_texts(facts.pack, "train", 60, 5):
        last: dict[str, str] = {}
        for text, panel, told in zip(script.sentences, script.panels, script.told, strict=True):
            here = {"setting": panel.setting, "time": panel.time, "sky": f"{panel.weather} sky"}
            known = _told(facts, text, panel, told)
            moved = bool(last) and here["setting"] != last["setting"]
            kept = [what for what in here if last and not (moved and what == "sky")]
            assert all(here[what] in known or here[what] == last[what] for what in kept)
            assert not told.pronoun or not known & {f"{who} named" for who in facts.pack.characters}
            last = here
