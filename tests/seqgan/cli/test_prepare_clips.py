"""`data prepare clips`: from a folder to a set, and what is said of the losses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from seqgan.cli.main import run
from seqgan.data.check import check_data
from seqgan.data.sequences import SequenceData
from tests.fixtures.make_videos import damaged_videos, scene, write_video


def _words(folder: Path) -> list[str]:
    """Prepare the films in `folder`/v."""
    options = ["-o", str(folder / "set"), "--frames", "10", "--size", "32"]
    return ["data", "prepare", "clips", str(folder / "v"), *options]


def test_a_folder_becomes_a_set_and_losses_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damaged_videos(tmp_path / "v")
    for path in (tmp_path / "v").iterdir():
        path.with_suffix(".txt").write_text("a damaged file\n")
    write_video(tmp_path / "v/one red square.mp4", scene(1, 30))
    words = _words(tmp_path)
    assert run([*words, "--workers", "2"]) == 0
    shown = capsys.readouterr().out
    assert "1 of 10 videos gave 3 clips: 1.2 of 1.2 s." in shown
    assert "9 videos gave no clip:" in shown and "one-pixel.mkv: has 1x1 pixels" in shown
    assert f"all of it, shot by shot: {tmp_path / 'set' / 'report.json'}" in shown
    assert check_data(tmp_path / "set") == []


def test_ucf_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, name in enumerate(("JumpRope_g01_c01", "JumpRope_g01_c02", "TaiChi_g01_c01", "TaiChi_g02_c01")):
        write_video(tmp_path / "v" / name.split("_")[0] / f"v_{name}.avi", scene(number, 12), codec="mpeg4")
    words = _words(tmp_path)
    assert run([*words, "--shots", "none", "--camera", "any", "--workers", "1", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["clips"], sum(record["counts"].values()), record["report"]["failed"]) == (4, 4, 0)
    data = SequenceData.open(tmp_path / "set", tuple(record["counts"]))
    assert data.about["groups"] == {"categories": ["jump rope", "tai chi"]}
    assert {caption for captions in data.captions for caption in captions} == {"jump rope", "tai chi"}
    assert len(set(data.sources)) == 3
    assert run(["data", "stats", str(tmp_path / "set")]) == 0
