"""The lexicon of a cast pack: the words its characters, settings and props have, and those of the grammar."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import yaml

from seqgan.data.theatre import words as W
from seqgan.data.theatre.grammar import write_script
from seqgan.data.theatre.names import FEMALE, MACHINE, MALE
from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.words import WordPack
from seqgan.resources import asset
from seqgan.text.lexicon import Lexicon, Member
from seqgan.text.vocab import tokenize
from seqgan.text.wording import word_list

STORIES = 600
"""Stories written to learn which words the grammar uses, where no vocabulary is given."""
HUMAN = frozenset(
    ("girl", "boy", "woman", "man", "child", "kid", "lady", "lad", "person", "scout", "baby", "king", "queen", "prince",
     "princess", "knight", "wizard", "witch", "mage", "farmer", "pilot", "astronaut", "detective", "doctor", "teacher",
     "pirate", "hero", "superhero", "sailor", "dancer", "singer", "cook", "mother", "father", "grandmother",
     "grandfather", "sister", "brother")
)  # fmt: skip
"""Kinds that are people: a name without any other hint goes to one of them first (house list)."""
VAGUE = frozenset(["go", "come", "keep", "look", "step", "watch", "think", "stay", "listen", "wait", "asleep"])
"""Words of an action that say too little to be the meaning of an unknown word."""
NOUN_PHRASES = {"cartwheel": "do a cartwheel", "somersault": "do a cartwheel", "bicycle": "ride a bicycle",
                "bike": "ride a bike", "juggling": "do some juggling", "cycling": "go cycling"}  # fmt: skip
_LEADING = re.compile(r"^(?:in|on|at|by|the|a|to|into|of|near|before|beside|between|among|up|down|deep|front|far|out|"
                      r"high|above|inside|edge|shore|gate|middle|water)\b ?")  # fmt: skip


def build_lexicon(pack: WordPack, vocabulary: Iterable[str] | None = None, seed: int = 0) -> Lexicon:
    """The lexicon of a pack.

    `vocabulary` is what the reader understands (a model's own words); without it, the words that the grammar writes.
    """
    known = frozenset(vocabulary) if vocabulary is not None else written_words(pack, seed)
    members = tuple(_member(pack, who) for who in pack.characters)
    words = {"character": _people(members) | _characters(pack), "setting": _settings(pack), "prop": _props(pack),
             "action": _actions()}  # fmt: skip
    heads = (phrase.split()[0] for phrase in NOUN_PHRASES.values())
    verbs = {word: W.inflect(word) for word in [*words["action"], *heads] if word not in NOUN_PHRASES}
    places = {setting: W.phrases_at(pack, setting)[0] for setting in pack.settings}
    given = _first_names() | dict.fromkeys(FEMALE, "she") | dict.fromkeys(MALE, "he") | dict.fromkeys(MACHINE, "it")
    return Lexicon(members, words, known, verbs, NOUN_PHRASES, places, given)


@lru_cache(maxsize=1)
def shipped_lexicon() -> Lexicon:
    """The lexicon of the shipped cast pack with the grammar's own words (`assets/text/theatre_words.txt`), made once a
    process."""
    return build_lexicon(CastPack.shipped(), word_list("theatre_words"))


def _member(pack: WordPack, who: str) -> Member:
    person = pack.characters[who]
    nouns = W.nouns(pack, who)
    return Member(who, person.name, person.kind, person.pronoun, nouns, bool(HUMAN & {person.kind, *nouns}))


def _characters(pack: WordPack) -> dict[str, str]:
    return {noun: who for who in pack.characters for noun in W.nouns(pack, who)}


def _first_names() -> dict[str, str]:
    """The well-known first names of assets/text/first_names.yaml -> their pronoun."""
    lists = yaml.safe_load(asset("text", "first_names.yaml").read_text(encoding="utf-8"))
    return {name: pronoun for pronoun, names in lists.items() for name in names.split()}


def _people(members: tuple[Member, ...]) -> dict[str, str]:
    """Words for people -> the first human of that pronoun ("they": the first human), where there is one."""
    humans = [member for member in members if member.human]
    first = {member.pronoun: member.id for member in reversed(humans)} | {"they": humans[0].id if humans else ""}
    lists = yaml.safe_load(asset("text", "person_words.yaml").read_text(encoding="utf-8"))
    return {word: first[each] for each, words in lists.items() if first.get(each) for word in words.split()}


def _settings(pack: WordPack) -> dict[str, str]:
    """The pack's words, then what the grammar calls the places; a word of two settings belongs to neither."""
    own = {word: name for name, each in pack.settings.items() for word in each.words}
    own |= {name: name for name in pack.settings}
    told: dict[str, set[str]] = {}
    for name in pack.settings:
        for phrase in (*W.phrases_scene(pack, name), *W.phrases_at(pack, name)):
            told.setdefault(_noun_of(phrase), set()).add(name)
    return own | {noun: next(iter(names)) for noun, names in told.items()
                  if noun and len(names) == 1 and noun not in own}  # fmt: skip


def _noun_of(phrase: str) -> str:
    """The noun phrase of a place: "at the edge of the woods" -> "woods"."""
    before = ""
    while before != phrase:
        before, phrase = phrase, _LEADING.sub("", phrase)
    return phrase


def _props(pack: WordPack) -> dict[str, str]:
    return {prop: prop for prop in pack.props} | {
        noun: prop for prop in pack.props for noun in W.prop_nouns(pack, prop)
    }


def _actions() -> dict[str, str]:
    return {word: action for action, keys in W.ACTION_KEYS.items() for word in keys if word not in VAGUE}


def written_words(pack: WordPack, seed: int = 0) -> frozenset[str]:
    """Every lower-case word that the grammar puts into `STORIES` stories, without the names they give (a second or
    two)."""
    rng = np.random.Generator(np.random.PCG64(seed))
    found: set[str] = set()
    for _ in range(STORIES):
        script = write_script(pack, rng)
        found |= {token.lower() for text in script.sentences for token in tokenize(text) if token not in script.names}
    tables = [
        *(each.name.lower() for each in pack.characters.values()),
        *_characters(pack),
        *_props(pack),
        *(word for each in pack.settings.values() for word in each.words),
    ]
    return frozenset(found | {part for word in tables for part in word.split()})


if __name__ == "__main__":
    print(textwrap.fill(" ".join(sorted(written_words(CastPack.shipped()))), 118, break_on_hyphens=False))
