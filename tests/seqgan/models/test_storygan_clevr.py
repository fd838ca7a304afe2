"""The released CLEVR StoryGAN: its names and shapes, its sizes, its golden outputs and losses."""

from __future__ import annotations

import json

import pytest
import torch
from torch import nn

from seqgan.losses.matching import STORYGAN, PairLogits, matching_d_loss
from seqgan.models.storygan_clevr import (
    StoryGANClevrDiscriminators,
    StoryGANClevrGenerator,
    StoryGANClevrImageDiscriminator,
    StoryGANClevrSizes,
    StoryGANClevrStoryDiscriminator,
)
from tests.golden.formula import FOLDER, Golden, image, normal

SIZES = StoryGANClevrSizes()


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
    z = torch.stack([normal(f"storygan_c/videos/noise/{k}", 2, 100) for k in range(4)], 1)
    lower, upper = generator.chains(story, z)
    golden.check("g_chain", lower)
    golden.check("h_chain", upper)
    golden.check("signal", generator.image_net(story.flatten(0, 1)))
    golden.check("filter", generator.filter_net(upper.flatten(0, 1)))
    golden.check("gist_map", generator.gist(story.flatten(0, 1), upper.flatten(0, 1)))
    video = generator(story, z).unflatten(0, (2, 4))
    golden.check("video", video)
    golden.check("video_probe", video[..., 1::7, 2::7])


@torch.inference_mode()
def test_single_frames_are_those_of_the_release(generator: StoryGANClevrGenerator) -> None:
    golden, story = Golden("storygan_c_generator"), normal("storygan_c/story", 2, 4, 75)
    found = generator.frames(story[:, 2], story.mean(1), normal("storygan_c/images/noise/0", 2, 100))
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
