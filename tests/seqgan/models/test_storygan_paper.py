"""StoryGAN as printed and its baselines: their equations one by one, and what each context knows of its story."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from seqgan.errors import ConfigError
from seqgan.models.story_parts import noise_named
from seqgan.models.storygan_paper import (
    StoryGANPaperDiscriminators,
    StoryGANPaperGenerator,
    StoryGANPaperSizes,
    StoryGANPaperStoryDiscriminator,
)
from seqgan.models.text2gist import GistRow, PaperCell

CONTEXTS = ("text2gist", "svc", "svfn", "imagegan")
TINY = StoryGANPaperSizes(
    text=6, labels=3, panels=3, z=4, code=8, lower=7, filters=2, filter_size=3, maps=2, channels=4, rank=4, hidden=5,
    start=8, width=2, d_width=2, story_width=2,
)  # fmt: skip
HOUSE: dict[str, Any] = {"gist": "map", "frame": "dcgan", "critics": "house"}


def _made(loud: float = 0.3, **changes: Any) -> StoryGANPaperGenerator:
    torch.manual_seed(0)
    g = StoryGANPaperGenerator(replace(TINY, **changes)).eval()
    for weight in g.parameters():
        if weight.dim() > 1:
            nn.init.normal_(weight, 0.0, loud)
    return g


def _story(g: StoryGANPaperGenerator, count: int = 2) -> tuple[Tensor, None, dict[str, Tensor]]:
    rng = torch.Generator().manual_seed(1)
    noise = noise_named([torch.randn(count, size, generator=rng) for size in g.draws(3)])
    return torch.randn(count, 3, 6, generator=rng), None, noise


def test_the_gates_are_those_of_the_paper() -> None:
    torch.manual_seed(0)
    cell, i, h = PaperCell(4, 3), torch.randn(2, 4), torch.randn(2, 3)
    (wz, wr), (bz, br) = cell.gates.weight.chunk(2), cell.gates.bias.chunk(2)
    z = torch.sigmoid(i @ wz[:, :4].T + h @ wz[:, 4:].T + bz)
    r = torch.sigmoid(i @ wr[:, :4].T + h @ wr[:, 4:].T + br)
    new = torch.tanh(i @ cell.new.weight[:, :4].T + (r * h) @ cell.new.weight[:, 4:].T + cell.new.bias)
    torch.testing.assert_close(cell(i, h), (1 - z) * h + z * new)


@torch.inference_mode()
def test_the_gist_is_a_convolution_of_the_state_by_a_filter_of_i() -> None:
    torch.manual_seed(0)
    row, i, h = GistRow(4, 2, 3).eval(), torch.randn(2, 4), torch.randn(2, 8)
    kernels = row.filter(i).reshape(2, 2, 3)
    found = row.gist(i, h).reshape(2, 2, 6)
    for n in range(2):
        for f in range(2):
            expected = [(kernels[n, f] * h[n, at : at + 3]).sum() for at in range(6)]
            torch.testing.assert_close(found[n, f], torch.stack(expected))


@torch.inference_mode()
def test_text2gist_is_fed_by_the_lower_layer() -> None:
    g = _made()
    sentences, _, noise = _story(g)
    draws = list(noise.values())
    story, z = g.encode(sentences, draws[0]).sample, torch.stack(draws[2:], 1)
    i, h = g.chains(sentences, story, draws[1], z)
    assert g.recurrent is not None and g.text2gist is not None
    torch.testing.assert_close(g.text2gist(i[:, 0], story), h[:, 0])
    torch.testing.assert_close(g.text2gist(i[:, 2], h[:, 1]), h[:, 2])
    read = g.read(torch.cat([z[:, 1], sentences[:, 1]], 1))
    torch.testing.assert_close(g.recurrent(read, i[:, 0]), i[:, 1])


@pytest.mark.parametrize("context", ["text2gist", "svc"])
@torch.inference_mode()
def test_what_was_read_of_a_sentence_goes_past_the_gru(context: str) -> None:
    """To the frame and to Text2Gist: what the GRU remembers stays as it was."""
    plain, direct = _made(context=context, **HOUSE), _made(context=context, direct=True, **HOUSE)
    sentences, _, noise = _story(plain)
    draws = list(noise.values())
    story, z = plain.encode(sentences, draws[0]).sample, torch.stack(draws[2:], 1)
    (i, h), (lower, upper) = (g.chains(sentences, story, draws[1], z) for g in (plain, direct))
    read = plain.read(torch.cat([z, sentences], 2).flatten(0, 1)).unflatten(0, (2, 3))
    torch.testing.assert_close(lower, i + read)
    assert bool(read.any())
    if direct.text2gist is None:
        assert torch.equal(upper, h)
    else:
        torch.testing.assert_close(upper[:, 0], direct.text2gist(lower[:, 0], story))
        torch.testing.assert_close(upper[:, 2], direct.text2gist(lower[:, 2], upper[:, 1]))


@pytest.mark.parametrize("form", [{}, HOUSE])
@pytest.mark.parametrize("context", CONTEXTS)
@torch.inference_mode()
def test_what_each_context_knows(context: str, form: dict[str, Any]) -> None:
    """All know the whole story by its code; only recurrent ones know what was drawn before by its noise."""
    g = _made(context=context, **form)
    sentences, _, noise = _story(g)
    frames = g(sentences, None, noise).unflatten(0, (2, 3))
    assert frames.shape == (2, 3, 3, 64, 64) and frames.abs().max() <= 1
    first = f"noise/{len(g.first_draws)}"
    other = g(sentences, None, {**noise, first: noise[first] + 1}).unflatten(0, (2, 3))
    changed = [not torch.allclose(other[:, k], frames[:, k], atol=1e-6) for k in range(3)]
    assert changed == [True, *[context in ("text2gist", "svc")] * 2]
    later = torch.cat([sentences[:, :2], sentences[:, 2:] + 1], 1)
    assert not torch.allclose(g(later, None, noise).unflatten(0, (2, 3))[:, 0], frames[:, 0], atol=1e-6)


@pytest.mark.parametrize("form", [{}, HOUSE, {"gist": "row", "frame": "dcgan"}, {**HOUSE, "base": (4, 7)}])
@pytest.mark.parametrize(("dtype", "loud", "share"), [(torch.float64, 0.3, 1e-9), (torch.float32, 0.2, 1e-5)])
@torch.inference_mode()
def test_a_story_and_a_panel_are_the_same_in_any_batch(
    dtype: torch.dtype, loud: float, share: float, form: dict[str, Any]
) -> None:
    """To a share of the range of frames. In single precision sums are added up in another order in another batch, which
    louder weights blow up to that share; in double precision nothing is left of it, so it is rounding and no leak."""
    g = _made(loud, **form).to(dtype)
    sentences, _, noise = _story(g, 3)
    sentences, noise = sentences.to(dtype), {name: draw.to(dtype) for name, draw in noise.items()}
    together = g(sentences, None, noise).unflatten(0, (3, 3))
    assert together.shape[-1] == 16 * form.get("base", (4, 4))[1]
    limits = {"atol": share * float(together.max() - together.min()), "rtol": 0}
    for k in range(3):
        own = {name: draw[k : k + 1] for name, draw in noise.items()}
        torch.testing.assert_close(g(sentences[k : k + 1], None, own), together[k], **limits)
        lone = g.frames(sentences[k : k + 1], None, torch.tensor([1]), own)
        torch.testing.assert_close(lone[0], together[k, 1], **limits)


@pytest.mark.parametrize("critics", ["listed", "house"])
@torch.inference_mode()
def test_the_story_discriminator_is_the_printed_form(critics: str) -> None:
    torch.manual_seed(0)
    d = StoryGANPaperStoryDiscriminator(replace(TINY, critics=critics)).eval()  # type: ignore[arg-type]
    for weight in d.parameters():
        nn.init.normal_(weight, 0.0, 0.3)
    frames, told = torch.rand(6, 3, 64, 64), torch.randn(2, 3, 6)
    features = d.encode(frames)
    assert features.shape == (2, 3, 8)
    logits = d.match(features, told)
    product = (features * d.text(told.flatten(0, 1)).reshape(2, 3, 8)).reshape(2, 24)
    torch.testing.assert_close(logits, product @ d.match_head.weight[0] + d.match_head.bias)
    turned = features.flip(1), told.flip(1)
    for other in (d.match(turned[0], told), d.match(features, turned[1]), d.match(*turned)):
        assert not torch.allclose(other, logits, rtol=1e-3)


@pytest.mark.parametrize("critics", ["listed", "house"])
def test_the_image_discriminator_sees_h_0_and_a_lone_story_trains(critics: str) -> None:
    torch.manual_seed(0)
    sizes = replace(TINY, critics=critics)  # type: ignore[arg-type]
    g, d = StoryGANPaperGenerator(sizes), StoryGANPaperDiscriminators(sizes)
    sentences, _, noise = _story(g, 1)
    drawn = g.tell(sentences, None, noise)
    features = d.image.encode(drawn.frames)
    labels = torch.ones(3, 3)
    h_0 = g.told_code(drawn.code)
    assert torch.equal(h_0, drawn.code.sample if critics == "listed" else drawn.code.mu)
    told = [d.image.told(sentences[0], labels, code.expand(3, -1)) for code in (h_0, h_0 + 1)]
    assert not torch.equal(*(d.image.match(features, each) for each in told))
    classes = d.image.classify(features)
    assert classes is not None and classes.shape == (3, 3)
    story = d.story.match(d.story.encode(drawn.frames), d.story.told(sentences, labels[None], drawn.code.mu))
    (story.sum() + classes.sum() + d.image.match(features, told[0]).sum()).backward()
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in g.parameters())
    assert StoryGANPaperDiscriminators(replace(sizes, labels=0)).image.classify(features) is None


@torch.inference_mode()
def test_less_noise_is_a_factor_on_every_draw() -> None:
    calm, loud = _made(noise=0.25), _made()
    sentences, _, noise = _story(calm)
    softer = {name: 0.25 * draw for name, draw in noise.items()}
    torch.testing.assert_close(calm(sentences, None, noise), loud(sentences, None, softer))


def test_forms_that_do_not_fit_say_so() -> None:
    with pytest.raises(ConfigError, match="no place for a map"):
        StoryGANPaperSizes(gist="map")
    with pytest.raises(ConfigError, match="a filter of 200 numbers does not fit a code of 128"):
        StoryGANPaperSizes(filter_size=200)
