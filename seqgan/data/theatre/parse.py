"""Reading a story back to labels by rules, for the stage engine: keywords, and the discourse rule of the grammar.

    panels, notes = parse_story(["Mia walks in the snow.", "She waves."], pack)

Nothing raises: what is not understood is left out, and said in a note where it may matter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from seqgan.data.theatre import words as W
from seqgan.data.theatre.cues import Cues, shot_told, time_told, weather_told
from seqgan.data.theatre.discourse import OBJECT, SUBJECT, Discourse, settle_places
from seqgan.data.theatre.mentions import Nouns, Spot, find_spots, joined, without_dummies
from seqgan.data.theatre.words import WordPack
from seqgan.data.theatre.world import Actor, Look, Panel

_COLOUR = r"\b(red|blue|green|yellow) (hat|scarf|cap)\b"
_SIZES = {word: size for size, words in W.SIZE_WORDS.items() for word in words}
_SIDES = (
    ("left", r"\b(?:on|at|to|from) the (?:far )?left(?:-hand side| side)?\b"),
    ("right", r"\b(?:on|at|to|from) the (?:far )?right(?:-hand side| side)?\b"),
    ("middle", r"\bin the (?:middle|centre|center)\b(?! of)"),
)
_SHARED = r"\bso (?:do|does|did)\b|\b(?:do|does|did),? too\b|\btogether with\b|\bas well\b"
_WEAK = frozenset(("go", "come", "step", "look", "smile", "laugh", "stand", "wait", "keep", "think", "listen", "stay",
                   "sing", "watch"))  # fmt: skip
"""Verbs that tell an action only where nothing stronger does: "comes running", "smiles and waves"."""


@lru_cache(maxsize=1)
def _verbs() -> dict[str, tuple[str, bool]]:
    """Every inflected form of a word that tells an action -> (action, whether it is weak)."""
    forms: dict[str, tuple[str, bool]] = {}
    for action, keys in W.ACTION_KEYS.items():
        for key in keys:
            third, past, ing = W.inflect(key)
            for form in (key, third, past, ing, key + "s"):
                forms.setdefault(form, (action, key in _WEAK))
    return forms


_NOT_VERBS = re.compile(
    r"\b(?:sun|night|evening|morning|time|moon|scene) (?:goes|went|comes|came) ?(?:down|by)?|\bring a bell\b|"
    r"\bgoes by\b|\blooks? (?:through|at) |\blooking (?:through|at) |\blooked (?:through|at) |\brun(?:ning)? out\b"
)


@dataclass
class _State:
    """What a reader remembers from sentence to sentence."""

    nouns: Nouns
    talk: Discourse
    setting: str
    order: list[str]
    time: str = "day"
    weather: str = "clear"
    looks: dict[str, Look] = field(default_factory=dict)
    props: tuple[str, ...] = ()


def parse_story(sentences: Sequence[str], pack: WordPack) -> tuple[list[Panel], list[str]]:
    """One Panel a sentence, and notes about what was not understood; never raises on odd text."""
    names = {who: person.pronoun for who, person in pack.characters.items()}
    settings = list(pack.settings)
    start = "meadow" if "meadow" in settings else settings[0] if settings else "plain"
    state = _State(Nouns(pack), Discourse(names), start, list(names))
    cues, notes, panels = Cues.of(pack), [], []
    for number, sentence in enumerate(sentences):
        panels.append(_read(sentence, number, state, cues, pack, notes))
    return panels, notes


def _read(sentence: str, number: int, state: _State, cues: Cues, pack: WordPack, notes: list[str]) -> Panel:
    """Read one sentence, updating what is remembered."""
    plain = re.sub(r"\s+", " ", sentence.replace("\u2019", "'")).strip()
    state.nouns.learn(plain)
    text = plain.lower()
    _around(text, state, cues, pack)
    spots, lost = find_spots(text, state.nouns, state.talk)
    notes += [f"panel {number + 1}: nobody in the story so far fits {word!r}" for word in lost]
    _looks(text, spots, state)
    props = cues.things(text) or _props_again(text, state)
    people = list(dict.fromkeys(who for spot in spots for who in spot.who))
    if len(people) > 3 or len(props) > 2:
        notes.append(f"panel {number + 1}: shows 3 of {len(people)} characters and 2 of {len(props)} things at most")
    people, state.props = people[:3], tuple(props[:2])
    actors = _actors(text, spots, people, state)
    ranks = {who: spot.rank for spot in reversed(spots) for who in spot.who}
    if people:
        state.talk.mention(number, [(who, ranks[who]) for who in people])
    return Panel(actors, state.setting, state.time, state.weather, state.props, shot_told(text))


def _around(text: str, state: _State, cues: Cues, pack: WordPack) -> None:
    """Setting, time and weather as the sentence tells them, else as they were."""
    state.setting = cues.setting(text) or state.setting
    state.time = time_told(text) or state.time
    state.weather = weather_told(text) or state.weather
    if state.setting in pack.settings and pack.settings[state.setting].indoor:
        state.weather = "clear"


def _props_again(text: str, state: _State) -> list[str]:
    """ "He holds it": the one thing of the panel before, unless "it" may be somebody."""
    if any(state.talk.pronouns[who] == "it" for who in state.talk.known):
        return []
    again = re.search(r"\b\w+ it\b(?! is| was)", without_dummies(text))
    return list(state.props) if again and len(state.props) == 1 else []


def _looks(text: str, spots: list[Spot], state: _State) -> None:
    """Scarves and hats go to who was mentioned just before, else to who comes next; sizes to the noun they stand at."""
    alone = [spot for spot in spots if len(spot.who) == 1]
    for found in re.finditer(_COLOUR, text):
        before = [spot for spot in alone if spot.start < found.start()]
        after = [spot for spot in alone if spot.start > found.start()]
        owner = before[-1] if before else after[0] if after else None
        if owner:
            who, item = owner.who[0], "scarf" if found[2] == "scarf" else "hat"
            state.looks[who] = replace(state.looks.get(who, Look()), item=item, colour=found[1])
    for found in re.finditer(rf"\b({'|'.join(_SIZES)})\b", text):
        _size(found, text, alone, state)


def _size(found: re.Match[str], text: str, alone: list[Spot], state: _State) -> None:
    """A size belongs to the noun right after it ("a tiny owl"), or to the subject of "is very small"."""
    after = re.match(rf" ({'|'.join(map(re.escape, state.nouns.nouns))})\b", text[found.end() :])
    said = re.search(r"\b(?:is|was) (?:very |so )?$", text[: found.start()])
    who = state.nouns.nouns[after[1]] if after else ""
    if not after and said:
        who = next((spot.who[0] for spot in reversed(alone) if spot.end < found.start()), "")
    if who:
        state.looks[who] = replace(state.looks.get(who, Look()), size=_SIZES[found[1]])


def _actors(text: str, spots: list[Spot], people: list[str], state: _State) -> tuple[Actor, ...]:
    """Actions and places of those shown."""
    if not people:
        return ()
    groups = joined(spots, text)
    actions = _actions(text, spots, groups)
    told = _sides(text, spots, groups, len(people))
    people = sorted(people, key=state.order.index)
    places = settle_places([told.get(who) for who in people], list(range(len(people))))
    return tuple(Actor(who, actions.get(who, "stand"), place, state.looks.get(who, Look()))
                 for who, place in zip(people, places, strict=True))  # fmt: skip


def _actions(text: str, spots: list[Spot], groups: list[tuple[str, ...]]) -> dict[str, str]:
    """Give each verb to its subject: strong verbs beat weak ones, later ones earlier ones."""
    blank = _NOT_VERBS.sub(lambda m: "-" * len(m[0]), text)
    found: dict[str, tuple[str, bool]] = {}
    for match in re.finditer(r"[a-z]+", blank):
        verb = _verbs().get(match[0])
        if verb is None:
            continue
        for who in _subject(match.start(), match[0].endswith("ing") or _doing(match, text, spots), text, spots, groups):
            if not (verb[1] and who in found and not found[who][1]):
                found[who] = verb
    actions = {who: verb[0] for who, verb in found.items()}
    if re.search(_SHARED, text) and actions:
        first = next(iter(actions.values()))
        actions = {who: actions.get(who, first) for spot in spots for who in spot.who}
    return actions


def _doing(match: re.Match[str], text: str, spots: list[Spot]) -> bool:
    """Whether an -ing form right after somebody leads to this word: "we see Mia doing a cartwheel"."""
    before = [spot for spot in spots if spot.end <= match.start()]
    between = _without_look(text[before[-1].end : match.start()]) if before else ""
    return bool(re.match(r",? (?!holding|carrying|wearing|feeling)\w+ing\b[^,]*$", between))


def _without_look(between: str) -> str:
    """What stands between somebody and a verb, less a look: "in a red hat"."""
    return re.sub(r" (?:in|with) an? \w+ (?:hat|scarf)\b| up close\b| from far away\b", "", between)


def _subject(at: int, ing: bool, text: str, spots: list[Spot], groups: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Who does the verb at a position: the nearest subject before it, or who is "seen dancing", else who follows."""
    before = [i for i, spot in enumerate(spots) if spot.end <= at]
    if ing and before and _bare(text[spots[before[-1]].end : at]):
        return groups[before[-1]]
    subjects = [i for i in before if spots[i].rank == SUBJECT]
    if subjects:
        return groups[subjects[-1]]
    after = [i for i, spot in enumerate(spots) if spot.start >= at and spot.rank == SUBJECT]
    if after:
        return groups[after[0]]
    return groups[before[-1]] if before else groups[0]


