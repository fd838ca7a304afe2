"""Two processes that share a batch take the very step that one process takes: every kind of task, gloo, float32."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch import nn

from seqgan.data.clevr.prepare import write_synthetic
from seqgan.data.theatre.prepare import prepare
from seqgan.errors import ConfigError
from seqgan.layers.batch_norm import share_batch_norm
from seqgan.losses.means import mean
from seqgan.models.char_cnn_rnn import CharTextSizes
from seqgan.presets import preset
from seqgan.resources import asset
from seqgan.training.damsm_setup import DamsmNetwork, DamsmOptions, damsm_task
from seqgan.training.frame_setup import frame_task
from seqgan.training.gtt2v_setup import gtt2v_task
from seqgan.training.judge_training import JudgeOptions, judge_task
from seqgan.training.launch import launch
from seqgan.training.loop import LoopOptions, run_phase
from seqgan.training.picture_judge_setup import PictureJudgeOptions, picture_judge_task
from seqgan.training.run_dir import RunDir
from seqgan.training.runtime import Runtime
from seqgan.training.story_setup import story_task
from seqgan.training.storygan_setup import storygan_task
from seqgan.training.style_setup import StyleOptions, style_task
from seqgan.training.task import Task
from seqgan.training.tasks.damsm import DamsmTraining
from seqgan.training.tasks.judge import JudgeTraining
from seqgan.training.tasks.style import StyleTraining
from seqgan.training.tasks.text import TextTraining
from seqgan.training.text_setup import TextOptions, text_task
from seqgan.training.train import resolve, run_training
from tests.seqgan.tiny_clips import tiny_clips

PATIENCE = 120.0
"""Seconds that a test waits for processes; a busy machine is slow, not wrong."""
STEPS = 2
ROUNDING = 4e-7
"""A few units in the last place of 1: all that is left of the gradient of a bias that a relativistic loss takes out."""
STORY = ["network.width=4", "network.figure=4", "network.d_width=4", "network.gist=8", "network.maps=2",
         "training.batch=4", "training.lr_g=1e-4", "training.lr_d=1e-4", "training.augment=color,translation",
         "training.r1=1", "training.penalty_every=1"]  # fmt: skip
CLEVR = ["network.width=2", "network.d_width=2", "training.batch=5", "training.frames=7", "training.lr_g=1e-4",
         "training.lr_d=1e-4"]  # fmt: skip
HEARD = [*CLEVR, "training.heard=20"]
COMPARED = ["network.width=2", "network.d_width=2", "network.start=8", "network.channels=4", "network.maps=2",
            "network.hidden=8", "network.frame=hdgan", "training.batch=5", "training.lr_g=1e-4", "training.lr_d=1e-9",
            "training.weights.contrast=1", "training.weights.reconstruct=0"]  # fmt: skip
"""Nothing that has kinks, or makes rounding large."""
CLIP = ["network={frames: 16, base: [2, 2], embed: 8, text: 16, cond: 12, latent: 4, noise: 3, filters: 4, rank: 6, "
        "code: 12, start: 16, width: 4, still: 4, d_width: 4}", "training.batch=6", "training.alone=0",
        "training.lr_g=1e-4", "training.lr_d=1e-9", "training.weights.gist=0", "training.weights.recon=0"]  # fmt: skip
STYLED = "training.weights={between: 1, reconstruct: 1, style: 1}"
RATES = ["training.batch=6", "training.lr_g=1e-4", "training.lr_d=1e-4"]
STAGES = "network={cond: 8, z: 4, width: 4, d_width: 4, residuals: 1, scales: [16, 32]}"
PLAIN = "network={cond: 8, z: 4, width: 4, d_width: 4, base: [2, 2], rank: 8}"
FRAMES = {
    "words of a frame": ("attngan_small", [*RATES, STAGES]),
    "frame between two": ("gan_cls_int_small", [*RATES, PLAIN, STYLED]),
}
"""Those whose samples have to do with each other: AttnGAN's matching in the batch, sentences between two."""
STORIES = ("clip", "story", "relativistic story", "clevr story", "heard story", "compared story")
KINDS = (*STORIES, "judge", "damsm", "picture judge", "text", "style", *FRAMES)


