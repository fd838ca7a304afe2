"""Reading stories back to labels: the grammar's own, the examples, and whatever people type."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from seqgan.data.theatre.grammar import write_script
from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.parse import parse_story
from seqgan.data.theatre.world import Actor, Panel
from seqgan.resources import asset

PACK = CastPack.shipped()
EXAMPLES = sorted(asset("stories").glob("*.txt"))


def read(*sentences: str) -> list[Panel]:
    return parse_story(sentences, PACK)[0]


def who(panel: Panel) -> dict[str, str]:
    return {actor.who: actor.action for actor in panel.actors}


def test_the_grammar_is_read_back() -> None:
    cast = panels = actions = exact = 0
    for number in range(200):
        script = write_script(PACK, np.random.default_rng([6, number]), "test")
        for told, seen in zip(script.panels, parse_story(script.sentences, PACK)[0], strict=True):
            panels += 1
            cast += {a.who for a in told.actors} == {a.who for a in seen.actors}
            actions += who(told) == who(seen)
            exact += told == seen
    assert cast / panels >= 0.97
    assert actions / panels >= 0.95
    assert exact / panels >= 0.92


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_understood(path: Path) -> None:
    sentences = path.read_text(encoding="utf-8").splitlines()
    panels, notes = parse_story(sentences, PACK)
    assert 5 <= len(sentences) <= 8
    assert not notes
    assert any(panel.props for panel in panels)


def test_there_are_six_examples() -> None:
    assert len(EXAMPLES) == 6
    assert asset("stories", "snow-day.txt") in EXAMPLES


def test_the_snow_day() -> None:
    panels = read(*asset("stories", "snow-day.txt").read_text(encoding="utf-8").splitlines())
    assert [who(panel) for panel in panels] == [
        {"mia": "walk"}, {}, {"penguin": "walk"}, {"mia": "dance", "penguin": "dance"}, {"mia": "wave"}, {},
        {"penguin": "sleep"}]  # fmt: skip
    assert {panel.setting for panel in panels} == {"snow"}
    assert all(actor.look.colour == "red" for panel in panels for actor in panel.actors if actor.who == "mia")


def test_names_given_on_the_way() -> None:
    panels = read("A girl called Lily meets Tom, a small cat.", "Tom sleeps.", "Lily waves to him.")
    assert [set(who(panel)) for panel in panels] == [{"mia", "cat"}, {"cat"}, {"mia"}]
    assert panels[1].actors[0].look.size == "small"


def test_clauses_have_their_own_verbs() -> None:
    assert who(read("Mia waves to Max and he bows.")[0]) == {"mia": "wave", "max": "bow"}
    assert who(read("Mia watches Max dancing.")[0]) == {"mia": "stand", "max": "dance"}
    assert who(read("Mia juggles, and so does the owl.")[0]) == {"mia": "juggle", "owl": "juggle"}
    assert who(read("Behind Max, Mia swims.")[0]) == {"mia": "swim", "max": "stand"}


def test_places() -> None:
    left = read("Max stands on the right and Mia waves on the left.")[0]
    assert {actor.who: actor.place for actor in left.actors} == {"max": "right", "mia": "left"}
    behind = read("Mia hides behind the pig.")[0]
    assert {actor.who: actor.place for actor in behind.actors} == {"mia": "behind", "pig": "middle"}


def test_time_weather_and_setting_stay_until_told_otherwise() -> None:
    panels = read("Mia walks on the beach at night.", "It starts to rain.", "She runs home.", "She goes to the castle.")
    assert [(panel.setting, panel.weather) for panel in panels] == [
        ("beach", "clear"), ("beach", "rain"), ("room", "clear"), ("castle", "clear")]  # fmt: skip
    assert {panel.time for panel in panels} == {"night"}
    assert [p.time for p in read("The sun rises.", "The sun sets.", "It is night.", "The night is over.")] == [
        "day", "dusk", "night", "day"]  # fmt: skip
    assert [p.weather for p in read("It snows on the beach.", "The snowfall stops.")] == ["snow", "clear"]


def test_it_may_be_a_thing() -> None:
    panels = read("Max finds a ball.", "He holds it.", "It rains.")
    assert [panel.props for panel in panels] == [("ball",), ("ball",), ()]


def test_what_does_not_fit_is_noted() -> None:
    panels, notes = parse_story(["She waves."], PACK)
    assert panels[0].actors == ()
    assert notes == ["panel 1: nobody in the story so far fits 'she'"]
    crowd, notes = parse_story(["Mia, Max, Robin and the owl dance with a ball, a key and a kite."], PACK)
    assert (len(crowd[0].actors), len(crowd[0].props)) == (3, 2)
    assert "shows 3 of 4 characters" in notes[0]


@pytest.mark.parametrize(
    "text",
    ["", " ", "?", "\x00\x07", "🐈 🎉", "兔子在雪地里。", "{a} {0}", "Mia " * 500, "and , behind", "her his it both"],
)
def test_odd_text_never_raises(text: str) -> None:
    panels, _ = parse_story([text, text], PACK)
    assert len(panels) == 2


def test_no_sentences_no_panels() -> None:
    assert parse_story([], PACK) == ([], [])


def test_one_word() -> None:
    assert read("Mia")[0].actors == (Actor("mia"),)
