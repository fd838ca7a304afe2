"""OpenTimelineIO: the film as a timeline for an editing program, with the panels' pictures and its sound beside it.

One video track, a clip a panel that names its PNG, a dissolve where panels dissolve, a marker where a
scene begins or a panel has notes.
Pictures are still, so there are always as many frames beyond a clip's ends as its dissolves need. What OpenTimelineIO
has no place for (words, cameras, fades, what made a picture) is in `metadata["seqgan"]`.

Where there is sound, it has a track of the narration, a clip a panel that is spoken, and one of the music, as loud as
it is under the film; played together they are what is heard with the MP4. Their times are in samples.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from studio.errors import ExportError
from studio.export import png
from studio.export.changes import Change, changes_of
from studio.export.deck import Deck
from studio.export.film_plan import Shot
from studio.export.writing import beside
from studio.media.captions import one_line
from studio.media.sound import RATE, Soundtrack, write_wav

try:
    from opentimelineio import adapters, opentime, schema
except ImportError as error:
    raise ExportError(
        "otio needs the package opentimelineio, which is not installed; install it (pip install opentimelineio, or the "
        "extra otio of seqgan-studio) and export again"
    ) from error

KIND = "otio"
KEY = "seqgan"
MUSIC = "music"
BLOCK = 10 * RATE
"""Samples of music that are made at a time."""


def write(deck: Deck, folder: Path) -> list[Path]:
    """Write `folder/STEM.otio`, the panels' pictures, `folder/STEM-panels/001.png` and so on, and what is heard,
    `folder/STEM-sounds/001.wav` (what is said in panel 1) and `music.wav`.

    Raises:
        ExportError: if a file cannot be written.
        CancelledError: if the export is stopped; no file is left half written.
    """
    path = folder / f"{deck.film.stem}.otio"
    pictures, sounds = png.write(deck, folder), _write_sounds(deck, folder)
    with beside(path) as temporary:
        text = adapters.write_to_string(timeline(deck), "otio_json")
        temporary.write_text(text + "\n", encoding="utf-8", newline="\n")
    deck.progress.step(KIND, 1, 1)
    return [path, *pictures, *sounds]


def _write_sounds(deck: Deck, folder: Path) -> list[Path]:
    files: dict[Path, Iterable[np.ndarray]] = {}
    if deck.sound is not None:
        for shot, _, said in _spoken(deck, deck.sound):
            files[folder / sound_name(deck, f"{shot.number:03d}")] = [said]
        if deck.sound.music is not None:
            files[folder / sound_name(deck, MUSIC)] = _music(deck.sound)
    for path, blocks in files.items():
        with beside(path) as temporary:
            write_wav(temporary, blocks)
    return list(files)


def sound_name(deck: Deck, name: str) -> str:
    """Where a sound lies under the folder of the export."""
    return f"{deck.film.stem}-sounds/{name}.wav"


def _spoken(deck: Deck, sound: Soundtrack) -> list[tuple[Shot, int, np.ndarray]]:
    """What is said: in which shot, from which sample of the film on, and the samples."""
    begins = [moment * RATE // 1000 for moment in deck.film.boundaries_ms()]
    return [(deck.film.shots[bisect_right(begins, at) - 1], at, said) for at, said in sound.speech]


def _music(sound: Soundtrack) -> Iterable[np.ndarray]:
    for start in range(0, sound.samples, BLOCK):
        yield sound.music_alone(start, min(BLOCK, sound.samples - start)).round()


def timeline(deck: Deck) -> schema.Timeline:
    """The film as a timeline."""
    fps, film = deck.options.fps, deck.film
    changes = changes_of(film, deck.options.own_transition, fps)
    boundaries = film.boundaries(fps)
    track = schema.Track(name="Panels", kind=schema.TrackKind.Video)
    for k, shot in enumerate(film.shots):
        head = boundaries[k] - changes[k - 1].start if k else 0
        track.append(_clip(deck, shot, boundaries[k + 1] - boundaries[k], head, changes[k].end - changes[k].at))
        if changes[k].start < changes[k].end:
            track.append(_transition(changes[k], fps))
    whole = schema.Timeline(name=one_line(film.title) or film.stem, global_start_time=opentime.RationalTime(0, fps))
    whole.tracks.extend([track, *_heard(deck)])
    record = film.record()
    whole.metadata[KEY] = {key: value for key, value in record.items() if key != "panels"}
    return whole


def _clip(deck: Deck, shot: Shot, frames: int, head: int, tail: int) -> schema.Clip:
    """A panel for its time; `head` and `tail` are the frames of its picture that dissolves show before and after."""
    fps = deck.options.fps
    lasts = _range(head, frames, fps)
    media = schema.ExternalReference(quote(png.panel_name(deck, shot)), _range(0, head + frames + tail, fps))
    clip = schema.Clip(name=shot.called, media_reference=media, source_range=lasts)
    clip.metadata[KEY] = _described(shot)
    colours = ((shot.scene, schema.MarkerColor.GREEN), (shot.notes, schema.MarkerColor.YELLOW))
    clip.markers.extend(
        schema.Marker(name=one_line(said), marked_range=lasts, color=colour) for said, colour in colours if said.strip()
    )
    return clip


def _described(shot: Shot) -> dict[str, Any]:
    words = {name: getattr(shot, name) for name in ("scene", "text", "dialogue", "action", "notes")}
    camera = shot.camera.model_dump(mode="json") if shot.camera else None
    return {"number": shot.number, **words, "duration_ms": shot.duration_ms, "camera": camera, **shot.made}


def _transition(change: Change, fps: int) -> schema.Transition:
    dissolves = change.kind == "dissolve"
    kind = schema.TransitionTypes.SMPTE_Dissolve if dissolves else schema.TransitionTypes.Custom
    return schema.Transition(
        name="dissolve" if dissolves else "fade through black",
        transition_type=kind,
        in_offset=opentime.RationalTime(change.at - change.start, fps),
        out_offset=opentime.RationalTime(change.end - change.at, fps),
        metadata={KEY: {"kind": change.kind}},
    )


def _heard(deck: Deck) -> list[schema.Track]:
    """The tracks of sound."""
    tracks: list[schema.Track] = []
    if deck.sound is None:
        return tracks
    if deck.sound.speech:
        tracks.append(_narration(deck, deck.sound))
    if deck.sound.music is not None:
        track = schema.Track(name="Music", kind=schema.TrackKind.Audio)
        track.append(_sound(deck, MUSIC, MUSIC, deck.sound.samples))
        tracks.append(track)
    return tracks


def _narration(deck: Deck, sound: Soundtrack) -> schema.Track:
    track, end = schema.Track(name="Narration", kind=schema.TrackKind.Audio), 0
    for shot, at, said in _spoken(deck, sound):
        track.append(schema.Gap(source_range=_range(0, at - end, RATE)))
        clip = _sound(deck, shot.called, f"{shot.number:03d}", len(said))
        clip.metadata[KEY] = {"number": shot.number, "said": deck.caption(shot)}
        track.append(clip)
        end = at + len(said)
    return track


def _sound(deck: Deck, name: str, file: str, samples: int) -> schema.Clip:
    whole = _range(0, samples, RATE)
    media = schema.ExternalReference(quote(sound_name(deck, file)), whole)
    return schema.Clip(name=name, media_reference=media, source_range=whole)


def _range(start: int, length: int, per_second: int) -> opentime.TimeRange:
    """A range in frames or samples."""
    return opentime.TimeRange(opentime.RationalTime(start, per_second), opentime.RationalTime(length, per_second))
