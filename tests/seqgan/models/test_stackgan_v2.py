"""StackGAN++: names and shapes of the published state dicts, what it draws, where the condition enters, its losses."""

from __future__ import annotations

import json
import math

import pytest
import torch
from torch import Tensor, nn

from seqgan.errors import ConfigError
from seqgan.losses.adversarial import criterion_named
from seqgan.losses.functional import gaussian_kl
from seqgan.losses.matching import STACKGAN_V2, PairLogits, matching_d_loss
from seqgan.models.stackgan_v2 import (
    StackGANv2Discriminator,
    StackGANv2Discriminators,
    StackGANv2Generator,
    StackGANv2Sizes,
)
from tests.golden.formula import FOLDER

SMALL = StackGANv2Sizes(text=12, cond=5, z=7, width=8, d_width=2, residuals=1, scales=(16, 32, 64))


def _inputs(batch: int = 3) -> tuple[Tensor, Tensor, Tensor]:
    torch.manual_seed(1)
    return torch.randn(batch, SMALL.z), torch.randn(batch, SMALL.text), torch.randn(batch, SMALL.cond)


def _published(part: str) -> tuple[dict[str, list[int]], int]:
    published = json.loads((FOLDER / "stackgan_v2_birds.json").read_text(encoding="utf-8"))
    return published[part], published["_meta"]["num_params"][part]


