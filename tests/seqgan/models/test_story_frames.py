"""The frame generators of the StoryGANs of sentence vectors: sizes, smaller pictures, gates, backdrops, what
panels listen to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from seqgan.errors import ConfigError
from seqgan.layers.folding import fold
from seqgan.models.gan_cls import FrameGenerator
from seqgan.models.story_frames import GatedFrame, LayeredFrame
from seqgan.models.story_parts import noise_named
from seqgan.models.story_words import Heard
from seqgan.models.storygan_paper import (
    StoryGANPaperDiscriminators,
    StoryGANPaperGenerator,
    StoryGANPaperSizes,
)

TINY = StoryGANPaperSizes(
    text=6, labels=3, panels=3, z=4, code=8, lower=7, filters=2, filter_size=3, maps=2, channels=4, rank=4, hidden=5,
    start=8, width=2, d_width=2, story_width=2, gist="map", frame="dcgan", critics="house",
)  # fmt: skip
NESTED = ("hdgan", "attngan")


def _made(loud: float = 0.2, **changes: Any) -> StoryGANPaperGenerator:
    torch.manual_seed(0)
    g = StoryGANPaperGenerator(replace(TINY, **changes)).eval()
    for weight in g.parameters():
        if weight.dim() > 1:
            nn.init.normal_(weight, 0.0, loud)
    return g


def _story(g: StoryGANPaperGenerator, count: int = 2) -> tuple[Tensor, dict[str, Tensor]]:
    rng = torch.Generator().manual_seed(1)
    noise = noise_named([torch.randn(count, size, generator=rng) for size in g.draws(3)])
    return torch.randn(count, 3, 6, generator=rng), noise


@pytest.mark.parametrize(
    ("changes", "size"),
    [({"frame": "listed", "gist": "row", "base": (16, 16)}, (256, 256)), ({"base": (16, 16)}, (256, 256)),
     *[({"frame": frame, "base": base, "doublings": doublings}, (base[0] << doublings, base[1] << doublings))
       for frame in NESTED for base, doublings in (((4, 4), 4), ((4, 7), 4), ((4, 4), 5), ((4, 7), 6))]],
)  # fmt: skip
@torch.inference_mode()
def test_frames_and_smaller_pictures_of_every_size_are_judged(changes: Any, size: tuple[int, int]) -> None:
    g = _made(**changes)
    d = StoryGANPaperDiscriminators(g.sizes).eval()
    sentences, noise = _story(g, 1)
    drawn = g.tell(sentences, None, noise)
    pictures = {1: drawn.frames, **drawn.sides}
    assert set(pictures) == {1, *g.sizes.sides} and g.sizes.grid == (size[0] // 16, size[1] // 16)
    labels, code = torch.ones(3, 3), drawn.code.mu.expand(3, -1)
    for smaller, picture in pictures.items():
        assert picture.shape == (3, 3, size[0] // smaller, size[1] // smaller) and picture.abs().max() <= 1
        critic: Any = d.get_submodule(f"image_{smaller}" if smaller > 1 else "image")
        features = critic.encode(picture)
        assert critic.match(features, critic.told(sentences[0], labels, code)).shape == (3,)
        assert (critic.realism(features).shape == (3,)) if smaller > 1 or g.sizes.critics == "house" else True
        assert (critic.classify(features) is None) == (smaller > 1)
    assert d.story.match(d.story.encode(drawn.frames), sentences).shape == (1,)


def test_what_was_heard_is_each_panels_own_past() -> None:
    told = torch.arange(12.0).reshape(2, 3, 2)
    every = Heard.of(told, None)
    assert every.words.shape == (6, 2, 3) and torch.equal(every.words[4], told[1].T)
    assert every.hidden.tolist() == 2 * [[False, True, True], [False, False, True], [False, False, False]]
    one = Heard.of(told, torch.tensor([2, 0]))
    assert torch.equal(one.words, told.transpose(1, 2)) and torch.equal(one.hidden, every.hidden[[2, 3]])


@pytest.mark.parametrize("frame", ["dcgan", *NESTED])
@torch.inference_mode()
def test_attention_goes_to_sentences_up_to_the_panels_own(frame: str) -> None:
    """With the story's code held and no recurrence, what is left of other sentences is what attention reads."""
    g = _made(frame=frame, context="imagegan")
    sentences, noise = _story(g)
    frames = g(sentences, None, noise).unflatten(0, (2, 3))
    for spoken in range(3):
        other = sentences.clone()
        other[:, spoken] += 1
        found = g(other, None, noise, sentences).unflatten(0, (2, 3))
        changed = [not torch.equal(found[:, k], frames[:, k]) for k in range(3)]
        assert changed == [k >= spoken if frame == "attngan" else k == spoken for k in range(3)]


