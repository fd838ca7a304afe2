"""What is heard with a film: captions spoken by a program of this machine, and music under them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from studio.export.film_plan import Film
from studio.export.options import ExportOptions, Progress
from studio.media.captions import one_line
from studio.media.sound import RATE, Soundtrack, decode
from studio.media.speech import find_speaker

KIND = "speech"
LEAD_MS, PAUSE_MS = 150, 350
"""Silence of a panel before its speech and, at least, after it."""
Speech = list[np.ndarray | None]
"""What is said in each shot, (samples, 2) int16; None where nothing is."""


def with_sound(film: Film, options: ExportOptions, progress: Progress) -> tuple[Film, Soundtrack | None]:
    """The film with panels that last as long as their speech, and its sound; None where none is asked for.

    Raises:
        ExportError: if the music cannot be read, or no program here speaks.
        CancelledError: if the export is stopped.
    """
    spoken: Speech = _speak(film, options, progress) if options.narrate else [None for _ in film.shots]
    film = _slowed(film, spoken)
    samples = round(film.boundaries(options.fps)[-1] * RATE / options.fps)
    music = decode(options.music, samples) if options.music is not None and samples else None
    if music is None and not options.narrate:
        return film, None
    starts = [moment + LEAD_MS for moment in film.boundaries_ms()]
    speech = tuple((at * RATE // 1000, said) for at, said in zip(starts, spoken, strict=False) if said is not None)
    return film, Soundtrack(samples, music, speech, options.music_volume)


def _speak(film: Film, options: ExportOptions, progress: Progress) -> Speech:
    speaker = find_speaker(options.voice)
    spoken: Speech = []
    for count, shot in enumerate(film.shots, start=1):
        words = one_line(getattr(shot, options.caption_of))
        spoken.append(speaker.speak(words) if words else None)
        progress.step(KIND, count, len(film.shots))
    return spoken


def _slowed(film: Film, spoken: Speech) -> Film:
    shots = tuple(
        shot if said is None else replace(shot, duration_ms=max(shot.duration_ms, spoken_ms(said)))
        for shot, said in zip(film.shots, spoken, strict=True)
    )
    return replace(film, shots=shots)


def spoken_ms(said: np.ndarray) -> int:
    """How long a panel lasts at least in which this is said, in milliseconds."""
    return LEAD_MS + -(-len(said) * 1000 // RATE) + PAUSE_MS
