"""The storyteller: writes stories whose every panel has exact labels.

`write_script` keeps one `_Teller` a story. Each step plans a panel (who, what, where, props, shot), chooses a sentence
form, decides who is called by name, noun or pronoun under the rule of `discourse`, and records what the sentence told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from seqgan.data.theatre import forms as F
from seqgan.data.theatre import words as W
from seqgan.data.theatre.discourse import OBJECT, SUBJECT, Discourse, settle_places
from seqgan.data.theatre.names import names_for
from seqgan.data.theatre.splits import held_actions, held_in, held_settings
from seqgan.data.theatre.words import WordPack
from seqgan.data.theatre.world import ACTIONS, Actor, Look, Panel, Script, Told

Item = TypeVar("Item")
LENGTHS = {3: 0.08, 4: 0.17, 5: 0.25, 6: 0.22, 7: 0.16, 8: 0.12}
CAST_SIZES = {1: 0.26, 2: 0.50, 3: 0.24}
ATTEMPTS = 40


class Dice:
    """Choices from a generator; cheaper than numpy's own `choice` for short lists."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def chance(self, share: float) -> bool:
        """True with this probability."""
        return self.rng.random() < share

    def pick(self, items: Sequence[Item]) -> Item:
        """One item, evenly."""
        return items[int(self.rng.random() * len(items))]

    def weigh(self, weights: dict[Item, float]) -> Item:
        """One key, by weight."""
        mark = self.rng.random() * sum(weights.values())
        for item, weight in weights.items():
            mark -= weight
            if mark < 0:
                return item
        return next(reversed(weights))

    def some(self, items: Sequence[Item], count: int) -> list[Item]:
        """A few different items in random order."""
        return [items[int(i)] for i in self.rng.permutation(len(items))[:count]]


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


@dataclass
class Line:
    """One sentence in the making: template, slots, and the labels that follow from it."""

    template: str
    slots: dict[str, object] = field(default_factory=dict)
    actors: list[tuple[str, str, str | None]] = field(default_factory=list)
    ranks: list[int] = field(default_factory=list)
    props: tuple[str, ...] = ()
    shot: str = "medium"
    pronouns: list[str] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    room: bool = True


