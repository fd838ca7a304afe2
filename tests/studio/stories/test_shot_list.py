"""A shot list that was exported gives its board again: words, lengths, transitions and seeds, and the same pictures."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from studio.document import (
    Board,
    Document,
    ModelRef,
    Transition,
    beginnings,
    default_duration_ms,
    duration_of,
    shot_names,
)
from studio.export import ExportOptions, export
from studio.rendering import draw_board, open_engine
from studio.stories.draft import Draft, DraftPanel, board_of
from studio.stories.importing import draft_from, read_draft

FIELDS = ("text", "shot", "dialogue", "action", "notes", "duration_ms", "transition")
TRICKY = ["=1+1", "+2", "-No!", "@Mia", "'=1", "''@Pip", "'Tis cold.", "a=b", "'", '"=x"', "\u2013 Yes", "- one\n= two"]
WORDS = (
    DraftPanel(
        "=SUM(1) is what Mia says.", scene="=EXT. GARDEN", shot="-1", dialogue="@Pip: -No!\n+Yes!", action="'=walks",
        notes="- cold\n- bright", duration_ms=2_001, transition=Transition(),
    ),
    DraftPanel("She waves, slowly.", notes="'Tis late", transition=Transition(kind="fade", ms=800)),
    DraftPanel("'-It is night.", shot="3B", transition=Transition(kind="dissolve", ms=250)),
    DraftPanel("Max jumps.", scene="=EXT. GARDEN"),
    DraftPanel("She looks up.", transition=Transition()),
    DraftPanel("It snows."),
)  # fmt: skip


def made(folder: Path, panels: tuple[DraftPanel, ...], name: str = "walk") -> Document:
    return Document.create(folder / f"{name}.board", board_of(Draft(panels), "A walk"))


def again(folder: Path, doc: Document) -> tuple[Path, Board]:
    """The shot list of a board, and the board of that."""
    (path,) = export(doc, ["csv"], folder, ExportOptions())
    return path, board_of(read_draft(path), "A walk")


def seeds(doc: Document) -> list[int | None]:
    return [panel.take and panel.take.seed for panel in doc.board.panels]


def told(board: Board) -> list[dict[str, object]]:
    begun = beginnings(board)
    return [
        {**{name: getattr(panel, name) for name in FIELDS}, "scene": begun[panel.id].title if panel.id in begun else ""}
        for panel in board.panels
    ]


def test_export_and_import_give_the_same_board_and_the_same_pictures(tmp_path: Path) -> None:
    stage = open_engine("stage", size=(32, 56))
    with made(tmp_path, WORDS) as doc:
        draw_board(doc, stage)
        path, board = again(tmp_path / "one", doc)
        assert told(board) == told(doc.board)
        assert [panel.first_seed for panel in board.panels] == seeds(doc)
        with Document.create(tmp_path / "two" / "walk.board", board) as other:
            draw_board(other, stage)
            assert again(tmp_path / "two", other)[0].read_bytes() == path.read_bytes()
            assert seeds(other) == seeds(doc)
    assert not board.notes


def test_shots_are_listed_as_they_are_called_and_a_scene_where_it_begins(tmp_path: Path) -> None:
    with made(tmp_path, WORDS) as doc:
        path, board = again(tmp_path, doc)
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
        assert [row["shot"] for row in rows] == ["'-1", "1B", "3B", "2A", "2B", "2C"]
        assert [row["scene"] for row in rows] == ["'=EXT. GARDEN", "", "", "'=EXT. GARDEN", "", ""]
        assert list(shot_names(board).values()) == list(shot_names(doc.board).values())


def test_a_scene_that_others_write_in_every_row_is_one() -> None:
    draft = draft_from(
        b"scene,text\n,Mia walks.\nRoof,She waves.\nRoof,Max runs.\n,He jumps.\nPond,Pip swims.\n", "a.csv"
    )
    assert [panel.scene for panel in draft.panels] == ["", "Roof", "", "", "Pond"]


@pytest.mark.parametrize("words", TRICKY)
def test_no_word_is_a_formula_and_none_is_changed(tmp_path: Path, words: str) -> None:
    panel = DraftPanel(" ".join(words.split()), dialogue=words, action=words, notes=words, transition=Transition())
    with made(tmp_path, (panel,)) as doc:
        path, board = again(tmp_path, doc)
        (row,) = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
        assert not any(row[name].startswith(("=", "+", "-", "@")) for name in ("text", "dialogue", "action", "notes"))
        assert told(board) == told(doc.board)


def test_the_film_s_own_way_is_not_the_panel_s(tmp_path: Path) -> None:
    """It stands in brackets; in tables that were exported before it had none, and is taken as it was then."""
    with made(tmp_path, WORDS) as doc:
        (path,) = export(doc, ["csv"], tmp_path, ExportOptions(transition="fade", transition_ms=700))
    ways = [row["transition"] for row in csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""))]
    assert ways == ["cut", "fade 800 ms", "dissolve 250 ms", "(fade 700 ms)", "cut", "(cut)"]
    older = path.read_bytes().replace(b"(fade 700 ms)", b"fade 700 ms")
    assert draft_from(older, "a.csv").panels[3].transition == Transition(kind="fade", ms=700)
    (foreign,) = draft_from(b"text,transition\nMia walks.,(dissolve)\n", "a.csv").panels
    assert foreign.transition == Transition(kind="dissolve")


def test_what_a_spreadsheet_does_to_a_shot_list_is_borne(tmp_path: Path) -> None:
    """It saves with semicolons, drops the mark of UTF-8 and the zeros, and rounds long numbers."""
    with made(tmp_path, tuple(replace(panel, first_seed=None) for panel in WORDS)) as doc:
        path, _ = again(tmp_path, doc)
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
        text = io.StringIO()
        table = csv.DictWriter(text, list(rows[0]), delimiter=";")
        table.writeheader()
        for row in rows:
            seconds = row["seconds"].rstrip("0").rstrip(".").replace(".", ",")
            table.writerow({**row, "seconds": seconds, "seed": "4.1E+18"})
        draft = draft_from(text.getvalue().encode(), "walk.csv")
        assert told(board_of(draft)) == told(doc.board)
        assert [panel.first_seed for panel in draft.panels] == [None] * len(WORDS)
        assert sum('a seed of "4.1E+18" is no whole number' in note for note in draft.notes) == len(WORDS)


def test_a_panel_s_own_model_comes_again_and_older_tables_are_read_as_before(tmp_path: Path) -> None:
    own = replace(WORDS[1], model=ModelRef(name="emoji-attngan"))
    with made(tmp_path, (WORDS[0], own, replace(WORDS[3], model=ModelRef(name="=stage")))) as doc:
        path, board = again(tmp_path, doc)
    assert [panel.model for panel in board.panels] == [None, own.model, ModelRef(name="=stage")]
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    assert [(row["model"], row["own_model"]) for row in rows] == [("", ""), ("", "emoji-attngan"), ("", "'=stage")]
    text = io.StringIO()
    older = csv.DictWriter(text, [name for name in rows[0] if name != "own_model"], extrasaction="ignore")
    older.writeheader()
    older.writerows({**row, "model": "theatre-64"} for row in rows)
    draft = draft_from(text.getvalue().encode(), "walk.csv")
    assert told(board_of(draft)) == told(board) and [panel.model for panel in draft.panels] == [None] * 3
    assert not draft.notes
    assert replace(draft, panels=(own,)).digest != replace(draft, panels=(WORDS[1],)).digest


def test_lengths_and_numbers_of_other_tables_stay_as_they_are_written() -> None:
    (panel,) = draft_from(b"number,shot,text,duration,seed\n1,1,Mia walks.,1.5,7\n", "a.csv").panels
    assert (panel.shot, panel.duration_ms, panel.first_seed) == ("1", default_duration_ms("Mia walks."), 7)
    board = board_of(draft_from(b"text,start,end\nMia walks.,1,2\n", "a.csv"))
    assert duration_of(board.panels[0]) == 1500 and "columns start, end are not known" in board.notes[0].message
    for seed in ("-1", "1.5", str(2**63), "9" * 5000, "\u0663"):
        draft = draft_from(f"text,seed\nMia walks.,{seed}\n".encode(), "a.csv")
        assert draft.panels[0].first_seed is None and "no whole number" in draft.notes[0]
