"""Sentences with one character: it does something, has to do with a prop, puts something on, goes or comes."""

from __future__ import annotations

from seqgan.data.theatre import forms as F
from seqgan.data.theatre import words as W
from seqgan.data.theatre.discourse import SUBJECT
from seqgan.data.theatre.dressing import Dressing
from seqgan.data.theatre.telling import Line, Persona

PROP_CORE = 0.23


class Acts(Dressing):
    """Writes panels with one actor."""

    def appear(self, p: Persona) -> Line:
        """Somebody new comes in: "once there was ...", "here comes ..."."""
        line = Line()
        once = self.t == 0 and (not p.nouns or self.dice.chance(0.75))
        if once or self.t == 0:
            action = "stand"
            pool = (F.ONCE if self.past else F.ONCE_NOW) if once else ("there {a:be} {a}",)
        else:
            action = self.dice.pick(self.free_of(list(F.ENTER), p))
            pool = self.told_now(F.ENTER[action])
        line.template = self.dice.pick(pool)
        fresh = "there {a:be}" in line.template or once
        line.slots["a"] = self.ref(p, "stand", line, style="new" if fresh else "free")
        return self.dress(self.only(line, p, action), opener=not once, shot=not once)

    @staticmethod
    def only(line: Line, p: Persona, action: str) -> Line:
        """Give the line its one actor."""
        line.actors, line.ranks, p.action = [(p.who, action, None)], [SUBJECT], action
        return line

    def alone(self, p: Persona, pronoun: bool) -> Line:
        """One character by itself."""
        if p.met and p.plan.item != p.look.item and self.dice.chance(0.6):
            return self._wear(p, pronoun)
        kind = self.dice.weigh({"act": 0.66, "prop": PROP_CORE if self.pack.props else 0.0,
                                "go": 0.08 if self.t and len(self.pack.settings) > 1 else 0.0,
                                "leave": 0.05 if self.t > 1 and len(self.here) > 1 and p.met else 0.0})  # fmt: skip
        ways = {"act": self._do, "prop": self._with_prop, "go": self._travel, "leave": self._leave}
        return ways[kind](p, pronoun)

    def _do(self, p: Persona, pronoun: bool) -> Line:
        line, action = Line(), self.action(p)
        phrase = self.phrase(action)
        moods = self.told_now(self._moods(phrase, pronoun, p.met))
        line.template = self.dice.pick([mood for mood in moods if fits(mood, phrase)])
        if F.progressive(phrase) and self.dice.chance(0.05) and not self.timeless:
            line.shot = self.dice.pick(("close", "far"))
            line.template = self.dice.pick(self.told_now(W.SHOT_CORES[line.shot]))
            if self.past:
                line.template = line.template.replace(" shows ", " showed ")
        fresh = "there {a:be}" in line.template
        style = "new" if fresh else "simple" if "{a:obj}" in line.template else "free"
        line.slots["a"] = self.ref(p, phrase, line, pronoun, style)
        return self.dress(self.only(line, p, action), prop=line.shot == "medium", place=line.shot == "medium")

    def _moods(self, phrase: str, pronoun: bool, met: bool) -> list[str]:
        lasting = F.progressive(phrase)
        return [*F.SINGLE, *(F.SINGLE_ING if lasting else ()), *(F.NAMED_ING if lasting and not pronoun else ()),
                *(F.NAMED if met and not pronoun else ())]  # fmt: skip

    def _with_prop(self, p: Persona, pronoun: bool) -> Line:
        line, again = Line(), self._again(p)
        if again and self.dice.chance(0.35):
            line.template, line.props = self.dice.pick(F.PROP_AGAIN), (again,)
            line.slots["a"] = self.ref(p, "stand", line, pronoun)
            return self.dress(self.only(line, p, "stand"), room=0)
        self.choose_props(line, 1 + self.dice.chance(0.1))
        kind = self.dice.weigh({"verb": 0.62, "passive": 0.06 if pronoun else 0.16, "beside": 0.22})
        if kind == "verb":
            self._handled(line, p, pronoun)
        else:
            self._lying(line, p, pronoun, F.PROP_PASSIVE if kind == "passive" else F.PROP_BESIDE)
        return self.dress(self.only(line, p, "stand"), place=kind == "verb", room=2 if kind == "verb" else 1)

    def _again(self, p: Persona) -> str:
        """The prop that "it" would mean: the only one of the panel before, which showed this character alone."""
        last = self.panels[-1] if self.panels else None
        if last is None or [actor.who for actor in last.actors] != [p.who] or len(last.props) != 1:
            return ""
        return "" if any(other.pronoun == "it" for other in self.cast) or not p.met else last.props[0]

    def _handled(self, line: Line, p: Persona, pronoun: bool) -> None:
        own = W.PROP_VERBS.get(line.props[0], ()) if len(line.props) == 1 else ()
        verb = self.dice.pick([*own, *own, *W.ANY_PROP_VERBS])
        lasting = verb.split()[0] not in W.MOMENTARY
        doing = F.PROP_DOING if lasting and verb in own else ()
        pool = [*F.PROP_SINGLE, *(F.PROP_LASTING if lasting else ()), *doing]
        line.template = self.dice.pick(pool)
        line.slots["a"] = self.ref(p, verb, line, pronoun)

    def _lying(self, line: Line, p: Persona, pronoun: bool, pool: tuple[str, ...]) -> None:
        line.template, many = self.dice.pick(pool), len(line.props) > 1
        line.slots |= {"p_be": W.finite("be", many, self.past), "near": self.dice.pick(W.NEAR),
                       "beside": self.dice.pick(("beside", "next to")),
                       "p_lie": W.finite(self.dice.pick(("lie", "stand")), many, self.past)}  # fmt: skip
        line.slots["a"] = self.ref(p, "stand", line, pronoun, style="simple")

    def _wear(self, p: Persona, pronoun: bool) -> Line:
        line = Line(self.dice.pick(F.WEAR))
        action = self.action(p) if "a:v" in line.template else "stand"
        named = line.template.startswith(("{look}", "{a}, who"))
        line.slots |= {"look": W.article(f"{p.plan.colour} {p.plan.item}"), "look_be": W.finite("be", False, self.past)}
        line.slots["a"] = self.ref(p, self.phrase(action), line, pronoun and not named)
        p.look, p.look_panel = p.plan, self.t
        return self.dress(self.only(line, p, action))

    def _travel(self, p: Persona, pronoun: bool) -> Line:
        line = Line()
        self.move(self.new_setting())
        if self.dice.chance(0.3):
            line.template, action, phrase = self.dice.pick(F.ARRIVE), "stand", "stand"
            line.slots["w"] = self.where(new=True)
        else:
            action, phrase = self.way(line, "a", p)
        line.slots["a"] = self.ref(p, phrase, line, pronoun)
        return self.dress(self.only(line, p, action), opener=not line.template.startswith("soon"))

    def way(self, line: Line, key: str, *people: Persona) -> tuple[str, str]:
        """How somebody gets to the present setting: the action and its verb; sets the template."""
        action = self.dice.pick(self.free_of(list(F.TRAVEL), *people))
        pool = ("{a} {a:v} {to}", "{a} {a:v} {to}", "{a} {a:decide} to {a:inf} {to}", "{a} {a:be} {a:ing} {to}")
        line.template = self.dice.pick(pool).replace("{a", "{" + key)
        line.slots["to"] = self.dice.pick(W.phrases_to(self.pack, self.setting))
        verbs = F.TRAVEL[action]
        if action == "stand" and self.setting == "room":
            line.slots["to"] = "home"  # nobody travels into a room
        return action, self.dice.pick(verbs)

    def _leave(self, p: Persona, pronoun: bool) -> Line:
        action = self.dice.pick(self.free_of(list(F.LEAVE), p))
        line = Line(self.dice.pick(F.LEAVE[action]))
        line.slots["a"] = self.ref(p, "stand", line, pronoun)
        p.gone = True
        return self.dress(self.only(line, p, action))


