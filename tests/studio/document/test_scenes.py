"""Scenes: where they begin, what shots are called, and what becomes of them as panels come, go and move."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from studio.document import (
    Board,
    beginnings,
    delete_panel,
    duplicate_panel,
    insert_panel,
    merge_panels,
    move_panel,
    name_scene,
    new_board,
    retell,
    scene_of,
    set_words,
    shot_names,
    split_panel,
)


def ids(board: Board) -> list[str]:
    return [panel.id for panel in board.panels]


def headed(*titles: str) -> Board:
    """A board of one panel a title, where a scene begins unless it is ""."""
    board = new_board("Day", [f"Panel {number} is here." for number in range(1, len(titles) + 1)])
    for panel, title in zip(ids(board), titles, strict=True):
        board = name_scene(board, panel, title).apply(board)
    return board


def told(board: Board) -> list[str]:
    """The title of each panel's scene."""
    return [scene.title if (scene := scene_of(board, panel)) else "" for panel in board.panels]


def test_a_scene_lasts_until_the_next_begins() -> None:
    board = headed("", "Garden", "", "Kitchen", "")
    assert told(board) == ["", "Garden", "Garden", "Kitchen", "Kitchen"]
    assert [scene.title for scene in beginnings(board).values()] == ["Garden", "Kitchen"]
    assert list(beginnings(board)) == [ids(board)[1], ids(board)[3]]
    assert list(shot_names(board).values()) == ["1", "1A", "1B", "2A", "2B"]


def test_shots_have_a_letter_each_and_their_own_name_first() -> None:
    board = headed("Garden", *[""] * 27)
    names = list(shot_names(board).values())
    assert names[0] == "1A" and names[25:] == ["1Z", "1AA", "1AB"]
    board = set_words(ids(board)[1], shot="7").apply(board)
    assert list(shot_names(board).values())[:3] == ["1A", "7", "1C"]
    assert list(shot_names(new_board("x", ["A.", "B."])).values()) == ["1", "2"]


def test_a_scene_in_the_midst_takes_the_rest_of_the_one_it_stands_in() -> None:
    board = headed("Garden", "", "", "Kitchen")
    board = name_scene(board, ids(board)[1], "  The \n pond ").apply(board)
    assert told(board) == ["Garden", "The pond", "The pond", "Kitchen"]
    renamed = name_scene(board, ids(board)[1], "Lake").apply(board)
    assert told(renamed) == ["Garden", "Lake", "Lake", "Kitchen"] and len(renamed.scenes) == len(board.scenes)
    ended = name_scene(board, ids(board)[1], "").apply(board)
    assert told(ended) == ["Garden", "Garden", "Garden", "Kitchen"]
    assert told(name_scene(board, ids(board)[0], "").apply(board))[0] == ""
    assert not name_scene(board, ids(board)[2], "").commands


def test_a_moved_panel_is_in_the_scene_that_it_is_put_into() -> None:
    board = headed("Garden", "", "Kitchen", "")
    one, _, three, _ = ids(board)

    def moved(panel: str, index: int) -> list[str]:
        return told(move_panel(board, panel, index).apply(board))

    assert moved(one, 2) == ["Garden", "Kitchen", "Kitchen", "Kitchen"]
    assert moved(one, 1) == told(board)
    assert moved(three, 1) == ["Garden", "Garden", "Garden", "Kitchen"]
    assert moved(three, 3) == told(board)
    assert moved(three, 0) == ["Garden", "Garden", "Garden", "Kitchen"]
    edge = headed("Garden", "Kitchen", "Roof")
    assert told(move_panel(edge, ids(edge)[2], 1).apply(edge)) == ["Garden", "Garden", "Kitchen"]


def test_new_panels_are_in_the_scene_of_the_one_before() -> None:
    board = headed("Garden", "Kitchen")
    assert told(insert_panel(board, 1, "New.").apply(board)) == ["Garden", "Garden", "Kitchen"]
    assert told(insert_panel(board, 0, "New.").apply(board)) == ["Garden", "Garden", "Kitchen"]
    assert told(insert_panel(board, 2, "New.").apply(board)) == ["Garden", "Kitchen", "Kitchen"]
    assert told(duplicate_panel(board, ids(board)[0]).apply(board)) == ["Garden", "Garden", "Kitchen"]
    assert told(split_panel(board, ids(board)[1], 6).apply(board)) == ["Garden", "Kitchen", "Kitchen"]
    assert told(merge_panels(board, ids(board)[0]).apply(board)) == ["Garden"]
    again = retell(board, "x", ["First.", "Panel 1 is here.", "Panel 2 is here.", "Last."]).apply(board)
    assert told(again) == ["Garden", "Garden", "Kitchen", "Kitchen"]
    assert told(delete_panel(ids(board)[0]).apply(board)) == ["Kitchen"]
    assert insert_panel(new_board("x", []), 0, "New.").panel.scene_id == ""


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["", "Garden", "Roof"]), min_size=1, max_size=6), st.data())
def test_scenes_are_undone_exactly(titles: list[str], data: st.DataObject) -> None:
    board = headed(*titles)
    panel = data.draw(st.sampled_from(ids(board)))
    index = data.draw(st.integers(0, len(titles) - 1))
    for command in (
        name_scene(board, panel, data.draw(st.sampled_from(["", "Pond"]))),
        move_panel(board, panel, index),
    ):
        changed = command.apply(board)
        assert command.inverse(board).apply(changed) == board
        assert len(set(shot_names(changed).values())) == len(changed.panels)
