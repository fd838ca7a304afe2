"""The editor without a mouse, and as a screen reader hears it, in a real headless Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from studio.document import Document, read_version
from studio.rendering import draw_board
from studio.rendering.stage_engine import StageEngine
from tests.studio.ui.access import Keyboard, check_names
from tests.studio.ui.conftest import Server, keep_screen
from tests.studio.ui.test_board_browser import ONE, TWO, in_order, panels
from tests.studio.ui.test_browser import PATIENCE, STORY

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_a_story_is_drawn_exported_kept_and_starred_without_a_mouse(server: Server, tab: Page) -> None:
    from playwright.sync_api import expect

    tab.goto(server.address)
    tab.get_by_role("button", name="Draw storyboard").wait_for()
    keys, dialog = Keyboard(tab), tab.get_by_role("dialog")
    keys.to("Story")  # the link to the page
    keys.to("Story")  # the field
    keys.type(STORY)
    tab.get_by_text("3 panels", exact=True).wait_for()
    expect(tab.get_by_text("Reading names and unknown words…")).to_have_count(0, timeout=PATIENCE)
    keys.to("Drawn by")
    keys.type("Stage")
    keys.press("Enter")
    expect(tab.get_by_role("combobox", name="Drawn by")).to_have_value("Stage (composed)", timeout=PATIENCE)
    keys.to("Draw storyboard")
    keys.press("Enter")
    tab.get_by_text("3 panels drawn in").wait_for()

    keys.to("Export")
    keys.press("Enter")
    expect(dialog).to_be_focused(timeout=PATIENCE)
    keys.to("Film (MP4)")
    keys.press("Space", "ArrowRight", "Space")
    expect(dialog.get_by_role("button", name="Film (MP4)")).to_have_attribute("aria-pressed", "false", timeout=PATIENCE)
    keys.to("Export")
    keys.press("Enter")
    made = dialog.get_by_role("button", name=".gif")
    made.wait_for()
    keys.to(made.inner_text().split()[-1])
    with tab.expect_download() as download:
        keys.press("Space")
    keys.press("Escape")  # the button at work has let go of the focus
    expect(dialog).to_have_count(0, timeout=PATIENCE)
    with Image.open(download.value.path()) as gif:
        assert gif.format == "GIF" and gif.size == (640, 360)
    expect(tab.get_by_role("button", name="Export", exact=True)).to_be_focused()

    keys.press("Control+S")
    expect(dialog.get_by_role("textbox", name="Keep the board as it is now")).to_be_focused(timeout=PATIENCE)
    keys.type("First cut")
    keys.press("Enter")
    dialog.get_by_role("button", name="First cut").wait_for()
    keys.press("Escape")
    expect(dialog).to_have_count(0, timeout=PATIENCE)

    keys.to("Gallery", step="Shift+Tab")
    keys.press("Enter")
    tab.get_by_role("button", name="Star", exact=True).first.wait_for()
    keys.to("Star")
    keys.press("Space")
    tab.get_by_role("button", name="Unstar").wait_for()
    keep_screen(tab, "gallery")
    (board,) = (server.home / "seqgan" / "boards").glob("mia-*.board")
    with Document.open(board, read_only=True) as doc:
        assert sorted(take.starred for panel in doc.board.panels for take in panel.takes) == [False, False, True]
        assert [read_version(path).name for path in doc.versions()] == ["First cut"]


def look_at(tab: Page, key: str, view: str) -> None:
    """Press a key for a view until it is there: one that is pressed while the page changes may not be heard."""
    from playwright.sync_api import TimeoutError as LateError

    for _ in range(5):
        tab.locator("body").press(key)
        try:
            return tab.get_by_text(view).wait_for(timeout=20_000)
        except LateError:
            continue
    raise AssertionError(f"{view!r} is not there after five presses of {key}")


DIALOGS: dict[str, tuple[Any, str]] = {
    "Export": ("combobox", "Captions"),
    "Open": ("textbox", "Search by title"),
    "Versions": ("textbox", "Keep the board as it is now"),
    "Settings": ("radio", "CPU"),
}
PAGES: dict[str, tuple[Any, str]] = {
    "Story": ("button", "Draw storyboard"),
    "Clip": ("textbox", "Sentence"),
    "Gallery": ("button", "Star"),
    "Models": ("button", "Verify"),
    "Train & runs": ("spinbutton", "Images"),
    "Compare": ("combobox", "First system"),
    "Help": ("radio", "Exporting"),
}
"""What comes late in each, and is not on the page before it: its role and its name."""


def test_everything_on_every_page_has_a_name_below_one_heading(server: Server, tab: Page) -> None:
    path, address = server.board([ONE, TWO], name="named")
    with Document.open(path) as doc:
        draw_board(doc, StageEngine((64, 112)))
    tab.goto(address)
    in_order(tab, ONE, TWO)
    for name, late in PAGES.items():
        tab.get_by_role("link", name=name, exact=True).click()
        tab.get_by_role(late[0], name=late[1]).first.wait_for()
        tab.get_by_role("heading", level=1).wait_for()
        check_names(tab, name)
    tab.get_by_role("link", name="Board", exact=True).click()
    in_order(tab, ONE, TWO)
    panels(tab).nth(0).click()
    tab.get_by_role("textbox", name="Sentence").wait_for()
    tab.locator("body").press("Space")
    tab.get_by_role("region", name="Animatic").wait_for()
    check_names(tab, "Board, with the player and a panel")
    tab.get_by_role("button", name="Close the player").press("Enter")
    tab.get_by_role("region", name="Animatic").wait_for(state="detached")
    for key, view in (("2", "Each change is one step of undo."), ("3", "frames at 24 a second")):
        look_at(tab, key, view)
        check_names(tab, f"Board, where it says: {view}")
    for name, late in DIALOGS.items():
        tab.locator(f".st-key-btn_{name.lower()} button").click()
        tab.get_by_role("dialog").get_by_role(late[0], name=late[1]).first.wait_for()
        check_names(tab, f"the dialog {name}")
        tab.keyboard.press("Escape")
        tab.get_by_role("dialog").wait_for(state="detached")
    assert "Stack (most recent call last)" not in server.said()  # Streamlit's complaints come with one
