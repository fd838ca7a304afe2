"""The editor in a real headless Chromium: a story is written and drawn, panels appear, a sentence is redrawn."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.studio.ui.access import check_names
from tests.studio.ui.conftest import Server, keep_screen

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PATIENCE = 120_000
"""Milliseconds that the browser waits; a busy machine is slow, not wrong."""
STORY = "Mia walks in the snow. She waves to Pip the penguin. They dance in the meadow."

pytestmark = pytest.mark.browser


def choose_stage(tab: Page) -> None:
    """Have the stage draw, whatever models are installed."""
    from playwright.sync_api import expect

    menu = tab.get_by_role("combobox", name="Drawn by")
    menu.click()
    tab.get_by_role("option", name="Stage (composed)").click()
    expect(menu).to_have_value("Stage (composed)", timeout=PATIENCE)


def type_story(tab: Page, server: Server) -> Locator:
    """Write a story of three panels for the stage to draw, and wait for its preview; return the field."""
    tab.goto(server.address)
    field = tab.get_by_role("textbox", name="Story")
    field.click()
    choose_stage(tab)
    field.press("ControlOrMeta+a")  # a draft that another tab left comes back
    field.press_sequentially(STORY)
    tab.get_by_text("3 panels", exact=True).wait_for()  # the preview, without leaving the field
    return field


def test_a_pasted_story_is_drawn_by_the_shipped_model(server: Server, tab: Page) -> None:
    from playwright.sync_api import expect

    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.goto(server.address)
    field = tab.get_by_role("textbox", name="Story")
    field.press("ControlOrMeta+a")  # a draft that another tab left comes back
    tab.evaluate("words => navigator.clipboard.writeText(words)", STORY)
    tab.keyboard.press("ControlOrMeta+v")
    expect(field).to_have_value(STORY, timeout=PATIENCE)
    tab.get_by_text("3 panels", exact=True).wait_for()
    expect(tab.get_by_role("combobox", name="Drawn by")).to_have_value("theatre-64")
    tab.get_by_role("button", name="Draw storyboard").click()

    tab.get_by_text("3 panels drawn in").wait_for()
    picture = tab.get_by_role("img", name="Panel 2: She waves to Pip the penguin.")
    expect(picture).to_have_count(1, timeout=PATIENCE)
    expect(tab.get_by_text("composed, not generated")).to_have_count(0)
    first = picture.get_attribute("src")
    tab.get_by_role("button", name="Retake").nth(1).click()
    expect(picture).not_to_have_attribute("src", str(first), timeout=PATIENCE)
    keep_screen(tab, "board-of-the-model")


def test_from_a_story_to_an_edited_panel(server: Server, tab: Page) -> None:
    from playwright.sync_api import expect

    field = type_story(tab, server)
    assert field.evaluate("field => field === document.activeElement")
    tab.get_by_role("button", name="Draw storyboard").click()

    tab.get_by_text("3 panels drawn in").wait_for()
    expect(tab.get_by_role("img", name="Panel 2: She waves to Pip the penguin.")).to_have_count(1, timeout=PATIENCE)
    expect(tab.get_by_text("composed, not generated")).to_have_count(3, timeout=PATIENCE)
    keep_screen(tab, "board")

    tab.get_by_role("button", name="Edit").nth(1).click()
    sentence = tab.get_by_role("textbox", name="Sentence")
    sentence.wait_for()
    picture = tab.locator(".st-key-inspector img").first
    before = picture.get_attribute("src")
    sentence.press("End")
    sentence.press_sequentially(" It is night.")
    tab.locator(".st-key-inspector").get_by_text("drawn in").wait_for()
    assert sentence.evaluate("field => field === document.activeElement")
    assert sentence.input_value() == "She waves to Pip the penguin. It is night."
    expect(picture).not_to_have_attribute("src", before or "", timeout=PATIENCE)
    edited = keep_screen(tab, "edited")

    tab.reload()  # the board is found again, with what was typed
    tab.get_by_text("She waves to Pip the penguin. It is night.").first.wait_for()
    assert edited.stat().st_size > 20_000


def test_text_from_a_board_is_never_markup(server: Server, tab: Page) -> None:
    evil = "<img src=x onerror=alert(1)> ![p](http://example.org/p.png) [link](javascript:alert(1))"
    _, address = server.board([evil, "Mia waves."], title=evil[:60])
    tab.on("dialog", lambda _dialog: pytest.fail("a script of the board ran"))
    tab.goto(address)
    tab.get_by_text(evil).first.wait_for()
    tab.get_by_role("button", name="Edit").first.click()
    tab.get_by_role("textbox", name="Sentence").wait_for()
    assert tab.locator("a[href^='javascript']").count() == 0
    assert tab.locator("img[src='x']").count() == 0


def test_a_training_is_started_watched_stopped_and_resumed(serve: Callable, tab: Page, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    from studio.ui.processes import ask_to_stop, is_alive, read_started

    run = tmp_path / "user" / "seqgan" / "runs" / "judge"
    try:
        with serve() as server:
            tab.goto(f"{server.address}/train")
            recipe = tab.get_by_role("combobox", name="Recipe")
            recipe.click()
            recipe.fill("theatre_judge")
            tab.get_by_role("option", name="theatre_judge").click()
            tab.get_by_text("says what a theatre panel shows").wait_for()  # the form is the recipe's own now
            images = tab.get_by_role("spinbutton", name="Images")
            images.fill("60000")  # never over before it is stopped, however fast the machine
            images.press("Enter")
            tab.get_by_text("More", exact=True).click()
            tab.get_by_role("textbox", name="Called").fill("judge")
            settings = tab.get_by_role("textbox", name="Settings, one a line")
            settings.fill("width=4\ntraining.batch=8\nloop.sheet_every=80\nloop.log_every=40")
            settings.press("Control+Enter")
            tab.get_by_role("button", name="Start", exact=True).click()

            tab.get_by_text("running", exact=True).first.wait_for()
            tab.get_by_test_id("stVegaLiteChart").first.wait_for(timeout=3 * PATIENCE)  # pandas is imported for it
            tab.get_by_text("Newest sheet, at").wait_for()
            check_names(tab, "Train & runs, with a run")
            keep_screen(tab, "running", full_page=True)
            tab.get_by_role("button", name="Stop", exact=True).last.click()
            tab.get_by_text("stopped, state saved").first.wait_for()
            stopped = _images(run)
            assert 0 < stopped < 60_000
            keep_screen(tab, "stopped", full_page=True)

            tab.get_by_role("button", name="Resume").click()
            expect(tab.get_by_text("running", exact=True).first).to_be_visible(timeout=PATIENCE)
            begun = read_started(run)
            assert begun is not None and is_alive(begun)
        assert is_alive(begun)  # the editor has ended, the training has not
        end = time.monotonic() + PATIENCE / 1000
        while _images(run) <= stopped and time.monotonic() < end:
            time.sleep(0.2)
        assert _images(run) > stopped
    finally:
        ask_to_stop(run)
        while (begun := read_started(run)) is not None and is_alive(begun):
            time.sleep(0.2)


def _images(run: Path) -> int:
    """How many images a run has logged."""
    return max(json.loads(line)["images"] for line in (run / "log.jsonl").read_text().splitlines())
