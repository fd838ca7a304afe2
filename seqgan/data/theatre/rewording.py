"""Telling a sentence's setting or shot otherwise, in the grammar's own words, so that every reader of it understands.

tell_setting("Mia walks in the snow.", "beach")      # "Mia walks on the beach."
tell_shot("Mia waves.", "close")                     # "Mia waves, seen up close."
told_scene("Mia waves, seen up close.")              # (None, "close")
"""

from __future__ import annotations

import re
from functools import lru_cache

from seqgan.data.theatre import words as W
from seqgan.data.theatre.cues import PLACES_TOLD, Cues, shot_told
from seqgan.data.theatre.pack import CastPack
from seqgan.errors import InputError
from seqgan.text.wording import like

SHOTS = ("close", "medium", "far")
"""Sizes of a shot, the nearest first; "medium" is told by no word."""
_MOST = 4
"""Places that one sentence may tell before the wanted one is simply added."""
_WHERE = r"in|on|at|by|near|inside|outside|through|across|around|over|along|beside|behind|under|among|between|from"
_WHERE_TO = r"to|into|onto|towards?|down to|up to|up|down"
_DETERMINER = r"(?:(?:the|a|an|his|her|its|their|some)\s+)?(?:[a-z]+\s+)??"
_STANDING = {
    "close": (("wide shot", "close-up"), ("in the distance", "up close"), ("far (?:away|off)", "up close"),
              ("from up close", "up close"), ("from afar", "up close")),
    "far": (("close[- ]?up", "wide shot"), ("from very near", "from far away"), ("very (?:close|near)", "far away"),
            ("seen up close", "seen from far away"), ("up close", "from far away")),
    "medium": (("an? (?:close[- ]?up|wide shot) shows", "the picture shows"),
               ("an? (?:close[- ]?up|wide shot) of ", ""), ("(?:close[- ]?up|wide shot) of ", ""),
               (",? ?(?:from )?(?:far away|far off|afar)", ""),
               (",? ?in the distance", ""), (",? ?(?:up close|very close|very near)", "")),
}  # fmt: skip
"""What is said instead where the shot is no mere addition to the sentence: patterns and their replacements."""


def told_scene(sentence: str) -> tuple[str | None, str]:
    """The setting that a sentence tells (None where it tells none, and the earlier one holds), and its shot."""
    text = sentence.lower()
    return _cues().setting(text), shot_told(text)


def settings() -> tuple[str, ...]:
    """The settings of the shipped world."""
    return tuple(_pack().settings)


def tell_setting(sentence: str, setting: str) -> str:
    """The sentence, set elsewhere: the place it tells is replaced, or the new one added.

    Raises:
        InputError: if there is no such setting.
    """
    if setting not in settings():
        raise InputError(f"setting {setting!r} is unknown; choose one of {', '.join(settings())}")
    for _ in range(_MOST):
        told = told_scene(sentence)[0]
        if told == setting:
            return sentence
        if told is None:
            break
        sentence = _elsewhere(sentence, told, setting)
    return _added(sentence, f" {W.phrases_at(_pack(), setting)[0]}")


def tell_shot(sentence: str, shot: str) -> str:
    """The sentence, seen from near, from far, or (medium) with no word about it.

    Raises:
        InputError: if there is no such shot.
    """
    if shot not in SHOTS:
        raise InputError(f"shot {shot!r} is unknown; choose one of {', '.join(SHOTS)}")
    sentence = _without_shot(sentence)
    for pattern, instead in _STANDING[shot] if shot_told(sentence.lower()) != "medium" else ():
        sentence = _put(sentence, rf"\b{pattern}" if pattern[0].isalpha() else pattern, instead)
    if shot == "medium" or shot_told(sentence.lower()) == shot:
        return sentence
    return _added(sentence, W.SHOT_BACKS[shot][0])


@lru_cache(maxsize=1)
def _pack() -> CastPack:
    return CastPack.shipped()


@lru_cache(maxsize=1)
def _cues() -> Cues:
    return Cues.of(_pack())


def _elsewhere(sentence: str, told: str, setting: str) -> str:
    """Replace one phrase of the told setting, the longest that is there; with its preposition where it has one."""
    pack = _pack()
    at, to, scene = (say(pack, setting)[0] for say in (W.phrases_at, W.phrases_to, W.phrases_scene))
    nouns = (*W.phrases_scene(pack, told), *pack.settings[told].words, *PLACES_TOLD.get(told, told).split())
    noun = "|".join(re.escape(each.removeprefix("the ")) for each in sorted(nouns, key=len, reverse=True))
    ways = [(each, at) for each in W.phrases_at(pack, told)] + [(each, to) for each in W.phrases_to(pack, told)]
    patterns = [(re.escape(each), instead) for each, instead in sorted(ways, key=lambda way: -len(way[0]))]
    patterns += [
        (rf"(?:{_WHERE_TO})\s+{_DETERMINER}(?:{noun})", to),
        (rf"(?:{_WHERE})\s+{_DETERMINER}(?:{noun})", at),
        (rf"(?:the|an?)\s+(?:{noun})", scene),
        (rf"(?:{noun})", scene.removeprefix("the ")),
    ]
    for pattern, instead in patterns:
        changed = _put(sentence, rf"\b(?:{pattern})\b", instead)
        if changed != sentence:
            return changed
    return sentence


def _put(sentence: str, pattern: str, instead: str) -> str:
    """Replace the first match, in its letter case; what then opens the sentence has a capital."""
    found = re.search(pattern, sentence, re.IGNORECASE)
    if found is None:
        return sentence
    said = like(found[0], instead) if instead and found[0][:1].isalpha() else instead
    return _tidy(sentence[: found.start()] + said + sentence[found.end() :])


def _without_shot(sentence: str) -> str:
    """The sentence without what was added to it about its shot."""
    for phrases in W.SHOT_BACKS.values():
        for phrase in phrases:
            sentence = re.sub(rf"{re.escape(phrase)}(?=\s*(?:[.,!?;]|$))", "", sentence, flags=re.IGNORECASE)
    fronts = "|".join(re.escape(phrase) for phrases in W.SHOT_FRONTS.values() for phrase in phrases)
    return _tidy(re.sub(rf"^\s*(?:{fronts}),\s+", "", sentence, flags=re.IGNORECASE))


def _tidy(sentence: str) -> str:
    text = re.sub(r"\s+([.,!?;])", r"\1", " ".join(sentence.split())).lstrip(", ")
    return text[:1].upper() + text[1:]


def _added(sentence: str, phrase: str) -> str:
    """The sentence with a phrase at its end, before the stop and before what is said of its shot."""
    backs = "|".join(re.escape(each) for each in (*W.SHOT_BACKS["close"], *W.SHOT_BACKS["far"]))
    text = sentence.strip()
    end = re.search(rf"(?:{backs})?[.!?…]*$", text)
    body, end = (text[: end.start()], end[0]) if end else (text, "")
    return f"{body}{phrase}{end or '.'}" if body else f"{phrase.strip(' ,').capitalize()}."
