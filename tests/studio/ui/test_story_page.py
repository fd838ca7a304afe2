"""The page Story: write, see how it is read, draw."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.ui.engines import Choice
from studio.ui.stories import draft_file, load_draft, save_draft


def test_it_begins_empty_and_says_what_to_do(page: Callable) -> None:
    tab = page()
    assert "Write a few sentences. Each sentence becomes a panel." in tab.words
    assert "Your boards will be listed here." in tab.words
    assert tab.at.button(key="btn_make").disabled
    assert tab.at.selectbox(key="sel_story_engine").value == Choice("gan", "theatre-64")  # not the stage: what ships
    assert {"btn_surprise", "btn_example_0", "btn_example_1", "btn_example_2"} <= tab.keys


def test_examples_and_surprises_fill_the_field(page: Callable) -> None:
    tab = page().click("btn_example_1")
    example = tab.at.text_area(key="txt_story").value
    assert len(example.split()) > 10
    tab.click("btn_surprise").until(lambda: tab.at.text_area(key="txt_story").value != example)
    assert len(tab.at.text_area(key="txt_story").value.split()) > 8


def test_the_reader_shows_sentences_characters_names_and_unknown_words(page: Callable) -> None:
    tab = page().tell("Anna walks in the snow. She meets a jackrabbit. The <b>elephant</b> is a democracy.")
    tab.until(lambda: "**3 panels**" in tab.words and "<b>jackrabbit</b> <small>→ rabbit</small>" in tab.words)
    assert "<s>democracy</s>" in tab.words
    assert "&lt;" in tab.words and "<b>elephant" not in tab.words and "<b><s" not in tab.words
    assert tab.at.selectbox(key="sel_cast_Anna").label == "Anna is played by"
    assert tab.at.selectbox(key="sel_cast_Anna").value == "mia"


def test_who_plays_a_name_can_be_changed(page: Callable) -> None:
    tab = page().with_stage().tell("Anna walks in the snow. She waves.")
    tab.until(lambda: any(box.key == "sel_cast_Anna" for box in tab.at.selectbox))
    tab.at.selectbox(key="sel_cast_Anna").set_value("cat")
    tab.run().until(lambda: "Reading names" not in tab.words)
    assert "<small>Cleo</small>" in tab.words
    tab.click("btn_make").until(lambda: tab.drawn)
    assert tab.document.board.cast == {"Anna": "cat"}
    assert tab.document.board.panels[0].take.prompt.startswith("Cleo")


def test_a_story_becomes_a_board_that_is_drawn(page: Callable, home: Path) -> None:
    tab = page().with_stage().tell("Mia walks in the snow. She waves. It is night.").click("btn_make")
    assert tab.document.path.parent == home / "boards"
    tab.until(lambda: tab.drawn)
    assert len(tab.ids) == 3
    assert "3 panels drawn in" in tab.words
    assert tab.words.count("composed, not generated") == 3


@pytest.mark.parametrize("story", ["   \n ", "...", "a\x07b"])
def test_a_story_without_words_is_refused_in_one_line(page: Callable, story: str, home: Path) -> None:
    tab = page().tell(story)
    if not tab.at.button(key="btn_make").disabled:
        tab.click("btn_make")
        assert tab.at.error
    assert list((home / "boards").glob("*.board")) == []


def test_a_changed_story_updates_its_board(page: Callable) -> None:
    tab = page().with_stage().tell("Mia walks. Max jumps.").click("btn_make")
    tab.until(lambda: tab.drawn)
    kept = tab.ids[0]
    tab.at.switch_page("studio/ui/pages/story.py")
    tab.run().tell("Mia walks. Max sleeps. Cleo waves.").click("btn_update").until(lambda: tab.drawn)
    assert tab.ids[0] == kept
    assert tab.document.board.sentences == ("Mia walks.", "Max sleeps.", "Cleo waves.")
    assert len(tab.document.board.panels[0].takes) == 1
    assert len(tab.document.board.panels[1].takes) == 2


def test_the_draft_survives_a_reload(page: Callable) -> None:
    page().tell("Mia walks on the beach.")
    assert page().at.text_area(key="txt_story").value == "Mia walks on the beach."


def test_a_draft_is_replaced_whole_and_only_by_another(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_draft("Mia walks.")
    saved = draft_file().stat()

    def refused(*_: object) -> None:
        raise OSError(errno.EIO, "pulled out")

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", refused)
        save_draft("Mia walks.")
        save_draft("Mia walks on the beach.")
    assert draft_file().stat() == saved and load_draft() == "Mia walks."
    assert [path.name for path in draft_file().parent.iterdir()] == [draft_file().name]
    save_draft("小猫走路。")
    assert load_draft() == "小猫走路。"


def test_boards_made_before_can_be_opened(page: Callable, make: Callable) -> None:
    path = make(title="*A* walk")
    tab = page()
    assert tab.at.button(key="btn_board_walk.board").label == r"\*A\* walk"
    tab.click("btn_board_walk.board")
    assert tab.document.path == path
    assert "3 panels" in tab.words


def test_a_damaged_board_is_refused_with_what_to_do(page: Callable, make: Callable) -> None:
    (make() / "board.json").write_text("{")
    tab = page().click("btn_board_walk.board")
    assert "is damaged" in tab.at.error[0].value
