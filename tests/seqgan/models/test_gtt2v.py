"""Text to clip: the filters of a text, the three streams, what each noise decides, and the ablations' networks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.clip_presets import CLIP_PRESETS
from seqgan.config import from_dict
from seqgan.errors import ConfigError
from seqgan.models.backdrop import SCENE, Backdrop
from seqgan.models.gtt2v import Clip, GTT2VDiscriminators, GTT2VGenerator, Text2Filter, mixed
from seqgan.models.gtt2v_gist import Palette, coloured
from seqgan.models.gtt2v_sizes import GTT2VSizes
from seqgan.text.captions import HIDDEN

SMALL = GTT2VSizes(
    20, frames=16, base=(2, 3), embed=8, text=12, cond=10, latent=4, noise=3, filters=5, rank=6, code=8, start=16,
    width=4, still=4, d_width=4,
)  # fmt: skip
TOKENS = torch.tensor([[3, 4, 5], [6, 7, 0]])


def _generator(**changes: Any) -> GTT2VGenerator:
    torch.manual_seed(0)
    return GTT2VGenerator(replace(SMALL, **changes))


def _told(g: GTT2VGenerator, seed: int = 0) -> tuple[Tensor, Tensor, Tensor]:
    noise = torch.Generator().manual_seed(seed)
    psi = g.psi(TOKENS, torch.randn(2, 512, generator=noise))
    return psi, torch.randn(2, 4, generator=noise), torch.randn(2, 3, generator=noise)


def test_shapes_of_every_stream() -> None:
    g = _generator()
    clip = g(*_told(g), torch.zeros(2, 3, 32, 48))
    assert clip.frames.shape == clip.foreground.shape == (2, 3, 16, 32, 48)  # type: ignore[union-attr]
    assert clip.mask is not None and clip.mask.shape == (2, 1, 16, 32, 48)
    assert clip.background is not None and clip.gist is not None
    assert clip.background.shape == clip.gist.picture.shape == (2, 3, 32, 48)
    assert clip.gist.posterior and clip.gist.prior and clip.gist.posterior[0].shape == (2, 4)
    d = GTT2VDiscriminators(SMALL)
    features, psi = d.clip.encode(clip.frames), torch.zeros(2, 12)
    assert features.shape == (2, 24, 1, 2, 3)
    assert d.clip.match(features, psi).shape == d.clip.realism(features).shape == (2,)
    assert d.frame.match(d.frame.encode(clip.frames[:, :, 0]), psi).shape == (2,)


@pytest.mark.parametrize(("name", "about", "network", "training"), CLIP_PRESETS)
def test_presets_have_at_most_four_million_parameters(name: str, about: str, network: Any, training: Any) -> None:
    sizes = from_dict(GTT2VSizes, {"vocabulary": 400, **network})
    side = 128 if name == "t2v_128" else 64
    assert sizes.size == (side, side) and sizes.frames == (16 if name == "t2v_fast" else 32)
    assert sum(parameter.numel() for parameter in GTT2VGenerator(sizes).parameters()) <= 4_000_000


def test_filters_of_a_batch_are_those_of_each_text() -> None:
    torch.manual_seed(1)
    module, cond, pictures = Text2Filter(SMALL), torch.randn(3, 10), torch.randn(3, 3, 16, 24)
    kernels = module.filters(cond)
    each = [F.conv2d(picture[None], kernel, padding=2) for picture, kernel in zip(pictures, kernels, strict=True)]
    torch.testing.assert_close(module(cond, pictures), torch.cat(each))


def test_fresh_kernels_have_the_variance_of_a_fresh_layer() -> None:
    torch.manual_seed(2)
    sizes = replace(SMALL, cond=128, rank=48, filters=32)
    kernels = Text2Filter(sizes).filters(torch.randn(64, 128))
    assert kernels.std().item() == pytest.approx(75**-0.5, rel=0.1)


def test_the_mask_chooses_between_the_streams() -> None:
    foreground, background = torch.randn(2, 3, 4, 5, 6), torch.randn(2, 3, 5, 6)
    mask = torch.zeros(2, 1, 4, 5, 6)
    assert torch.equal(mixed(foreground, mask, background), background[:, :, None].expand_as(foreground))
    assert torch.equal(mixed(foreground, mask + 1, background), foreground)


def test_a_clip_is_the_mixture_of_its_streams() -> None:
    g = _generator()
    clip = g(*_told(g))
    assert clip.foreground is not None and clip.mask is not None and clip.background is not None
    torch.testing.assert_close(clip.frames, mixed(clip.foreground, clip.mask, clip.background))


def test_one_noise_decides_the_scene_and_the_other_the_motion() -> None:
    g = _generator().eval()
    psi, eps, noise = _told(g)
    clips = [g(psi, eps, noise), g(psi, eps, noise + 1), g(psi, eps + 1, noise)]
    one, moved, elsewhere = (clip.gist.picture for clip in clips)
    assert torch.equal(one, moved) and not torch.equal(one, elsewhere)
    assert not torch.equal(clips[0].frames, clips[1].frames)


def test_what_else_is_in_the_batch_changes_nothing() -> None:
    g = _generator().eval()
    psi, eps, noise = _told(g)
    both, alone = g(psi, eps, noise).frames, g(psi[:1], eps[:1], noise[:1]).frames
    torch.testing.assert_close(both[:1], alone, atol=1e-5, rtol=0)


def test_gradients_reach_the_text_the_prior_and_the_filters() -> None:
    g: Any = _generator()
    psi, eps, noise = _told(g)
    clip = g(psi, eps, noise)
    (clip.frames.square().sum() + clip.gist.prior[1].sum()).backward()
    for part in (g.text.embedding, g.cond[0], g.gist.prior[0], g.text2filter.kernels, g.streams.heads):
        assert part.weight.grad is not None and part.weight.grad.abs().sum() > 0


def test_a_posterior_needs_a_frame_and_a_prior_none() -> None:
    g = _generator(prior="standard")
    psi, eps, noise = _told(g)
    gist = g(psi, eps, noise).gist
    assert gist.posterior is None and not gist.prior[0].any() and not gist.prior[1].any()
    assert g(psi, eps, noise, torch.zeros(2, 3, 32, 48)).gist.posterior is not None


@pytest.mark.parametrize("gist", ["frame", "picture"])
def test_a_given_picture_is_the_gist(gist: Any) -> None:
    g = _generator(gist=gist, background="gist")
    psi, eps, noise = _told(g)
    first = torch.rand(2, 3, 32, 48) * 2 - 1
    clip = g(psi, eps, noise, first)
    assert torch.equal(clip.gist.picture, first) and torch.equal(clip.background, first) and g.gist is None


@pytest.mark.parametrize("cover", [0, 1])
def test_a_gist_of_two_layers_is_a_figure_over_a_backdrop(cover: int) -> None:
    g = _generator(backdrop=2)
    assert g.gist is not None
    head: Any = g.gist.decoder.to_rgb
    nn.init.zeros_(head.weight)
    head.bias.data.copy_(torch.tensor([9.0, -9.0, 0.0, 18.0 * (cover - 0.5)]))  # a figure of one colour, or none
    gist = g.gist(torch.randn(2, 10), torch.randn(2, SCENE), torch.randn(2, 4), None)
    figure = torch.tensor([1.0, -1.0, 0.0])[:, None, None].expand(2, 3, 32, 48)
    assert gist.backdrop is not None and gist.backdrop.abs().max() < 0.95
    torch.testing.assert_close(gist.picture, figure if cover else gist.backdrop, atol=1e-5, rtol=0)
    gist.picture.square().sum().backward()  # a backdrop learns as itself alone, or it would draw figures
    assert g.gist.backdrop is not None and g.gist.backdrop.pictures.grad is None


def test_a_backdrop_is_the_pictures_that_the_text_asks_for() -> None:
    backdrop, scene = Backdrop(3, SMALL.size), torch.randn(4, SCENE)
    weights = backdrop.weigh(scene)
    pictures = torch.einsum("br,rp->bp", weights, backdrop.pictures).reshape(4, 3, 32, 48)
    torch.testing.assert_close(backdrop(scene), torch.tanh(10 * pictures))
    with torch.no_grad():
        assert 0.01 < backdrop(torch.randn(64, SCENE)).std() < 0.05  # nearly grey, and each text another


def test_words_add_up_to_colours() -> None:
    """Each by itself, wherever it stands; without a known word the vector says it."""
    palette, nothing = Palette(replace(SMALL, backdrop=2, palette=4)), torch.zeros(1, 512)

    def read(*words: int) -> Tensor:
        return (palette(torch.tensor([words]), nothing) - palette.usual).detach()

    torch.testing.assert_close(read(3, 4, 5), read(3) + read(4) + read(5))
    torch.testing.assert_close(read(5, HIDDEN, 3, 0), read(3) + read(5))
    given = torch.randn(1, 512)
    torch.testing.assert_close(palette(torch.tensor([[HIDDEN, 0]]), given), palette.usual + palette.frozen(given))
    torch.testing.assert_close(palette(torch.tensor([[3, 0]]), given), palette(torch.tensor([[3, 0]]), nothing))


def test_a_pixel_has_the_colour_of_its_largest_share() -> None:
    shares, colours = torch.full((1, 4, 1, 4), -1.0), torch.randn(1, 12)
    shares[0, range(4), 0, range(4)] = 1.0  # the first pixel of the first colour, and so on
    expected = torch.tanh(colours).reshape(3, 4)[:, None]
    torch.testing.assert_close(coloured(shares, colours)[0], expected, atol=1e-5, rtol=0)
    torch.testing.assert_close(coloured(shares * 0, colours)[0, :, 0], expected.mean(2).expand(3, 4))


def test_a_figure_is_mixed_of_the_colours_of_its_words() -> None:
    g = _generator(backdrop=2, palette=4)
    assert g.sizes.psi == 12 + SCENE + 12 and g.gist is not None and g.gist.decoder.to_rgb.out_channels == 5
    head: Any = g.gist.decoder.to_rgb
    nn.init.zeros_(head.weight)
    head.bias.data.copy_(torch.tensor([-9.0, 9.0, -9.0, -9.0, 9.0]))  # the second colour, and no backdrop
    psi, eps, _ = _told(g)
    gist = g.gist(*g.told(psi), eps, None)
    second = torch.tanh(psi[:, -12:]).unflatten(1, (3, 4))[:, :, 1]
    torch.testing.assert_close(gist.picture, second[:, :, None, None].expand(2, 3, 32, 48), atol=1e-5, rtol=0)
    assert _generator(palette=4).palette is None  # in one piece there is no figure to colour


def test_a_backdrop_reads_the_words_by_itself() -> None:
    """What the figure learns of the words leaves it alone, and discriminators are told what both read."""
    g = _generator(backdrop=2)
    (psi, eps, noise), first = _told(g), torch.zeros(2, 3, 32, 48)
    assert g.sizes.psi == psi.shape[1] == 12 + SCENE
    clip, readers = g(psi, eps, noise, first), (g.text, g.scene)

    def learn(shown: Tensor) -> list[bool]:
        weights = [reader.sentence.weight for reader in readers]  # type: ignore[union-attr]
        return [bool(each.any()) for each in torch.autograd.grad(shown.sum(), weights, retain_graph=True)]

    assert learn(clip.gist.backdrop) == [False, True] and learn(clip.frames) == [True, False]
    d = GTT2VDiscriminators(g.sizes)
    assert d.frame.match(d.frame.encode(first), psi).shape == (2,)


def test_maps_of_the_picture_join_every_frame_of_their_size() -> None:
    """Where their weights are zero nothing of them is seen, and each reaches the clip by itself."""
    g, plain = _generator(gist="picture", background="gist", skips=True), _generator(gist="picture", background="gist")
    assert g.streams is not None and g.text2filter is not None and g.read is not None
    joins: Any = g.streams.skips
    assert [tuple(each.weight.shape[:2]) for each in joins] == [(4, 4), (8, 8), (16, 12), (16, 16)]
    plain.load_state_dict({name: each for name, each in g.state_dict().items() if ".skips." not in name})
    (psi, eps, noise), first = _told(g), torch.rand(2, 3, 32, 48) * 2 - 1
    row, maps = g._read(g.cond(psi), first)
    assert [tuple(each.shape[1:]) for each in maps] == [(4, 16, 24), (8, 8, 12), (12, 4, 6), (16, 2, 3)]
    assert torch.equal(row, g.read(g.text2filter(g.cond(psi), first)))
    for network in (g, plain):
        network.eval()
    before = [each.weight.data.clone() for each in joins]
    for each in joins:
        nn.init.zeros_(each.weight)
        nn.init.zeros_(each.bias)
    alone = g(psi, eps, noise, first).frames
    torch.testing.assert_close(alone, plain(psi, eps, noise, first).frames)
    for join, weight in zip(joins, before, strict=True):
        join.weight.data.copy_(weight)
        assert not torch.equal(g(psi, eps, noise, first).frames, alone)
        nn.init.zeros_(join.weight)


def test_without_a_clip_the_gist_stands_still() -> None:
    g = _generator(clip=False)
    clip = g(*_told(g))
    assert isinstance(clip, Clip) and clip.mask is None and g.streams is None and g.text2filter is None
    assert torch.equal(clip.frames, clip.gist.picture[:, :, None].expand(-1, -1, 16, -1, -1))  # type: ignore[union-attr]


def test_without_a_gist_text_and_noise_are_all() -> None:
    g = _generator(gist="none", text2filter=False)
    clip = g(*_told(g))
    assert clip.gist is None and g.read is None and isinstance(g.streams, nn.Module)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"frames": 24}, "16 or a multiple"),
        ({"frames": 0}, "16 or a multiple"),
        ({"gist": "none"}, "leaves nothing to filter"),
        ({"gist": "none", "text2filter": False, "background": "gist"}, "to stand behind"),
        ({"gist": "none", "text2filter": False, "skips": True}, "or to join"),
        ({"clip": False, "gist": "picture"}, "picture draws none"),
    ],
)
def test_sizes_that_do_not_fit_are_told(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        replace(SMALL, **changes)
