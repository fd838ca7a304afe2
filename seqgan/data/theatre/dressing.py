"""Where, when, in which weather, with what, on which side and how near: what a sentence says besides its core."""

from __future__ import annotations

import re

from seqgan.data.theatre import forms as F
from seqgan.data.theatre import words as W
from seqgan.data.theatre.forms import Ref
from seqgan.data.theatre.telling import Line, Telling

SHOTS_TOLD = {"medium": 0.74, "close": 0.13, "far": 0.13}
PROP_TAIL, PLACE_TOLD, MOVES, WHERE_AGAIN = 0.62, 0.13, 0.09, 0.12
FRONTED = ("later", "now", "{w}", "then", "a little", "after that", "once", "meet", "there once", "long ago", "our",
           "this is", "right ", "behind", "{near}", "with ", "wearing", "while", "as ", "and ", "here", "over there",
           "somebody", "far away", "in the distance", "the picture", "close-up", "soon")  # fmt: skip
STEADY = ("{a:be}", "{g:be}", "{a:wear}", "{p_", "{a:keep}", "{a:feel}", "{a:have}")
NEXT_TIMES = {"day": ("dusk", "night", "night"), "dusk": ("night",), "night": ("day",)}
LIVELY = frozenset(["run", "jump", "dance", "cartwheel", "ride", "wave", "swim"])


