"""Differentiable augmentation: by hand, differentiable, one draw a story, and independent of the batch."""

import pytest
import torch
from torch import Tensor

from seqgan.errors import ConfigError, InputError
from seqgan.layers.augment import augment, parse_policy, uniforms_of

ALL = parse_policy("color,translation,cutout")


def _frames(*shape: int) -> Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(5)) * 2 - 1


def _uniforms(count: int, policy: tuple[str, ...] = ALL) -> Tensor:
    return torch.rand(count, uniforms_of(policy), generator=torch.Generator().manual_seed(6))


def test_a_policy_says_how_many_numbers_it_needs() -> None:
    assert ALL == ("color", "translation", "cutout")
    assert [uniforms_of(parse_policy(text)) for text in ("", "color", "cutout, translation")] == [0, 3, 4]


def test_nothing_changes_without_policy_or_strength() -> None:
    frames = _frames(3, 3, 8, 16)
    assert torch.equal(augment(frames, torch.zeros(3, 0), ()), frames)
    assert torch.equal(augment(frames, _uniforms(3), ALL, strength=0.0), frames)
    middle = torch.full((3, 5), 0.5)
    assert torch.equal(augment(frames, middle, ("color", "translation")), frames)


def test_brightness_is_added() -> None:
    frames = torch.full((2, 3, 4, 4), 0.25)
    seen = augment(frames, torch.tensor([[0.0, 0.1, 0.9], [0.75, 0.1, 0.9]]), ("color",))
    torch.testing.assert_close(seen, torch.stack([frames[0] - 0.5, frames[1] + 0.25]))


def test_saturation_turns_about_the_grey_of_every_pixel() -> None:
    frames = torch.tensor([1.0, 0.0, -0.4])[None, :, None, None].expand(2, 3, 4, 4)
    seen = augment(frames, torch.tensor([[0.5, 0.0, 0.5], [0.5, 0.75, 0.5]]), ("color",))
    torch.testing.assert_close(seen[0], torch.full((3, 4, 4), 0.2))
    torch.testing.assert_close(seen[1, :, 0, 0], torch.tensor([1.4, -0.1, -0.7]))


def test_contrast_turns_about_the_mean_of_the_frame() -> None:
    frames = torch.zeros(1, 3, 2, 2)
    frames[..., 0] = 1.0
    seen = augment(frames, torch.tensor([[0.5, 0.5, 0.0]]), ("color",))
    torch.testing.assert_close(seen[0, 0], torch.tensor([[0.75, 0.25], [0.75, 0.25]]))


@pytest.mark.parametrize(("uniforms", "moved"), [((0.0, 0.5), (-1, 0)), ((0.5, 0.999), (0, 2)), ((1.0, 0.0), (1, -2))])
def test_translation_moves_whole_pixels_up_to_an_eighth(uniforms: tuple[float, float], moved: tuple[int, int]) -> None:
    frames = torch.zeros(1, 3, 8, 16)
    frames[0, :, 4, 7] = 1.0
    seen = augment(frames, torch.tensor([uniforms]), ("translation",))
    assert seen[0, 0].nonzero().tolist() == [[4 + moved[0], 7 + moved[1]]] and seen.sum() == 3
    assert (augment(torch.ones_like(frames), torch.tensor([uniforms]), ("translation",)) == 0).any()


def test_cutout_takes_a_window_of_half_the_height_and_width() -> None:
    frames = torch.ones(2, 3, 8, 16)
    seen = augment(frames, torch.tensor([[0.5, 0.5], [0.0, 0.0]]), ("cutout",))
    assert (seen[0, :, 2:6, 4:12] == 0).all() and seen[0].sum() == 3 * (8 * 16 - 4 * 8)
    assert (seen[1, :, :2, :4] == 0).all() and seen[1].sum() == 3 * (8 * 16 - 2 * 4)


def test_the_gradient_reaches_the_frames() -> None:
    frames = _frames(2, 3, 6, 8).double().requires_grad_(True)
    assert torch.autograd.gradcheck(lambda x: augment(x, _uniforms(2).double(), ALL), frames)


def test_what_is_cut_out_has_no_gradient() -> None:
    frames = _frames(1, 3, 8, 8).requires_grad_(True)
    augment(frames, torch.tensor([[0.5, 0.5]]), ("cutout",)).sum().backward()
    assert frames.grad is not None and (frames.grad == 0).sum() == 3 * 4 * 4


def test_a_split_batch_gives_the_same_frames() -> None:
    frames, uniforms = _frames(6, 3, 8, 16), _uniforms(6)
    whole = augment(frames, uniforms, ALL)
    parts = [augment(f, u, ALL) for f, u in zip(frames.split([1, 3, 2]), uniforms.split([1, 3, 2]), strict=True)]
    assert torch.equal(torch.cat(parts), whole)


def test_a_story_is_changed_by_one_draw() -> None:
    stories, uniforms = _frames(2, 3, 4, 8, 16), _uniforms(2)
    seen = augment(stories, uniforms, ALL)
    assert seen.shape == stories.shape
    for panel in range(4):
        torch.testing.assert_close(seen[:, :, panel], augment(stories[:, :, panel], uniforms, ALL))


def test_an_unknown_augmentation_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match='augmentation .colour. does not exist; did you mean "color"?'):
        parse_policy("translation,colour")


def test_wrong_shapes_are_told() -> None:
    with pytest.raises(InputError, match=r"uniforms of an augmentation has shape \(2, 7\), expected \(3, 7\)"):
        augment(_frames(3, 3, 8, 8), _uniforms(2), ALL)
    with pytest.raises(InputError, match=r"frames to augment has shape \(3, 1, 8, 8\)"):
        augment(_frames(3, 1, 8, 8), _uniforms(3), ALL)
