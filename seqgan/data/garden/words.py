"""Ten captions for a flower, in the manner of Oxford-102's: lower case, no full stop, some terse and some detailed.

    captions(flower, dice)  # ("this flower is white and yellow, with thin white petals and a round yellow stamen", ...)

Every caption is true of its flower, and what it tells can be read back from it (see `reading`). How many petals there
are is told where they can be counted, in open flowers; many are many from every side.
"""

from __future__ import annotations

from collections.abc import Callable

from seqgan.data.garden.flower import Flower
from seqgan.data.theatre.dice import Dice

CAPTIONS = 10
NUMBERS = {4: "four", 5: "five", 6: "six", 8: "eight", 12: "twelve", 16: "sixteen"}
MANY = 12
SHAPES = {
    "thin": ("thin", "narrow", "long thin"),
    "oval": ("oval", "oval shaped", "oblong"),
    "round": ("round", "rounded", "wide round"),
    "pointed": ("pointed", "pointy", "sharply pointed"),
    "heart": ("heart shaped", "notched"),
    "ruffled": ("ruffled", "wavy", "frilly"),
}
"""Petal shape -> what it is called."""
TAILS = {
    "upward": ("curved upward", "that curve upward", "that are cupped upwards", "that point up in the shape of a cup"),
    "flat": ("that lie flat", "that are spread out flat", "that open flat", "that are flat and wide open"),
    "downward": ("curved downward", "that curve downward", "that hang down", "that droop down"),
}
"""Petal direction -> what may follow "petals"."""
HEADS = {"upward": ("cupped", "upturned"), "flat": ("flat", "open"), "downward": ("drooping", "hanging")}
"""Petal direction -> what may precede it."""
STAMENS = {
    "round": ("a round {} stamen", "a large round {} stamen", "a round {} center", "one round {} stamen"),
    "long": ("long {} stamens", "long thin {} stamens", "several long {} stamens", "tall {} stamens"),
}
PLAIN_STAMENS = {"round": ("a {} stamen", "a {} center"), "long": ("{} stamens", "several {} stamens")}


def captions(flower: Flower, dice: Dice) -> tuple[str, ...]:
    """Ten different captions, the first of which tells petals and stamens."""
    teller = _Teller(flower, dice)
    found = dict.fromkeys([teller.summary()])
    while len(found) < CAPTIONS:
        found[dice.weigh(teller.forms)()] = None
    return tuple(found)


def _article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


