"""What an export can be told, checked once at the door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from studio.errors import CancelledError, ExportError

Captions = Literal["none", "burn", "srt"]
FRAME_RATES = (1, 120)
SIDES = (64, 7680)
GRID = (1, 12)


@dataclass(frozen=True)
class ExportOptions:
    """How a film is written.

    Args:
        size: width and height of the film in pixels; odd numbers are lowered by one, H.264 4:2:0 has no odd sizes.
        fps: frames per second of the MP4.
        captions: "burn" sets them as type in a band below the picture, "srt" writes them beside, "none" does not.
        panels: a range such as "2-5,9"; None for all.
        layout: columns and rows of a page of the contact sheet.
        transition_ms: length of the cross-dissolve, taken from within the panels; 0 for hard cuts.
        moving_size: width and height of the animated GIF and WebP.
    """

    size: tuple[int, int] = (1280, 720)
    fps: int = 24
    captions: Captions = "burn"
    panels: str | None = None
    layout: tuple[int, int] = (3, 2)
    transition_ms: int = 300
    moving_size: tuple[int, int] = (640, 360)

    def checked(self) -> ExportOptions:
        """These options with even sizes.

        Raises:
            ExportError: for a value outside its range.
        """
        for name, size in (("size", self.size), ("size of moving pictures", self.moving_size)):
            if not all(SIDES[0] <= side <= SIDES[1] for side in size):
                raise ExportError(f"{name} {size[0]}x{size[1]}: each side must be {SIDES[0]} to {SIDES[1]} pixels")
        if not FRAME_RATES[0] <= self.fps <= FRAME_RATES[1]:
            raise ExportError(f"fps {self.fps} is not {FRAME_RATES[0]} to {FRAME_RATES[1]}; 24 is usual")
        if not all(GRID[0] <= side <= GRID[1] for side in self.layout):
            raise ExportError(
                f"layout {self.layout[0]}x{self.layout[1]}: columns x rows must be 1x1 to 12x12, like 3x2"
            )
        if self.captions not in get_args(Captions):
            raise ExportError(f'captions "{self.captions}" is not one of {", ".join(get_args(Captions))}')
        if not 0 <= self.transition_ms <= 10_000:
            raise ExportError(f"a transition of {self.transition_ms} ms is not 0 to 10000 ms")
        even = (self.size[0] // 2 * 2, self.size[1] // 2 * 2)
        return self if even == self.size else ExportOptions(**{**vars(self), "size": even})


@dataclass
class Progress:
    """What a writer says while it works, and how it is stopped.

    Args:
        on_step: called with (format, done, total).
        cancelled: asked between frames; True stops the export, and what is half written is removed.
        notes: sentences for the user, each once.
        missing: numbers of the panels that had no picture.
    """

    on_step: Callable[[str, int, int], Any] = lambda _format, _done, _total: None
    cancelled: Callable[[], bool] = lambda: False
    notes: list[str] = field(default_factory=list)
    missing: set[int] = field(default_factory=set)

    def step(self, kind: str, done: int, total: int) -> None:
        """Report one step.

        Raises:
            CancelledError: if the user has stopped the export.
        """
        if self.cancelled():
            raise CancelledError(f"export stopped at {done} of {total} ({kind}); files that were there are kept")
        self.on_step(kind, done, total)

    def note(self, message: str) -> None:
        """Keep a note for the user, once."""
        if message not in self.notes:
            self.notes.append(message)


def parse_size(text: str) -> tuple[int, int]:
    """Read "1280x720" as (1280, 720).

    Raises:
        ExportError: for anything else.
    """
    return _two_numbers(text, "size", "1280x720")


def parse_layout(text: str) -> tuple[int, int]:
    """Read "3x2" (columns x rows) as (3, 2).

    Raises:
        ExportError: for anything else.
    """
    return _two_numbers(text, "layout", "3x2")


def _two_numbers(text: str, name: str, example: str) -> tuple[int, int]:
    parts = text.lower().replace("×", "x").split("x")
    if len(parts) != 2 or not all(part.strip().isascii() and part.strip().isdigit() for part in parts):
        raise ExportError(f'{name} "{text}" cannot be read; write it like {example}')
    return int(parts[0]), int(parts[1])
