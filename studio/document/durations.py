"""How long a panel is shown, in whole milliseconds."""

from __future__ import annotations

from studio.document.schema import Board, Panel

PER_WORD_MS = 300
EXTRA_MS = 300
SHORTEST_MS = 1500
_DENSE = ((0x2E80, 0xA4CF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF), (0x0E00, 0x0EFF))
"""Scripts written without spaces between words: Han, kana, Hangul, Thai and Lao."""


def is_dense(char: str) -> bool:
    """Whether a character is of a script that is written without spaces between words."""
    return any(low <= ord(char) <= high for low, high in _DENSE)


def count_words(text: str) -> int:
    """Count words as a reader would: by spaces, and two characters to a word in scripts that use none."""
    dense = sum(1 for char in text if is_dense(char))
    spaced = "".join(" " if is_dense(char) else char for char in text)
    return (dense + 1) // 2 + sum(1 for word in spaced.split() if any(char.isalnum() for char in word))


def default_duration_ms(text: str) -> int:
    """Return 300 ms a word + 300 ms, at least 1500 ms (the rule of Storyboarder)."""
    return max(SHORTEST_MS, PER_WORD_MS * count_words(text) + EXTRA_MS)


def duration_of(panel: Panel) -> int:
    """Return how long a panel is shown, in ms: its own duration, else the default rule."""
    return default_duration_ms(panel.text) if panel.duration_ms is None else panel.duration_ms


def total_duration(board: Board) -> int:
    """Return how long the whole board is shown, in ms."""
    return sum(duration_of(panel) for panel in board.panels)