STEADY = frozenset(
    ("walk", "stroll", "wander", "run", "dance", "swim", "juggle", "cycle", "sleep", "nap", "doze", "hop", "twirl")
)
"""Verbs that somebody may do "for a while"."""
STIFF = frozenset(("take", "have", "go", "make", "give", "say", "perform", "do", "turn", "try", "fall", "lie", "be"))
"""Verbs of phrases that nobody "keeps" doing: "keeps taking a walk"."""
SHORT = frozenset(("fall", "lie", "have", "try", "give", "make", "say"))
"""Verbs of phrases that nobody "starts" to do: "starts to fall asleep"."""
QUIET = (" and ", "enjoy", "happy", "mood")


def fits(template: str, phrase: str) -> bool:
    """Whether a form goes with a verb phrase: no "starts to be asleep", no "keeps falling asleep"."""
    head, calm = phrase.split("/")[0].split()[0], phrase in W.ACTION_PHRASES["stand"]
    if phrase.startswith("be ") and any(x in template for x in (":inf", "ing}", " and ", "a while")):
        return False
    if phrase in W.ACTION_PHRASES["sleep"] and any(x in template for x in QUIET):
        return False
    if "decide" in template and (head == "fall" or phrase in ("sleep soundly", "sleep peacefully")):
        return False
    if calm and (" and " in template or "for a while" in template):
        return False
    if "for a while" in phrase and ("ing}" in template or ":inf" in template or "while" in template):
        return False
    if "for a while" in template and (head not in STEADY or " a " in phrase):
        return False
    if head in SHORT and ("start}" in template or "begin}" in template):
        return False
    stiff = "keep}" in template and head in STIFF
    return not stiff and not ("enjoy}" in template and head in ("fall", "lie", "try"))
