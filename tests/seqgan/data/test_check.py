"""What `check` finds in a data set, and the figures of `stats`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from seqgan.data.check import check_data
from seqgan.data.problems import SHOWN, broken_caption
from seqgan.data.stats import data_stats
from seqgan.data.theatre.prepare import prepare
from seqgan.errors import DataError
from seqgan.resources import asset

Change = Callable[[list[dict[str, Any]]], None]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("check") / "set"
    counts = {"train": 24, "val": 2, "test": 3, "test_unseen": 3}
    prepare(asset("cast", "fluent"), out, counts, (32, 56), seed=1, progress=False)
    return out


@pytest.fixture
def broken(good: Path, tmp_path: Path) -> Callable[[Change], list[str]]:
    """Change the records of a copy, and check it."""

    def run(change: Change) -> list[str]:
        folder = tmp_path / "set"
        shutil.copytree(good, folder)
        manifest = folder / "manifest.jsonl"
        records = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
        change(records)
        lines = [json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n" for record in records]
        manifest.write_text("".join(lines), encoding="utf-8")
        return check_data(folder)

    return run


def test_nothing_is_wrong_with_a_good_one(good: Path) -> None:
    assert check_data(good) == []


def first(**changes: Any) -> Change:
    return lambda records: records[0].update(changes)


def no_field(records: list[dict[str, Any]]) -> None:
    del records[0]["told"]


def own_actor(records: list[dict[str, Any]]) -> None:
    panel = next(panel for panel in records[0]["panels"] if panel["actors"])
    panel["actors"][0]["who"] = "walrus"


def copied(records: list[dict[str, Any]]) -> None:
    test = next(record for record in records if record["split"] == "test")
    records[0] |= {key: test[key] for key in ("text", "panels", "told", "noise")}


def named(records: list[dict[str, Any]]) -> None:
    for record in (records[0], records[-1]):
        record["names"] = {"Zelda": "mia"}


def emptied(records: list[dict[str, Any]]) -> None:
    for record in records:
        record["text"] = [""] * len(record["text"])


def unseen_in_train(records: list[dict[str, Any]]) -> None:
    records[0]["split"], records[-1]["split"] = "test_unseen", "train"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (no_field, "lacks told"), (first(split="dev"), "split 'dev'"), (first(text=[]), "0 sentences"),
        (first(media="media/none.png"), "none.png is missing"), (own_actor, "not in the vocabulary: walrus"),
        (first(noise=[[0.0]]), "has not 16 numbers"), (first(panels=[{"setting": "x"}]), "labels cannot be read"),
        (copied, "share"), (named, "the name Zelda is given in train and"),
        (first(source="elsewhere"), "the data hash is"),
        (unseen_in_train, "shows the held-out pair"), (unseen_in_train, "shows no held-out pair"),
        (lambda records: records.append(records[0]), "stands in 2 records"),
        (lambda records: records.pop(), "dataset.json says 3"),
    ],
)  # fmt: skip
def test_problems_are_found(broken: Callable[[Change], list[str]], change: Change, words: str) -> None:
    assert any(words in problem for problem in broken(change))


def test_broken_files(good: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    shutil.copytree(good, folder)
    pictures = sorted(folder.rglob("*.png"))
    pictures[0].write_bytes(b"no picture")
    Image.new("RGB", (3, 3)).save(pictures[1])
    with (folder / "manifest.jsonl").open("a", encoding="utf-8") as file:
        file.write("no json\n")
    problems = "\n".join(check_data(folder))
    for words in ("cannot be decoded", "is 3x3; expected 56x", "is not JSON"):
        assert words in problems


def test_many_problems_are_counted(broken: Callable[[Change], list[str]]) -> None:
    problems = broken(emptied)
    assert sum("is empty" in problem for problem in problems) == SHOWN
    assert any("more problems: captions" in problem for problem in problems)


@pytest.mark.parametrize(
    ("about", "words"),
    [(None, "is missing"), ("nonsense", "is not JSON"), ('{"format": 99}', "format 99"), ("[]", "format 'list'"),
     ('{"format": 1, "kind": "song"}', "tells of 'song' data; known are story, picture")],
)  # fmt: skip
def test_a_folder_that_is_no_data_set(tmp_path: Path, about: str | None, words: str) -> None:
    if about is not None:
        (tmp_path / "dataset.json").write_text(about, encoding="utf-8")
    (tmp_path / "manifest.jsonl").touch()
    assert words in check_data(tmp_path)[0]
    with pytest.raises(DataError, match=words):
        data_stats(tmp_path)


def test_a_missing_manifest(good: Path, tmp_path: Path) -> None:
    shutil.copy(good / "dataset.json", tmp_path)
    assert "manifest.jsonl is missing" in check_data(tmp_path)[0]


@pytest.mark.parametrize("text", ["", "  ", "a {a} b", "a\x00b", "two  spaces", "\ufffd", 7])
def test_broken_captions(text: object) -> None:
    assert broken_caption(text)
    assert not broken_caption("Mia waves.")
    assert not broken_caption("a {red} bird", slots=False)


def test_stats(good: Path) -> None:
    figures = data_stats(good)
    train = figures["splits"]["train"]
    assert train["stories"] == 24
    assert 3 * 24 <= train["panels"] <= 8 * 24
    assert 0 < train["pronoun_panels"] < 1
    assert sum(train["shots"].values()) == sum(train["settings"].values()) == train["panels"]
    assert sum(train["characters"].values()) == sum(train["actions"].values())
