"""Promises of the house StoryGAN: causal, any number of panels, no leak between panels, stories or noise."""

from dataclasses import replace

import pytest
import torch

from seqgan.models.storygan import StoryContext, StoryGANDiscriminators, StoryGANSizes, StoryGenerator

SIZES = StoryGANSizes(
    vocabulary=40, things=5, characters=3, panel=(2, 3), actor=(2, 4), base=(2, 3), embed=8, sent=12, story=12, code=4,
    lower=16, upper=12, z=11, maps=3, gist=6, rank=5, start=4, width=4, figure=4, d_width=4, d_story=8,
)  # fmt: skip


@pytest.fixture(scope="module")
def generator() -> StoryGenerator:
    torch.manual_seed(3)
    network = StoryGenerator(SIZES).eval().requires_grad_(False)
    for name, parameter in network.named_parameters():
        calm = name.startswith("figures.box")  # places are shares of the frame: far out there, rounding is all one sees
        parameter.normal_(0.0, 0.1 if calm else 0.3)  # far from the quiet start, so that every path shows
    return network


def _inputs(batch: int, count: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    tokens = torch.randint(1, 40, (batch, count, 7), generator=generator)
    frozen, z, eps = (torch.randn(batch, count, size, generator=generator) for size in (512, 11, 4))
    return tokens, frozen, z, eps


def _draw(generator: StoryGenerator, *inputs: torch.Tensor) -> torch.Tensor:
    context = generator.context(*inputs)
    count = inputs[0].shape[0] * inputs[0].shape[1]
    return generator.draw(context, inputs[2], torch.arange(count)).unflatten(0, inputs[0].shape[:2])


@pytest.mark.parametrize("count", [1, 2, 9])
def test_any_number_of_panels(generator: StoryGenerator, count: int) -> None:
    frames = _draw(generator, *_inputs(1, count))
    assert frames.shape == (1, count, 3, 32, 48)
    assert frames.abs().max() <= 1


def test_a_story_does_not_depend_on_its_batch(generator: StoryGenerator) -> None:
    inputs = _inputs(3, 4)
    alone = _draw(generator, *(x[1:2] for x in inputs))
    torch.testing.assert_close(_draw(generator, *inputs)[1:2], alone, atol=1e-5, rtol=0)


def test_a_later_sentence_never_changes_an_earlier_panel(generator: StoryGenerator) -> None:
    inputs = _inputs(1, 4)
    before = _draw(generator, *inputs)
    changed = inputs[0].clone()
    changed[:, 2] = 5
    after = _draw(generator, changed, *inputs[1:])
    torch.testing.assert_close(after[:, :2], before[:, :2], atol=1e-6, rtol=0)
    assert (after[:, 2:] - before[:, 2:]).abs().amax((0, 2, 3, 4)).min() > 1e-6


def test_noise_of_a_panel_stays_in_it(generator: StoryGenerator) -> None:
    tokens, frozen, z, eps = _inputs(1, 4)
    before = _draw(generator, tokens, frozen, z, eps)
    other = z.clone()
    other[:, 1] += 1
    moved = (_draw(generator, tokens, frozen, other, eps) - before).abs().amax((0, 2, 3, 4))
    assert moved[1] > 1e-6
    assert moved[[0, 2, 3]].max() < 1e-6


def test_the_camera_moves_the_ground_and_repeats_its_border() -> None:
    network = StoryGenerator(SIZES)
    torch.nn.init.constant_(network.pan.weight, 2 / 48)  # two columns to the right
    ground = torch.rand(1, 3, 32, 48)
    moved = network._pan(ground, torch.tensor([[1.0, 0.0]]))
    torch.testing.assert_close(moved[..., 2:], ground[..., :-2], atol=1e-5, rtol=0)
    torch.testing.assert_close(moved[..., :2], ground[..., :1].expand(-1, -1, -1, 2))


def test_padding_of_words_changes_nothing(generator: StoryGenerator) -> None:
    tokens, *rest = _inputs(2, 3)
    padded = torch.cat([tokens, torch.zeros(2, 3, 5, dtype=torch.int64)], 2)
    torch.testing.assert_close(_draw(generator, padded, *rest), _draw(generator, tokens, *rest), atol=1e-5, rtol=0)


def test_gradients_reach_every_parameter() -> None:
    generator = StoryGenerator(SIZES)
    inputs = _inputs(2, 3)
    context = generator.context(*inputs)
    labels, figures = generator.read(context, inputs[2])
    assert labels.shape == (6, 5 + 5 + 3 * 6)
    frames = generator.draw(context, inputs[2], torch.arange(6))
    (labels.sum() + figures.boxes.sum() + figures.worn.sum() + frames.sum() + context.logvar.sum()).backward()
    assert [name for name, p in generator.named_parameters() if p.grad is None] == []


def test_story_discriminator_sees_the_order() -> None:
    torch.manual_seed(0)
    d = StoryGANDiscriminators(SIZES).eval().story
    frames, sent = torch.randn(1, 3, 3, 32, 48), torch.randn(1, 3, 12)
    mask = torch.ones(1, 3, dtype=torch.bool)
    features = d.encode(frames)
    swapped = d.match(features.flip(1), sent.flip(1), mask)
    assert (d.match(features, sent, mask) - swapped).abs().item() > 1e-5


def test_story_discriminator_ignores_padding() -> None:
    torch.manual_seed(0)
    d = StoryGANDiscriminators(SIZES).eval().story
    features, sent = torch.randn(2, 4, 8), torch.randn(2, 4, 12)
    mask = torch.tensor([[True, True, False, False], [True] * 4])
    whole = d.match(features, sent, mask)
    torch.testing.assert_close(whole[:1], d.match(features[:1, :2], sent[:1, :2], mask[:1, :2]))


def test_context_is_plain_data() -> None:
    context = StoryContext(*(torch.zeros(1) for _ in range(5)))
    assert replace(context, mu=torch.ones(1)).mu.item() == 1
