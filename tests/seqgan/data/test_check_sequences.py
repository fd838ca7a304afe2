"""What is said of broken sequence data, and its figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seqgan.data.check import check_data
from seqgan.data.sequences import CELLS
from seqgan.data.stats import data_stats
from tests.seqgan.noisy_sequences import noisy_sequences


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    noisy_sequences(tmp_path / "set")
    return tmp_path / "set"


def _change(folder: Path, name: str, line: int, **fields: Any) -> None:
    lines = (folder / name).read_text().splitlines()
    lines[line] = json.dumps(json.loads(lines[line]) | fields)
    (folder / name).write_text("\n".join(lines) + "\n")


def test_a_good_set_has_no_problem(folder: Path, tmp_path: Path) -> None:
    seen: list[int] = []
    assert check_data(folder, progress=seen.append) == []
    assert seen == list(range(1, 21))
    noisy_sequences(tmp_path / "bare", vector=0)
    assert check_data(tmp_path / "bare") == []


@pytest.mark.parametrize(
    ("name", "line", "fields", "told"),
    [
        ("clips.jsonl", 0, {"text": []}, "ep1/1: has no caption"),
        ("clips.jsonl", 1, {"text": [" "]}, "ep1/2 caption 1: is empty"),
        ("clips.jsonl", 1, {"labels": {"characters": ["Dan"]}}, "ep1/2: characters Dan not among the groups"),
        ("clips.jsonl", 1, {"id": "ep1/1"}, "the id ep1/1 stands in several lines of clips.jsonl"),
        ("clips.jsonl", 0, {"frames": 1}, "expected 12x8"),
        ("clips.jsonl", 0, {"media": "media/none.png"}, "is missing"),
        ("stories.jsonl", 0, {"clips": ["ep1/1"]}, "ep1/1: has 1 clips of 3"),
        ("stories.jsonl", 0, {"clips": ["ep1/1", "ep1/2", "no"]}, "or one that clips.jsonl lacks"),
        ("stories.jsonl", 0, {"split": "val"}, "split train has 5 stories, dataset.json says 6"),
        ("stories.jsonl", 0, {"source": "ep3"}, "the source ep3 is in the splits train, val"),
        ("stories.jsonl", 0, {"source": "other"}, "the data hash is"),
    ],
)
def test_what_is_wrong_is_said(folder: Path, name: str, line: int, fields: dict[str, Any], told: str) -> None:
    _change(folder, name, line, **fields)
    problems = check_data(folder)
    assert any(told in problem for problem in problems), problems


def test_pixels_need_not_be_looked_at(folder: Path) -> None:
    _change(folder, "clips.jsonl", 0, media="media/none.png")
    assert check_data(folder, pixels=False) == []


@pytest.mark.parametrize(
    ("counted", "problems"),
    [
        ({"characters": ["Ann"]}, []),
        ({"characters": ["Ann", "Dan"]}, ["dataset.json counts characters Dan, not among its groups"]),
        ({"moods": ["glad"]}, ["dataset.json counts moods glad, not among its groups"]),
        (["Ann"], ["dataset.json tells under counted of ['Ann'], expected names by groups"]),
    ],
)
def test_what_counts_in_figures_must_be_there(folder: Path, counted: Any, problems: list[str]) -> None:
    about = json.loads((folder / "dataset.json").read_text())
    (folder / "dataset.json").write_text(json.dumps(about | {"counted": counted}))
    assert check_data(folder, pixels=False) == problems


def test_lists_of_others_may_share_sources(folder: Path) -> None:
    about = json.loads((folder / "dataset.json").read_text())
    (folder / "dataset.json").write_text(json.dumps(about | {"split_by": "train_test_ids.npy"}))
    _change(folder, "stories.jsonl", 0, source="ep3")
    assert check_data(folder, pixels=False) == []


def test_cells_may_not_share_sources(folder: Path) -> None:
    about = json.loads((folder / "dataset.json").read_text())
    (folder / "dataset.json").write_text(json.dumps(about | {"split_by": CELLS}))
    _change(folder, "stories.jsonl", 0, source="ep3")
    assert check_data(folder, pixels=False) == ["the source ep3 is in the splits train, val"]


def test_broken_lines_and_files(folder: Path) -> None:
    with (folder / "stories.jsonl").open("a") as lines:
        lines.write('no\n{"id": "x"}\n')
    problems = check_data(folder)
    assert "stories.jsonl line 13 is not JSON" in problems
    assert "stories.jsonl line 14 lacks split, clips, source" in problems
    np.save(folder / "vectors.npy", np.full((32, 4), np.nan))
    assert any("numbers that are none" in problem for problem in check_data(folder))
    (folder / "vectors.npy").write_bytes(b"no")
    assert any("vectors.npy cannot be read" in problem for problem in check_data(folder))
    (folder / "clips.jsonl").unlink()
    assert "expected one record a line" in check_data(folder)[-1]
    (folder / "dataset.json").write_text('{"format": 1, "kind": "sequence"}')
    assert check_data(folder) == ["dataset.json lacks name, size, length, groups, seed, licence, counts, vector, hash"]


def test_figures(folder: Path) -> None:
    figures = data_stats(folder)["splits"]
    assert list(figures) == ["train", "val", "test"]
    assert (figures["train"]["stories"], figures["train"]["clips"], figures["train"]["sources"]) == (6, 10, 2)
    assert figures["train"]["frames"] == {"least": 1, "median": 2, "most": 3, "mean": 2.2}
    assert figures["val"]["captions_per_clip"] == 1.6
    assert figures["val"]["characters"] == {"Ann": 3, "Bob": 2, "Cid": 2}
    assert figures["test"]["clips_of_train"] == 0
    _change(folder, "stories.jsonl", 11, clips=["ep1/1", "ep1/2", "ep4/5"])
    assert data_stats(folder)["splits"]["test"]["clips_of_train"] == 2
