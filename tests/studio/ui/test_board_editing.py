"""What can be done with a panel on the board: every action of its card, its inspector and the bars around."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from studio.document import Camera, Transition, add_take, duration_of, new_id, set_camera, set_duration, set_words
from studio.ui import desk, editing, state
from studio.ui.components.keys import TABLE
from studio.ui.panel_menu import HARMLESS, MORE


@pytest.fixture
def board(page: Callable, make: Callable) -> object:
    """A tab with a board of three panels, drawn by the stage; the first is being worked on."""
    make()
    tab = page("walk.board").with_stage("sel_engine").menu("btn_draw", "missing")
    tab.until(lambda: tab.drawn)
    return tab.click(f"btn_edit_{tab.ids[0]}")


def first(board):
    """The first panel as it is now."""
    return board.document.board.panels[0]


def test_a_panel_is_starred_and_deleted_with_a_word_on_how_to_get_it_back(board) -> None:
    board.click("btn_star")
    assert first(board).starred
    assert ":orange[:material/star:]" in board.words
    board.menu("btn_more", "Star")
    assert not first(board).starred
    one, two, _ = board.ids
    board.menu("btn_more", "Delete")
    assert board.at.toast[0].value == "Panel 1 is deleted. Undo (Z) brings it back."
    assert board.at.session_state["editor"].selected == two
    board.click("btn_undo")
    assert board.ids[0] == one


def test_a_panel_is_split_after_its_sentence_or_at_a_place_and_merged_again(board) -> None:
    panel = board.ids[0]
    board.menu("btn_more", "Split")
    assert "put the cursor where the second panel is to begin" in board.at.error[0].value
    board.click("btn_lock").type(f"txt_sentence_{panel}", "Mia walks. Pip waves.")
    board.menu("btn_more", "Split")
    assert board.document.board.sentences[:2] == ("Mia walks.", "Pip waves.")
    assert board.at.text_input(key=board.key(f"txt_sentence_{panel}")).value == "Mia walks."
    assert board.key(f"txt_sentence_{panel}") != f"txt_sentence_{panel}"  # what that still tells is not heard
    board.menu("btn_more", "Merge")
    assert board.document.board.sentences == ("Mia walks. Pip waves.", "She waves.", "Max jumps on the beach.")
    assert board.at.text_input(key=board.key(f"txt_sentence_{panel}")).value == "Mia walks. Pip waves."
    board.click("btn_undo").click("btn_undo")
    assert len(board.ids) == 3
    last = board.ids[-1]
    board.menu(f"btn_more_{last}", "Merge")
    assert "the last of this board" in board.at.error[0].value


def test_the_same_seed_draws_the_new_words_and_nothing_where_nothing_changed(board) -> None:
    panel, seed = board.ids[0], first(board).take.seed
    board.click("btn_same")
    assert "Nothing has changed" in board.at.toast[0].value
    assert len(first(board).takes) == 1
    board.at.button_group(key=board.key(f"mode_{panel}")).set_value("By hand")
    board.run().type(f"txt_sentence_{panel}", "Mia runs on the beach.")
    assert (first(board).text, len(first(board).takes)) == ("Mia runs on the beach.", 1)
    assert ":orange-badge[changed]" in board.words
    board.click("btn_same").until(lambda: len(first(board).takes) == 2)
    assert first(board).take.seed == seed
    assert first(board).take.text == "Mia runs on the beach."


def test_a_locked_panel_keeps_its_picture_while_it_is_typed(board) -> None:
    panel = board.ids[0]
    board.at.button_group(key=board.key(f"mode_{panel}")).set_value("Locked")
    board.run().type(f"txt_sentence_{panel}", "Mia sleeps.")
    assert first(board).locked
    assert (first(board).text, first(board).take.text) == ("Mia sleeps.", "Mia walks in the snow.")
    board.at.button_group(key=board.key(f"mode_{panel}")).set_value("Live")
    board.run()
    assert not first(board).locked
    board.type(f"txt_sentence_{panel}", "Mia jumps.").until(lambda: first(board).take.text == "Mia jumps.")


def test_a_seed_is_typed_thrown_and_kept(board) -> None:
    panel = board.ids[0]
    board.at.number_input(key=f"num_seed_{panel}_{first(board).current_take}").set_value(1234)
    board.run().until(lambda: first(board).take.seed == 1234)
    board.at.toggle(key="tog_keep").set_value(True)
    board.run().click("btn_retake")
    assert "Nothing has changed" in board.at.toast[0].value
    board.at.toggle(key="tog_keep").set_value(False)
    board.run().click("btn_dice").until(lambda: len(first(board).takes) == 3)
    assert len({take.seed for take in first(board).takes}) == 3


def test_what_a_replaced_field_still_says_changes_nothing(board) -> None:
    """The page tells what all its fields show, also those whose place another has taken by the time it is heard."""
    panel, old = first(board), first(board).take
    board.document.apply(add_take(panel.id, old.model_copy(update={"id": new_id(), "number": 1, "seed": 5})))
    board.document.apply(set_duration(panel.id, 9000))
    board.at.number_input(key=f"num_seed_{panel.id}_{old.id}").set_value(old.seed + 1)
    board.at.number_input(key=board.key(f"num_seconds_{panel.id}")).set_value(3.0)
    board.run().until(lambda: not board.desk.live.busy)
    assert [take.number for take in first(board).takes] == [0, 1] and first(board).take.seed == 5
    assert first(board).duration_ms == 9000


def test_fields_have_the_boards_values_as_their_own_defaults(board) -> None:
    """A page that heard of one in a run that was cut short tells the default: nothing, the least there is, or the
    first choice would be a change."""
    panel, pan = first(board), list(editing.CAMERAS).index("Pan up")
    for seconds, notes, move in ((duration_of(panel) / 1000, "", 0), (9.0, "slow", pan)):
        length = board.at.number_input(key=board.key(f"num_seconds_{panel.id}"))
        words = board.at.text_input(key=board.key(f"txt_notes_{panel.id}"))
        menu = board.at.selectbox(key=board.key(f"sel_camera_{panel.id}"))
        assert length.proto.default == length.value == seconds
        assert words.proto.default == words.value == notes and menu.proto.default == menu.index == move
        board.document.apply(set_duration(panel.id, 9000))
        board.document.apply(set_words(panel.id, notes="slow"))
        board.document.apply(set_camera(panel.id, editing.CAMERAS["Pan up"]))
        board.at.session_state["editor"].fresh = True
        board.run()


def test_a_field_that_was_made_anew_is_not_heard_under_its_old_key(monkeypatch: pytest.MonkeyPatch) -> None:
    editor, heard = state.Editor(), list[tuple]()
    monkeypatch.setattr(state, "editor", lambda: editor)
    monkeypatch.setattr(state.st, "session_state", {})
    old, _ = state.field("words", "before")
    new = state.refill("words", "after")
    assert state.field("words", "before", ahead=True) == (new, "after")  # the board may get it a moment later
    for key in (old, new):
        told = state.on_change(key, lambda *args: heard.append(args), "panel")
        told["on_change"](*told["args"])
    assert (old, new) == ("words", "words_1") and heard == [("panel", "words_1")]


def test_a_field_that_tells_what_it_was_shown_is_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    editor, heard, kept = state.Editor(), list[str](), dict[str, object]()
    monkeypatch.setattr(state, "editor", lambda: editor)
    monkeypatch.setattr(state.st, "session_state", kept)
    for board, told in (("still", "still"), ("still", "pan"), ("pan", "still")):  # the board follows what was picked
        kept.pop("camera", None)
        given = state.on_change(state.field("camera", board)[0], heard.append)
        kept["camera"] = told
        given["on_change"](*given["args"])
    assert heard == ["camera", "camera"]


def test_a_field_is_not_heard_once_the_board_says_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job or another tab has changed the board, and the page tells of the field before it was made anew."""
    monkeypatch.setattr(state, "editor", state.Editor)
    on_board, heard = {"length": 1800}, list[str]()
    told = state.on_change("num_seconds", heard.append, shows=lambda: on_board.get("length"))
    told["on_change"](*told["args"])
    on_board["length"] = 9000
    told["on_change"](*told["args"])
    assert heard == ["num_seconds"]


