"""Seeds, durations, ids and the two marks."""

from __future__ import annotations

import re

import pytest

from seqgan.sampling.noise import board_seeds
from studio.document import (
    NO_CONTEXT,
    Board,
    Marks,
    ModelRef,
    Take,
    add_take,
    all_marks,
    context_hash,
    default_duration_ms,
    duration_of,
    input_hash,
    knobs_of,
    marks,
    move_panel,
    new_board,
    new_id,
    panel_seed,
    set_cast,
    set_duration,
    set_knobs,
    set_model,
    set_text,
    take_seed,
    total_duration,
)
from studio.document.ids import now, seconds_between
from studio.errors import DocumentError

MODEL = ModelRef(name="theatre-64", weights_sha256="a" * 64)
PINNED = (752441415, 1015418152)


def drawn_board(sentences: list[str], cast: dict[str, str]) -> Board:
    """A board whose every panel has a take of what it says."""
    board = set_model(MODEL).apply(new_board("Marks", sentences, cast=cast))
    for k, panel in enumerate(board.panels):
        own = input_hash(panel.text, cast, knobs_of(board, panel), MODEL)
        context = context_hash(board.sentences[:k], cast)
        take = Take(id=new_id(), media=f"{k:064x}", model=MODEL, input_hash=own, context_hash=context)
        board = add_take(panel.id, take).apply(board)
    return board


def marked(board: Board) -> str:
    """One letter a panel: c changed, x context, b both, - neither, ? not drawn."""
    found = all_marks(board)
    assert all(marks(board, panel) == found[panel.id] for panel in board.panels)
    letters = {(False, False): "-", (True, False): "c", (False, True): "x", (True, True): "b"}
    return "".join(letters[m.changed, m.context] if m.drawn else "?" for m in found.values())


def test_marks() -> None:
    board = drawn_board(["Anna walks.", "She waves.", "Max and ANNA run."], {"Anna": "mia", "Max": "max"})
    one, two, three = (panel.id for panel in board.panels)
    assert marked(board) == "---"
    assert marked(set_text(two, "She jumps.").apply(board)) == "-cx"
    assert marked(set_text(one, "Anna sits.").apply(board)) == "cxx"
    assert marked(set_cast({"Anna": "robin", "Max": "max"}).apply(board)) == "cxb"
    assert marked(set_cast({"Anna": "mia", "Max": "robin"}).apply(board)) == "--c"
    assert marked(set_cast({"Anna": "mia", "Max": "max", "Ann": "cat"}).apply(board)) == "---"
    assert marked(set_knobs({"truncation": 1.0}).apply(board)) == "ccc"
    assert marked(set_knobs({"truncation": 1.0}, two).apply(board)) == "-c-"
    assert marked(set_model(ModelRef(name="other")).apply(board)) == "ccc"
    assert marked(set_model(ModelRef(name="other"), two).apply(board)) == "-c-"
    pinned = set_model(ModelRef(name=MODEL.name), two).apply(board)  # what drew it, by whatever weights of that name
    assert marked(pinned) == "---" and marked(set_model(ModelRef(name="other")).apply(pinned)) == "c-c"
    assert marked(set_duration(two, 9000).apply(board)) == "---"
    assert marked(move_panel(board, three, 0).apply(board)) == "xxx"
    undrawn = new_board("x", ["Mia walks."])
    assert all_marks(undrawn) == {undrawn.panels[0].id: Marks(False, False, False)}


def test_a_picture_of_its_own_sentence_alone_has_no_context() -> None:
    board = drawn_board(["Anna walks.", "She waves."], {})
    two = board.panels[1]
    alone = two.takes[0].model_copy(update={"id": new_id(), "context_hash": NO_CONTEXT})
    board = add_take(two.id, alone).apply(board)
    assert marked(set_text(board.panels[0].id, "Max runs.").apply(board)) == "c-"
    assert marked(move_panel(board, two.id, 0).apply(board)) == "-x"


def test_seeds_are_pinned() -> None:
    """Written down: another number here would change every board that people made."""
    assert [panel_seed(0, k) for k in range(3)] == [panel.seed for panel in new_board("", ["a", "b", "c"]).panels]
    assert (panel_seed(0, 0), take_seed(panel_seed(0, 0), 0)) == PINNED
    assert len({panel_seed(s, k) for s in range(20) for k in range(50)}) == 1000
    with pytest.raises(DocumentError, match="0 or more"):
        panel_seed(-1, 0)


@pytest.mark.parametrize(("seed", "take"), [(0, 0), (0, 2), (7, 1)])
def test_an_evaluation_draws_with_the_seeds_of_a_board(seed: int, take: int) -> None:
    panels = new_board("", ["a", "b", "c"], seed=seed).panels
    assert board_seeds(seed, 3, take) == [take_seed(panel.seed, take) for panel in panels]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1500),
        ("Mia walks.", 1500),
        ("Mia walks in the deep snow.", 2100),
        ("one two three four five six seven eight nine ten", 3300),
        ("小猫在雪地里慢慢地走着", 2100),
        ("— … !", 1500),
    ],
)
def test_default_durations(text: str, expected: int) -> None:
    assert default_duration_ms(text) == expected


def test_own_durations_win() -> None:
    board = new_board("", ["Mia walks.", "Mia walks in the deep snow."])
    assert total_duration(board) == 3600
    board = set_duration(board.panels[0].id, 250).apply(board)
    assert duration_of(board.panels[0]) == 250 and total_duration(board) == 2350


def test_ids_are_ulids_and_moments_iso() -> None:
    ids = [new_id() for _ in range(100)]
    assert len(set(ids)) == 100 and all(re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", name) for name in ids)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", now())
    assert seconds_between("2026-11-21T12:00:00.500Z", "2026-11-21T12:00:02.000Z") == 1.5
    assert seconds_between("", now()) == float("inf")
