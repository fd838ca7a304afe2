"""The board in a real headless Chromium, as people use it: once by mouse, once by keys alone."""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

import av
import pytest

from studio.document import Document, duration_of
from studio.rendering import draw_board
from studio.rendering.stage_engine import StageEngine
from studio.ui.editing import STEP_MS
from tests.studio.ui.access import check_names
from tests.studio.ui.conftest import Server, keep_screen
from tests.studio.ui.test_browser import PATIENCE, choose_stage, type_story

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser
WEBP = """async data => {
    const bytes = Uint8Array.from(atob(data), each => each.charCodeAt(0));
    const reader = new ImageDecoder({ data: bytes, type: 'image/webp' });
    await reader.tracks.ready;
    await reader.completed;
    const frames = [];
    for (let k = 0; k < reader.tracks.selectedTrack.frameCount; k++) {
        const { image } = await reader.decode({ frameIndex: k });
        frames.push([image.codedWidth, image.codedHeight, image.duration / 1000]);
    }
    return frames;
}"""
"""Reads a moving WebP as the browser does, which ffmpeg cannot: the size and the milliseconds of each frame."""
ONE, TWO, THREE = "Mia walks in the snow.", "She waves to Pip the penguin.", "They dance in the meadow."


def panels(tab: Page) -> Locator:
    """The panels in the strip, in their order."""
    return tab.get_by_role("listbox", name="Panels").get_by_role("option")


def in_order(tab: Page, *sentences: str) -> None:
    """Wait until the strip shows these sentences."""
    from playwright.sync_api import expect

    for place, sentence in enumerate(sentences):
        label = f"Panel {place + 1}, {sentence}, "  # what follows is how long it is
        expect(panels(tab).nth(place)).to_have_accessible_name(_starts(label), timeout=PATIENCE)


def _starts(label: str) -> re.Pattern[str]:
    return re.compile(f"^{re.escape(label)}")


def _open_cell(tab: Page, x: int, y: int) -> Locator:
    """Open a cell of the table, which is drawn on a canvas: click until its field is there."""
    table, cell = tab.locator(".dvn-scroller"), tab.locator("textarea.gdg-input")
    table.wait_for()
    for _ in range(60):
        table.dblclick(position={"x": x, "y": y})
        tab.wait_for_timeout(1000)
        if cell.count():
            return cell
    raise AssertionError("no cell of the table could be opened")


def test_a_board_by_mouse(server: Server, tab: Page) -> None:
    from playwright.sync_api import expect

    type_story(tab, server)
    tab.get_by_role("button", name="Draw storyboard").click()
    tab.get_by_text("3 panels drawn in").wait_for()
    in_order(tab, ONE, TWO, THREE)

    panels(tab).nth(0).drag_to(panels(tab).nth(2), target_position={"x": 100, "y": 30})
    in_order(tab, TWO, THREE, ONE)
    panels(tab).nth(2).click()
    expect(panels(tab).nth(2)).to_have_attribute("aria-selected", "true", timeout=PATIENCE)
    panels(tab).nth(2).focus()
    tab.keyboard.press("Alt+ArrowLeft")
    in_order(tab, TWO, ONE, THREE)
    tab.get_by_role("button", name="Undo").click()
    in_order(tab, TWO, THREE, ONE)

    tab.get_by_role("button", name="Retake").last.click()
    tab.get_by_text("Takes (2)").first.wait_for()  # what was there before may still be there beside it
    sentence = tab.get_by_role("textbox", name="Sentence")
    sentence.click()
    sentence.evaluate("field => field.setSelectionRange(9, 9)")
    tab.get_by_role("button", name="Split at the cursor").click()
    in_order(tab, TWO, THREE, "Mia walks", "in the snow.")
    keep_screen(tab, "inspector")

    tab.get_by_role("radio", name="List").click()
    tab.get_by_text("Each change is one step of undo.").wait_for()
    cell = _open_cell(tab, x=350, y=54)  # the text of the first row
    cell.fill("Pip sings.")
    cell.press("Enter")
    in_order(tab, "Pip sings.", THREE)
    expect(panels(tab).nth(0)).to_have_accessible_name(re.compile(", changed$"), timeout=PATIENCE)
    expect(panels(tab).nth(0).get_by_label("changed")).to_have_text("●")
    expect(tab.locator(".dvn-scroller")).to_have_count(1, timeout=PATIENCE)  # the table before was just filled anew
    tab.locator(".dvn-scroller").click(position={"x": 35, "y": 90})  # the mark of the second row
    tab.get_by_text("1 panel marked").wait_for()
    expect(panels(tab).nth(1).get_by_label("marked")).to_have_text("✓", timeout=PATIENCE)
    keep_screen(tab, "list")

    tab.reload()
    in_order(tab, "Pip sings.", THREE, "Mia walks", "in the snow.")
    tab.get_by_text("Each change is one step of undo.").wait_for()  # the view is in the address
    tab.get_by_role("radio", name="Timeline").click()
    tab.get_by_text("frames at 24 a second").wait_for()
    keep_screen(tab, "timeline")
    board = next((server.home / "seqgan" / "boards").glob("mia-*.board"))
    with Document.open(board, read_only=True) as doc:
        assert doc.board.sentences == ("Pip sings.", THREE, "Mia walks", "in the snow.")
        assert [len(panel.takes) for panel in doc.board.panels] == [1, 1, 2, 0]


