"""The seqgan command from end to end: data prepared, a tiny network trained, drawn with and timed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from seqgan import __version__
from seqgan.cli import prepare_theatre
from seqgan.cli.main import run
from seqgan.errors import InterruptedRun, SeqganError

SMALL = ["network.width=8", "network.d_width=8", "network.maps=4", "network.gist=16", "training.batch=2"]


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "stories"
    counts = "train=4,val=2,test=2,test_unseen=2"
    assert run(["data", "prepare", "theatre", "--stories", counts, "--workers", "1", "-o", str(folder), "--json"]) == 0
    return folder


@pytest.fixture(scope="module")
def checkpoint(stories: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    changes = [word for change in SMALL for word in ("--set", change)]
    words = ["train", "storygan_theatre", "--data", str(stories), "--run-dir", str(folder), "--max-images", "8"]
    assert run([*words, "--device", "cpu", "--precision", "float32", "--threads", "1", *changes]) == 0
    return folder / "checkpoint"


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"seqgan {__version__}\n"
    assert run(["--help"]) == 0
    assert "Commands:" in capsys.readouterr().out


@pytest.mark.parametrize("group", ["data", "data prepare", "bench"])
def test_a_group_alone_shows_its_help(group: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(group.split()) in (0, 2)
    shown = capsys.readouterr()
    assert "Commands:" in shown.out + shown.err


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        "presets", "train", "evaluate", "sample", "data list", "data fetch", "data prepare theatre", "data check",
                  "data stats", "bench sample", "bench train"):  # fmt: skip
        assert run([*words.split(), "--help"]) == 0
        assert "--help" in capsys.readouterr().out


def test_presets(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["presets"]) == 0
    assert "storygan_theatre" in capsys.readouterr().out
    assert run(["presets", "--json"]) == 0
    assert "theatre_judge" in [preset["name"] for preset in json.loads(capsys.readouterr().out)]


def test_data_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", "list"]) == 0
    assert "seqgan data fetch fluent-emoji-3d" in capsys.readouterr().out


def test_data_check_and_stats(stories: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", "check", str(stories)]) == 0
    assert run(["data", "stats", str(stories), "--json"]) == 0
    shown = capsys.readouterr().out
    assert json.loads(shown[shown.index("{") :])["splits"]["train"]["stories"] == 4
    assert run(["data", "stats", str(stories)]) == 0
    assert "pronoun_panels" in capsys.readouterr().out


def test_data_check_says_what_is_missing(stories: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(stories, copy)
    gone = next(copy.glob("media/*/*.png"))
    gone.unlink()
    assert run(["data", "check", str(copy)]) == 1
    assert gone.name in capsys.readouterr().out


def test_data_check_of_the_shipped_cast(capsys: pytest.CaptureFixture[str]) -> None:
    from seqgan.resources import asset

    assert run(["data", "check", str(asset("cast", "fluent")), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["problems"] == []


def test_a_tiny_network_draws(checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from PIL import Image

    out = tmp_path / "sheet.png"
    words = ["sample", str(checkpoint), "--n", "2", "--text", "Mia walks.", "--text", "She waves.", "-o", str(out)]
    assert run([*words, "--device", "cpu"]) == 0
    assert capsys.readouterr().out.strip() == str(out)
    with Image.open(out) as sheet:
        assert sheet.size == (2 * 112 + 4, 2 * 64 + 4)
    assert [path.name for path in tmp_path.iterdir()] == ["sheet.png"]


def test_a_tiny_network_is_timed(checkpoint: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench", "sample", str(checkpoint), "--n", "3", "--device", "cpu", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["size"] == [64, 112]
    assert all(record[measured] > 0 for measured in ("edit_seconds", "story_seconds", "panels_per_second"))


def test_a_run_goes_on_only_if_it_may(checkpoint: Path, stories: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["train", "storygan_theatre", "--data", str(stories), "--run-dir", str(checkpoint.parent)]
    assert run([*words, "--resume", "never"]) == 1
    assert "choose another --run-dir" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["train", "storygan_theater", "--data", "x"], 'did you mean "storygan_theatre"?'),
        (["train", "storygan_theatre", "--data", "nowhere"], "there is no data set 'nowhere'"),
        (["data", "check", "nowhere"], "nowhere is no folder"),
        (["data", "stats", "nowhere"], "known are: synthetic"),
        (["data", "fetch", "emojibas"], 'did you mean "emojibase"?'),
        (["data", "prepare", "theatre", "--cast", "nobody", "-o", "x"], "there is no cast pack 'nobody'"),
        (["sample", "nothing"], "no model 'nothing' is installed"),
        (["bench", "sample", "nothing"], "no model 'nothing' is installed"),
    ],
)
def test_errors_are_one_line(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(words) == 1
    shown = capsys.readouterr().err
    assert shown.startswith("error: ")
    assert message in shown
    assert shown.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [["nonsense"], ["train"], ["train", "x", "--data", "y", "--max-images", "0"],
     ["data", "prepare", "theatre", "-o", "x", "--stories", "many"],
     ["data", "prepare", "theatre", "-o", "x", "--aspect", "wide"],
     ["data", "prepare", "theatre", "-o", "x", "--aspect", "1:100"],
     ["data", "prepare", "theatre", "-o", "x", "--size", "65"]],
)  # fmt: skip
def test_wrong_usage_is_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 2
    assert capsys.readouterr().err


@pytest.mark.parametrize(
    ("height", "aspect", "size"),
    [(64, "16:9", (64, 112)), (128, "16:9", (128, 224)), (64, "1:1", (64, 64)), (112, "9:16", (112, 64))],
)
def test_sizes(height: int, aspect: str, size: tuple[int, int]) -> None:
    assert prepare_theatre.read_size(height, aspect) == size


def test_interruptions_are_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for error in (KeyboardInterrupt(), InterruptedRun("the state is saved")):
        monkeypatch.setattr("seqgan.presets.PRESETS", _Raising(error))
        assert run(["presets"]) == 130
    assert "interrupted: the state is saved" in capsys.readouterr().err


def test_debug_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDIO_DEBUG", "1")
    with pytest.raises(SeqganError):
        run(["sample", "nothing"])


class _Raising:
    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __iter__(self) -> None:
        raise self.error


def test_a_dry_run_of_a_judge(stories: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--data", str(stories), "--set", "training.batch=8", "--set", "width=4", "--device", "cpu", "--dry-run"]
    assert run(["train", "theatre_judge", *words]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["options"]["training"]["batch"] == 8 and record["memory_mib"]["total"] > 0


def test_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "seqgan", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"seqgan {__version__}\n"


def test_synthetic_data_is_made_once(own_home: Path) -> None:
    from seqgan.data.folders import data_folder, data_names

    folder = data_folder("synthetic")
    assert folder == own_home / "data" / "synthetic"
    assert "synthetic" in data_names()  # others of this run may have made theirs
    made = (folder / "dataset.json").stat().st_mtime_ns
    assert data_folder("synthetic") == folder
    assert (folder / "dataset.json").stat().st_mtime_ns == made
