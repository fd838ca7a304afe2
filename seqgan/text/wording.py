"""The small change of words: tokens with their places, function words, base forms and inflected forms of English.

Everything here is rule and list, so that every machine reads the same; the lists lie in `assets/text`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import yaml

from seqgan.resources import asset

# Letters, then letters or the marks that combine with them (Hebrew, Arabic, Devanagari, Thai), so no word is cut.
_MARK = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    + "\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
)
_TOKEN = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_MARK}])*|\d+|[^\w\s]|_")
_LATIN = re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff]")
_UNSPACED = re.compile("[\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_IRREGULAR_NOUNS = {
    "mice": "mouse", "geese": "goose", "men": "man", "women": "woman", "children": "child", "feet": "foot",
    "teeth": "tooth", "people": "person", "wolves": "wolf", "leaves": "leaf", "knives": "knife", "calves": "calf",
    "gentlemen": "gentleman", "shelves": "shelf", "scarves": "scarf", "wives": "wife", "elves": "elf",
}  # fmt: skip
_PLURALS = {one: many for many, one in _IRREGULAR_NOUNS.items()}


@dataclass(frozen=True)
class Token:
    """One word, number or sign of a sentence, and where it stands: `sentence[start:end] == text`."""

    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        """The word as lists hold it."""
        return self.text.lower()

    @property
    def is_word(self) -> bool:
        """Whether it is made of letters."""
        return self.text[0].isalpha()

    @property
    def unspaced(self) -> bool:
        """Whether it is a run of Chinese or Japanese, where words are not set apart by spaces."""
        return _UNSPACED.fullmatch(self.text) is not None


def tokens(sentence: str) -> list[Token]:
    """The words, numbers and signs of a sentence in order; runs of Chinese or Japanese stay whole."""
    found: list[Token] = []
    for match in _TOKEN.finditer(sentence):
        found += _runs(match[0], match.start())
    return found


def _runs(text: str, start: int) -> list[Token]:
    """Cut a word where Chinese or Japanese meets another script."""
    if text.isascii() or not _UNSPACED.search(text):
        return [Token(text, start, start + len(text))]
    parts = [part for part in re.split(f"({_UNSPACED.pattern})", text) if part]
    edges = [start]
    for part in parts:
        edges.append(edges[-1] + len(part))
    return [Token(part, begin, end) for part, begin, end in zip(parts, edges, edges[1:], strict=False)]


@lru_cache(maxsize=1)
def function_words() -> dict[str, frozenset[str]]:
    """Language code -> its function words (assets/text/function_words.yaml)."""
    data = yaml.safe_load(asset("text", "function_words.yaml").read_text(encoding="utf-8"))
    return {code: frozenset(words.split()) for code, words in data.items() if isinstance(words, str)}


@lru_cache(maxsize=1)
def foreign_pronouns() -> dict[str, str]:
    """Personal pronouns of other languages -> he, she, it, they."""
    data = yaml.safe_load(asset("text", "function_words.yaml").read_text(encoding="utf-8"))
    return dict(data["pronouns"])


@lru_cache(maxsize=8)
def word_list(name: str) -> tuple[str, ...]:
    """The words of `assets/text/NAME.txt`, without its comment lines."""
    lines = asset("text", f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(dict.fromkeys(word for line in lines if not line.startswith("#") for word in line.split()))


def is_function_word(word: str, language: str = "en") -> bool:
    """Whether the lower-case word is on that language's list."""
    return word in function_words().get(language, frozenset())


def bases(word: str) -> list[str]:
    """What a lower-case English word may be a form of, itself first: "bunnies" -> bunnies, bunny, ..."""
    found = [word, _IRREGULAR_NOUNS.get(word, word)]
    for ending, instead in (("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""),
                            ("ing", "e")):  # fmt: skip
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= 2 and not (ending == "s" and word.endswith(("ss", "us", "is"))):
            found.append(stem + instead)
            if not instead and len(stem) > 3 and stem[-1] == stem[-2] and ending in ("ed", "ing"):
                found.append(stem[:-1])
    return list(dict.fromkeys(found))


def base_noun(word: str) -> str:
    """The singular of a plural noun by rule: "bunnies" -> "bunny", "foxes" -> "fox", "cubs" -> "cub"."""
    if word in _IRREGULAR_NOUNS:
        return _IRREGULAR_NOUNS[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "zes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


def plural(noun: str) -> str:
    """The plural of a noun or of the last word of a noun phrase: "teddy bear" -> "teddy bears"."""
    head, space, last = noun.rpartition(" ")
    if last in _PLURALS:
        many = _PLURALS[last]
    elif last.endswith("man") and last != "human":
        many = last[:-3] + "men"
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        many = last[:-1] + "ies"
    else:
        many = last + ("es" if last.endswith(("s", "x", "ch", "sh", "z")) else "s")
    return head + space + many


def article(following: str) -> str:
    """The article that goes before a word: "an" before "owl", "a" before "unicorn"."""
    sounds_like_you = following.lower().startswith(("uni", "use", "eu"))
    return "an" if following[:1].lower() in "aeiou" and not sounds_like_you else "a"


def like(model: str, word: str) -> str:
    """`word` in the letter case of `model`: all capitals, a capital first, or small."""
    if len(model) > 1 and model.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if model[:1].isupper() else word


@dataclass(frozen=True)
class Sentence:
    """One sentence as tokens, with its language: "en", another code of the function words, or "xx" where unclear."""

    text: str
    tokens: tuple[Token, ...]
    language: str

    def word(self, index: int) -> str:
        """The lower-case token at `index`; "" outside the sentence."""
        return self.tokens[index].lower if 0 <= index < len(self.tokens) else ""

    @property
    def shouted(self) -> bool:
        """Whether capitals say nothing here: all letters are capitals, or nearly every word has one."""
        words = [token.text for token in self.tokens if token.is_word]
        capitals = sum(word[0].isupper() for word in words)
        return len(words) > 1 and (all(word.isupper() for word in words) or capitals > max(2, 0.8 * len(words)))

    def starts(self, index: int) -> bool:
        """Whether the token opens the sentence or a sentence within it."""
        before = [
            token.text
            for token in self.tokens[:index]
            if token.text not in "\"'\u201c\u201d\u2018\u2019\u00ab\u00bb([-"
        ]
        return not before or before[-1] in ".!?:;\u2026\u3002"


def parse(text: str, known: Callable[[str], bool]) -> Sentence:
    """Tokens and language of a sentence; `known` says whether a lower-case word is known English of the story world."""
    found = tuple(tokens(text))
    return Sentence(text, found, _language([token for token in found if token.is_word], known))


def _language(words: list[Token], known: Callable[[str], bool]) -> str:
    """English unless most letters are of another script, or more words are another language's function words."""
    strange = [word for word in words if not _LATIN.match(word.text)]
    if 2 * sum(len(word.text) for word in strange) > sum(len(word.text) for word in words):
        return _script(strange)
    lists = function_words()
    english = sum(word.lower in lists["en"] or known(word.lower) for word in words)
    hits = {code: sum(word.lower in listed for word in words) for code, listed in lists.items() if code != "en"}
    best = max(hits, key=lambda code: hits[code])
    return best if hits[best] > english else "en"


def _script(words: list[Token]) -> str:
    """ "ja", "zh" or "ru" by their letters, "xx" for other scripts."""
    text = "".join(word.text for word in words)
    if re.search("[\u3040-\u30ff]", text):
        return "ja"
    if _UNSPACED.search(text):
        return "zh"
    return "ru" if re.search("[\u0400-\u04ff]", text) else "xx"
