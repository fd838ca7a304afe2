"""A panel with a model of its own in the editor: chosen by its menu, shown on its card, drawn, typed, and missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.document import ModelRef, set_model, set_text
from studio.ui.engines import Choice
from tests.seqgan.sampling.frame_models import save_frame_model

BIRDS = Choice("frame", "birds")


@pytest.fixture
def board(page: Callable, make: Callable, home: Path) -> object:
    """A tab with a drawn board of the stage, its second panel selected, and a model of captions installed."""
    save_frame_model(home / "models" / "birds")
    make(["Mia walks in the snow.", "A small red bird sits.", "She waves."])
    tab = page("walk.board").with_stage("sel_engine").menu("btn_draw", "missing")
    tab.until(lambda: tab.drawn)
    return tab.click(f"btn_edit_{tab.ids[1]}")


def choose(tab, picked: Choice | str):
    tab.at.selectbox(key=tab.key(f"sel_model_{tab.ids[1]}")).set_value(picked)
    return tab.run()


def drawn_by(tab, model: str):
    """Wait until the second panel shows a picture of a model, and the page with it."""
    return tab.until(lambda: tab.document.board.panels[1].take.model.name == model and not tab.lines).run()


def test_the_menu_marks_the_panel_and_draws_nothing_by_itself(board) -> None:
    menu = board.at.selectbox(key=board.key(f"sel_model_{board.ids[1]}"))
    assert menu.value == "" and menu.options[0] == "As the board: Stage (composed)"
    choose(board, BIRDS)
    panel = board.document.board.panels[1]
    assert panel.model == ModelRef(name="birds") and len(panel.takes) == 1
    assert board.words.count(":orange-badge[changed]") == 2  # card and inspector
    assert board.words.count(r":blue-badge[birds \(sentence by sentence\)]") == 2
    drawn_by(board.menu("btn_draw", "changed"), "birds")
    takes = [panel.take.model.name for panel in board.document.board.panels]
    assert takes == ["stage", "birds", "stage"] and ":orange-badge[changed]" not in board.words
    choose(board, "")
    assert board.document.board.panels[1].model is None and ":orange-badge[changed]" in board.words
    board.click("btn_undo")
    assert board.at.selectbox(key=board.key(f"sel_model_{board.ids[1]}")).value == BIRDS


def test_typing_and_same_seed_draw_with_its_own_model(board) -> None:
    drawn_by(choose(board, BIRDS).click("btn_same"), "birds")
    board.type(f"txt_sentence_{board.ids[1]}", "A zorkish blue bird.")
    board.until(lambda: board.document.board.panels[1].take.text == "A zorkish blue bird.").run()
    panel = board.document.board.panels[1]
    assert panel.take.model == panel.model and panel.take.model.weights_sha256
    assert [(note.panel, note.word) for note in board.document.board.notes] == [(panel.id, "zorkish")]
    assert "<s>zorkish</s>" in board.words
    board.click("btn_same")
    assert len(panel.takes) == len(board.document.board.panels[1].takes)  # the same seed gives what is there


def test_a_model_that_is_gone_is_said_and_nothing_is_lost(board) -> None:
    panel = board.ids[1]
    board.document.apply(set_model(ModelRef(name="gone"), panel))
    board.document.apply(set_text(board.ids[0], "Mia runs."))
    board.run()
    assert r":red-badge[gone \(not installed\)]" in board.words
    assert "gone is not installed" in board.at.warning[0].value
    board.menu("btn_draw", "changed").until(lambda: "Not drawn" in [box.proto.title for box in board.at.warning])
    assert len(board.document.board.panels[0].takes) == 2
    assert 'panel 2: the model "gone" is not installed' in board.at.warning[0].value.replace("\\", "")
    board.type(f"txt_sentence_{panel}", "A blue bird.").until(lambda: bool(board.at.error))
    assert 'the model "gone" is not installed' in board.at.error[0].value.replace("\\", "")
    assert board.document.board.panel(panel).text == "A blue bird." and not board.desk.previews
    drawn_by(choose(board, BIRDS).click("btn_retake"), "birds")


def test_the_words_that_a_picture_looked_at_are_shown_when_asked_for(board) -> None:
    board.click("btn_words").until(lambda: "the stage composed this picture" in board.words)
    drawn_by(choose(board, BIRDS).click("btn_retake"), "birds")
    shown = len(board.at.get("image"))
    assert board.at.button(key="btn_words").label == "Words it looked at"  # the other take was looked into
    board.click("btn_words").until(lambda: r"read\: a small red bird sits" in board.words)
    sheets = [image.proto.imgs[0].alt for image in board.at.get("image")]
    assert "Words that take 2 read" in sheets and len(sheets) == shown + 1
    board.click("btn_words")
    assert len(board.at.get("image")) == shown


def test_its_variety_is_a_knob_of_the_panel(board) -> None:
    panel = board.ids[1]
    board.at.slider(key=board.key(f"sld_variety_{panel}")).set_value(0.5)
    board.run()
    assert board.document.board.panel(panel).knobs == {"truncation": 0.5}
    assert board.words.count(":orange-badge[changed]") == 2  # card and inspector
    board.at.slider(key=board.key(f"sld_variety_{panel}")).set_value(2.0)
    board.run()
    assert board.document.board.panel(panel).knobs == {} and ":orange-badge[changed]" not in board.words
    board.click("btn_undo")
    assert board.at.slider(key=board.key(f"sld_variety_{panel}")).value == 0.5


def test_a_picture_of_a_model_that_is_gone_cannot_be_looked_into(board, home: Path) -> None:
    drawn_by(choose(board, BIRDS).click("btn_retake"), "birds")
    (home / "models" / "birds").rename(home / "birds")
    board.click("btn_words").until(lambda: bool(board.at.error))
    assert 'the model "birds" is not installed' in board.at.error[0].value.replace("\\", "")


def test_the_words_that_the_model_was_given_are_shown(board) -> None:
    assert "Drawn from the sentence as it stands" in board.words
    drawn_by(choose(board, BIRDS).click("btn_same"), "birds")
    assert "Drawn from “a small red bird sits”" in board.words
    board.type(f"txt_sentence_{board.ids[1]}", "A zorkish blue bird.")
    board.until(lambda: board.document.board.panels[1].take.text == "A zorkish blue bird.").run()
    assert "Drawn from “a blue bird”" in board.words


def test_what_a_model_draws_on_is_said_once_it_is_open(board, monkeypatch: pytest.MonkeyPatch) -> None:
    board.at.selectbox(key=board.key("sel_engine")).set_value(BIRDS)
    assert "Draws on" not in board.run().words  # nothing was loaded for it
    board.desk.engines.prepare(BIRDS)
    assert re.search(r"Draws on CPU, \d+ threads?", board.run().words)
    monkeypatch.setattr(type(board.desk.engines.of(BIRDS)), "device", "cuda:0")
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)  # one that was lost meanwhile
    assert r"Draws on GPU \(cuda\)" in board.run().words
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("torch.cuda.get_device_name", lambda device: f"Fine GPU {device}")
    assert r"Draws on Fine GPU cuda\:0" in board.run().words
    assert "Draws on" not in board.with_stage("sel_engine").words
