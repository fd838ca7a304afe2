"""Who is told of where: the names of a story and of the cast, found in its sentences by whole words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from studio.document import Board
from studio.ui.reading import Member


def spoken(board: Board, members: Mapping[str, Member]) -> dict[str, str]:
    """Return each word that means somebody -> member id: names of the story first, then the cast's names and kinds."""
    own = {member.name: member.id for member in members.values()}
    kinds = {member.kind: member.id for member in members.values()}
    return {word.casefold(): who for word, who in {**kinds, **own, **board.cast}.items()}


def found(text: str, words: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """Return (start, end, member id) of every such word in a text."""
    if not words:
        return []
    pattern = _pattern(tuple(sorted(words, key=len, reverse=True)))
    return [(match.start(), match.end(), words[match[0].casefold()]) for match in pattern.finditer(text)]


@lru_cache(maxsize=32)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)


def appearances(board: Board, words: Mapping[str, str]) -> dict[str, list[int]]:
    """Return member id -> the numbers (from 1) of the panels whose sentences name them."""
    seen: dict[str, list[int]] = {}
    for number, panel in enumerate(board.panels, 1):
        for who in dict.fromkeys(who for _, _, who in found(panel.text, words)):
            seen.setdefault(who, []).append(number)
    return seen
