"""A film as the writers see it: shots with a picture, a caption and a duration, and nothing of the document.

film = plan_film(document)                # or Film(shots=(Shot(...), ...), title="Snow day", stem="snow-day")
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
from PIL import Image

from studio.document.archive import snapshot
from studio.document.durations import duration_of
from studio.document.made import PROGRAM, made_by
from studio.document.scenes import scene_of, shot_names
from studio.document.schema import Camera, Transition
from studio.errors import ExportError
from studio.export.options import parse_panels, told_panels
from studio.media.captions import one_line
from studio.media.metadata import mark_of_all
from studio.media.moving import CLIP_SUFFIX, open_still

if TYPE_CHECKING:
    from studio.document.document import Document
    from studio.document.schema import Board, Panel

Picture = Path | np.ndarray | None
LONGEST_PART = 48
"""Characters of the panel numbers in the name of a file."""

__all__ = ["PROGRAM", "Film", "Shot", "part_stem", "pick", "plan_film", "stem_of"]


@dataclass(frozen=True)
class Shot:
    """One panel on the screen.

    `picture` is a file, an array (H, W, 3) of uint8, or None where nothing is drawn yet; `made` says what made it. The
    file may be a clip's, which goes round while the shot is shown; where one picture must do, it is the first frame.
    `name` is the shot number that its panel has for itself ("" for none), `called` what people call it by, `scene` the
    heading that it is the first of in this film ("" where a scene goes on, or there is none), `counted` the shot number
    that follows from the scene. `transition` is None for the film's own; `own_model` is the name of the model that its
    panel has for itself, "" where it is drawn as its board is.
    """

    number: int
    picture: Picture
    text: str
    duration_ms: int
    made: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    dialogue: str = ""
    action: str = ""
    notes: str = ""
    transition: Transition | None = None
    camera: Camera | None = None
    own_model: str = ""
    counted: str = ""
    scene: str = ""

    @property
    def called(self) -> str:
        """Its own shot number, else the one that follows from its scene, else its number; on one line."""
        return one_line(self.name) or self.counted or str(self.number)

    @property
    def aspect(self) -> float | None:
        """Width / height of the picture; None where there is none or it cannot be read."""
        return self.size[0] / self.size[1] if self.size else None

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height of the picture in pixels, from its head alone; None as for `aspect`."""
        if isinstance(self.picture, np.ndarray):
            return self.picture.shape[1], self.picture.shape[0]
        if self.moves:
            still = self.load()
            return None if still is None else still.size
        try:
            with Image.open(self.picture or "") as image:
                return image.size
        except (OSError, ValueError, Image.DecompressionBombError):
            return None

    @property
    def moves(self) -> bool:
        """Whether its picture is a clip."""
        return isinstance(self.picture, Path) and self.picture.suffix == CLIP_SUFFIX

    @property
    def told(self) -> dict[str, Any]:
        """What is told with it and how it is shown, as far as its panel says: the part of the record for imports."""
        words = {"scene": self.scene, "shot": self.name, "dialogue": self.dialogue, "action": self.action}
        ways = {"transition": self.transition, "camera": self.camera}
        plain = {name: way.model_dump(mode="json") for name, way in ways.items() if way is not None}
        return {**{name: word for name, word in words.items() if word}, **plain}

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
    """Shots in order. `stem` names the files, `made` says what made the whole.

    `board` lists the files of the board (name, bytes) where all of it is shown, else none.
    """

    shots: tuple[Shot, ...]
    title: str = ""
    stem: str = "film"
    logline: str = ""
    aspect: float = 7 / 4
    made: dict[str, Any] = field(default_factory=dict)
    board: Callable[[], Iterable[tuple[str, bytes]]] = tuple

    @property
    def duration_ms(self) -> int:
        """Length of the whole in milliseconds."""
        return sum(shot.duration_ms for shot in self.shots)

    @property
    def length(self) -> str:
        """Its panels and seconds in words."""
        return f"{len(self.shots)} panel{'s' * (len(self.shots) != 1)}, {self.duration_ms / 1000:.1f} s"

    @property
    def how_made(self) -> str:
        """What drew the pictures, in words; "" where there are none."""
        drawn = [shot.made for shot in self.shots if shot.picture is not None]
        ways = {
            "generated by a neural network": any("given" not in made and not made.get("composed") for made in drawn),
            "composed from art": any(made.get("composed") for made in drawn),
            "given as files": any("given" in made for made in drawn),
        }
        said = " and ".join(way for way, used in ways.items() if used)
        return f"pictures {said}" if said else ""

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
        shots = [
            {"number": s.number, "text": s.text, "duration_ms": s.duration_ms, **s.told, **s.made} for s in self.shots
        ]
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
    shots, numbers, before = [], pick(panels, len(board.panels)), ""
    names = shot_names(board)
    for number in numbers:
        panel = board.panels[number - 1]
        told = {name: getattr(panel, name) for name in ("dialogue", "action", "notes", "transition", "camera")}
        told["own_model"] = panel.model.name if panel.model else ""
        scene, counted = scene_of(board, panel), names[panel.id]
        told |= {"scene": scene.title if scene and scene.id != before else "", "counted": counted}
        before, picture, lasts = panel.scene_id, document.picture(panel), duration_of(panel)
        shots.append(Shot(number, picture, panel.text, lasts, _made(panel), panel.shot, **told))
    stem, is_part = stem_of(document.path), numbers != list(range(1, len(board.panels) + 1))
    return Film(
        tuple(shots),
        board.title,
        part_stem(stem, numbers) if is_part else stem,
        board.logline,
        _aspect(board),
        _made_whole(board),
        tuple if is_part else snapshot(document),
    )


def part_stem(stem: str, numbers: Sequence[int]) -> str:
    """Name for the files of some panels, so that those of the whole board stay: "walk-part-2-4_7" for 2-4,7.

    A long list is cut, and told from others by a checksum: names of files have 255 bytes at most.
    """
    told = told_panels(numbers).replace(",", "_")
    if len(told) > LONGEST_PART:
        told = f"{told[:LONGEST_PART].rpartition('_')[0]}_and_more_{crc32(told.encode()):08x}"
    return f"{stem}-part-{told}"


def pick(panels: str | None, count: int) -> list[int]:
    """Panel numbers (from 1) that a range such as "2-5,9" means on a board of `count` panels; None means all.

    Raises:
        ExportError: for a range that cannot be read or lies outside the board.
    """
    if panels is None or not panels.strip():
        return list(range(1, count + 1))
    picked: dict[int, None] = {}
    for part, first, end in parse_panels(panels):
        last = count if end is None else end
        if not 1 <= first <= last <= count:
            raise ExportError(f'panels "{part}" are not on this board: it has 1 to {count}')
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
    told = {"logline": board.logline} if board.logline else {}
    return {**whole, **told, "knobs": board.knobs, "split": board.split}


def _made(panel: Panel) -> dict[str, Any]:
    """What made a panel's picture, without the moment: the same board gives files of the same bytes."""
    if panel.take is None:
        return {"drawn": False}
    made = made_by(panel.take)
    made.pop("created", None)
    return {"drawn": True, "panel_seed": panel.seed, **made}
