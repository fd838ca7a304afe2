"""Judges that teach the labels of a story's panels: what they say, whom they fit, and that they measure nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from seqgan.errors import ConfigError
from seqgan.presets import preset
from seqgan.training.runtime import Runtime
from seqgan.training.sequence_evaluate import evaluate_sequences
from seqgan.training.sequence_systems import system_of
from seqgan.training.story_pictures import label_columns
from seqgan.training.storygan_setup import storygan_task
from seqgan.training.tasks.story_teachers import StoryTeachers
from seqgan.training.tasks.storygan import StoryGANTask
from seqgan.training.train import resolve, run_training

SMALL = ("network.width=2", "network.d_width=2", "training.batch=4", "network.start=8", "network.hidden=8")
CPU = Runtime(torch.device("cpu"), bf16=False)


class Sure:
    """Says the same of every panel."""

    def __init__(self, **logits: Sequence[float]) -> None:
        self.logits = {group: torch.tensor(each) for group, each in logits.items()}
        self.names = {group: tuple(map(str, each)) for group, each in logits.items()}

    def answers(self, frames: Tensor) -> dict[str, Tensor]:
        """The same logits for each of frames (N, 3, H, W)."""
        return {group: each.expand(len(frames), -1) for group, each in self.logits.items()}


def _task(data: Path, *changes: str) -> StoryGANTask:
    return storygan_task(resolve(preset("storygan_small"), [*SMALL, *changes]), data, None, CPU)[0]


@pytest.fixture(scope="module")
def data(clevr: Path) -> Path:
    return clevr


@pytest.fixture(scope="module")
def judge(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    words = ["width=4", "training.batch=16", "loop.sheet_every=100000"]
    return run_training("story_judge", data, tmp_path_factory.mktemp("judge") / "run", changes=words, max_images=16,
                        quiet=True)  # fmt: skip


def test_a_term_is_the_cross_entropy_of_every_label_added_up_and_the_mean_of_the_judges() -> None:
    columns, shown = {"who": slice(0, 2), "where": slice(2, 5)}, torch.tensor([[1.0, 0, 0, 1, 0], [0, 1, 1, 0, 0]])
    first, second = Sure(who=[1.0, -2.0], where=[0.5, 0.0, 3.0]), Sure(where=[0.0, 0.0, 0.0])
    found = StoryTeachers([first, second], columns).term(torch.zeros(2, 3, 4, 4), shown).value
    every = F.binary_cross_entropy_with_logits(torch.tensor([[1, -2, 0.5, 0, 3]] * 2), shown, reduction="none").sum(1)
    assert found.item() == pytest.approx((every.mean().item() + 3 * np.log(2)) / 2)


def test_columns_are_those_of_the_labels(data: Path) -> None:
    task = _task(data)
    about, columns = task.data.about, label_columns(task.data.about)
    assert {group: task.data.names[each] for group, each in columns.items()} == {
        group: tuple(names) for group, names in about["groups"].items() if names
    }


def test_a_generator_learns_labels_from_its_teachers(data: Path, judge: Path) -> None:
    task = _task(data, f"teachers=[{judge}]", "training.weights.labels=0.5")
    terms = task.losses("g", task.batch(0), torch.Generator().manual_seed(0))
    assert "labels" in terms and "labels" not in _task(data).losses("g", task.batch(0), torch.Generator())
    terms["labels"].value.backward()
    assert sum(float(each.grad.abs().sum()) for each in task.g.parameters() if each.grad is not None) > 0
    assert task.teachers is not None
    part = task.batch(0).stories  # the true panels are told as the data tell them
    seen = task._drawn(part, torch.Generator().manual_seed(0))
    told = task.teachers.term(seen.fake, part.told.labels.flatten(0, 1))
    assert task._own_terms(part, seen)["labels"].value.item() == pytest.approx(0.5 * told.value.item())


def test_teachers_fit_the_data_and_come_with_their_weight(data: Path, judge: Path) -> None:
    for changes in ((f"teachers=[{judge}]",), ("training.weights.labels=1",)):
        with pytest.raises(ConfigError, match=r"weights\.labels and teachers belong together"):
            _task(data, *changes)
    with pytest.raises(ConfigError, match=r"knows pictures of \[64, 64\], what is drawn has \[64, 112\]"):
        _task(data, f"teachers=[{judge}]", "training.weights.labels=1", "network.base=[4,7]")


def test_a_judge_that_taught_a_system_does_not_measure_it(data: Path, judge: Path, tmp_path: Path) -> None:
    changes = [*SMALL, "loop.sheet_every=100000", f"teachers=[{judge}]", "training.weights.labels=1"]
    folder = run_training("storygan_small", data, tmp_path / "run", changes=changes, max_images=16, quiet=True)
    with pytest.raises(ConfigError, match="was trained with the judge checkpoint"):
        evaluate_sequences(lambda split: system_of(str(folder), split), data, ("val",), 2, 0, ("labels",), str(judge))
