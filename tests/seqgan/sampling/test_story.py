"""The story sampler: what it does to a network when it loads one changes no picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from seqgan.checkpoints.format import load_into, read_config, read_weights
from seqgan.models.storygan import StoryGANSizes, StoryGenerator
from seqgan.registry import build
from seqgan.sampling.story import StorySampler

STORY = ["Mia walks in the snow.", "She waves to Pip.", "Both of them jump."]


@pytest.fixture(scope="module")
def sampler(tiny: Path) -> StorySampler:
    return StorySampler.load(tiny, device="cpu")


def test_folding_changes_no_picture(tiny: Path, sampler: StorySampler) -> None:
    config = read_config(tiny)
    plain = build("storygan", config["sizes"])
    assert isinstance(plain, StoryGenerator) and isinstance(plain.sizes, StoryGANSizes)
    load_into(plain, read_weights(tiny), tiny)
    unfolded = StorySampler(plain, config, {}, "cpu")
    expected, drawn = (dict(each.draw(STORY, [1, 2, 3])) for each in (unfolded, sampler))
    for number in range(len(STORY)):
        assert np.abs(drawn[number].astype(int) - expected[number]).max() <= 1
        assert expected[number].std() > 5  # there is a picture that could have changed


def test_what_is_loaded_is_folded_and_channels_last(sampler: StorySampler) -> None:
    norms = [name for name, part in sampler.generator.named_modules() if isinstance(part, nn.BatchNorm2d)]
    assert norms == ["frame.up1.0", "figures.paint.0", "figures.worn.paint.0"]  # all come first in their blocks
    kernels = [part.weight for part in sampler.generator.modules() if isinstance(part, nn.Conv2d)]
    assert all(kernel.is_contiguous(memory_format=torch.channels_last) for kernel in kernels)


def test_one_text_pass_a_story_and_no_rebuilding(sampler: StorySampler, monkeypatch: pytest.MonkeyPatch) -> None:
    passes, context = [], sampler.generator.context
    monkeypatch.setattr(sampler.generator, "context", lambda *inputs: passes.append(1) or context(*inputs))
    places = [value.data_ptr() for value in sampler.generator.state_dict().values()]
    first, again = (dict(sampler.draw(STORY, [1, 2, 3])) for _ in range(2))
    assert len(passes) == 2  # for two stories of three panels
    assert places == [value.data_ptr() for value in sampler.generator.state_dict().values()]
    assert all(np.array_equal(first[number], again[number]) for number in first)


def test_all_frames_in_one_pass_are_those_drawn_one_at_a_time(sampler: StorySampler) -> None:
    inputs = sampler.inputs(sampler.read(STORY).sentences, [1, 2, 3])
    together = ((sampler.frames(inputs) + 1) * 127.5).permute(0, 2, 3, 1).numpy()
    for number, panel in sampler.draw(STORY, [1, 2, 3]):
        assert np.abs(together[number] - panel).max() < 0.51


def test_threads_are_a_setting(tiny: Path) -> None:
    before = torch.get_num_threads()
    try:
        for threads in (2, 1):
            StorySampler.load(tiny, device="cpu", threads=threads)
            assert torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)
