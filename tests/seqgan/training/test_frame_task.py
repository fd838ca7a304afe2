"""Training of single-frame systems: their terms, exact resume, what lies in a checkpoint, and who is refused."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from seqgan import frame_presets
from seqgan.checkpoints.format import read_config, read_weights
from seqgan.config import from_dict, override, to_dict
from seqgan.data.pictures import PictureData
from seqgan.errors import CheckpointError, ConfigError
from seqgan.frame_presets import PUBLISHED_PRESETS, SMALL_PRESETS
from seqgan.layers.augment import parse_policy
from seqgan.losses import matching
from seqgan.losses.style import style_loss
from seqgan.models.frames import SYSTEMS, FrameCritics, eps_shape, learning
from seqgan.presets import preset
from seqgan.registry import build
from seqgan.sampling.frame import FrameSampler
from seqgan.training.frame_evaluate import evaluate_frames
from seqgan.training.frame_setup import BELOW, FrameOptions, frame_task, load_teachers, mean_half, network_sizes
from seqgan.training.loop import LoopOptions, run_phase
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.frame import FrameTask, _named
from seqgan.training.tasks.frame_losses import FrameBatch, Seen, shrunk
from seqgan.training.train import resolve, run_training
from tests.seqgan.training.conftest import LOOP

CPU = Runtime.choose("cpu", "float32", 1)
SIZES: dict[str, dict[str, Any]] = {
    "gan_cls": {"cond": 8, "z": 4, "width": 4, "d_width": 4},
    "gan_cls_house": {"cond": 8, "z": 4, "width": 4, "d_width": 4, "base": [2, 2], "rank": 8},
    "tac_gan": {"cond": 8, "z": 4, "width": 4, "d_width": 4, "size": 32},
    "stackgan_stage1": {"cond": 8, "z": 4, "width": 8, "d_width": 4, "first": 16, "second": 32},
    "stackgan": {"cond": 8, "z": 4, "width": 8, "d_width": 4, "first": 16, "second": 32},
    "stackgan_v2": {"cond": 8, "z": 4, "width": 8, "d_width": 4, "residuals": 1, "scales": [16, 32]},
    "attngan": {"cond": 8, "z": 4, "width": 4, "d_width": 4, "residuals": 1, "scales": [16, 32]},
    "hdgan": {"cond": 8, "z": 4, "width": 16, "halved": [16, 32], "scales": [16, 32], "d_width": 16, "patches": None},
}
SIZES["hdgan_super"] = SIZES["hdgan"]
PRESETS = {name: family for name, _, _, family, _, _ in SMALL_PRESETS}


def _options(name: str, damsm: Path, *changes: str) -> FrameOptions:
    words = [f"network={json.dumps(SIZES[PRESETS[name]])}", f"damsm={damsm}", "training.batch=8", LOOP, *changes]
    return resolve(preset(name), words, 16)


def _task(name: str, pictures: Path, damsm: Path, *changes: str, init: Path | None = None) -> FrameTask:
    return frame_task(_options(name, damsm, *changes), pictures, init, CPU)[0]


def _run(
    name: str, pictures: Path, damsm: Path, run: Path, images: int, *changes: str, init: Path | None = None
) -> Path:  # fmt: skip
    words = [f"network={json.dumps(SIZES[PRESETS[name]])}", f"damsm={damsm}", "training.batch=8", LOOP, *changes]
    return run_training(
        name, pictures, run, init=init, changes=words, max_images=images, device="cpu", precision="float32", quiet=True
    )


@pytest.fixture(scope="module")
def stage1(pictures: Path, damsm: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _run("stackgan_stage1_small", pictures, damsm, tmp_path_factory.mktemp("stage1"), 16)


@pytest.fixture(scope="module")
def hdgan(pictures: Path, damsm: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _run("hdgan_small", pictures, damsm, tmp_path_factory.mktemp("hdgan"), 16)


@pytest.mark.parametrize("name", PRESETS)
def test_every_recipe_takes_steps(name: str, pictures: Path, damsm: Path, stage1: Path, hdgan: Path) -> None:
    start = {"stackgan_small": stage1, "hdgan_super_small": hdgan}.get(name)
    task = _task(name, pictures, damsm, "training.label=class", init=start)
    before = {key: value.clone() for key, value in task.networks["g"].named_parameters()}
    for phase in task.phases:
        terms = run_phase(task, phase, [task.batch(0)], 0, CPU, LoopOptions(16))
        assert all(torch.isfinite(term) for term in terms.values())
    moved = {key for key, value in task.networks["g"].named_parameters() if not torch.equal(value, before[key])}
    kept = BELOW.get(PRESETS[name], "none")
    assert moved and not any(key.startswith(kept) for key in moved)
    sheet = task.sheet()
    assert sheet.dtype == np.uint8 and sheet.shape[2] == 3


def test_a_blind_discriminator_costs_what_the_papers_say(pictures: Path, damsm: Path) -> None:
    """All logits 0: GAN-CLS 2 ln 2; AttnGAN 2 ln 2 a stage; StackGAN++ 6 ln 2 a stage."""
    for name, cost in (("gan_cls_small", 2), ("attngan_small", 4), ("stackgan_v2_small", 12)):
        task = _task(name, pictures, damsm)
        for head in task.networks["d"].modules():
            if isinstance(head, torch.nn.Conv2d) and head.out_channels == 1:
                torch.nn.init.zeros_(head.weight)
                if head.bias is not None:
                    torch.nn.init.zeros_(head.bias)
        terms = task.losses("d", task.batch(0), torch.Generator().manual_seed(0))
        assert sum(term.value.item() for term in terms.values()) == pytest.approx(cost * math.log(2), rel=1e-5)


def test_a_step_is_a_function_of_its_number(pictures: Path, damsm: Path) -> None:
    first, second = (_task("gan_cls_small", pictures, damsm) for _ in range(2))
    one, two = first.batch(7), second.batch(7)
    assert one.captions.tolist() == two.captions.tolist() and one.wrong.tolist() == two.wrong.tolist()
    torch.testing.assert_close(one.images, two.images)
    assert first.batch(8).captions.tolist() != one.captions.tolist()


def test_a_resumed_run_is_the_whole_run(pictures: Path, damsm: Path, tmp_path: Path) -> None:
    constant = "loop={schedule: constant, log_every: 8, sheet_every: 100000, save_every: 100000}"
    whole = _run("attngan_small", pictures, damsm, tmp_path / "a", 32, constant, "training.batch=8")
    _run("attngan_small", pictures, damsm, tmp_path / "b", 16, constant)
    for name, value in read_weights(_run("attngan_small", pictures, damsm, tmp_path / "b", 32, constant)).items():
        torch.testing.assert_close(value, read_weights(whole)[name], msg=name)


def test_a_checkpoint_draws_captions(pictures: Path, damsm: Path, tmp_path: Path) -> None:
    folder = _run("attngan_small", pictures, damsm, tmp_path, 16)
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {"frame-discriminator", "text-encoder"}
    assert read_config(folder)["damsm"]["name"] == "checkpoint"
    sampler = FrameSampler.load(folder, "cpu")
    ((_, picture),) = sampler.draw(["a red ring in night style"], [0])
    assert picture.shape == (32, 32, 3)
    again = _task("attngan_small", pictures, damsm, init=folder)
    weights = again.networks["d"].state_dict()
    for name, value in read_weights(folder / "frame-discriminator").items():
        torch.testing.assert_close(weights[f"frame.{name}"], value)


def test_a_style_encoder_learns_beside_the_generator(pictures: Path, damsm: Path, tmp_path: Path) -> None:
    style = "training.weights={reconstruct: 10, style: 0.1}"
    task = _task("gan_cls_small", pictures, damsm, style)
    terms = task.losses("g", task.batch(0), torch.Generator().manual_seed(0))
    assert {"style", "latent", "reconstruct"} <= set(terms)
    folder = _run("gan_cls_small", pictures, damsm, tmp_path, 16, style)
    sampler = FrameSampler.load(folder, "cpu")
    assert sampler.style(np.zeros((20, 30, 3), np.uint8)).shape == (4,)
    assert mean_half(task.terms.style, 4)["to_style.bias"].shape == (4,)  # type: ignore[arg-type]


def test_a_supervised_start_leaves_the_discriminators_alone(pictures: Path, damsm: Path) -> None:
    task = _task("gan_cls_start_small", pictures, damsm)
    assert [phase.name for phase in task.phases] == ["g"]
    assert set(task.losses("g", task.batch(0), torch.Generator().manual_seed(0))) == {"reconstruct"}


def test_a_style_is_read_in_another_picture_of_its_label(pictures: Path, damsm: Path) -> None:
    changes = ["training.weights={reconstruct: 10, style: 0.1}", "training.driver=style"]
    task = _task("gan_cls_small", pictures, damsm, *changes)
    batch = task.batch(0)
    bright = batch.images[:, 0, 0, 0] > 0  # a night's corner is dark
    assert torch.equal(bright, batch.drivers[:, 0, 0, 0] > 0) and bright.any() and not bright.all()
    assert not torch.equal(batch.images, batch.drivers)
    with pytest.raises(ConfigError, match='did you mean "style"'):
        _task("gan_cls_small", pictures, damsm, changes[0], "training.driver=styles")


class Bright:
    """Says "night" of dark pictures, the surer the darker."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = {"style": names}

    def answers(self, frames: torch.Tensor) -> dict[str, torch.Tensor]:
        light = 10 * frames.mean((1, 2, 3))
        return {"style": torch.stack([-light if name == "night" else light for name in self.names["style"]], 1)}


