"""Sentences that name nobody: the setting alone, time that passes, weather that turns, things that lie about."""

from __future__ import annotations

import re

from seqgan.data.theatre import forms as F
from seqgan.data.theatre import words as W
from seqgan.data.theatre.dressing import NEXT_TIMES, Dressing
from seqgan.data.theatre.telling import Line

LATER = ("then ", "soon ", "now ", "a little later, ", "after a while, ")


class Scenes(Dressing):
    """Writes panels without actors."""

    def opening(self) -> Line:
        """The first sentence of a story, before anybody appears."""
        pool = [x for x in self.told_now(F.OPENING) if not (self.timeless and re.search(r"\{(time|t)\}", x))]
        template = self.dice.pick(pool)
        if re.search(r"\{(time|t)\}", template):
            self.time = self.dice.pick(("day", "dusk", "night"))
        return self._scenery(self.agree.fill(template), new=True)

    def scene(self) -> Line:
        """Time passes, the weather turns, the place changes, something lies about, or nothing moves."""
        outside = not self.indoor
        kind = self.dice.weigh({
            "time": 0.0 if self.timeless else 0.4, "weather": 0.3 * outside, "end": 0.35 * (self.weather != "clear"),
            "quiet": 0.26, "air": 0.12 * outside, "move": 0.1 * (len(self.pack.settings) > 1),
            "thing": 0.14 * bool(self.pack.props),
        })  # fmt: skip
        if kind == "time":
            return self._time_turns()
        if kind in ("weather", "end"):
            return self._weather_turns(kind == "end")
        if kind == "move":
            self.move(self.new_setting())
            return self._scenery(self.agree.fill(self.dice.pick(self.told_now(F.MOVE))), new=True)
        if kind == "thing":
            return self._thing()
        return self._scenery(self.agree.fill(self.dice.pick(F.OPEN_AIR if kind == "air" else F.QUIET)))

    def _thing(self) -> Line:
        line = self._scenery(self.dice.pick(F.PROP_ALONE).replace("somebody has", "somebody had" if self.past else
                                                                  "somebody has"))  # fmt: skip
        self.choose_props(line, 1)
        line.slots |= {"p_be": W.finite("be", False, self.past), "p_lie": W.finite("lie", False, self.past)}
        return line

    def _time_turns(self) -> Line:
        self.time = self.dice.pick(NEXT_TIMES[self.time])
        pool = W.TIME_CHANGES[self.time]
        phrase = self.dice.pick([x for x in pool if "sky" not in x] if self.indoor else pool)
        text = self.agree.fill(phrase)
        if not self.indoor and phrase in W.TIME_SPREADS and self.dice.chance(0.6):
            return self._scenery(text + " over {x}")
        if phrase.startswith("it ") and not phrase.endswith("now") and self.dice.chance(0.5):
            return self._scenery(self.dice.pick(("{w}, " + text, text + " {w}")))
        return self._scenery(text if phrase.endswith("now") else self._later(text))

    def _weather_turns(self, ends: bool) -> Line:
        if ends:
            text, self.weather = self.dice.pick(W.WEATHER_ENDS[self.weather]), "clear"
        else:
            self.weather = self.dice.pick([x for x in ("rain", "snow") if x != self.weather])
            text = self.dice.pick(W.WEATHER_CHANGES[self.weather])
        text = self.agree.fill(text)
        if not ends and self.dice.chance(0.4):
            return self._scenery(self.dice.pick(("{w}, " + text, text + " {w}")))
        return self._scenery(self._later(text))

    def _later(self, text: str) -> str:
        return self.dice.pick(LATER) + text if self.dice.chance(0.3) and "while" not in text else text

    def _scenery(self, template: str, new: bool = False) -> Line:
        line = Line(template)
        line.slots |= {"w": self.where(new), "x": self.dice.pick(W.phrases_scene(self.pack, self.setting)),
                       "time": self.dice.pick(F.TIME_NOUNS[self.time])}  # fmt: skip
        if "{t}" in template:
            line.slots["t"] = self.time_phrase()
        return line
