"""What a sentence tells besides who does what: setting, time, weather, shot and props, found by keywords."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from seqgan.data.theatre import words as W
from seqgan.data.theatre.words import WordPack

PLACES_TOLD = {
    "forest": "forest woods wood tree trees jungle", "beach": "beach seaside seashore sea shore ocean coast",
    "snow": "snow snowy ice winter", "street": "street city town sidewalk downtown road village",
    "desert": "desert dune dunes sand sands cactus cactuses", "meadow": "meadow grass grassy field garden park",
    "room": "room house home indoors inside kitchen bedroom", "lake": "lake lakeside pond river",
    "castle": "castle palace fortress tower", "space": "space planet planets orbit",
}  # fmt: skip
"""Single words that tell a setting of the shipped world, besides the grammar's phrases and the pack's own words."""
_SNOWFALL = (r"(in |in a |as |the )?(falling snow|heavy snow|snowfall|snowflakes?)\b|"
             r"\b(it|snow) (starts?|started|begins?|began) to (snow|fall)|\bit (is |was )?(snows|snowed|snowing)\b|"
             r"\bsnow (falls|fell|is falling)\b|"
             r"\b(starts?|started|begins?|began) to snow\b")  # fmt: skip
_CLEARS = (r"\b(rain|snow|snowfall|storm) (stops?|stopped|ends?|ended|(is|was) over)|\bstop(s|ped)? (raining|snowing)|"
           r"\bsky (clears?|cleared)\b")  # fmt: skip
_RAIN = r"\brain(s|ed|ing|y|drops?|fall)?\b|\bpours\b"
_NIGHT_OVER = r"\bnight (is|was) over\b"
_DAY = (r"\bmorning\b|\bnoon\b|\bafternoon\b|\bday(time|light|break)\b|\bdawn\b|\bsunrise\b|"
        r"\bsun (rises|rose|is up|shines)|\bnew day\b|\b(is|was) (a calm )?day\b|\bat midday\b")  # fmt: skip
_DUSK = (r"\bdusk\b|\bevening\b|\bsunset\b|\btwilight\b|\bsky turn(s|ed) red\b|"
         r"\bsun (sets?|goes down|went down|(begins|began) to set)")  # fmt: skip
_NIGHT = (r"\bnight\b|\bmidnight\b|\b(under|by|in) the moon(light)?\b|\bmoon(light|lit)\b|\bmoon (rises|rose|shines)|"
          r"\bin the dark\b|\b(gets?|got|grows?|grew|(is|was)) dark\b|\bdarkness\b")  # fmt: skip
_CLOSE = r"\bclose-?up\b|\bclose up\b|\bup close\b|\bvery close\b|\bvery near\b"
_FAR = r"\bfar away\b|\bfar off\b|\bwide shot\b|\bin the distance\b|\bfrom afar\b"
_ONE_DAY = r"\b(one|that|this|some|every) (day|night|morning|evening)\b(?= ,|,)"


@dataclass(frozen=True)
class Cues:
    """Finds settings and props of one pack; the patterns are compiled once."""

    settings: tuple[tuple[re.Pattern[str], str], ...]
    props: re.Pattern[str] | None
    prop_ids: dict[str, str]

    @classmethod
    def of(cls, pack: WordPack) -> Cues:
        """The cues of a pack."""
        told: dict[str, str] = {}
        for setting in pack.settings:
            single = PLACES_TOLD.get(setting, setting.replace("_", " ")).split()
            phrases = (*W.phrases_at(pack, setting), *W.phrases_to(pack, setting), *W.phrases_scene(pack, setting))
            told |= {phrase: setting for phrase in (*single, *pack.settings[setting].words) if phrase not in told}
            told |= dict.fromkeys(phrases, setting)
        ids = {noun: prop for prop in pack.props for noun in W.prop_nouns(pack, prop)}
        pattern = re.compile(rf"\b({_either(ids)})s?\b") if ids else None
        longest = sorted(told, key=len, reverse=True)
        return cls(tuple((re.compile(rf"\b{re.escape(p)}\b"), told[p]) for p in longest), pattern, ids)

    def setting(self, text: str) -> str | None:
        """The setting a sentence tells: by its longest phrase, that one last told among equals."""
        text = re.sub(_SNOWFALL, " ", text)
        text = re.sub(r"\b(under|by) the moon\b|\bmoon (rises|rose|shines)\b|\bmoonlight\b", " ", text)
        for pattern, setting in self.settings:
            if pattern.search(text):
                return setting
        return None

    def things(self, text: str) -> list[str]:
        """The props in order of mention, each once."""
        found = self.props.findall(text) if self.props else []
        return list(dict.fromkeys(self.prop_ids[noun] for noun in found))


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def time_told(text: str) -> str | None:
    """ "day", "dusk" or "night" where the sentence tells it."""
    text = re.sub(_ONE_DAY, " ", text)
    if re.search(_NIGHT_OVER, text):
        return "day"
    for pattern, time in ((_DAY, "day"), (_DUSK, "dusk"), (_NIGHT, "night")):
        if re.search(pattern, text):
            return time
    return None


def weather_told(text: str) -> str | None:
    """ "clear", "rain" or "snow" where the sentence tells it."""
    if re.search(_CLEARS, text):
        return "clear"
    if re.search(_RAIN, text):
        return "rain"
    return "snow" if re.search(_SNOWFALL, text) else None


def shot_told(text: str) -> str:
    """ "close", "far", or "medium" where the sentence tells none."""
    if re.search(_CLOSE, text):
        return "close"
    return "far" if re.search(_FAR, text) else "medium"
