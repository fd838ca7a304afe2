"""The page Board: draw, edit, retake, take back, move, export; with the stage as the real engine."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from studio.document import Document
from studio.document import document as document_module
from studio.export.info import read_info
from studio.rendering import JobSnapshot
from studio.ui.drawing import Redrawn
from studio.ui.exports import submit_export
from studio.ui.panel_menu import HARMLESS, MORE, do
from studio.ui.tickets import Ticket


@pytest.fixture
def board(page: Callable, make: Callable) -> object:
    """A tab with a board of three panels, drawn by the stage."""
    make()
    tab = page("walk.board").with_stage("sel_engine").menu("btn_draw", "missing")
    return tab.until(lambda: tab.drawn)


def edit(tab, number: int) -> str:
    """Select a panel and return its id."""
    panel = tab.ids[number]
    tab.click(f"btn_edit_{panel}")
    return panel


def test_without_a_board_it_says_what_to_do(page: Callable) -> None:
    tab = page()
    tab.at.switch_page("studio/ui/pages/board.py")
    tab.run()
    assert "Tell a story and it becomes a board" in tab.words
    tab.click("btn_story")
    assert tab.at.text_area(key="txt_story").value == ""


def test_an_empty_board_offers_a_first_panel(page: Callable, make: Callable) -> None:
    make([])
    tab = page("walk.board")
    assert "No panels yet. Paste a story on the page Story, add a blank panel, or open another board." in tab.words
    tab.click("btn_first")
    assert len(tab.ids) == 1
    assert tab.at.text_input(key=tab.key(f"txt_sentence_{tab.ids[0]}")).value == ""


def test_cards_show_number_length_marks_and_sentence(board) -> None:
    assert "3 panels · 0:05 · Saved just now" in board.words
    assert "**1** :small[:gray[1.8 s]] :violet-badge[composed, not generated]" in board.words
    assert "She waves." in board.words
    assert [image.proto.imgs[0].alt for image in board.at.get("image")][1] == "Panel 2: She waves."


def test_an_edited_sentence_is_redrawn_and_the_delay_is_shown(board) -> None:
    panel = edit(board, 0)
    board.type(f"txt_sentence_{panel}", "Mia runs in the forest.")
    board.until(lambda: ":material/bolt: **drawn in" in board.words)
    present = board.document.board.panel(panel)
    assert present.text == "Mia runs in the forest."
    assert present.take.text == present.text
    assert present.take.seed == present.takes[0].seed
    assert board.words.count(":gray-badge[context]") == 2


class _Told:
    """A queue that says of its job what is next in the script, and the last of it from then on."""

    def __init__(self, *states: JobSnapshot) -> None:
        self.states = list(states)

    def snapshot(self, _number: int) -> JobSnapshot:
        return self.states.pop(0) if len(self.states) > 1 else self.states[0]


def test_a_redraw_that_ends_while_the_page_is_shown_is_not_missed(board) -> None:
    """A piece of the page that runs alone knows only what was under way when the whole page ran: nothing."""
    panel = edit(board, 0)
    running = JobSnapshot(0, "Redraw", state="running")
    done = replace(running, state="done", result=Redrawn(panel, "Mia walks in the snow.", 0.25))
    board.at.session_state["editor"].redrawing = Ticket(_Told(done, running, done), 0)
    board.run()
    assert "drawing…" not in board.words
    assert "drawn in 250 ms" in board.words


def test_a_redraw_that_is_forgotten_is_not_waited_for(board) -> None:
    edit(board, 0)
    board.at.session_state["editor"].redrawing = Ticket(board.desk.live, 10**9)
    board.run()
    assert "drawing…" not in board.words


def test_one_undo_takes_back_text_and_picture(board) -> None:
    panel = edit(board, 0)
    before = board.document.board.panel(panel)
    board.type(f"txt_sentence_{panel}", "Mia runs.").until(lambda: "bolt" in board.words)
    board.click("btn_undo")
    assert board.document.board.panel(panel) == before
    assert board.at.text_input(key=board.key(f"txt_sentence_{panel}")).value == "Mia walks in the snow."
    board.click("btn_redo")
    assert board.document.board.panel(panel).text == "Mia runs."
    assert board.at.text_input(key=board.key(f"txt_sentence_{panel}")).value == "Mia runs."


def test_pauses_while_typing_leave_one_take_and_one_step_of_undo(board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_module, "now", lambda: "2126-11-21T12:00:00.000Z")  # on a busy machine, too
    panel = edit(board, 0)
    before = board.document.board.panel(panel)
    for text in ("Mia runs", "Mia runs in", "Mia runs in the forest."):
        board.type(f"txt_sentence_{panel}", text).until(
            lambda text=text: board.document.board.panel(panel).text == text and "drawing…" not in board.words
        )
    assert len(board.document.board.panel(panel).takes) == 2
    board.click("btn_undo")
    assert board.document.board.panel(panel) == before


def test_an_emptied_sentence_is_kept_and_not_drawn(board) -> None:
    panel = edit(board, 1)
    board.type(f"txt_sentence_{panel}", "  ").until(lambda: board.document.board.panel(panel).text == "")
    assert len(board.document.board.panel(panel).takes) == 1


def test_a_new_name_is_cast_and_noted_with_the_edit(board) -> None:
    panel = edit(board, 2)
    board.type(f"txt_sentence_{panel}", "Tom jumps quickly.").until(lambda: "bolt" in board.words)
    assert "Tom" in board.document.board.cast
    assert "is played by" in board.words
    board.click("btn_undo")
    assert board.document.board.cast == {}


def test_retake_keeps_both_and_either_can_be_picked(board) -> None:
    panel = edit(board, 1)
    board.click("btn_retake").until(lambda: len(board.document.board.panel(panel).takes) == 2).run()
    first, second = board.document.board.panel(panel).takes
    assert first.seed != second.seed
    board.click(f"btn_take_{first.id}")
    assert board.document.board.panel(panel).take == first
    assert board.document.board.panel(panel).takes == (first, second)


def test_panels_are_inserted_moved_copied_locked_and_deleted(board) -> None:
    one, two, three = board.ids
    board.menu(f"btn_more_{one}", "Insert after")
    new = board.ids[1]
    assert board.ids == [one, new, two, three]
    assert board.at.text_input(key=board.key(f"txt_sentence_{new}")).value == ""
    board.menu(f"btn_more_{three}", "Move left").menu(f"btn_more_{one}", "Move left").menu(
        f"btn_more_{one}", "Duplicate"
    )
    assert [board.ids[0], *board.ids[2:]] == [one, new, three, two]
    board.menu(f"btn_more_{two}", "Lock")
    assert board.document.board.panel(two).locked
    assert ":material/lock:" in board.words
    board.menu(f"btn_more_{two}", "Delete")
    assert two not in board.ids
    board.click("btn_undo")
    assert board.document.picture(board.document.board.panel(two)) is not None
    board.menu(f"btn_more_{two}", "Insert before").click("btn_add")
    assert len(board.ids) == 7


def test_durations_and_title_are_typed(board) -> None:
    panel = edit(board, 0)
    board.at.number_input(key=board.key(f"num_seconds_{panel}")).set_value(3.5)
    board.run()
    assert board.document.board.panel(panel).duration_ms == 3500
    assert ":gray[3.5 s]" in board.words
    board.at.number_input(key=board.key(f"num_seconds_{panel}")).set_value(1.8)
    board.run()
    assert board.document.board.panel(panel).duration_ms is None
    board.type("txt_title", "Another walk")
    assert board.document.board.title == "Another walk"
    board.click("btn_undo")
    assert board.at.text_input(key=board.key("txt_title")).value == "A walk"


def test_neighbours_are_reached_and_the_inspector_closes(board) -> None:
    first, second, _ = board.ids
    edit(board, 0)
    assert board.at.button(key="btn_previous").disabled
    board.click("btn_next")
    assert board.at.session_state["editor"].selected == second
    board.click("btn_previous")
    assert board.at.session_state["editor"].selected == first
    board.click("btn_close")
    assert "btn_close" not in board.keys


def test_export_writes_files_and_offers_them(board) -> None:
    board.click("btn_export")
    pills = board.at.pills[0]
    pills.set_value(["gif", "pdf", "png"])
    board.run().click("btn_export_now")
    board.until(lambda: bool(board.at.get("download_button")))
    folder = board.document.path / "exports"
    assert sorted(path.name for path in folder.iterdir()) == ["walk-panels", "walk.gif", "walk.pdf"]
    assert len(list((folder / "walk-panels").glob("*.png"))) == 3
    assert read_info(folder / "walk.gif")
    assert str(folder) in [code.value for code in board.at.code]
    labels = [element.proto.label for element in board.at.get("download_button")]
    assert labels == [r"walk\.gif", r"walk\.pdf", r"walk\-panels\.zip"]


def test_one_panel_is_exported_from_its_menu(board) -> None:
    board.menu(f"btn_more_{board.ids[1]}", "Export")
    assert board.at.text_input(key="txt_panels").value == "2"
    assert board.at.pills[0].value == ["png"]
    board.click("btn_export_now").until(lambda: bool(board.at.get("download_button")))
    written = [path.name for path in (board.document.path / "exports").rglob("*") if path.is_file()]
    assert written == ["002.png"]


def test_a_panel_that_cannot_be_changed_can_be_exported(page: Callable, make: Callable) -> None:
    path = make()
    newer = json.loads((path / "manifest.json").read_text())
    (path / "manifest.json").write_text(json.dumps({**newer, "version": 99, "min_reader": 99}))
    tab = page("walk.board")
    assert tab.at.menu_button(key=f"btn_more_{tab.ids[0]}").options == [MORE[name] for name in HARMLESS]
    do(tab.document, tab.ids[0], "Delete")
    assert len(tab.ids) == 3


def test_more_options_of_exports(board, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {}

    def export(_doc, formats, _folder, options, _progress):
        seen.update(vars(options), formats=formats)
        return []

    monkeypatch.setattr("studio.export.export", export)
    board.click("btn_export")
    board.at.button_group(key="pills_formats").set_value(["mp4", "otio", "zip"])
    board.at.selectbox(key="sel_aspect").set_value("9:16")
    board.run()
    for key, value in (
        ("sel_captions", "soft"),
        ("sel_caption_of", "notes"),
        ("sel_transition", "fade"),
        ("sel_paper", "letter"),
    ):
        board.at.selectbox(key=key).set_value(value)
    for key, value in (("txt_panels", "2-3"), ("txt_layout", "2x1")):
        board.at.text_input(key=key).set_value(value)
    for key, value in (("num_transition_ms", 500), ("num_fps", 12)):
        board.at.number_input(key=key).set_value(value)
    board.at.multiselect(key="sel_fields").set_value(["notes"])
    board.at.toggle(key="tgl_narrate").set_value(True)
    board.run().click("btn_export_now").until(lambda: bool(seen))
    assert seen["formats"] == ["mp4", "otio", "zip"]
    expected = {"size": (720, 1280), "captions": "soft", "caption_of": "notes", "transition": "fade", "fps": 12}
    expected |= {"panels": "2-3", "layout": (2, 1), "paper": "letter", "transition_ms": 500}
    expected |= {"fields": ("notes",), "narrate": True}
    assert {name: seen[name] for name in expected} == expected


def test_music_that_is_handed_in_reaches_the_exporters(board, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = []

    def export(_doc, _formats, _folder, options, _progress):
        heard.append((options.music.suffix, options.music.read_bytes(), options.music))
        return []

    monkeypatch.setattr("studio.export.export", export)
    music = io.BytesIO(b"la la")
    music.name = "../../song.mp3"
    ticket = submit_export(board.desk, board.document, ["mp4"], {"music": music})
    board.until(lambda: not ticket.is_busy)
    assert heard[0][:2] == (".mp3", b"la la")
    assert not heard[0][2].exists()


def test_options_of_exports_that_cannot_be_read_are_said(board) -> None:
    board.click("btn_export")
    board.at.text_input(key="txt_layout").set_value("wide")
    board.run().click("btn_export_now")
    assert any("write it like 3x2" in error.value for error in board.at.error)


def test_an_undrawn_board_is_not_exported(page: Callable, make: Callable) -> None:
    make()
    tab = page("walk.board").click("btn_export")
    assert "Nothing is drawn yet." in tab.words


def test_other_boards_open_from_a_dialog(board, make: Callable) -> None:
    make(["Cleo sleeps."], name="other", title="Other")
    board.click("btn_open").click("btn_board_other.board")
    assert board.document.board.title == "Other"


def test_all_boards_are_found_in_the_dialog(page: Callable, make: Callable) -> None:
    for number in range(14):
        path = make(["Cleo sleeps."], name=f"other-{number}", title=f"Other {number}")
        for name in ("board.json", "journal.jsonl"):
            if (path / name).exists():
                os.utime(path / name, (number + 1, number + 1))
    make()
    tab = page("walk.board").click("btn_open")

    def shown() -> list[str]:
        return [key.removeprefix("btn_board_") for key in map(str, tab.keys) if key.startswith("btn_board_")]

    assert len(shown()) == 12 and "other-0.board" not in shown()
    tab.at.get("pagination")[0].set_value(2)
    tab.run()
    assert sorted(shown()) == ["other-0.board", "other-1.board", "other-2.board"]
    tab.at.text_input(key="txt_boards").set_value("other 7")
    tab.run()
    assert shown() == ["other-7.board"]
    tab.at.text_input(key="txt_boards").set_value("zork")
    assert "No board is called that" in tab.run().words
    tab.at.text_input(key="txt_boards").set_value("other 0")
    tab.run().click("btn_board_other-0.board")
    assert tab.document.board.title == "Other 0"


def test_a_reload_finds_the_board_again(page: Callable, make: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make()
    monkeypatch.setenv("STUDIO_BOARD", str(path))
    tab = page()
    assert tab.document.path == path
    assert tab.at.query_params["board"] == "walk.board"


def test_who_began_with_a_board_can_go_to_the_story(
    page: Callable, make: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDIO_BOARD", str(make()))
    tab = page()
    assert "btn_undo" in tab.keys
    tab.at.switch_page("studio/ui/pages/story.py")
    del tab.at.query_params["board"]  # as the page's links do
    tab.run()
    assert tab.at.text_area(key="txt_story").value == ""


def test_a_page_that_was_cut_short_by_the_last_words_of_another_comes_back(page: Callable, make: Callable) -> None:
    make()
    tab = page("walk.board")
    asked = tab.at.session_state["editor"]
    assert asked.go == ""
    asked.go = "board"  # as it is until the board was shown whole
    tab.at.switch_page("studio/ui/pages/story.py")
    assert "btn_make" not in tab.run().keys and "btn_export" in tab.keys and asked.go == ""


def test_a_page_that_fails_is_left_by_the_next_link(
    page: Callable, make: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("broken")

    make()
    tab = page("walk.board")
    with monkeypatch.context() as broken:
        broken.setattr("studio.ui.filing.take_up", fail)
        tab.at.session_state["editor"].go = "board"
        tab.at.run()
        assert len(tab.at.exception) == 1
    tab.at.switch_page("studio/ui/pages/story.py")
    assert "btn_make" in tab.run().keys


def test_a_board_that_is_not_there_is_said(page: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STUDIO_BOARD", str(tmp_path / "none.board"))
    tab = page()
    assert "there is no board" in tab.at.error[0].value


def test_what_another_program_has_open_is_read_only(page: Callable, make: Callable) -> None:
    path = make()
    newer = json.loads((path / "manifest.json").read_text())
    (path / "manifest.json").write_text(json.dumps({**newer, "version": 99, "min_reader": 99}))
    tab = page("walk.board")
    assert "This board can be looked at and exported, not changed" in tab.words
    assert tab.at.button(key="btn_undo").disabled
    assert tab.at.menu_button(key="btn_draw").disabled


def test_pictures_outside_the_board_are_not_shown(board, tmp_path: Path) -> None:
    from studio.ui.pictures import picture_of

    doc: Document = board.document
    panel = doc.board.panels[0]
    path = doc.picture(panel)
    assert path is not None
    (tmp_path / "secret.png").write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(tmp_path / "secret.png")
    assert picture_of(doc, panel) is None


def test_a_long_board_has_pages(page: Callable, make: Callable) -> None:
    make([f"Mia walks {number} times." for number in range(60)])
    tab = page("walk.board")
    assert len([key for key in tab.keys if key and key.startswith("btn_edit_")]) == 12
    tab.at.get("pagination")[0].set_value(5)
    tab.run()
    assert f"btn_edit_{tab.ids[59]}" in tab.keys
