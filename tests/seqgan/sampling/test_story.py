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


def test_a_story_is_drawn_twice_alike_and_nothing_is_rebuilt(sampler: StorySampler) -> None:
    places = [value.data_ptr() for value in sampler.generator.state_dict().values()]
    first, again = (dict(sampler.draw(STORY, [1, 2, 3])) for _ in range(2))
    assert places == [value.data_ptr() for value in sampler.generator.state_dict().values()]
    assert all(np.array_equal(first[number], again[number]) for number in first)


@pytest.fixture
def passed(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[StorySampler, list[int]]:
    """A new sampler, and how many sentences each of its passes reads."""
    sampler, passes = StorySampler.load(tiny, device="cpu"), []
    context = sampler.generator.context
    monkeypatch.setattr(
        sampler.generator, "context", lambda tokens, *rest: passes.append(tokens.shape[1]) or context(tokens, *rest)
    )
    return sampler, passes


def test_only_the_typed_panel_is_computed(passed: tuple[StorySampler, list[int]]) -> None:
    sampler, passes = passed
    dict(sampler.draw(STORY, [1, 2, 3]))
    assert passes == [1, 1, 1]
    edited = [*STORY[:2], "Both of them sleep."]
    drawn = dict(sampler.draw(edited, [1, 2, 3], [2]))
    assert passes == [1, 1, 1, 1]
    assert np.array_equal(drawn[2], dict(sampler.draw(edited, [1, 2, 3]))[2])
    del passes[:]
    dict(sampler.draw([STORY[0], "She sings.", STORY[2]], [1, 2, 3], [2]))
    assert passes == [1, 1]  # the changed sentence, and the one after it


def test_a_kept_beginning_gives_the_same_bytes(tiny: Path, sampler: StorySampler) -> None:
    told = [*STORY, "Mia sings zorks in the snow."]
    dict(sampler.draw(told, [1, 2, 3, 4]))
    fresh = StorySampler.load(tiny, device="cpu")
    for number in (3, 1):
        kept, new = (dict(each.draw(told, [1, 2, 3, 9], [number]))[number] for each in (sampler, fresh))
        assert np.array_equal(kept, new)


def test_names_of_the_story_are_not_mixed_up(sampler: StorySampler) -> None:
    """A beginning is the same only where its names have the same numbers."""
    one, two = (["A girl called Lily walks.", "Lily waves."], ["Lily waves."])
    alone = dict(sampler.draw(two, [5]))[0]
    dict(sampler.draw(one, [1, 5]))
    assert np.array_equal(dict(sampler.draw(two, [5]))[0], alone)


def test_what_is_kept_is_bounded(passed: tuple[StorySampler, list[int]], monkeypatch: pytest.MonkeyPatch) -> None:
    sampler, passes = passed
    monkeypatch.setattr("seqgan.sampling.story.KEPT", 2)
    dict(sampler.draw(STORY, [1, 2, 3]))
    assert len(sampler._kept) == 2
    dict(sampler.draw(STORY, [1, 2, 3], [1]))
    assert passes == [1, 1, 1, 1, 1]  # the first sentence's state was let go


def test_precisions_keep_states_of_their_own(passed: tuple[StorySampler, list[int]]) -> None:
    sampler, passes = passed
    dict(sampler.draw(STORY, [1, 2, 3]))
    rounded = dict(sampler.draw(STORY, [1, 2, 3], [2], knobs={"precision": "bfloat16"}))
    assert passes == 6 * [1] and np.array_equal(rounded[2], dict(sampler.at("bfloat16").draw(STORY, [1, 2, 3]))[2])


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
