"""`studio batch` as a person types it: many stories, shards, what is said when it fails."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from studio.cli.batch import read_shard
from studio.cli.console import Interruptible
from studio.cli.main import run

STORIES = {
    "snow": "Mia walks in the snow. She waves.",
    "nap": "Otto the owl sleeps in the forest.",
    "beach": "Ruby jumps on the beach.",
}
STAGE = ["--draw-with", "stage"]
FILM = ["--to", "mp4,gif,png,pdf", "--size", "320x180", "--fps", "8"]


@pytest.fixture
def stories(tmp_path) -> Path:
    """A file of three stories, the last with a seed of its own."""
    told = [{"id": name, "story": text} for name, text in STORIES.items()]
    told[-1]["seed"] = 5  # type: ignore[assignment]
    path = tmp_path / "stories.jsonl"
    path.write_text("\n".join(map(json.dumps, told)), encoding="utf-8")
    return path


def films(folder: Path) -> dict[str, bytes]:
    """All files that are neither a report nor of a board."""
    found = [path for path in folder.rglob("*") if path.is_file() and ".board" not in str(path.relative_to(folder))]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found if path.suffix != ".jsonl"}


def pictures(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*.board/media/**/*.png")}


def test_each_story_gives_the_bytes_of_studio_film(stories, tmp_path, capsys) -> None:
    assert run(["batch", str(stories), "-o", str(tmp_path / "many"), *STAGE, *FILM]) == 0
    assert "3 done" in capsys.readouterr().out
    for name, text in STORIES.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
        seed = ["--seed", "5"] if name == "beach" else []
        alone = [
            "film",
            str(tmp_path / f"{name}.txt"),
            "-o",
            str(tmp_path / "alone"),
            "--engine",
            "stage",
            *FILM,
            *seed,
        ]
        assert run(alone) == 0
    assert len(films(tmp_path / "many")) == 13
    assert films(tmp_path / "many") == films(tmp_path / "alone")
    assert pictures(tmp_path / "many") == pictures(tmp_path / "alone")


def test_shards_share_the_stories_and_one_run_finds_what_they_did(stories, tmp_path, capsys) -> None:
    for shard, count in (("1/2", 2), ("2/2", 1)):
        assert run(["batch", str(stories), "-o", str(tmp_path), "--shard", shard, *STAGE, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["done"] == count
    assert sorted(path.name for path in tmp_path.glob("batch*")) == ["batch-1-of-2.jsonl", "batch-2-of-2.jsonl"]
    assert run(["batch", str(stories), "-o", str(tmp_path), "--skip-existing", *STAGE, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["skipped"] == 3
    assert run(["batch", str(stories), "-o", str(tmp_path), "--shard", "4/4", *STAGE]) == 0
    assert "no story in this shard" in capsys.readouterr().out


def test_exit_codes_and_what_is_said(stories, tmp_path, capsys) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text("no json\n")
    assert run(["batch", str(bad), "-o", str(tmp_path / "o"), *STAGE]) == 1
    said = capsys.readouterr()
    assert "1 failed" in said.out and "bad.jsonl:1 is no JSON" in said.err
    assert run(["batch", str(bad), str(stories), "-o", str(tmp_path / "o"), *STAGE, "--json"]) == 3
    result = json.loads(capsys.readouterr().out)
    assert (result["done"], result["failed"], result["stories"][0]["source"]) == (3, 1, f"{bad}:1")
    bad.write_text("\n")
    for words, message in (
        ([str(bad)], "holds no story"),
        ([str(tmp_path / "no.jsonl")], "there is no file"),
        ([str(stories), "--model", "nosuch", "--draw-with", "gan"], "--draw-with stage"),
        ([str(stories), "--to", "avi"], "avi"),
        ([str(stories), "--fps", "0"], "fps 0"),
    ):
        assert run(["batch", "-o", str(tmp_path / "x"), *STAGE, *words]) == 1
        error = capsys.readouterr().err
        assert message in error and error.startswith("error: ")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("words", [["--shard", "3/2"], ["--shard", "0/2"], ["--shard", "one"], ["--workers", "2"]])
def test_wrong_usage_exits_2(words, stories, tmp_path, capsys) -> None:
    assert run(["batch", str(stories), "-o", str(tmp_path / "x"), *STAGE, *words]) == 2
    assert words[0] in capsys.readouterr().err


def test_a_key_that_is_not_read_is_noted(tmp_path, capsys) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text('{"id": "a", "story": "Mia walks.", "sead": 3}')
    assert run(["batch", str(path), "-o", str(tmp_path), *STAGE]) == 0
    assert 'sead\\" is not read' in capsys.readouterr().err


def test_shards_are_read() -> None:
    assert [read_shard(text) for text in ("1/1", "2/8")] == [(1, 1), (2, 8)]


@pytest.mark.skipif(os.name == "nt", reason="signals are a matter of POSIX")
def test_sigterm_stops_after_the_panel_and_the_same_command_goes_on(tmp_path, capsys) -> None:
    path, panels = tmp_path / "s.jsonl", 100
    told = {"first": "Mia walks.", "long": " ".join(["Mia walks in the snow."] * panels)}
    path.write_text("\n".join(json.dumps({"id": name, "story": story}) for name, story in told.items()))
    words = ["batch", str(path), "-o", str(tmp_path / "o"), *STAGE]
    deaf = ["sh", "-c", 'trap "" INT; exec "$@"', "sh"]  # what a script starts in the background ignores Ctrl-C
    command = [*deaf, sys.executable, "-m", "studio", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        started = time.monotonic()
        while not any((tmp_path / "o/long.board").glob("media/**/*.png")) and time.monotonic() - started < 60:
            time.sleep(0.02)
        for _ in range(2):  # to the process and to its group, as schedulers do
            process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"1 done, 1 stopped; stopped: the same command with --skip-existing draws the rest" in said
    last = json.loads((tmp_path / "o/batch.jsonl").read_text().splitlines()[-1])
    assert last["outcome"] == "stopped" and 0 < last["drawn"] < panels
    assert run([*words, "--skip-existing", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["skipped"], result["done"]) == (1, 1)
    rest = json.loads((tmp_path / "o/batch.jsonl").read_text().splitlines()[-1])
    assert rest["drawn"] == panels - last["drawn"] and rest["ready"] == panels


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_only_a_second_ctrl_c_stops_at_once(number) -> None:
    before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    with Interruptible() as stop:
        assert not stop()
        signal.raise_signal(number)
        assert stop()
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == before


def test_ray_that_is_not_there_names_the_extra(stories, tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "ray.data", None)
    monkeypatch.setitem(sys.modules, "ray", None)
    assert run(["batch", str(stories), "-o", str(tmp_path / "x"), *STAGE, "--engine", "ray"]) == 1
    assert "seqgan-studio[ray]" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
