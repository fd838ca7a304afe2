"""Reads a caption of the garden back: which attributes it tells, so that a drawn picture can be held to them.

told("this flower has thin white petals and a round yellow stamen")
# {"petal_shape": "thin", "petal_colour": "white", "stamen_shape": "round", "stamen_colour": "yellow"}
"""

from __future__ import annotations

from collections.abc import Iterator

from seqgan.data.garden.flower import LEAF_COLOURS, PETAL_COLOURS, STAMEN_COLOURS, STEM_COLOURS
from seqgan.data.garden.words import HEADS, NUMBERS

_COLOURS = {*PETAL_COLOURS, *STAMEN_COLOURS, *LEAF_COLOURS, *STEM_COLOURS}
_NOUNS = {"petals": "petal", "flower": "flower", "stamen": "stamen", "stamens": "stamen", "center": "stamen",
          "leaves": "leaf", "stem": "stem", "tips": "second", "edges": "second", "base": "second"}  # fmt: skip
_PETALS = {"thin": "thin", "narrow": "thin", "oval": "oval", "oblong": "oval", "round": "round", "rounded": "round",
           "pointed": "pointed", "pointy": "pointed", "heart": "heart", "notched": "heart", "ruffled": "ruffled",
           "wavy": "ruffled", "frilly": "ruffled"}  # fmt: skip
_STAMENS = {"round": "round", "long": "long", "tall": "long"}
_WAYS = {"upward": "upward", "upwards": "upward", "up": "upward", "flat": "flat", "downward": "downward",
         "down": "downward", **{word: way for way, words in HEADS.items() for word in words}}  # fmt: skip
_COUNTS = {word: str(number) for number, word in NUMBERS.items()}
_ENDS = {",", "a", "an", "the", "with", "has"}
"""Words after which adjectives no longer belong to the noun before its verb."""


def told(caption: str) -> dict[str, str]:
    """Label group -> name, for what the caption tells. A flower that "is white and yellow" has white petals.

    Which of a flower's two colours is where it does not say otherwise, so only the first of them counts.
    """
    found: dict[str, str] = {}
    for noun, words in _clauses(caption):
        for word in words:
            if noun == "petal" and word in _PETALS:
                found["petal_shape"] = _PETALS[word]
            if noun == "stamen" and word in _STAMENS:
                found["stamen_shape"] = _STAMENS[word]
        colours = [word for word in words if word in _COLOURS]
        if colours:
            found["petal_colour" if noun == "flower" else f"{noun}_colour"] = colours[0]
    for word in _words(caption):
        if word in _WAYS:
            found["petal_direction"] = _WAYS[word]
        if word in _COUNTS:
            found["petal_number"] = _COUNTS[word]
    return found


def _words(caption: str) -> list[str]:
    """Words and commas, with "dark green" and "light green" as one word each."""
    text = caption.lower().replace(",", " , ").replace(".", " ")
    plain = text.replace("dark green", "dark_green").replace("light green", "light_green")
    return [word.replace("_green", " green") for word in plain.split()]


def _clauses(caption: str) -> Iterator[tuple[str, list[str]]]:
    """Every noun with the adjectives before it, or behind its verb."""
    waiting: list[str] = []
    last, linked = "", False
    for word in [*_words(caption), ","]:
        if waiting[-2:] == ["of", "this"]:  # the petals of this flower are: they, not it
            waiting = []
        elif word in _NOUNS:
            yield _NOUNS[word], waiting
            waiting, last, linked = [], _NOUNS[word], False
        elif word in ("is", "are") and last:
            waiting, linked = [], True
        elif word == "at":  # pink at the base: the colour is the base's
            linked = False
        elif word in _ENDS and not (word == "the" and waiting):
            if linked:
                yield last, waiting
            waiting, linked = [], False
        else:
            waiting.append(word)