class Dressing(Telling):
    """Adds modifiers to the core of a sentence, each in front or behind."""

    def dress(self, line: Line, opener: bool = True, prop: bool = False, place: bool = False, room: int = 2,
              shot: bool = True) -> Line:  # fmt: skip
        """Finish a line's template. `opener`, `prop`, `place`, `room`, `shot` say what its core leaves room for."""
        travelled = "{w}" in line.template or "{to}" in line.template
        fronts: list[str] = []
        tails: list[str] = []
        if place and self.dice.chance(PLACE_TOLD):
            self._tell_place(line, fronts, tails)
        moved = not travelled and self._moves(line, fronts)
        thing = prop and not line.props and bool(self.pack.props) and self.dice.chance(PROP_TAIL)
        room += (self.t == 0) - len(fronts) - len(tails) - (len(line.template) > 48) - thing - moved
        self._tell_around(line, fronts, tails, room, travelled or moved)
        if thing:
            tails.append(self._prop_tail(line))
        if shot and line.shot == "medium":
            self._tell_shot(line, fronts, tails, moved)
        return self._join(line, fronts, tails, opener)

    def _tell_place(self, line: Line, fronts: list[str], tails: list[str]) -> None:
        who, act, _ = line.actors[0]
        side = self.dice.pick(("left", "right", "left", "right", "middle"))
        line.actors[0] = (who, act, side)
        line.slots["l"] = self.dice.pick(W.PLACE_PHRASES[side])
        (fronts if self.dice.chance(0.4) else tails).append("{l}")

    def _moves(self, line: Line, fronts: list[str]) -> bool:
        """Now and then the story goes on elsewhere: "Later, at the castle, ..."."""
        if not self.t or fronts or len(self.pack.settings) < 2 or not self.dice.chance(MOVES):
            return False
        if self._fronted(line):
            return False
        self.move(self.new_setting())
        line.slots["w"] = self.where(new=True)
        line.template = self.dice.pick(F.MOVED) + line.template
        return True

    def where(self, new: bool) -> str:
        """The setting told; "in a green forest" only when it is new."""
        pool = W.phrases_at(self.pack, self.setting)
        return self.dice.pick(pool if new else [x for x in pool if not re.search(r"\ban?\b", x)] or pool)

    def _tell_around(self, line: Line, fronts: list[str], tails: list[str], room: int, placed: bool) -> None:
        """Setting, time and weather, as far as there is room; the first panel with people tells the setting."""
        must = not self.panels and not placed
        again = not placed and self.t > 0 and self.dice.chance(WHERE_AGAIN)
        for slot, text in (("w", self.where(must) if must or (again and room > 0) else ""),
                           ("t", self._when(placed) if room > must else ""),
                           ("r", self._sky(placed) if room > must + 1 - (self.t > 0) else "")):  # fmt: skip
            if not text:
                continue
            line.slots[slot] = text
            front = not fronts and not self._fronted(line) and ("," in line.template or self.dice.chance(0.42))
            (fronts if front else tails).append(f"{{{slot}}}")

    def _fronted(self, line: Line) -> bool:
        """Whether the core has its front taken, or reads badly with anything before it."""
        return line.template.startswith(FRONTED)

    def _when(self, placed: bool) -> str:
        if self.timeless:
            return ""
        if self.t == 0 and self.dice.chance(0.5):
            self.time = self.dice.pick(("day", "dusk", "night", "dusk", "night"))
            return self.time_phrase()
        if self.t and not placed and self.dice.chance(0.06):
            self.time = self.dice.pick(NEXT_TIMES[self.time])
            return "the next morning" if self.time == "day" and self.dice.chance(0.5) else self.time_phrase()
        return self.time_phrase() if self.t and self.dice.chance(0.05) else ""

    def time_phrase(self) -> str:
        """The present time: "at dusk"."""
        dawning = self.time == "day" and self.panels and self.panels[-1].time == "night"
        hidden = r"moon|sun " if self.indoor else r"moon" if self.weather != "clear" else r"$^"
        hidden = r"noon|daytime|light" if dawning else hidden
        text = self.dice.pick([x for x in W.TIME_PHRASES[self.time] if not re.search(hidden, x)])
        return text.replace("the sun sets", "the sun set") if self.past else text

    def _sky(self, placed: bool) -> str:
        if self.indoor:
            return ""
        if not placed and self.dice.chance(0.25 if self.t == 0 else 0.05):
            self.weather = self.dice.pick(("rain", "snow"))
        elif self.weather == "clear" or not self.dice.chance(0.12):
            return ""
        return self.agree.fill(self.dice.pick(W.WEATHER_PHRASES[self.weather]))

    # --- props -------------------------------------------------------------------------------------------------------

    def choose_props(self, line: Line, count: int) -> None:
        """Give the line one or two props and their words."""
        props = self.dice.some(list(self.pack.props), count)
        if self.seen_props and self.dice.chance(0.15):
            props[0] = self.seen_props[-1]
        line.props = tuple(dict.fromkeys(props))
        line.slots["p"] = " and ".join(self._prop_text(prop) for prop in line.props)
        self.seen_props += line.props

    def _prop_text(self, prop: str) -> str:
        nouns = W.prop_nouns(self.pack, prop)
        noun = nouns[0] if self.dice.chance(0.6) else self.dice.pick(nouns)
        return f"the {noun}" if prop in self.seen_props else W.article(noun)

    def _prop_tail(self, line: Line) -> str:
        self.choose_props(line, 1 + self.dice.chance(0.1))
        accompanied = any("with" in slot.phrase for slot in line.slots.values() if isinstance(slot, Ref))
        return self.dice.pick([link for link in W.PROP_LINKS if not (accompanied and link.startswith("with"))])

    # --- shot and opener ---------------------------------------------------------------------------------------------

    def _tell_shot(self, line: Line, fronts: list[str], tails: list[str], moved: bool) -> None:
        shot = self.dice.weigh(SHOTS_TOLD)
        if shot == "medium" or len(tails) + len(fronts) > 2:
            return
        line.shot = shot
        commas = any(tail.startswith(",") for tail in tails)
        if not moved and not self._fronted(line) and (commas or self.dice.chance(0.7)):
            tails[:0] = fronts
            fronts[:] = [self.dice.pick(W.SHOT_FRONTS[line.shot])]
        elif commas or (moved and "," in line.template[20:]):
            line.shot = "medium"
        else:
            tails.append(self.dice.pick(W.SHOT_BACKS[line.shot]))

    def _join(self, line: Line, fronts: list[str], tails: list[str], opener: bool) -> Line:
        tails.sort(key=lambda tail: tail.startswith(","))
        core = line.template
        if opener and not fronts and not self._fronted(line):
            core = self._opener(line) + core
        head = "".join(f"{front}, " for front in fronts)
        line.template = head + core + "".join(tail if tail.startswith(",") else f" {tail}" for tail in tails)
        return line

    def _opener(self, line: Line) -> str:
        """How the sentence is tied to the one before it: "then", "meanwhile", "happily", mostly nothing."""
        if self.t == 0:
            return self.dice.pick([x for x in F.STARTS if not (self.past and x == "today, ")])
        core, acts = line.template, {act for _, act, _ in line.actors}
        if not self.dice.chance(0.42) or core.startswith("there"):
            return ""
        steady = any(mark in core for mark in STEADY)
        merry = core == "{a} {a:v}" and acts.isdisjoint(("stand", "bow", "sleep"))
        pools = {F.ANY_TIME: 4.0, F.IN_TURN: 0.0 if steady else 3.0,
                 F.SUDDEN: 0.0 if steady or not acts <= LIVELY else 1.2,
                 F.ENDING: 2.0 if self.t == self.length - 1 else 0.0,
                 F.MEANWHILE: 2.0 if self._others(line) else 0.0,
                 F.MANNERS: 1.5 if merry else 0.0}  # fmt: skip
        return self.dice.pick(self.dice.weigh(pools))

    def _others(self, line: Line) -> bool:
        """Whether the panel before showed people, and none of these."""
        before = {actor.who for actor in self.panels[-1].actors}
        return bool(before) and line.called and before.isdisjoint(who for who, _, _ in line.actors)
