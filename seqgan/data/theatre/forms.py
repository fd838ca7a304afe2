"""Sentence forms: templates with slots, and the words that fill the slot of a character.

A template is a format string. `{a}` is the subject as it stands, `{a:obj}` the same as an object, `{a:v}` its verb
phrase agreeing with it, `{a:inf}` and `{a:ing}` the base and -ing forms, `{a:start}` any other verb agreeing with it.
The template, before filling, is what counts as one sentence form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from seqgan.data.theatre.words import finite, in_number, inflect


@dataclass(frozen=True)
class Ref:
    """A character or group in a sentence: how it is called, how it agrees, what it does."""

    subject: str
    object: str
    phrase: str = "stand"
    plural: bool = False
    past: bool = False

    def __format__(self, spec: str) -> str:
        """The noun phrase, or with a spec one of its verbs, agreeing."""
        if spec in ("", "obj"):
            return self.object if spec else self.subject
        head, _, rest = in_number(self.phrase, self.plural).partition(" ")
        tail = f" {rest}" if rest else ""
        if spec in ("v", "inf", "ing"):
            shapes = {"v": finite(head, self.plural, self.past), "inf": head, "ing": inflect(head)[2]}
            return shapes[spec] + tail
        return finite(spec, self.plural, self.past)


@dataclass(frozen=True)
class Agree:
    """The verb of a subject that is no character: "{:fall}" singular, "{!begin}" plural."""

    past: bool

    def fill(self, phrase: str) -> str:
        """Inflect every marked verb: "night {:fall}" -> "night falls"."""
        return re.sub(r"\{([:!])(\w+)\}", lambda m: finite(m[2], m[1] == "!", self.past), phrase)


def progressive(phrase: str) -> bool:
    """Whether the verb phrase has an -ing form that sounds right ("being fast asleep" does not)."""
    return not phrase.startswith("be ")


def finish(text: str) -> str:
    """One clean sentence: first letter upper case, no doubled or dangling comma, one full stop."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s+,", ",", text)
    text = re.sub(r",+", ",", text)
    text = re.sub(r",(?=[.!]|$)", "", text)
    text = text if text.endswith((".", "!")) else text + "."
    return text[0].upper() + text[1:]


ANY_TIME = ("now ", "soon ", "before long, ", "after a while, ", "a little later, ", "a moment later, ", "later, ",
            "now, ", "soon, ")  # fmt: skip
IN_TURN = ("then ", "next, ", "after that, ", "then, ", "and then ", "a moment later, ")
SUDDEN = ("suddenly ", "all at once, ", "all of a sudden, ")
ENDING = ("at last, ", "in the end, ", "finally, ")
MEANWHILE = ("meanwhile, ", "at the same time, ")
STARTS = ("", "", "", "one day, ", "today, ")
MOVED = ("later, {w}, ", "now, {w}, ", "{w}, ", "{w}, ", "then, {w}, ", "a little later, {w}, ", "after that, {w}, ")
MANNERS = ("happily, ", "quietly, ", "with a smile, ", "full of joy, ", "without a word, ", "for a while, ",
           "just for fun, ", "with great care, ")  # fmt: skip

SINGLE = ("{a} {a:v}",) * 8 + ("{a} {a:start} to {a:inf}", "{a} {a:begin} to {a:inf}", "{a} {a:decide} to {a:inf}",
          "{a} {a:stop} and {a:v}", "{a} {a:smile} and {a:v}", "{a} {a:laugh} and {a:v}", "{a} {a:v} for a while",
          "{a} {a:look} around and {a:v}", "{a} {a:feel} happy and {a:v}")  # fmt: skip
SINGLE_ING = ("{a} {a:be} {a:ing}",) * 4 + ("we {we_see} {a:obj} {a:ing}", "{a} {a:keep} {a:ing}",
              "{a} {a:enjoy} {a:ing}", "we {we_watch} {a:obj} {a:ing}")  # fmt: skip
NAMED_ING = ("here {a:be} {a}, {a:ing}", "there {a:be} {a}, {a:ing}", "over there, {a} {a:be} {a:ing}")
NAMED = ("{a}, who {a:like} it here, {a:v}", "{a}, feeling happy, {a:v}", "{a}, all alone, {a:v}",
         "{a}, who {a:be} in a good mood, {a:v}", "{a}, who {a:feel} very happy, {a:v}")  # fmt: skip
ENTER = {
    "walk": ("{a} {a:come} along", "here {a:come} {a}", "along {a:come} {a}", "{a} {a:come} walking along",
             "{a} {a:walk} up"),
    "run": ("{a} {a:come} running", "{a} {a:run} up", "{a} {a:come} running along", "{a} {a:rush} up"),
    "stand": ("{a} {a:arrive}", "{a} {a:appear}", "{a} {a:be} here", "there {a:be} {a}", "{a} {a:be} here now"),
    "jump": ("{a} {a:come} hopping along", "{a} {a:come} hopping"),
    "dance": ("{a} {a:come} dancing along", "{a} {a:come} dancing"),
    "ride": ("{a} {a:come} along on a bicycle", "{a} {a:arrive} on a bicycle", "{a} {a:ride} up on a bike"),
}  # fmt: skip
ONCE = ("once there was {a:obj}", "there once was {a:obj}", "once upon a time there was {a:obj}",
        "long ago there was {a:obj}")  # fmt: skip
