"""The Pororo StoryGAN: its published names, its golden outputs, and every switch of what the release does otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from seqgan.models.story_parts import StoryQuirks, noise_named
from seqgan.models.storygan_pororo import (
    COMPATIBLE,
    StoryGANPororoDiscriminators,
    StoryGANPororoGenerator,
    StoryGANPororoImageDiscriminator,
    StoryGANPororoSizes,
    StoryGANPororoStoryDiscriminator,
)
from tests.golden.formula import Golden, normal

GAINS = {"filter_net.0.weight": 0.1, "img.0.weight": 0.5}
TINY = StoryGANPororoSizes(
    text=6, labels=3, z=4, code=5, width=2, d_width=2, panels=3, filters=2, filter_size=3, gist=7
)  # fmt: skip


@pytest.fixture(scope="module")
def released() -> StoryGANPororoGenerator:
    g = StoryGANPororoGenerator(StoryGANPororoSizes(quirks=COMPATIBLE)).eval()
    with torch.no_grad():
        Golden("storygan_r_generator_n1").fill(g, GAINS)
    return g


def _noise(path: str, *sizes: int) -> dict[str, Tensor]:
    return {f"{path}/noise/{k}": normal(f"{path}/noise/{k}", 1, size) for k, size in enumerate(sizes)}


@torch.inference_mode()
def test_stories_are_those_of_the_release(released: StoryGANPororoGenerator) -> None:
    golden, g = Golden("storygan_r_generator_n1"), released
    motion, content = normal("storygan_r/motion", 1, 5, 365), normal("storygan_r/content", 1, 5, 356)
    noise = _noise("storygan_r/videos", *g.draws(5))
    code = g.encode(content, noise["storygan_r/videos/noise/0"])
    golden.check("mu", code.mu)
    assert code.logvar is not None
    golden.check("logvar", code.logvar)
    g0, h0 = g.begin(motion, code.sample, noise["storygan_r/videos/noise/1"])
    golden.check("g0", g0)
    golden.check("h0", h0)
    z = torch.stack([noise[f"storygan_r/videos/noise/{k}"] for k in range(2, 7)], 1)
    lower, upper = g.chains(motion, code.sample, noise["storygan_r/videos/noise/1"], z)
    golden.check("g_chain", lower)
    golden.check("h_chain", upper)
    golden.check("filter", g.filter_net(upper[0]))
    golden.check("gist", g.gist(motion[0], upper[0])[:, None])
    video = g(motion[..., :356], motion[..., 356:], noise, content).unflatten(0, (1, 5))
    golden.check("video", video)
    golden.check("video_probe", video[..., 1::7, 2::7])


@torch.inference_mode()
def test_single_frames_are_those_of_the_release(released: StoryGANPororoGenerator) -> None:
    golden, g = Golden("storygan_r_generator_n1"), released
    motion, content = normal("storygan_r/motion", 1, 5, 365), normal("storygan_r/content", 1, 5, 356)
    noise = _noise("storygan_r/images", *g.alone(5))
    found = g.tell(motion[..., :356], motion[..., 356:], noise, content, torch.tensor([2]))
    golden.check("image_mu", found.code.mu)
    golden.check("image", found.frames)
    golden.check("image_probe", found.frames[..., 1::7, 2::7])


def _tiny(**quirks: bool) -> StoryGANPororoGenerator:
    torch.manual_seed(0)
    g = StoryGANPororoGenerator(replace(TINY, quirks=StoryQuirks(**quirks))).eval()
    for weight in g.parameters():
        torch.nn.init.normal_(weight, 0.0, 0.3)
    return g


def _story(count: int, sizes: tuple[int, ...], seed: int = 1) -> tuple[Tensor, Tensor, dict[str, Tensor]]:
    rng = torch.Generator().manual_seed(seed)
    sentences = torch.randn(count, 3, 6, generator=rng)
    labels = (torch.rand(count, 3, 3, generator=rng) > 0.5).float()
    return sentences, labels, noise_named([torch.randn(count, size, generator=rng) for size in sizes])


def _rows(story: tuple[Tensor, Tensor, dict[str, Tensor]], at: slice) -> tuple[Tensor, Tensor, dict[str, Tensor]]:
    sentences, labels, noise = story
    return sentences[at], labels[at], {name: draw[at] for name, draw in noise.items()}


@pytest.mark.parametrize("shuffled", [False, True])
@torch.inference_mode()
def test_a_story_is_the_same_in_any_batch_but_for_the_released_order_of_codes(shuffled: bool) -> None:
    g = _tiny(shuffled_code=shuffled)
    story = _story(3, g.draws(3))
    together = g(*story).unflatten(0, (3, 3))
    alone = torch.stack([g(*_rows(story, slice(k, k + 1))) for k in range(3)])
    assert torch.allclose(together, alone, atol=1e-5) != shuffled


@torch.inference_mode()
def test_a_frame_alone_is_that_of_its_story_unless_it_is_drawn_as_a_first_one() -> None:
    mended, released = _tiny(), _tiny(single_first=True)
    story, panels = _story(2, mended.draws(3)), torch.tensor([2, 0])
    whole = mended(*story).unflatten(0, (2, 3))
    found = mended.frames(story[0], story[1], panels, story[2])
    torch.testing.assert_close(found, whole[torch.arange(2), panels], atol=1e-5, rtol=1e-5)
    assert released.alone(3) == (5, 9, 4) and mended.alone(3) == (5, 9, 4, 4, 4)
    _, _, noise = _story(2, released.alone(3))
    other = released.frames(story[0], story[1], panels, noise)
    assert other.shape == found.shape and not torch.allclose(other[0], found[0])


def test_a_story_code_may_lie_below_zero_unless_it_passes_a_relu() -> None:
    for relu in (False, True):
        sentences, _, noise = _story(4, (5,))
        code = _tiny(relu_code=relu).encode(sentences, noise["noise/0"])
        assert code.logvar is not None
        assert bool((code.mu < 0).any()) != relu and bool((code.logvar < 0).any()) != relu


def test_a_lone_story_trains() -> None:
    g, d = StoryGANPororoGenerator(TINY), StoryGANPororoDiscriminators(TINY)
    sentences, labels, noise = _story(1, g.draws(3))
    drawn = g.tell(sentences, labels, noise)
    story = d.story.match(d.story.encode(drawn.frames), d.story.told(sentences, labels, drawn.code.mu))
    features = d.image.encode(drawn.frames[:1])
    image = d.image.match(features, d.image.told(sentences[:, 0], labels[:, 0], drawn.code.mu))
    loss = story.sum() + image.sum() + d.image.classify(features).sum()
    loss.backward()
    assert (story.shape, image.shape, d.image.classify(features).shape) == ((1,), (1,), (1, 3))
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in g.parameters())


@pytest.mark.parametrize("orderless", [False, True])
@torch.inference_mode()
def test_the_story_discriminator_sees_the_order_unless_it_averages(orderless: bool) -> None:
    torch.manual_seed(0)
    d = StoryGANPororoStoryDiscriminator(replace(TINY, quirks=StoryQuirks(orderless=orderless))).eval()
    for weight in d.parameters():
        torch.nn.init.normal_(weight, 0.0, 0.3)
    sentences, labels, _ = _story(2, ())
    frames, told = torch.rand(6, 3, 64, 64), d.told(sentences, labels, torch.randn(2, 5))
    assert told.shape == (2, TINY.condition)
    turned = frames.unflatten(0, (2, 3)).flip(1).flatten(0, 1)
    logits, other = d.match(d.encode(frames), told), d.match(d.encode(turned), told)
    assert torch.allclose(logits, other, rtol=1e-4) == orderless


@torch.inference_mode()
def test_the_classifier_sees_the_whole_map_unless_it_is_padded() -> None:
    for padded in (False, True):
        torch.manual_seed(0)
        d = StoryGANPororoImageDiscriminator(replace(TINY, quirks=StoryQuirks(padded_classes=padded))).eval()
        features = torch.rand(1, 16, 4, 4)
        corner = features.clone()
        corner[..., 3, 3] += 1
        assert torch.equal(d.classify(features), d.classify(corner)) == padded
        assert d.classify(features).shape == (1, 3)
