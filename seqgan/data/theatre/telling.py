"""The state of a story being told: its cast, what was told of them, where and when it is, and how to refer to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from seqgan.data.theatre import words as W
from seqgan.data.theatre.dice import Dice
from seqgan.data.theatre.discourse import Discourse
from seqgan.data.theatre.forms import Agree, Ref
from seqgan.data.theatre.names import names_for
from seqgan.data.theatre.splits import held_actions, held_settings
from seqgan.data.theatre.words import WordPack
from seqgan.data.theatre.world import ACTIONS, Look, Panel, Told

LENGTHS = {3: 0.08, 4: 0.16, 5: 0.24, 6: 0.22, 7: 0.17, 8: 0.13}
CAST_SIZES = {1: 0.20, 2: 0.50, 3: 0.30}
ALIKE = 0.62
"""How often a further character shares the pronoun of the first on purpose, so that pronouns need the discourse."""
ACTION_WEIGHTS = {"walk": 0.68, "jump": 0.72, "dance": 0.85, "run": 0.9, "wave": 0.92, "ride": 0.92, "bow": 1.05,
                  "swim": 1.15, "juggle": 1.15}  # fmt: skip
"""Entrances, exits and travels add to walking, jumping and the like; these weights even that out."""
FAIR = 3.2
"""Exponent that evens out the settings: about how many characters a story's cast has, with some to spare."""
PAST, NAMED_ANEW, LOOKS_TOLD, NAMELESS = 0.18, 0.37, 0.63, 0.22


NOW_ONLY = ("here {a:be}", "here {:be}", "this {:be}", "{a} {a:be} here", "over there")


@dataclass(eq=False)
class Persona:
    """What a story has decided and told about one character."""

    who: str
    pronoun: str
    name: str
    nouns: tuple[str, ...]
    given: bool = False
    named: bool = True
    met: bool = False
    gone: bool = False
    plan: Look = field(default_factory=Look)
    look: Look = field(default_factory=Look)
    look_panel: int = -1
    action: str = ""


Doing = tuple[str, str, str | None]
"""Who, which action, and the place that the sentence tells (None where it is silent)."""


@dataclass
class Line:
    """One sentence in the making: template, slots, and the labels that follow from it."""

    template: str = ""
    slots: dict[str, object] = field(default_factory=dict)
    actors: list[Doing] = field(default_factory=list)
    ranks: list[int] = field(default_factory=list)
    props: tuple[str, ...] = ()
    shot: str = "medium"
    pronouns: list[str] = field(default_factory=list)
    called: bool = False
    spoken: list[str] = field(default_factory=list)


