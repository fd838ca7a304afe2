"""A board of 200 panels in a real headless Chromium, in the dark: looked at, moved about in, reordered; how long each
step took is kept beside the screenshots."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from studio.document import Document
from tests.studio.ui.conftest import Server, keep_screen
from tests.studio.ui.test_board_browser import panels
from tests.studio.ui.test_browser import PATIENCE
from tests.studio.ui.test_long_board import LONG, paint

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_two_hundred_panels_are_worked_on_as_three_are(server: Server, tab: Page) -> None:
    from playwright.sync_api import expect

    took = dict[str, float]()

    @contextmanager
    def step(name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        took[name] = round(time.perf_counter() - start, 2)

    path, address = server.board([f"Mia walks {number} steps." for number in range(1, LONG + 1)], name="long")
    paint(path)
    tab.emulate_media(color_scheme="dark")
    with step("open, in a new tab"):
        tab.goto(address)
        expect(panels(tab)).to_have_count(LONG, timeout=PATIENCE)
        expect(tab.get_by_role("img", name="Panel 12: Mia walks 12 steps.")).to_have_count(1, timeout=PATIENCE)
    with step("to the last panel"):
        panels(tab).last.click()
        expect(panels(tab).last).to_have_attribute("aria-selected", "true", timeout=PATIENCE)
        tab.get_by_text(f"Panel {LONG}").wait_for()
    expect(tab.get_by_role("img", name=f"Panel {LONG}: Mia walks {LONG} steps.").first).to_be_visible(timeout=PATIENCE)
    keep_screen(tab, "long-board")
    colours = [
        tab.locator(each).first.evaluate("box => getComputedStyle(box).backgroundColor")
        for each in (".strip", ".stApp")
    ]
    assert colours[0] == colours[1] != "rgb(255, 255, 255)"  # panels that go by below the row are not seen through it
    with step("move it left"):
        panels(tab).last.press("Alt+ArrowLeft")
        tab.get_by_text(f"Panel {LONG - 1}").wait_for()
    with step("the list"):
        tab.get_by_role("radio", name="List").click()
        tab.locator(".dvn-scroller").wait_for()
    with step("the timeline"):
        tab.get_by_role("radio", name="Timeline").click()
        tab.get_by_text("frames at 24 a second").wait_for()
    with Document.open(path, read_only=True) as doc:
        assert doc.board.panels[LONG - 2].text == f"Mia walks {LONG} steps."
    keep_screen(tab, "long-board-timeline").with_suffix(".json").write_text(json.dumps(took, indent=2) + "\n")
