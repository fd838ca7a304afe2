"""Orders as plain data: the same after they were written and read, and refused where they are not as ours are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studio.document import Document, delete_panel, lock, new_board
from studio.errors import DocumentError, ExportError
from studio.export.options import ExportOptions
from studio.rendering import draw_board, open_engine
from studio.ui.engines import STAGE, Choice
from studio.ui.orders import Animation, Asked, Clips, Drawing, Enclosed, Export, Order, read_order

BOARD = Path("/boards/walk.board")
MUSIC = Enclosed.of("../../song.mp3", b"la la")
ORDERS = [
    Drawing(board=BOARD, choice=Choice("gan", "theatre-64"), panels=["a", "b"], takes=4,
            own={"birds": Choice("frame", "birds")}, goals={"a": 3}, starts=1),
    Export(board=BOARD, formats=["mp4", "pdf"], music=MUSIC,
           options=ExportOptions(panels="2-3", size=(480, 854), fields=("notes",), layout=(2, 1), music_volume=1)),
    Animation(board=BOARD, model="scenes", panel="a"),
    Clips(asked=Asked("a man *runs*", "scenes", 3, 7, "motion", Enclosed.of("my.png", b"PNG"))),
]  # fmt: skip
DRAW, EXPORT, _, CLIPS = ORDERS


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: type(order).__name__)
def test_an_order_is_the_same_after_it_was_written_and_read(order: Order) -> None:
    record = json.loads(json.dumps(order.plain()))
    assert "data" not in json.dumps(record) and read_order(record, order.files.get) == order


@pytest.mark.parametrize(
    ("order", "change"),
    [
        *((DRAW, change) for change in (
            {"kind": "else"}, {"board": 3}, {"board": "a\0b"}, {"choice": "stage"}, {"choice": ["stage"]},
            {"panels": "some"}, {"panels": [1]}, {"takes": True}, {"takes": 0}, {"takes": 10**9}, {"own": []},
            {"goals": {"a": 10**9}}, {"goals": {"a": "1"}}, {"starts": None}, {"id": "../../x"}, {"later": 1},
        )),
        *((EXPORT, {"options": change}) for change in ({"fps": "3"}, {"size": [640]}, {"captions": 3}, {"later": 1})),
        *((EXPORT, change) for change in ({"formats": "mp4"}, {"music": "song.mp3"}, {"options": None})),
        *((CLIPS, {"asked": change}) for change in ({}, {"text": "x", "model": "m", "seed": 1.5}, {"varied": "all"})),
    ],
)  # fmt: skip
def test_an_order_that_is_not_as_ours_are_is_refused(order: Order, change: dict) -> None:
    with pytest.raises(DocumentError, match="could not be read"):
        read_order({**order.plain(), **change}, order.files.get)


def test_what_is_outside_its_range_or_gone_is_named() -> None:
    with pytest.raises(ExportError, match="fps 1000 is not 1 to 120"):
        read_order({**EXPORT.plain(), "options": {"fps": 1000}}, EXPORT.files.get)
    with pytest.raises(DocumentError, match="song.mp3, which belongs to it, is gone or damaged"):
        read_order(EXPORT.plain(), {}.get)


def test_what_is_left_of_a_drawing(tmp_path: Path) -> None:
    path = tmp_path / "walk.board"
    with Document.create(
        path, new_board("A walk", ["Mia walks.", "She waves.", "Max runs.", "Max jumps.", "x"])
    ) as doc:
        one, two, three, four, five = (panel.id for panel in doc.board.panels)
        draw_board(doc, open_engine("stage"))
        begun = Drawing(board=path, choice=STAGE, panels="all", takes=2).begun(doc)
        assert set(begun.goals.values()) == {3}
        draw_board(doc, open_engine("stage"), [one, two])
        draw_board(doc, open_engine("stage"), [one])
        doc.apply(lock(four))
        doc.apply(delete_panel(five))
        assert [(each.panels, each.takes) for each in begun.rest(doc)] == [([two], 1), ([three], 2)]
        assert {each.id for each in begun.rest(doc)} == {begun.id}
        named = Drawing(board=path, choice=STAGE, panels=[three, five])
        assert [each.panels for each in named.rest(doc)] == [[three]]
        assert Drawing(board=path, choice=STAGE, panels=[five]).rest(doc) == []
        changed = Drawing(board=path, choice=STAGE, panels="changed")
        assert changed.begun(doc) == changed and changed.rest(doc) == [changed]


def test_takes_differ_in_scene_or_motion() -> None:
    assert Asked("x", "m", 5).seeds == [(5, 5), (6, 6), (7, 7), (8, 8)]
    assert Asked("x", "m", 5, 9).seeds == [(5, 9), (6, 9), (7, 9), (8, 9)]
    assert Asked("x", "m", 5, varied="motion").seeds == [(5, 5), (5, 6), (5, 7), (5, 8)]
    assert Asked("x", "m", 5, 9, "motion").seeds == [(5, 9), (5, 10), (5, 11), (5, 12)]