def _task(kind: str, data: Path, runtime: Runtime) -> Task:
    if kind == "judge":
        options = JudgeOptions(width=4, training=JudgeTraining(batch=6, lr=1e-4))
        return judge_task(options, data, None, runtime)[0]
    if kind == "damsm":
        options = DamsmOptions(network=DamsmNetwork(16, 8, 32), training=DamsmTraining(batch=6, lr=1e-4))
        return damsm_task(options, data.parent / "pictures", None, runtime)[0]
    if kind == "picture judge":
        judged = PictureJudgeOptions(width=4, training=JudgeTraining(batch=6, lr=1e-4))
        return picture_judge_task(judged, data.parent / "pictures", None, runtime)[0]
    if kind == "text":
        text = TextOptions(network=CharTextSizes(16, (8, 8, 16)), training=TextTraining(batch=6, lr=1e-4))
        return text_task(text, data.parent / "pictures", None, runtime)[0]
    if kind == "style":
        style = StyleOptions(str(data.parent / "gan"), width=4, training=StyleTraining(batch=6, lr=1e-4))
        return style_task(style, data.parent / "pictures", None, runtime)[0]
    if kind in FRAMES:
        name, changes = FRAMES[kind]
        options = resolve(preset(name), [*changes, f"damsm={data.parent / 'damsm'}"])
        return frame_task(options, data.parent / "pictures", None, runtime)[0]
    if kind == "clip":
        return gtt2v_task(resolve(preset("t2v"), CLIP), data.parent / "clips", None, runtime)[0]
    if kind == "clevr story":
        return storygan_task(resolve(preset("storygan_clevr"), CLEVR), data.parent / "clevr", None, runtime)[0]
    if kind == "heard story":
        return storygan_task(resolve(preset("storygan_clevr"), HEARD), data.parent / "clevr", None, runtime)[0]
    if kind == "compared story":
        return storygan_task(resolve(preset("storygan_small"), COMPARED), data.parent / "clevr", None, runtime)[0]
    changes = [*STORY, "training.adversarial=relativistic"] if kind.startswith("relativistic") else STORY
    return story_task(resolve(preset("storygan_theatre"), changes), data, None, runtime)[0]


def _steps(kind: str, data: Path, runtime: Runtime) -> dict[str, torch.Tensor]:
    """Terms and weights after some steps."""
    torch.set_num_threads(1)
    task, found = _task(kind, data, runtime), {}
    for network in task.networks.values():
        _steady(network)
    runtime.prepare(*task.networks.values(), task.ema.model)
    for step in range(STEPS):
        batch = task.batch(step)
        for phase in (each for each in task.phases if each.due(step)):
            terms = run_phase(task, phase, [batch], step, runtime, LoopOptions(images=100))
            for name, value in terms.items():
                found[f"{step} {name}"] = runtime.total(value) / runtime.world
            for number, parameter in enumerate(phase.optimizer.param_groups[0]["params"]):
                if not (step or phase.name == "g_again"):  # Adam makes rounding as large as its step
                    gradient = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad.clone()
                    found[f"0 {phase.name} gradient {number}"] = gradient
        found[f"{step} images"] = torch.tensor(float(task.images(batch)))
    return found | {f"end {name}": value.float() for name, value in task.networks["g"].state_dict().items()}


def _steady(network: nn.Module) -> None:
    """Leave rounding little to decide: no kinks, and batch norms that all round alike (test_batch_norm.py compares them
    with torch's)."""
    share_batch_norm(network, lambda x: x)
    for module in network.modules():
        for name, child in module.named_children():
            if isinstance(child, nn.ReLU | nn.LeakyReLU):
                setattr(module, name, nn.SiLU())


