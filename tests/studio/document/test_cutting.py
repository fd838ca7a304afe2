"""Panels cut in two and put together: nothing that was there is lost, and undo gives everything back."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from studio.document import (
    Board,
    Camera,
    Document,
    ModelRef,
    Take,
    Transition,
    add_take,
    duplicate_panel,
    lock,
    marks,
    merge_panels,
    new_board,
    pick_take,
    set_camera,
    set_duration,
    set_knobs,
    set_model,
    set_transition,
    set_words,
    split_panel,
    total_duration,
)
from studio.document.seeds import panel_seed
from studio.errors import DocumentError
from studio.stories.split import sentence_ends

TWO = "Mia walks in the deep snow. She waves."


def make_board(*sentences: str) -> Board:
    """A board whose first panel has two takes and words of all kinds, and whose second has one take."""
    board = new_board("Snow day", sentences or (TWO, "Max runs."))
    one, two = board.panels[0].id, board.panels[1].id
    fade = Transition(kind="fade", ms=800)
    said = {"shot": "1A", "dialogue": "Hello!", "action": "waves", "notes": "cold"}
    for command in (
        *(add_take(one, take(number)) for number in range(2)),
        add_take(two, take(0, "U")),
        set_words(one, **said),
        set_words(two, dialogue="Wait!", notes="fast"),
        set_transition(one, fade),
        set_camera(one, Camera(end=(0.25, 0.25, 0.5))),
        set_knobs({"truncation": 0.5}, one),
        set_model(ModelRef(name="other"), one),
        lock(two),
    ):
        board = command.apply(board)
    return board


def take(number: int, name: str = "T") -> Take:
    return Take(id=f"{name}{number}", number=number, media=f"{number:064x}", model=ModelRef(name="m"))


def test_a_panel_becomes_two() -> None:
    board = make_board()
    before, (place,) = board.panels[0], sentence_ends(TWO)
    after = split_panel(board, before.id, place).apply(board)
    first, second, third = after.panels
    assert (first.text, second.text) == ("Mia walks in the deep snow.", "She waves.") and third == board.panels[1]
    kept = {"text", "transition"}
    assert first.model_dump(exclude=kept) == before.model_dump(exclude=kept) and first.transition is None
    assert second.transition == before.transition and second.knobs == before.knobs
    assert second.model == before.model is not None
    assert (second.takes, second.dialogue, second.notes, second.camera) == ((), "", "", None)
    assert second.ordinal == 2 and second.seed == panel_seed(board.seed, 2)
    assert marks(after, first).changed and total_duration(after) == 2100 + 1500 + 1500


@pytest.mark.parametrize("length", [3000, 1, 0, 7777])
def test_a_duration_that_was_set_is_shared_by_the_words(length: int) -> None:
    board = make_board()
    board = set_duration(board.panels[0].id, length).apply(board)
    first, second, _ = split_panel(board, board.panels[0].id, 27).apply(board).panels
    assert first.duration_ms is not None and second.duration_ms is not None
    assert first.duration_ms + second.duration_ms == length and first.duration_ms == round(length * 6 / 8)


@pytest.mark.parametrize("at", [-3, 0, 38, 37, 99])
def test_both_parts_need_words(at: int) -> None:
    board = make_board()
    with pytest.raises(DocumentError, match="both parts need words"):
        split_panel(board, board.panels[0].id, at)


def test_two_panels_become_one() -> None:
    board = make_board()
    one, two = board.panels
    (merged,) = merge_panels(board, one.id).apply(board).panels
    assert (merged.id, merged.ordinal, merged.seed, merged.shot) == (one.id, one.ordinal, one.seed, "1A")
    assert merged.text == TWO + " Max runs."
    assert (merged.dialogue, merged.action, merged.notes) == ("Hello!\nWait!", "waves", "cold\nfast")
    assert [(each.id, each.number) for each in merged.takes] == [("T0", 0), ("T1", 1), ("U0", 2)]
    assert merged.take == one.take and merged.camera == one.camera and merged.knobs == one.knobs
    assert merged.transition is None and merged.locked and merged.duration_ms is None
    board = set_duration(two.id, 9000).apply(board)
    assert total_duration(merge_panels(board, one.id).apply(board)) == total_duration(board)


def test_the_picture_of_the_second_is_shown_where_the_first_has_none() -> None:
    board = new_board("", ["小猫走着。", "它睡了。"])
    second = board.panels[1].id
    board = set_camera(second, Camera(start=(0, 0, 0.5))).apply(add_take(second, take(0)).apply(board))
    (merged,) = merge_panels(board, board.panels[0].id).apply(board).panels
    assert merged.take == take(0) and merged.camera == Camera(start=(0, 0, 0.5)) and merged.text == "小猫走着。它睡了。"


def test_unknown_keys_of_both_survive() -> None:
    board = new_board("", ["A walks.", "B walks."])
    odd = [panel.model_copy(update={name: 1, "both": name}) for panel, name in zip(board.panels, "xy", strict=True)]
    board = Board.model_validate({**board.model_dump(), "panels": [panel.model_dump() for panel in odd]})
    merged = merge_panels(board, board.panels[0].id).apply(board).panels[0]
    assert merged.model_extra == {"x": 1, "y": 1, "both": "x"}


def test_what_cannot_be_merged() -> None:
    board = make_board()
    with pytest.raises(DocumentError, match="panel 2 is the last"):
        merge_panels(board, board.panels[1].id)
    with pytest.raises(DocumentError, match="no panel nobody"):
        split_panel(board, "nobody", 3)


def test_a_panel_and_its_copy_can_be_merged() -> None:
    board = make_board()
    board = duplicate_panel(board, board.panels[0].id).apply(board)
    merged = merge_panels(board, board.panels[0].id).apply(board).panels[0]
    assert len({each.id for each in merged.takes}) == 4 and [each.number for each in merged.takes] == [0, 1, 2, 3]


def test_each_is_one_step_of_undo_over_restarts(tmp_path: Path) -> None:
    with Document.create(tmp_path / "a.board", make_board()) as doc:
        start = doc.board.panels
        doc.apply(split_panel(doc.board, start[0].id, 27))
        split = doc.board.panels
        doc.apply(merge_panels(doc.board, split[1].id))
        doc.apply(pick_take(doc.board.panels[1].id, "U0"))
        doc.undo()
    with Document.open(tmp_path / "a.board") as doc:
        assert doc.undo().panels == split and doc.undo().panels == start
        assert doc.redo().panels == split


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (TWO, ["Mia walks in the deep snow. ", "She waves."]),
        ("Mr. Owl sleeps.", ["Mr. Owl sleeps."]),
        ("“你好。”她说。小猫走了。", ["“你好。”她说。", "小猫走了。"]),
        ("", []),
    ],
)
def test_where_sentences_end(text: str, parts: list[str]) -> None:
    places = [0, *sentence_ends(text), len(text)]
    assert [text[a:b] for a, b in pairwise(places) if b > a] == parts
