"""A story becomes sentences, one a panel; a story file becomes text. The same on every machine.

    split_story('Mia walks. "Stop!" cries Mr. Owl... and she waits.')
    # ['Mia walks.', '"Stop!" cries Mr. Owl... and she waits.']

Sentences come from spaCy's rule `sentencizer` (never its parser), then our rules for what it does not know: quoted
speech stays with the sentence that tells it, abbreviations and ellipses in mid-sentence end none, CJK full stops do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from studio.errors import StoryError
from studio.stories.reading import MAX_CHARS, clean_text, read_story_file

if TYPE_CHECKING:
    from spacy.language import Language

MODES = ("sentence", "line", "scene")

__all__ = ["MODES", "read_story_file", "sentence_ends", "split_block", "split_story"]

_NEVER_LAST = re.compile(
    r"mr|mrs|ms|mx|dr|prof|st|rev|hon|gen|col|capt|lt|sgt|maj|fr|mt|vs|e\.g|i\.e|cf|ca", re.IGNORECASE
)
"""Abbreviations that a name follows: they never end a sentence, whatever comes next."""
_MAY_END = re.compile(r"\betc\.\s+(?=[A-Z])")
_OPENERS, _CLOSERS = "“„«‹「『〝〈《", "”»›」』〞〉》"
_QUOTES = "\"'’”»›」』〞〉》)]）］"
_LATE_OPENER = re.compile(rf"\s(?:[{re.escape(_OPENERS)}¿¡(\[（［\"'‘]+\s?)$")
"""What the rule leaves at the end of a sentence though it opens the next."""
_CJK_END = re.compile(rf"(?:[。！？｡]+|(?<=[⺀-꓏가-힯])[!?]+)([{re.escape(_QUOTES)}]*)\s*(?=\S)")
_ELLIPSIS_END = re.compile(rf"(?:(?:\.\s?){{2,}}\.|…+)[{re.escape(_QUOTES)}]*\s+")
_MISSING_SPACE = re.compile(r"(?<=\w)[!?]+(?=[^\W\d_])")
_LAST_WORD = re.compile(r"([^\W\d_](?:[^\W\d_]|\.)*)\.\s*$")
_LONGEST_QUOTE = 5
"""Sentences that one quotation may hold together; a quotation that is longer was probably never closed."""


def split_story(text: str, mode: str = "sentence") -> list[str]:
    """Return the panels' texts of a story, in order, at least one.

    Args:
        text: the story; line ends of any system, emoji and all scripts are welcome.
        mode: "sentence", "line" (each line that is not blank) or "scene" (paragraphs with blank lines between them).

    Raises:
        StoryError: if the story has no words, holds control characters, is too long, or the mode is unknown.
    """
    if mode not in MODES:
        raise StoryError(f"split mode {mode!r} is unknown; expected one of {', '.join(MODES)}")
    text = clean_text(text)
    splitters: dict[str, Callable[[str], Iterable[str]]] = {"sentence": _sentences, "line": _lines, "scene": _scenes}
    pieces = _with_words(piece for piece in map(_squeeze, splitters[mode](text)) if piece)
    if not pieces:
        raise StoryError("the story has no words; write a few sentences: each becomes a panel")
    return pieces


def split_block(text: str, mode: str = "sentence") -> list[str]:
    """Return the sentences of one paragraph (or, in the other modes, it whole), none if it has no words."""
    text = _squeeze(text)
    pieces = split_paragraph(text) if mode == "sentence" else [text]
    return _with_words(piece for piece in map(_squeeze, pieces) if piece)


def sentence_ends(text: str) -> list[int]:
    """Return the places (from 0) in a text at which a sentence after the first begins: where a panel may be split."""
    return list(accumulate(len(piece) for piece in split_paragraph(text)))[:-1]


def _lines(text: str) -> list[str]:
    return text.split("\n")


def _scenes(text: str) -> list[str]:
    return re.split(r"\n[^\S\n]*\n", text)


def _sentences(text: str) -> list[str]:
    """Split paragraph by paragraph; lines without a single full stop among them are taken as they stand."""
    if len(text.split("\n")) > 1 and not re.search(r"[.!?…。！？｡।؟۔]", text):
        return _lines(text)
    return [sentence for scene in _scenes(text) for sentence in split_paragraph(_squeeze(scene))]


def split_paragraph(text: str) -> list[str]:
    """Return the sentences of one paragraph with the spaces behind them: joined, they are the paragraph again."""
    pieces = [part for piece in _by_rule(text) for part in _split_more(piece)]
    return _join(_join_quotes(_join(pieces)))


def _by_rule(text: str) -> list[str]:
    """Split by the rule alone; a mark that opens a sentence is given back to it."""
    if not text:
        return []
    starts = [piece.start_char for piece in _sentencizer()(text).sents]
    for k in range(1, len(starts)):
        if late := _LATE_OPENER.search(text[starts[k - 1] : starts[k]]):
            starts[k] = starts[k - 1] + late.start() + 1
    return _cut(text, starts[1:])


def _cut(text: str, places: Iterable[int]) -> list[str]:
    bounds = [0, *places, len(text)]
    return [text[a:b] for a, b in pairwise(bounds) if b > a]


@lru_cache(maxsize=1)
def _sentencizer() -> Language:
    from seqgan.sampling import import_spacy

    language = import_spacy().blank("en")
    language.max_length = MAX_CHARS + 1
    language.add_pipe("sentencizer")
    return language


# Ends that the rule misses -------------------------------------------------------------------------------------------


def _split_more(piece: str) -> list[str]:
    places = {found.end() for found in _MAY_END.finditer(piece)}
    places |= {found.end() for found in _CJK_END.finditer(piece) if not found.group(1) or _opens(piece, found.end())}
    for end in (_ELLIPSIS_END, _MISSING_SPACE):
        places |= {found.end() for found in end.finditer(piece) if _starts_sentence(piece[found.end() :])}
    return _cut(piece, sorted(places))


def _opens(text: str, place: int) -> bool:
    """After quoted speech only another quotation surely begins a sentence: “你好。”她说。 is one."""
    return text[place : place + 1] in _OPENERS or text[place - 1 : place].isspace()


def _starts_sentence(text: str) -> bool:
    """Whether a text begins as sentences do: not in lower case (scripts without case always may)."""
    first = next((char for char in text if char.isalnum() or _has_symbol(char)), "")
    return bool(first) and not first.islower()


# Ends that are none --------------------------------------------------------------------------------------------------


def _join(pieces: list[str]) -> list[str]:
    joined: list[str] = []
    for piece in pieces:
        if joined and _belongs_together(joined[-1], piece):
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def _belongs_together(before: str, after: str) -> bool:
    if not any(char.isalnum() for char in after) and not _has_symbol(after):
        return True  # a stray mark
    return _continues(after) or _ends_in_abbreviation(before, after)


def _continues(after: str) -> bool:
    """Whether it is the rest of a sentence: said Max. / and waits."""
    first = next((char for char in after if char.isalnum() or _has_symbol(char)), "")
    return first.islower() and after[0] not in _OPENERS and after[0] not in "\"'‘¿¡"


def _ends_in_abbreviation(before: str, after: str) -> bool:
    found = _LAST_WORD.search(before)
    if found is None:
        return False
    word = found.group(1)
    initial = len(word) == 1 and word.isupper() and word != "I"  # J. Smith
    return initial or bool(_NEVER_LAST.fullmatch(word)) or (word.lower() == "no" and after[0].isdigit())


def _join_quotes(pieces: list[str]) -> list[str]:
    """Keep a quotation of several sentences in one piece, unless it is never closed or very long."""
    joined: list[str] = []
    start = 0
    while start < len(pieces):
        end = _closes(pieces, start)
        joined.append("".join(pieces[start:end]))
        start = end
    return joined


def _closes(pieces: list[str], start: int) -> int:
    for end in range(start + 1, min(start + _LONGEST_QUOTE, len(pieces)) + 1):
        if not _open_quote("".join(pieces[start:end])):
            return end
    return start + 1


def _open_quote(text: str) -> bool:
    balance = sum(text.count(char) for char in _OPENERS) - sum(text.count(char) for char in _CLOSERS)
    balance -= 2 * min(
        text.count("„"), text.count("“")
    )  # German quotations close with the mark that opens English ones
    return text.count('"') % 2 == 1 or balance > 0


# Tidying -------------------------------------------------------------------------------------------------------------


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def _with_words(pieces: Iterable[str]) -> list[str]:
    """Drop pieces without a word or picture character (such as `***`)."""
    return [piece for piece in pieces if any(char.isalnum() for char in piece) or _has_symbol(piece)]


def _has_symbol(text: str) -> bool:
    """Whether a text holds an emoji or another symbol that stands for a thing."""
    return any(unicodedata.category(char) == "So" for char in text)
