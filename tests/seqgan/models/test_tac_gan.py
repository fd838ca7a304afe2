"""TAC-GAN: the released widths, sizes, batches, where noise, text and class stand, one step."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from seqgan.errors import ConfigError
from seqgan.losses.matching import TAC_GAN, PairLogits, matching_d_loss, matching_g_loss
from seqgan.losses.tac_gan import class_loss, tac_gan_d_classes
from seqgan.models.tac_gan import TACGANDiscriminator, TACGANGenerator, TACGANSizes
from seqgan.registry import build

SMALL = TACGANSizes(text=12, cond=5, z=7, classes=3, width=2, d_width=2, size=32)


def _inputs(batch: int) -> tuple[Tensor, Tensor]:
    torch.manual_seed(1)
    return torch.randn(batch, SMALL.z), torch.randn(batch, SMALL.text)


def _shapes(module: nn.Module) -> list[tuple[int, ...]]:
    return [tuple(p.shape) for p in module.parameters() if p.dim() > 1]


def test_widths_are_the_released_ones() -> None:
    with torch.device("meta"):
        g, d = TACGANGenerator(TACGANSizes()), TACGANDiscriminator(TACGANSizes())
    ups = [(512, 256, 5, 5), (256, 128, 5, 5), (128, 64, 5, 5), (64, 3, 5, 5)]
    assert _shapes(g) == [(256, 4800), (8 * 8 * 512, 356), *ups]
    downs = [(64, 3, 5, 5), (128, 64, 5, 5), (256, 128, 5, 5), (512, 256, 5, 5)]
    assert _shapes(d) == [*downs, (256, 4800), (512, 768, 1, 1), (1, 32768), (102, 32768)]


@pytest.mark.parametrize(("size", "base"), [(32, 2), (64, 4), (128, 8), (256, 16)])
@pytest.mark.parametrize("batch", [1, 2])
@torch.inference_mode()
def test_every_size_is_drawn_and_judged(size: int, base: int, batch: int) -> None:
    sizes = TACGANSizes(text=12, cond=5, z=7, classes=3, width=1, d_width=1, size=size)
    g, d, (z, sent) = TACGANGenerator(sizes).eval(), TACGANDiscriminator(sizes).eval(), _inputs(batch)
    image = g(z=z, sent=sent, eps=None)
    assert image.shape == (batch, 3, size, size) and image.abs().max() <= 1 and image.std() > 0
    features = d.encode(image)
    assert features.shape == (batch, 8, base, base)
    assert d.match(features, sent).shape == (batch,) and d.classify(features, sent).shape == (batch, 3)
    for found, alone in zip(d.judge(features, sent), (d.match, d.classify), strict=True):
        torch.testing.assert_close(found, alone(features, sent))


@torch.inference_mode()
def test_a_batch_draws_and_judges_what_its_rows_do() -> None:
    g, d, (z, sent) = TACGANGenerator(SMALL).eval(), TACGANDiscriminator(SMALL).eval(), _inputs(3)
    together = g(z, sent)
    verdicts = d.judge(d.encode(together), sent)
    for row in range(3):
        own = slice(row, row + 1)
        torch.testing.assert_close(g(z[own], sent[own]), together[own], rtol=1e-4, atol=1e-5)
        for found, all_rows in zip(d.judge(d.encode(together[own]), sent[own]), verdicts, strict=True):
            torch.testing.assert_close(found, all_rows[own], rtol=1e-4, atol=1e-5)


@torch.inference_mode()
def test_noise_comes_before_the_text_and_both_heads_read_the_text() -> None:
    g, d, (z, sent) = TACGANGenerator(SMALL).eval(), TACGANDiscriminator(SMALL).eval(), _inputs(2)
    features = d.encode(g(z, sent))
    for one, other in zip(d.judge(features, sent), d.judge(features, sent.flip(0)), strict=True):
        assert not torch.equal(one, other)
    g.project.weight[:, SMALL.z :] = 0
    assert torch.equal(g(z, sent), g(z, sent.flip(0)))
    assert not torch.equal(g(z, sent), g(z.flip(0), sent))


def test_one_step_reaches_every_weight() -> None:
    g, d, (z, sent) = TACGANGenerator(SMALL), TACGANDiscriminator(SMALL), _inputs(4)
    classes, image = torch.tensor([0, 1, 2, -1]), torch.rand(4, 3, 32, 32)
    real, fake = d.encode(image), g(z, sent)
    verdicts = [d.judge(x, sent) for x in (real, real.roll(1, 0), d.encode(fake.detach()))]
    terms = matching_d_loss(PairLogits(*(match for match, _ in verdicts)), TAC_GAN)
    terms |= tac_gan_d_classes(*(named for _, named in verdicts), classes, classes.roll(1, 0))
    assert len(terms) == 6
    torch.stack([term.value for term in terms.values()]).sum().backward()
    _all_reached(d)
    match, named = d.judge(d.encode(fake), sent)
    (matching_g_loss(match, None, TAC_GAN) + class_loss(named, classes)).value.backward()
    _all_reached(g)


def _all_reached(module: nn.Module) -> None:
    for name, parameter in module.named_parameters():
        assert parameter.grad is not None and bool(parameter.grad.isfinite().all()), name


def test_what_does_not_go_is_refused() -> None:
    for size in (16, 40):
        with pytest.raises(ConfigError, match=f"{size} pixels a side; expected a multiple of 16 from 32 on"):
            TACGANSizes(size=size)
    with pytest.raises(ConfigError, match="there are 1 classes"):
        TACGANSizes(classes=1)
    with pytest.raises(ValueError, match=r"pictures are \(1, 3, 64, 64\); expected \(B, 3, 32, 32\)"):
        TACGANDiscriminator(SMALL).encode(torch.zeros(1, 3, 64, 64))


def test_the_registry_builds_it() -> None:
    built = build("tac_gan", {"text": 12, "cond": 5, "z": 7, "classes": 3, "width": 2, "d_width": 2, "size": 32})
    assert isinstance(built, TACGANGenerator) and built.sizes == SMALL
