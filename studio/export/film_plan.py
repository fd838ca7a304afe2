"""A film as the writers see it: shots with a picture, a caption and a duration, and nothing of the document.

film = plan_film(document)                # or Film(shots=(Shot(...), ...), title="Snow day", stem="snow-day")
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from studio.document.durations import duration_of
from studio.document.made import PROGRAM, made_by
from studio.errors import ExportError
from studio.media.metadata import mark_of_all
from studio.media.moving import CLIP_SUFFIX, open_still

if TYPE_CHECKING:
    from studio.document.document import Document
    from studio.document.schema import Board, Panel

Picture = Path | np.ndarray | None

__all__ = ["PROGRAM", "Film", "Shot", "pick", "plan_film", "stem_of"]


@dataclass(frozen=True)
class Shot:
    """One panel on the screen.

    `picture` is a file, an array (H, W, 3) of uint8, or None where nothing is drawn yet; `made` says what made it. The
    file may be a clip's, which goes round while the shot is shown; where one picture must do, it is the first frame.
    """

    number: int
    picture: Picture
    caption: str
    duration_ms: int
    made: dict[str, Any] = field(default_factory=dict)

    @property
    def aspect(self) -> float | None:
        """Width / height of the picture, from its head alone; None where there is none or it cannot be read."""
        if isinstance(self.picture, np.ndarray):
            return self.picture.shape[1] / self.picture.shape[0]
        if self.moves:
            still = self.load()
            return None if still is None else still.width / still.height
        try:
            with Image.open(self.picture or "") as image:
                return image.width / image.height
        except (OSError, ValueError, Image.DecompressionBombError):
            return None

    @property
    def moves(self) -> bool:
        """Whether its picture is a clip."""
        return isinstance(self.picture, Path) and self.picture.suffix == CLIP_SUFFIX

    def load(self) -> Image.Image | None:
        """The picture, decoded; None where there is none or its file is missing or damaged."""
        if self.picture is None:
            return None
        if isinstance(self.picture, np.ndarray):
            return Image.fromarray(self.picture)
        try:
            return open_still(self.picture)
        except OSError:
            return None


@dataclass(frozen=True)
class Film:
    """Shots in order. `stem` names the files, `made` says what made the whole."""

    shots: tuple[Shot, ...]
    title: str = ""
    stem: str = "film"
    aspect: float = 7 / 4
    made: dict[str, Any] = field(default_factory=dict)

    @property
    def duration_ms(self) -> int:
        """Length of the whole in milliseconds."""
        return sum(shot.duration_ms for shot in self.shots)

    def boundaries_ms(self) -> list[int]:
        """Moment in milliseconds at which each shot begins, and the end of the last."""
        moments = [0]
        for shot in self.shots:
            moments.append(moments[-1] + shot.duration_ms)
        return moments

    def boundaries(self, per_second: int) -> list[int]:
        """The same in ticks (frames, hundredths) by rounding cumulative time, so that no error adds up."""
        return [(2 * moment * per_second + 1000) // 2000 for moment in self.boundaries_ms()]

    def record(self) -> dict[str, Any]:
        """What made the whole film, one entry a shot: the record that its files carry."""
        shots = [{"number": s.number, "text": s.caption, "duration_ms": s.duration_ms, **s.made} for s in self.shots]
        mark = mark_of_all(shot.made for shot in self.shots if shot.picture is not None)
        return {"program": PROGRAM, "title": self.title, "digital_source_type": mark, **self.made, "panels": shots}


def plan_film(document: Document, panels: str | None = None) -> Film:
    """A board as a film of its picked takes; `panels` such as "2-5,9" takes some of them.

    Raises:
        ExportError: if the board has no panels or the range names none of them.
    """
    board = document.board
    if not board.panels:
        raise ExportError(f"{document.path} has no panels, so there is nothing to export; add a sentence first")
    shots = []
    for number in pick(panels, len(board.panels)):
        panel = board.panels[number - 1]
        shots.append(Shot(number, document.picture(panel), panel.text, duration_of(panel), _made(panel)))
    return Film(tuple(shots), board.title, stem_of(document.path), _aspect(board), _made_whole(board))


def pick(panels: str | None, count: int) -> list[int]:
    """Panel numbers (from 1) that a range such as "2-5,9" means on a board of `count` panels; None means all.

    Raises:
        ExportError: for a range that cannot be read or lies outside the board.
    """
    if panels is None or not panels.strip():
        return list(range(1, count + 1))
    picked: dict[int, None] = {}
    for part in panels.split(","):
        found = re.fullmatch(r"\s*(\d+)\s*(?:-\s*(\d*)\s*)?", part)
        if found is None:
            raise ExportError(f'panels "{panels}" cannot be read at "{part.strip()}"; write them like 2-5,9')
        first = int(found.group(1))
        last = first if found.group(2) is None else int(found.group(2) or count)
        if not 1 <= first <= last <= count:
            raise ExportError(f'panels "{part.strip()}" are not on this board: it has 1 to {count}')
        picked.update(dict.fromkeys(range(first, last + 1)))
    return list(picked)


def stem_of(path: Path) -> str:
    """Name for exported files: the board's folder name without .board or .boardz."""
    return re.sub(r"\.boardz?$", "", path.resolve().name, flags=re.IGNORECASE) or "film"


def _aspect(board: Board) -> float:
    sizes = [take.size for panel in board.panels if (take := panel.take) is not None and take.size]
    return sizes[0][0] / sizes[0][1] if sizes else 7 / 4


def _made_whole(board: Board) -> dict[str, Any]:
    model = board.model.model_dump(mode="json") if board.model else None
    whole = {"kind": "story", "story": board.story, "seed": board.seed, "cast": board.cast, "model": model}
    return {**whole, "knobs": board.knobs, "split": board.split}


def _made(panel: Panel) -> dict[str, Any]:
    """What made a panel's picture, without the moment: the same board gives files of the same bytes."""
    if panel.take is None:
        return {"drawn": False}
    made = made_by(panel.take)
    made.pop("created", None)
    return {"drawn": True, "panel_seed": panel.seed, **made}