ONCE_NOW = ("there is {a:obj}", "this is {a:obj}", "here is {a:obj}", "meet {a:obj}", "our story begins with {a:obj}",
            "this is a story about {a:obj}", "our story is about {a:obj}")  # fmt: skip
LEAVE = {
    "walk": ("{a} {a:walk} away", "{a} {a:walk} off", "{a} {a:stroll} away", "{a} {a:wander} off"),
    "run": ("{a} {a:run} away", "{a} {a:run} off", "{a} {a:hurry} away"),
    "wave": ("{a} {a:wave} goodbye", "{a} {a:wave} goodbye and {a:leave}"),
    "ride": ("{a} {a:ride} away on a bicycle", "{a} {a:ride} off on a bike"),
}
TRAVEL = {
    "walk": ("go", "walk", "wander", "stroll"), "run": ("run", "race", "hurry", "dash"),
    "ride": ("cycle", "ride a bicycle/ride bicycles", "ride a bike/ride bikes"), "dance": ("dance",),
    "jump": ("hop",), "stand": ("travel",),
}  # fmt: skip
ARRIVE = ("{a} {a:arrive} {w}", "{a} {a:be} {w} now", "{a} {a:be} {w}", "soon {a} {a:be} {w}")

PROP_SINGLE = ("{a} {a:v} {p}",) * 4 + ("{a} {a:smile} and {a:v} {p}", "{a} {a:stop} and {a:v} {p}",
               "{a} {a:v} {p} with a smile")  # fmt: skip
PROP_LASTING = ("{a} {a:be} {a:ing} {p}",)
PROP_DOING = ("{a} {a:start} to {a:inf} {p}", "{a} {a:begin} to {a:inf} {p}", "{a} {a:enjoy} {a:ing} {p}")
PROP_AGAIN = ("{a} {a:hold} it", "{a} {a:pick} it up", "{a} {a:look} at it", "{a} {a:like} it very much",
              "{a} {a:carry} it along")  # fmt: skip
PROP_PASSIVE = ("{p} {p_be} held by {a:obj}", "{p} {p_be} carried by {a:obj}", "{p} {p_be} found by {a:obj}",
                "{p} {p_be} brought by {a:obj}", "{p} {p_be} picked up by {a:obj}")  # fmt: skip
PROP_BESIDE = ("{p} {p_lie} {near} {a:obj}", "{p} {p_be} {near} {a:obj}", "there {p_be} {p} {near} {a:obj}",
               "{p} can be seen {near} {a:obj}", "right {beside} {a:obj} there {p_be} {p}")  # fmt: skip
PROP_ALONE = ("{p} {p_lie} {w}", "there {p_be} {p} {w}", "somebody has left {p} {w}", "{p} can be seen {w}")
WEAR = ("{a} {a:wear} {look}", "{a} {a:be} wearing {look}", "{a} {a:put} on {look}", "{a} {a:get} {look}",
        "{a} {a:have} {look} on", "{a} {a:put} on {look} and {a:v}", "{a} {a:wear} {look} and {a:v}",
        "with {look} on, {a} {a:v}", "{a}, who now {a:wear} {look}, {a:v}", "{a} {a:v} in {look}",
        "wearing {look}, {a} {a:v}", "{look} {look_be} worn by {a:obj}", "{a} {a:try} on {look}",
        "{a} now {a:wear} {look}")  # fmt: skip

TOGETHER = ("{g} {g:v}",) * 4 + ("{g} {g:be} {g:ing}", "{g} {g:v} together", "{g} {g:start} to {g:inf}",
            "{g} {g:begin} to {g:inf}", "{g} {g:decide} to {g:inf}", "we {we_see} {g:obj} {g:ing}",
            "{g} {g:v} side by side", "{g} {g:smile} and {g:v}", "{g} {g:be} {g:ing} together")  # fmt: skip
WITH = ("{a} {a:v}, and so {b:do} {b}", "{a} {a:v} together with {b:obj}", "both {a} and {b} {g:v}",
        "{a} {a:v} and {b} {b:do}, too")  # fmt: skip
TWO = (
    "{a} {a:v}{la} and {b} {b:v}{lb}",
    "{a} {a:v}{la} while {b} {b:v}{lb}",
    "while {a} {a:v}{la}, {b} {b:v}{lb}",
    "{a} {a:v}{la}, but {b} {b:v}{lb}",
    "{a} {a:v}{la}, and {b} {b:v}{lb}",
    "as {a} {a:v}{la}, {b} {b:v}{lb}",
)
TWO_ING = ("{a} {a:be} {a:ing}{la} while {b} {b:be} {b:ing}{lb}", "{a} {a:be} {a:ing}{la} and {b} {b:be} {b:ing}{lb}",
           "{a} {a:v}{la}, with {b} {b:ing}{lb}")  # fmt: skip