def _bare(between: str) -> bool:
    """Whether nothing but a look stands between somebody and an -ing form: "we see Mia in a red hat dancing"."""
    rest = re.sub(r"^,? \w+ing\b.*", "", _without_look(between))
    verbs = r"\b(?:and|is|are|was|were|while|but|keeps?|kept|enjoys?|enjoyed)\b"
    return not re.search(verbs, rest) and len(rest.split()) < 2


def _sides(text: str, spots: list[Spot], groups: list[tuple[str, ...]], count: int) -> dict[str, str]:
    """Places that the sentence tells."""
    told: dict[str, str] = {}
    for side, pattern in _SIDES:
        for match in re.finditer(pattern, text):
            who = _subject(match.start(), True, text, spots, groups)
            if len(who) == 1 and side not in told.values():
                told[who[0]] = side
    behind = re.search(r"\bbehind\b", text)
    if behind and count > 1:
        _behind(text, behind.end(), spots, told)
    return told


def _behind(text: str, at: int, spots: list[Spot], told: dict[str, str]) -> None:
    """Who is behind whom: the subject of the sentence, behind who follows the word."""
    hidden = next((spot for spot in spots if spot.start >= at and spot.start - at < 40), None)
    actor = next((spot for spot in spots if spot is not hidden and spot.rank != OBJECT), None)
    if hidden and actor and len(actor.who) == 1:
        told[actor.who[0]] = "behind"
