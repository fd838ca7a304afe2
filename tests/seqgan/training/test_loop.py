"""The loop: exact resume, signals, rates, and a run folder that survives a kill."""

import json
import os
import signal
from pathlib import Path

import pytest
import torch

from seqgan.checkpoints.format import read_config, read_weights
from seqgan.data.theatre.prepare import prepare
from seqgan.errors import CheckpointError, ConfigError
from seqgan.losses.means import Mean, mean
from seqgan.resources import asset
from seqgan.training.loop import LoopOptions, train
from seqgan.training.run_dir import RunDir
from seqgan.training.runtime import Runtime
from seqgan.training.train import run_training

SMALL = ["network.width=4", "network.d_width=4", "network.gist=8", "network.maps=2", "training.batch=2"]
LOOP = "loop={log_every: 5, sheet_every: 1000, save_every: 1000}"


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("theatre") / "data"
    prepare(asset("cast", "fluent"), folder, {"train": 6, "val": 2}, (32, 48), 3, 1, False)
    return folder


def _run(stories: Path, run: Path, images: int, *changes: str, init: Path | None = None) -> Path:
    return run_training(
        "storygan_theatre", stories, run, changes=[*SMALL, LOOP, *changes], init=init, max_images=images,
        device="cpu", precision="float32", quiet=True,
    )  # fmt: skip


def test_half_and_resumed_half_equal_the_whole(stories: Path, tmp_path: Path) -> None:
    keep = "loop={log_every: 5, sheet_every: 1000, save_every: 1000, decay_from: 1.0}"
    whole = read_weights(_run(stories, tmp_path / "whole", 40, keep))
    _run(stories, tmp_path / "halves", 20, keep)
    halves = read_weights(_run(stories, tmp_path / "halves", 40, keep))
    assert all(torch.equal(whole[name], halves[name]) for name in whole)


def test_a_run_leaves_a_log_options_and_a_checkpoint(stories: Path, tmp_path: Path) -> None:
    folder = _run(stories, tmp_path / "run", 30)
    records = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert {"g.l1", "g.frame", "g.story", "d.frame_wrong", "d.story_fake"} <= records[-1]["terms"].keys()
    assert json.loads((tmp_path / "run" / "options.json").read_text())["parameters"]["g"] > 0
    assert read_config(folder)["vocabulary"][:2] == ["<pad>", "<unk>"]


def test_init_starts_from_weights_and_keeps_old_words(stories: Path, tmp_path: Path) -> None:
    first = _run(stories, tmp_path / "first", 10)
    second = _run(stories, tmp_path / "second", 10, "training.lr_g=0.0", "training.lr_d=0.0", init=first)
    before, after = read_weights(first), read_weights(second)
    assert torch.equal(before["frame.project.weight"], after["frame.project.weight"])
    assert read_config(first)["vocabulary_hash"] == read_config(second)["vocabulary_hash"]


def test_an_unknown_setting_names_the_nearest(stories: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"training\.batch"):
        _run(stories, tmp_path / "run", 10, "training.bath=3")


def test_a_damaged_state_is_told(tmp_path: Path) -> None:
    run = RunDir(tmp_path)
    (tmp_path / "state.pt").write_bytes(b"not a state")
    with pytest.raises(CheckpointError, match=r"state\.pt"):
        run.load()


def test_a_cut_off_log_line_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text('{"images": 1, "terms": {}}\n{"images": 2, "te')
    assert [record["images"] for record in RunDir(tmp_path).read_log()] == [1]


class _Counting:
    """A task of one number whose batches are counted; step 3 sends the signal of a scheduler."""

    def __init__(self) -> None:
        from seqgan.training.ema import Ema
        from seqgan.training.phases import Phase

        self.g = torch.nn.Linear(1, 1)
        self.networks = {"g": self.g}
        self.phases = [Phase.adam("g", [(self.g, 1.0)], 0.1, (0.5, 0.9))]
        self.ema = Ema(self.g, 10)
        self.steps: list[int] = []

    def batch(self, step: int) -> int:
        self.steps.append(step)
        if step == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        return step

    def images(self, batch: int) -> int:
        return 1

    def losses(self, phase: str, batch: int, noise: torch.Generator) -> dict[str, Mean]:
        value = self.g(torch.ones(1, 1)).square().sum()
        return {"square": mean(value * float("nan") if batch < 0 else value)}


def test_sigterm_saves_and_returns(tmp_path: Path) -> None:
    task, runtime = _Counting(), Runtime.choose("cpu", "float32")
    train(task, RunDir(tmp_path), runtime, LoopOptions(images=100, quiet=True))  # type: ignore[arg-type]
    assert task.steps == [0, 1, 2, 3]
    state = RunDir(tmp_path).load()
    assert state is not None and state["step"] == 4


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="this system has no SIGUSR1")
def test_sigusr1_saves_and_goes_on(tmp_path: Path) -> None:
    task, saved = _Counting(), []
    task.batch = lambda step: os.kill(os.getpid(), signal.SIGUSR1) or step if step == 3 else step  # type: ignore
    run = RunDir(tmp_path)
    run.save = lambda state: saved.append(state["step"])  # type: ignore[method-assign]
    train(task, run, Runtime.choose("cpu", "float32"), LoopOptions(images=6, quiet=True))  # type: ignore[arg-type]
    assert saved == [4, 6]


def test_a_loss_that_is_no_number_stops_the_run(tmp_path: Path) -> None:
    task = _Counting()
    task.batch = lambda step: -1  # type: ignore[method-assign]
    with pytest.raises(FloatingPointError, match="phase g: a loss or gradient is not finite"):
        train(task, RunDir(tmp_path), Runtime.choose("cpu", "float32"), LoopOptions(images=9, quiet=True))  # type: ignore[arg-type]


def test_a_wrong_precision_is_told() -> None:
    with pytest.raises(ConfigError, match="float32"):
        Runtime.choose("cpu", "float8")
