"""Who a pronoun means, and where actors stand."""

from __future__ import annotations

import pytest

from seqgan.data.theatre.discourse import OBJECT, SUBJECT, Discourse, settle_places

PRONOUNS = {"mia": "she", "cat": "she", "max": "he", "robot": "it", "team": "they"}


@pytest.fixture
def talk() -> Discourse:
    return Discourse(PRONOUNS)


def test_nobody_is_meant_before_a_mention(talk: Discourse) -> None:
    assert talk.resolve("she") == talk.resolve("they") == talk.resolve("both") == talk.resolve("three") == ()
    assert not talk.plain("she")


def test_the_latest_sentence_counts(talk: Discourse) -> None:
    talk.mention(0, [("mia", SUBJECT)])
    talk.mention(1, [("cat", SUBJECT)])
    talk.mention(2, [("max", SUBJECT)])
    assert talk.resolve("she") == ("cat",)
    assert talk.plain("she")
    assert (talk.antecedents("she"), talk.antecedents("he"), talk.distance(("cat",), 3)) == (2, 1, 2)
    assert talk.latest() == "max"


def test_the_subject_comes_before_the_object(talk: Discourse) -> None:
    talk.mention(0, [("cat", OBJECT), ("mia", SUBJECT)])
    assert talk.resolve("she") == ("mia",)
    assert talk.plain("she")


def test_two_subjects_are_not_plain(talk: Discourse) -> None:
    talk.mention(0, [("cat", SUBJECT), ("mia", SUBJECT)])
    assert talk.resolve("she") == ("cat",)
    assert not talk.plain("she")


def test_a_group_stays_until_somebody_else_is_mentioned(talk: Discourse) -> None:
    talk.mention(0, [("mia", SUBJECT), ("max", SUBJECT)])
    talk.mention(1, [("max", SUBJECT)])
    assert talk.resolve("they") == talk.resolve("both") == ("mia", "max")
    talk.mention(2, [("cat", SUBJECT)])
    assert not talk.plain("they")
    assert talk.resolve("both") == ("max", "cat")
    assert talk.resolve("three") == ("mia", "max", "cat")
    assert talk.plain("three")
    assert talk.antecedents("they") == 3


def test_two_known_are_both(talk: Discourse) -> None:
    talk.mention(0, [("max", SUBJECT)])
    talk.mention(1, [("cat", SUBJECT)])
    assert talk.resolve("they") == ("max", "cat")
    assert talk.plain("both")
    assert talk.antecedents("both") == 1


def test_they_may_be_one(talk: Discourse) -> None:
    talk.mention(0, [("team", SUBJECT)])
    assert talk.resolve("they") == ("team",)
    assert talk.resolve("both") == ()


@pytest.mark.parametrize(
    ("told", "order", "places"),
    [
        ([None], [5], ("middle",)),
        ([None, None], [1, 2], ("left", "right")),
        ([None, None], [2, 1], ("right", "left")),
        ([None, None, None], [3, 1, 2], ("right", "left", "middle")),
        (["right", None], [1, 2], ("right", "left")),
        (["behind", None], [1, 2], ("behind", "middle")),
        (["behind", None, None], [1, 2, 3], ("behind", "left", "right")),
        ([], [], ()),
    ],
)
def test_places(told: list[str | None], order: list[int], places: tuple[str, ...]) -> None:
    assert settle_places(told, order) == places