def test_a_number_keeps_its_field_while_it_is_typed_and_has_another_once_the_board_changed(board) -> None:
    """So that the steps of a field can be clicked one after the other."""
    panel = first(board)
    name = f"num_seconds_{panel.id}"
    for length in (2.3, 2.8, 3.3):
        board.at.number_input(key=name).set_value(length)
        board.run()
        assert first(board).duration_ms == round(1000 * length) and board.key(name) == name
    board.document.apply(set_duration(panel.id, 9000))
    board.run()
    assert board.at.number_input(key=board.key(name)).value == 9.0 and board.key(name) != name


def test_four_takes_are_drawn_and_the_first_of_them_is_shown(board) -> None:
    before = first(board).takes
    board.click("btn_four").until(lambda: len(first(board).takes) == 5)
    assert first(board).takes[0] == before[0]
    assert first(board).take == first(board).takes[1]
    assert len({take.seed for take in first(board).takes}) == 5


def test_a_picture_of_ones_own_replaces_the_drawn_one_and_typing_leaves_it(board) -> None:
    panel, buffer = board.ids[0], BytesIO()
    Image.new("RGB", (64, 36), (200, 30, 30)).save(buffer, "PNG")
    board.at.file_uploader(key=f"upl_{panel}_1").set_value(("own.png", buffer.getvalue(), "image/png"))
    board.run().until(lambda: len(first(board).takes) == 2)
    assert first(board).take.given.file == "own.png"
    board.type(f"txt_sentence_{panel}", "Mia stands before a red wall.")
    assert len(first(board).takes) == 2
    board.at.file_uploader(key=f"upl_{panel}_2").set_value(("bad.png", b"no picture", "image/png"))
    board.run().until(lambda: bool(board.at.error))
    assert len(first(board).takes) == 2
    assert "is no picture" in board.at.error[0].value