def test_a_film_is_exported_and_another_board_opened(server: Server, tab: Page) -> None:
    from playwright.sync_api import expect

    path, address = server.board([ONE, TWO], name="film", title="A film")
    with Document.open(path) as doc:
        draw_board(doc, StageEngine((64, 112)))
    server.board([THREE], name="dance", title="The dance")
    tab.goto(address)
    in_order(tab, ONE, TWO)
    tab.get_by_role("button", name="Export", exact=True).click()
    dialog = tab.get_by_role("dialog")
    dialog.get_by_role("button", name="Animated WebP").click()
    dialog.get_by_role("button", name="Export").click()
    with tab.expect_download() as download:
        dialog.get_by_role("button", name="film.mp4").click()
    film = download.value.path()
    assert film.read_bytes() == (path / "exports" / "film.mp4").read_bytes()
    with av.open(str(film)) as opened:
        assert opened.streams.video[0].codec_context.name == "h264" and opened.streams.video[0].frames > 24
    moving = (path / "exports" / "film.webp").read_bytes()
    with Document.open(path, read_only=True) as doc:
        lengths = [duration_of(panel) for panel in doc.board.panels]
    assert tab.evaluate(WEBP, b64encode(moving).decode()) == [[640, 360, length] for length in lengths]
    keep_screen(tab, "exported")
    dialog.get_by_role("button", name="Close").click()

    tab.locator(".st-key-btn_open button").click()  # menus have an "Open" of their own
    dialog.get_by_role("textbox", name="Search by title").fill("dance")
    dialog.get_by_role("button", name="The dance").click()
    in_order(tab, THREE)
    tab.locator(".st-key-btn_open button").click()  # menus have an "Open" of their own
    row = dialog.locator("[class*=st-key-row_]", has_text="A film")
    row.get_by_role("button", name="More").click()
    keep_screen(tab, "board-menu")
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Download", exact=True).click()
    assert download.value.suggested_filename == "a-film.boardz"
    tab.get_by_role("button", name="Delete", exact=True).click()
    dialog.get_by_text("Deleted boards (1)").click()
    dialog.get_by_text("They stay until you empty this list.").wait_for()
    expect(row).to_have_count(1)  # the one that can be put back
    dialog.get_by_role("button", name="Empty").click()
    tab.get_by_text("1 deleted board of").wait_for()
    keep_screen(tab, "deleted")
    tab.keyboard.press("Escape")
    dialog.get_by_role("button", name="Put back").click()
    tab.get_by_text("A film is back.").wait_for()
    dialog.get_by_role("button", name="A film").click()
    in_order(tab, ONE, TWO)


