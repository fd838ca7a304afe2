"""A batch on Ray: two workers on this machine draw what one process draws."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
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


def on_ray(words: list[str], home: Path) -> dict:
    """Run a command that draws on Ray and return its result; Ray is a process of its own, and so are its warnings."""
    env = {**os.environ, "RAY_worker_niceness": "0", "HOME": str(home)}
    env.pop("RAY_ADDRESS", None)
    done = subprocess.run(
        [sys.executable, "-m", "studio", *words], env=env, capture_output=True, text=True, check=False
    )
    if "timed out during startup" in done.stderr:
        pytest.skip("this machine is too busy: Ray gives itself half a minute to start")
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
