"""What every writer of pictures shares: fonts, layout, pictures with their placeholders, captions that can be set."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from PIL import Image

from studio.export.film_plan import Film, Shot
from studio.export.options import ExportOptions, Progress
from studio.media.captions import one_line
from studio.media.fonts import FontStack, script_of
from studio.media.frames import WHOLE, FrameLayout, Window, compose, fitted_box, flatten, placeholder, plan_layout
from studio.media.sound import Soundtrack

CARD_SIDE = 720  # of a placeholder's height, in pixels


@dataclass
class Deck:
    """A film with the fonts, the options and the sound it is shown with."""

    film: Film
    options: ExportOptions
    progress: Progress
    stack: FontStack
    sound: Soundtrack | None = None

    def picture(self, shot: Shot) -> Image.Image:
        """The shot's picture as RGB, or a neutral card with its text, and a note, where there is none."""
        picture = shot.load()
        if picture is not None:
            return flatten(picture)
        self.progress.missing.add(shot.number)
        reason = "has lost its picture file" if shot.made.get("drawn", shot.picture) else "is not drawn yet"
        self.progress.note(f"panel {shot.number} {reason}: a card with its text stands in")
        size = (round(CARD_SIDE * self.film.aspect), CARD_SIDE)
        return placeholder(size, f"Panel {shot.number}", self.settable(shot.text), self.stack)

    def caption(self, shot: Shot) -> str:
        """What is said with the shot, on one line: its text, dialogue, action or notes, as the options say."""
        return one_line(getattr(shot, self.options.caption_of))

    def settable(self, words: str) -> str:
        """Words on one line, or "" and a note that names the script where no font here can draw them."""
        caption = one_line(words)
        missing = self.stack.missing(caption)
        if not missing:
            return caption
        letters = [char for char in missing if unicodedata.category(char)[0] not in "PZ"] or missing
        scripts = ", ".join(dict.fromkeys(script_of(char) for char in letters))
        elsewhere = f"in {self.film.stem}.srt and not in" if self.options.captions == "burn" else "left out of"
        self.progress.note(
            f"no font on this machine can draw {scripts}: such captions are {elsewhere} the pictures; install a font "
            "for it (Noto has all) and export again"
        )
        return ""

    def layout(self, size: tuple[int, int]) -> FrameLayout:
        """Layout of the frames at a size; with captions shown only when they are to be burned in."""
        burned = [self.settable(self.caption(shot)) for shot in self.film.shots]
        return plan_layout(size, self._aspects(), burned if self.options.captions == "burn" else None, self.stack)

    def record(self, size: tuple[int, int]) -> dict[str, Any]:
        """What made a film of a size: its record, and where in its frames each picture lies, for who imports it again.

        `shown` is (left, top, width, height) in pixels of the frame, `picture_size` that of the panel's own picture.
        """
        record, area = self.film.record(), self.layout(size).picture
        for panel, shot in zip(record["panels"], self.film.shots, strict=True):
            if shot.size is not None:
                panel |= {"shown": list(fitted_box(area, shot.size)), "picture_size": list(shot.size)}
        return record

    def _aspects(self) -> list[float]:
        return list({shot.aspect or self.film.aspect for shot in self.film.shots})

    def frame(
        self, layout: FrameLayout, shot: Shot, picture: Image.Image | None = None, window: Window = WHOLE
    ) -> Image.Image:
        """One whole frame of a shot: its picture (or another), or a window of it, with the caption."""
        caption = self.settable(self.caption(shot)) if layout.band is not None else ""
        return compose(layout, picture or self.picture(shot), caption, self.stack, window)

    @property
    def needs_srt(self) -> bool:
        """Whether a caption is left that no font can draw."""
        return any(self.stack.missing(self.caption(shot)) for shot in self.film.shots)
