"""Training of the released CLEVR StoryGAN: its schedule, its pairs, and our form of the step against the plain one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from seqgan.data.attributes import write_synthetic
from seqgan.errors import ConfigError
from seqgan.layers.upsample import UpsampleConv2d
from seqgan.presets import preset
from seqgan.training.bench import bench_training
from seqgan.training.loop import LoopOptions, run_phase
from seqgan.training.runtime import Runtime
from seqgan.training.story_clevr_setup import story_clevr_task
from seqgan.training.tasks import story_clevr
from seqgan.training.tasks.story_clevr import StoryClevrTask
from seqgan.training.train import resolve, run_training

SMALL = ("network.width=2", "network.d_width=2", "training.batch=4", "training.frames=5")
CPU = Runtime(torch.device("cpu"), bf16=False)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clevr")
    write_synthetic(folder, 12)
    return folder


def _task(data: Path, *changes: str) -> StoryClevrTask:
    return story_clevr_task(resolve(preset("storygan_clevr"), (*SMALL, *changes)), data, None, CPU)[0]


def test_the_schedule_is_the_released_one(data: Path) -> None:
    task = _task(data)
    options = resolve(preset("storygan_clevr"))
    assert [phase.name for phase in task.phases] == ["d", "g", "g_again"]
    assert task.phases[1].optimizer is task.phases[2].optimizer
    assert (options.training.batch, options.training.frames) == (24, 24)
    assert (options.training.lr_g, options.training.lr_d) == (2e-4, 2e-4)
    loop = LoopOptions(options.images, **options.loop)
    epoch = options.images // 120
    assert [loop.rate(epochs * epoch, epoch) for epochs in (0, 19, 20, 119)] == [1, 1, 0.5, 2**-5]


def test_terms_of_each_phase(data: Path) -> None:
    task = _task(data)
    batch, noise = task.batch(0), torch.Generator().manual_seed(0)
    pairs = {f"{d}_{pair}" for d in ("image", "story") for pair in ("real", "wrong", "fake")}
    assert task.losses("d", batch, noise).keys() == pairs | {"image_classes"}
    assert task.losses("g", batch, noise).keys() == {"image", "classes", "story"}
    assert task.images(batch) == 16
    (_, wrong), (_, real) = (task.losses("d", batch, noise)[f"image_{name}"].parts[0] for name in ("wrong", "real"))
    assert (wrong, real) == (4, 5)  # the last of a batch has no next one


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    torch.set_default_dtype(torch.float64)
    monkeypatch.setattr(story_clevr, "scaled", lambda images: images.double() / 127.5 - 1)
    yield
    torch.set_default_dtype(torch.float32)


def _losses(task: StoryClevrTask, steps: int) -> list[float]:
    found = []
    for step in range(steps):
        batch = task.batch(step)
        wide = {name: getattr(batch, name).double() for name in ("vectors", "sentence", "story", "labels")}
        for phase in task.phases:
            terms = run_phase(task, phase, [replace(batch, **wide)], step, CPU, LoopOptions(images=100, clip=0))
            found += [float(term) for term in terms.values()]
    return found


def test_our_step_is_the_plain_step(data: Path, double: None) -> None:
    """In double precision, where rounding does not become a step of Adam, the losses of five steps are the same."""
    ours, plain = _task(data), _task(data)
    layers = [layer for layer in plain.g.modules() if isinstance(layer, UpsampleConv2d)]
    for layer in layers:
        layer.plain = True
    assert len(layers) == 4
    assert _losses(ours, 5) == pytest.approx(_losses(plain, 5), rel=1e-3)


def test_a_run_from_end_to_end(data: Path, tmp_path: Path) -> None:
    changes = [*SMALL, "loop={log_every: 16, sheet_every: 16, save_every: 16}"]
    words = {"changes": changes, "max_images": 32, "device": "cpu", "precision": "float32", "quiet": True}
    folder = run_training("storygan_clevr", data, tmp_path / "run", **words)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    assert (config["family"], config["origin"]) == ("storygan_clevr", "official")
    assert {path.name for path in folder.iterdir()} >= {"image-discriminator", "story-discriminator"}
    log = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert 0 < next(line for line in log if "val" in line)["val"]["score"] < 1
    again = run_training("storygan_clevr", data, tmp_path / "again", init=folder, **words | {"max_images": 16})
    assert (again / "model.safetensors").is_file()


def test_the_bench_compares_it_with_the_plain_form(data: Path) -> None:
    record = bench_training("storygan_clevr", data, 2, changes=SMALL, device="cpu", precision="float32", threads=1)
    assert record["loss_difference"] < 1e-3 and record["images_a_step"] == 16


@pytest.mark.parametrize("name", ["batch", "frames"])
def test_a_batch_of_one_has_no_wrong_pair(data: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=f"training.{name} is 1"):
        _task(data, f"training.{name}=1")
