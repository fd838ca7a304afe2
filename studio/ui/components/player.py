"""The animatic: the panels played on the page, each for its time, passing and moving as they do in the film."""

from __future__ import annotations

import dataclasses
import time
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from streamlit.components import v2

from studio.document import Document, Panel
from studio.export.changes import changes_of
from studio.export.deck import Deck
from studio.export.film_plan import Film, Shot, plan_film
from studio.export.options import ExportOptions, Progress
from studio.export.screening import frames_seen
from studio.media.captions import one_line
from studio.media.fonts import FontStack
from studio.media.frames import MAX_CROP
from studio.ui.components.code import code
from studio.ui.components.told import told
from studio.ui.pictures import CARD, STAGE, address_of, clip_of, jpeg, picture_of
from studio.ui.player_sound import heard_with
from studio.ui.state import editor, select

FILM = ExportOptions()
"""The film that is played: the one that an export makes where nothing else is chosen."""
BEHIND, AHEAD = 2, 16
"""Panels before and from the one that is shown whose pictures are at hand; the player asks for more in time."""


def play(doc: Document) -> None:
    """Open the player, or begin anew: it plays from the panel that is worked on."""
    state = editor()
    if doc.board.panels:
        state.playing, state.played = time.time(), state.selected


def player(doc: Document) -> None:
    """Show the player while it is open. It keeps its own time; Python hears where it stops."""
    if not editor().playing or not doc.board.panels:
        return
    v2.component("board_player", css=code("player.css"), js=code("screen.js") + code("sound.js") + code("player.js"))(
        key="player",
        data=playing(doc),
        on_shown_change=lambda: _shown(doc),
        on_want_change=_wanted,
        on_close_change=_closed,
    )


def _shown(doc: Document) -> None:
    for each in told("player", "shown"):
        if doc.board.panel(str(each["panel"])) is not None:
            select(str(each["panel"]))


def _wanted() -> None:
    for each in told("player", "want"):
        editor().played = str(each["panel"])


def _closed() -> None:
    if told("player", "close"):
        editor().playing = 0.0


# What it is told -----------------------------------------------------------------------------------------------------


def playing(doc: Document) -> dict[str, Any]:
    """Return what the player needs to draw the film's frames, and where it finds the pictures about to be seen."""
    film, sound = _heard(doc, plan_film(doc))
    return {
        "sound": sound,
        "opened": editor().playing,
        "selected": editor().selected,
        "fps": FILM.fps,
        "frames": film.boundaries(FILM.fps)[-1],
        "aspect": film.aspect,
        "crop": MAX_CROP,
        "shots": [
            {**times, **_names(panel, shot)}
            for times, panel, shot in zip(timed(film), doc.board.panels, film.shots, strict=True)
        ],
        **_files(doc, film),
    }


def _heard(doc: Document, film: Film) -> tuple[Film, str]:
    """The film with the times of its sound, and where that is found ("" where there is none)."""
    heard = heard_with(doc, film)
    if heard is None:
        return film, ""
    return heard.film, address_of(heard.sound, "audio/mp4", "player.sound")


def timed(film: Film) -> list[dict[str, Any]]:
    """When each shot begins and ends, is seen, and passes to the next, in frames; and the way of its camera."""
    boundaries = film.boundaries(FILM.fps)
    changes = changes_of(film, FILM.own_transition, FILM.fps)
    shots = []
    for k, shot in enumerate(film.shots):
        seen = frames_seen(k, boundaries, changes)
        shots.append(
            {
                "start": boundaries[k],
                "end": boundaries[k + 1],
                "seen": [seen.start, seen.stop],
                "change": dataclasses.asdict(changes[k]),
                "camera": [shot.camera.start, shot.camera.end] if shot.camera is not None else None,
            }
        )
    return shots


def _names(panel: Panel, shot: Shot) -> dict[str, Any]:
    """What a shot is called and says; ``still`` names its picture by what is in it."""
    said = one_line(getattr(shot, FILM.caption_of))
    still = shot.picture.stem if isinstance(shot.picture, Path) else f"{shot.number}-{zlib.crc32(shot.text.encode()):x}"
    return {"id": panel.id, "name": shot.called, "caption": said, "still": still}


def _files(doc: Document, film: Film) -> dict[str, dict[str, str]]:
    """Where the pictures about to be seen are found, and the clips among them, by the names of their stills."""
    at = doc.board.index(editor().played) or 0
    stills, clips = {}, {}
    for k in range(max(0, at - BEHIND), min(len(film.shots), at + AHEAD)):
        panel, shot = doc.board.panels[k], film.shots[k]
        still = _names(panel, shot)["still"]
        stills[still] = address_of(_picture(doc, panel, film, shot), "image/jpeg", f"player.still.{k}")
        clip = clip_of(doc, panel)
        if clip is not None:
            clips[still] = address_of(clip, "video/mp4", f"player.clip.{k}")
    return {"stills": stills, "clips": clips}


def _picture(doc: Document, panel: Panel, film: Film, shot: Shot) -> bytes:
    """A panel's picture as JPEG, as wide as is of use; where there is none, the card that stands in the film."""
    size = panel.take.size if panel.take is not None else None
    found = picture_of(doc, panel, STAGE if size is None or 2 * size[0] > CARD else CARD)
    return _card(film.aspect, shot.number, shot.text) if found is None else found


@lru_cache(maxsize=400)
def _card(aspect: float, number: int, text: str) -> bytes:
    shot = Shot(number, None, text, 0)
    deck = Deck(Film((shot,), aspect=aspect), FILM, Progress(), FontStack.default())
    return jpeg(deck.picture(shot), STAGE)
