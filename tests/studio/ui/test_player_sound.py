"""The player's sound is that of the exported film, as long as the film tells the board; in Chromium it keeps time."""

from __future__ import annotations

import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from studio.document import Document, set_duration, set_text
from studio.export import ExportOptions, export
from studio.export.film_plan import plan_film
from studio.media.sound import decode
from studio.rendering import give_picture
from studio.ui.player_sound import heard_with
from tests.studio.ui.conftest import keep_screen
from tests.studio.ui.test_browser import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Page

SENTENCES = ["Mia walks.", "She waves."]
LENGTH = 20_000
SMALL = ExportOptions(size=(160, 90), fps=6)
HEARD = """() => {
  const { audio, frame, data, playing } = window.boardPlayer.present;
  return [audio.currentTime, frame / data.fps, audio.paused, audio.muted, audio.duration, playing];
}"""


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Three seconds of a tone."""
    path = tmp_path / "song.wav"
    tone = (8000 * np.sin(np.arange(3 * 48_000) * 2 * np.pi * 440 / 48_000)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes(tone.tobytes())
    return path


@pytest.fixture
def board(make: Callable, song: Path) -> Path:
    """Two panels of 20 s, exported as a film with music."""
    path = make(SENTENCES)
    with Document.open(path) as doc:
        for panel in doc.board.panels:
            doc.apply(set_duration(panel.id, LENGTH))
            give_picture(doc, panel.id, _picture(), "a.png")
        export(doc, ["mp4"], path / "exports", replace(SMALL, music=song))
    return path


def _picture() -> bytes:
    from studio.ui.pictures import blank

    return blank()


def test_the_sound_is_the_film_s_while_it_tells_the_board(board: Path, song: Path, tmp_path: Path) -> None:
    with Document.open(board) as doc:
        heard = heard_with(doc, plan_film(doc))
        assert heard is not None and [shot.duration_ms for shot in heard.film.shots] == [LENGTH, LENGTH]
        (tmp_path / "sound.m4a").write_bytes(heard.sound)
        samples = decode(tmp_path / "sound.m4a")
        assert abs(len(samples) / 48_000 - 2 * LENGTH / 1000) < 0.1 and np.abs(samples).max() > 1000
        first = doc.board.panels[0].id
        doc.apply(set_duration(first, LENGTH - 1))
        assert heard_with(doc, plan_film(doc)) is None
        doc.undo()
        doc.apply(set_text(first, "Mia runs."))
        assert heard_with(doc, plan_film(doc)) is None
        doc.undo()
        assert heard_with(doc, plan_film(doc)) is not None
        (film,) = export(doc, ["mp4"], board / "exports", SMALL)  # without a sound
        assert heard_with(doc, plan_film(doc)) is None
        film.write_bytes(film.read_bytes()[:1000])
        assert heard_with(doc, plan_film(doc)) is None


@pytest.mark.browser
def test_the_sound_goes_with_the_frames(serve: Callable, tab: Page, board: Path, tmp_path: Path) -> None:
    with serve(board=board) as server:
        tab.goto(server.address)
        tab.wait_for_function("() => window.boardKeys?.tell", timeout=PATIENCE)
        tab.keyboard.press("Space")
        tab.get_by_role("button", name="Turn the sound off").wait_for(timeout=PATIENCE)
        tab.wait_for_function("() => window.boardPlayer.present.audio.currentTime > 1.5", timeout=PATIENCE)
        time, frame, paused, muted, duration, playing = tab.evaluate(HEARD)
        assert playing and not paused and not muted and abs(duration - 40) < 0.2 and abs(time - frame) < 0.5
        tab.get_by_role("button", name="Turn the sound off").click()
        tab.get_by_role("button", name="Turn the sound on").wait_for()
        assert tab.evaluate(HEARD)[3]
        keep_screen(tab, "sound")
        tab.get_by_role("button", name="Pause the animatic").click()
        tab.wait_for_function("() => window.boardPlayer.present.audio.paused")
        position = tab.get_by_role("slider", name="Position")
        position.focus()
        tab.keyboard.press("PageDown")
        tab.wait_for_function("() => Math.abs(window.boardPlayer.present.audio.currentTime - 20) < 0.1")
        tab.evaluate(
            """() => {  // a browser that lets nothing be heard before a click
              const play = HTMLMediaElement.prototype.play;
              HTMLMediaElement.prototype.play = function () {
                return this.muted ? play.call(this) : Promise.reject(new DOMException("no", "NotAllowedError"));
              };
            }"""
        )
        tab.get_by_role("button", name="Turn the sound on").click()
        tab.get_by_role("button", name="Play the animatic").click()
        tab.get_by_role("button", name="Turn the sound on").wait_for()
        tab.wait_for_function("() => window.boardPlayer.present.audio.currentTime > 20.5", timeout=PATIENCE)
        tab.get_by_role("button", name="Close the player").click()