def test_teachers_are_heard_of_labels_that_are_named(pictures: Path, damsm: Path) -> None:
    task = _task("gan_cls_small", pictures, damsm, "training.weights={reconstruct: 10, style: 0.1}")
    names = task.data.names["style"]
    task.named, task.terms.teachers = {"style": _named(task.data, task.captions, "style")}, [Bright(names)]
    batch = task.batch(0)
    told = [task.captions.texts[number] for number in batch.captions]
    expected = [next((n for n, name in enumerate(names) if name in text), -1) for text in told]
    assert batch.named["style"].tolist() == expected and -1 in expected and max(expected) >= 0
    dark = torch.full((8, 3, 32, 32), -1.0)
    night = torch.tensor(expected) == names.index("night")
    known = torch.zeros(8, dtype=torch.bool)
    share = night.sum() / (torch.tensor(expected) >= 0).sum()
    assert task.terms._labels(batch, dark, known).value.item() == pytest.approx(20 * (1 - share.item()), abs=1e-3)
    task.terms.driver, batch.looks[:] = "style", names.index("night")
    assert task.terms._labels(batch, dark, ~known).value.item() == pytest.approx(0, abs=1e-3)


def test_teachers_come_with_their_weight_and_fit_the_data(pictures: Path, damsm: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"weights\.labels and teachers belong together"):
        _task("gan_cls_small", pictures, damsm, "training.weights.labels=1")
    words = ["width=4", "training.batch=16", "groups=[style]", LOOP]
    judge = run_training("picture_judge", pictures, tmp_path / "judge", changes=words, max_images=16, quiet=True)
    folder = _run("gan_cls_small", pictures, damsm, tmp_path / "gan", 16, f"teachers=[{judge}]",
                  "training.weights.labels=1")  # fmt: skip
    with pytest.raises(ConfigError, match="was trained with the judge checkpoint"):
        evaluate_frames(folder, pictures, ("test",), judge=str(judge), device="cpu")
    other = PictureData.open(pictures, "val")
    for changed, told in (({"names": {"style": ("day", "night")}}, "of other data"),
                          ({"about": {**other.about, "crop": [16, 16]}}, "knows pictures of")):  # fmt: skip
        with pytest.raises(ConfigError, match=told):
            load_teachers([str(judge)], replace(other, **changed), CPU)


