"""Finding who a sentence mentions: names, nouns, names that it gives, pronouns, and who stands with whom."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from seqgan.data.theatre import words as W
from seqgan.data.theatre.discourse import OBJECT, SUBJECT, Discourse
from seqgan.data.theatre.words import WordPack

_PLURALS = {
    "both of them": "both", "the two of them": "both", "the two friends": "both", "both friends": "both",
    "two friends": "both", "the friends": "they", "the pair": "both", "all three of them": "three",
    "the three of them": "three", "the three friends": "three", "all three": "three", "all of them": "they",
    "both": "both", "they": "they", "them": "they",
}  # fmt: skip
_SINGLES = {"he": "he", "him": "he", "his": "he", "himself": "he", "she": "she", "her": "she", "herself": "she",
            "it": "it", "itself": "it"}  # fmt: skip
_DUMMY_IT = (r"\bit (is|was) (now )?(a calm|quiet|calm|still|late|early|dark|cold|warm|time|raining|snowing|"
             r"over|night|day|evening|morning|noon|dusk|dawn|winter|sunny|rainy)\b|"
             r"\bit (gets?|got|grows?|grew) (dark|late|cold)\b|"
             r"\bit (rains?|rained|snows?|snowed)\b|\bit (starts?|started|begins?|began) to (rain|snow)\b|"
             r"\bit stop(s|ped) (raining|snowing)\b|\blikes? it here\b|\bliked it here\b")  # fmt: skip
_OBJECT = (r"(?:\b(?:to|at|with|beside|near|behind|for|around|past|towards?|before|by|of|about|meets?|met|"
           r"greets?|greeted|joins?|joined|thanks?|thanked|watch(?:es|ed)?|sees?|saw|follow(?:s|ed)?|hug(?:s|ged)?|"
           r"over|after)) (?:(?:the|a|an|his|her|their|its|old|same|"
           + "|".join(w for s in W.SIZE_WORDS.values() for w in s) + r") )*$")  # fmt: skip
_NO_NAMES = frozenset(re.findall(r"\w+", """
    now then later soon next finally suddenly today meanwhile seen close here there behind beside near far after before
    one once in on at by as while with and but this that it he she they we the a an our together both all up down
    happily quietly always meet look see outside inside
"""))  # fmt: skip
"""Words that a sentence begins with and that are no names: "Then a pig ..." gives the pig no name."""
_JOIN = re.compile(
    r"^[\s,]*(?:(?:and|both|the|a|an|in|with|who|wears?|wore|wearing|has|had|on|called|named|very|hat|scarf|red|blue|green|"
    r"yellow|big|large|huge|giant|small|little|tiny)\b[\s,]*)*$"
)


@dataclass(frozen=True)
class Spot:
    """Where a sentence mentions whom: character span, ids, rank, and whether by pronoun."""

    start: int
    end: int
    who: tuple[str, ...]
    rank: int
    pronoun: bool


class Nouns:
    """Everything that can stand for a character of a pack: names, nouns, and names given on the way."""

    def __init__(self, pack: WordPack) -> None:
        self.ids: dict[str, str] = {}
        self.nouns: dict[str, str] = {}
        for who, person in pack.characters.items():
            self.nouns |= {noun.lower(): who for noun in W.nouns(pack, who)}
            self.ids[person.name.lower()] = who
        self.given: dict[str, str] = {}

    @property
    def _noun(self) -> str:
        return "|".join(re.escape(noun) for noun in sorted(self.nouns, key=len, reverse=True))

    def learn(self, sentence: str) -> None:
        """Remember names that the sentence gives: "a pig named Hugo", "Tom the rabbit", "Tom, a small cat"."""
        if not self.nouns:
            return
        name, noun = r"([A-Z]\w+)", rf"((?i:{self._noun}))"
        for pattern, first in ((rf"\b{noun}(?: who is| that is)? (?:called|named) {name}", "noun"),
                               (rf"\b{name}(?:,? an?| the|, the) (?:\w+ )?{noun}\b", "name"),
                               (rf"\b{noun}'s name is {name}", "noun")):  # fmt: skip
            for found in re.findall(pattern, sentence):
                kind, given = found if first == "noun" else found[::-1]
                if given.lower() not in {*self.ids, *self.nouns, *self.given, *_NO_NAMES}:
                    self.given[given.lower()] = self.nouns[kind.lower()]

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Spans of names and nouns in a lower-case sentence, with the id each means."""
        table = {**self.nouns, **self.ids, **self.given}
        if not table:
            return []
        words = "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))
        return [(m.start(), m.end(), table[m[1]]) for m in re.finditer(rf"\b({words})s?\b", text)]


