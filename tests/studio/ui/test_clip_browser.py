"""Clips in a real headless Chromium: a sentence becomes four films that play, one becomes a panel, a panel moves."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.seqgan.sampling.clip_models import save_clip_model
from tests.studio.ui.test_browser import PATIENCE, choose_stage, tab

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

__all__ = ["tab"]  # the fixture

pytestmark = pytest.mark.browser
PLAYS = """async video => {
    const began = video.currentTime;
    for (let k = 0; k < 600 && (video.readyState < 2 || video.currentTime === began); k++)
        await new Promise(done => setTimeout(done, 100));
    return [video.currentTime !== began, video.muted, video.loop, video.videoWidth, video.videoHeight];
}"""


def _plays(video: Locator) -> list[object]:
    video.scroll_into_view_if_needed()
    return video.evaluate(PLAYS)


def test_from_a_sentence_to_a_moving_board(serve: Callable, tab: Page, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    models = tmp_path / "user" / "seqgan" / "models"
    with serve() as server:
        save_clip_model(models / "scenes")
        save_clip_model(models / "moved", gist="picture", background="gist")
        tab.goto(f"{server.address}/clip")
        field = tab.get_by_role("textbox", name="Sentence")
        field.fill("a woman is juggling on the beach")
        field.press("Enter")
        tab.get_by_role("button", name="Generate").click()
        films = tab.locator("video")
        expect(films).to_have_count(4, timeout=3 * PATIENCE)  # torch is loaded first
        assert _plays(films.nth(3)) == [True, True, True, 192, 128]
        tab.screenshot(path=tmp_path / "clips.png")
        with tab.expect_download() as download:
            tab.get_by_role("button", name="GIF").first.click()
        with Image.open(io.BytesIO(Path(download.value.path()).read_bytes())) as gif:
            assert gif.size == (192, 128) and getattr(gif, "n_frames", 0) == 32
        assert download.value.suggested_filename == "a-woman-is-juggling-on-the-beach-1.gif"

        tab.get_by_role("button", name="Send to board").first.click()
        film = tab.locator(".st-key-inspector video")
        film.wait_for()
        assert _plays(film) == [True, True, True, 192, 128]

        choose_stage(tab)
        sentence = tab.get_by_role("textbox", name="Sentence")
        sentence.press("End")
        sentence.press_sequentially(" at night")  # redrawn as a picture: the clip stays among the takes
        tab.locator(".st-key-inspector img").first.wait_for()
        tab.get_by_role("button", name="Animate this panel").click()
        tab.get_by_text("Animated in").wait_for()
        film.wait_for()
        assert _plays(film) == [True, True, True, 640, 360]
        tab.screenshot(path=tmp_path / "moves.png")
