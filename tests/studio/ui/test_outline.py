"""The outline: a logline that is kept, scenes that begin at panels, and the ways to them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studio.document import beginnings, shot_names
from studio.ui.words import plain


@pytest.fixture
def board(page: Callable, make: Callable) -> object:
    """A tab with a board of three panels that are not drawn; the second is worked on."""
    make()
    tab = page("walk.board")
    return tab.click(f"btn_edit_{tab.ids[1]}")


def titles(board) -> list[str]:
    return [scene.title for scene in beginnings(board.document.board).values()]


def test_a_scene_begins_where_its_heading_is_written_and_cards_say_so(board) -> None:
    board.type(f"txt_scene_{board.ids[1]}", "EXT. BEACH - DAY")
    assert titles(board) == ["EXT. BEACH - DAY"]
    assert list(shot_names(board.document.board).values()) == ["1", "1A", "1B"]
    assert f":material/theaters: {plain('EXT. BEACH - DAY')}" in board.words
    assert "**1A** :small[:gray[panel 2 ·]]" in board.words
    board.click(f"btn_edit_{board.ids[2]}")
    field = board.at.text_input(key=board.key(f"txt_scene_{board.ids[2]}"))
    assert (field.value, field.placeholder) == ("", "goes on: EXT. BEACH - DAY")
    board.click("btn_undo")
    assert titles(board) == []


def test_an_emptied_heading_goes_on_with_the_scene_before(board) -> None:
    two, three = board.ids[1:]
    board.type(f"txt_scene_{two}", "Beach").click(f"btn_edit_{three}").type(f"txt_scene_{three}", "Roof")
    assert titles(board) == ["Beach", "Roof"]
    board.type(f"txt_scene_{three}", "")
    assert titles(board) == ["Beach"]
    board.click(f"btn_edit_{two}").type(f"txt_scene_{two}", "Pond")
    assert titles(board) == ["Pond"]


def test_the_outline_keeps_a_logline_and_leads_to_scenes(board) -> None:
    board.type(f"txt_scene_{board.ids[1]}", "Beach").click("btn_close")
    board.at.session_state["pop_outline"] = True
    board.at.run()
    board.at.text_area(key=board.key("txt_logline")).set_value(" Mia meets\nthe sea. ").run()
    assert board.document.board.logline == "Mia meets the sea."
    scene = f"btn_scene_{board.ids[1]}"
    assert board.at.button(key=scene).label == "Beach · 2 panels"
    board.click(scene)
    assert board.at.session_state["editor"].selected == board.ids[1]
