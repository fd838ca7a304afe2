"""StackGAN: its widths, what it draws, where text and noise enter, one step of either stage."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from seqgan.errors import ConfigError
from seqgan.losses.functional import gaussian_kl
from seqgan.losses.matching import STORYGAN, PairLogits, matching_d_loss, matching_g_loss
from seqgan.models.stackgan import (
    StackGANConditioning,
    StackGANGenerator,
    StackGANSizes,
    StageOneDiscriminator,
    StageOneGenerator,
    StageTwoDiscriminator,
    StageTwoGenerator,
)

SMALL = StackGANSizes(text=12, cond=5, z=7, width=8, d_width=2, residuals=1, first=16, second=64, activation="none")


def _inputs(batch: int = 3) -> tuple[Tensor, Tensor, Tensor]:
    torch.manual_seed(1)
    return torch.randn(batch, SMALL.z), torch.randn(batch, SMALL.text), torch.randn(batch, 2, SMALL.cond)


def _moved(module: nn.Module) -> None:
    """Give batch norm statistics that differ from its first ones, so that eval mode has something to get wrong."""
    for norm in module.modules():
        if isinstance(norm, nn.BatchNorm1d | nn.BatchNorm2d):
            assert norm.running_mean is not None and norm.running_var is not None
            norm.running_mean.normal_(0, 0.1)
            norm.running_var.uniform_(0.001, 0.1)


def _blind(layer: nn.Module, places: slice) -> None:
    """Let a layer read nothing of some of its input channels."""
    layer.get_parameter("weight")[:, places] = 0


def _shapes(module: nn.Module) -> list[tuple[int, ...]]:
    """Of all weights but those of norms, in order."""
    return [tuple(p.shape) for name, p in module.named_parameters() if p.dim() > 1 and name.endswith("weight")]


def test_widths_are_the_released_ones() -> None:
    with torch.device("meta"):
        one, two = StageOneGenerator(StackGANSizes()), StageTwoGenerator(StackGANSizes())
        d_one, d_two = StageOneDiscriminator(StackGANSizes()), StageTwoDiscriminator(StackGANSizes())
    ups = [(768, 1536, 3, 3), (384, 768, 3, 3), (192, 384, 3, 3), (96, 192, 3, 3), (3, 96, 3, 3)]
    assert _shapes(one) == [(256, 1024), (24576, 228), *ups]
    ups = [(384, 768, 3, 3), (192, 384, 3, 3), (96, 192, 3, 3), (48, 96, 3, 3), (3, 48, 3, 3)]
    encoder = [(192, 3, 3, 3), (384, 192, 4, 4), (768, 384, 4, 4)]
    assert _shapes(two) == [(256, 1024), *encoder, (768, 896, 3, 3), *4 * [(768, 768, 3, 3)], *ups]
    downs = [(96, 3, 4, 4), (192, 96, 4, 4), (384, 192, 4, 4), (768, 384, 4, 4)]
    assert _shapes(d_one) == [*downs, (768, 896, 3, 3), (1, 768, 4, 4)]
    downs += [(1536, 768, 4, 4), (3072, 1536, 4, 4), (1536, 3072, 3, 3), (768, 1536, 3, 3)]
    assert _shapes(d_two) == [*downs, (768, 896, 3, 3), (1, 768, 4, 4), (1, 768, 4, 4)]


@torch.inference_mode()
@pytest.mark.parametrize(("first", "second"), [(16, 32), (16, 64), (32, 128), (64, 256)])
def test_both_stages_draw(first: int, second: int) -> None:
    sizes = StackGANSizes(text=12, cond=5, z=7, width=4, residuals=1, first=first, second=second)
    drawn = StackGANGenerator(sizes).eval()(*_inputs(2))
    assert [tuple(x.shape) for x in drawn.images.values()] == [(2, 3, first, first), (2, 3, second, second)]
    assert list(drawn.images) == [first, second]
    assert all(x.abs().max() <= 1 and x.std() > 0 for x in drawn.images.values())
    assert drawn.mu.shape == drawn.logvar.shape == (2, 5)


@torch.inference_mode()
def test_a_batch_draws_what_its_rows_draw() -> None:
    g, inputs = StackGANGenerator(SMALL), _inputs()
    _moved(g)
    whole, rows = g.eval()(*inputs), [g(*row) for row in zip(*(x.split(1) for x in inputs), strict=True)]
    for size, images in whole.images.items():
        torch.testing.assert_close(images, torch.cat([row.images[size] for row in rows]), rtol=1e-4, atol=1e-5)
        assert not torch.allclose(images[:1], images[1:2], atol=1e-4)


@torch.inference_mode()
@pytest.mark.parametrize(("activation", "slope"), [("relu", 0.0), ("leaky", 0.2), ("none", 1.0)])
def test_conditioning_by_hand(activation: str, slope: float) -> None:
    ca, sent = StackGANConditioning(StackGANSizes(text=12, cond=5, activation=activation)), torch.randn(3, 12)
    cond, mu, logvar = ca(sent, None)
    code = ca.fc(sent)
    torch.testing.assert_close(torch.cat([mu, logvar], 1), torch.where(code > 0, code, slope * code))
    assert torch.equal(cond, mu)
    eps = torch.randn(3, 5)
    torch.testing.assert_close(ca(sent, eps)[0], mu + eps * (logvar / 2).exp())


@torch.inference_mode()
def test_noise_and_features_come_before_the_condition() -> None:
    one, two, d = StageOneGenerator(SMALL).eval(), StageTwoGenerator(SMALL).eval(), StageOneDiscriminator(SMALL).eval()
    z, sent, _ = _inputs()
    _blind(one.fc[0], slice(SMALL.z, None))
    sketch = one(z, sent, None).images[16]
    assert torch.equal(sketch, one(z, sent.flip(0), None).images[16])
    assert not torch.equal(sketch, one(z.flip(0), sent, None).images[16])
    _blind(two.hr_joint[0], slice(4 * SMALL.width, None))
    assert torch.equal(two(sketch, sent, None).images[64], two(sketch, sent.flip(0), None).images[64])
    features, cond = d.encode(sketch), torch.randn(3, SMALL.cond)
    _blind(d.match_head.get_submodule("0.0"), slice(8 * SMALL.d_width))
    assert torch.equal(d.match(features, cond), d.match(features.flip(0), cond))


def test_one_step_of_stage_one() -> None:
    torch.manual_seed(0)
    g, d, (z, sent, eps) = StageOneGenerator(SMALL), StageOneDiscriminator(SMALL), _inputs(4)
    drawn, real = g(z, sent, eps[:, 0]), d.encode(torch.rand(4, 3, 16, 16))
    told, fake = drawn.mu.detach(), drawn.images[16]
    pairs = PairLogits(d.match(real, told), d.match(real, told.roll(1, 0)), d.match(d.encode(fake.detach()), told))
    _step(d, sum(term.value for term in matching_d_loss(pairs, STORYGAN).values()))
    loss = matching_g_loss(d.match(d.encode(fake), told), None, STORYGAN)
    _step(g, (loss + 2 * gaussian_kl(drawn.mu, drawn.logvar)).value)


def test_one_step_of_stage_two_leaves_stage_one_as_it_is() -> None:
    torch.manual_seed(0)
    g, d = StackGANGenerator(SMALL).train(), StageTwoDiscriminator(SMALL)
    before = {name: tensor.clone() for name, tensor in g.stage1.state_dict().items()}
    drawn = g(*_inputs(4))
    features = d.encode(drawn.images[64])
    match, realism = d.match(features, drawn.mu.detach()), d.realism(features)
    assert match.shape == realism.shape == (4,)
    _step(nn.ModuleList([g.stage2, d]), (match - realism).square().mean() + drawn.logvar.square().mean())
    assert all(p.grad is None for p in g.stage1.parameters())
    assert all(torch.equal(tensor, before[name]) for name, tensor in g.stage1.state_dict().items())


def _step(module: nn.Module, loss: Tensor | int) -> None:
    assert isinstance(loss, Tensor)
    module.zero_grad()
    loss.backward()
    for name, parameter in module.named_parameters():
        assert parameter.grad is not None and bool(parameter.grad.isfinite().all()), name


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"activation": "gelu"}, "activation of the conditioning 'gelu' does not exist"),
        ({"first": 8}, "stages have 8 and 256 pixels"),
        ({"second": 64}, "stages have 64 and 64 pixels"),
        ({"second": 200}, "200 pixels a side"),
        ({"width": 6}, "width is 6; expected a multiple of 4"),
    ],
)
def test_sizes_that_do_not_go_are_refused(changes: dict[str, int], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        StackGANSizes(**changes)  # pyright: ignore[reportArgumentType]


def test_stage_two_refuses_pictures_of_another_size() -> None:
    with pytest.raises(ValueError, match=r"stage I are \(2, 3, 32, 32\); expected \(B, 3, 16, 16\)"):
        StageTwoGenerator(SMALL)(torch.zeros(2, 3, 32, 32), torch.zeros(2, 12), None)