def _parameters(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def test_names_and_shapes_of_the_generator_are_the_published_ones() -> None:
    with torch.device("meta"):
        g = StackGANv2Generator(StackGANv2Sizes())
    names, parameters = _published("G_NET")
    assert {name: list(tensor.shape) for name, tensor in g.state_dict().items()} == names
    assert _parameters(g) == parameters == 21_239_696


@pytest.mark.parametrize(("size", "count"), [(64, 5_723_906), (128, 18_834_178), (256, 71_269_122)])
def test_names_and_shapes_of_the_discriminators_are_the_published_ones(size: int, count: int) -> None:
    with torch.device("meta"):
        d = StackGANv2Discriminator(StackGANv2Sizes(), size)
    names, parameters = _published(f"D_NET{size}")
    assert {name: list(tensor.shape) for name, tensor in d.state_dict().items()} == names
    assert _parameters(d) == parameters == count


@torch.inference_mode()
@pytest.mark.parametrize("scales", [(16,), (8, 16), (16, 32, 64), (64, 128, 256)])
@pytest.mark.parametrize("batch", [1, 2])
def test_every_scale_is_drawn_and_judged(scales: tuple[int, ...], batch: int) -> None:
    sizes = StackGANv2Sizes(text=12, cond=5, z=7, width=4, d_width=1, residuals=1, scales=scales)
    drawn, judges = StackGANv2Generator(sizes).eval()(*_inputs(batch)), StackGANv2Discriminators(sizes).eval()
    assert tuple(drawn.images) == scales and drawn.mu.shape == drawn.logvar.shape == (batch, 5)
    for size, image in drawn.images.items():
        assert image.shape == (batch, 3, size, size) and image.abs().max() <= 1 and image.std() > 0
        features = judges.at(size).encode(image)
        assert features.shape == (batch, 8, 4, 4)
        assert judges.at(size).match(features, drawn.mu).shape == judges.at(size).realism(features).shape == (batch,)


@torch.inference_mode()
def test_a_batch_draws_what_its_rows_draw() -> None:
    g, inputs = StackGANv2Generator(SMALL), _inputs()
    for _ in range(3):
        g.train()(*inputs)  # so that statistics are not the first ones
    whole, rows = g.eval()(*inputs), [g(*row) for row in zip(*(x.split(1) for x in inputs), strict=True)]
    for size, images in whole.images.items():
        torch.testing.assert_close(images, torch.cat([row.images[size] for row in rows]), rtol=1e-4, atol=1e-5)
        assert not torch.allclose(images[:1], images[1:2], atol=1e-4)


@torch.inference_mode()
def test_without_noise_the_condition_is_the_mean() -> None:
    g, (z, sent, eps) = StackGANv2Generator(SMALL).eval(), _inputs()
    still, moved = g(z, sent, None), g(z, sent, eps)
    assert torch.equal(still.images[64], g(z, sent, torch.zeros_like(eps)).images[64])
    assert not torch.equal(still.images[64], moved.images[64]) and torch.equal(still.mu, moved.mu)


@torch.inference_mode()
def test_the_condition_comes_first() -> None:
    g, d, (z, sent, _) = StackGANv2Generator(SMALL).eval(), StackGANv2Discriminator(SMALL, 16).eval(), _inputs()
    _blind(g.get_submodule("h_net1.fc.0"))
    drawn, other = g(z, sent, None).images, g(z, sent.flip(0), None).images
    assert torch.equal(drawn[16], other[16]) and not torch.equal(drawn[32], other[32])
    _blind(g.get_submodule("h_net2.jointConv.0"))
    assert torch.equal(g(z, sent, None).images[32], g(z, sent.flip(0), None).images[32])
    features, cond = d.encode(drawn[16]), torch.randn(3, SMALL.cond)
    assert not torch.equal(d.match(features, cond), d.match(features, cond.flip(0)))
    _blind(d.jointConv[0])
    assert torch.equal(d.match(features, cond), d.match(features, cond.flip(0)))


def _blind(layer: nn.Module) -> None:
    """Let a layer read nothing of its first input channels, as many as the condition has."""
    layer.get_parameter("weight")[:, : SMALL.cond] = 0


def _six_terms(d: StackGANv2Discriminator, real: Tensor, fake: Tensor, told: Tensor) -> dict[str, Tensor]:
    """The loss of one discriminator as released, the wrong pictures being those of the next rows."""
    real, fake, wrong = d.encode(real), d.encode(fake), d.encode(real.roll(1, 0))
    pairs = d.match(real, told), d.match(wrong, told), d.match(fake, told)
    logits = PairLogits(*pairs, d.realism(real), d.realism(fake), d.realism(wrong))
    return {name: term.value for name, term in matching_d_loss(logits, STACKGAN_V2).items()}


@torch.no_grad()
def test_six_undecided_verdicts_cost_six_times_log_two() -> None:
    d, images = StackGANv2Discriminator(SMALL, 16), torch.rand(2, 3, 16, 16)
    for head in (d.logits[0], d.uncond_logits[0]):
        head.get_parameter("weight").zero_()
    terms = _six_terms(d, images, -images, torch.rand(2, SMALL.cond))
    assert sum(float(term) for term in terms.values()) == pytest.approx(6 * math.log(2))


def test_one_step_reaches_every_weight() -> None:
    torch.manual_seed(0)
    g, judges, rise = StackGANv2Generator(SMALL), StackGANv2Discriminators(SMALL), criterion_named("bce").g_fake
    drawn = g(*_inputs(4))
    real = {size: torch.rand_like(image) for size, image in drawn.images.items()}
    for size, image in drawn.images.items():
        terms = _six_terms(judges.at(size), real[size], image.detach(), drawn.mu.detach())
        torch.stack(list(terms.values())).sum().backward()
    _all_reached(judges)
    loss = 2 * gaussian_kl(drawn.mu, drawn.logvar)
    for size, image in drawn.images.items():
        features = judges.at(size).encode(image)
        loss = loss + rise(judges.at(size).match(features, drawn.mu)) + rise(judges.at(size).realism(features))
    loss.value.backward()
    _all_reached(g)


def _all_reached(module: nn.Module) -> None:
    for name, parameter in module.named_parameters():
        assert parameter.grad is not None and bool(parameter.grad.isfinite().all()), name


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"scales": ()}, "expected one or more, each twice the one before"),
        ({"scales": (64, 256)}, "scales are (64, 256); expected one or more"),
        ({"scales": (24, 48)}, "24 pixels a side"),
        ({"width": 6}, "width is 6; expected a multiple of 4"),
    ],
)
def test_sizes_that_do_not_go_are_refused(changes: dict[str, tuple[int, ...]], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        StackGANv2Sizes(**changes)  # pyright: ignore[reportArgumentType]
    assert message in str(caught.value)


def test_there_is_no_discriminator_of_another_size() -> None:
    with pytest.raises(ValueError, match="no discriminator for 128 pixels"):
        StackGANv2Discriminators(SMALL).at(128)
