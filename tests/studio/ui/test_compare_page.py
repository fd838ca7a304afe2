"""The page Compare: pairs are shown blind, answers are stored as `seqgan study` stores them, shares have intervals."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from seqgan.data.sequences import SequenceData
from seqgan.sampling import add_answers
from studio.errors import StudioError
from studio.ui import studies as page_studies
from studio.ui.processes import start
from studio.ui.studies import being_made, make, studies
from tests.seqgan.tiny_sequences import tiny_sequences
from tests.studio.ui.conftest import PATIENCE, Page

QUESTIONS = {"visual_quality": "Whose pictures look better?", "relevance": "Whose pictures show better what is said?"}


def blind_study(home: Path) -> Path:
    """Write a study of three pairs; on the left is the first system, the first, second and first."""
    folder = home / "studies" / "blind"
    (folder / "boards").mkdir(parents=True)
    pairs = [{"id": f"00{k}", "texts": [f"Mia *walks* {k}.", "She waves."]} for k in (1, 2, 3)]
    (folder / "study.json").write_text(
        json.dumps({"format": 1, "questions": QUESTIONS, "seed": 0, "pairs": pairs}), encoding="utf-8"
    )
    key = {f"00{k}": {"left": left, "right": 1 - left} for k, left in ((1, 0), (2, 1), (3, 0))}
    record = {"systems": ["ours_a", "ours_b"], "pairs": key}
    (folder.parent / "blind.key.json").write_text(json.dumps(record), encoding="utf-8")
    for k in (1, 2, 3):
        for side, colour in (("left", "red"), ("right", "blue")):
            Image.new("RGB", (130, 24), colour).save(folder / "boards" / f"00{k}-{side}.png")
    return folder


@pytest.fixture
def study(home: Path) -> Path:
    """A study of three pairs."""
    return blind_study(home)


@pytest.fixture
def visit(page: Callable) -> Callable:
    def visit() -> object:
        tab = page()
        tab.at.switch_page("studio/ui/pages/compare.py")
        return tab.run()

    return visit


def answer(tab: object, choices: dict[str, str]) -> None:
    for control in tab.at.button_group:  # type: ignore[attr-defined]
        for name, choice in choices.items():
            if control.key and control.key.endswith(f"_{name}"):
                control.set_value(choice)
    tab.run()  # type: ignore[attr-defined]


def test_a_person_rates_all_pairs_and_sees_the_shares(visit: Callable, study: Path) -> None:
    tab = visit()
    assert "Two boards of the same story" in tab.words
    tab.type("txt_rater", "Zoë")
    assert "Mia \\*walks\\*" in tab.words and "ours" not in tab.words
    for _ in range(3):
        assert tab.at.button(key="btn_rate_save").disabled
        answer(tab, {"visual_quality": "left", "relevance": "undecided"})
        tab.click("btn_rate_save")
    assert "That was all." in tab.at.success[0].value
    lines = [json.loads(line) for line in (study / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 6 and {line["rater"] for line in lines} == {"Zoë"}
    tab.click("btn_rate_again")
    assert "btn_rate_save" in tab.keys and not tab.at.button(key="btn_rate_save").disabled
    tab.at.button_group(key="seg_study").set_value("Results")
    words = tab.run().words
    assert "| visual quality | 66\\.7" in words and "| 100\\.0" in words  # of relevance: undecided
    assert "ours\\_a" in words and "1 rater," in words


def test_whoever_comes_back_goes_on_where_they_stopped(visit: Callable, study: Path) -> None:
    from seqgan.sampling import asked, read_study

    first = asked(study, read_study(study), "Ann")[0]["id"]
    add_answers(study, [{"rater": "Ann", "pair": first, "question": name, "answer": "right"} for name in QUESTIONS])
    tab = visit().type("txt_rater", "Ann")
    assert tab.at.get("progress")[0].proto.text == "Pair 2 of 3 · 1 answered"
    tab.click("btn_rate_back")
    assert not tab.at.button(key="btn_rate_save").disabled


def test_what_is_wrong_is_told(visit: Callable, study: Path, home: Path) -> None:
    tab = visit()
    tab.at.button_group(key="seg_study").set_value("Results")
    assert "has no answer yet" in tab.run().at.info[0].value
    add_answers(study, [{"rater": "Ann", "pair": "001", "question": "relevance", "answer": "left"}])
    with (study / "answers.jsonl").open("a") as file:
        file.write('{"half": ')
    assert "1 lines of answers.jsonl" in tab.run().at.warning[0].value
    (study / "study.json").write_text("{")
    tab.at.button_group(key="seg_study").set_value("Rate")
    assert "study\\.json" in tab.run().at.error[0].value


def test_a_study_needs_two_systems_and_a_name_of_its_own(visit: Callable, study: Path) -> None:
    tab = visit().click("btn_make_study")
    assert "two systems and a data set are needed" in tab.at.error[0].value
    for name, message in (("../x", "cannot be called"), ("blind", "there is a study blind already")):
        with pytest.raises(StudioError, match=message):
            make("a", "b", "synthetic", 2, name)


def test_a_study_that_cannot_be_drawn_says_why(visit: Callable, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = [sys.executable, "-c", "import sys; sys.exit('error: no model a is installed')"]
    monkeypatch.setattr(page_studies, "start", lambda folder, _words, *rest: start(folder, words, *rest))
    name = make("a", "b", "synthetic", 2)
    end = time.monotonic() + 60
    while not being_made()[0].error and time.monotonic() < end:
        time.sleep(0.05)
    tab = visit()
    assert "no model a is installed" in tab.at.error[0].value
    tab.click(f"btn_forget_{name}")
    assert not tab.at.error and being_made() == [] and studies() == {}


def test_nothing_yet(visit: Callable) -> None:
    assert "No study yet." in visit().words


def drawn_elsewhere(folder: Path, data: SequenceData, colour: int) -> str:
    """A folder of boards of one colour, one for each story: a system that takes no time."""
    folder.mkdir()
    height, width = data.about["size"]
    for number in range(len(data.stories)):
        Image.new("L", (width, height * data.about["length"]), colour).convert("RGB").save(folder / f"{number:06d}.png")
    return str(folder)


def fill_in(tab: Page, key: str, value: str) -> None:
    """Write into a menu something that it does not offer (until the next run: AppTest knows the offers alone)."""
    menu = tab.at.selectbox(key=key)
    menu.options.append(value)
    menu.set_value(value)


def test_a_study_is_made_and_rated_on_the_page(visit: Callable, home: Path, tmp_path: Path) -> None:
    data = tiny_sequences(home / "data" / "squares")
    stories = SequenceData.open(data, "test")
    systems = [drawn_elsewhere(tmp_path / name, stories, colour) for name, colour in (("dark", 40), ("light", 200))]
    tab = visit()
    for key, value in zip(("sel_first", "sel_second"), systems, strict=True):
        fill_in(tab, key, value)
    tab.at.selectbox(key="sel_study_data").set_value("squares")
    tab.at.number_input(key="num_pairs").set_value(2)
    tab.at.text_input(key="txt_study_name").set_value("squares-1")
    tab.click("btn_make_study")
    assert "squares\\-1: the pairs are being drawn…" in tab.words or "squares-1" in studies()
    end = time.monotonic() + PATIENCE
    while "squares-1" not in studies() and time.monotonic() < end:
        assert not any(each.error for each in being_made()), being_made()
        time.sleep(0.2)
    tab = visit()
    assert tab.at.selectbox(key="sel_study").value == "squares-1" and being_made() == []
    tab.type("txt_rater", "Ann")
    assert tab.at.get("progress")[0].proto.text == "Pair 1 of 2 · 0 answered"
    sides = [Image.open(studies()["squares-1"] / "boards" / f"001-{side}.png") for side in ("left", "right")]
    assert {round(np.asarray(picture.convert("L")).mean() / 40) for picture in sides} == {1, 5}
