"""Captions: what is taken, cleaned, and dropped with its reason."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from seqgan.data.videos.captions import choose, cleaned, language, meaningful, title_of


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Kite surfing!! #kite #sea https://x.y/z?a=1", "Kite surfing!!"),
        ("see www.example.org and youtu.be/abc for more", "see and for more"),
        ("two dogs, 1,234 views", "two dogs"),
        ("3 men ride 2 horses", "3 men ride 2 horses"),
        ("a dog 🐶 runs\x00 \ufffd", "a dog runs"),
        ("#only #tags", ""),
    ],
)
def test_lines_are_cleaned(text: str, clean: str) -> None:
    assert cleaned(text) == clean


def test_titles_lose_their_marks() -> None:
    assert cleaned("Snow biking in the Alps [HD] (official video) 1080p", "title") == "Snow biking in the Alps"
    assert title_of(PurePath("VID_2023-01-02.x.mp4")) == "VID 2023 01 02 x"


def test_lines_are_taken_before_titles() -> None:
    texts = [("text", "a dog runs"), ("text", "a dog runs"), ("title", "my funny dog")]
    assert choose(texts) == (("a dog runs",), [])
    assert choose([("text", "#nothing"), texts[2]]) == (("my funny dog",), [("#nothing", "nothing is left of it")])
    assert choose(texts, "text") == (("a dog runs",), [])
    assert choose([texts[2]], "text") == ((), [])


def test_titles_by_the_rule_of_the_paper() -> None:
    good, poor = "Learn playing golf on green grass near London", "my funny dog in 2019"
    assert choose([("text", "a line"), ("title", good), ("title", poor)], "titles") == (
        (good,), [(poor, "fewer than 5 meaningful words")]
    )  # fmt: skip
    assert meaningful(poor) == ["funny", "dog"]


@pytest.mark.parametrize("name", ["IMG_0001", "VID_20230102_101112", "GOPR0023", "DSC_7", "a"])
def test_names_of_cameras_say_nothing(name: str) -> None:
    assert choose([("title", title_of(PurePath(f"{name}.mp4")))])[0] == ()


def test_a_class_needs_one_word() -> None:
    assert choose([("label", "archery")]) == (("archery",), [])


@pytest.mark.parametrize(
    ("text", "found"),
    [("a man rides a bike", ""), ("die Leute fahren mit dem Rad auf der Straße", "German"), ("bikes", ""),
     ("un homme et une femme dans la rue", "French"), ("два человека бегут", "another script"),
     ("人们骑车", "another script"), ("el perro corre por la playa", "Spanish"),
     ("a visit to the Café de la Paix", "")],
)  # fmt: skip
def test_other_languages_are_guessed(text: str, found: str) -> None:
    assert language(text) == found
