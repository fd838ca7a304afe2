"""Sentences with two or three characters: together, each on its own, one to another, one behind another."""

from __future__ import annotations

from seqgan.data.theatre import forms as F
from seqgan.data.theatre import words as W
from seqgan.data.theatre.acts import Acts, fits
from seqgan.data.theatre.discourse import OBJECT, SUBJECT
from seqgan.data.theatre.forms import Ref
from seqgan.data.theatre.telling import Line, Persona

PLURALS = {
    "they": ("they", "them"), "both": ("both of them", "both of them"), "two": ("the two of them", "the two of them"),
    "three": ("all three of them", "all three of them"), "trio": ("the three of them", "the three of them"),
    "friends": ("the two friends", "the two friends"), "pals": ("both friends", "both friends"),
}  # fmt: skip
"""How a known group is called, as subject and object."""
MEANS = {"two": "both", "friends": "both", "pals": "both", "trio": "three"}
"""The pronoun of `discourse` that a way of calling a group follows."""


class Groups(Acts):
    """Writes panels with several actors."""

    def group(self, people: list[Persona], way: str) -> Line:
        """Two or three by a plural word, doing one thing."""
        line = Line()
        subject, other = PLURALS[way]
        if way in ("friends", "pals"):
            line.called = True
        else:
            line.pronouns.append(MEANS.get(way, way))
        return self._together(people, subject, other, line)

    def _together(self, people: list[Persona], subject: str, other: str, line: Line) -> Line:
        travels = self.t > 0 and len(self.pack.settings) > 1 and all(p.met for p in people) and self.dice.chance(0.1)
        if travels and "a " not in subject[:3]:
            self.move(self.new_setting())
            action, phrase = self.way(line, "g", *people)
        else:
            action = self.action(*people)
            phrase = self.phrase(action)
            moods = [m for m in F.TOGETHER if fits(m, phrase)]
            line.template = self.dice.pick(moods)
        line.slots["g"] = Ref(subject, other, phrase, True, self.past)
        line.actors, line.ranks = [(p.who, action, None) for p in people], [SUBJECT] * len(people)
        for p in people:
            p.action = action
        return self.dress(line, prop=not travels)

    def pair(self, a: Persona, b: Persona) -> Line:
        """Two characters, at least one by name or noun."""
        kind = self.dice.weigh({"same": 0.28, "two": 0.3, "to": 0.42})
        if kind == "same":
            return self._same(a, b)
        return self._two(a, b) if kind == "two" else self._toward(a, b)

    def _same(self, a: Persona, b: Persona) -> Line:
        line = Line()
        if self.dice.chance(0.65) or not (a.met and b.met):
            joined = f"{self.name(a, line, 'simple')} and {self.name(b, line, 'simple')}"
            return self._together([a, b], joined, joined, line)
        action = self.action(a, b)
        phrase = self.phrase(action)
        moods = F.WITH if F.progressive(phrase) else [m for m in F.WITH if "do}" not in m]
        line.template = self.dice.pick(moods)
        line.slots |= {"a": self.ref(a, phrase, line), "b": self.ref(b, phrase, line)}
        line.slots["g"] = Ref("", "", phrase, True, self.past)
        line.actors = [(a.who, action, None), (b.who, action, None)]
        line.ranks = [SUBJECT, OBJECT if "together with" in line.template else SUBJECT]
        a.action = b.action = action
        return self.dress(line)

    def _two(self, a: Persona, b: Persona) -> Line:
        """Two characters, each with its own action, perhaps with their places."""
        line, acts = Line(), self._unlike(a, b)
        phrases = [self.phrase(act) for act in acts]
        both = all(F.progressive(x) for x in phrases)
        by_pronoun = self._both_clear(a, b) and self.dice.chance(0.55)
        pool = [*F.TWO, *F.TWO_ING] if both else F.TWO
        line.template = self.dice.pick([m for m in pool if not (by_pronoun and "with {b}" in m)])
        sides: list[str | None] = [*self.dice.some(("left", "right"), 2)] if self.dice.chance(0.25) else [None, None]
        for key, p, phrase, side in zip("ab", (a, b), phrases, sides, strict=True):
            line.slots[key] = self.ref(p, phrase, line, by_pronoun, "simple")
            line.slots[f"l{key}"] = f" {self.dice.pick(W.PLACE_PHRASES[side])}" if side else ""
        line.actors, line.ranks = [(a.who, acts[0], sides[0]), (b.who, acts[1], sides[1])], [SUBJECT, SUBJECT]
        a.action, b.action = acts
        return self.dress(line)

    def _unlike(self, a: Persona, b: Persona) -> list[str]:
        """An action for each, different ones where the split allows it."""
        first = self.action(a)
        choices = [self.action(b) for _ in range(4)]
        return [first, next((act for act in choices if act != first), choices[0])]

    def _both_clear(self, a: Persona, b: Persona) -> bool:
        return a.pronoun != b.pronoun and all(p.met and self.clear(p) for p in (a, b))

    def _toward(self, a: Persona, b: Persona) -> Line:
        """One acts, the other is beside, before, watched or greeted."""
        kind = self.dice.weigh({"near": 0.17, "behind": 0.42, "watch": 0.17, "toward": 0.3})
        acts = [self.action(a) if self.dice.chance(0.8) else "stand", "stand"]
        if kind == "watch":
            acts = ["stand", self.action(b)]
        phrases = [self.phrase(act) for act in acts]
        line = Line(self._toward_form(kind, acts, phrases))
        line.slots["near"] = self.dice.pick(W.NEAR)
        swap = line.template.find("{b") < line.template.find("{a")
        by = a.met and not swap and self.clear(a) and self.dice.chance(0.35)
        for key in ("b", "a") if swap else ("a", "b"):
            p, phrase = (a, phrases[0]) if key == "a" else (b, phrases[1])
            line.slots[key] = self.ref(p, phrase, line, by and key == "a", "simple")
        line.actors = [(a.who, acts[0], "behind" if kind == "behind" else None), (b.who, acts[1], None)]
        line.ranks = self._ranks(line.template)
        if swap:
            line.actors.reverse()
            line.ranks.reverse()
        a.action, b.action = acts
        return self.dress(line)

    def _toward_form(self, kind: str, acts: list[str], phrases: list[str]) -> str:
        still = acts[0] == "stand"
        pools = {"near": F.NEXT_TO, "behind": F.BEHIND_STAND if still else F.BEHIND, "watch": F.WATCH,
                 "toward": F.TOWARD[acts[0]]}  # fmt: skip
        return self.dice.pick([
            m for m in pools[kind]
            if (F.progressive(phrases[0]) or "{a:ing}" not in m) and (F.progressive(phrases[1]) or "{b:ing}" not in m)
        ])  # fmt: skip

    @staticmethod
    def _ranks(template: str) -> list[int]:
        """Ranks of a and b: two clauses have two subjects, a passive has b for its subject."""
        if "{b} {b:v}" in template:
            return [SUBJECT, SUBJECT]
        return [OBJECT, SUBJECT] if template.startswith("{b}") else [SUBJECT, OBJECT]

    def three(self, people: list[Persona]) -> Line:
        """Three by name or noun, together or one apart."""
        line = Line()
        if self.dice.chance(0.55):
            texts = [self.name(p, line, "simple") for p in people]
            joined = f"{texts[0]}, {texts[1]} and {texts[2]}"
            return self._together(people, joined, joined, line)
        a, b, c = people
        acts = [self.action(a), self.action(b, c)]
        line.template = self.dice.pick(F.SPLIT_THREE)
        swap = line.template.startswith("{g}")
        for key in ("g", "a") if swap else ("a", "g"):
            if key == "a":
                line.slots["a"] = self.ref(a, self.phrase(acts[0]), line, style="simple")
            else:
                joined = f"{self.name(b, line, 'simple')} and {self.name(c, line, 'simple')}"
                line.slots["g"] = Ref(joined, joined, self.phrase(acts[1]), True, self.past)
        line.actors = [(a.who, acts[0], None), (b.who, acts[1], None), (c.who, acts[1], None)]
        line.actors = line.actors[1:] + line.actors[:1] if swap else line.actors
        line.ranks, a.action, b.action, c.action = [SUBJECT] * 3, acts[0], acts[1], acts[1]
        return self.dress(line)
