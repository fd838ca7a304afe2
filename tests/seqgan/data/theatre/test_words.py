"""Inflection, articles, and that a sentence comes out clean."""

from __future__ import annotations

import pytest

from seqgan.data.theatre import words as W
from seqgan.data.theatre.acts import fits
from seqgan.data.theatre.forms import Agree, Ref, finish, progressive
from seqgan.data.theatre.names import FEMALE, MACHINE, MALE, names_for
from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.world import ACTIONS, SETTINGS


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("walk", ("walks", "walked", "walking")), ("carry", ("carries", "carried", "carrying")),
        ("dance", ("dances", "danced", "dancing")), ("rush", ("rushes", "rushed", "rushing")),
        ("play", ("plays", "played", "playing")), ("swim", ("swims", "swam", "swimming")),
        ("be", ("is", "was", "being")),
    ],
)  # fmt: skip
def test_verbs_inflect(verb: str, forms: tuple[str, str, str]) -> None:
    assert W.inflect(verb) == forms


def test_verbs_agree() -> None:
    assert [W.finite("be", plural, past) for plural in (0, 1) for past in (0, 1)] == ["is", "was", "are", "were"]
    assert [W.finite("go", plural, past) for plural in (0, 1) for past in (0, 1)] == ["goes", "went", "go", "went"]
    assert W.in_number("do a cartwheel/do cartwheels", True) == "do cartwheels"
    assert W.in_number("take a nap", True) == "take a nap"


def test_articles() -> None:
    assert [W.article(noun) for noun in ("owl", "unicorn", "umbrella", "cat")] == [
        "an owl", "a unicorn", "an umbrella", "a cat"]  # fmt: skip


def test_a_reference_inflects_its_verbs() -> None:
    one, two = Ref("Mia", "Mia", "do a cartwheel/do cartwheels"), Ref("they", "them", "be fast asleep", True, True)
    assert f"{one} {one:v}, {one:start} to {one:inf}, {one:be} {one:ing}" == (
        "Mia does a cartwheel, starts to do a cartwheel, is doing a cartwheel")  # fmt: skip
    assert f"{two} {two:v} beside {two:obj}" == "they were fast asleep beside them"
    assert Agree(True).fill("night {:fall}, snowflakes {!be} here") == "night fell, snowflakes were here"


def test_sentences_are_finished() -> None:
    assert finish("cleo, a cat,, waves  , far away,") == "Cleo, a cat, waves, far away."
    assert finish("look!") == "Look!"


def test_forms_that_do_not_go_together() -> None:
    assert not progressive("be fast asleep")
    assert not fits("{a} {a:start} to {a:inf}", "be fast asleep")
    assert not fits("{a} {a:keep} {a:ing}", "fall asleep")
    assert not fits("{a} {a:v} for a while", "take a bow")
    assert not fits("{a} {a:smile} and {a:v}", "smile")
    assert fits("{a} {a:v} for a while", "swim in circles")


def test_every_action_and_setting_has_words() -> None:
    assert set(W.ACTION_PHRASES) == set(W.ACTION_KEYS) == set(ACTIONS)
    assert set(W.AT) == set(W.TO) == set(W.SCENE) == set(SETTINGS)
    assert min(map(len, W.ACTION_PHRASES.values())) >= 7


def test_names_are_many_and_split() -> None:
    everything = (*FEMALE, *MALE, *MACHINE)
    assert len(everything) == len(set(everything)) >= 150
    cast = {person.name for person in CastPack.shipped().characters.values()}
    assert not cast & set(everything)
    for pronoun in ("she", "he", "it", "they"):
        train, other = set(names_for(pronoun, "train")), set(names_for(pronoun, "test"))
        assert not train & other
        assert min(len(train), len(other)) >= 5
        assert other == set(names_for(pronoun, "test_unseen")) == set(names_for(pronoun, "val"))


def test_nouns_mean_one_character() -> None:
    pack = CastPack.shipped()
    nouns = [noun for who in pack.characters for noun in W.nouns(pack, who)]
    assert len(nouns) == len(set(nouns))
