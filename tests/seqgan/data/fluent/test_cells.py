"""Which cells are held out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from seqgan.data.fluent.art import Art
from seqgan.data.fluent.cells import LEAST, Cells
from seqgan.data.fluent.people import PERSONAS, Action, Person

PLACES = ("beach", "lake", "room", "snow", "desert")


def _people(personas: int = 18, doing: int = 20) -> list[Person]:
    art = Art(Path("x.webp"), "1f600", "x", (), "people")
    return [Person(art, who, Action(f"act {number}", "feet", doing="acting", does="acts"))
            for number in range(doing) for who in PERSONAS[:personas]]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_seven_parts_train_one_is_val_two_are_test(seed: int) -> None:
    people = _people()
    cells = Cells.of(people, PLACES, seed)
    assert Counter(map(cells.split, people)) == {"train": 252, "val": 36, "test": 72}
    train = [person for person in people if cells.split(person) == "train"]
    assert {person.persona for person in train} == set(PERSONAS)
    assert {person.action.name for person in train} == {f"act {number}" for number in range(20)}
    assert set(Counter(cells.places.values()).values()) == {4}


def test_every_persona_and_action_stays_in_training_however_few_there_are() -> None:
    people = _people(doing=1)
    cells = Cells.of(people, PLACES, 0)
    assert set(map(cells.split, people)) == {"train"}
    people = _people(doing=2)
    cells = Cells.of(people, PLACES, 0)
    kept = [person for person in people if cells.split(person) == "train"]
    assert {person.persona for person in kept} == set(PERSONAS) and len(kept) < len(people)


def test_actions_of_few_personas_are_trained_on() -> None:
    people = _people(personas=LEAST - 1)
    cells = Cells.of(people, PLACES, 0)
    assert cells.held == {} and cells.places == {}
    assert cells.told() == {"counted": {"actions": []}, "cells": {"test": [], "val": [], "places": {}}}


def test_a_seed_draws_other_cells_and_the_order_of_people_does_not() -> None:
    people = _people()
    cells = Cells.of(people, PLACES, 0)
    assert Cells.of(people[::-1], PLACES, 0) == cells
    assert Cells.of(people, PLACES, 1).held != cells.held
    assert Cells.of(people, PLACES, 1).places != cells.places
    told = cells.told()["cells"]
    assert len(told["test"]) == 72 and told["places"] == cells.places
    assert all(cells.held[who, action] == "test" for who, action in told["test"])


def test_without_places_none_is_held_out() -> None:
    plain = Cells.of(_people(), (), 0)
    assert plain.places == {} and plain.held
    assert plain.told()["counted"] == {"actions": sorted({person.action.name for person in _people()})}