@pytest.mark.parametrize("form", [{}, {"gist": "row", "base": (4, 7)}])
@pytest.mark.parametrize("frame", [*NESTED, "gated", "layered"])
@pytest.mark.parametrize(("dtype", "loud", "share"), [(torch.float64, 0.2, 1e-6), (torch.float32, 0.15, 1e-5)])
@torch.inference_mode()
def test_a_story_and_a_panel_are_the_same_in_any_batch_and_folded(
    dtype: torch.dtype, loud: float, share: float, frame: str, form: dict[str, Any]
) -> None:
    """To a share of the range of frames; some heads give single precision from whatever they get, so that is what is
    left of loud weights in double."""
    known = {"gated": {"gate": True}, "layered": {"backdrop": 3}}
    g = _made(loud, **known.get(frame, {"frame": frame}), **form).to(dtype)
    sentences, noise = _story(g, 3)
    sentences, noise = sentences.to(dtype), {name: draw.to(dtype) for name, draw in noise.items()}
    together = g(sentences, None, noise).unflatten(0, (3, 3))
    assert together.std() > 1e-4
    limits = {"atol": share * float(together.max() - together.min()), "rtol": 0}
    for k in range(3):
        own = {name: draw[k : k + 1] for name, draw in noise.items()}
        torch.testing.assert_close(g(sentences[k : k + 1], None, own), together[k], **limits)
        lone = g.frames(sentences[k : k + 1], None, torch.tensor([1]), own)
        torch.testing.assert_close(lone[0], together[k, 1], **limits)
    torch.testing.assert_close(fold(g)(sentences, None, noise), together.flatten(0, 1), **limits)


@pytest.mark.parametrize("frame", NESTED)
def test_a_lone_story_trains_every_weight_by_its_three_sizes(frame: str) -> None:
    torch.manual_seed(0)
    g = StoryGANPaperGenerator(replace(TINY, frame=frame))  # type: ignore[arg-type]
    sentences, noise = _story(g, 1)
    drawn = g.tell(sentences, None, noise)
    sum((each.square().sum() for each in drawn.sides.values()), drawn.frames.square().sum()).backward()
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in g.parameters())


@pytest.mark.parametrize("form", [{}, {"gist": "row"}, {"base": (4, 7), "context": "svc"}])
@torch.inference_mode()
def test_a_gate_is_drawn_from_the_two_smallest_maps_of_the_mask(form: dict[str, Any]) -> None:
    """x + conv3x3(s) * x, at the base grid and at twice that."""
    g = _made(gate=True, **form)
    frame, seen = g.frame, dict[str, Any]()
    assert isinstance(frame, GatedFrame)
    parts = ("frame.project", "frame.up1", "frame.join.0", "figure.first", "figure.join", "gates.0", "gates.1")
    for name in parts:
        frame.get_submodule(name).register_forward_hook(
            lambda _, ins, out, name=name: seen.__setitem__(name, (ins[0], out))
        )
    sentences, noise = _story(g, 1)
    drawn = g.tell(sentences, None, noise)
    assert drawn.mask is not None and drawn.mask.shape == (3, 1, *drawn.frames.shape[2:])
    assert torch.equal(seen["gates.0"][0], seen["figure.first"][1])
    assert torch.equal(seen["gates.1"][0], seen["figure.join"][1])
    (h, w), gates = g.sizes.base, [seen[f"gates.{k}"][1] for k in (0, 1)]
    assert [gate.shape[2:] for gate in gates] == [(h, w), (2 * h, 2 * w)] and all(gate.any() for gate in gates)
    first, second = seen["frame.project"][1].unflatten(1, (-1, h, w)), seen["frame.up1"][1]
    assert torch.equal(seen["frame.up1"][0], first + gates[0] * first)
    assert torch.equal(seen["frame.join.0"][0][:, :4], second + gates[1] * second)


@torch.inference_mode()
def test_without_a_gate_the_frame_is_the_cores_and_a_gate_of_nothing_changes_none() -> None:
    plain, gated = _made(), _made(gate=True)
    core = FrameGenerator(15, 0, TINY.base, TINY.start, TINY.width, TINY.channels)
    names = {name for name in plain.state_dict() if name.startswith("frame.")}
    assert names == {f"frame.{name}" for name in core.state_dict()}
    more = {name for name in gated.state_dict() if name.startswith(("frame.figure.", "frame.gates."))}
    inner = {name.replace("frame.", "frame.frame.", 1) for name in names}
    assert gated.state_dict().keys() == (plain.state_dict().keys() - names) | inner | more
    kept = {name.replace("frame.", "frame.frame.", 1): weight for name, weight in plain.state_dict().items()}
    gated.load_state_dict(kept, strict=False)
    sentences, noise = _story(plain)
    drawn, other = (g.tell(sentences, None, noise) for g in (plain, gated))
    assert drawn.mask is None and not torch.equal(drawn.frames, other.frames)
    for gate in gated.get_submodule("frame.gates").parameters():
        nn.init.zeros_(gate)
    assert torch.equal(drawn.frames, gated(sentences, None, noise))
    assert all(_made(frame=frame).tell(sentences, None, noise).mask is None for frame in NESTED)


