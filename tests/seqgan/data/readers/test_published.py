"""CUB, Oxford-102 and COCO from tiny sets in their published layouts, whole and spoilt."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from seqgan.data.pictures import PictureData, write_pictures
from seqgan.data.readers.coco import coco_entries
from seqgan.data.readers.cub import box_crop, cub_entries
from seqgan.data.readers.entries import Entry, Frame, Report, about, pictures
from seqgan.data.readers.oxford102 import oxford102_entries
from seqgan.errors import DataError
from tests.fixtures.make_pictures import (
    make_coco,
    make_coco_attngan,
    make_coco_hdgan,
    make_cub,
    make_oxford102,
    write_pickle,
)

LAYSAN = "002.Laysan_Albatross/Laysan_Albatross_0001_21"
Spoil = Callable[[Path], object]


class _Hostile:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.path),)


def written(entries: list[Entry], out: Path, split: str, report: Report | None = None) -> PictureData:
    report, frame = report or Report(), Frame(32)
    told = about("x", frame, report, mismatch="class", split_by="", licence="")
    write_pictures(out, pictures(entries, frame, report), told, progress=False)
    return PictureData.open(out, split)


# --- CUB


@pytest.fixture
def birds(tmp_path: Path) -> Path:
    return make_cub(tmp_path / "birds")


def test_the_crop_around_a_bird() -> None:
    assert box_crop((60, 27, 325, 304), 500, 335) == (0, 0, 465, 335)  # golden: sheet H.6 of AttnGAN
    assert box_crop((200, 100, 40, 20), 500, 335) == (190, 80, 250, 140)
    assert box_crop((0, 0, 3, 2), 500, 335) == (0, 0, 3, 3)


def test_cub(birds: Path, tmp_path: Path) -> None:
    entries, split_by = cub_entries(birds, report=Report(strict=True))
    assert split_by == "filenames.pickle of train and test"
    assert [entry.split for entry in entries] == ["train"] * 4 + ["test"] * 2
    assert all(len(entry.captions) == 10 for entry in entries)
    classes = {split: {entry.source for entry in entries if entry.split == split} for split in ("train", "test")}
    assert classes["train"].isdisjoint(classes["test"])
    train = written(entries, tmp_path / "out", "train")
    assert train.images.shape == (4, 38, 38, 3)
    assert train.names["class"][train.labels["class"][2]] == "002.Laysan_Albatross"
    with Image.open(birds / "CUB_200_2011/images" / f"{LAYSAN}.jpg") as bird:
        assert np.array_equal(train.images[2], Frame(32).pixels(bird.convert("RGB").crop((0, 0, 465, 335))))


def test_caption_counts_are_honoured(birds: Path) -> None:
    entries, _ = cub_entries(birds, captions=3)
    assert {len(entry.captions) for entry in entries} == {3}
    assert entries[0].captions[0] == (birds / "text" / f"{entries[0].id}.txt").read_text().splitlines()[0]
    report = Report()
    assert len(cub_entries(birds, captions=12, report=report)[0]) == 6
    assert report.lines[0].endswith("has 10 of 12 captions") and len(report.lines) == 6


def test_captions_and_pickles_elsewhere(birds: Path, tmp_path: Path) -> None:
    away = tmp_path / "captions"
    away.mkdir()
    for name in ("train", "test", "text"):
        (birds / name).rename(away / ("text_c10" if name == "text" else name))
    assert len(cub_entries(birds, text=away)[0]) == 6
    with pytest.raises(DataError, match=r"has no text or text_c10 \(captions, one folder a class\)"):
        cub_entries(birds)


def test_a_missing_text_file_and_a_broken_picture(birds: Path, tmp_path: Path) -> None:
    (birds / "text" / f"{LAYSAN}.txt").unlink()
    other = birds / "CUB_200_2011/images/003.Sooty_Albatross/Sooty_Albatross_0001_31.jpg"
    other.write_bytes(b"no jpeg")
    report = Report()
    entries, _ = cub_entries(birds, report=report)
    assert len(entries) == 5 and report.lines[0].startswith(f"{LAYSAN}: ")
    assert len(written(entries, tmp_path / "out", "test", report)) == 1
    assert "is no picture that can be read" in report.lines[1]
    assert json.loads((tmp_path / "out/dataset.json").read_text())["left_out"] == report.lines
    with pytest.raises(DataError, match=f"{LAYSAN}.*cannot be read"):
        cub_entries(birds, report=Report(strict=True))


def no_pickles(birds: Path) -> None:
    for split in ("train", "test"):
        shutil.rmtree(birds / split)


def test_class_lists_instead_of_pickles(birds: Path) -> None:
    no_pickles(birds)
    (birds / "testclasses.txt").write_text("003.Sooty_Albatross\n150.Not_here\n")
    entries, split_by = cub_entries(birds, report=Report(strict=True))
    assert split_by == "testclasses.txt"
    assert [entry.split for entry in entries] == ["train"] * 4 + ["test"] * 2
    (birds / "testclasses.txt").write_text("150.Not_here\n")
    with pytest.raises(DataError, match="names no class of the set"):
        cub_entries(birds)


def test_neither_pickles_nor_lists(birds: Path) -> None:
    no_pickles(birds)
    report = Report()
    entries, split_by = cub_entries(birds, report=report)
    assert split_by == "hash of the class, not as published" and "not as published" in report.lines[0]
    test = {entry.source for entry in entries if entry.split == "test"}
    assert len(test) == 1 and test.isdisjoint(entry.source for entry in entries if entry.split == "train")


def hostile(birds: Path) -> None:
    write_pickle(birds / "train/filenames.pickle", [_Hostile(birds / "trap")])


def cut_off(birds: Path) -> None:
    path = birds / "test/filenames.pickle"
    path.write_bytes(path.read_bytes()[:40])


def cut_boxes(birds: Path) -> None:
    path = birds / "CUB_200_2011/bounding_boxes.txt"
    path.write_text("\n".join(path.read_text().splitlines()[:-1]))


def half_a_line(birds: Path) -> None:
    path = birds / "CUB_200_2011/bounding_boxes.txt"
    path.write_text(path.read_text()[:-12])


def words_for_numbers(birds: Path) -> None:
    path = birds / "CUB_200_2011/bounding_boxes.txt"
    path.write_text(path.read_text().replace("60.0", "many"))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (hostile, r"filenames.pickle asks for \w+\.mkdir"), (cut_off, "is damaged or no pickle"),
        (cut_boxes, "one of images.txt and bounding_boxes.txt alone"), (half_a_line, "line 6 has 3 words, expected 5"),
        (words_for_numbers, "has a box 'many 27.0 325.0 304.0'; expected four numbers"),
        (lambda birds: shutil.rmtree(birds / "CUB_200_2011"), "has no CUB_200_2011"),
        (lambda birds: shutil.rmtree(birds / "test"), "test/filenames.pickle is missing, though"),
        (lambda birds: (birds / "CUB_200_2011/images.txt").unlink(), "images.txt cannot be read"),
        (lambda birds: write_pickle(birds / "train/class_info.pickle", [1, 1, 2]), "has 3 numbers for 4 names"),
        (lambda birds: write_pickle(birds / "train/class_info.pickle", [1, 2, 1, 2]), "several numbers"),
        (lambda birds: write_pickle(birds / "test/filenames.pickle", [LAYSAN]), "stands twice, in train and test"),
    ],
)  # fmt: skip
def test_a_spoilt_layout(birds: Path, spoil: Spoil, words: str) -> None:
    if words.startswith("stands"):
        (birds / "test/class_info.pickle").unlink()
    spoil(birds)
    with pytest.raises(DataError, match=words):
        cub_entries(birds)
    assert not (birds / "trap").exists()


def test_a_name_that_no_table_knows(birds: Path) -> None:
    for split in ("train", "test"):
        (birds / split / "class_info.pickle").unlink()
    write_pickle(birds / "train/filenames.pickle", [LAYSAN, "004.Ani/Ani_1"])
    report = Report()
    assert len(cub_entries(birds, report=report)[0]) == 3
    assert report.lines == ["004.Ani/Ani_1: images.txt and bounding_boxes.txt do not name it, left out"]


# --- Oxford-102


@pytest.fixture
def flowers(tmp_path: Path) -> Path:
    return make_oxford102(tmp_path / "flowers")


def test_oxford102(flowers: Path, tmp_path: Path) -> None:
    entries, _ = oxford102_entries(flowers, captions=5, report=Report(strict=True))
    assert [(entry.id, entry.split) for entry in entries[:1]] == [("image_00001", "train")]
    assert [entry.source for entry in entries] == [f"class_{n:05d}" for n in (1, 1, 2, 2, 3, 3)]
    assert {len(entry.captions) for entry in entries} == {5}
    assert written(entries, tmp_path / "out", "test").images.shape == (2, 38, 38, 3)


def test_oxford102_without_pickles(flowers: Path) -> None:
    no_pickles(flowers)
    report = Report()
    entries, split_by = oxford102_entries(flowers, report=report)
    assert split_by.startswith("hash") and "not as published" in report.lines[0]
    test = {entry.source for entry in entries if entry.split == "test"}
    assert len(test) == 1 and len(entries) == 6
    (flowers / "testclasses.txt").write_text("class_00002\n")
    entries, _ = oxford102_entries(flowers)
    assert {entry.source for entry in entries if entry.split == "test"} == {"class_00002"}


def test_oxford102_with_labels_in_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flowers = make_oxford102(tmp_path / "flowers", classes=False)
    with pytest.raises(DataError, match="has no imagelabels.mat"):
        oxford102_entries(flowers)
    savemat(flowers / "imagelabels.mat", {"labels": np.array([[1, 1, 2, 2, 3, 3]])})
    entries, _ = oxford102_entries(flowers)
    assert [entry.labels["class"] for entry in entries] == [f"class_{n:05d}" for n in (1, 1, 2, 2, 3, 3)]
    savemat(flowers / "imagelabels.mat", {"labels": np.array([[1, 1, 2]])})
    with pytest.raises(DataError, match="has 3 classes of pictures, none for image_00004"):
        oxford102_entries(flowers)
    (flowers / "imagelabels.mat").write_bytes(b"no table")
    with pytest.raises(DataError, match="is no table of labels"):
        oxford102_entries(flowers)
    monkeypatch.setitem(sys.modules, "scipy.io", None)
    with pytest.raises(DataError, match=r"needs scipy to be read: pip install 'seqgan-studio\[eval\]'"):
        oxford102_entries(flowers)


def test_oxford102_with_class_folders_of_pictures(tmp_path: Path) -> None:
    flowers = make_oxford102(tmp_path / "flowers", classes=False)
    no_pickles(flowers)
    for number in range(1, 7):
        folder = flowers / "jpg" / f"{(number + 1) // 2}"
        folder.mkdir(exist_ok=True)
        (flowers / "jpg" / f"image_{number:05d}.jpg").rename(folder / f"image_{number:05d}.jpg")
    entries, _ = oxford102_entries(flowers)
    assert [entry.labels["class"] for entry in entries] == ["1", "1", "2", "2", "3", "3"]


def test_oxford102_reports_what_it_cannot_use(flowers: Path) -> None:
    (flowers / "text_c10/class_00001/image_00001.txt").unlink()
    write_pickle(flowers / "test/filenames.pickle", ["jpg/image_00005"])
    report = Report()
    assert len(oxford102_entries(flowers, report=report)[0]) == 4
    assert report.lines == ["image_00006: no list names it, left out", "image_00001: has no text file, left out"]
    shutil.rmtree(flowers / "jpg")
    (flowers / "jpg").mkdir()
    with pytest.raises(DataError, match="holds no image_00001.jpg"):
        oxford102_entries(flowers)


# --- COCO


@pytest.mark.parametrize("make", [make_coco, make_coco_attngan, make_coco_hdgan])
def test_coco(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    report = Report(strict=True)
    entries, _ = coco_entries(make(tmp_path / "coco"), report=report)
    assert [entry.split for entry in entries] == ["train"] * 3 + ["test"] * 2
    assert entries[0].id == entries[0].source == "COCO_train2014_000000000001" and entries[0].labels == {}
    assert {len(entry.captions) for entry in entries} == {5}
    assert written(entries, tmp_path / "out", "test", report).images.shape == (2, 38, 38, 3)


def test_coco_of_the_publishers_with_one_split(tmp_path: Path) -> None:
    coco = make_coco(tmp_path / "coco")
    (coco / "annotations/captions_val2014.json").unlink()
    entries, _ = coco_entries(coco)
    assert len(entries) == 3 and entries[0].captions[0] == "A man with 0 dogs (train 1)."
    (coco / "annotations/captions_train2014.json").unlink()
    with pytest.raises(DataError, match="has no captions_train2014.json"):
        coco_entries(coco)


def test_a_picture_of_coco_without_captions(tmp_path: Path) -> None:
    coco = make_coco(tmp_path / "coco")
    path = coco / "annotations/captions_train2014.json"
    table = json.loads(path.read_text())
    table["annotations"] = [note for note in table["annotations"] if note["image_id"] != 20]
    path.write_text(json.dumps(table))
    report = Report()
    assert len(coco_entries(coco, report=report)[0]) == 4
    assert report.lines == ["COCO_train2014_000000000002: has no caption, left out"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "is no table of captions"), ("[]", "is no table of captions"), ('{"images": [{"id": 1}]}', "KeyError"),
     ('{"images": [{"id": 1, "file_name": "../x.jpg"}], "annotations": []}', "leads out of its folder")],
)  # fmt: skip
def test_a_spoilt_table_of_coco(tmp_path: Path, text: str, words: str) -> None:
    coco = make_coco(tmp_path / "coco")
    (coco / "annotations/captions_train2014.json").write_text(text)
    with pytest.raises(DataError, match=words):
        coco_entries(coco)


def test_spoilt_layouts_of_coco(tmp_path: Path) -> None:
    coco = make_coco_attngan(tmp_path / "attngan")
    (coco / "text/COCO_train2014_000000000002.txt").unlink()
    report = Report()
    assert len(coco_entries(coco, report=report)[0]) == 4 and "cannot be read" in report.lines[0]
    shutil.rmtree(coco / "text")
    with pytest.raises(DataError, match=r"has no text \(captions, NAME.txt; the metadata holds them in a second zip\)"):
        coco_entries(coco)
    coco = make_coco_hdgan(tmp_path / "hdgan")
    (coco / "val/captions.pickle").write_bytes(pickle.dumps([1]))
    with pytest.raises(DataError, match="holds a list, expected names and their captions"):
        coco_entries(coco)
    with pytest.raises(DataError, match=r"has neither annotations/captions_train2014.json nor train/filenames.pickle"):
        coco_entries(tmp_path)