def test_what_people_say_of_a_panel_is_kept_and_undone(board) -> None:
    panel = board.ids[0]
    for name in ("dialogue", "action", "notes", "shot"):
        board.type(f"txt_{name}_{panel}", f"its {name}")
    kept = first(board)
    assert (kept.dialogue, kept.action, kept.notes, kept.shot) == (
        "its dialogue",
        "its action",
        "its notes",
        "its shot",
    )
    assert "**its shot**" in board.words
    board.click("btn_undo")
    assert first(board).shot == ""
    assert board.at.text_input(key=board.key(f"txt_shot_{panel}")).value == ""


def test_menus_rewrite_the_sentence_and_it_is_drawn(board) -> None:
    panel = board.ids[0]
    board.until(lambda: any(box.key == board.key(f"sel_setting_{panel}") for box in board.at.selectbox))
    assert board.at.selectbox(key=board.key(f"sel_setting_{panel}")).value == "snow"
    board.at.selectbox(key=board.key(f"sel_setting_{panel}")).set_value("beach")
    board.run().until(lambda: first(board).take.text == "Mia walks on the beach.")
    board.at.selectbox(key=board.key(f"sel_shot_{panel}")).set_value("close")
    board.run().until(lambda: first(board).take.text == "Mia walks on the beach, seen up close.").run()
    assert board.at.text_input(key=board.key(f"txt_sentence_{panel}")).value == "Mia walks on the beach, seen up close."
    assert board.at.selectbox(key=board.key(f"sel_shot_{panel}")).value == "close"


def test_names_are_highlighted_and_unknown_words_struck_through(board) -> None:
    panel = board.ids[0]
    board.type(f"txt_sentence_{panel}", "Mia meets a zorkish <b>king</b>.").until(lambda: "bolt" in board.words)
    board.until(lambda: '<mark title="Mia">Mia</mark>' in board.words)
    assert "<s>zorkish</s>" in board.words
    assert "&lt;" in board.words


def test_timing_transition_and_camera_are_set_and_taken_back(board) -> None:
    panel = board.ids[0]
    board.at.selectbox(key=board.key(f"sel_transition_{panel}")).set_value("dissolve")
    board.run()
    assert first(board).transition == Transition(kind="dissolve", ms=500)
    board.at.number_input(key=board.key(f"num_transition_{panel}")).set_value(1.2)
    board.run()
    assert first(board).transition == Transition(kind="dissolve", ms=1200)
    for name in editing.CAMERAS:
        board.at.selectbox(key=board.key(f"sel_camera_{panel}")).set_value(name)
        board.run()
        assert first(board).camera == editing.CAMERAS[name]
        assert editing.camera_name(first(board)) == name
    board.at.number_input(key=board.key(f"num_seconds_{panel}")).set_value(4.0)
    board.run().click("btn_by_words")
    assert first(board).duration_ms is None
    board.at.selectbox(key=board.key(f"sel_transition_{panel}")).set_value("")
    board.run()
    assert first(board).transition is None


