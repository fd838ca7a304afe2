"""An unknown English word in its sentence: which classes it may belong to, and in which form its meaning is said."""

from __future__ import annotations

from seqgan.text.lexicon import CLASSES, Lexicon
from seqgan.text.mapping import Match
from seqgan.text.tagging import tags
from seqgan.text.wording import Sentence, base_noun, is_function_word, plural, word_list

NOUNS = ("character", "setting", "prop")
WHERE = frozenset(
    ("in", "on", "at", "to", "into", "onto", "through", "across", "along", "inside", "outside", "near", "by", "over",
     "around", "towards", "toward", "under", "between", "from", "past", "among")
)  # fmt: skip
WITH = frozenset(("with", "holding", "carrying", "hold", "holds", "carry", "carries", "without"))
BEFORE_VERBS = frozenset(
    ("can", "could", "will", "would", "may", "might", "must", "should", "does", "did", "do", "is", "are", "was", "were",
     "has", "have")
)  # fmt: skip

Steps = tuple[tuple[str, ...], ...]
"""Classes to try one after the other; empty for a word that is not mapped."""


def kinds_of(sentence: Sentence, index: int, lexicon: Lexicon) -> tuple[str, Steps, str]:
    """(base form, classes to try, fine tag or "") of an unknown word of an English sentence.

    A verb is an action; a noun is a setting first after "in the", a prop first after "with", a character first where a
    verb follows; any other part of speech is not mapped. Without a tagger every class is tried.
    """
    word = sentence.word(index)
    words = [token.text if token.text.isupper() and len(token.text) == 1 else token.lower for token in sentence.tokens]
    tagged = tags(tuple(words)) if sum(token.is_word for token in sentence.tokens) > 1 else None
    if word.endswith("ly") and len(word) > 4:
        return word, (), "RB"
    if tagged is None:
        return base_noun(word), (CLASSES,), ""
    tag, base = tagged[index]
    if tag == "NNS" and index and _is_someone(sentence, index - 1, lexicon):
        tag = "VBZ"  # "Captain Jack sails the sea": a noun in the plural does not follow a name
    if tag.startswith("VB"):
        return base, (("action",),) + ((NOUNS,) if tag == "VB" and not index else ()), tag
    if not tag.startswith("NN") and (tag not in ("JJ", "FW", "X", "CD") or _modifies(sentence, index, lexicon)):
        return word, (), tag
    if tag == "NNP" and sentence.tokens[index].text.title() in word_list("not_persons"):
        return word.title(), (("setting",),), tag
    return (base_noun(word) if tag != "NN" else base), _noun_steps(sentence, index, tagged), tag


def _is_someone(sentence: Sentence, index: int, lexicon: Lexicon) -> bool:
    """Whether a token is a name or the singular noun of a character."""
    token = sentence.tokens[index]
    name = token.text[:1].isupper() and not is_function_word(token.lower) and not sentence.shouted
    return token.is_word and (name or token.lower in lexicon.words.get("character", {}))


def _modifies(sentence: Sentence, index: int, lexicon: Lexicon) -> bool:
    """Whether a noun may follow, so that an adjective is one ("a droid walks" has none)."""
    following = sentence.word(index + 1)
    verb = lexicon.find(following, ("action",)) and not lexicon.find(following, NOUNS)
    return following[:1].isalpha() and not is_function_word(following) and not verb


def _noun_steps(sentence: Sentence, index: int, tagged: tuple[tuple[str, str], ...]) -> Steps:
    before = index - 1
    while before >= 0 and (tagged[before][0][:2] in ("DT", "JJ", "PR", "CD") or sentence.word(before) in ("a", "the")):
        before -= 1
    if sentence.word(before) in WHERE:
        return ("setting",), ("character", "prop")
    if sentence.word(before) in WITH:
        return ("prop",), ("character", "setting")
    following = tagged[index + 1][0] if index + 1 < len(tagged) else ""
    if following[:2] in ("VB", "MD") or sentence.word(index + 1) in BEFORE_VERBS:
        return ("character",), ("setting", "prop")
    # A tagger takes an unknown verb for a noun now and then ("two pigs saunter by"), so actions compete here.
    return (CLASSES,)


def form(match: Match, word: str, tag: str, lexicon: Lexicon) -> str:
    """The known word in the form of the unknown one: "bunnies" -> "rabbits", "hopped" -> "jumped"."""
    if match.kind != "action":
        many = tag in ("NNS", "NNPS") or (not tag and base_noun(word) != word)
        return plural(match.word) if many and not match.word.endswith("s") else match.word
    if match.word in lexicon.phrases and tag[:2] not in ("VB", ""):
        return match.word
    phrase = lexicon.phrases.get(match.word, match.word)
    head, space, rest = phrase.partition(" ")
    return _inflected(head, word, tag, lexicon) + space + rest


def _inflected(verb: str, word: str, tag: str, lexicon: Lexicon) -> str:
    if verb not in lexicon.verbs:
        return verb
    third, past, going = lexicon.verbs[verb]
    if tag == "VBG" or word.endswith("ing"):
        return going
    if tag in ("VBD", "VBN") or (tag != "VB" and word.endswith("ed")):
        return past
    return third if tag in ("VBZ", "NNS") or (not tag and word.endswith("s")) else verb
