"""Two processes that share a batch take the very step that one process takes: every kind of task, gloo, float32."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
import torch
import torch.multiprocessing as mp

from seqgan.data.theatre.prepare import prepare
from seqgan.errors import ConfigError
from seqgan.losses.means import mean
from seqgan.presets import preset
from seqgan.resources import asset
from seqgan.training.judge_training import JudgeOptions, judge_task
from seqgan.training.launch import launch
from seqgan.training.loop import LoopOptions, _run_phase
from seqgan.training.runtime import Runtime
from seqgan.training.task import Task
from seqgan.training.tasks.judge import JudgeTraining
from seqgan.training.train import _story_task, resolve

STEPS = 2
STORY = ["network.width=4", "network.figure=4", "network.d_width=4", "network.gist=8", "network.maps=2",
         "training.batch=4", "training.lr_g=1e-4", "training.lr_d=1e-4", "training.augment=color,translation",
         "training.r1=1", "training.penalty_every=1"]  # fmt: skip
KINDS = ("story", "relativistic story", "judge")


def _task(kind: str, data: Path, runtime: Runtime) -> Task:
    if kind == "judge":
        options = JudgeOptions(width=4, training=JudgeTraining(batch=6, lr=1e-4))
        return judge_task(options, data, runtime)[0]
    changes = [*STORY, "training.adversarial=relativistic"] if kind.startswith("relativistic") else STORY
    return _story_task(resolve(preset("storygan_theatre"), changes), data, None, runtime)[0]


def _steps(kind: str, data: Path, runtime: Runtime) -> dict[str, torch.Tensor]:
    """Terms and weights after some steps."""
    torch.set_num_threads(1)
    task, found = _task(kind, data, runtime), {}
    runtime.prepare(*task.networks.values(), task.ema.model)
    for step in range(STEPS):
        batch = task.batch(step)
        for phase in task.phases:
            terms = _run_phase(task, phase, batch, step, runtime, LoopOptions(images=100))
            for name, value in terms.items():
                found[f"{step} {name}"] = runtime.total(value) / runtime.world
            for number, parameter in enumerate(phase.optimizer.param_groups[0]["params"]):
                if step == 0 and parameter.grad is not None:  # Adam then makes rounding as large as its step
                    found[f"0 {phase.name} gradient {number}"] = parameter.grad.clone()
        found[f"{step} images"] = torch.tensor(float(task.images(batch)))
    return found | {f"end {name}": value.float() for name, value in task.networks["g"].state_dict().items()}


def _worker(rank: int, port: int, kind: str, data: Path, out: Path) -> None:
    os.environ.update(
        RANK=str(rank), LOCAL_RANK=str(rank), WORLD_SIZE="2", MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port)
    )
    runtime = Runtime.choose("cpu", "float32")
    torch.save(_steps(kind, data, runtime), out / f"{rank}.pt")
    ragged = torch.full((1 + rank, 2), float(rank), requires_grad=True)
    rows = runtime.gather(ragged)
    rows.square().sum().backward()
    halves = {"a": mean(torch.arange(1 + 2 * rank, dtype=torch.float32))}
    shared = runtime.total(runtime.shares(halves)["a"]) / 2
    torch.save([rows.detach(), ragged.grad, shared, runtime.any(rank == 1)], out / f"gathered{rank}.pt")
    runtime.leave()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("theatre") / "data"
    prepare(asset("cast", "fluent"), folder, {"train": 8, "val": 2, "test_unseen": 2}, (32, 48), 3, 1, False)
    _task("story", folder, Runtime.choose("cpu", "float32"))  # decodes the panels once, before two processes want them
    return folder


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("kind", KINDS)
def test_two_processes_equal_one(kind: str, data: Path, tmp_path: Path) -> None:
    mp.spawn(_worker, (_free_port(), kind, data, tmp_path), nprocs=2)
    alone = _steps(kind, data, Runtime.choose("cpu", "float32"))
    first, second = (torch.load(tmp_path / f"{rank}.pt", weights_only=True) for rank in range(2))
    assert first.keys() == second.keys() == alone.keys()
    for name, value in alone.items():
        torch.testing.assert_close(first[name], second[name], rtol=0, atol=0, msg=name)  # they never drift apart
        near = {"0": 1e-5 * value.abs().max().item() + 1e-7, "1": 1e-3 * value.abs().max().item()}
        if (step := name.split()[0]) in near:
            assert (first[name] - value).abs().max().item() <= near[step], name
    rows, gradient, shared, flag = torch.load(tmp_path / "gathered1.pt", weights_only=True)
    assert rows.tolist() == [[0, 0], [1, 1], [1, 1]]
    assert gradient.tolist() == [[4, 4], [4, 4]]  # both processes asked for the sum of squares
    assert shared.item() == pytest.approx((0 + 0 + 1 + 2) / 4) and flag is True


def test_fewer_stories_than_processes_are_told(data: Path) -> None:
    runtime = Runtime(torch.device("cpu"), False, 0, 8)
    with pytest.raises(ConfigError, match=r"training\.batch"):
        _task("story", data, runtime)


def test_devices_under_torchrun_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(ConfigError, match="leave --devices out"):
        launch(["storygan_theatre"], 2)