class Telling:
    """A story's state: `pack`, `split`, what was decided at the start, and what the panels told so far."""

    def __init__(self, pack: WordPack, rng: np.random.Generator, split: str) -> None:
        self.pack, self.dice, self.split = pack, Dice(rng), split
        unseen = split == "test_unseen"
        self.no_action = frozenset() if unseen else held_actions(pack)
        self.no_setting = frozenset() if unseen else held_settings(pack)
        self.past = self.dice.chance(PAST)
        self.agree = Agree(self.past)
        self.length = self.dice.weigh(LENGTHS)
        self.time, self.weather, self.t = "day", "clear", 0
        self.panels: list[Panel] = []
        self.told: list[Told] = []
        self.texts: list[str] = []
        self.templates: list[str] = []
        self.seen_props: list[str] = []
        self.target = self._target()
        self.cast = self._choose_cast()
        self.by_id = {p.who: p for p in self.cast}
        self.order = {who: number for number, who in enumerate(pack.characters)}
        self._give_names()
        self._give_looks()
        self.talk = Discourse({p.who: p.pronoun for p in self.cast})
        self.setting = self._first_setting()

    # --- what the story is about -------------------------------------------------------------------------------------

    def _target(self) -> tuple[str, str] | None:
        """The held-out pair that a story of test_unseen is about."""
        if self.split != "test_unseen":
            return None
        return self.dice.pick(sorted(held_actions(self.pack)) + sorted(held_settings(self.pack)))

    def _choose_cast(self) -> list[Persona]:
        ids, characters = list(self.pack.characters), self.pack.characters
        count = min(self.dice.weigh(CAST_SIZES), len(ids))
        chosen = [self.target[0] if self.target else self._leading(ids)]
        while len(chosen) < count:
            pronoun = characters[chosen[0]].pronoun
            alike = [i for i in ids if i not in chosen and characters[i].pronoun == pronoun]
            others = [i for i in ids if i not in chosen]
            chosen.append(self.dice.pick(alike if alike and self.dice.chance(ALIKE) else others))
        return [self._persona(who, chosen) for who in self.dice.some(chosen, count)]

    def _leading(self, ids: list[str]) -> str:
        """The first character; one whose pronoun nobody shares leads oftener, being seldom added as alike."""
        kinds = [self.pack.characters[i].pronoun for i in ids]
        return self.dice.weigh({i: 2.0 if kinds.count(kind) == 1 else 1.0 for i, kind in zip(ids, kinds, strict=True)})

    def _persona(self, who: str, chosen: list[str]) -> Persona:
        """A character with the one or two nouns that this story uses for it."""
        person, nouns = self.pack.characters[who], W.nouns(self.pack, who)
        if len(W.BIRDS & set(chosen)) > 1:
            nouns = tuple(noun for noun in nouns if noun != "bird")
        kind, others = nouns[:1], nouns[1:]
        if others and self.dice.chance(0.4):
            other = (self.dice.pick(others),)
            nouns = other if person.kind in W.HUMANS or self.dice.chance(0.5) else kind + other
        else:
            nouns = kind
        return Persona(who, person.pronoun, person.name, nouns)

    def _give_names(self) -> None:
        if not self.dice.chance(NAMED_ANEW):
            return
        for persona in self.dice.some(self.cast, 1 + self.dice.chance(0.4)):
            taken = {p.name for p in self.cast} | {c.name for c in self.pack.characters.values()}
            free = [name for name in names_for(persona.pronoun, self.split) if name not in taken]
            if free and persona.nouns:
                persona.name, persona.given = self.dice.pick(free), True

    def _give_looks(self) -> None:
        if not self.dice.chance(LOOKS_TOLD):
            return
        for persona in self.dice.some(self.cast, 1 + self.dice.chance(0.4)):
            kind = self.dice.weigh({"item": 0.6, "size": 0.25, "both": 0.15})
            item = self.dice.pick(("hat", "scarf")) if kind != "size" else "none"
            colour = self.dice.pick(("red", "blue", "green", "yellow")) if item != "none" else "none"
            size = self.dice.pick(("big", "small")) if kind != "item" and persona.nouns else "normal"
            persona.plan = Look(item, colour, size)

    # --- what may be shown -------------------------------------------------------------------------------------------

    @property
    def indoor(self) -> bool:
        """Whether the present setting has no weather."""
        return self.pack.settings[self.setting].indoor

    @property
    def timeless(self) -> bool:
        """Whether the present setting knows no morning and no evening (outer space)."""
        return self.indoor and self.setting == "space"

    @property
    def here(self) -> list[Persona]:
        """The characters brought in and not gone."""
        return [p for p in self.cast if p.met and not p.gone]

    def free_settings(self) -> list[str]:
        """Settings other than the present one that the whole cast may stand in; the present one if there is none."""
        free = [s for s in self.pack.settings if all((p.who, s) not in self.no_setting for p in self.cast)]
        return [s for s in free if s != self.setting] or [self.setting]

    def told_now(self, pool: Sequence[str]) -> list[str]:
        """The forms that suit the tense: "here is Mia" has no good past."""
        return [form for form in pool if not (self.past and form.startswith(NOW_ONLY))] or list(pool)

    def _first_setting(self) -> str:
        if self.target and self.target[1] in self.pack.settings and self.dice.chance(0.6):
            return self.target[1]
        self.setting = ""
        return self.new_setting()

    def new_setting(self) -> str:
        """Another setting where the whole cast may stand; one where some may not comes oftener in exchange."""
        rows = len(self.pack.characters)
        held = [place for _, place in self.no_setting]
        free = [s for s in self.free_settings() if s] or list(self.pack.settings)
        return self.dice.weigh({s: (rows / max(rows - held.count(s), 1)) ** FAIR for s in free})

    def move(self, setting: str) -> None:
        """Change the setting; under a roof and in space the weather is clear."""
        self.setting = setting
        if self.indoor:
            self.weather = "clear"

    def free_of(self, actions: Sequence[str], *people: Persona) -> list[str]:
        """Those of some actions that the split lets all these people do."""
        return [a for a in actions if all((p.who, a) not in self.no_action for p in people)]

    def action(self, *people: Persona) -> str:
        """An action for these people: any but standing, and not what one of them did last."""
        if self.target and self.target[1] in ACTIONS and self.dice.chance(0.7) and self._about(people):
            return self.target[1]
        free = self.free_of([a for a in ACTIONS if a != "stand"], *people)
        fresh = [a for a in free if all(p.action != a for p in people)]
        return self.dice.weigh({a: ACTION_WEIGHTS.get(a, 1.0) for a in fresh or free or ["stand"]})

    def _about(self, people: Sequence[Persona]) -> bool:
        return bool(self.target) and any(p.who == self.target[0] for p in people)

    def phrase(self, action: str) -> str:
        """A verb phrase of an action that fits the setting."""
        return self.dice.pick([x for x in W.ACTION_PHRASES[action] if not (self.indoor and "sky" in x)])

    # --- who is called what ------------------------------------------------------------------------------------------

    def name(self, p: Persona, line: Line, style: str = "free") -> str:
        """The character by name or noun, brought in if new.

        `style` of a first mention: "free", "simple" (no commas inside), "new" (as unknown: "a cat called Cleo").
        """
        line.called = True
        if not p.met:
            p.met = True
            text, p.named = self._first(p, style)
            by_name = p.named
        else:
            by_name = not p.nouns or (p.named and self.dice.chance(0.62))
            text = p.name if by_name else f"the {self.dice.pick(p.nouns)}"
        if by_name and p.given:
            line.spoken.append(p.name)
        return text

    def _first(self, p: Persona, style: str) -> tuple[str, bool]:
        """The noun phrase that brings a character in, and whether it says its name."""
        look, size = self._told_look(p)
        if not p.nouns:
            return p.name + self._worn(look, style), True
        bare = self._sized(p, size) + self.dice.pick(p.nouns)
        called = f"{W.article(bare)} {self.dice.pick(('called', 'named'))} {p.name}"
        if not p.given and self.dice.chance(NAMELESS):
            text = W.article(bare) if style == "new" or self.dice.chance(0.5) else f"the {bare}"
            return text + look, False
        if style == "new":
            return called + look, True
        ways = {called + look: 3.0, f"{p.name} the {bare}{look}": 2.0}
        if style == "free":
            ways[f"{p.name}, {W.article(bare)}{look},"] = 1.5
        if not p.given and size == "normal":
            ways[p.name + self._worn(look, style)] = 6.0
        return self.dice.weigh(ways), True

    def _sized(self, p: Persona, size: str) -> str:
        human = self.pack.characters[p.who].kind in W.HUMANS
        words = (W.HUMAN_SIZE_WORDS if human else W.SIZE_WORDS).get(size)
        return f"{self.dice.pick(words)} " if words else ""

    def _told_look(self, p: Persona) -> tuple[str, str]:
        """What of a planned look the first noun phrase tells: " in a red hat" or "", and the size."""
        now = p.plan.item != "none" and (self.dice.chance(0.6) or self.t + 2 >= self.length)
        item, colour = (p.plan.item, p.plan.colour) if now else ("none", "none")
        if now or p.plan.size != "normal":
            p.look, p.look_panel = Look(item, colour, p.plan.size), self.t
        return (self.dice.pick((" in ", " with ")) + W.article(f"{colour} {item}") if now else ""), p.plan.size

    def _worn(self, look: str, style: str) -> str:
        """A look after a bare name: "Mia in a red hat", or set off by commas."""
        if not look or style == "simple":
            return look
        what, wear = look.split(" ", 2)[2], W.finite("wear", False, self.past)
        have = W.finite("have", False, self.past)
        return self.dice.pick((look, f", who {wear} {what},", f", who {have} {what} on,", f", in {what},",
                               f", wearing {what},"))  # fmt: skip

    def ref(self, p: Persona, phrase: str, line: Line, pronoun: bool = False, style: str = "free") -> Ref:
        """A character as a slot, by pronoun where asked."""
        if pronoun:
            line.pronouns.append(p.pronoun)
            subject, other = W.PRONOUN_FORMS[p.pronoun]
            return Ref(subject, other, phrase, p.pronoun == "they", self.past)
        name = self.name(p, line, style)
        return Ref(name, name.rstrip(","), phrase, False, self.past)

    def clear(self, p: Persona) -> bool:
        """Whether this character's pronoun would be read as meaning it."""
        word = p.pronoun
        if word == "it" and self.talk.known and self.talk.latest() != p.who:
            return False  # a reader takes "it" for an animal that was mentioned since
        return word != "they" and self.talk.resolve(word) == (p.who,) and self.talk.plain(word)