def test_every_second_picture_is_asked_for_with_its_style(pictures: Path, damsm: Path) -> None:
    task = _task("gan_cls_small", pictures, damsm, "training.weights={reconstruct: 10, style: 0.1}")
    batch, z = task.batch(0), torch.randn(8, 4)
    mixed, known, _ = task.terms._with_styles(batch, z)
    assert known.tolist() == [True, False] * 4
    torch.testing.assert_close(mixed[~known], z[~known])
    assert not torch.isclose(mixed[known], z[known]).all()
    assert float(style_loss(z, z).value) == 0


def test_sentences_between_two_join_the_generators_mean(pictures: Path, damsm: Path) -> None:
    task = _task("gan_int_small", pictures, damsm, "training.augment=''")
    noise = torch.Generator().manual_seed(0)
    both = task.losses("g", task.batch(0), noise)["match"]
    plain = _task("gan_small", pictures, damsm, "training.augment=''").losses("g", task.batch(0), noise)["match"]
    assert [float(count) for _, count in both.parts] == [12]  # eight sentences and four between them
    assert [float(count) for _, count in plain.parts] == [8]


def test_a_picture_changes_alike_at_every_size() -> None:
    policy = parse_policy("color")
    colour = torch.rand(3, 3, 1, 1)
    seen = Seen(torch.rand(3, 3), policy)({side: colour.expand(3, 3, side, side) for side in (8, 16)})
    torch.testing.assert_close(seen[8].mean((2, 3)), seen[16].mean((2, 3)))
    assert not torch.isclose(seen[8].mean((2, 3)), colour[..., 0, 0]).any()


