"""A trained StoryGAN as a system that evaluation draws from: by number and seed, at the data's own size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from seqgan.checkpoints.format import save_checkpoint
from seqgan.config import to_dict
from seqgan.data.sequences import SequenceData
from seqgan.errors import InputError
from seqgan.models.storygan_paper import StoryGANPaperGenerator, StoryGANPaperSizes
from seqgan.training.sequence_systems import draw_stories, system_of
from tests.seqgan.tiny_sequences import LENGTH, SIZE, tiny_sequences


def _saved(folder: Path, told_by: str, text: int = 512, panels: int = LENGTH) -> str:
    made = StoryGANPaperSizes(text=text, panels=panels, width=2, d_width=2)
    torch.manual_seed(0)
    config = {"family": "storygan_paper", "sizes": to_dict(made), "preset": "storygan_paper", "origin": "paper"}
    weights = StoryGANPaperGenerator(made).state_dict()
    save_checkpoint(folder, {**config, "licence": "MIT", "text": told_by, "labels": []}, weights)
    return str(folder)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> SequenceData:
    folder = tmp_path_factory.mktemp("squares") / "set"
    tiny_sequences(folder)
    return SequenceData.open(folder, "val")


def test_a_checkpoint_draws_the_stories_of_a_split(data: SequenceData, tmp_path: Path) -> None:
    system = system_of(_saved(tmp_path, "sentences"), data)
    drawn = draw_stories(system, data, [0, 2], seed=0)
    assert drawn.shape == (2, LENGTH, SIZE, SIZE, 3) and drawn.dtype == np.uint8
    assert np.array_equal(draw_stories(system, data, [2], seed=0)[0], drawn[1])
    assert not np.array_equal(draw_stories(system, data, [2], seed=1)[0], drawn[1])
    guided = system_of(_saved(tmp_path, "sentences"), data, guidance=0.2)
    with pytest.raises(InputError, match="is told no labels to be guided by"):
        draw_stories(guided, data, [2], seed=0)


def test_what_does_not_fit_the_data_is_told(data: SequenceData, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="was trained on sentence vectors, and squares has none"):
        system_of(_saved(tmp_path / "told", "vectors"), data)
    with pytest.raises(InputError, match="tells stories of 7 panels"):
        system_of(_saved(tmp_path / "long", "sentences", panels=7), data)
    with pytest.raises(InputError, match=r"sentence vectors has shape .* expected \(captions, 9\)"):
        system_of(_saved(tmp_path / "other", "sentences", text=9), data)
