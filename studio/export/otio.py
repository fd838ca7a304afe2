"""OpenTimelineIO: the film as a timeline for an editing program, with the panels' pictures beside it.

One video track, a clip a panel that names its PNG, a dissolve where panels dissolve, a marker where a panel has notes.
Pictures are still, so there are always as many frames beyond a clip's ends as its dissolves need. What OpenTimelineIO
has no place for (words, cameras, fades, what made a picture) is in `metadata["seqgan"]`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from studio.errors import ExportError
from studio.export import png
from studio.export.changes import Change, changes_of
from studio.export.deck import Deck
from studio.export.film_plan import Shot
from studio.export.writing import beside
from studio.media.captions import one_line

try:
    from opentimelineio import adapters, opentime, schema
except ImportError as error:
    raise ExportError(
        "otio needs the package opentimelineio, which is not installed; install it (pip install opentimelineio, or the "
        "extra otio of seqgan-studio) and export again"
    ) from error

KIND = "otio"
KEY = "seqgan"


def write(deck: Deck, folder: Path) -> list[Path]:
    """Write `folder/STEM.otio` and the panels' pictures, `folder/STEM-panels/001.png` and so on.

    Raises:
        ExportError: if a file cannot be written.
        CancelledError: if the export is stopped; no file is left half written.
    """
    path = folder / f"{deck.film.stem}.otio"
    pictures = png.write(deck, folder)
    with beside(path) as temporary:
        text = adapters.write_to_string(timeline(deck), "otio_json")
        temporary.write_text(text + "\n", encoding="utf-8", newline="\n")
    deck.progress.step(KIND, 1, 1)
    return [path, *pictures]


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
    whole.tracks.append(track)
    record = film.record()
    whole.metadata[KEY] = {key: value for key, value in record.items() if key != "panels"}
    return whole


def _clip(deck: Deck, shot: Shot, frames: int, head: int, tail: int) -> schema.Clip:
    """A panel for its time; `head` and `tail` are the frames of its picture that dissolves show before and after."""
    fps = deck.options.fps
    lasts = _range(head, frames, fps)
    media = schema.ExternalReference(quote(png.panel_name(deck, shot)), _range(0, head + frames + tail, fps))
    clip = schema.Clip(name=one_line(shot.name) or str(shot.number), media_reference=media, source_range=lasts)
    clip.metadata[KEY] = _described(shot)
    if shot.notes.strip():
        clip.markers.append(
            schema.Marker(name=one_line(shot.notes), marked_range=lasts, color=schema.MarkerColor.YELLOW)
        )
    return clip


def _described(shot: Shot) -> dict[str, Any]:
    words = {name: getattr(shot, name) for name in ("text", "dialogue", "action", "notes")}
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


def _range(start: int, frames: int, fps: int) -> opentime.TimeRange:
    return opentime.TimeRange(opentime.RationalTime(start, fps), opentime.RationalTime(frames, fps))
