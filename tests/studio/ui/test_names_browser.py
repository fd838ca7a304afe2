"""What a screen reader hears of things that come and go, in a real headless Chromium: popovers, the question before
long work is stopped, and the rating of pairs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from studio.document import Document
from studio.rendering import draw_board
from studio.rendering.stage_engine import StageEngine
from tests.studio.ui.access import check_names
from tests.studio.ui.conftest import ROOT, Server, keep_screen
from tests.studio.ui.test_board_browser import ONE, TWO, in_order
from tests.studio.ui.test_browser import PATIENCE
from tests.studio.ui.test_compare_page import blind_study
from tests.studio.ui.test_run_model import finished_run

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
HELD = """
import sys, time
from pathlib import Path

sys.path.insert(0, {root!r})
import studio.export
from studio.ui.components import stop_dialog


def held(_doc, formats, _folder, _options, progress):
    for number in range(10_000):
        progress.step(formats[0], number, 10_000)
        time.sleep(0.05)
    return []


studio.export.export, stop_dialog.LONG_SECONDS = held, 0.0

from studio.ui.app import main

main()
"""
"""The editor, whose exports go on until they are stopped, which it asks about at once."""


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Server]:
    """Such an editor."""
    app = tmp_path / "app.py"
    app.write_text(HELD.format(root=str(ROOT)), encoding="utf-8")
    with Server(tmp_path, app=app) as editor:
        yield editor


def drawn(server: Server, name: str, title: str = "A walk") -> str:
    """Make a board whose panels are drawn; return the address that opens it."""
    path, address = server.board([ONE, TWO], name=name, title=title)
    with Document.open(path) as doc:
        draw_board(doc, StageEngine((64, 112)))
    return address


def check_popover(tab: Page, name: str, inside: str) -> None:
    """Open a popover by its name, and look at all that is in it once some words of it are there."""
    button = tab.get_by_role("button", name=name).first
    button.click()
    tab.get_by_test_id("stPopoverBody").get_by_text(inside).first.wait_for()
    check_names(tab, f"the popover {name}")
    keep_screen(tab, f"popover-{name.lower().replace(' ', '-')}")
    button.click()
    tab.get_by_test_id("stPopoverBody").wait_for(state="detached")


def test_everything_in_the_popovers_of_boards_has_a_name(server: Server, tab: Page) -> None:
    from playwright.sync_api import expect

    drawn(server, "other", "The other")
    tab.goto(server.address)
    check_popover(tab, "Import", "Text goes into the field.")
    tab.goto(drawn(server, "named"))
    in_order(tab, ONE, TWO)
    check_popover(tab, "Cast", "Pip")
    check_popover(tab, "Outline", "No scenes yet.")
    check_popover(tab, "Variety", "Variety of the board")
    tab.get_by_role("button", name="Edit").first.click()
    tab.get_by_role("textbox", name="Sentence").wait_for()
    check_popover(tab, "Advanced", "Variety")
    tab.locator(".st-key-btn_open button").click()
    dialog = tab.get_by_role("dialog")
    row = dialog.locator("[class*=st-key-row_]", has_text="The other")
    row.get_by_role("button", name="More").click()
    delete = tab.get_by_role("button", name="Delete", exact=True)
    delete.wait_for()
    check_names(tab, "the menu of a board")
    delete.click()
    dialog.get_by_text("Deleted boards (1)").click()
    dialog.get_by_text("They stay until you empty this list.").wait_for()
    expect(row).to_have_count(1)  # the one that can be put back
    dialog.get_by_role("button", name="Empty").click()
    tab.get_by_text("1 deleted board of").wait_for()
    check_names(tab, "the popover Empty")


def test_everything_of_the_queue_and_of_the_question_before_work_is_lost_has_a_name(held: Server, tab: Page) -> None:
    from playwright.sync_api import expect

    tab.goto(drawn(held, "long"))
    in_order(tab, ONE, TWO)
    tab.get_by_role("button", name="Export", exact=True).click()
    dialog = tab.get_by_role("dialog")
    dialog.get_by_role("button", name="Export").click()
    dialog.get_by_role("button", name="Cancel").wait_for()
    check_names(tab, "the dialog Export, while it writes")
    tab.keyboard.press("Escape")
    expect(dialog).to_have_count(0, timeout=PATIENCE)
    tab.get_by_role("button", name="Draw", exact=True).click()
    tab.get_by_role("menuitem", name="New take of every panel").click()
    check_popover(tab, "1 waiting", "Pause the queue")
    tab.locator("body").press("Escape")  # what waits to be drawn loses nothing
    tab.get_by_role("button", name="1 waiting").wait_for(state="detached")
    tab.locator("body").press("Escape")
    stop = dialog.get_by_role("button", name="Stop the export")
    stop.wait_for()
    expect(dialog).to_have_accessible_name("Stop it?")
    check_names(tab, "the question before an export is lost")
    keep_screen(tab, "stop")
    stop.click()
    expect(dialog).to_have_count(0, timeout=PATIENCE)
    tab.get_by_text("The export was stopped. Files that were there are kept.").wait_for()
    check_names(tab, "Board, with what came of an export")


def test_everything_of_a_pair_that_is_rated_and_of_a_trained_model_has_a_name(server: Server, tab: Page) -> None:
    blind_study(server.home / "seqgan")
    tab.goto(f"{server.address}/compare")
    name = tab.get_by_role("textbox", name="Your name")
    name.fill("Ann")
    name.press("Enter")
    tab.get_by_text("Pair 1 of 3").wait_for()
    check_names(tab, "Compare, with a pair")
    for question in ("Whose pictures look better?", "Whose pictures show better what is said?"):
        tab.get_by_role("radiogroup", name=question).get_by_role("radio", name="Left").click()
    tab.get_by_role("button", name="Save and go on").click()
    tab.get_by_text("Pair 2 of 3").wait_for()
    keep_screen(tab, "rating")
    tab.get_by_role("radio", name="Results").click()
    tab.get_by_text("Percent, with 95 %").wait_for()
    check_names(tab, "Compare, with results")

    finished_run(server.home / "seqgan")
    tab.goto(f"{server.address}/train")
    check_popover(tab, "Evaluate", "Judge")
    check_popover(tab, "Publish", "Called")
