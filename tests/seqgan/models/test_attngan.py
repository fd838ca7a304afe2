"""AttnGAN and ControlGAN: published names and sizes, golden outputs, masks, batches, stages of other sizes."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.errors import ConfigError
from seqgan.layers.word_attention import WordAttention
from seqgan.models.attngan import AttnGANDiscriminator, AttnGANFrames, AttnGANGenerator, AttnGANSizes
from seqgan.models.controlgan import ControlGANGenerator
from tests.golden.formula import Golden, image, normal

BIRDS, SMALL = AttnGANSizes(), AttnGANSizes(text=12, cond=4, z=5, width=4, d_width=4, residuals=1, scales=(16, 32, 64))


def _inputs(sizes: AttnGANSizes, lengths: tuple[int, ...] = (4, 3, 1)) -> dict[str, Tensor]:
    torch.manual_seed(0)
    batch, longest = len(lengths), max(lengths)
    pad_mask = torch.arange(longest) >= torch.tensor(lengths)[:, None]
    return {
        "z": torch.randn(batch, sizes.z), "sent": torch.randn(batch, sizes.text), "eps": torch.randn(batch, sizes.cond),
        "words": torch.randn(batch, sizes.text, longest), "pad_mask": pad_mask,
    }  # fmt: skip


@pytest.fixture(scope="module")
def frames() -> AttnGANFrames:
    """What the birds generator gives for the golden inputs."""
    g = AttnGANGenerator(BIRDS).eval()
    golden = Golden("attngan_g_net_b1")
    golden.fill(g, {"img_net2.img.0.weight": 0.5, "img_net3.img.0.weight": 0.25})
    words, pad_mask = normal("attngan/words", 3, 256, 12)[:1] * 0.3, torch.arange(12)[None] >= 9
    z, eps, sent = normal("attngan/z", 1, 100), normal("attngan/g_net/noise/0", 1, 100), normal("attngan/sent", 3, 256)
    with torch.inference_mode():
        return g(z=z, sent=sent[:1] * 0.5, eps=eps, words=words, pad_mask=pad_mask)


def test_the_generator_is_the_released_one(frames: AttnGANFrames) -> None:
    golden = Golden("attngan_g_net_b1")
    for name, found in (("mu", frames.mu), ("logvar", frames.logvar)):
        golden.check(name, found)
    for side, picture in frames.images.items():
        assert picture.shape == (1, 3, side, side)
        golden.check(f"img{side}_probe", picture[..., 1::7, 2::7])
    for side, attention in frames.attention.items():
        golden.check(f"att{side}_probe", attention[..., 1::7, 2::7])
        torch.testing.assert_close(attention.sum(1), torch.ones(1, side, side))
        assert not attention[:, 9:].any()


def test_the_discriminator_is_the_released_one() -> None:
    d, golden = AttnGANDiscriminator(BIRDS, 64).eval(), Golden("attngan_d_net64")
    golden.fill(d)
    sent = normal("attngan/sent", 3, 256) * 0.5
    with torch.inference_mode():
        real, fake = d.encode(image("attngan/real64", 3)), d.encode(image("attngan/fake64", 3))
        match, realism = d.match(real, sent), d.realism(real)
        wrong = d.match(real[:2], sent[1:])
        match_fake, realism_fake = d.match(fake, sent), d.realism(fake)
    golden.check("features", real)
    golden.check("cond_logit", match)
    golden.check("uncond_logit", realism)
    up, down = lambda x: F.softplus(-x).mean(), lambda x: F.softplus(x).mean()
    loss = (up(realism) + up(match)) / 2 + (down(realism_fake) + down(match_fake) + down(wrong)) / 3
    assert loss.item() == pytest.approx(float(golden.arrays["loss_d"]), rel=1e-5)
    alone = up(match) + (down(match_fake) + down(wrong)) / 2
    assert alone.item() == pytest.approx(float(golden.arrays["loss_d_no_uncond"]), rel=1e-5)


@pytest.mark.parametrize("network", [AttnGANGenerator, ControlGANGenerator])
def test_a_caption_does_not_see_the_rest_of_its_batch(network: type[nn.Module]) -> None:
    g, inputs = network(SMALL).eval(), _inputs(SMALL)
    together = g(**inputs)
    for row in range(3):
        alone = g(**{name: value[row : row + 1] for name, value in inputs.items()})
        for side, picture in alone.images.items():
            torch.testing.assert_close(picture, together.images[side][row : row + 1], atol=1e-5, rtol=1e-5)


def test_more_padding_changes_nothing() -> None:
    g, inputs = AttnGANGenerator(SMALL).eval(), _inputs(SMALL)
    longer = {
        "words": F.pad(inputs["words"], (0, 3), value=7.0),
        "pad_mask": F.pad(inputs["pad_mask"], (0, 3), value=True),
    }
    torch.testing.assert_close(g(**inputs | longer).images[64], g(**inputs).images[64], atol=1e-5, rtol=1e-5)


def test_the_released_mask_is_right_for_one_length_alone() -> None:
    attend, maps = WordAttention(4, 6), torch.randn(3, 4, 2, 2)
    words, mask = torch.randn(3, 6, 4), torch.arange(4) >= torch.tensor([[4], [2], [3]])
    with torch.no_grad():
        right, released = (attend(maps, words, mask, legacy)[1] for legacy in (False, True))
        assert released[1, 2:].sum() > 0 == right[1, 2:].sum()
        same = mask[1:2].expand(3, -1)
        torch.testing.assert_close(attend(maps, words, same, True)[1], attend(maps, words, same)[1])


def test_attention_in_closed_form() -> None:
    """The figures of the official functions on sines, sheet G and H."""
    attend = WordAttention(2, 4)
    wave = lambda shape, a, b: torch.sin(a * torch.arange(torch.Size(shape).numel()) + b).reshape(shape)  # noqa: E731
    with torch.no_grad():
        attend.conv_context.weight.copy_(wave((2, 4, 1, 1), 0.6, 0.2))
        mask = torch.tensor([[False, False, True]])
        context, attention = attend(wave((1, 2, 2, 2), 0.4, 0.3), wave((1, 4, 3), 0.9, 0.1), mask)
    expected = torch.tensor(
        [[0.395101, 0.439848, 0.495133, 0.551298], [0.604899, 0.560152, 0.504867, 0.448702], [0] * 4]
    )
    torch.testing.assert_close(attention.flatten(2)[0], expected, atol=2e-6, rtol=0)
    expected = torch.tensor([[0.282251, 0.292461, 0.305075, 0.317890], [-0.116241, -0.139570, -0.168392, -0.197674]])
    torch.testing.assert_close(context.flatten(2)[0], expected, atol=2e-6, rtol=0)


def test_small_stages_learn() -> None:
    g, inputs = AttnGANGenerator(SMALL), _inputs(SMALL)
    found, loss = g(**inputs), torch.zeros(())
    for side, picture in found.images.items():
        d = AttnGANDiscriminator(SMALL, side)
        features = d.encode(picture)
        loss = loss + d.match(features, inputs["sent"]).sum() + d.realism(features).sum()
    loss.backward()
    assert {side: tuple(maps.shape[1:]) for side, maps in found.attention.items()} == {16: (4, 16, 16), 32: (4, 32, 32)}
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in g.parameters())


def test_no_noise_is_the_mean_condition() -> None:
    g, inputs = AttnGANGenerator(SMALL).eval(), _inputs(SMALL)
    zero = g(**inputs | {"eps": torch.zeros_like(inputs["eps"])})
    torch.testing.assert_close(g(**inputs | {"eps": None}).images[16], zero.images[16])


def test_a_size_that_no_stage_has_is_told() -> None:
    with pytest.raises(ConfigError, match="24 pixels"):
        AttnGANDiscriminator(SMALL, 24)
