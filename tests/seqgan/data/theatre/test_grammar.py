"""A thousand stories: their statistics, their language, their labels."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from types import SimpleNamespace

import numpy as np
import pytest

from seqgan.data.theatre import words as W
from seqgan.data.theatre.grammar import surprise, write_forms, write_script
from seqgan.data.theatre.mentions import without_dummies
from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.world import ACTIONS, Script
from seqgan.errors import DataError

STORIES = 1000
TWENTY_STORIES = "253cd7879b29c356"
PACK = CastPack.shipped()


@dataclass
class Told:
    scripts: list[Script]
    forms: set[str]

    @property
    def rows(self):
        return [row for s in self.scripts for row in zip(s.sentences, s.panels, s.told, strict=True)]


@pytest.fixture(scope="module")
def told() -> Told:
    made = [write_forms(PACK, np.random.default_rng([8, number]), "test") for number in range(STORIES)]
    return Told([script for script, _ in made], {form for _, forms in made for form in forms})


def test_hundreds_of_sentence_forms(told: Told) -> None:
    assert len(told.forms) >= 300


def test_lengths_and_casts(told: Told) -> None:
    lengths = Counter(len(script.panels) for script in told.scripts)
    assert set(lengths) == {3, 4, 5, 6, 7, 8}
    casts = [{a.who for p in s.panels for a in p.actors} for s in told.scripts]
    assert max(map(len, casts)) == 3
    assert sum(len(cast) < 3 for cast in casts) > 0.6 * STORIES


def test_pronoun_panels_are_many_ambiguous_and_far(told: Told) -> None:
    pronoun = [each for _, _, each in told.rows if each.pronoun]
    assert len(pronoun) >= 0.2 * len(told.rows)
    assert sum(each.antecedents > 1 for each in pronoun) >= 0.3 * len(pronoun)
    assert sum(each.distance > 1 for each in pronoun) >= 0.2 * len(pronoun)


def test_pronoun_panels_name_nobody(told: Told) -> None:
    words = {person.name for person in PACK.characters.values()}
    words |= {noun for who in PACK.characters for noun in W.nouns(PACK, who)}
    for script in told.scripts:
        pattern = re.compile(rf"\b({'|'.join([*words, *script.names])})s?\b")
        for sentence, panel, each in zip(script.sentences, script.panels, script.told, strict=True):
            if each.pronoun or not panel.actors:
                assert not pattern.search(sentence), sentence
            if not each.pronoun and panel.actors and "friends" not in sentence:
                assert pattern.search(sentence), sentence
            if each.pronoun:
                assert each.antecedents >= 1 and each.distance >= 1
                assert re.search(r"\b(he|him|she|her|it|they|them|both|three|two)\b", without_dummies(sentence.lower()))


def test_names_and_looks_are_told_once(told: Told) -> None:
    assert 0.28 < sum(bool(script.names) for script in told.scripts) / STORIES < 0.45
    looks = [{(a.who, a.look) for p in s.panels for a in p.actors if not a.look.plain} for s in told.scripts]
    assert 0.5 < sum(map(bool, looks)) / STORIES < 0.7
    carried = [each for _, _, each in told.rows if each.carried]
    assert len(carried) > 0.15 * len(told.rows)
    for script in told.scripts:
        colours = re.findall(r"\b(?:red|blue|green|yellow) (?:hat|scarf)\b", script.text)
        assert len(colours) <= 2
        for name, who in script.names.items():
            assert name in script.text
            used = [name in sentence for sentence in script.sentences]
            assert used == [who in each.renamed and name in each.names for each in script.told]


def test_props_and_shots(told: Told) -> None:
    acted = [panel for _, panel, _ in told.rows if panel.actors]
    assert 0.38 < sum(bool(panel.props) for panel in acted) / len(acted) < 0.52
    shots = Counter(panel.shot for panel in acted)
    assert 0.08 < shots["close"] / len(acted) < 0.16
    assert 0.08 < shots["far"] / len(acted) < 0.16


def test_everything_comes_about_equally_often(told: Told) -> None:
    actors = [actor for _, panel, _ in told.rows for actor in panel.actors]
    for counts in (
        Counter(actor.who for actor in actors), Counter(a.action for a in actors if a.action != "stand"),
        Counter(panel.setting for _, panel, _ in told.rows),
        Counter(prop for _, panel, _ in told.rows for prop in panel.props),
    ):  # fmt: skip
        assert max(counts.values()) < 1.8 * min(counts.values()), counts
    assert {actor.action for actor in actors} == set(ACTIONS)
    assert {actor.place for actor in actors} == {"left", "middle", "right", "behind"}
    assert {panel.time for _, panel, _ in told.rows} == {"day", "dusk", "night"}
    assert {panel.weather for _, panel, _ in told.rows} == {"clear", "rain", "snow"}


def test_weather_stays_outside(told: Told) -> None:
    assert all(p.weather == "clear" for _, p, _ in told.rows if PACK.settings[p.setting].indoor)


def test_nobody_is_behind_alone(told: Told) -> None:
    for _, panel, _ in told.rows:
        places = [actor.place for actor in panel.actors]
        assert "behind" not in places or len(places) > 1
        assert len(set(places)) == len(places)


def test_sentences_are_clean(told: Told) -> None:
    bad = re.compile(r"[{}]|  |,,|,\.|\.\.| ,|\ban? (?:an?|the)\b|\bthe the\b|\ba [aeio]|\ban [^aeiou]|\b(\w+) \1\b")
    for sentence, _, _ in told.rows:
        assert sentence[0].isupper() and sentence.endswith("."), sentence
        assert not bad.search(sentence), sentence


def test_past_and_present(told: Told) -> None:
    past = [bool(re.search(r"\b(was|were|went|ran|swam|did|began|fell|took|stood)\b", s.text)) for s in told.scripts]
    assert 0.1 < sum(past) / STORIES < 0.3
    for script, old in zip(told.scripts, past, strict=True):
        assert not (old and re.search(r"\b(is|are|does|goes|swims|walks|runs)\b", script.text)), script.text


def test_the_same_seed_tells_the_same_story() -> None:
    one, two = (write_script(PACK, np.random.default_rng(4), "train") for _ in range(2))
    assert one == two
    assert surprise(3) == surprise(3) != surprise(4)


def test_a_story_is_the_same_everywhere() -> None:
    """Text is part of the data hash: this changes only when the grammar does, and then the hash must change too."""
    texts = [write_script(PACK, np.random.default_rng([1, n]), "train").text for n in range(20)]
    assert sha256("\n".join(texts).encode()).hexdigest()[:16] == TWENTY_STORIES


def tiny_pack(settings: int = 2, props: int = 1) -> SimpleNamespace:
    person = SimpleNamespace(name="Ada", kind="fox", pronoun="they", words=())
    return SimpleNamespace(
        characters={"ada": person},
        settings={f"s{n}": SimpleNamespace(words=(f"park {n}",), indoor=False) for n in range(settings)},
        props={f"p{n}": SimpleNamespace(words=()) for n in range(props)},
    )


@pytest.mark.parametrize(("settings", "props"), [(1, 0), (2, 1), (3, 4)])
def test_a_tiny_pack_has_stories(settings: int, props: int) -> None:
    for number in range(30):
        script = write_script(tiny_pack(settings, props), np.random.default_rng(number))
        assert {actor.who for panel in script.panels for actor in panel.actors} == {"ada"}
        assert not props or {prop for panel in script.panels for prop in panel.props} <= {f"p{n}" for n in range(props)}


def test_an_empty_pack_is_refused() -> None:
    pack = SimpleNamespace(characters={}, settings={}, props={})
    with pytest.raises(DataError, match="no characters or no settings"):
        write_script(pack, np.random.default_rng(0))