class Teller:
    """One story being told."""

    def __init__(self, pack: WordPack, rng: np.random.Generator, split: str) -> None:
        self.pack, self.dice, self.split = pack, Dice(rng), split
        self.no_action = held_actions(pack) if split != "test_unseen" else frozenset()
        self.no_setting = held_settings(pack) if split != "test_unseen" else frozenset()
        self.past = self.dice.chance(0.18)
        self.agree = F.Agree(self.past)
        self.length = self.dice.weigh(LENGTHS)
        self.time, self.weather, self.t = "day", "clear", 0
        self.panels: list[Panel] = []
        self.told: list[Told] = []
        self.texts: list[str] = []
        self.templates: list[str] = []
        self.seen_props: list[str] = []
        self.target: tuple[str, str] | None = None
        self._choose_cast()
        self.talk = Discourse({p.who: p.pronoun for p in self.cast})
        self.setting = self._free_setting()

    # --- what the story is about ---------------------------------------------------------------------------------

    def _choose_cast(self) -> None:
        ids = list(self.pack.characters)
        count = min(self.dice.weigh(CAST_SIZES), len(ids))
        if self.split == "test_unseen":
            held = sorted(held_actions(self.pack)) + sorted(held_settings(self.pack))
            self.target = self.dice.pick(held)
        first = self.target[0] if self.target else self.dice.pick(ids)
        chosen = [first]
        while len(chosen) < count:
            alike = [i for i in ids if self.pack.characters[i].pronoun == self.pack.characters[first].pronoun]
            pool = [i for i in (alike if self.dice.chance(0.35) else ids) if i not in chosen]
            chosen.append(self.dice.pick(pool or [i for i in ids if i not in chosen]))
        self.cast = [self._persona(who) for who in self.dice.some(chosen, count)]
        self.by_id = {p.who: p for p in self.cast}
        self._give_names()
        self._give_looks()

    def _persona(self, who: str) -> Persona:
        person = self.pack.characters[who]
        return Persona(who, person.pronoun, person.name, W.nouns(self.pack, who))

    def _give_names(self) -> None:
        if not self.dice.chance(0.36):
            return
        for persona in self.dice.some(self.cast, 1 + self.dice.chance(0.4)):
            taken = {p.name for p in self.cast} | {c.name for c in self.pack.characters.values()}
            free = [n for n in names_for(persona.pronoun, self.split) if n not in taken]
            if free and persona.nouns:
                persona.name, persona.given = self.dice.pick(free), True

    def _give_looks(self) -> None:
        if not self.dice.chance(0.62):
            return
        for persona in self.dice.some(self.cast, 1 + self.dice.chance(0.4)):
            kind = self.dice.weigh({"item": 0.6, "size": 0.25, "both": 0.15})
            item = self.dice.pick(("hat", "scarf")) if kind != "size" else "none"
            colour = self.dice.pick(("red", "blue", "green", "yellow")) if item != "none" else "none"
            size = self.dice.pick(("big", "small")) if kind != "item" and persona.nouns else "normal"
            persona.plan = Look(item, colour, size)

    def _may_stand_in(self, setting: str) -> bool:
        return all((p.who, setting) not in self.no_setting for p in self.cast)

    def _free_setting(self) -> str:
        if self.target and self.target[1] in self.pack.settings and self.dice.chance(0.6):
            return self.target[1]
        ids = [s for s in self.pack.settings if self._may_stand_in(s)]
        return self.dice.pick(ids or list(self.pack.settings))

    def _actions_for(self, people: Sequence[Persona]) -> list[str]:
        free = [a for a in ACTIONS if all((p.who, a) not in self.no_action for p in people)]
        fresh = [a for a in free if a != "stand" and all(p.action != a for p in people)]
        return fresh or free

    def _action(self, *people: Persona) -> str:
        wanted = self.target[1] if self.target else ""
        if wanted in ACTIONS and any(p.who == self.target[0] for p in people if self.target) and self.dice.chance(0.7):
            return wanted
        return "stand" if self.dice.chance(0.03) else self.dice.pick(self._actions_for(people))

    @property
    def _indoor(self) -> bool:
        return self.pack.settings[self.setting].indoor

    # --- noun phrases ----------------------------------------------------------------------------------------------

    def _first(self, p: Persona, simple: bool) -> tuple[str, bool]:
        """The noun phrase that brings a character in, and whether it says its name."""
        look, size = self._told_look(p)
        noun = self.dice.pick(p.nouns) if p.nouns else ""
        adjective = f"{self.dice.pick(W.SIZE_WORDS[size])} " if size != "normal" else ""
        called = self.dice.pick(("called", "named"))
        full = {
            f"{W.article(adjective + noun)} {called} {p.name}{look}": 3.0,
            f"{p.name} the {adjective}{noun}{look}": 2.0,
        }
        if not simple:
            full[f"{p.name}, {W.article(adjective + noun)}{look},"] = 1.5
        if not p.given:
            p.named = self.dice.chance(0.75)
            if not p.named:
                return self.dice.pick((W.article(adjective + noun), f"the {adjective}{noun}")) + look, False
            if not adjective:
                full[p.name + self._worn(look, simple)] = 6.0
        return self.dice.weigh(full), True

    def _told_look(self, p: Persona) -> tuple[str, str]:
        """What of a planned look the first noun phrase tells: " in a red hat", and the size word's class."""
        item = p.plan.item if self.dice.chance(0.6) or self.t + 2 >= self.length else "none"
        colour = p.plan.colour if item != "none" else "none"
        if item != "none" or p.plan.size != "normal":
            p.look, p.look_panel = Look(item, colour, p.plan.size), self.t
        link = self.dice.pick((" in ", " with ", " wearing "))
        return (link + W.article(f"{colour} {item}") if item != "none" else ""), p.plan.size

    def _worn(self, look: str, simple: bool) -> str:
        """A look after a bare name: "Mia in a red hat", or set off by commas."""
        if not look or simple:
            return look
        what = look.split(" ", 2)[2]
        return self.dice.pick((look, f", who wears {what}," if not self.past else f", who wore {what},",
                               f", with {what} on,", f", wearing {what},"))  # fmt: skip

    def _name(self, p: Persona, line: Line, simple: bool = False) -> str:
        """The character by name or noun, brought in if new."""
        if not p.met:
            text, named = self._first(p, simple)
            p.met, p.named = True, p.named or named
            if p.given:
                line.spoken.append(p.name)
            return text
        by_name = not p.nouns or (p.named and self.dice.chance(0.62))
        if by_name and p.given:
            line.spoken.append(p.name)
        return p.name if by_name else f"the {self.dice.pick(p.nouns)}"

    def _ref(self, p: Persona, phrase: str, line: Line, pronoun: bool = False, simple: bool = False) -> F.Ref:
        """A character as a slot, by pronoun where asked."""
        if pronoun:
            line.pronouns.append(p.pronoun)
            subject, other = W.PRONOUN_FORMS[p.pronoun]
            return F.Ref(subject, other, phrase, p.pronoun == "they", self.past)
        name = self._name(p, line, simple)
        return F.Ref(name, name.rstrip(","), phrase, False, self.past)

    def _clear(self, p: Persona) -> bool:
        """Whether this character's pronoun would be read as meaning it."""
        word = p.pronoun
        return word != "they" and self.talk.resolve(word) == (p.who,) and self.talk.plain(word)

    # --- one panel ---------------------------------------------------------------------------------------------------

    def tell(self) -> Script:
        """Write all panels."""
        for self.t in range(self.length):
            self._finish(self._plan())
        names = {p.name: p.who for p in self.cast if p.given and p.met}
        return Script(tuple(self.texts), tuple(self.panels), tuple(self.told), names)

    @property
    def _here(self) -> list[Persona]:
        return [p for p in self.cast if p.met and not p.gone]

    def _plan(self) -> Line:
        if self.t == 0:
            return self._opening() if self.dice.chance(0.1) else self._enter()
        new = [p for p in self.cast if not p.met]
        left = self.length - self.t
        if new and (not self._here or left <= len(new) or self.dice.chance(0.5)):
            return self._enter()
        if self.panels[-1].actors and self.dice.chance(0.16):
            return self._scene()
        if self.dice.chance(0.5):
            line = self._pronoun_panel()
            if line:
                return line
        return self._act()

    def _pronoun_panel(self) -> Line | None:
        """A sentence that names nobody and is plain to read, preferring far and ambiguous antecedents."""
        options: dict[tuple[str, tuple[Persona, ...]], float] = {}
        for p in self._here:
            if self._clear(p):
                far, wide = self.talk.distance((p.who,), self.t) > 1, self.talk.antecedents(p.pronoun) > 1
                options[p.pronoun, (p,)] = 1.0 + 2.0 * far + 1.0 * wide
        for word in ("they", "both", "three"):
            found = self.talk.resolve(word)
            people = tuple(self.by_id[who] for who in found)
            if found and self.talk.plain(word) and all(not p.gone for p in people):
                options[word, people] = 0.25 + 0.35 * (len(self.talk.known) > 2)
        if not options:
            return None
        word, people = self.dice.weigh(options)
        return self._alone(people[0], pronoun=True) if len(people) == 1 else self._group(list(people), word)

    def _act(self) -> Line:
        here = self._here
        if len(here) >= 3 and self.dice.chance(0.2):
            return self._three(self.dice.some(here, 3))
        if len(here) >= 2 and self.dice.chance(0.42):
            return self._pair(*self.dice.some(here, 2))
        return self._alone(self.dice.pick(here), pronoun=False)

    def _enter(self) -> Line:
        """Bring a new character in: the first one, or somebody who joins."""
        new = [p for p in self.cast if not p.met]
        if self.t == 0 and len(new) > 1 and self.dice.chance(0.3):
            return self._pair(new[0], new[1])
        if self.t > 0 and self._here and self.dice.chance(0.3):
            old = self.dice.pick(self._here)
            return self._pair(*((new[0], old) if self.dice.chance(0.5) else (old, new[0])))
        if self.dice.chance(0.35):
            return self._appear(new[0])
        return self._alone(new[0], pronoun=False)

    def _appear(self, p: Persona) -> Line:
        line = Line("")
        action = self.dice.pick([a for a in F.ENTER if (p.who, a) not in self.no_action])
        once = self.t == 0 and p.nouns and self.dice.chance(0.4)
        action = "stand" if once else action
        line.template = self.dice.pick((F.ONCE if self.past else F.ONCE_NOW) if once else F.ENTER[action])
        if self.t == 0 and not once:
            action, line.template = "stand", self.dice.pick(("there {a:be} {a}", "{a} {a:be} here"))
        line.slots["a"] = self._ref(p, "stand", line)
        line.actors, line.ranks = [(p.who, action, None)], [SUBJECT]
        return self._dress(line, opener=not once)

    def _alone(self, p: Persona, pronoun: bool) -> Line:
        """One character: does something, or has to do with a prop, or puts something on, or goes elsewhere."""
        line = Line("")
        kind = self.dice.weigh({"act": 0.62, "prop": 0.24, "go": 0.09 if self.t else 0.0, "leave": 0.05})
        if p.met and p.plan.item != p.look.item and self.dice.chance(0.6):
            return self._wear(p, pronoun)
        if kind == "prop" and self.pack.props:
            return self._with_prop(p, pronoun)
        if kind == "go" and len(self.pack.settings) > 1:
            return self._travel(p, pronoun)
        if kind == "leave" and self.t > 1 and len(self._here) > 1 and p.met:
            return self._leave(p, pronoun)
        return self._do(p, line, pronoun)

    def _do(self, p: Persona, line: Line, pronoun: bool) -> Line:
        action = self._action(p)
        phrase = self._phrase(action)
        moods = [*F.SINGLE] + ([*F.SINGLE_ING] if F.progressive(phrase) else [])
        if F.progressive(phrase) and not pronoun:
            moods += F.NAMED_ING
        line.template = self.dice.pick([m for m in moods if self._fits(m, phrase)])
        line.slots["a"] = self._ref(p, phrase, line, pronoun)
        line.actors, line.ranks = [(p.who, action, None)], [SUBJECT]
        p.action = action
        return self._dress(line, prop=True, place=True)

    def _phrase(self, action: str) -> str:
        phrases = [x for x in W.ACTION_PHRASES[action] if not (self._indoor and "sky" in x)]
        return self.dice.pick(phrases)

    def _fits(self, template: str, phrase: str) -> bool:
        """Whether a form goes with a verb phrase: no "starts to be asleep", no "smiles and smiles"."""
        if phrase.startswith("be ") and ":inf" in template:
            return False
        head = phrase.split("/")[0].split()[0]
        if phrase in W.ACTION_PHRASES["stand"] and (" and " in template or "for a while" in template):
            return False
        if head in ("fall", "lie", "stop", "be") and ("{a:keep}" in template or "for a while" in template):
            return False
        return not ("for a while" in phrase and "for a while" in template)

    def _with_prop(self, p: Persona, pronoun: bool) -> Line:
        line = Line("")
        self._props(line, 1 + self.dice.chance(0.1))
        kind = self.dice.weigh({"verb": 0.6, "passive": 0.2 if not pronoun else 0.05, "beside": 0.2})
        if kind == "verb":
            own = W.PROP_VERBS.get(line.props[0], ()) if len(line.props) == 1 else ()
            verb = self.dice.pick([*own, *own, *W.ANY_PROP_VERBS])
            line.template = self.dice.pick(F.PROP_SINGLE)
            line.slots["a"] = self._ref(p, verb, line, pronoun)
        else:
            line.template = self.dice.pick(F.PROP_PASSIVE if kind == "passive" else F.PROP_BESIDE)
            many = len(line.props) > 1
            line.slots["p_be"] = W.finite("be", many, self.past)
            line.slots["p_lie"] = W.finite(self.dice.pick(("lie", "stand")), many, self.past)
            line.slots["near"] = self.dice.pick(("beside", "next to", "near"))
            line.slots["a"] = self._ref(p, "stand", line, pronoun)
        line.actors, line.ranks = [(p.who, "stand", None)], [SUBJECT]
        p.action = "stand"
        return self._dress(line, place=kind == "verb")

    def _props(self, line: Line, count: int) -> None:
        props = self.dice.some(list(self.pack.props), count)
        if self.seen_props and self.dice.chance(0.15):
            props[0] = self.seen_props[-1]
        line.props = tuple(dict.fromkeys(props))
        texts = [self._prop_text(prop) for prop in line.props]
        line.slots["p"] = " and ".join(texts)
        self.seen_props += line.props

    def _prop_text(self, prop: str) -> str:
        noun = self.dice.pick(W.prop_nouns(self.pack, prop))
        return f"the {noun}" if prop in self.seen_props else W.article(noun)

    def _wear(self, p: Persona, pronoun: bool) -> Line:
        line = Line(self.dice.pick(F.WEAR))
        action = self._action(p) if "a:v" in line.template else "stand"
        line.slots["look"] = W.article(f"{p.plan.colour} {p.plan.item}")
        line.slots["look_be"] = W.finite("be", False, self.past)
        pronoun = pronoun and not line.template.startswith(("{look}", "{a}, who"))
        line.slots["a"] = self._ref(p, self._phrase(action), line, pronoun)
        p.look, p.look_panel, p.action = p.plan, self.t, action
        line.actors, line.ranks = [(p.who, action, None)], [SUBJECT]
        line.room = not line.template.endswith("{look}")
        return self._dress(line)

    def _travel(self, p: Persona, pronoun: bool) -> Line:
        line, before = Line(""), self.setting
        free = [s for s in self.pack.settings if s != before and self._may_stand_in(s)]
        self._move(self.dice.pick(free or [before]))
        if self.dice.chance(0.3):
            line.template, action, phrase = self.dice.pick(F.ARRIVE), "stand", "stand"
            line.slots["w"] = self.dice.pick(W.phrases_at(self.pack, self.setting))
        else:
            action = self.dice.pick([a for a in F.TRAVEL if (p.who, a) not in self.no_action])
            phrase = self.dice.pick(F.TRAVEL[action])
            line.template = self.dice.pick(("{a} {a:v} {to}", "{a} {a:v} {to}", "{a} {a:decide} to {a:inf} {to}",
                                            "{a} {a:be} {a:ing} {to}"))  # fmt: skip
            line.slots["to"] = self.dice.pick(W.phrases_to(self.pack, self.setting))
        line.slots["a"] = self._ref(p, phrase, line, pronoun)
        line.actors, line.ranks, line.room = [(p.who, action, None)], [SUBJECT], False
        p.action = action
        return self._dress(line, opener=not line.template.startswith("soon"))

    def _move(self, setting: str) -> None:
        """Change the setting; under a roof and in space the weather is clear."""
        self.setting = setting
        if self._indoor:
            self.weather = "clear"

    def _leave(self, p: Persona, pronoun: bool) -> Line:
        line = Line("")
        action = self.dice.pick([a for a in F.LEAVE if (p.who, a) not in self.no_action])
        line.template = self.dice.pick(F.LEAVE[action])
        line.slots["a"] = self._ref(p, "stand", line, pronoun)
        line.actors, line.ranks = [(p.who, action, None)], [SUBJECT]
        p.gone = True
        return self._dress(line)

    def _group(self, people: list[Persona], word: str) -> Line:
        """Two or three by a plural pronoun, doing one thing."""
        line = Line("")
        action = self._action(*people)
        phrase = self._phrase(action)
        texts = {"they": ("they", "them"), "both": self.dice.pick((("both of them", "both of them"),
                 ("the two of them", "the two of them"))), "three": self.dice.pick((("all three of them",) * 2,
                 ("the three of them",) * 2))}  # fmt: skip
        subject, other = texts[word]
        line.pronouns.append(word)
        return self._together(people, F.Ref(subject, other, phrase, True, self.past), action, line)

    def _together(self, people: list[Persona], group: F.Ref, action: str, line: Line) -> Line:
        moods = [m for m in F.TOGETHER if self._fits(m, group.phrase)]
        if not F.progressive(group.phrase):
            moods = [m for m in moods if "ing" not in m]
        line.template = self.dice.pick(moods)
        line.slots["g"] = group
        line.actors, line.ranks = [(p.who, action, None) for p in people], [SUBJECT] * len(people)
        for p in people:
            p.action = action
        return self._dress(line, prop=True)

    def _pair(self, a: Persona, b: Persona) -> Line:
        kind = self.dice.weigh({"same": 0.34, "two": 0.33, "to": 0.33})
        line = Line("")
        if kind == "same":
            return self._same(a, b, line)
        return self._two(a, b, line) if kind == "two" else self._toward(a, b, line)

    def _same(self, a: Persona, b: Persona, line: Line) -> Line:
        action = self._action(a, b)
        phrase = self._phrase(action)
        if phrase.startswith("be ") or self.dice.chance(0.65):
            first, second = self._name(a, line, simple=True), self._name(b, line, simple=True)
            joined = f"{first} and {second}"
            return self._together([a, b], F.Ref(joined, joined, phrase, True, self.past), action, line)
        line.template = self.dice.pick(F.WITH)
        line.slots |= {"a": self._ref(a, phrase, line, simple=True), "b": self._ref(b, phrase, line, simple=True)}
        line.slots["g"] = F.Ref("", "", phrase, True, self.past)
        line.actors, line.ranks = [(a.who, action, None), (b.who, action, None)], [SUBJECT, SUBJECT]
        a.action = b.action = action
        if "together with" in line.template:
            line.ranks[1] = OBJECT
        return self._dress(line)

    def _two(self, a: Persona, b: Persona, line: Line) -> Line:
        """Two characters, each with its own action, perhaps with their places."""
        acts = [self._action(a), self._action(b)]
        phrases = [self._phrase(act) for act in acts]
        both = all(F.progressive(x) for x in phrases)
        line.template = self.dice.pick([*F.TWO, *F.TWO_ING] if both else F.TWO)
        by_pronoun = a.pronoun != b.pronoun and all(p.met and self._clear(p) for p in (a, b)) and self.dice.chance(0.5)
        sides: list[str | None] = [None, None]
        if self.dice.chance(0.3):
            sides = [*self.dice.some(("left", "right"), 2)]
        for key, p, phrase, side in zip("ab", (a, b), phrases, sides, strict=True):
            line.slots[key] = self._ref(p, phrase, line, pronoun=by_pronoun)
            line.slots[f"l{key}"] = f" {self.dice.pick(W.PLACE_PHRASES[side])}" if side else ""
        line.actors = [(a.who, acts[0], sides[0]), (b.who, acts[1], sides[1])]
        line.ranks = [SUBJECT, SUBJECT]
        a.action, b.action = acts
        if "with {b}" in line.template and by_pronoun:
            line.template = "{a} {a:v}{la} while {b} {b:v}{lb}"
        return self._dress(line)

    def _toward(self, a: Persona, b: Persona, line: Line) -> Line:
        """One acts, the other is beside, behind, watched or greeted."""
        kind = self.dice.weigh({"near": 0.3, "behind": 0.25, "watch": 0.2, "toward": 0.35})
        action = self._action(a)
        acts, places = [action, "stand"], [None, None]
        phrase, other = self._phrase(action), "stand"
        if kind == "watch":
            acts = ["stand", self._action(b)]
            other = self._phrase(acts[1])
        pools = {"near": F.NEXT_TO, "behind": F.BEHIND, "watch": F.WATCH, "toward": F.TOWARD[action]}
        moods = [m for m in pools[kind] if (F.progressive(phrase) or "a:ing" not in m)
                 and (F.progressive(other) or "b:ing" not in m)]  # fmt: skip
        line.template = self.dice.pick(moods)
        placed = ["behind" if kind == "behind" else None, *places[1:]]
        swap = line.template.find("{b") < line.template.find("{a")
        line.slots["near"] = self.dice.pick(("beside", "next to", "near"))
        by = a.met and self._clear(a) and not swap and self.dice.chance(0.35)
        order = ("b", "a") if swap else ("a", "b")
        for key in order:
            p, what = (a, phrase) if key == "a" else (b, other)
            line.slots[key] = self._ref(p, what, line, pronoun=by and key == "a", simple=True)
        actors = [(a.who, acts[0], placed[0]), (b.who, acts[1], placed[1])]
        ranks = [SUBJECT, OBJECT]
        if kind == "watch" and "{b} {b:v}" in line.template:
            ranks = [SUBJECT, SUBJECT]
        if line.template.startswith("{b}"):
            ranks = [OBJECT, SUBJECT]
        line.actors, line.ranks = (actors[::-1], ranks[::-1]) if swap else (actors, ranks)
        a.action, b.action = acts
        return self._dress(line)

    def _three(self, people: list[Persona]) -> Line:
        line = Line("")
        if self.dice.chance(0.6):
            people = [self.by_id[w] for w in (p.who for p in people)]
            action = self._action(*people)
            texts = [self._name(p, line, simple=True) for p in people]
            joined = f"{texts[0]}, {texts[1]} and {texts[2]}"
            return self._together(people, F.Ref(joined, joined, self._phrase(action), True, self.past), action, line)
        a, b, c = people
        acts = [self._action(a), self._action(b, c)]
        line.template = self.dice.pick(F.SPLIT_THREE)
        swap = line.template.startswith("{g}")
        for key in ("g", "a") if swap else ("a", "g"):
            if key == "a":
                line.slots["a"] = self._ref(a, self._phrase(acts[0]), line)
            else:
                joined = f"{self._name(b, line, True)} and {self._name(c, line, True)}"
                line.slots["g"] = F.Ref(joined, joined, self._phrase(acts[1]), True, self.past)
        actors = [(a.who, acts[0], None), (b.who, acts[1], None), (c.who, acts[1], None)]
        line.actors, line.ranks = (actors[1:] + actors[:1] if swap else actors), [SUBJECT] * 3
        a.action, b.action, c.action = acts[0], acts[1], acts[1]
        return self._dress(line)

    # --- sentences that name nobody -------------------------------------------------------------------------------

    def _opening(self) -> Line:
        self.time = self._new_time() if self.dice.chance(0.5) else "day"
        outer = self._indoor and self.setting != "room"
        pool = [x for x in F.OPENING if not (outer and "time" in x)]
        if outer:
            self.time = "day"
            pool = [x for x in pool if "{t}" not in x and "{T}" not in x]
        line = Line(self.agree.fill(self.dice.pick(pool)))
        if not re.search(r"\{(time|t|T)\}", line.template):
            self.time = "day"
        line.slots["time"] = self.dice.pick(F.TIME_NOUNS[self.time])
        return self._scenery(line, told=True)

    def _new_time(self) -> str:
        return self.dice.pick([t for t in ("day", "dusk", "night") if t != self.time] + ["night"])

    def _scene(self) -> Line:
        """Time passes, the weather turns, or nothing moves."""
        outside = not self._indoor
        kinds = {"time": 0.35 if outside or self.setting == "room" else 0.0, "weather": 0.3 * outside,
                 "end": 0.4 * (self.weather != "clear"), "quiet": 0.3, "air": 0.12 * outside,
                 "move": 0.08 * (len(self.pack.settings) > 1)}  # fmt: skip
        kind = self.dice.weigh(kinds)
        if kind == "time":
            return self._time_turns()
        if kind in ("weather", "end"):
            return self._weather_turns(kind == "end")
        if kind == "move":
            self._move(self.dice.pick([s for s in self.pack.settings if self._may_stand_in(s)] or [self.setting]))
            pool = ("the scene {:change} to {x}", "now we {we_see} {x}", "this {:be} {x}", "here {:be} {x}")
            return self._scenery(Line(self.agree.fill(self.dice.pick(pool))), told=True)
        pool = F.OPEN_AIR if kind == "air" else F.QUIET
        return self._scenery(Line(self.agree.fill(self.dice.pick(pool))))

    def _time_turns(self) -> Line:
        order = {"day": ("dusk", "night", "night"), "dusk": ("night",), "night": ("day",)}
        self.time = self.dice.pick(order[self.time])
        text = self.agree.fill(self.dice.pick(W.TIME_CHANGES[self.time]))
        if self.dice.chance(0.4):
            text = "{W}, " + text
        elif not self._indoor and self.dice.chance(0.4) and not re.search(r"\bit\b|over|set$|dark", text):
            text += " over {x}" if not re.search("comes?$|came$", text) else " to {x}"
        return self._scenery(Line(text))

    def _weather_turns(self, ends: bool) -> Line:
        if ends and self.weather != "clear":
            text, self.weather = self.dice.pick(W.WEATHER_ENDS[self.weather]), "clear"
        else:
            self.weather = self.dice.pick([x for x in ("rain", "snow") if x != self.weather])
            text = self.dice.pick(W.WEATHER_CHANGES[self.weather])
        text = self.agree.fill(text)
        if self.dice.chance(0.35):
            text = self.dice.pick(("{W}, " + text, text + " {w}"))
        return self._scenery(Line(text))

    def _scenery(self, line: Line, told: bool = False) -> Line:
        w, x = self.dice.pick(W.phrases_at(self.pack, self.setting)), self.dice.pick(
            W.phrases_scene(self.pack, self.setting))  # fmt: skip
        t = self._time_phrase()
        line.slots |= {"w": w, "W": w, "x": x, "t": t, "T": t}
        if not told and not line.template.startswith("{W}") and self.dice.chance(0.3):
            line.template = self.dice.pick(("then ", "soon ", "suddenly ", "now ", "a little later, ")) + line.template
        return line

    def _time_phrase(self) -> str:
        pool = [x for x in W.TIME_PHRASES[self.time] if not (self._indoor and re.search("moon|sun s", x))]
        return self._tense(self.dice.pick(pool))

    def _tense(self, phrase: str) -> str:
        phrase = self.agree.fill(phrase)
        return phrase.replace("the sun sets", "the sun set") if self.past else phrase

    # --- modifiers and the finished sentence ------------------------------------------------------------------------

    def _dress(self, line: Line, opener: bool = True, prop: bool = False, place: bool = False) -> Line:
        """Add where, when, weather, shot, place and prop to a core, each in front or behind."""
        told_where = any(f"{{{slot}}}" in line.template for slot in ("w", "to"))
        where = self._where(line) if not told_where else ""
        when, sky = self._when(told_where), self._sky(told_where)
        tails, fronts = [], []
        if prop and not line.props and self.pack.props and self.dice.chance(0.36):
            tails.append(self._prop_tail(line))
        if place and len(line.actors) == 1 and self.dice.chance(0.1):
            side = self.dice.pick(("left", "right", "left", "right", "middle"))
            line.actors = [(line.actors[0][0], line.actors[0][1], side)]
            line.slots["l"] = self.dice.pick(W.PLACE_PHRASES[side])
            (fronts if self.dice.chance(0.4) else tails).append("{l}")
        busy = len(line.template) > 60 or bool(tails)
        for slot, text in (("w", where), ("t", when), ("r", sky)):
            if text:
                line.slots[slot] = text
                front = not fronts and (busy or "," in line.template or self.dice.chance(0.45))
                (fronts if front else tails).append(f"{{{slot}}}")
        self._shot(line, fronts, tails)
        return self._join(line, fronts, tails, opener)

    def _where(self, line: Line) -> str:
        """The setting: always in the first panel, later again or anew now and then."""
        if self.t and self.dice.chance(0.07) and len(self.pack.settings) > 1:
            free = [s for s in self.pack.settings if s != self.setting and self._may_stand_in(s)]
            self._move(self.dice.pick(free or [self.setting]))
            return self.dice.pick(W.phrases_at(self.pack, self.setting))
        told = any(panel for panel in self.panels)
        return self.dice.pick(W.phrases_at(self.pack, self.setting)) if not told or self.dice.chance(0.13) else ""

    def _when(self, travelled: bool) -> str:
        if self._indoor and self.setting != "room":
            return ""
        if self.t == 0 and self.dice.chance(0.45):
            self.time = self.dice.pick(("day", "dusk", "night", "dusk", "night"))
            return self._time_phrase()
        if self.t and not travelled and self.dice.chance(0.05):
            self.time = self._new_time()
            return self._time_phrase()
        return self._time_phrase() if self.t and self.dice.chance(0.05) else ""

    def _sky(self, travelled: bool) -> str:
        if self._indoor or travelled:
            return ""
        if self.dice.chance(0.2 if self.t == 0 else 0.04):
            self.weather = self.dice.pick(("rain", "snow"))
            return self._tense(self.dice.pick(W.WEATHER_PHRASES[self.weather]))
        if self.weather != "clear" and self.dice.chance(0.1):
            return self._tense(self.dice.pick(W.WEATHER_PHRASES[self.weather]))
        return ""

    def _prop_tail(self, line: Line) -> str:
        self._props(line, 1 + self.dice.chance(0.08))
        link = self.dice.pick(W.PROP_LINKS).replace("{p}", "").strip()
        return f", {link} {{p}}," if link in ("holding", "carrying") else f"{link} {{p}}"

    def _shot(self, line: Line, fronts: list[str], tails: list[str]) -> None:
        line.shot = self.dice.weigh({"medium": 0.75, "close": 0.125, "far": 0.125})
        if line.shot == "medium":
            return
        if self.dice.chance(0.7):
            tails[:0] = [slot for slot in fronts]
            fronts[:] = [self.dice.pick(W.SHOT_FRONTS[line.shot]).rstrip(",")]
        else:
            tails.append(self.dice.pick(W.SHOT_BACKS[line.shot]))

    def _join(self, line: Line, fronts: list[str], tails: list[str], opener: bool) -> Line:
        core = line.template
        if not fronts and opener and not core.startswith(("soon", "meet", "once", "our", "this")):
            plain = self.dice.pick(F.OPENERS if self.t else F.STARTS)
            lively = ":v}" in core and "{a} {a:v}" in core and len(line.actors) == 1
            if lively and line.actors[0][1] not in ("stand", "bow") and self.dice.chance(0.12):
                plain = self.dice.pick(F.MANNERS)
            core = plain + core
        head = "".join(f"{front}, " for front in fronts)
        line.template = head + core + "".join(tail if tail.startswith(",") else f" {tail}" for tail in tails)
        return line

    def _finish(self, line: Line) -> None:
        """Fill the template, settle places, record mentions and labels."""
        we = {"we_see": "saw" if self.past else "see", "we_watch": "watched" if self.past else "watch"}
        text = F.finish(line.template.format_map({"W": "", "T": "", **we, **line.slots}))
        places = settle_places([place for _, _, place in line.actors])
        shown = [Actor(who, act, place, self.by_id[who].look) for (who, act, _), place in
                 zip(line.actors, places, strict=True)]  # fmt: skip
        self.told.append(self._told(line))
        self.talk.mention(self.t, [(actor.who, rank) for actor, rank in zip(shown, line.ranks, strict=True)])
        self.texts.append(text)
        self.templates.append(line.template)
        self.panels.append(Panel(tuple(shown), self.setting, self.time, self.weather, line.props, line.shot))

    def _told(self, line: Line) -> Told:
        people = [self.by_id[who] for who, _, _ in line.actors]
        carried = tuple(p.who for p in people if not p.look.plain and p.look_panel < self.t)
        named = tuple(p.who for p in people if p.given and p.name in line.spoken)
        meant = sum(3 if word == "three" else 2 if word in ("they", "both") else 1 for word in line.pronouns)
        only = bool(line.pronouns) and bool(people) and (meant >= len(people) or line.pronouns == ["they"])
        wide = max((self.talk.antecedents(word) for word in line.pronouns), default=0) if only else 0
        far = self.talk.distance(tuple(p.who for p in people), self.t) if only else 0
        return Told(only, wide, far, carried, named, tuple(dict.fromkeys(line.spoken)))


def write_script(pack: WordPack, rng: np.random.Generator, split: str = "train") -> Script:
    """Write one story of 3 to 8 sentences with exact labels.

    `split` decides which names may be given and which pairs of character and action or setting may occur.
    """
    return write_forms(pack, rng, split)[0]


def write_forms(pack: WordPack, rng: np.random.Generator, split: str = "train") -> tuple[Script, tuple[str, ...]]:
    """As `write_script`, with the sentence form (the template before its slots were filled) of each sentence."""
    for _ in range(ATTEMPTS):
        teller = Teller(pack, rng, split)
        script = teller.tell()
        if bool(held_in(pack, script.panels)) == (split == "test_unseen"):
            break
    return script, tuple(teller.templates)
