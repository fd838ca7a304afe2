"""Commands: each applies, and its inverse gives the board back exactly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from studio.document import (
    Batch,
    Board,
    Camera,
    Command,
    ModelRef,
    Note,
    Take,
    Transition,
    add_take,
    delete_panel,
    duplicate_panel,
    insert_panel,
    lock,
    merge_panels,
    move_panel,
    new_board,
    pick_take,
    retell,
    set_camera,
    set_cast,
    set_duration,
    set_knobs,
    set_model,
    set_notes,
    set_seed,
    set_text,
    set_title,
    set_transition,
    set_words,
    split_panel,
    star,
    star_take,
    take_seed,
)
from studio.document.commands import COMMAND, InsertPanel, MovePanel, RemoveTake, SetBoard, SetPanel, SetPanels
from studio.errors import DocumentError


def make_take(number: int) -> Take:
    return Take(id=f"T{number}", number=number, media=f"{number:064x}", model=ModelRef(name="m"))


def make_board() -> Board:
    board = new_board("Snow day", ["Mia walks.", "She waves.", "Max runs."])
    first = board.panels[0]
    for number in range(2):
        board = add_take(first.id, make_take(number)).apply(board)
    return board


COMMANDS: list[Callable[[Board], Command]] = [
    lambda b: set_title("Another"),
    lambda b: set_cast({"Anna": "mia"}),
    lambda b: set_model(ModelRef(name="theatre-64", weights_sha256="ab")),
    lambda b: set_notes([Note(kind="ignored", word="spaceship", message="spaceship is ignored.")]),
    lambda b: set_knobs({"truncation": 1.0}),
    lambda b: set_knobs({"truncation": 0.5}, b.panels[1].id),
    lambda b: set_text(b.panels[1].id, "He jumps."),
    lambda b: set_duration(b.panels[1].id, 4000),
    lambda b: set_duration(b.panels[1].id, None),
    lambda b: set_seed(b.panels[0].id, 9),
    lambda b: set_words(b.panels[0].id, shot="2A", dialogue="Hello!", action="waves", notes="rain later"),
    lambda b: set_transition(b.panels[0].id, Transition(kind="fade", ms=800)),
    lambda b: set_transition(b.panels[0].id, None),
    lambda b: set_camera(b.panels[1].id, Camera(start=(0, 0, 1), end=(0.25, 0.25, 0.5))),
    lambda b: lock(b.panels[2].id),
    lambda b: star(b.panels[2].id),
    lambda b: pick_take(b.panels[0].id, "T0"),
    lambda b: add_take(b.panels[0].id, make_take(7)),
    lambda b: add_take(b.panels[1].id, make_take(7), pick=False),
    lambda b: RemoveTake(panel=b.panels[0].id, take="T0", current="T1"),
    lambda b: RemoveTake(panel=b.panels[0].id, take="T1", current="T0"),
    lambda b: insert_panel(b, 0, "Night falls."),
    lambda b: insert_panel(b, 3, "Night falls."),
    lambda b: duplicate_panel(b, b.panels[0].id),
    lambda b: delete_panel(b.panels[0].id),
    lambda b: delete_panel(b.panels[2].id),
    lambda b: move_panel(b, b.panels[0].id, 2),
    lambda b: move_panel(b, b.panels[2].id, 0),
    lambda b: split_panel(b, b.panels[0].id, 4),
    lambda b: merge_panels(b, b.panels[0].id),
    lambda b: merge_panels(b, b.panels[1].id),
    lambda b: retell(b, "x", ["Mia walks.", "It rains.", "Max sleeps."]),
    lambda b: Batch(commands=(set_title("x"), delete_panel(b.panels[1].id), set_text(b.panels[0].id, "y"))),
    lambda b: star_take(b.panels[0].id, "T1"),
    lambda b: insert_panel(b, 1, "Mia runs.", first_seed=9, knobs={"truncation": 0.5}),
    lambda b: set_model(ModelRef(name="emoji-attngan"), b.panels[1].id),
]


@pytest.mark.parametrize("number", range(len(COMMANDS)))
def test_inverse_gives_the_board_back(number: int) -> None:
    board = make_board()
    command = COMMANDS[number](board)
    after = command.apply(board)
    inverse = command.inverse(board)
    assert after.sentences != board.sentences or after != board or number in (8, 12)
    assert inverse.apply(after) == board
    assert inverse.inverse(after).apply(inverse.apply(after)) == after


@pytest.mark.parametrize("number", range(len(COMMANDS)))
def test_commands_pass_through_json(number: int) -> None:
    board = make_board()
    command = COMMANDS[number](board)
    assert isinstance(command, BaseModel)
    again = COMMAND.validate_json(command.model_dump_json())
    assert again.apply(board) == command.apply(board)
    assert COMMAND.validate_python(command.model_dump(mode="json")) == command


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, len(COMMANDS) - 1), max_size=12))
def test_any_sequence_can_be_undone(numbers: list[int]) -> None:
    board = make_board()
    done: list[tuple[Board, Command]] = []
    for number in numbers:
        try:
            command = COMMANDS[number](board)
            after = command.apply(board)
        except (DocumentError, IndexError):
            continue  # the panel or the take is gone, or there already
        done.append((board, command.inverse(board)))
        board = after
    for before, inverse in reversed(done):
        board = inverse.apply(board)
        assert board == before


def test_a_moved_panel_keeps_seed_and_takes() -> None:
    board = make_board()
    first = board.panels[0]
    moved = move_panel(board, first.id, 2).apply(board)
    assert moved.panels[2] == first


def test_new_panels_get_seeds_of_their_own() -> None:
    board = make_board()
    for _ in range(5):
        board = insert_panel(board, 1, "More.").apply(board)
    assert len({panel.seed for panel in board.panels}) == len({panel.id for panel in board.panels}) == 8


def test_a_copy_has_its_own_ids_and_the_same_pictures() -> None:
    board = make_board()
    board = duplicate_panel(board, board.panels[0].id).apply(board)
    source, copy = board.panels[:2]
    assert source.id != copy.id and source.seed == copy.seed and source.ordinal != copy.ordinal
    assert [take.media for take in source.takes] == [take.media for take in copy.takes]
    assert {take.id for take in source.takes}.isdisjoint(take.id for take in copy.takes)
    assert source.take and copy.take and copy.take.parent_take == source.take.id


def test_retelling_keeps_panels_whose_sentence_stays() -> None:
    board = make_board()
    told = retell(board, "new", ["Night falls.", "Mia walks.", "She waves at Max.", "Max runs."]).apply(board)
    assert [panel.id for panel in told.panels[1:]] == [panel.id for panel in board.panels]
    assert told.panels[1].take == board.panels[0].take
    assert told.story == "new" and told.sentences[2] == "She waves at Max."
    assert told.panels[0].seed not in {panel.seed for panel in board.panels}


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (set_text("nobody", "x"), "no panel nobody"),
        (delete_panel("nobody"), "no panel nobody"),
        (MovePanel(panel="first", index=3), "0 to 2"),
        (InsertPanel(index=9, panel=make_board().panels[0]), "0 to 3"),
        (pick_take("first", "T9"), "no take T9"),
        (add_take("first", make_take(0)), "take T0 already"),
        (RemoveTake(panel="first", take="T9"), "no take T9"),
        (SetBoard(values={"panels": []}), "'panels' cannot be set"),
        (SetPanel(panel="first", values={"id": "x"}), "'id' cannot be set"),
        (set_duration("first", -5), "duration_ms was to become -5"),
        (SetPanel(panel="first", values={"camera": {"end": (0.5, 0, 0.6)}}), "inside the picture"),
        (SetPanel(panel="first", values={"transition": {"kind": "wipe"}}), "transition.kind was to become 'wipe'"),
        (SetBoard(values={"title": 5}), "title was to become 5"),
    ],
)
def test_what_does_not_fit_is_refused(command: Command, words: str) -> None:
    board = make_board()
    if getattr(command, "panel", None) == "first":
        command = command.model_copy(update={"panel": board.panels[0].id})
    with pytest.raises(DocumentError, match=words):
        command.apply(board)


def test_two_panels_with_one_id_are_refused() -> None:
    panel = make_board().panels[0]
    with pytest.raises(DocumentError, match="2 panels came with 1 different ids"):
        SetPanels(panels=(panel, panel)).apply(make_board())
    board = make_board()
    with pytest.raises(DocumentError, match="on this board already"):
        InsertPanel(index=0, panel=board.panels[0]).apply(board)


def test_a_star_belongs_to_one_take() -> None:
    board = make_board()
    panel = board.panels[0].id
    starred = star_take(panel, "T1").apply(board).panels[0]
    assert [take.starred for take in starred.takes] == [False, True] and not starred.starred
    with pytest.raises(DocumentError, match="has no take T9"):
        star_take(panel, "T9").apply(board)


def test_a_seed_that_is_taken_over_draws_the_first_take_alone() -> None:
    board = make_board()
    panel = insert_panel(board, 1, "Mia runs.", first_seed=9).apply(board).panels[1]
    assert panel.seed_of(0) == 9 and panel.seed_of(1) == take_seed(panel.seed, 1)
    assert board.panels[0].seed_of(0) == take_seed(board.panels[0].seed, 0)