NEXT_TO = ("{a} {a:v} {near} {b:obj}", "{a} {a:be} {a:ing} {near} {b:obj}", "{near} {b:obj}, {a} {a:v}")
BEHIND_STAND = ("{a} {a:hide} behind {b:obj}", "{a} {a:stand} behind {b:obj}", "behind {b:obj} {a:stand} {a}",
                "{a} {a:wait} behind {b:obj}")  # fmt: skip
BEHIND = ("{a} {a:v} behind {b:obj}", "{a} {a:be} {a:ing} behind {b:obj}", "behind {b:obj}, {a} {a:v}")
WATCH = ("{a} {a:watch} {b:obj} {b:ing}", "{a} {a:see} {b:obj} {b:ing}", "{a} {a:look} on while {b} {b:v}",
         "{a} {a:wait} while {b} {b:v}", "{a} {a:smile} as {b} {b:v}")  # fmt: skip
TOWARD = {
    "stand": ("{a} {a:meet} {b:obj}", "{a} {a:talk} to {b:obj}", "{a} {a:look} at {b:obj}", "{a} {a:smile} at {b:obj}",
              "{a} {a:greet} {b:obj}", "{a} {a:listen} to {b:obj}", "{b} {b:be} greeted by {a:obj}",
              "{a} {a:stand} beside {b:obj}", "{a} {a:join} {b:obj}", "{b} {b:be} joined by {a:obj}",
              "{a} {a:wait} for {b:obj}", "{a} {a:laugh} with {b:obj}", "{a} {a:thank} {b:obj}"),
    "wave": ("{a} {a:wave} to {b:obj}", "{a} {a:wave} at {b:obj}"),
    "bow": ("{a} {a:bow} to {b:obj}", "{a} {a:bow} before {b:obj}", "{a} {a:take} a bow before {b:obj}"),
    "run": ("{a} {a:run} to {b:obj}", "{a} {a:run} towards {b:obj}", "{a} {a:race} past {b:obj}"),
    "walk": ("{a} {a:walk} up to {b:obj}", "{a} {a:walk} towards {b:obj}", "{a} {a:stroll} past {b:obj}"),
    "jump": ("{a} {a:jump} around {b:obj}", "{a} {a:hop} around {b:obj}"),
    "dance": ("{a} {a:dance} for {b:obj}", "{a} {a:dance} around {b:obj}"),
    "juggle": ("{a} {a:juggle} for {b:obj}", "{a} {a:juggle} in front of {b:obj}"),
    "swim": ("{a} {a:swim} towards {b:obj}", "{a} {a:swim} to {b:obj}"),
    "ride": ("{a} {a:ride} a bicycle past {b:obj}", "{a} {a:cycle} around {b:obj}"),
    "cartwheel": ("{a} {a:do} a cartwheel for {b:obj}", "{a} {a:turn} cartwheels in front of {b:obj}"),
    "sleep": ("{a} {a:sleep} beside {b:obj}", "{a} {a:fall} asleep next to {b:obj}"),
}  # fmt: skip
SPLIT_THREE = ("{a} {a:v} while {g} {g:v}", "{g} {g:v} while {a} {a:v}", "{a} {a:v}, but {g} {g:v}",
               "{a} {a:v} and {g} {g:v}")  # fmt: skip

QUIET = ("{x} {:be} quiet", "{x} {:be} empty", "it {:be} quiet {w}", "{w}, nothing {:move}", "everything {:be} quiet",
         "nothing {:move}", "for a while, nothing {:happen}", "all {:be} calm {w}", "there {:be} nobody {w}",
         "{w}, everything {:be} still", "{x} {:be} very quiet", "time {:go} by", "{x} {:lie} still",
         "a little time {:pass}", "there {:be} not a sound {w}")  # fmt: skip
OPEN_AIR = ("a soft wind {:blow}", "the wind {:blow} {w}", "clouds {!drift} by", "a light wind {:blow} over {x}",
            "the air {:be} fresh {w}")  # fmt: skip
OPENING = ("it {:be} {time} {w}", "{x} {:be} quiet", "here {:be} {x}", "this {:be} {x}", "{t}, {x} {:be} quiet",
           "there {:be} nobody {w} {t}", "it {:be} a calm {time} {w}", "our story {:begin} {w}")  # fmt: skip
MOVE = ("the scene {:change} to {x}", "now we {we_see} {x}", "this {:be} {x}", "here {:be} {x}")
TIME_NOUNS = {"day": ("morning", "day"), "dusk": ("evening",), "night": ("night",)}
