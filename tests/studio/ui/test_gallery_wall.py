"""The wall of the page Gallery: more takes than fit on a page, and those of some days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from studio.document import Document, ModelRef, Take, add_take, new_board
from studio.ui.gallery import days_ago
from studio.ui.pages.gallery import PAGE
from tests.studio.ui.conftest import Page

SENTENCES = ["Mia walks in the snow.", "She waves."]


@pytest.fixture
def taken(home: Path) -> Callable[..., Path]:
    """Make a board with a take of its first panel made at each of some moments, and one of the second if `more`."""

    def taken(moments: list[float], more: int = 0) -> Path:
        path = home / "boards" / "walk.board"
        with Document.create(path, new_board("A walk", SENTENCES)) as doc:
            media = doc.add_media(b"a picture")
            for number, (panel, moment) in enumerate([(0, each) for each in moments] + [(1, 1e9)] * more):
                created = datetime.fromtimestamp(moment, UTC).isoformat()
                take = Take(id=f"T{number:03d}", number=number, media=media, model=ModelRef(name="m"), created=created)
                doc.apply(add_take(doc.board.panels[panel].id, take))
        return path

    return taken


def visit(page: Callable) -> Page:
    """Open the gallery and wait until the boards are read."""
    tab = page()
    tab.at.switch_page("studio/ui/pages/gallery.py")
    return tab.run().until(lambda: "Reading boards" not in tab.words)


def shown(tab: Page) -> list[str]:
    """The takes on the wall, in their order."""
    keys = [str(button.key) for button in tab.at.button if str(button.key).startswith("btn_star_")]
    return [key.rsplit("_", 1)[1] for key in keys]


def turn_to(tab: Page, number: int) -> Page:
    """Go to another page of the wall."""
    tab.at.pagination(key="num_gallery").set_value(number)
    return tab.run()


def test_every_take_stands_on_one_page_of_the_wall_the_newest_first(page: Callable, taken: Callable) -> None:
    count = 2 * PAGE + 5
    taken([2e9 - number for number in range(count)])
    tab = visit(page)
    assert f"{count} takes" in tab.words and tab.at.pagination(key="num_gallery").num_pages == 3
    seen = [shown(tab), shown(turn_to(tab, 2)), shown(turn_to(tab, 3))]
    assert [len(each) for each in seen] == [PAGE, PAGE, 5]
    assert [take for each in seen for take in each] == [f"T{number:03d}" for number in range(count)]
    assert shown(turn_to(tab, 1)) == seen[0]


def test_another_search_begins_on_its_first_page(page: Callable, taken: Callable) -> None:
    taken([2e9 - number for number in range(2 * PAGE)], more=PAGE)
    tab = turn_to(visit(page), 2)
    assert shown(tab)[0] == f"T{PAGE:03d}"
    tab.type("txt_gallery", "snow")
    assert f"{2 * PAGE} takes" in tab.words and shown(tab)[0] == "T000"
    turn_to(tab, 2).type("txt_gallery", "waves")
    assert shown(tab)[0] == f"T{3 * PAGE - 1:03d}" and not tab.at.get("pagination")  # of one moment: the last
    tab.type("txt_gallery", "")
    assert shown(tab)[0] == "T000"


@pytest.mark.parametrize(
    ("when", "found"),
    [("Any time", 7), ("Today", 1), ("7 days", 3), ("30 days", 5)],
)
def test_takes_of_some_days_are_shown(page: Callable, taken: Callable, when: str, found: int) -> None:
    edges = [days_ago(0), days_ago(6), days_ago(29)]  # the days of which the first just counts
    taken([moment for edge in edges for moment in (edge + 60, edge - 60)] + [1e9])
    tab = visit(page)
    assert "7 takes" in tab.words
    tab.at.button_group(key="seg_gallery_when").set_value(when)
    tab.run()
    assert f"{found} take" in tab.words and shown(tab) == [f"T{number:03d}" for number in range(found)]