def test_a_camera_of_ones_own_is_shown_and_kept(board) -> None:
    from studio.document import set_camera

    panel = board.ids[0]
    board.document.apply(set_camera(panel, Camera(start=(0.1, 0.1, 0.5))))
    board.run()
    assert board.at.selectbox(key=board.key(f"sel_camera_{panel}")).value == "Own"


def test_the_cast_says_who_appears_where_and_changes_by_a_menu(page: Callable, make: Callable) -> None:
    make(["Anna walks in the snow.", "Pip the penguin waves to Anna.", "It rains."])
    tab = page("walk.board").with_stage("sel_engine").menu("btn_draw", "missing")
    tab.until(lambda: tab.drawn)
    tab.at.session_state["pop_cast"] = True
    tab.run().until(lambda: "**Pip**" in tab.words)
    who = tab.document.board.cast["Anna"]
    assert "as Anna :small[:gray[in 2 panels]]" in tab.words
    assert "**Pip** :small[:gray[in 1 panel]]" in tab.words
    tab.click(f"btn_seen_{who}_2")
    assert tab.at.session_state["editor"].selected == tab.ids[1]
    tab.at.session_state["pop_cast"] = True
    other = "Bolt, robot" if who != "bolt" else "Mia, girl"
    tab.run().at.selectbox(key=tab.key("sel_board_cast_Anna")).set_value(other)
    tab.run()
    assert tab.document.board.cast["Anna"] != who
    assert tab.words.count(":orange-badge[changed]") >= 2
    tab.at.session_state["pop_cast"] = True
    tab.run().click("btn_cast_draw").until(lambda: ":orange-badge[changed]" not in tab.words)


def test_the_page_is_shown_while_what_the_table_needs_is_loaded(board, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = threading.Event()
    monkeypatch.setattr(desk, "_load_tables", loaded.wait)
    board.at.button_group(key="view").set_value("List")
    board.run()
    assert "Getting the list ready" in board.words and not board.at.data_editor
    loaded.set()
    board.until(lambda: len(board.at.data_editor) == 1)


def test_the_board_is_shown_as_a_table_and_in_time(board) -> None:
    assert board.at.button_group(key="view").value == "Grid"
    board.show("List")
    assert len(board.at.data_editor) == 1
    assert list(board.at.data_editor[0].value["text"]) == list(board.document.board.sentences)
    board.show("Timeline")
    assert f"**0:05** :gray[3 panels · {round(5100 * 24 / 1000)} frames at 24 a second]" in board.words
    board.click("btn_longer").click("btn_longer").click("btn_shorter")
    assert duration_of(first(board)) == 2300
    assert "Panel 1: **2.3 s**" in board.words


def test_single_keys_can_be_turned_off(board) -> None:
    assert board.at.button(key="btn_undo").label == "Undo :gray[:small[Z]]"
    board.click("btn_keys")
    assert all(f"`{key}`" in board.words for row in TABLE for key in row.keys)
    board.at.toggle(key="tog_keys").set_value(False)
    board.run()
    assert board.at.button(key="btn_undo").label == "Undo"
    assert board.at.button(key="btn_retake").label == "Retake"


def test_a_read_only_board_offers_no_changes(page: Callable, make: Callable) -> None:
    path = make()
    newer = json.loads((path / "manifest.json").read_text())
    (path / "manifest.json").write_text(json.dumps({**newer, "version": 99, "min_reader": 99}))
    board = page("walk.board")
    board.click(f"btn_edit_{board.ids[0]}")
    for key in ("btn_retake", "btn_star", "btn_lock", "btn_dice", "btn_four", "btn_same"):
        assert board.at.button(key=key).disabled, key
    assert board.at.menu_button(key="btn_more").options == [MORE[name] for name in HARMLESS]