def test_a_board_by_keys_alone(server: Server, tab: Page) -> None:
    from playwright.sync_api import expect

    path, address = server.board([ONE, TWO, THREE])
    tab.goto(address)
    in_order(tab, ONE, TWO, THREE)
    tab.locator("body").press("k")
    expect(panels(tab).nth(0)).to_have_attribute("aria-selected", "true", timeout=PATIENCE)
    tab.keyboard.press("d")
    in_order(tab, ONE, ONE, TWO, THREE)
    tab.keyboard.press("Shift+ArrowRight")
    tab.keyboard.press("Delete")
    in_order(tab, ONE, TWO, THREE)
    tab.get_by_text("Undo (Z) brings it back.").wait_for()
    tab.keyboard.press("z")
    in_order(tab, ONE, ONE, TWO, THREE)
    tab.keyboard.press("Shift+Z")
    in_order(tab, ONE, TWO, THREE)
    russian = "new KeyboardEvent('keydown', {key: 'в', code: 'KeyD', bubbles: true})"  # where d is
    tab.evaluate(f"document.activeElement.dispatchEvent({russian})")
    in_order(tab, ONE, TWO, TWO, THREE)
    tab.keyboard.press("z")
    in_order(tab, ONE, TWO, THREE)
    tab.keyboard.press("n")
    in_order(tab, ONE, TWO, "empty")
    tab.keyboard.press("z")
    in_order(tab, ONE, TWO, THREE)

    tab.keyboard.press("F2")
    title = tab.get_by_role("textbox", name="Title")
    expect(title).to_be_focused(timeout=PATIENCE)
    tab.keyboard.type("DNZ 2")  # letters while a field has the focus
    tab.keyboard.press("Enter")
    expect(title).to_have_value("DNZ 2", timeout=PATIENCE)
    in_order(tab, ONE, TWO, THREE)
    title.evaluate("field => field.blur()")

    tab.keyboard.press("3")
    tab.get_by_text("frames at 24 a second").wait_for()
    tab.keyboard.press("1")
    in_order(tab, ONE, TWO, THREE)
    tab.keyboard.press("?")
    dialog = tab.get_by_role("dialog")
    dialog.get_by_text("Keep this state as a version").wait_for()
    keep_screen(tab, "keys")
    check_names(tab, "Keys")
    with Document.open(path, read_only=True) as doc:
        assert doc.board.title == "DNZ 2"


def test_the_keys_that_are_pressed_less_and_the_strip_of_the_timeline(server: Server, tab: Page) -> None:
    from playwright.sync_api import expect

    path, address = server.board([ONE, TWO, THREE], name="keys")
    tab.goto(address)
    in_order(tab, ONE, TWO, THREE)
    panels(tab).nth(2).click()
    expect(panels(tab).nth(2)).to_have_attribute("aria-selected", "true", timeout=PATIENCE)
    tab.locator("body").press("j")
    expect(panels(tab).nth(1)).to_have_attribute("aria-selected", "true", timeout=PATIENCE)
    tab.locator("body").press("Shift+ArrowLeft")
    in_order(tab, TWO, ONE, THREE)
    tab.locator("body").press("Shift+N")
    in_order(tab, "empty", TWO, ONE, THREE)
    tab.locator("body").press("z")
    in_order(tab, TWO, ONE, THREE)

    tab.locator("body").press("3")
    tab.get_by_text("frames at 24 a second").wait_for()
    panels(tab).nth(0).click()
    expect(panels(tab).nth(0)).to_have_attribute("aria-selected", "true", timeout=PATIENCE)
    before = _lengths(path)
    panels(tab).nth(0).press("+")
    told = re.compile(f", {(before[0] + STEP_MS) / 1000:.1f} s")
    expect(panels(tab).nth(0)).to_have_accessible_name(told, timeout=PATIENCE)
    assert _lengths(path) == [before[0] + STEP_MS, *before[1:]]
    panels(tab).nth(0).press("-")
    expect(panels(tab).nth(0)).to_have_accessible_name(re.compile(f", {before[0] / 1000:.1f} s"), timeout=PATIENCE)
    assert _lengths(path) == before
    tab.locator("body").press("ControlOrMeta+Shift+E")
    tab.get_by_role("dialog").get_by_text("Nothing is drawn yet. Draw the board first.").wait_for()


def _lengths(path: Path) -> list[int]:
    with Document.open(path, read_only=True) as doc:
        return [duration_of(panel) for panel in doc.board.panels]


def test_an_idle_tab_shows_what_another_does_and_keeps_what_is_typed(
    server: Server, browser: Browser, tab: Page
) -> None:
    from playwright.sync_api import expect

    _, address = server.board([ONE, TWO], name="shared")
    idle = browser.new_page(viewport={"width": 1280, "height": 800})
    for each in (tab, idle):
        each.goto(address)
        in_order(each, ONE, TWO)
    title = idle.get_by_role("textbox", name="Title")
    title.click()
    title.press("End")
    title.press_sequentially(" at dusk")  # not told to the page before Enter

    choose_stage(tab)
    tab.get_by_role("button", name="Edit").first.click()
    sentence = tab.get_by_role("textbox", name="Sentence")
    sentence.fill("Mia runs.")
    in_order(idle, "Mia runs.", TWO)
    sentence.evaluate("field => field.blur()")
    tab.locator("body").press("Shift+G")
    expect(idle.get_by_text("composed, not generated")).to_have_count(2, timeout=PATIENCE)
    expect(title).to_be_focused()
    expect(title).to_have_value("A walk at dusk")
    keep_screen(idle, "idle")
    idle.close()