class _Teller:
    """Writes captions of one flower."""

    def __init__(self, flower: Flower, dice: Dice) -> None:
        self.flower, self.dice = flower, dice
        self.forms: dict[Callable[[], str], float] = {
            self.summary: 3.0, self.has: 4.0, self.of_the_petals: 3.0, self.predicate: 2.0, self.short: 1.5,
            self.surround: 1.5, self.grows: 2.5, self.posture: 4.0, self.stamen_first: 1.5, self.listed: 3.0,
        }  # fmt: skip

    # phrases

    def colours(self) -> str:
        """What colours the flower has: of the petals, then of the second or the stamens."""
        second = self.flower.second_colour or self.flower.stamen_colour
        return f"{self.flower.petal_colour} and {second}"

    def shape(self) -> str:
        """A word before the petals."""
        return self.dice.pick(SHAPES[self.flower.petal_shape])

    def shaped(self) -> str:
        """A word that may follow "are"."""
        return self.dice.pick(SHAPES[self.flower.petal_shape][:2])

    def number(self) -> str:
        """How many petals, where that can be seen."""
        many = self.flower.petal_number >= MANY
        if many and self.dice.chance(0.5):
            return self.dice.pick(("many", "a lot of", "lots of"))
        return NUMBERS[self.flower.petal_number] if self.flower.petal_direction == "flat" else ""

    def petals(self, colour: bool = True, number: float = 0.3, shape: float = 0.6, second: float = 0.7) -> str:
        """The petals with some of what there is to say about them."""
        words = [self.number() if self.dice.chance(number) else "", self.shape() if self.dice.chance(shape) else ""]
        words += [self.flower.petal_colour if colour else "", "petals"]
        told = " ".join(word for word in words if word)
        return f"{told} {self.second()}" if self.flower.second_colour and self.dice.chance(second) else told

    def second(self) -> str:
        """Where the second colour is."""
        colour = self.flower.second_colour
        if self.flower.pattern == "base":
            return self.dice.pick((f"that are {colour} at the base", f"with {_article(f'{colour} base')}"))
        return f"with {colour} {self.flower.pattern}"

    def tail(self) -> str:
        """Which way the petals go, behind them."""
        return self.dice.pick(TAILS[self.flower.petal_direction])

    def stamen(self, shape: float = 0.7) -> str:
        """The stamens with their colour, and their shape more often than not."""
        forms = STAMENS if self.dice.chance(shape) else PLAIN_STAMENS
        told = self.dice.pick(forms[self.flower.stamen_shape]).format(self.flower.stamen_colour)
        return told.replace("a orange", "an orange")

    def leaves(self) -> str:
        return f"{self.flower.leaf_colour} leaves"

    def stem(self) -> str:
        return f"{self.dice.pick(('a', 'a thin', 'a'))} {self.flower.stem_colour} stem"

    def this(self) -> str:
        return self.dice.pick(("this flower", "this flower", "the flower"))

    # sentences

    def summary(self) -> str:
        """As in: this flower is white and yellow, with thin white petals and a round yellow stamen."""
        petals = self.petals(shape=0.8, second=0.5, number=0.15)
        return f"{self.this()} is {self.colours()}, with {petals} and {self.stamen(0.8)}"

    def has(self) -> str:
        joined = self.dice.pick(("and", "and", "with", "surrounding"))
        return f"{self.this()} has {self.petals()} {joined} {self.stamen()}"

    def of_the_petals(self) -> str:
        """The petals by verbs, the rest behind a comma."""
        about = self.dice.pick((f"{self.flower.petal_colour} and {self.shaped()}", self.flower.petal_colour))
        rest = self.dice.pick((
            f"the leaves are {self.flower.leaf_colour}", f"the stamen is {self.flower.stamen_colour}",
            f"the stem is {self.flower.stem_colour}",
        ))  # fmt: skip
        return f"the petals of this flower are {about}, and {rest}"

    def predicate(self) -> str:
        shaped = f"that are {self.shaped()}"
        that = self.dice.pick((shaped, self.tail(), f"{shaped}, and {self.leaves()}"))
        return f"{self.this()} is {self.flower.petal_colour} in color, with petals {that}"

    def short(self) -> str:
        """A few words."""
        return self.dice.pick((
            f"{_article(self.flower.petal_colour)} flower with {self.petals(False, shape=1.0)}",
            f"this flower has {self.petals(shape=1.0)}",
            f"{_article(self.flower.petal_colour)} flower with {self.stamen()}",
            f"{_article(self.flower.petal_colour)} flower with petals {self.tail()}",
        ))  # fmt: skip

    def surround(self) -> str:
        return f"{self.petals(shape=0.8, second=0.0)} {self.dice.pick(('surround', 'are around'))} {self.stamen()}"

    def grows(self) -> str:
        """The green parts."""
        stem, leaves, colour = self.stem(), self.leaves(), self.flower.petal_colour
        where = self.dice.pick((f"on {stem} with {leaves}", f"above {leaves}", f"on {stem}"))
        return f"{self.dice.pick(('this ' + colour, _article(colour)))} flower with {self.stamen(0.4)} grows {where}"

    def posture(self) -> str:
        """Which way the petals go."""
        if self.dice.chance(0.3):
            head = self.dice.pick(HEADS[self.flower.petal_direction])
            return f"{self.this()} has {head} {self.petals(number=0.0, second=0.0)} and {self.stamen()}"
        first = f"{self.this()} has {self.petals(second=0.0)} {self.tail()}"
        return self.dice.pick((first, f"{first}, and {self.stamen()}", f"{first}, with {self.leaves()}"))

    def stamen_first(self) -> str:
        return self.dice.pick((
            f"{self.stamen(1.0)} in the middle of {self.petals(second=0.2)}",
            f"the stamen of this flower is {self.flower.stamen_colour}, and the petals are {self.flower.petal_colour}",
            f"{self.this()} has {self.stamen(1.0)}, {self.petals(second=0.2)} and {self.leaves()}",
        ))  # fmt: skip

    def listed(self) -> str:
        """Nearly everything."""
        petals = self.petals(number=0.6, shape=0.9, second=0.0)
        parts = [f"{petals} {self.tail()}" if self.dice.chance(0.5) else petals, self.stamen(0.8), self.leaves()]
        if self.flower.second_colour and self.dice.chance(0.6):
            parts[0] = f"{petals} {self.second()}"
        if self.dice.chance(0.5):
            parts.append(self.stem())
        return f"{self.this()} has {', '.join(parts[:-1])} and {parts[-1]}"
