"""The commands that prepare stories of clips, and theatre in Pororo's layout."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from seqgan.cli.main import run
from seqgan.data.check import check_data
from seqgan.data.sequences import SequenceData
from tests.fixtures import make_stories as make


@pytest.mark.parametrize(
    ("name", "make_it", "length", "words"),
    [
        ("pororo", make.make_pororo_raw, 5, ["--frames", "2"]),
        ("pororo", make.make_pororo, 5, ["--split", "published"]),
        ("flintstones", make.make_flintstones, 5, ["--split", "episodes", "--seed", "3"]),
        ("didemo", make.make_didemo, 3, []),
        ("vist", make.make_vist, 5, ["--text", "dii"]),
        ("story-h5", make.make_h5, 5, ["--frames", "1"]),
    ],
)
def test_a_layout_becomes_a_good_set(
    tmp_path: Path, name: str, make_it: Callable[[Path], Path], length: int, words: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    source, out = make_it(tmp_path / "source"), tmp_path / "set"
    told = ["data", "prepare", name, str(source), "-o", str(out), "--size", "8", "--vectors", "none", *words, "--json"]
    assert run(told) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["size"], record["vector"]) == ([8, 8], 0)
    assert check_data(out) == []
    data = SequenceData.open(out, "train")
    assert data.stories.shape == (record["counts"]["train"], length)
    assert run(["data", "stats", str(out)]) == 0


def test_counts_and_what_splits_share_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = make.make_pororo(tmp_path / "source"), tmp_path / "set"
    (source / f"{next(iter(make.EPISODES))}/1.png").unlink()
    assert run(["data", "prepare", "pororo", str(source), "-o", str(out), "--size", "8", "--split", "published"]) == 0
    shown = capsys.readouterr().out
    assert "of 10,191 published stories" in shown
    assert "stories show a clip that train shows too" in shown
    assert "3 remarks, all in dataset.json:" in shown
    assert len(json.loads((out / "dataset.json").read_text())["left_out"]) == 3
    assert run(["data", "prepare", "pororo", str(source), "-o", str(out), "--strict"]) == 1
    assert "leave --strict away" in capsys.readouterr().err


def test_theatre_is_prepared_as_pororo_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawn, out = tmp_path / "drawn", tmp_path / "set"
    words = ["data", "prepare", "theatre", "--layout", "pororo", "--clips", "30", "--episodes", "3", "--workers", "1"]
    assert run([*words, "-o", str(drawn)]) == 0
    shown = capsys.readouterr().out
    assert "Mia, Max, Robin" in shown and f"next: seqgan data prepare pororo {drawn} -o SET" in shown
    assert run(["data", "prepare", "pororo", str(drawn), "-o", str(out)]) == 0
    assert "published" not in capsys.readouterr().out
    assert check_data(out) == []


def test_theatre_is_drawn_as_clips(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--layout", "clips", "--stories", "train=2,test=1", "--size", "32", "--aspect", "1:1", "--workers", "1"]
    assert run(["data", "prepare", "theatre", *words, "-o", str(tmp_path / "set"), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["counts"] == {"train": 2, "test": 1} and record["size"] == [32, 32]
    assert SequenceData.open(tmp_path / "set", "test").about["name"] == "theatre-clips"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--layout", "pororo", "--size", "64"], "--size has no meaning with --layout pororo"),
        (["--layout", "clips", "--clips", "90"], "--clips has no meaning with --layout clips"),
        (["--layout", "clips", "--episodes", "9"], "--episodes has no meaning with --layout clips"),
        (["--clips", "90"], "--clips has no meaning with --layout theatre"),
    ],
)
def test_options_of_the_other_layout_are_refused(
    tmp_path: Path, words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["data", "prepare", "theatre", "-o", str(tmp_path / "x"), *words]) == 2
    assert told in capsys.readouterr().err
