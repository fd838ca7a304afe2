"""Clips in a real headless Chromium, by keys alone: a sentence becomes four films that go round, and one a panel."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.seqgan.sampling.clip_models import save_clip_model
from tests.studio.ui.access import Keyboard, check_names
from tests.studio.ui.conftest import keep_screen
from tests.studio.ui.test_browser import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser
GOES_ROUND = """async video => {
    const until = async true_ => {
        for (let k = 0; k < 600 && !true_(); k++) await new Promise(done => setTimeout(done, 100));
    };
    await until(() => video.readyState > 2 && video.currentTime > 0);
    video.currentTime = video.duration - 0.1;
    await until(() => video.currentTime < video.duration / 2 && !video.paused);
    return [video.currentTime < video.duration / 2 && !video.paused, video.muted, video.videoWidth, video.videoHeight];
}"""


def _plays(video: Locator) -> list[object]:
    video.scroll_into_view_if_needed()
    return video.evaluate(GOES_ROUND)


def test_from_a_sentence_to_a_moving_panel(serve: Callable, tab: Page, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    models = tmp_path / "user" / "seqgan" / "models"
    with serve() as server:
        save_clip_model(models / "scenes")
        tab.goto(f"{server.address}/clip")
        tab.get_by_role("textbox", name="Sentence").wait_for()
        keys = Keyboard(tab)
        keys.to("Sentence")
        keys.type("a woman is juggling on the beach")
        keys.press("Enter")
        expect(tab.get_by_role("button", name="Generate")).to_be_enabled(timeout=PATIENCE)
        keys.to("Generate")
        keys.press("Enter")
        films = tab.locator("video")
        expect(films).to_have_count(4, timeout=3 * PATIENCE)  # torch is loaded first
        assert _plays(films.nth(3)) == [True, True, 192, 128]
        check_names(tab, "Clip, with films")
        keys.to("Star")
        keys.press("Space")
        tab.get_by_role("button", name="Starred").wait_for()
        keep_screen(tab, "clips")
        keys.to("GIF")
        with tab.expect_download() as download:
            keys.press("Enter")
        with Image.open(io.BytesIO(Path(download.value.path()).read_bytes())) as gif:
            assert gif.size == (192, 128) and getattr(gif, "n_frames", 0) == 32
        assert download.value.suggested_filename == "a-woman-is-juggling-on-the-beach-1.gif"

        keys.to("Send to board")
        keys.press("Enter")
        film = tab.locator(".st-key-inspector video")
        film.wait_for()
        assert _plays(film) == [True, True, 192, 128]
        keep_screen(tab, "panel")
