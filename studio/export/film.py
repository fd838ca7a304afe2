"""MP4: every panel for its time, its camera moving, passing to the next as it is told, captions in a band below."""

from __future__ import annotations

from pathlib import Path

from studio.errors import ExportError
from studio.export.cues import cues
from studio.export.deck import Deck
from studio.export.screening import film_frames
from studio.export.writing import beside
from studio.media.metadata import as_json, xmp_packet

KIND = "mp4"


def write(deck: Deck, folder: Path) -> list[Path]:
    """Write `folder/STEM.mp4`.

    Raises:
        ExportError: if the film is shorter than a frame or the file cannot be written.
        CancelledError: if the export is stopped; no file is left half written.
    """
    from studio.media.video_writer import VideoWriter, append_xmp

    path = folder / f"{deck.film.stem}.mp4"
    options = deck.options
    record = deck.record(options.size)
    if deck.sound is not None:
        record["sound"] = "narration" if options.narrate else "music"
    total = deck.film.boundaries(options.fps)[-1]
    if total < 1:
        raise ExportError(
            f"{deck.film.duration_ms} ms at {options.fps} fps is less than a frame; give panels more time"
        )
    tags = {"title": deck.film.title or deck.film.stem, "comment": as_json(record)}
    with beside(path) as temporary:
        soft = cues(deck) if options.captions == "soft" else ()
        with VideoWriter(temporary, options.size, options.fps, tags, deck.sound, soft) as video:
            for count, (picture, first) in enumerate(film_frames(deck), start=1):
                video.write(picture, key=first)
                deck.progress.step(KIND, count, total)
        append_xmp(temporary, xmp_packet(record, deck.film.title))
    return [path]
