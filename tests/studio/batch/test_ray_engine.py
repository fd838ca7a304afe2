"""A batch on Ray: two workers on this machine draw what one process draws."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from studio.batch import BatchOptions, RaySettings, Story, run_batch
from studio.batch.ray_engine import _cluster
from studio.cli.main import run
from studio.errors import CancelledError

pytestmark = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed (the extra ray)")
PLACES = {"snow": "in the snow", "forest": "in the forest", "beach": "on the beach"}


@pytest.fixture
def stories(tmp_path) -> Path:
    path = tmp_path / "stories.jsonl"
    told = [{"id": name, "story": f"Mia walks {where}. She waves."} for name, where in PLACES.items()]
    path.write_text("\n".join(map(json.dumps, told)), encoding="utf-8")
    return path


def pictures(folder: Path) -> dict[str, bytes]:
    """The exported panels."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.glob("*-panels/*.png")}


def ray_env(home: Path) -> dict[str, str]:
    env = {**os.environ, "RAY_worker_niceness": "0", "HOME": str(home)}
    env.pop("RAY_ADDRESS", None)
    return env


def skip_if_busy(said: str) -> None:
    if "timed out during startup" in said:
        pytest.skip("this machine is too busy: Ray gives itself half a minute to start")


def on_ray(words: list[str], home: Path) -> dict:
    """Run a command that draws on Ray and return its result; Ray is a process of its own, and so are its warnings."""
    command = [sys.executable, "-m", "studio", *words]
    done = subprocess.run(command, env=ray_env(home), capture_output=True, text=True, check=False)
    skip_if_busy(done.stderr)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_two_workers_draw_what_one_process_draws(stories, tmp_path, capsys) -> None:
    words = ["batch", str(stories), "-o", str(tmp_path / "ray"), "--draw-with", "stage", "--to", "png"]
    result = on_ray([*words, "--engine", "ray", "--workers", "2", "--json"], tmp_path)
    assert (result["done"], result["failed"]) == (3, 0)
    told = [Story(name, f"Mia walks {where}. She waves.") for name, where in PLACES.items()]
    run_batch(told, tmp_path / "here", BatchOptions(draw_with="stage", formats=("png",)))
    assert len(pictures(tmp_path / "ray")) == 6
    assert pictures(tmp_path / "ray") == pictures(tmp_path / "here")
    records = [json.loads(line) for line in (tmp_path / "ray/batch.jsonl").read_text().splitlines()]
    assert len({record["process"] for record in records}) == 2, "one worker drew everything"
    assert not list((tmp_path / "ray").glob(".ray-*")) and not (tmp_path / ".ray").exists()
    assert run([*words, "--engine", "ray", "--skip-existing"]) == 0  # nothing is left, so that Ray is not started
    assert "3 skipped" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals are a matter of POSIX")
def test_sigterm_stops_ray_after_the_panel_and_the_same_command_goes_on(tmp_path, capsys) -> None:
    path, panels = tmp_path / "s.jsonl", 150
    told = {"first": "Mia walks.", "long": " ".join(["Mia walks in the snow."] * panels)}
    path.write_text("\n".join(json.dumps({"id": name, "story": story}) for name, story in told.items()))
    words = ["batch", str(path), "-o", str(tmp_path / "o"), "--draw-with", "stage"]
    command = [sys.executable, "-m", "studio", *words, "--engine", "ray", "--workers", "2"]
    env = ray_env(tmp_path)
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        started = time.monotonic()
        while not any((tmp_path / "o/long.board").glob("media/**/*.png")) and process.poll() is None:
            assert time.monotonic() - started < 240, "no panel was drawn"
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        said, noise = process.communicate(timeout=120)
    skip_if_busy(noise)
    assert process.returncode == 130, noise
    assert "stopped: the same command with --skip-existing draws the rest" in said and "Traceback" not in noise
    rows = [json.loads(line) for line in (tmp_path / "o/batch.jsonl").read_text().splitlines()]
    last = next(row for row in reversed(rows) if row["id"] == "long")  # the first may be stopped after it
    assert last["outcome"] == "stopped" and 0 < last["drawn"] < panels
    assert not list((tmp_path / "o").glob(".ray-*"))
    assert run([*words, "--skip-existing", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["failed"] == 0
    rest = json.loads((tmp_path / "o/batch.jsonl").read_text().splitlines()[-1])
    assert rest["ready"] == panels and rest["drawn"] == panels - last["drawn"]


@pytest.fixture
def sigterm(monkeypatch) -> Iterator[list[int]]:
    """The signals that our handler hears; Ray is not started, but takes the signal for itself as `ray.init` does."""
    import ray

    def init(*_words: object, **_options: object) -> None:
        signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(number))

    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: heard.append(number))
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setattr(ray, "init", init)
    yield heard
    signal.signal(signal.SIGTERM, before)


def test_sigterm_is_heard_by_the_command_and_not_by_ray(sigterm) -> None:
    with _cluster(RaySettings()):
        signal.raise_signal(signal.SIGTERM)
    assert sigterm == [signal.SIGTERM]


def test_sigterm_while_ray_starts_is_no_error_of_it(sigterm, monkeypatch) -> None:
    import ray

    init = ray.init

    def told_to_end(*words: object, **options: object) -> None:
        init(*words, **options)
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(ray, "init", told_to_end)
    with pytest.raises(CancelledError, match="while Ray was starting"), _cluster(RaySettings()):
        pass
