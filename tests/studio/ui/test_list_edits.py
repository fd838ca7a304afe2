"""What people do in the table of panels becomes commands."""

from __future__ import annotations

from typing import Any

import pytest

from studio.document import Board, beginnings, durations, lock, new_board, set_duration, set_text
from studio.ui.list_edits import Sheet, fits, marked_in, sheet_of, to_command


def board() -> Board:
    """A board of three panels."""
    return new_board("A walk", ["Mia walks in the snow.", "She waves.", "Max jumps on the beach."])


def edits(edited: dict | None = None) -> dict[str, Any]:
    """What Streamlit says of a table."""
    return {"edited_rows": edited or {}, "added_rows": [], "deleted_rows": []}


def done(before: Board, sheet: Sheet, change: dict[str, Any]) -> Board:
    """The board after an edit, which is also undone exactly."""
    command = to_command(before, sheet, change)
    after = command.apply(before)
    assert command.inverse(before).apply(after) == before
    return after


def test_an_untouched_table_fits_and_changes_nothing() -> None:
    start = board()
    assert fits(start, sheet_of(start, 0), edits())
    assert to_command(start, sheet_of(start, 0), edits()).commands == ()


def test_every_cell_is_a_change_of_its_panel_and_the_table_goes_on_fitting() -> None:
    start, sheet = board(), sheet_of(board(), 0)
    sheet = sheet_of(start, 0)
    cells = {"shot": "1A", "text": " Mia  runs. ", "dialogue": "Oh!", "action": "she runs", "notes": "fast",
             "seconds": 4.2, "locked": True}  # fmt: skip
    after = done(start, sheet, edits({1: cells}))
    panel = after.panels[1]
    assert (panel.shot, panel.text, panel.dialogue, panel.action, panel.notes) == (
        "1A", "Mia runs.", "Oh!", "she runs", "fast",
    )  # fmt: skip
    assert (panel.duration_ms, panel.locked) == (4200, True)
    assert after.panels[0] == start.panels[0]
    assert to_command(after, sheet, edits({1: cells})).commands == ()


def test_headings_begin_scenes_rename_and_end_them_one_upon_the_other() -> None:
    start = board()
    ids = [panel.id for panel in start.panels]
    after = done(start, sheet_of(start, 0), edits({0: {"scene": "Garden"}, 2: {"scene": " The  beach "}}))
    assert [scene.title for scene in beginnings(after).values()] == ["Garden", "The beach"]
    sheet = sheet_of(after, 1)
    assert [row["scene"] for row in sheet.rows] == ["Garden", "", "The beach"]
    change = edits({0: {"scene": None}, 1: {"scene": "Pond"}, 2: {"scene": ""}})
    again = done(after, sheet, change)
    assert {panel: scene.title for panel, scene in beginnings(again).items()} == {ids[1]: "Pond"}
    assert fits(again, sheet, change) and not fits(after, sheet, change)


def test_only_what_differs_is_done() -> None:
    start = board()
    sheet = sheet_of(start, 0)
    locked = lock(start.panels[0].id).apply(start)
    command = to_command(locked, sheet_of(locked, 0), edits({0: {"text": "Mia runs."}}))
    assert command.commands == (set_text(start.panels[0].id, "Mia runs."),)
    assert not fits(locked, sheet, edits())


def test_an_emptied_length_goes_by_the_words_again_and_silly_ones_are_bounded() -> None:
    start = board()
    timed = set_duration(start.panels[0].id, 9000).apply(start)
    assert done(timed, sheet_of(timed, 0), edits({0: {"seconds": None}})).panels[0].duration_ms is None
    assert done(timed, sheet_of(timed, 0), edits({0: {"seconds": 100000}})).panels[0].duration_ms == 600_000
    assert done(timed, sheet_of(timed, 0), edits({0: {"seconds": -1}})).panels[0].duration_ms == 100


def test_a_length_that_follows_the_words_goes_on_following_them() -> None:
    start = board()
    after = done(start, sheet_of(start, 0), edits({1: {"text": "She waves to the big red balloon in the sky."}}))
    assert after.panels[1].duration_ms is None


def test_marks_are_ticked_in_the_table_and_change_nothing_of_the_board() -> None:
    start = board()
    one, two, three = (panel.id for panel in start.panels)
    sheet, ticked = sheet_of(start, 0, {one}), edits({0: {"marked": False}, 2: {"marked": True}})
    assert to_command(start, sheet, ticked).commands == ()
    assert marked_in(sheet, ticked) == {three}
    assert fits(start, sheet, ticked, {three}) and not fits(start, sheet, ticked, {three, two})


def test_a_table_of_another_order_does_not_fit() -> None:
    start = board()
    turned = start.model_copy(update={"panels": start.panels[::-1]})
    assert not fits(turned, sheet_of(start, 0), edits())


def test_the_words_of_a_long_board_are_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting them in each run was most of what the table of 200 panels took."""
    counted: list[str] = []
    monkeypatch.setattr(durations, "count_words", lambda text: counted.append(text) or 4)
    long = new_board("A walk", [f"Mia walks {k} steps, and is counted." for k in range(200)])
    sheet = sheet_of(long, 0)
    for _ in range(3):
        assert fits(long, sheet, edits()) and durations.total_duration(long) == 200 * 1500
    assert len(counted) == 200
    durations.default_duration_ms.cache_clear()
