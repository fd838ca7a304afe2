"""The loop: exact resume, signals, rates, and a run folder that survives a kill."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from seqgan.checkpoints.format import read_config, read_weights
from seqgan.data.theatre.prepare import prepare
from seqgan.errors import CheckpointError, ConfigError, DataError, TrainingError
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
    assert torch.equal(before["frame.project.1.weight"], after["frame.project.1.weight"])
    assert read_config(first)["vocabulary_hash"] == read_config(second)["vocabulary_hash"]


def test_an_unknown_setting_names_the_nearest(stories: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"training\.batch"):
        _run(stories, tmp_path / "run", 10, "training.bath=3")


def test_a_damaged_state_is_told(tmp_path: Path) -> None:
    run = RunDir(tmp_path)
    (tmp_path / "state.pt").write_bytes(b"not a state")
    with pytest.raises(CheckpointError, match=r"state\.pt"):
        run.load()


_HOLDER = """
import sys, time
from pathlib import Path
from seqgan.training.run_dir import RunDir
with RunDir(Path(sys.argv[1])).held():
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_folder_that_another_process_trains_is_left_alone_until_that_one_ends(stories: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    with subprocess.Popen([sys.executable, "-c", _HOLDER, str(run)], stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout is not None and other.stdout.readline() == "held\n"
            with pytest.raises(TrainingError, match="is being trained by another process; .* choose another --run-dir"):
                _run(stories, run, 10)
            assert not (run / "options.json").exists() and not (run / "log.jsonl").exists()
        finally:
            other.kill()
    assert _run(stories, run, 10).is_dir()


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
        self.epoch = 10
        self.scores = [0.0]

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

    def sheet(self) -> np.ndarray:
        return np.zeros((2, 2, 3), np.uint8)

    def validate(self) -> dict[str, float]:
        return {"score": self.scores.pop(0)}


def test_sigterm_saves_and_returns(tmp_path: Path) -> None:
    task, runtime = _Counting(), Runtime.choose("cpu", "float32")
    train(task, RunDir(tmp_path), runtime, LoopOptions(images=100, quiet=True))  # type: ignore[arg-type]
    assert task.steps == [0, 1, 2, 3]
    state = RunDir(tmp_path).load()
    assert state is not None and state["step"] == 4


def test_a_file_in_the_run_folder_stops_it_like_a_signal(tmp_path: Path) -> None:
    task, runtime = _Counting(), Runtime.choose("cpu", "float32")
    task.batch = lambda step: (tmp_path / "stop").touch() or step if step == 2 else step  # type: ignore
    train(task, RunDir(tmp_path), runtime, LoopOptions(images=100, quiet=True))  # type: ignore[arg-type]
    state = RunDir(tmp_path).load()
    assert state is not None and state["step"] == 3
    assert not (tmp_path / "stop").exists()  # the same command goes on


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
    before = task.g.weight.detach().clone()
    with pytest.raises(TrainingError, match=r"phase g: .*not finite \(square nan\).*saved last is kept"):
        train(task, RunDir(tmp_path), Runtime.choose("cpu", "float32"), LoopOptions(images=9, quiet=True))  # type: ignore[arg-type]
    assert torch.equal(task.g.weight, before)


class _Sums(_Counting):
    """The loss of batch k is k times the weight."""

    def losses(self, phase: str, batch: int, noise: torch.Generator) -> dict[str, Mean]:
        return {"times": mean(batch * self.g.weight)}


def test_accumulated_batches_make_one_step_of_their_mean(tmp_path: Path) -> None:
    task = _Sums()
    task.phases[0].optimizer = torch.optim.SGD(task.g.parameters(), 1.0)
    task.batch = lambda step: task.steps.append(step) or step  # type: ignore[method-assign, func-returns-value]
    before = task.g.weight.item()
    options = LoopOptions(images=4, accumulate=2, schedule="constant", quiet=True)
    train(task, RunDir(tmp_path), Runtime.choose("cpu", "float32"), options)  # type: ignore[arg-type]
    assert task.steps == [0, 1, 2, 3]
    assert task.g.weight.item() == pytest.approx(before - (0 + 1) / 2 - (2 + 3) / 2)


def test_the_newest_the_best_and_every_kth_checkpoint_are_kept(tmp_path: Path) -> None:
    task, run, written = _Counting(), RunDir(tmp_path), []
    task.batch = lambda step: step  # type: ignore[method-assign]
    task.scores = [0.5, 0.4, 0.7]
    options = LoopOptions(images=6, sheet_every=2, keep_every=3, quiet=True)
    export = lambda folder, _: written.append(folder.relative_to(tmp_path).as_posix())  # noqa: E731
    train(task, run, Runtime.choose("cpu", "float32"), options, export)  # type: ignore[arg-type]
    assert written == ["best", "kept/000000003", "best", "kept/000000006", "checkpoint"]
    assert run.best() == 0.7


def test_a_full_disk_is_told_and_leaves_the_last_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = RunDir(tmp_path)
    run.save({"step": 1})

    def full(_state: object, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(TrainingError, match=r"state\.pt could not be written \(No space left on device\); make room"):
        run.save({"step": 2})
    assert run.load() == {"step": 1}
    assert not (tmp_path / "state.pt.tmp").exists()


def test_a_run_of_another_preset_is_refused(stories: Path, tmp_path: Path) -> None:
    _run(stories, tmp_path / "run", 8)
    with pytest.raises(ConfigError, match="holds a run of storygan_theatre, not of theatre_judge"):
        run_training("theatre_judge", stories, tmp_path / "run", changes=["width=4"], device="cpu", quiet=True)


def test_fewer_stories_than_a_batch_are_told(stories: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="6 samples, a batch takes 7"):
        _run(stories, tmp_path / "run", 8, "training.batch=7")


def test_a_dry_run_says_what_memory_is_needed(
    stories: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_training(
        "storygan_theatre", stories, tmp_path / "run", changes=SMALL, device="cpu", precision="float32", dry_run=True
    )
    record = json.loads(capsys.readouterr().out)
    memory, count = record["memory_mib"], sum(record["parameters"].values())
    assert memory["optimizer"] == pytest.approx(8 * count / 2**20, abs=0.1)
    assert memory["weights"] == pytest.approx(4 * count / 2**20, rel=0.1)  # and the numbers of norms
    assert memory["step"] > memory["optimizer"] / 2  # gradients, and what they are made of
    assert memory["total"] == pytest.approx(sum(size for name, size in memory.items() if name != "total"), abs=0.3)
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning:torch", "ignore:The .grad attribute", "ignore::DeprecationWarning")
def test_compiled_training_gives_the_same_weights(stories: Path, tmp_path: Path) -> None:
    plain = read_weights(_run(stories, tmp_path / "plain", 10))
    compiled = run_training(
        "storygan_theatre", stories, tmp_path / "compiled", changes=[*SMALL, LOOP], max_images=10, device="cpu",
        precision="float32", compiled=True, quiet=True,
    )  # fmt: skip
    weights = read_weights(compiled)
    assert plain.keys() == weights.keys()
    assert max((plain[name] - weights[name]).abs().max().item() for name in plain) < 2e-3


def test_a_wrong_precision_is_told() -> None:
    with pytest.raises(ConfigError, match="float32"):
        Runtime.choose("cpu", "float8")


def test_what_is_logged_reaches_tensorboard(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    run = RunDir(tmp_path)
    run.log({"images": 10, "terms": {"g.l1": 0.5}})
    run.log({"images": 20, "terms": {"g.l1": 0.25}, "val": {"score": 0.75}})
    run.close()
    events = EventAccumulator(str(tmp_path / "tensorboard"))
    events.Reload()
    assert [(event.step, event.value) for event in events.Scalars("terms/g.l1")] == [(10, 0.5), (20, 0.25)]
    assert [event.value for event in events.Scalars("val/score")] == [0.75]
