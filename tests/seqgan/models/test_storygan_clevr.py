"""The released CLEVR StoryGAN: its names and shapes, its sizes, its golden outputs and losses."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import torch
from torch import nn

from seqgan.errors import InputError
from seqgan.losses.matching import STORYGAN, PairLogits, matching_d_loss
from seqgan.models.story_parts import StoryQuirks, noise_named
from seqgan.models.storygan_clevr import (
    RELEASED,
    StoryGANClevrDiscriminators,
    StoryGANClevrGenerator,
    StoryGANClevrImageDiscriminator,
    StoryGANClevrSizes,
    StoryGANClevrStoryDiscriminator,
)
from tests.golden.formula import FOLDER, Golden, image, normal

SIZES = StoryGANClevrSizes(quirks=RELEASED)


@pytest.mark.parametrize(
    ("part", "network", "parameters"),
    [
        ("generator", StoryGANClevrGenerator, 35_003_478),
        ("image_discriminator", StoryGANClevrImageDiscriminator, 12_226_945),
        ("story_discriminator", StoryGANClevrStoryDiscriminator, 27_967_873),
    ],
)
def test_names_shapes_and_sizes_are_the_published_ones(part: str, network: type[nn.Module], parameters: int) -> None:
    with torch.device("meta"):
        module = network(SIZES)
    published = json.loads((FOLDER / "storygan_clevr.json").read_text(encoding="utf-8"))[part]
    assert {name: list(tensor.shape) for name, tensor in module.state_dict().items()} == published
    assert sum(parameter.numel() for parameter in module.parameters()) == parameters


@pytest.fixture(scope="module")
def generator() -> StoryGANClevrGenerator:
    g = StoryGANClevrGenerator(SIZES).eval()
    Golden("storygan_c_generator").fill(g, {"downsamples.0.weight": 0.05})
    return g


@torch.inference_mode()
def test_stories_are_those_of_the_release(generator: StoryGANClevrGenerator) -> None:
    golden, story = Golden("storygan_c_generator"), normal("storygan_c/story", 2, 4, 75)
    noise = {f"storygan_c/videos/noise/{k}": normal(f"storygan_c/videos/noise/{k}", 2, 100) for k in range(4)}
    lower, upper = generator.chains(story, story.mean(1), None, torch.stack(list(noise.values()), 1))
    golden.check("g_chain", lower)
    golden.check("h_chain", upper)
    golden.check("signal", generator.image_net(story.flatten(0, 1)))
    golden.check("filter", generator.filter_net(upper.flatten(0, 1)))
    golden.check("gist_map", generator.gist(story.flatten(0, 1), upper.flatten(0, 1)))
    video = generator(story, None, noise).unflatten(0, (2, 4))
    golden.check("video", video)
    golden.check("video_probe", video[..., 1::7, 2::7])


@torch.inference_mode()
def test_single_frames_are_those_of_the_release(generator: StoryGANClevrGenerator) -> None:
    golden, story = Golden("storygan_c_generator"), normal("storygan_c/story", 2, 4, 75)
    noise = {"storygan_c/images/noise/0": normal("storygan_c/images/noise/0", 2, 100)}
    found = generator.frames(story, None, torch.tensor([2, 2]), noise)
    golden.check("image", found)
    golden.check("image_probe", found[..., 1::7, 2::7])


@torch.inference_mode()
def test_verdicts_and_losses_are_those_of_the_release() -> None:
    golden, d = Golden("storygan_c_image_discriminator"), StoryGANClevrImageDiscriminator(SIZES).eval()
    golden.fill(d)
    told = normal("storygan_c/condition", 3, 75)
    real, fake = (d.encode(image(f"storygan_c/{name}", 3)) for name in ("real", "fake"))
    golden.check("features", real)
    golden.check("cond_logit", d.match(real, told))
    golden.check("class_logit", d.classify(real))
    pairs = PairLogits(d.match(real, told), d.match(real[:-1], told[1:]), d.match(fake, told))
    terms = {name: float(term.value) for name, term in matching_d_loss(pairs, STORYGAN).items()}
    assert terms["real"] == pytest.approx(golden.arrays["loss_d_real"], rel=1e-5)
    assert terms["wrong"] == pytest.approx(0.5 * golden.arrays["loss_d_wrong"], rel=1e-5)
    assert terms["fake"] == pytest.approx(0.5 * golden.arrays["loss_d_fake"], rel=1e-5)


def test_the_story_discriminator_tells_orders_apart() -> None:
    torch.manual_seed(0)
    d = StoryGANClevrDiscriminators(StoryGANClevrSizes(d_width=2)).eval()
    frames, told = torch.rand(8, 3, 64, 64), torch.rand(2, 4, 75)
    logits = d.story.match(d.story.encode(frames), told)
    turned = d.story.match(d.story.encode(frames.unflatten(0, (2, 4)).flip(1).flatten(0, 1)), told)
    assert logits.shape == (2,) and not torch.allclose(logits, turned)


TINY = StoryGANClevrSizes(text=6, labels=3, z=4, width=2, d_width=2, panels=3)


def _tiny(**quirks: bool) -> StoryGANClevrGenerator:
    torch.manual_seed(0)
    g = StoryGANClevrGenerator(replace(TINY, quirks=StoryQuirks(**quirks))).eval()
    for weight in g.parameters():
        nn.init.normal_(weight, 0.0, 0.3)
    return g


def _noise(count: int, sizes: tuple[int, ...]) -> dict[str, torch.Tensor]:
    rng = torch.Generator().manual_seed(1)
    return noise_named([torch.randn(count, size, generator=rng) for size in sizes])


def test_every_switch_has_its_own_noise() -> None:
    assert _tiny().draws(3) == (6, 6, 4, 4, 4) == _tiny().alone(3)
    assert _tiny(mean_story=True).draws(3) == _tiny(first_sentence=True).draws(3) == (6, 4, 4, 4)
    assert StoryGANClevrGenerator(replace(TINY, quirks=RELEASED)).alone(3) == (4,)
    with pytest.raises(InputError, match=r"expected 5 draws whose names end in their numbers, 0 to 4"):
        _tiny()(torch.rand(1, 3, 6), None, _noise(1, (6, 6, 4, 4)))
    with pytest.raises(InputError, match=r"noise/1 has shape \(1, 4\), expected \(1, 6\)"):
        _tiny()(torch.rand(1, 3, 6), None, _noise(1, (6, 4, 4, 4, 4)))


@torch.inference_mode()
def test_a_story_is_the_same_in_any_batch() -> None:
    g, sentences = _tiny(), torch.rand(3, 3, 6)
    noise = _noise(3, g.draws(3))
    together = g(sentences, None, noise).unflatten(0, (3, 3))
    for k in range(3):
        own = {name: draw[k : k + 1] for name, draw in noise.items()}
        torch.testing.assert_close(g(sentences[k : k + 1], None, own), together[k], atol=1e-5, rtol=1e-5)


@torch.inference_mode()
def test_the_lower_state_begins_as_noise_unless_it_is_the_first_sentence() -> None:
    sentences = torch.rand(2, 3, 6)
    for first in (False, True):
        g = _tiny(first_sentence=first)
        draws = list(_noise(2, g.draws(3)).values())
        start = None if first else draws[1]
        assert ("start" in g.first_draws) != first and len(draws) == (4 if first else 5)
        begun = sentences[:, 0] if first else draws[1]
        assert torch.equal(g.begin(sentences, sentences.mean(1), start)[0], begun)
        z = torch.stack(draws[-3:], 1)
        lower, _ = g.chains(sentences, sentences.mean(1), start, z)
        torch.testing.assert_close(lower[:, 0], g.recurrent(torch.cat([z[:, 0], sentences[:, 0]], 1), begun))


@torch.inference_mode()
def test_the_filter_is_a_convolution_unless_it_is_a_mask() -> None:
    told, upper = torch.rand(2, 6), torch.rand(2, 6)
    mended, released = _tiny(), _tiny(box_filter=True)
    signal = mended.image_net(told).reshape(2, 1, 15, 15)
    kernels = mended.filter_net(upper).reshape(2, 1, 1, 15, 15)
    found = mended.gist(told, upper)
    for k in range(2):
        expected = nn.functional.conv2d(signal[k : k + 1], kernels[k], padding=7)
        torch.testing.assert_close(found[k : k + 1], expected, atol=1e-4, rtol=1e-4)
    assert not torch.allclose(found, released.gist(told, upper))


def test_the_story_code_is_a_gaussian_that_learns_unless_it_is_the_mean_sentence() -> None:
    sentences = torch.rand(2, 3, 6)
    code = _tiny().encode(sentences, torch.randn(2, 6))
    assert code.logvar is not None and code.logvar.requires_grad and not torch.equal(code.sample, code.mu)
    mean = _tiny(mean_story=True).encode(sentences, None)
    assert mean.logvar is None and torch.equal(mean.mu, sentences.mean(1)) and torch.equal(mean.sample, mean.mu)


def test_a_lone_story_trains() -> None:
    g, d, sentences = StoryGANClevrGenerator(TINY), StoryGANClevrDiscriminators(TINY), torch.rand(1, 3, 6)
    frames = g(sentences, None, _noise(1, g.draws(3)))
    (d.story.match(d.story.encode(frames), sentences).sum() + d.image.classify(d.image.encode(frames)).sum()).backward()
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in g.parameters())