def _rank(text: str, start: int) -> int:
    return OBJECT if re.search(_OBJECT, text[:start]) else SUBJECT


def _merged(spots: list[Spot]) -> list[Spot]:
    """One spot for the words of "Ruby the rabbit"; a mention farther on stays, its verb is its own."""
    kept: list[Spot] = []
    for spot in spots:
        if kept and kept[-1].who == spot.who and spot.start - kept[-1].end < 24 and not spot.pronoun:
            kept[-1] = replace(kept[-1], end=spot.end)
        else:
            kept.append(spot)
    return kept


def without_dummies(text: str) -> str:
    """The sentence with every "it" that means nothing ("it rains", "it is night") blanked out."""
    return re.sub(_DUMMY_IT, lambda m: "-" * len(m[0]), text)


def find_spots(text: str, nouns: Nouns, talk: Discourse) -> tuple[list[Spot], list[str]]:
    """All mentions of a lower-case sentence in order, pronouns resolved, and the pronouns that nobody fits."""
    named = _merged([Spot(a, b, (who,), _rank(text, a), False) for a, b, who in nouns.find(text)])
    quiet = without_dummies(text)
    pattern = "|".join(sorted([*_PLURALS, *_SINGLES], key=len, reverse=True))
    spots, lost = list(named), []
    for found in re.finditer(rf"\b({pattern})\b", quiet):
        spot, failed = _pronoun(found, text, spots, talk)
        if spot:
            spots.append(spot)
        lost += [found[1]] if failed else []
    spots.sort(key=lambda spot: spot.start)
    return _merged(spots), lost


def _pronoun(found: re.Match[str], text: str, spots: list[Spot], talk: Discourse) -> tuple[Spot | None, bool]:
    """The mention that a pronoun makes, if it makes one, and whether nobody fits it."""
    word, start, end = found[1], found.start(), found.end()
    earlier = [who for spot in spots if spot.start < start for who in spot.who]
    rank = _rank(text, start)
    if word in _PLURALS:
        if len(set(earlier)) > 1:
            return Spot(start, end, tuple(dict.fromkeys(earlier)), rank, True), False
        if word == "both" and any(s.start > start and not s.pronoun for s in spots):
            return None, False
        who = talk.resolve(_PLURALS[word])
        return (Spot(start, end, who, rank, True), False) if who else (None, True)
    means = _SINGLES[word]
    near = [who for who in earlier if talk.pronouns[who] == means]
    if near:
        return Spot(start, end, (near[-1] if rank == OBJECT else near[0],), rank, True), False
    who = talk.resolve(means)
    if not who:
        return None, means != "it"
    return Spot(start, end, who, rank, True), False


def _linked(spots: list[Spot], i: int, text: str) -> bool:
    """Whether a mention goes on the one before: by "and", or by a comma where an "and" follows the next one."""
    between = text[spots[i - 1].end : spots[i].start]
    if not _JOIN.match(between):
        return False
    if re.search(r"\band\b", between):
        return True
    more = text[spots[i].end : spots[i + 1].start] if i + 1 < len(spots) else ""
    listed = bool(_JOIN.match(more)) and " and " in more
    return "," in between and listed and not re.match(r"(?:right )?(?:behind|beside|near|next to)\b", text)


def joined(spots: list[Spot], text: str) -> list[tuple[str, ...]]:
    """For each spot, everybody in its coordinated group: "Mia, Max and the owl" is one subject of three."""
    groups: list[list[int]] = []
    for i in range(len(spots)):
        if groups and _linked(spots, i, text):
            groups[-1].append(i)
        else:
            groups.append([i])
    whole = {i: tuple(who for j in group for who in spots[j].who) for group in groups for i in group}
    return [whole[i] for i in range(len(spots))]
