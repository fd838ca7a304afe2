"""A folder of videos, good and damaged, as a data set: whole, the same each time, and with a reason for every loss."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from seqgan.data.check import check_data
from seqgan.data.manifest import Record
from seqgan.data.readers.entries import Report
from seqgan.data.readers.videos import own_videos
from seqgan.data.sequences import SequenceData
from seqgan.data.videos import prepare
from seqgan.data.videos.cutting import Cut
from seqgan.data.videos.prepare import prepare_clips
from seqgan.data.watched import Lost
from seqgan.errors import DataError, InterruptedRun
from tests.fixtures.make_videos import damaged_videos, own_folder, scene, write_video

CUT = Cut(frames=10, fps=25, size=32)


def _prepare(folder: Path, out: Path, **words: object) -> tuple[Record, Record]:
    report = Report()
    return prepare_clips(out, own_videos(folder, report), CUT, report, progress=False, **words)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return own_folder(tmp_path_factory.mktemp("own") / "my-videos")


def test_good_videos_become_clips_and_damage_is_named(folder: Path, tmp_path: Path) -> None:
    about, record = _prepare(folder, tmp_path / "set", workers=2, seconds=120.0)
    assert check_data(tmp_path / "set") == []
    assert json.loads((tmp_path / "set/report.json").read_text()) == json.loads(json.dumps(record))
    assert (about["fps"], about["frames"], about["length"], about["groups"]) == (
        25,
        10,
        1,
        {"categories": ["early", "late"]},
    )
    data = SequenceData.open(tmp_path / "set", tuple(about["counts"]))
    assert len(data) == about["clips"] == record["totals"]["clips"] == 20
    told = {clip["id"]: clip for clip in data.clips}
    assert told["dance.mp4/000"]["text"] == ["a red square dances", "something moves"]
    assert told["long.mkv/000"]["labels"] == {"categories": ["early"]}
    assert told["square_runs_over_blocks.avi/000"]["text"] == ["square runs over blocks"]
    videos = {video["id"]: video for video in record["videos"]}
    assert videos["told.mp4"]["licence"] == "CC BY"
    damaged = {name: video["failed"] for name, video in videos.items() if "failed" in video}
    assert damaged.keys() == {f"{name}.{'mkv' if name in ('noise', 'no-frames', 'one-pixel') else 'mp4'}" for name in (
        "empty", "text", "playlist", "truncated", "noise", "sound", "cover", "no-frames", "one-pixel")}  # fmt: skip
    assert [line.split(":")[0] for line in about["left_out"]] == ["captions.csv line 4", "captions.csv line 5"]
    assert not (tmp_path / "set.work").exists()


def test_the_set_is_the_same_however_it_came_about(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = tmp_path / "good"
    good.mkdir()
    for name in ("dance.mp4", "dance.txt", "told.mp4", "told.json"):
        shutil.copy(folder / name, good)
    whole, _ = _prepare(good, tmp_path / "whole", keep=True)
    made = {path.name: (path / "record.json").stat().st_mtime_ns for path in (tmp_path / "whole.work").iterdir()
            if path.is_dir()}  # fmt: skip
    write_video(good / "third_red_square_again.mp4", scene(7, 30))
    true = prepare.watched

    def interrupted(*words: object) -> object:
        yield next(true(*words))  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(prepare, "watched", interrupted)
    with pytest.raises(InterruptedRun, match="run the same command again to go on"):
        _prepare(good, tmp_path / "whole", keep=True)
    monkeypatch.undo()
    more, record = _prepare(good, tmp_path / "whole", keep=True, workers=2)
    assert {name: (tmp_path / "whole.work" / name / "record.json").stat().st_mtime_ns for name in made} == made
    assert (len(record["videos"]), more["hash"] != whole["hash"]) == (3, True)
    fresh, _ = _prepare(good, tmp_path / "fresh")
    assert fresh["hash"] == more["hash"]


def test_copies_stand_in_one_split(tmp_path: Path) -> None:
    for number in range(5):
        write_video(tmp_path / "v" / f"scene number {number}.mkv", scene(number, 25), codec="ffv1", pix_fmt="bgr0")
        write_video(tmp_path / "v" / f"worse copy number {number}.mp4", scene(number, 25), options={"crf": "20"})
    shutil.copy(tmp_path / "v/scene number 0.mkv", tmp_path / "v/the same file.mkv")
    for written in (tmp_path / "v").iterdir():
        written.with_suffix(".txt").write_text("a red square moves\n")
    about, record = _prepare(tmp_path / "v", tmp_path / "set", workers=2)
    assert about["counts"]["val"] and about["counts"]["test"]
    assert next(video for video in record["videos"] if video["id"] == "the same file.mkv")["failed"] == (
        "is the same file as scene number 0.mkv"
    )
    split = {each["id"].split("/")[0]: name for name in about["counts"]
             for each in SequenceData.open(tmp_path / "set", name).records}  # fmt: skip
    assert all(split[f"scene number {n}.mkv"] == split[f"worse copy number {n}.mp4"] for n in range(5))
    assert check_data(tmp_path / "set") == []


def test_without_a_clip_the_report_tells_why(tmp_path: Path) -> None:
    damaged_videos(tmp_path / "v")
    with pytest.raises(DataError, match=r"no clip is left of 9 videos; see why in .*report.json"):
        _prepare(tmp_path / "v", tmp_path / "set")
    record = json.loads((tmp_path / "set.work/report.json").read_text())
    assert record["totals"]["failed"] == 9 and not (tmp_path / "set").exists()


def test_what_hangs_is_given_up(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "watched", lambda *words: iter([(0, Lost("took longer than 1 s"))]))
    with pytest.raises(DataError, match="no clip is left"):
        _prepare(folder, tmp_path / "set")
    record = json.loads((tmp_path / "set.work/report.json").read_text())
    assert "took longer than 1 s" in [video.get("failed") for video in record["videos"]]


def test_frames_are_those_of_the_film(tmp_path: Path) -> None:
    made = scene(1, 12, (64, 64))
    write_video(tmp_path / "v/one red square.mkv", made, codec="ffv1", pix_fmt="bgr0")
    report = Report()
    cut = Cut(frames=10, fps=25, size=64)
    about, _ = prepare_clips(tmp_path / "set", own_videos(tmp_path / "v", report), cut, report, progress=False)
    assert about["counts"] == {"train": 1}
    np.testing.assert_array_equal(SequenceData.open(tmp_path / "set", "train").frames, made[:10])
