"""What the released StoryGAN codes do otherwise than they should, where whole training shows it: stories of any length,
figures of labels, runs that go on; see the table of the guide."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from seqgan.checkpoints.format import read_weights
from seqgan.data.sequences import Clip, Story, write_sequences
from seqgan.metrics.labels import exact_match, f1_micro
from seqgan.presets import preset
from seqgan.sampling import VectorStorySampler
from seqgan.training.loaded_judge import LoadedJudge
from seqgan.training.loop import LoopOptions, run_phase
from seqgan.training.runtime import Runtime
from seqgan.training.storygan_setup import storygan_task
from seqgan.training.train import resolve, run_training

SMALL = ("network.width=2", "network.d_width=2", "training.batch=2", "training.frames=3")
CPU = Runtime(torch.device("cpu"), bf16=False)
MACHINE: dict[str, Any] = {"device": "cpu", "precision": "float32", "quiet": True}


def _stories(folder: Path, length: int) -> Path:
    """Four episodes of one story of so many clips each, the last held aside, with labels and vectors of six numbers."""
    rng = np.random.default_rng(0)
    clips = [Clip(f"{episode}/{k}", rng.integers(0, 255, (1, 16, 16, 3)).astype(np.uint8), (f"{episode} {k}",),
                  {"who": ("Ann",) if k % 2 else ()}, rng.standard_normal((1, 6)).astype(np.float32))
             for episode in "abcd" for k in range(length)]  # fmt: skip
    stories = [Story(episode, "train", tuple(f"{episode}/{k}" for k in range(length)), episode) for episode in "abcd"]
    about = {"name": "lengths", "size": [16, 16], "length": length, "groups": {"who": ["Ann", "Ben"]}, "seed": 0}
    write_sequences(folder, clips, stories, about | {"licence": "MIT", "vector": 6}, progress=False)
    return folder


@pytest.mark.parametrize("length", [1, 2, 7])
@pytest.mark.parametrize("name", ["storygan_clevr", "storygan_pororo", "storygan_paper"])
def test_stories_of_any_length_are_learnt_and_drawn(name: str, length: int, tmp_path: Path) -> None:
    """Q11: the released code of CLEVR-SV counts to four. Each later panel is drawn from its own sentence."""
    task, _ = storygan_task(resolve(preset(name), SMALL), _stories(tmp_path / "set", length), None, CPU)
    batch = task.batch(0)
    for phase in task.phases:
        terms = run_phase(task, phase, [batch], 0, CPU, LoopOptions(images=100))
        assert all(term.isfinite() for term in terms.values())
    real, drawn = task._looked_at(2)
    assert drawn.shape == real.shape == (1, length, 3, 64, 64)
    g, told = task.g.eval(), batch.stories.told
    for weight in g.parameters():
        torch.nn.init.normal_(weight, 0.0, 0.3)
    with torch.inference_mode():
        frames, other = (
            task.draw(g, each, 2, slice(None), torch.Generator().manual_seed(0)).frames.unflatten(0, (2, length))
            for each in (told, _last_changed(told))
        )
    assert not torch.allclose(frames[:, -1], other[:, -1], atol=1e-6)


def _last_changed(told: Any) -> Any:
    sentences = told.sentences.clone()
    sentences[:, -1] += 1
    return type(told)(sentences, told.labels, told.panels)


class _Odds(LoadedJudge):
    """A judge of given logits."""

    def logits(self, pictures: np.ndarray) -> dict[str, np.ndarray]:
        return {"who": pictures}


def test_a_label_is_seen_at_even_odds_and_naming_everything_does_not_pay() -> None:
    """Q15: the released code asks for a logit above 0.5, odds of 0.62, and CP-CSV counts what is found alone."""
    judge = object.__new__(_Odds)
    logits = np.array([[0.3, -0.3, 0.6], [-0.1, 0.1, -2.0]])
    assert judge.seen(logits)["who"].tolist() == [[1, 0, 1], [0, 1, 0]]
    assert [list(row) for row in (1 / (1 + np.exp(-logits)) > 0.5).astype(int)] == judge.seen(logits)["who"].tolist()
    true, everything = np.array([[1, 0, 1], [0, 1, 0]]), np.ones((2, 3), int)
    recall = (true & everything).sum() / true.sum()
    assert recall == 1 and f1_micro(true, everything) == pytest.approx(2 * 3 / (2 * 3 + 3))
    assert exact_match(true, everything) == 0 and exact_match(true, judge.seen(logits)["who"]) == 1


def test_a_resumed_run_is_the_whole_run_discriminators_and_all(tmp_path: Path) -> None:
    """Q17: the released code saves no state of its optimisers, and fails on discriminators that it is to load."""
    data = _stories(tmp_path / "set", 3)

    def train(run: Path, images: int) -> Path:
        changes = [*SMALL, "loop={log_every: 1000, sheet_every: 1000, save_every: 1000}"]
        return run_training("storygan_clevr", data, run, changes=changes, max_images=images, **MACHINE)

    whole = train(tmp_path / "whole", 24)
    train(tmp_path / "halves", 12)
    halves = train(tmp_path / "halves", 24)
    for part in ("", "image-discriminator", "story-discriminator"):
        one, other = read_weights(whole / part), read_weights(halves / part)
        assert one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_drawing_moves_no_running_statistics(tmp_path: Path) -> None:
    """Q13: the released scripts draw in training mode, so that what is drawn depends on its batch and on what was drawn
    before."""
    data = _stories(tmp_path / "set", 3)
    task, _ = storygan_task(resolve(preset("storygan_clevr"), SMALL), data, None, CPU)
    sampler = VectorStorySampler(task.g.train(), {"name": "g"}, "cpu")
    vectors, labels = task.data.told(np.arange(3), None).numpy(), np.zeros((3, 3, 2))
    before = {name: value.clone() for name, value in (*task.g.named_buffers(), *sampler.generator.named_buffers())}
    first = sampler.draw(vectors[:1], [1], labels[:1])
    again = sampler.draw(vectors, [1, 2, 3], labels)
    assert np.array_equal(again[:1], first) and not any(part.training for part in sampler.generator.modules())
    after = dict((*task.g.named_buffers(), *sampler.generator.named_buffers()))
    assert before and all(torch.equal(value, after[name]) for name, value in before.items())
