"""Sentences of other languages: the words that are understood, put together as a plain English sentence.

Chinese and Japanese have no spaces: every stretch of up to four characters is compared with the known words, and the
best ones that do not overlap are taken.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from seqgan.text.lexicon import CLASSES, Lexicon
from seqgan.text.mapping import Match
from seqgan.text.wording import Token, article, foreign_pronouns, function_words

LONGEST = 4
"""Characters in the longest word looked for where there are no spaces."""
LONGER = 0.12
"""What each further character of a word adds to its score, where there are no spaces."""
JOINTS = frozenset("的了着在和与是里のはをへ")
"""Particles that no word reaches across."""
RUN = 200
"""Characters of one unspaced run that are looked at together, which bounds the work."""
MapAll = Callable[[Sequence[str], Sequence[str]], list[Match | None]]
Piece = tuple[int, int, Match]


@dataclass(frozen=True)
class Heard:
    """One understood word: its place, class (also "name", "pronoun"), English word, id, and itself as written."""

    place: int
    kind: str
    said: str
    id: str
    word: str = ""


def hear(
    tokens: Sequence[tuple[int, Token]], language: str, lexicon: Lexicon, map_all: MapAll
) -> tuple[list[Heard], list[str]]:
    """The understood words of a sentence, and the content words that are not."""
    heard: list[Heard] = []
    lost: list[str] = []
    skip = function_words().get(language, frozenset()) | (function_words()["en"] if language != "zh" else frozenset())
    pairs = {i: " ".join((before.text, token.text)) for (_, before), (i, token) in itertools.pairwise(tokens)
             if before.lower in skip}  # fmt: skip
    for i, token in tokens:
        member = lexicon.named(token.text)
        if member:
            heard.append(Heard(i, "character", member.name, member.id))
        elif token.lower in foreign_pronouns() and token.lower in skip | foreign_pronouns().keys():
            heard.append(Heard(i, "pronoun", foreign_pronouns()[token.lower], ""))
        elif token.unspaced:
            _hear_run(i, token.text, skip, map_all, heard, lost)
        elif token.lower not in skip:
            _hear_word(i, token, pairs.get(i, ""), map_all, heard, lost)
    return heard, lost


def _hear_word(i: int, token: Token, pair: str, map_all: MapAll, heard: list[Heard], lost: list[str]) -> None:
    """A word by itself, in small letters, or with the article before it ("le chat")."""
    tries = list(dict.fromkeys(each for each in (token.text, token.lower, pair) if each))
    match = next((found for found in map_all(tries, CLASSES) if found), None)
    if match is None:
        lost.append(token.text)
    else:
        heard.append(Heard(i, match.kind, match.word, match.id, token.text))


def _hear_run(i: int, text: str, skip: frozenset[str], map_all: MapAll, heard: list[Heard], lost: list[str]) -> None:
    """An unspaced run, cut into known words."""
    for begin in range(0, len(text), RUN):
        part = text[begin : begin + RUN]
        pieces = _cut(part, skip, map_all)
        for start, end, match in pieces:
            heard.append(Heard(i, match.kind, match.word, match.id, part[start:end]))
        spoken = sorted(foreign_pronouns(), key=len, reverse=True)
        for rest in _between(part, [(start, end) for start, end, _ in pieces]):
            pronoun = next((each for each in spoken if each in rest), None)
            if pronoun:
                heard.append(Heard(i, "pronoun", foreign_pronouns()[pronoun], ""))
            lost += _content(rest, skip)


def _cut(text: str, skip: frozenset[str], map_all: MapAll) -> list[Piece]:
    """The best stretches that map and do not overlap, in order."""
    spans = [(a, a + n) for a in range(len(text)) for n in range(1, LONGEST + 1) if a + n <= len(text)]
    spans = [(a, b) for a, b in spans if not JOINTS & set(text[a:b]) and not {text[a], text[b - 1], text[a:b]} & skip]
    matches = map_all([text[a:b] for a, b in spans], CLASSES)
    found = [(a, b, match) for (a, b), match in zip(spans, matches, strict=True) if match]
    taken: list[Piece] = []
    for a, b, match in sorted(found, key=_worth):
        if all(b <= start or a >= end for start, end, _ in taken):
            taken.append((a, b, match))
    return sorted(taken, key=lambda each: each[0])


def _worth(piece: Piece) -> tuple[float, int]:
    """Best first; a longer word is worth more than its parts ("跳舞", to dance, than "跳", to jump)."""
    start, end, match = piece
    return -round(match.score + LONGER * (end - start), 3), start


def _between(text: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    return [text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]


def _content(rest: str, skip: frozenset[str]) -> list[str]:
    """What is left of a run without its function words."""
    for word in sorted(skip, key=len, reverse=True):
        if word and not word.isascii():
            rest = rest.replace(word, " ")
    return rest.split()


def compose(heard: Sequence[Heard], lexicon: Lexicon) -> str:
    """A plain sentence in the order that the grammar uses: who, what, where, with what."""
    who = list(dict.fromkeys(_subject(each) for each in heard if each.kind in ("character", "name", "pronoun")))
    said = {kind: list(dict.fromkeys(each.said for each in heard if each.kind == kind)) for kind in ("action", "prop")}
    where = [lexicon.places.get(each.id, f"at the {each.said}") for each in heard if each.kind == "setting"]
    verb = _verb(said["action"][0] if said["action"] else "", who, lexicon)
    with_what = "with " + " and ".join(f"{article(word)} {word}" for word in said["prop"][:2]) if said["prop"] else ""
    parts = [" and ".join(who), verb, *where[:1], with_what]
    text = " ".join(part for part in parts if part)
    return text[:1].upper() + text[1:] + "."


def _subject(each: Heard) -> str:
    return each.said if each.kind in ("name", "pronoun") or each.said[0].isupper() else f"the {each.said}"


def _verb(action: str, who: Sequence[str], lexicon: Lexicon) -> str:
    """The verb phrase agreeing with its subject; "is here" for a subject that does nothing."""
    many = len(who) > 1 or list(who) == ["they"]
    if not action:
        return ("are here" if many else "is here") if who else ""
    head, space, rest = lexicon.phrases.get(action, action).partition(" ")
    if who and not many and head in lexicon.verbs:
        head = lexicon.verbs[head][0]
    return head + space + rest