@pytest.mark.parametrize("form", [{}, {"base": (4, 7), "context": "svc"}])
@torch.inference_mode()
def test_figures_cover_the_backdrop_as_far_as_the_mask_says(form: dict[str, Any]) -> None:
    g = _made(backdrop=3, **form)
    frame, seen = g.frame, dict[str, Tensor]()
    assert isinstance(frame, LayeredFrame)
    frame.backdrop.register_forward_hook(lambda _, __, out: seen.__setitem__("backdrop", out))
    sentences, noise = _story(g, 2)
    head = frame.figure.to_rgb
    assert head.bias is not None
    nn.init.zeros_(head.weight)
    for cover, red in ((-50.0, 0.0), (50.0, 1.0), (0.0, 0.5)):
        head.bias.copy_(torch.tensor([50.0, -50.0, -50.0, cover]))
        drawn, share = g.tell(sentences, None, noise), torch.sigmoid(torch.tensor(cover))
        assert drawn.mask is not None and torch.equal(drawn.mask, torch.full_like(drawn.mask, cover))
        expected = share * torch.tensor([1.0, -1.0, -1.0])[:, None, None] + (1 - share) * seen["backdrop"]
        torch.testing.assert_close(drawn.frames, expected)
        assert float(share) == pytest.approx(red)
    assert not torch.allclose(seen["backdrop"][0], seen["backdrop"][4])  # it is told what the panel is


@pytest.mark.parametrize("changes", [{"gate": True}, {"backdrop": 3}])
def test_frame_and_mask_train_every_weight(changes: Any) -> None:
    torch.manual_seed(0)
    g = StoryGANPaperGenerator(replace(TINY, **changes))
    sentences, noise = _story(g, 1)
    drawn = g.tell(sentences, None, noise)
    assert drawn.mask is not None
    (drawn.frames.square().sum() + drawn.mask.square().sum()).backward()
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in g.parameters())


def test_sizes_that_do_not_fit_say_so() -> None:
    for changes in ({"frame": "hdgan"}, {"gate": True}):
        with pytest.raises(ConfigError, match="network.backdrop belongs to the dcgan frame generator without a gate"):
            replace(TINY, backdrop=3, **changes)  # type: ignore[arg-type]
    for frame in ("hdgan", "attngan", "listed"):
        with pytest.raises(ConfigError, match=f"the {frame} frame generator has no gate; set gate=false"):
            replace(TINY, frame=frame, gist="row", gate=True)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="the dcgan frame generator doubles its base 4 times; make base larger"):
        replace(TINY, doublings=5)
    with pytest.raises(ConfigError, match=r"network.doublings is 3, expected at least 4 and at most 7"):
        replace(TINY, frame="hdgan", doublings=3)
    with pytest.raises(ConfigError, match=r"frames of 16 times \(2, 4\) are too small"):
        replace(TINY, frame="attngan", base=(2, 4))


@pytest.mark.parametrize("form", [{}, {"backdrop": 3, "base": (4, 7)}, {"backdrop": 3, "context": "svfn"}])
@torch.inference_mode()
def test_what_was_read_scales_the_larger_maps(form: dict[str, Any]) -> None:
    plain, scaled = _made(**form), _made(scales=True, **form)
    scales = scaled.scales
    assert scales is not None and scales.counts == [12, 8, 4]
    sentences, noise = _story(plain)
    scaled.load_state_dict(plain.state_dict(), strict=False)
    last = scales.filter[2]
    assert isinstance(last, nn.Linear)
    nn.init.zeros_(last.weight)
    assert torch.equal(plain(sentences, None, noise), scaled(sentences, None, noise))  # they begin as nothing
    drawing = scaled.frame.figure if isinstance(scaled.frame, LayeredFrame) else scaled.frame
    seen = dict[str, Tensor]()
    for name in ("join", "up2", "up3"):
        drawing.get_submodule(name).register_forward_hook(lambda _, __, out, name=name: seen.__setitem__(name, out))
    for name in ("up2", "up3", "to_rgb"):
        drawing.get_submodule(name).register_forward_pre_hook(
            lambda _, ins, name=name: seen.__setitem__(f"before {name}", ins[0])
        )
    last.bias.copy_(torch.cat([torch.full((count // 2,), value) for count in scales.counts for value in (1.0, 3.0)]))
    scaled(sentences, None, noise)
    for before, after in (("join", "up2"), ("up2", "up3"), ("up3", "to_rgb")):
        assert torch.equal(seen[f"before {after}"], seen[before] + seen[before] + 3)


@pytest.mark.parametrize("form", [{"frame": "hdgan"}, {"gate": True}, {"context": "svc"}, {"context": "imagegan"}])
def test_nothing_is_scaled_without_a_filter_or_by_another_frame_generator(form: dict[str, Any]) -> None:
    assert _made(scales=True, **form).scales is None
