"""Menus of a panel that other tests leave out: the older of many takes, its card's same seed, and to the right."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from studio.document import Document, ModelRef, Take, add_take, new_id
from studio.ui.components.inspector_image import SHOWN_TAKES
from tests.studio.ui.conftest import Page

TAKES = SHOWN_TAKES + 3
STAGE = ModelRef(name="stage")


@pytest.fixture
def board(page: Callable, make: Callable) -> Page:
    """A tab with a board of three panels, drawn by the stage."""
    make()
    tab = page("walk.board").with_stage("sel_engine").menu("btn_draw", "missing")
    return tab.until(lambda: tab.drawn)


def many_takes(doc: Document) -> tuple[Take, ...]:
    """Have the first panel show the last of many takes; return them, the oldest first."""
    first = doc.board.panels[0]
    assert first.take is not None
    for number in range(1, TAKES):
        take = first.take.model_copy(update={"id": new_id(), "number": number, "seed": 100 + number})
        doc.apply(add_take(first.id, take))
    return doc.board.panels[0].takes


def test_takes_that_are_too_old_for_a_button_are_picked_from_a_menu(board: Page) -> None:
    takes = many_takes(board.document)
    board.click(f"btn_edit_{board.ids[0]}")
    shown = [str(key).removeprefix("btn_take_") for key in board.keys if str(key).startswith("btn_take_")]
    assert set(shown) == {take.id for take in takes[-SHOWN_TAKES:]}
    assert board.at.menu_button(key="btn_older").options == ["Take 1", "Take 2", "Take 3"]
    board.menu("btn_older", takes[1].id)
    assert board.document.board.panels[0].take == takes[1] and board.document.board.panels[0].takes == takes
    seed = board.at.number_input(key=f"num_seed_{board.ids[0]}_{takes[1].id}")
    assert seed.value == takes[1].seed == 101
    board.click("btn_undo")
    assert board.document.board.panels[0].take == takes[-1]


def test_older_takes_of_a_board_that_cannot_be_changed_stay_unpicked(page: Callable, make: Callable) -> None:
    path = make()
    with Document.open(path) as doc:
        media = doc.add_media(b"a picture")
        for number in range(TAKES):
            doc.apply(add_take(doc.board.panels[0].id, Take(id=f"T{number}", number=number, media=media, model=STAGE)))
    manifest = json.loads((path / "manifest.json").read_text())
    (path / "manifest.json").write_text(json.dumps({**manifest, "version": 99, "min_reader": 99}))
    tab = page("walk.board")
    tab.click(f"btn_edit_{tab.ids[0]}")
    assert tab.at.menu_button(key="btn_older").disabled


def test_a_card_draws_new_words_with_the_seed_of_its_picture(board: Page) -> None:
    panel = board.ids[1]
    before = board.document.board.panels[1].take
    assert before is not None
    board.menu(f"btn_more_{panel}", "Same seed")
    assert "Nothing has changed" in board.at.toast[0].value and len(board.document.board.panels[1].takes) == 1
    board.at.session_state["editor"].live = False
    board.click(f"btn_edit_{panel}").type(f"txt_sentence_{panel}", "She sleeps in the forest.")
    board.menu(f"btn_more_{panel}", "Same seed").until(lambda: len(board.document.board.panels[1].takes) == 2)
    take = board.document.board.panels[1].take
    assert take is not None and (take.text, take.seed) == ("She sleeps in the forest.", before.seed)
    assert [len(each.takes) for each in board.document.board.panels] == [1, 2, 1]


def test_a_card_moves_its_panel_to_the_right_until_it_is_the_last(board: Page) -> None:
    one, two, three = board.ids
    board.menu(f"btn_more_{one}", "Move right")
    assert board.ids == [two, one, three]
    board.menu(f"btn_more_{one}", "Move right").menu(f"btn_more_{one}", "Move right")
    assert board.ids == [two, three, one] and not board.at.error
    board.click("btn_undo").click("btn_undo")
    assert board.ids == [one, two, three]  # the third press moved nothing, and was no step