def _worker(rank: int, port: int, data: Path, out: Path) -> None:
    os.environ.update(
        RANK=str(rank), LOCAL_RANK=str(rank), WORLD_SIZE="2", MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port)
    )
    runtime = Runtime.choose("cpu", "float32")
    for kind in KINDS:
        torch.save(_steps(kind, data, runtime), out / f"{kind} {rank}.pt")
    ragged = torch.full((1 + rank, 2), float(rank), requires_grad=True)
    rows = runtime.gather(ragged)
    rows.square().sum().backward()
    halves = {"a": mean(torch.arange(1 + 2 * rank, dtype=torch.float32))}
    shared = runtime.total(runtime.shares(halves)["a"]) / 2
    torch.save([rows.detach(), ragged.grad, shared, runtime.any(rank == 1, False)], out / f"gathered{rank}.pt")
    group = weakref.ref(dist.group.WORLD)
    runtime.leave()
    assert group() is None, "something holds the group, whose threads go on and may abort this process at its end"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, pictures: Path, damsm: Path) -> Path:
    folder = tmp_path_factory.mktemp("theatre") / "data"
    prepare(asset("cast", "fluent"), folder, {"train": 8, "val": 2, "test_unseen": 2}, (32, 48), 3, 1, False)
    write_synthetic(folder.parent / "clevr", 12)
    tiny_clips(folder.parent / "clips")
    (folder.parent / "pictures").symlink_to(pictures)
    (folder.parent / "damsm").symlink_to(damsm)
    words = [f"damsm={damsm}", PLAIN, "loop.log_every=8"]
    gan = run_training("gan_cls_small", pictures, folder.parent / "gan-run", changes=words, max_images=32, quiet=True)
    (folder.parent / "gan").symlink_to(gan)
    for kind in ("story", "clip"):  # decodes the panels once, before two processes want them
        _task(kind, folder, Runtime.choose("cpu", "float32"))
    return folder


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def pair(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What two processes came to that took the steps of every kind, one after another."""
    folder = tmp_path_factory.mktemp("pair")
    mp.spawn(_worker, (_free_port(), data, folder), nprocs=2)
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_two_processes_equal_one(kind: str, data: Path, pair: Path) -> None:
    alone = _steps(kind, data, Runtime.choose("cpu", "float32"))
    first, second = (torch.load(pair / f"{kind} {rank}.pt", weights_only=True) for rank in range(2))
    assert first.keys() == second.keys() == alone.keys()
    for name, value in alone.items():
        torch.testing.assert_close(first[name], second[name], rtol=0, atol=0, msg=name)  # they never drift apart
        near = {"0": 1e-5 * value.abs().max().item() + ROUNDING, "1": 1e-3 * value.abs().max().item()}
        if (step := name.split()[0]) in near:
            assert (first[name] - value).abs().max().item() <= near[step], name


def test_rows_and_means_are_gathered_over_processes(pair: Path) -> None:
    rows, gradient, shared, flag = torch.load(pair / "gathered1.pt", weights_only=True)
    assert rows.tolist() == [[0, 0], [1, 1], [1, 1]]
    assert gradient.tolist() == [[4, 4], [4, 4]]  # both processes asked for the sum of squares
    assert shared.item() == pytest.approx((0 + 0 + 1 + 2) / 4) and flag == (True, False)


def test_fewer_stories_than_processes_are_told(data: Path) -> None:
    runtime = Runtime(torch.device("cpu"), False, 0, 8)
    with pytest.raises(ConfigError, match=r"training\.batch"):
        _task("story", data, runtime)


def test_devices_under_torchrun_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(ConfigError, match="leave --devices out"):
        launch(["storygan_theatre"], 2)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for the process in /proc")
def test_a_killed_process_is_told_and_costs_only_what_came_after_the_last_state(data: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    words = ["storygan_theatre", "--data", str(data), "--run-dir", str(run), "--device", "cpu", "--threads", "1"]
    changes = [*STORY, "loop={log_every: 10, sheet_every: 100000, save_every: 10}"]
    words += [word for change in changes for word in ("--set", change)]
    command = [sys.executable, "-m", "seqgan", "train", *words, "--devices", "2"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as whole:
        _until(lambda: (run / "state.pt").is_file() or whole.poll() is not None)
        if whole.poll() is None:
            os.kill(_process_of_rank(1, run), signal.SIGKILL)
        said = whole.communicate(timeout=PATIENCE)[1]
    assert whole.returncode == 1, said
    assert "one of 2 processes failed or was killed" in said.splitlines()[-1]
    state = RunDir(run).load()
    assert state is not None and state["images"] > 0, said


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def _process_of_rank(rank: int, run: Path) -> int:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            known, words = (folder / "environ").read_bytes(), (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if f"\0RANK={rank}\0".encode() in b"\0" + known and str(run).encode() in words:
            return int(folder.name)
    raise AssertionError(f"no process of rank {rank}")
