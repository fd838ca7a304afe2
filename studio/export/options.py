"""What an export can be told, checked once at the door."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from studio.errors import CancelledError, ExportError

if TYPE_CHECKING:
    from studio.document import Transition

Captions = Literal["none", "burn", "srt", "vtt", "soft"]
Told = Literal["text", "dialogue", "action", "notes"]
Passing = Literal["cut", "dissolve", "fade"]
Paper = Literal["a4", "a4-upright", "letter", "letter-upright"]
FRAME_RATES = (1, 120)
SIDES = (64, 7680)
GRID = (1, 12)
LONGEST_TRANSITION_MS = 10_000
ASPECTS = {"16:9": (1280, 720), "1:1": (720, 720), "9:16": (720, 1280)}
"""Aspect -> the film's size in pixels where no other is asked for."""
SMALL_SIDE = 360
"""The shorter side of the animated GIF and WebP in pixels, where no other size is asked for."""


@dataclass(frozen=True)
class ExportOptions:
    """How a film is written.

    Args:
        size: width and height of the film in pixels; odd numbers are lowered by one, H.264 4:2:0 has no odd sizes.
        fps: frames per second of the MP4.
        captions: "burn" sets them as type in a band below the picture, "srt" and "vtt" write them beside the film,
            "soft" puts them into the MP4 as a track that the player shows or hides, "none" leaves them out.
        caption_of: what of a panel is its caption (and is spoken, where it is narrated).
        panels: a range such as "2-5,9"; None for all. The files of some panels have names of their own.
        layout: columns and rows of a page of the contact sheet; None for 3x2, on upright paper 2x4.
        paper: what a page of it is printed on; it lies on its side unless it is upright.
        fields: what the contact sheet prints under a picture, where a panel has it.
        transition: how panels pass to the next that do not say so themselves.
        transition_ms: length of such a dissolve or fade, taken from within the panels; 0 for cuts.
        moving_size: width and height of the animated GIF and WebP; None for the film's shape, 360 pixels high or wide.
        music: a sound file to play under the film, repeated or cut to its length.
        music_volume: loudness of the music, 0 to 1; it falls to a quarter of that under speech.
        narrate: whether a program of this machine speaks the captions; panels then last as long as it speaks.
        voice: the voice it speaks with, as the program names it; "" for its own.
    """

    size: tuple[int, int] = ASPECTS["16:9"]
    fps: int = 24
    captions: Captions = "burn"
    caption_of: Told = "text"
    panels: str | None = None
    layout: tuple[int, int] | None = None
    paper: Paper = "a4"
    fields: tuple[Told, ...] = get_args(Told)
    transition: Passing = "dissolve"
    transition_ms: int = 300
    moving_size: tuple[int, int] | None = None
    music: Path | None = None
    music_volume: float = 0.5
    narrate: bool = False
    voice: str = ""

    @property
    def small_size(self) -> tuple[int, int]:
        """Width and height of the animated GIF and WebP."""
        if self.moving_size is not None:
            return self.moving_size
        scale = min(1.0, SMALL_SIDE / min(self.size))
        return round(self.size[0] * scale), round(self.size[1] * scale)

    @property
    def grid(self) -> tuple[int, int]:
        """Columns and rows of a page of the contact sheet."""
        return self.layout or usual_grid(self.paper)

    @property
    def own_transition(self) -> Transition:
        """How panels pass to the next that do not say so themselves."""
        from studio.document import Transition  # loads pydantic, which --help can do without

        return Transition(kind=self.transition, ms=self.transition_ms)

    def checked(self) -> ExportOptions:
        """These options with even sizes.

        Raises:
            ExportError: for a value outside its range.
        """
        for name, size in (("size", self.size), ("size of moving pictures", self.small_size)):
            if not all(SIDES[0] <= side <= SIDES[1] for side in size):
                raise ExportError(f"{name} {size[0]}x{size[1]}: each side must be {SIDES[0]} to {SIDES[1]} pixels")
        if not FRAME_RATES[0] <= self.fps <= FRAME_RATES[1]:
            raise ExportError(f"fps {self.fps} is not {FRAME_RATES[0]} to {FRAME_RATES[1]}; 24 is usual")
        if not all(GRID[0] <= side <= GRID[1] for side in self.grid):
            raise ExportError(f"layout {self.grid[0]}x{self.grid[1]}: columns x rows must be 1x1 to 12x12, like 3x2")
        self._check_words()
        if self.panels and self.panels.strip():
            parse_panels(self.panels)
        if not 0 <= self.transition_ms <= LONGEST_TRANSITION_MS:
            raise ExportError(f"a transition of {self.transition_ms} ms is not 0 to {LONGEST_TRANSITION_MS} ms")
        if not 0 <= self.music_volume <= 1:
            raise ExportError(f"a music volume of {self.music_volume} is not 0 to 1")
        if self.music is not None and not self.music.is_file():
            raise ExportError(f"there is no music file {self.music}; give a WAV, MP3, FLAC, OGG or M4A file")
        return replace(self, size=(self.size[0] // 2 * 2, self.size[1] // 2 * 2))

    def _check_words(self) -> None:
        _check_is("captions", self.captions, Captions)
        _check_is("caption-of", self.caption_of, Told)
        _check_is("transition", self.transition, Passing)
        _check_is("paper", self.paper, Paper)
        for field_name in self.fields:
            _check_is("fields", field_name, Told)


def _check_is(name: str, value: str, kinds: Any) -> None:
    if value not in get_args(kinds):
        raise ExportError(f'{name} "{value}" is not one of {", ".join(get_args(kinds))}')


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


def parse_panels(text: str) -> list[tuple[str, int, int | None]]:
    """Read "2-5,7-" as [("2-5", 2, 5), ("7-", 7, None)]: each part, its first panel and its last, None for the board's.

    Whether a board has them is for `film_plan.pick` to say.

    Raises:
        ExportError: for a range that cannot be read.
    """
    found: list[tuple[str, int, int | None]] = []
    for part in (part.strip() for part in text.split(",")):
        read = re.fullmatch(r"(\d+)\s*(?:(-)\s*(\d*))?", part)
        if read is None:
            raise ExportError(f'panels "{text}" cannot be read at "{part}"; write them like 2-5,9')
        first, dash, last = read.groups()
        found.append((part, int(first), int(first) if dash is None else int(last) if last else None))
    return found


def told_panels(numbers: Iterable[int]) -> str:
    """Write panel numbers as :func:`parse_panels` reads them: [2, 3, 4, 7] as "2-4,7"; their order is kept."""
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), lambda each: each[1] - each[0])]
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def usual_grid(paper: str) -> tuple[int, int]:
    """Return the columns and rows that fill a page of wide pictures."""
    return (2, 4) if paper.endswith("-upright") else (3, 2)


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


def parse_fields(text: str) -> tuple[Told, ...]:
    """Read "text,notes" as ("text", "notes"), each once, in this order; "" means none.

    Raises:
        ExportError: for a name that is none of them.
    """
    names = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    for name in names:
        _check_is("fields", name, Told)
    return cast(tuple[Told, ...], names)


def film_size(aspect: str | None, size: tuple[int, int] | None) -> tuple[int, int]:
    """Width and height of a film, from its aspect ("16:9", "1:1", "9:16"), its size, or both where they agree.

    Raises:
        ExportError: for another aspect, or a size that is not of it.
    """
    if aspect is None:
        return size or ASPECTS["16:9"]
    if aspect not in ASPECTS:
        raise ExportError(f'aspect "{aspect}" is not one of {", ".join(ASPECTS)}; give any other shape as a size')
    usual = ASPECTS[aspect]
    if size is None:
        return usual
    if abs(size[0] * usual[1] / (size[1] * usual[0] or 1) - 1) > 0.01:
        raise ExportError(
            f"size {size[0]}x{size[1]} is not {aspect}; leave one of the two out, or write {usual[0]}x{usual[1]}"
        )
    return size
