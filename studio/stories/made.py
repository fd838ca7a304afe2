"""Pictures and films of ours, read back: the record of what made them, in their files, becomes panels again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from studio.document import Camera, ModelRef, Transition, default_duration_ms
from studio.errors import StoryError
from studio.media.film_frames import FilmFrame
from studio.stories.draft import Draft, DraftPanel, plain_line, plain_lines

LONGEST_MS = 24 * 3600 * 1000
MOST_PANELS = 5000
MOST_CHARS = 10_000
"""Of a sentence, and of a panel's knobs; a record that says more was not written by us."""
EXPECTED = "a film or picture that Seqgan Studio wrote, or another picture (PNG, JPEG and the like)"
_EDGE = {".mp4": 0.25}
"""The share of a shot's time, from the end at which its camera sees most, from which on no passing is mixed in."""
_M = TypeVar("_M", bound=BaseModel)


def read_film(path: Path, made: Mapping[str, Any] | None) -> Draft:
    """Read a film of ours: its sentences, timings and seeds, and a frame of each panel as its picture.

    Args:
        path: the film, an MP4, GIF or WebP.
        made: the record that it carries, or None.

    Raises:
        StoryError: if nothing in the file says what it tells.
    """
    parts = _parts(made or {})
    if not made or not parts:
        raise StoryError(f"{path.name} does not say what story it tells; expected {EXPECTED}")
    if len(parts) > MOST_PANELS:
        raise StoryError(f"{path.name} tells of {len(parts)} panels, at most {MOST_PANELS} are read; export fewer")
    panels, begins = [], 0
    for part in parts:
        panel = panel_of(part)
        panels.append(_with_frame(panel, part, path, begins))
        begins += part_ms(part)
    note = "the pictures are frames of the film, not the originals; the seeds came with it, so they can be drawn again."
    return Draft(tuple(panels), title_of(made), (note,), cast=cast_of(made), model=model_of(made))


def _parts(made: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The records of the panels of a film, or the one of a clip of a sentence."""
    panels = made.get("panels")
    if isinstance(panels, list):
        return [part for part in panels if isinstance(part, Mapping)]
    return [made] if isinstance(made.get("text"), str) else []


def _with_frame(panel: DraftPanel, part: Mapping[str, Any], film: Path, begins: int) -> DraftPanel:
    """The panel with a frame from the middle of its time, or where its camera sees most; none if it was not drawn."""
    if part.get("drawn") is False:
        return panel
    lasts, share, camera = max(1, part_ms(part)), 0.5, panel.camera
    if camera is not None and camera.start != camera.end:
        edge = _EDGE.get(film.suffix.lower(), 0.0)
        share = edge if camera.start[2] >= camera.end[2] else 1 - edge
    ms = begins + min(lasts - 1, round(share * lasts))
    frame = FilmFrame(film, ms, _whole(part.get("shown"), 4), _whole(part.get("picture_size"), 2))
    return replace(panel, picture=frame)


def panel_of(made: Mapping[str, Any]) -> DraftPanel:
    """Return what the record of a picture, or of a shot of a film, tells of its panel; the picture is not in it.

    What is of another kind or size than we write is left out: anybody can write a record.
    """
    drawn = "given" not in made and made.get("drawn") is not False
    seed = made.get("take_seed", made.get("seeds", made.get("seed")))
    first = seed[0] if isinstance(seed, list) and seed else seed
    text, lasts = words_of(made, "text"), _number(made.get("duration_ms"), LONGEST_MS)
    return DraftPanel(
        text=text,
        scene=words_of(made, "scene"),
        shot=words_of(made, "shot"),
        dialogue=_lines(made, "dialogue"),
        action=_lines(made, "action"),
        duration_ms=None if lasts == default_duration_ms(text) else lasts,
        transition=_model(Transition, made.get("transition")),
        camera=_model(Camera, made.get("camera")),
        first_seed=_number(first) if drawn else None,
        seed=_number(made.get("panel_seed")),
        knobs=knobs_of(made) if drawn else {},
    )


def part_ms(made: Mapping[str, Any]) -> int:
    """Return how long a shot of a film is shown in ms, 0 where its record does not say."""
    return _number(made.get("duration_ms"), LONGEST_MS) or 0


def title_of(made: Mapping[str, Any]) -> str:
    """Return the title of the board that a file is of, "" where it does not say."""
    return words_of(made, "title")


def cast_of(made: Mapping[str, Any]) -> dict[str, str]:
    """Return who plays whom, as the record of a file says."""
    cast = made.get("cast")
    return {
        plain_line(name): plain_line(who)
        for name, who in (cast.items() if isinstance(cast, Mapping) else ())
        if isinstance(name, str) and isinstance(who, str) and len(name) + len(who) < 200
    }


def model_of(made: Mapping[str, Any]) -> ModelRef | None:
    """Return what drew, as the record of a file says."""
    return _model(ModelRef, made.get("model"))


def knobs_of(made: Mapping[str, Any]) -> dict[str, Any]:
    """Return the knobs that a picture was drawn with, as its record says."""
    knobs = made.get("knobs")
    return dict(knobs) if isinstance(knobs, Mapping) and len(json.dumps(knobs)) <= MOST_CHARS else {}


def words_of(made: Mapping[str, Any], name: str) -> str:
    """Return a line of a record, "" where it has none of that name."""
    return plain_line(_text(made, name))


def _lines(made: Mapping[str, Any], name: str) -> str:
    return plain_lines(_text(made, name))


def _text(made: Mapping[str, Any], name: str) -> str:
    text = made.get(name)
    return text[:MOST_CHARS] if isinstance(text, str) else ""


def _number(value: Any, most: int = 2**63 - 1) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most else None


def _whole(value: Any, count: int) -> Any:
    """A tuple of so many whole numbers from 0, or None."""
    found = tuple(_number(each, 1 << 20) for each in value) if isinstance(value, list) else ()
    return found if len(found) == count and None not in found else None


def _model(kind: type[_M], value: Any) -> _M | None:
    try:
        return kind.model_validate(value) if isinstance(value, Mapping) else None
    except ValidationError:
        return None
