"""Tables of attributes and types turned into captions: "a green grass and poison type pokemon with a short tail".

    wording = Wording.of(rows, noun="pokemon")
    wording.captions({"Type1": "grass", "Type2": "poison", "Color": "green"})

Columns are told apart by their names and values: `type`, `type 1`, `Type2` are types, `color` is a colour, yes and no
make "with COLUMN", other words "with a VALUE COLUMN". Numbers, and columns whose values hardly repeat (names), say
nothing of a picture and are left out; the wording tells which.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

YES, NO = {"true", "yes", "y", "1"}, {"false", "no", "n", "0", "none", "nan", "null", "-"}
"""Values that stand for having something, and for not having it."""

Row = Mapping[str, str]


@dataclass(frozen=True)
class Wording:
    """Which columns of a table captions are made of: types, colours, things that are there or not, other attributes."""

    noun: str
    types: tuple[str, ...]
    colours: tuple[str, ...]
    things: tuple[str, ...]
    others: tuple[str, ...]
    left_out: tuple[str, ...]

    @classmethod
    def of(cls, rows: Sequence[Row], noun: str, known: frozenset[str] = frozenset()) -> Wording:
        """Look at all rows of a table; `known` are columns that have another meaning."""
        groups: dict[str, list[str]] = {kind: [] for kind in ("types", "colours", "things", "others", "left_out")}
        for column in (column for column in rows[0] if column not in known):
            groups[_kind(column, [_value(row, column) for row in rows])].append(column)
        return cls(noun, **{kind: tuple(columns) for kind, columns in groups.items()})

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that captions are made of."""
        return (*self.types, *self.colours, *self.things, *self.others)

    def labels(self, row: Row) -> dict[str, str]:
        """Column to value, where there is one."""
        told = {_words(column).replace(" ", "_"): _value(row, column) for column in self.columns}
        return {column: value for column, value in told.items() if value}

    def captions(self, row: Row) -> tuple[str, ...]:
        """Three sentences that say the same; () where the row says nothing."""
        types = " and ".join(dict.fromkeys(self._values(row, self.types)))
        colour = " and ".join(self._values(row, self.colours))
        extras = [_words(column) for column in self.things if _value(row, column)]
        extras += [_described(column, value) for column in self.others if (value := _value(row, column))]
        has = " and ".join(extras)
        if not (types or colour or has):
            return ()
        noun = " ".join(word for word in (colour, types and f"{types} type", self.noun) if word)
        facts = [colour and f"is {colour}", types and f"is of {types} type", has and f"has {has}"]
        return (
            f"{_article(noun)} {noun}" + (f" with {has}" if has else ""),
            f"this {self.noun} {' and '.join(fact for fact in facts if fact)}",
            f"a picture of {_article(noun)} {noun}" + (f", {has}" if has else ""),
        )

    @staticmethod
    def _values(row: Row, columns: Sequence[str]) -> list[str]:
        return [value for column in columns if (value := _value(row, column))]


def _kind(column: str, values: Sequence[str]) -> str:
    """Which group of a wording a column belongs to."""
    words, there = _words(column), [value for value in values if value]
    if re.fullmatch(r"((primary|secondary) )?type( ?\d+)?|type ?[a-z]", words):
        return "types"
    if re.fullmatch(r"colou?r( ?\d+)?", words):
        return "colours"
    if there and set(there) <= YES and "" in values:  # a column of nothing but 1 is a number
        return "things"
    numbers = all(re.fullmatch(r"[-+]?[\d.,]+(e[-+]?\d+)?%?", value) for value in there)
    if not there or numbers or 2 * len(set(there)) > len(there):
        return "left_out"
    return "others"


def _value(row: Row, column: str) -> str:
    """A cell in lower case, "" where it says no."""
    value = " ".join((row.get(column) or "").replace("_", " ").lower().split())
    return "" if value in NO else value


def _words(column: str) -> str:
    """A column's name as words: "bodyStyle_2" is "body style 2"."""
    return " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", column).lower().split())


def _described(column: str, value: str) -> str:
    """An attribute as words: "a quadruped body", "round petals"."""
    words = f"{value} {_words(column)}"
    return words if words.endswith("s") else f"{_article(words)} {words}"


def _article(words: str) -> str:
    return "an" if words[:1] in "aeiou" else "a"
