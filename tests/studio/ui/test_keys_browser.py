"""Keys in a real headless Chromium while the page is slow: none is lost, and each is acted on once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from studio.document import Document, ModelRef, set_model
from tests.studio.ui.conftest import PATIENCE, ROOT, Server

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
SLOW = """
import sys, time
from pathlib import Path

sys.path.insert(0, {root!r})
from studio.ui.components import wall

if not hasattr(wall, "quick"):
    wall.quick = wall._add

    def slow(doc):
        if Path({hold!r}).exists():
            Path({held!r}).touch()
        while Path({hold!r}).exists():
            time.sleep(0.05)
        wall.quick(doc)

    wall._add = slow

from studio.ui.app import main

main()
"""
"""The editor, whose cards take until the file ``hold`` is gone; ``held`` tells that a run is there."""


class Slow(Server):
    """An editor whose runs are held up behind the cards, as those of a very long board are."""

    def __init__(self, folder: Path) -> None:
        self.hold, self.held, app = folder / "hold", folder / "held", folder / "app.py"
        app.write_text(SLOW.format(root=str(ROOT), hold=str(self.hold), held=str(self.held)), encoding="utf-8")
        super().__init__(folder, app=app)

    def wait_until_held(self) -> None:
        """Wait until a run stands still."""
        _wait(self.held.exists, "no run came to the cards")


def _wait(is_so: Callable[[], bool], failed: str) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, failed
        time.sleep(0.05)


def _takes(path: Path) -> list[int]:
    with Document.open(path, read_only=True) as doc:
        return [len(panel.takes) for panel in doc.board.panels]


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Slow]:
    """Such an editor."""
    editor = Slow(tmp_path)
    with editor:
        yield editor


def test_keys_pressed_during_a_long_run_are_acted_on_once(slow: Slow, tab: Page) -> None:
    from playwright.sync_api import expect

    path, address = slow.board()
    with Document.open(path) as doc:
        doc.apply(set_model(ModelRef(name="stage")))
    tab.goto(address)
    panels = tab.get_by_role("listbox", name="Panels").get_by_role("option")
    expect(panels).to_have_count(3, timeout=1000 * PATIENCE)
    tab.locator("body").press("k")
    expect(panels.nth(0)).to_have_attribute("aria-selected", "true", timeout=1000 * PATIENCE)
    tab.get_by_role("button", name="Close").first.wait_for()

    slow.hold.touch()
    tab.keyboard.press("g")  # the tray then says so, and all that follows changes its place
    slow.wait_until_held()
    _wait(lambda: _takes(path) == [1, 0, 0], "the panel was not drawn")  # or its copy would have no take
    tab.wait_for_timeout(2500)
    for key in ("s", "d", *["ArrowRight", "ArrowLeft"] * 5, "k", "l"):  # star it, copy it, go there and lock the copy
        tab.keyboard.press(key)
    slow.hold.unlink()
    expect(panels).to_have_count(4, timeout=1000 * PATIENCE)
    expect(panels.nth(1).get_by_label("locked")).to_have_count(1, timeout=1000 * PATIENCE)
    with Document.open(path, read_only=True) as doc:
        board = doc.board
    assert [panel.text for panel in board.panels] == [board.panels[0].text] * 2 + [
        panel.text for panel in board.panels[2:]
    ]
    assert [panel.starred for panel in board.panels] == [True, True, False, False]
    assert [panel.locked for panel in board.panels] == [False, True, False, False]
    assert _takes(path) == [1, 1, 0, 0]
