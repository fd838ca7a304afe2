"""One's own pictures: text beside them, tables of captions or attributes, splits, and what cannot be used."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from seqgan.data.readers.attributes import Wording
from seqgan.data.readers.entries import Report
from seqgan.data.readers.folder import folder_entries
from seqgan.errors import DataError
from tests.fixtures.make_pictures import draw, make_folder, make_pokemon, write_lines


def test_text_beside_pictures(tmp_path: Path) -> None:
    entries, split_by = folder_entries(make_folder(tmp_path), captions=2, report=Report(strict=True))
    assert Counter(entry.split for entry in entries) == {"train": 36, "val": 2, "test": 2}
    assert split_by == "hash of the source, 90/5/5"
    assert {len(entry.captions) for entry in entries} == {2}
    assert folder_entries(tmp_path)[0] == folder_entries(tmp_path)[0]
    assert folder_entries(tmp_path, seed=1)[0] != folder_entries(tmp_path)[0]


@pytest.mark.parametrize(("count", "splits"), [(1, {"train"}), (2, {"train"}), (3, {"train", "val", "test"})])
def test_a_few_pictures(tmp_path: Path, count: int, splits: set[str]) -> None:
    assert {entry.split for entry in folder_entries(make_folder(tmp_path, count))[0]} == splits


def test_nothing_is_lost_in_silence(tmp_path: Path) -> None:
    make_folder(tmp_path, 4)
    (tmp_path / "flower-01.txt").unlink()
    write_lines(tmp_path / "flower-02.txt", [" "])
    write_lines(tmp_path / "README.txt", ["about"])
    draw(tmp_path / "flower-03.png", 7, (20, 20))
    draw(tmp_path / ".hidden.png", 7, (20, 20))
    report = Report()
    assert [entry.id for entry in folder_entries(tmp_path, report=report)[0]] == ["flower-00", "flower-03"]
    assert report.lines == [
        "flower-03.png: flower-03.jpg has the same name, left out",
        "flower-01: has no text file, left out",
        "flower-02: flower-02.txt is empty, left out",
        "README.txt: has no picture, left out",
    ]
    with pytest.raises(DataError, match="has the same name, left out; put it right, or leave --strict away"):
        folder_entries(tmp_path, report=Report(strict=True))


def test_splits_and_classes_from_folders(tmp_path: Path) -> None:
    for name in ("train/roses/a", "train/tulips/b", "valid/roses/c", "test/roses/d", "stray"):
        draw(tmp_path / f"{name}.png", 1, (20, 20))
        write_lines(tmp_path / f"{name}.txt", ["a flower"])
    report = Report()
    entries, split_by = folder_entries(tmp_path, report=report)
    found = {entry.id: (entry.split, entry.labels) for entry in entries}
    assert found == {"train/roses/a": ("train", {"class": "roses"}), "train/tulips/b": ("train", {"class": "tulips"}),
                     "valid/roses/c": ("val", {"class": "roses"}),
                     "test/roses/d": ("test", {"class": "roses"})}  # fmt: skip
    assert report.lines == ["stray: is in no split, though others are, left out"]
    assert split_by == "folders or a column of the set"


def test_a_table_of_captions(tmp_path: Path) -> None:
    make_folder(tmp_path / "images", 4)
    rows = ["File_Name,Caption,split,source,class", 'images/flower-00.jpg,"a rose, red",train,r1,rose',
            "flower-00.jpg,another rose,train,r1,rose", "./images/flower-01,a tulip,val,t1,tulip",
            "flower-02.jpg,,test,x,", "nowhere.jpg,a tree,train,,",
            "../../flower-03.jpg,a pink,train,p1,pink"]  # fmt: skip
    write_lines(tmp_path / "captions.csv", rows)
    report = Report()
    entries, _ = folder_entries(tmp_path, report=report)
    first, *rest = entries
    assert first.captions == ("a rose, red", "another rose")
    assert (first.split, first.source, first.labels) == ("train", "r1", {"class": "rose"})
    assert [entry.source for entry in rest] == ["t1", "p1"]
    assert report.lines == [
        "captions.csv line 6: 'nowhere.jpg' is not there or stands for several pictures",
        "images/flower-02: has no caption, left out",
    ]


def test_pictures_that_no_row_names(tmp_path: Path) -> None:
    make_folder(tmp_path, 2)
    write_lines(tmp_path / "c.csv", ["file,caption", "flower-00.jpg,a rose"])
    report = Report()
    folder_entries(tmp_path, report=report)
    assert report.lines == ["flower-01: no row of c.csv names it, left out"]


def test_pictures_of_one_name_in_two_folders(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        make_folder(tmp_path / folder, 1)
    write_lines(tmp_path / "c.csv", ["file,caption", "flower-00.jpg,a rose", "b/flower-00.jpg,a tulip"])
    report = Report()
    (entry,), _ = folder_entries(tmp_path, report=report)
    assert entry.id == "b/flower-00" and "stands for several" in report.lines[0]


def test_types_and_attributes_become_captions(tmp_path: Path) -> None:
    report = Report()
    entries, _ = folder_entries(make_pokemon(tmp_path), report=report, noun="pokemon")
    told = {entry.id.removeprefix("images/"): entry for entry in entries}
    assert len(told) == 8
    assert told["charizard"].captions == (
        "a red fire and flying type pokemon with wings and an upright body",
        "this pokemon is red and is of fire and flying type and has wings and an upright body",
        "a picture of a red fire and flying type pokemon, wings and an upright body",
    )
    assert told["oddish"].captions[0] == "a blue grass and poison type pokemon with a head only body"
    assert told["squirtle"].labels == {"type1": "water", "color": "blue", "body": "upright"}
    assert report.lines == ["pokemon.csv: no caption is made of HP, Evolution"]


def test_wording_of_little() -> None:
    rows = [{"Type": "ice", "n": ""}, {"Type": "", "n": ""}, {"Type": "ice", "n": ""}]
    wording = Wording.of(rows, "thing")
    assert wording.captions(rows[0])[:2] == ("an ice type thing", "this thing is of ice type")
    assert wording.captions(rows[1]) == () and wording.left_out == ("n",)
    colours = Wording.of([{"colour": "red", "petals": "round"}, {"colour": "blue", "petals": "round"}], "flower")
    assert colours.captions({"colour": "red", "petals": "round"})[0] == "a red flower with round petals"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["file,caption"], "has no row below its column names"), (["what,caption", "a,b"], "one must be called file"),
        (["file,hp", "flower-00,7"], "expected one called caption, or attributes"),
        (["file,caption", '"flower-00,a'], "is no CSV file in UTF-8"),
        (["file,caption,split", "flower-00,a,dev2"], "split 'dev2'; expected train, val or test"),
        (["file,caption", "flower-00,"], "has no picture with a text.*has no caption"),
    ],
)  # fmt: skip
def test_spoilt_tables(tmp_path: Path, rows: list[str], words: str) -> None:
    draw(tmp_path / "flower-00.jpg", 1, (20, 20))
    write_lines(tmp_path / "c.csv", rows)
    with pytest.raises(DataError, match=words):
        folder_entries(tmp_path)


def test_a_table_in_another_encoding(tmp_path: Path) -> None:
    make_folder(tmp_path, 1)
    (tmp_path / "c.csv").write_bytes("file,caption\nflower-00,é".encode("utf-16"))
    with pytest.raises(DataError, match="is no CSV file in UTF-8"):
        folder_entries(tmp_path)


def test_folders_that_hold_nothing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no picture"):
        folder_entries(tmp_path)
    with pytest.raises(DataError, match="is no folder"):
        folder_entries(tmp_path / "nowhere")
    draw(tmp_path / "a.jpg", 1, (20, 20))
    with pytest.raises(DataError, match=r"no picture with a text.*\(a: has no text file, left out\)"):
        folder_entries(tmp_path)
    for name in ("a.csv", "b.csv"):
        write_lines(tmp_path / name, ["file,caption"])
    with pytest.raises(DataError, match=r"several CSV files \(a.csv, b.csv\)"):
        folder_entries(tmp_path)
