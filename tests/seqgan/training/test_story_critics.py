"""The discriminators' options: each trains a tiny StoryGAN, and none changes what it should not."""

import json
from pathlib import Path

import pytest
import torch

from seqgan.checkpoints.format import read_weights
from seqgan.data.theatre.prepare import prepare
from seqgan.errors import ConfigError
from seqgan.presets import preset
from seqgan.resources import asset
from seqgan.training.runtime import Runtime
from seqgan.training.story_setup import story_task
from seqgan.training.tasks.story import StoryTask
from seqgan.training.train import resolve, run_training

SMALL = ["network.width=4", "network.d_width=4", "network.gist=8", "network.maps=2", "training.batch=2"]
LOOP = "loop={log_every: 1, sheet_every: 1000, save_every: 1000, decay_from: 1.0}"
ALL = ("training.adversarial=relativistic", "training.augment=color,translation,cutout")


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("theatre") / "data"
    prepare(asset("cast", "fluent"), folder, {"train": 6, "val": 2}, (32, 48), 3, 1, False)
    return folder


def _run(stories: Path, run: Path, images: int, *changes: str) -> Path:
    return run_training(
        "storygan_theatre", stories, run, changes=[*SMALL, LOOP, *changes], max_images=images, device="cpu",
        precision="float32", quiet=True,
    )  # fmt: skip


def _task(stories: Path, *changes: str) -> StoryTask:
    options = resolve(preset("storygan_theatre"), [*SMALL, *changes])
    task, _ = story_task(options, stories, None, Runtime.choose("cpu", "float32"))
    task.d.eval()  # spectral norm stands still
    return task


def _losses(task: StoryTask, phase: str) -> dict[str, torch.Tensor]:
    terms = task.losses(phase, task.batch(0), torch.Generator().manual_seed(0))
    return {name: term.value for name, term in terms.items()}


@pytest.mark.parametrize(
    ("changes", "there", "absent"),
    [
        (("training.adversarial=hinge",), {"d.frame_real", "g.frame"}, {"penalty.frame_r1", "d.frame_r1"}),
        (("training.adversarial=lsgan",), {"d.story_real", "g.story"}, set()),
        (("training.adversarial=relativistic",), {"d.frame_wrong", "d.frame_realism"}, {"d.frame_real"}),
        (("training.r1=1.0",), {"penalty.frame_r1", "penalty.story_r1"}, {"penalty.frame_r2", "d.frame_r1"}),
        (("training.r2=1.0",), {"penalty.frame_r2", "penalty.story_r2"}, {"penalty.frame_r1"}),
        ((*ALL, "training.r1=1", "training.r2=1", "training.penalty_every=1"), {"d.frame_r1", "d.story_r2"},
         {"penalty.frame_r1"}),
        (("training.augment=translation",), {"d.frame_real"}, set()),
    ],
)  # fmt: skip
def test_each_option_trains_a_step(
    stories: Path, tmp_path: Path, changes: tuple[str, ...], there: set[str], absent: set[str]
) -> None:
    _run(stories, tmp_path, 1, *changes)
    (terms,) = [json.loads(line)["terms"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert there <= terms.keys() and not absent & terms.keys()


def test_half_and_resumed_half_equal_the_whole(stories: Path, tmp_path: Path) -> None:
    changes = (*ALL, "training.r1=1", "training.penalty_every=2")
    whole = _run(stories, tmp_path / "whole", 40, *changes)
    _run(stories, tmp_path / "halves", 20, *changes)
    halves = _run(stories, tmp_path / "halves", 40, *changes)
    for part in ("", "frame-discriminator", "story-discriminator"):
        one, other = read_weights(whole / part), read_weights(halves / part)
        assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_run_goes_on_with_penalties_newly_on_or_off(stories: Path, tmp_path: Path) -> None:
    lazy = (*ALL, "training.r1=1", "training.penalty_every=2")
    for images, changes in ((8, ALL), (40, lazy), (56, ALL)):
        _run(stories, tmp_path, images, *changes)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert any("penalty.frame_r1" in line["terms"] for line in lines if "terms" in line)
    assert "penalty.frame_r1" not in lines[0]["terms"] and lines[-1]["images"] >= 56


def test_lazy_penalties_share_the_optimiser_and_are_k_times_as_strong(stories: Path) -> None:
    lazy = _task(stories, "training.r1=2", "training.r2=3", "training.penalty_every=4", "training.lr_d=1e-3")
    assert [(phase.name, phase.interval) for phase in lazy.phases] == [("d", 1), ("g", 1), ("penalty", 4)]
    assert lazy.phases[0].optimizer is lazy.phases[2].optimizer
    group = lazy.phases[0].optimizer.param_groups[0]
    assert (group["lr"], *group["betas"]) == pytest.approx((0.8e-3, 0.5**0.8, 0.999**0.8))
    every = _task(stories, "training.r1=2", "training.r2=3", "training.penalty_every=1", "training.lr_d=1e-3")
    at_once, apart = _losses(every, "d"), _losses(lazy, "penalty")
    assert apart.keys() == {"frame_r1", "story_r1", "frame_r2", "story_r2"}
    for name, term in apart.items():
        torch.testing.assert_close(term, 4 * at_once[name])
        assert term > 0


def test_without_penalties_the_discriminators_keep_their_rate(stories: Path) -> None:
    task = _task(stories, "training.lr_d=1e-3")
    assert [phase.name for phase in task.phases] == ["d", "g"]
    assert task.phases[0].optimizer.param_groups[0]["lr"] == 1e-3


def test_augmentation_is_for_the_discriminators_alone(stories: Path) -> None:
    plain, augmented = (_losses(_task(stories, f"training.augment={policy}"), "g") for policy in ("", "color,cutout"))
    changed = {name for name in plain if not torch.equal(plain[name], augmented[name])}
    assert changed == {"features", "frame", "story"}


def test_the_generator_gets_its_gradient_through_the_augmentation(stories: Path) -> None:
    task = _task(stories, *ALL)
    terms = _losses(task, "g")
    weight = task.g.frame.to_rgb.weight
    for name in ("frame", "story"):
        (gradient,) = torch.autograd.grad(terms[name], weight, retain_graph=True)
        assert gradient.abs().max() > 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("training.adversarial=hing", 'did you mean "hinge"'),
        ("training.augment=colour", 'did you mean "color"'),
        ("training.r1=-1", "training.r1 is -1.0, expected at least 0"),
        ("training.penalty_every=0", "training.penalty_every is 0, expected at least 1"),
    ],
)
def test_a_bad_option_is_told_before_anything_runs(change: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        resolve(preset("storygan_theatre"), [change])


def test_penalties_stay_in_float32_where_the_run_does_not(stories: Path, tmp_path: Path) -> None:
    changes = [*SMALL, LOOP, "training.r1=1e6", "training.r2=1e6", "training.penalty_every=1"]
    run_training(
        "storygan_theatre", stories, tmp_path, changes=changes, max_images=1, device="cpu", precision="bfloat16",
        quiet=True,
    )  # fmt: skip
    terms = json.loads((tmp_path / "log.jsonl").read_text().splitlines()[0])["terms"]
    assert min(terms[name] for name in ("d.frame_r1", "d.story_r1", "d.frame_r2", "d.story_r2")) > 0
