"""The sound of the animatic: that of the film that the board was exported as, while the film still tells the board."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from studio.document import Document
from studio.export.film_plan import Film
from studio.media.made_file import read_made_file
from studio.media.sound import copy_sound
from studio.ui.exports import exports_folder


@dataclass(frozen=True)
class Heard:
    """The film as long as it is with its sound (a spoken panel lasts longer), and the sound as an M4A file."""

    film: Film
    sound: bytes


def heard_with(doc: Document, film: Film) -> Heard | None:
    """Return the sound of the exported film of a board, or None where there is none or it tells another story.

    It still tells the board where its panels have the same sentences and lengths; under narration they may be longer.
    """
    path = exports_folder(doc) / f"{film.stem}.mp4"
    try:
        state = path.stat()
    except OSError:
        return None
    found = _sound(path, state.st_mtime_ns, state.st_size)
    lengths = _lengths(found[0], film) if found is not None else None
    if found is None or lengths is None:
        return None
    shots = (replace(shot, duration_ms=ms) for shot, ms in zip(film.shots, lengths, strict=True))
    return Heard(replace(film, shots=tuple(shots)), found[1])


@lru_cache(maxsize=8)
def _sound(path: Path, _moment: int, _size: int) -> tuple[Mapping[str, Any], bytes] | None:
    """The record of a film and its sound; read once for each state of the file."""
    try:
        file = read_made_file(path)
        if file is None or not file.made or "sound" not in file.made:
            return None
        packed = io.BytesIO()
        copy_sound(path, packed)
        return file.made, packed.getvalue()
    except (OSError, ValueError):
        return None


def _lengths(made: Mapping[str, Any], film: Film) -> list[int] | None:
    """How long the film shows each panel in ms; None where it tells another story."""
    panels = made.get("panels")
    if not isinstance(panels, list) or len(panels) != len(film.shots):
        return None
    lengths: list[int] = []
    for told, shot in zip(panels, film.shots, strict=True):
        ms = told.get("duration_ms") if isinstance(told, dict) and told.get("text") == shot.text else None
        longer = isinstance(ms, int) and ms > shot.duration_ms and made["sound"] == "narration"
        if not isinstance(ms, int) or not (ms == shot.duration_ms or longer):
            return None
        lengths.append(ms)
    return lengths
