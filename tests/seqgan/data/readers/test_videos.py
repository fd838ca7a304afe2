"""Listings of one's own videos, of Kinetics and of UCF101; nothing is decoded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from seqgan.data.readers.action_videos import class_words, listed_videos
from seqgan.data.readers.entries import Report
from seqgan.data.readers.videos import Passage, Video, own_videos
from seqgan.errors import DataError


def _touch(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def _own(folder: Path) -> tuple[dict[str, Video], list[str]]:
    report = Report()
    return {video.id: video for video in own_videos(folder, report).videos}, report.lines


def test_text_beside_and_names_of_files(tmp_path: Path) -> None:
    _touch(tmp_path, "a.mp4", "in/two_dogs.MOV", ".hidden/b.mp4", "film.gif", "alone.txt")
    (tmp_path / "a.txt").write_text("a dog\n\n a cat \n")
    videos, remarks = _own(tmp_path)
    assert videos["a.mp4"].passages == (Passage((("text", "a dog"), ("text", "a cat"), ("title", "a"))),)
    assert videos["in/two_dogs.MOV"].passages == (Passage((("title", "two dogs"),)),)
    assert remarks == [
        "1 files are no videos by their ending, not looked at: .gif 1",
        "alone.txt: has no video, left out",
    ]


def test_rows_speak_of_passages(tmp_path: Path) -> None:
    _touch(tmp_path, "a.mp4", "in/b.mp4", "c.mp4", "c.avi")
    (tmp_path / "any.csv").write_text(
        "File,Caption,Start,End,Category,source,split\n"
        "a.mp4,one,0,2.5,x,s,val\na,also one,0,2.5,,s,\na.mp4,two,3,,y,s,\n"
        "b.mp4,whole,,,,,\nc,which,,,,,\nin/b.mp4,wrong,x,,,,\nin/b.mp4,back,3,2,,,\nin/b.mp4,never,nan,,,,\n"
    )
    videos, remarks = _own(tmp_path)
    first, second = videos["a.mp4"].passages
    assert first == Passage((("text", "one"), ("text", "also one"), ("title", "a")), 0.0, 2.5, "x")
    assert (second.start, second.end, second.category) == (3.0, None, "y")
    assert (videos["a.mp4"].source, videos["a.mp4"].split) == ("s", "val")
    assert videos["in/b.mp4"].passages[0].texts[0] == ("text", "whole")
    assert [line.partition(":")[0] for line in remarks] == [f"any.csv line {number}" for number in (6, 7, 8, 9)]


def test_sidecars_tell_titles_licences_and_categories(tmp_path: Path) -> None:
    _touch(tmp_path, "golf/a.mp4", "b.webm", "c.mp4")
    told = {
        "title": " Golf  on grass ",
        "description": "One.\nhttp://x",
        "licence": "CC BY",
        "category": "playing golf",
    }
    (tmp_path / "golf/a.json").write_text(json.dumps(told))
    (tmp_path / "b.info.json").write_text(json.dumps({"title": "B", "license": "L", "categories": ["Sports", "x"]}))
    (tmp_path / "c.json").write_text("no json")
    videos, remarks = _own(tmp_path)
    golf = videos["golf/a.mp4"]
    assert golf.passages == (Passage((("title", "Golf on grass"), ("title", "One.")), category="playing golf"),)
    assert (golf.licence, videos["b.webm"].licence, videos["b.webm"].passages[0].category) == ("CC BY", "L", "Sports")
    assert len(remarks) == 1 and "c.json: is no JSON" in remarks[0]


def test_several_folders_are_categories_and_splits(tmp_path: Path) -> None:
    _touch(tmp_path, "train/rock_climbing/a.mp4", "train/b/c.mp4", "test/b/d.mp4")
    videos, _ = _own(tmp_path)
    told = {name: (video.split, video.passages[0].category) for name, video in videos.items()}
    assert told == {"train/rock_climbing/a.mp4": ("train", "rock climbing"), "train/b/c.mp4": ("train", "b"),
                    "test/b/d.mp4": ("test", "b")}  # fmt: skip
    assert _own(_touch(tmp_path / "x", "one/a.mp4", "one/b.mp4"))[0]["one/a.mp4"].passages[0].category == ""


def test_videos_in_no_split_are_left_out_where_others_are_in_one(tmp_path: Path) -> None:
    report = Report()
    found = listed_videos(_touch(tmp_path, "train/a.mp4", "b.mp4"), "auto", report)
    assert ([video.id for video in found.videos], report.lines) == (
        ["train/a.mp4"], ["b.mp4: is in no split, though others are, left out"]
    )  # fmt: skip


def test_kinetics(tmp_path: Path) -> None:
    names = ("AbCdEfGhIjK_000001_000011", "-bCdEfGh_jK_000104_000114", "ZZZZZZZZZZZ_000000_000010")
    _touch(tmp_path, f"playing_golf/{names[0]}.mp4", f"kite surfing/{names[1]}.mp4", f"kite surfing/{names[2]}.mp4",
           "kite surfing/other.mp4")  # fmt: skip
    (tmp_path / "annotations").mkdir()
    (tmp_path / "annotations/train.csv").write_text(
        "label,youtube_id,time_start,time_end,split\nplaying golf,AbCdEfGhIjK,1,11,train\nx,gone4567890,1,11,train\n"
        "kite surfing,-bCdEfGh_jK,104,114,validate\nx,AbCdEfGhIjK,soon,11,train\n"
    )
    report = Report()
    found = listed_videos(tmp_path, "auto", report)
    told = [(video.id, video.source, video.split, video.passages[0].texts) for video in found.videos]
    assert found.layout == "kinetics"
    assert told == [
        (f"kite surfing/{names[1]}.mp4", "-bCdEfGh_jK", "val", (("label", "kite surfing"),)),
        (f"playing_golf/{names[0]}.mp4", "AbCdEfGhIjK", "train", (("label", "playing golf"),)),
    ]
    assert [line.rpartition(":")[2].strip() if ":" in line else line for line in report.lines] == [
        "its times are no seconds, left out", "is not called ID_000001_000011, left out",
        "1 of the listed videos are not there", "is in no split, though others are, left out",
    ]  # fmt: skip


def test_kinetics_without_a_list(tmp_path: Path) -> None:
    _touch(tmp_path, "playing_golf/AbCdEfGhIjK_000001_000011.mp4", "AbCdEfGhIjK_000001_000021.mp4")
    report = Report()
    (video,) = listed_videos(tmp_path, "kinetics", report).videos
    assert (video.passages[0].category, video.split) == ("playing golf", "")
    assert report.lines == ["AbCdEfGhIjK_000001_000021.mp4: no list and no folder tells its label, left out"]
    (tmp_path / "bad.csv").write_text("name,id\na,b\n")
    with pytest.raises(DataError, match="has no column label, youtube_id"):
        listed_videos(tmp_path, "kinetics", report)


def test_ucf(tmp_path: Path) -> None:
    _touch(tmp_path, "PlayingGuitar/v_PlayingGuitar_g01_c01.avi", "PlayingGuitar/v_PlayingGuitar_g01_c02.avi",
           "TaiChi/v_TaiChi_g02_c01.avi", "TaiChi/x.avi")  # fmt: skip
    report = Report()
    found = listed_videos(tmp_path, "auto", report)
    assert found.layout == "ucf"
    assert [(video.source, video.passages[0]) for video in found.videos] == [
        ("PlayingGuitar/g01", Passage((("label", "playing guitar"),), category="playing guitar")),
        ("PlayingGuitar/g01", Passage((("label", "playing guitar"),), category="playing guitar")),
        ("TaiChi/g02", Passage((("label", "tai chi"),), category="tai chi")),
    ]
    assert report.lines == ["TaiChi/x.avi: is not called v_Class_g01_c01, left out"]
    assert class_words("HandstandPushups") == "handstand pushups"


def test_errors_name_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no video"):
        own_videos(tmp_path, Report())
    with pytest.raises(DataError, match="is no folder"):
        own_videos(tmp_path / "none", Report())
    _touch(tmp_path, "a.mp4")
    with pytest.raises(DataError, match="called as those of ucf are; take --layout own"):
        listed_videos(tmp_path, "ucf", Report())
    with pytest.raises(DataError, match="layout 'ucff' does not exist"):
        listed_videos(tmp_path, "ucff", Report())
    (tmp_path / "a.csv").write_text("file,words\na.mp4,x\n")
    with pytest.raises(DataError, match="has the columns file, words; one must be called caption"):
        own_videos(tmp_path, Report())
    (tmp_path / "b.csv").write_text("file,caption\n")
    with pytest.raises(DataError, match="several CSV files"):
        own_videos(tmp_path, Report())