def test_real_pictures_shrink_to_what_was_drawn() -> None:
    real = torch.rand(2, 3, 32, 32)
    assert shrunk(real, 32) is real
    torch.testing.assert_close(shrunk(real, 16).mean((2, 3)), real.mean((2, 3)), atol=0.02, rtol=0)


def test_the_relativistic_criterion_pairs_real_and_drawn(pictures: Path, damsm: Path) -> None:
    task = _task("attngan_small", pictures, damsm, "training.adversarial=relativistic")
    for phase in ("d", "g"):
        terms = task.losses(phase, task.batch(0), torch.Generator().manual_seed(0))
        assert all(torch.isfinite(term.value) for term in terms.values())


@pytest.mark.parametrize("family", SIZES)
def test_noise_and_learning_parts(family: str, pictures: Path, damsm: Path) -> None:
    name = next(name for name, each in [*PRESETS.items(), ("gan_cls_small", "gan_cls")] if each == family)
    options = override(_options(name, damsm), [f"family={family}", f"network={json.dumps(SIZES[family])}"])
    shape = eps_shape(family, type("S", (), {"cond": 5}))
    assert shape == {0: None, 1: (5,), 2: (2, 5)}[SYSTEMS[family].stages]
    assert options.family == family
    with pytest.raises(ValueError, match="draws no single frames"):
        FrameCritics("storygan", None)
    for family, size in SIZES.items():
        g = build(family, {"text": 8, **size, **({"classes": 2} if family == "tac_gan" else {})})
        assert (learning(g) is g) == (not SYSTEMS[family].above)


def test_who_is_refused(pictures: Path, damsm: Path, stage1: Path) -> None:
    with pytest.raises(ConfigError, match="stands on a trained stackgan_stage1"):
        _task("stackgan_small", pictures, damsm)
    with pytest.raises(CheckpointError, match="holds a 'stackgan_stage1'; expected hdgan_super"):
        _task("hdgan_super_small", pictures, damsm, init=stage1)
    with pytest.raises(CheckpointError, match="holds a 'stackgan_stage1'; expected gan_cls_house"):
        _task("gan_cls_small", pictures, damsm, init=stage1)
    with pytest.raises(ConfigError, match=r"training\.batch is 1, expected at least 2"):
        _task("gan_cls_small", pictures, damsm, "training.batch=1")
    with pytest.raises(ConfigError, match="did you mean"):
        _options("gan_cls_small", damsm, "family=atngan")
    with pytest.raises(ConfigError, match=r"training\.near is 2"):
        _options("gan_cls_small", damsm, "training.near=2")
    with pytest.raises(ConfigError, match="adversarial criterion"):
        _options("gan_cls_small", damsm, "training.adversarial=wgan")
    with pytest.raises(CheckpointError, match="no model 'nowhere'"):
        _task("gan_cls_small", pictures, Path("nowhere"))
    task = _task("gan_cls_small", pictures, damsm)
    with pytest.raises(ConfigError, match=r"weights\.damsm is set but no DAMSM is"):
        FrameTask(
            "gan_cls_house", task.networks["g"], task.terms.d, None, task.data, task.val, lambda texts: None, None,  # type: ignore[arg-type]
            override(task.options, ["weights.damsm=1"]), CPU,
        )  # fmt: skip


@pytest.mark.parametrize("name", [name for name, *_ in PUBLISHED_PRESETS])
def test_published_recipes_are_whole(name: str, pictures: Path) -> None:
    options = resolve(preset(name))
    data = PictureData.open(pictures, "train")
    sizes = network_sizes(options, 256, data)
    with torch.device("meta"):
        g, d = build(options.family, to_dict(sizes)), FrameCritics(options.family, sizes)
    assert sum(p.numel() for p in g.parameters()) > 4e6 and sum(p.numel() for p in d.parameters()) > 2e6
    assert from_dict(LoopOptions, {"images": 1, **options.loop}).clip == 0


@pytest.mark.parametrize("name", ["GAN", "STACKGAN_V2", "STACKGAN_V2_PAPER", "ATTNGAN", "ATTNGAN_PAPER"])
def test_weights_are_those_of_the_losses(name: str) -> None:
    assert from_dict(matching.MatchingWeights, getattr(frame_presets, name)) == getattr(matching, name)


def test_classes_of_a_group_that_is_absent_are_unknown(pictures: Path, damsm: Path) -> None:
    task = _task("gan_cls_small", pictures, damsm, "training.label=nothing")
    batch = task.batch(0)
    assert isinstance(batch, FrameBatch)
    assert set(batch.classes.tolist()) == {-1}
