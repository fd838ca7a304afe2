"""What may be said of a video: lines that people wrote, titles, or a class name; cleaned, and told apart from noise.

    choose([("title", "EPIC dog run!! #dogs https://x.y 1,234 views")], "auto")
    # (("EPIC dog run!!",), [])

`auto` takes written lines, and the title where there are none; `text` lines alone; `titles` titles alone, by the rule
of GTT2V (Li et al. 2018): more than four meaningful words, once numbers and stop words are away, and in English.
Whether a text is English is guessed from its letters and its commonest words alone; short ones pass.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePath

from seqgan.data.readers.entries import clean_caption

RULES = ("auto", "text", "titles")
LEAST = {"text": 1, "title": 2, "label": 1}
"""Meaningful words of a caption, at least, by what it is."""
PAPER = 5
"""The same of a title under the rule `titles`."""
LETTERS = 0.8
"""Share of the letters that are Latin, at least."""

URL = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|org|net|tv|be)/\S*", re.IGNORECASE)
TAG = re.compile(r"(?<!\w)[#@][\w-]+")
COUNT = re.compile(
    r"\b\d[\d,.]*\s*[km]?\s*(?:views?|likes?|subscribers?|followers?|comments?|shares?)\b", re.IGNORECASE
)
MARK = re.compile(r"[\[(][^\])]*\b(?:hd|4k|official|video|\d+\s*/\s*\d+|\d{3,4}p)\b[^\])]*[\])]|\b\d{3,4}p\b|\b4k\b",
                  re.IGNORECASE)  # fmt: skip
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

COMMON = {
    "English": """a about after all also an and any are as at be because been before being but by can could did do does
        down each for from get had has have he her here him his how i if in into is it its just like me more most my new
        no not now of off on one only or other our out over own she so some such than that the their them then there
        these they this those through to too under until up us very was we were what when where which while who why will
        with would you your""",
    "German": """der das und ist nicht ein eine einen einem mit auf für von zu den dem im wie wir ich sich auch aus bei
        nach über wird sind beim vom zum zur""",
    "French": """le la les des du et est un une dans pour avec sur que qui pas au aux ce cette nous vous je il elle sont
        plus chez""",
    "Spanish": """el la los las de del y es un una en con por para que no se su al como más está son mi""",
    "Portuguese": """o os as da do das dos e é um uma em com por para que não se na no ao como mais está são""",
    "Italian": """il lo la gli di del della e è un una con per che non si nel nella come più sono alla""",
    "Dutch": """de het een en van is niet met op voor te zijn aan bij naar om dat die ook maar""",
}  # fmt: skip
"""The commonest words of some languages."""
_COMMON = {language: frozenset(words.split()) for language, words in COMMON.items()}
TRADE = """video videos clip clips footage official hd part episode ep full movie film trailer channel subscribe watch
    img vid dsc mvi mov gopr pxl dji gh gx wa screen recording untitled final edit copy mp avi"""
"""Words that say nothing of what is to be seen."""
_SILENT = _COMMON["English"] | frozenset(TRADE.split())


def choose(texts: Sequence[tuple[str, str]], rule: str = "auto") -> tuple[tuple[str, ...], list[tuple[str, str]]]:
    """The captions, cleaned and each once, of (what it is, text) pairs, and (text, why) of those that were dropped.

    What a text is: "text", a line that somebody wrote of the video; "title"; "label", the name of a class.
    """
    kept, dropped = dict[str, None](), list[tuple[str, str]]()
    for kinds in {"auto": (("text", "label"), ("title",)), "text": (("text", "label"),), "titles": (("title",),)}[rule]:
        for kind, text in texts if not kept else ():
            if kind in kinds:
                why = problem(kind, clean := cleaned(text, kind), rule)
                if why:
                    dropped.append((text, why))
                else:
                    kept[clean] = None
    return tuple(kept), dropped


def cleaned(text: str, kind: str = "text") -> str:
    """A caption without addresses, hash tags and counts of views; a title also without marks such as [HD] or 1080p.

    >>> cleaned("my dog  runs #cute https://x.y/z (1,234 views)")
    'my dog runs'
    """
    plain = clean_caption(text)
    for pattern in (URL, TAG, COUNT) if kind == "text" else (URL, TAG, COUNT, MARK):
        plain = pattern.sub(" ", plain)
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "So")
    plain = re.sub(r"\(\s*\)|\[\s*\]", " ", plain)
    return " ".join(plain.split()).strip(" -–—|·:,;/")


def title_of(path: PurePath) -> str:
    """What a file name says.

    >>> title_of(PurePath("my_dog-running in-snow.mp4"))
    'my dog running in snow'
    """
    return " ".join(re.sub(r"[_\-+.]+", " ", path.stem).split())


def problem(kind: str, text: str, rule: str = "auto") -> str:
    """Why a cleaned text is no caption, "" if it is one."""
    least = PAPER if rule == "titles" else LEAST[kind]
    if not text:
        return "nothing is left of it"
    if other := language(text):
        return f"not English but {other}"
    if len(meaningful(text)) < least:
        return f"fewer than {least} meaningful words"
    return ""


def meaningful(text: str) -> list[str]:
    """Words that may be seen: no numbers, no stop words, no letters alone, nothing of the trade."""
    words = (word.group().lower() for word in WORD.finditer(text))
    return [word for word in words if len(word) > 1 and word not in _SILENT]


def language(text: str) -> str:
    """Which other language a text seems to be in, "" where it may be English."""
    letters = [sign for sign in text if sign.isalpha()]
    if sum(unicodedata.name(sign, "").startswith("LATIN") for sign in letters) < LETTERS * len(letters):
        return "another script"
    words = [word.group().lower() for word in WORD.finditer(text)]
    counts = {name: sum(word in common for word in words) for name, common in _COMMON.items()}
    likely = max(counts, key=lambda name: counts[name])
    return likely if counts[likely] > counts["English"] else ""
