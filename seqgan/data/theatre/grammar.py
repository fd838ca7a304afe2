"""The storyteller: writes stories whose every panel has exact labels.

    script = write_script(CastPack.shipped(), np.random.default_rng(0))

A `Teller` tells one story. Each step plans a panel (who, what, where, props, shot), chooses a sentence form, decides
who is called by name, noun or pronoun under the rule of `discourse`, and records what the sentence told.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from seqgan.data.theatre.discourse import settle_places
from seqgan.data.theatre.forms import finish
from seqgan.data.theatre.groups import Groups
from seqgan.data.theatre.scenes import Scenes
from seqgan.data.theatre.splits import held_in
from seqgan.data.theatre.telling import Line, Persona
from seqgan.data.theatre.words import WordPack
from seqgan.data.theatre.world import Actor, Panel, Script, Told
from seqgan.errors import DataError

ATTEMPTS = 400
"""Stories written until one obeys its split; a few are the rule."""
SCENE, OPENING, PRONOUN, PRONOUN_WIDE, PAIR, THREE = 0.17, 0.1, 0.4, 0.78, 0.44, 0.16


class Teller(Groups, Scenes):
    """One story being told."""

    def tell(self) -> Script:
        """Write all panels."""
        while len(self.texts) < self.length:
            self.t = len(self.texts)
            self._finish(self._plan())
        names = {p.name: p.who for p in self.cast if p.given and p.met}
        return Script(tuple(self.texts), tuple(self.panels), tuple(self.told), names)

    def _plan(self) -> Line:
        """Decide what the next sentence is about."""
        if self.t == 0:
            return self.opening() if self.dice.chance(OPENING) else self._enter()
        new = [p for p in self.cast if not p.met]
        if new and (not self.here or self.length - self.t <= len(new) or self.dice.chance(0.55)):
            return self._enter()
        if self.panels[-1].actors and self.dice.chance(SCENE):
            return self.scene()
        return self._by_pronoun() or self._act()

    def _by_pronoun(self) -> Line | None:
        """A sentence that names nobody and is plain to read, preferring far and ambiguous antecedents."""
        options: dict[tuple[str, tuple[Persona, ...]], float] = {}
        for p in (p for p in self.here if self.clear(p)):
            far, wide = self.talk.distance((p.who,), self.t) > 1, self.talk.antecedents(p.pronoun) > 1
            options[p.pronoun, (p,)] = 1.0 + 1.5 * far + 1.5 * wide
        for way, means in (("they", "they"), ("both", "both"), ("two", "both"), ("friends", "both"), ("pals", "both"),
                           ("three", "three"), ("trio", "three")):  # fmt: skip
            people = tuple(self.by_id[who] for who in self.talk.resolve(means))
            if people and self.talk.plain(means) and not any(p.gone for p in people):
                options[way, people] = {"they": 0.5}.get(way, 0.14) * (1 + (len(self.talk.known) > 2))
        wide = any(self.talk.antecedents(way) > 1 for way, people in options if len(people) == 1)
        if not options or not self.dice.chance(PRONOUN_WIDE if wide else PRONOUN):
            return None
        way, people = self.dice.weigh(options)
        return self.alone(people[0], pronoun=True) if len(people) == 1 else self.group(list(people), way)

    def _act(self) -> Line:
        here = self.here
        if len(here) >= 3 and self.dice.chance(THREE):
            return self.three(self.dice.some(here, 3))
        if len(here) >= 2 and self.dice.chance(PAIR):
            return self.pair(*self.dice.some(here, 2))
        return self.alone(self.dice.pick(here), pronoun=False)

    def _enter(self) -> Line:
        """Bring a new character in: the first one, or somebody who joins."""
        new = [p for p in self.cast if not p.met]
        if self.t == 0 and len(new) > 1 and self.dice.chance(0.25):
            return self.pair(new[0], new[1])
        if self.here and self.dice.chance(0.3):
            old = self.dice.pick(self.here)
            return self.pair(*((new[0], old) if self.dice.chance(0.5) else (old, new[0])))
        return self.appear(new[0]) if self.dice.chance(0.35) else self.alone(new[0], pronoun=False)

    def _finish(self, line: Line) -> None:
        """Fill the template, settle places, record mentions and labels."""
        we = {"we_see": "saw" if self.past else "see", "we_watch": "watched" if self.past else "watch"}
        order = [self.order[who] for who, _, _ in line.actors]
        places = settle_places([place for _, _, place in line.actors], order)
        shown = [Actor(who, act, place, self.by_id[who].look) for (who, act, _), place in
                 zip(line.actors, places, strict=True)]  # fmt: skip
        self.told.append(self._told(line))
        self.talk.mention(self.t, [(actor.who, rank) for actor, rank in zip(shown, line.ranks, strict=True)])
        self.texts.append(finish(line.template.format_map({**we, **line.slots})))
        self.templates.append(line.template)
        shown = [actor for _, actor in sorted(zip(order, shown, strict=True), key=lambda pair: pair[0])]
        self.panels.append(Panel(tuple(shown), self.setting, self.time, self.weather, line.props, line.shot))

    def _told(self, line: Line) -> Told:
        people = [self.by_id[who] for who, _, _ in line.actors]
        carried = tuple(p.who for p in people if not p.look.plain and p.look_panel < self.t)
        renamed = tuple(p.who for p in people if p.given and p.name in line.spoken)
        only = bool(line.pronouns) and not line.called
        wide = max(map(self.talk.antecedents, line.pronouns)) if only else 0
        far = self.talk.distance(tuple(p.who for p in people), self.t) if only else 0
        return Told(only, wide, far, carried, renamed, tuple(dict.fromkeys(line.spoken)))


def write_script(pack: WordPack, rng: np.random.Generator, split: str = "train") -> Script:
    """Write one story of 3 to 8 sentences with exact labels.

    `split` decides which names may be given and which pairs of character and action or setting may occur: no held-out
    pair in train, val and test, at least one in every story of test_unseen.
    """
    return write_forms(pack, rng, split)[0]


def write_forms(pack: WordPack, rng: np.random.Generator, split: str = "train") -> tuple[Script, tuple[str, ...]]:
    """As `write_script`, with the sentence form (the template before its slots were filled) of each sentence.

    Raises DataError for a pack without characters or settings, or one so small that no story can obey the split.
    """
    if not pack.characters or not pack.settings:
        raise DataError("the cast pack has no characters or no settings; a story needs at least one of each")
    for _ in range(ATTEMPTS):
        teller = Teller(pack, rng, split)
        script = teller.tell()
        if bool(held_in(pack, script.panels)) == (split == "test_unseen"):
            return script, tuple(teller.templates)
    raise DataError(f"no story for the split {split!r} came in {ATTEMPTS} attempts; the cast pack is too small for it")


@lru_cache(maxsize=1)
def _shipped() -> WordPack:
    from seqgan.data.theatre.pack import CastPack

    return CastPack.shipped()


def surprise(seed: int) -> str:
    """A story by the grammar in the shipped world, as one paragraph; the same for the same seed."""
    return write_script(_shipped(), np.random.default_rng(np.random.SeedSequence(seed)), "test").text
