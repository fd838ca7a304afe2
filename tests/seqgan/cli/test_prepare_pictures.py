"""The commands that prepare pictures, and every command of the guide to one's own data."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from seqgan.cli.main import run
from seqgan.data.check import check_data
from seqgan.data.pictures import PictureData
from seqgan.resources import asset
from tests.fixtures.make_art import make_art
from tests.fixtures.make_digits import make_digits
from tests.fixtures.make_pictures import (
    draw,
    make_coco,
    make_coco_attngan,
    make_coco_hdgan,
    make_cub,
    make_folder,
    make_oxford102,
    make_pokemon,
    write_lines,
)
from tests.fixtures.make_videos import scene, write_video

GUIDE = asset("guide", "data.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "make", "mismatch"),
    [("cub", make_cub, "class"), ("oxford102", make_oxford102, "class"), ("coco", make_coco, "caption"),
     ("coco", make_coco_attngan, "caption"), ("coco", make_coco_hdgan, "caption"), ("folder", make_folder, "caption")],
)  # fmt: skip
def test_a_layout_becomes_a_good_set(
    tmp_path: Path, name: str, make: Callable[[Path], Path], mismatch: str, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = make(tmp_path / "source"), tmp_path / "set"
    words = ["data", "prepare", name, str(source), "-o", str(out), "--size", "16", "--captions", "2", "--strict"]
    assert run([*words, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["size"] == [19, 19] and record["crop"] == [16, 16] and record["left_out"] == []
    assert check_data(out) == []
    data = PictureData.open(out, "train")
    assert data.about["mismatch"] == mismatch and data.about["flip"] and data.about["name"] in (name, "source")
    assert {len(captions) for captions in data.captions} == {2}


def test_classes_are_set_aside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = make_cub(tmp_path / "source")
    assert run(["data", "prepare", "cub", str(source), "-o", str(tmp_path / "set"), "--size", "16", "--val", "1"]) == 0
    shown = capsys.readouterr().out
    assert "train 2, val 2, test 2" in shown and "6 of 11,788 published pictures" in shown
    assert check_data(tmp_path / "set") == []


def test_what_is_left_out_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = make_folder(tmp_path / "source", 30), tmp_path / "set"
    for number in range(25):
        (source / f"flower-{number:02d}.txt").unlink()
    (source / "flower-26.jpg").write_bytes(b"no jpeg")
    assert run(["data", "prepare", "folder", str(source), "-o", str(out), "--size", "16"]) == 0
    shown = capsys.readouterr().out
    assert "26 remarks, all in dataset.json:" in shown and "... and 6 more" in shown
    assert "flower-00: has no text file, left out" in shown
    assert "flower-26" in json.loads((out / "dataset.json").read_text())["left_out"][-1]
    assert run(["data", "prepare", "folder", str(source), "-o", str(out), "--strict"]) == 1
    assert "leave --strict away" in capsys.readouterr().err
    assert (out / "dataset.json").is_file()  # the set that was there stays


def test_nothing_that_can_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = make_cub(tmp_path / "source"), tmp_path / "set"
    shutil.rmtree(source / "text")
    (source / "text").mkdir()
    assert run(["data", "prepare", "cub", str(source), "-o", str(out)]) == 1
    assert "no picture can be used; the first of 6 reasons: 001.Black" in capsys.readouterr().err
    source = make_folder(tmp_path / "mine", 3)
    for path in source.glob("*.jpg"):
        path.write_bytes(b"no jpeg")
    assert run(["data", "prepare", "folder", str(source), "-o", str(out)]) == 1
    assert "there is not one picture to write" in capsys.readouterr().err and not out.exists()


def test_a_map_is_of_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dataset.json").write_text('{"format": 1, "kind": "story", "size": [1, 1], "hash": ""}')
    (tmp_path / "manifest.jsonl").touch()
    assert run(["data", "stats", str(tmp_path), "--isomap", str(tmp_path / "map.png")]) == 1
    assert "expected pictures with captions" in capsys.readouterr().err


def commands() -> list[str]:
    """Every command of the guide, without the remark behind it."""
    return [line.strip().split("     ")[0] for line in GUIDE.splitlines() if line.startswith("    seqgan ")]


def _films(folder: Path) -> None:
    """Own videos, one of Kinetics and one of UCF101."""
    names = ("my-videos/two dogs run.mp4", "kinetics/golf/AbCdEfGhIjK_000001_000011.mp4",
             "UCF-101/TaiChi/v_TaiChi_g01_c01.avi")  # fmt: skip
    for seed, name in enumerate(names):
        write_video(folder / name, scene(seed, 40))


def test_the_commands_of_the_guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    make_folder(tmp_path / "my-pictures", 12)
    make_pokemon(tmp_path / "pokemon")
    birds = make_cub(tmp_path / "birds")
    (tmp_path / "captions").mkdir()
    for name in ("text", "train", "test"):
        (birds / name).rename(tmp_path / "captions" / name)
    _films(tmp_path)
    make_art(own_home / "sources", {"1f3c3": ("person running", 1), "1f40e": ("horse", 3)})
    make_digits(own_home / "sources" / "mnist-5k", 10)
    monkeypatch.chdir(tmp_path)
    ran = [shlex.split(line.replace("~/.cache/seqgan/sources/cub", str(birds)))[1:] for line in commands()]
    assert len(ran) == 24
    for words in ran:
        if "clevr-sv" in words:  # whole stories take minutes, and what was released is read in its own tests
            words += ["--stories", "2", "--val", "1", "--test", "1"]
        if "digits" in words:
            words += ["--clips", "train=2,test_cells=2"]
        if words[:2] != ["data", "fetch"] and "--from" not in words:
            assert run(words) == 0, words
    with Image.open("my-set.png") as drawn:
        assert drawn.width > 1000
    made = ("pokemon-set", "cub-set", "story-set", "my-clips", "kinetics-clips", "ucf-clips", "fluent-scenes",
            "fluent-motion", "digits")  # fmt: skip
    assert [check_data(name) for name in made] == [[]] * len(made)


def test_the_table_of_the_guide(tmp_path: Path) -> None:
    rows = [line.strip() for line in GUIDE.splitlines() if line.startswith("    images/")][:3]
    write_lines(tmp_path / "source/captions.csv", ["file,caption,class", *rows])
    for name in ("images/rose.jpg", "images/tulip.png"):
        draw(tmp_path / "source" / name, 1, (40, 30))
    words = ["data", "prepare", "folder", str(tmp_path / "source"), "-o", str(tmp_path / "set"), "--strict"]
    assert len(rows) == 3 and run(words) == 0
    assert PictureData.open(tmp_path / "set", "train").names["class"] == ("rose", "tulip")
