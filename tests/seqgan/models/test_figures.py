"""The figure stream: resampling by hand, whose noise is whose, who covers whom."""

from dataclasses import replace

import pytest
import torch

from seqgan.layers.resample import resample
from seqgan.models.figures import ACTORS, PER_ACTOR, FigureGenerator, Figures


def _box(*values: float) -> torch.Tensor:
    return torch.tensor([values])


def test_a_picture_in_the_whole_frame_is_itself() -> None:
    picture = torch.rand(1, 4, 6, 8)
    torch.testing.assert_close(resample(picture, _box(0.5, 0.5, 1, 1), (6, 8)), picture)


def test_a_picture_moves_by_whole_pixels_and_leaves_nothing_behind() -> None:
    picture = torch.rand(1, 1, 6, 8)
    moved = resample(picture, _box(0.75, 0.5, 1, 1), (6, 8))
    torch.testing.assert_close(moved[..., 2:], picture[..., :-2])
    assert moved[..., :2].abs().max() == 0


@pytest.mark.parametrize("side", [0.2, 0.5, 1.0])
def test_a_smaller_picture_keeps_its_mean_colour(side: float) -> None:
    flat = resample(torch.ones(1, 1, 48, 48), _box(0.5, 0.5, side, side), (96, 96))
    assert flat.mean().item() == pytest.approx(side**2, rel=0.02)
    assert flat[0, 0, 48, 48].item() == pytest.approx(1.0, abs=0.02)


def test_the_place_of_a_picture_can_be_learnt() -> None:
    box = _box(0.4, 0.5, 0.5, 0.5).requires_grad_(True)
    wanted = resample(torch.ones(1, 1, 8, 8), _box(0.6, 0.5, 0.5, 0.5), (16, 16))
    (resample(torch.ones(1, 1, 8, 8), box, (16, 16)) - wanted).square().sum().backward()
    assert box.grad is not None and box.grad[0, 0] < 0  # to the right


@pytest.fixture
def stream() -> FigureGenerator:
    torch.manual_seed(0)
    return FigureGenerator(cond=6, things=5, characters=3, state=4, width=4).eval().requires_grad_(False)


def _figures(present: list[float], boxes: torch.Tensor) -> Figures:
    zeros = torch.zeros(1, 5, PER_ACTOR)
    return Figures(torch.tensor([present]), torch.zeros(1, 5, 4), zeros, boxes, boxes, torch.ones(1, 3))


def test_actors_take_their_noise_from_left_to_right(stream: FigureGenerator) -> None:
    z = torch.arange(ACTORS * PER_ACTOR, dtype=torch.float32)[None]
    x = torch.tensor([[0.8, 0.1, 0.2, 0.5, 0.5]])
    own = stream._own(torch.tensor([[1.0, -1.0, 1.0, 1.0, -1.0]]), x, z)
    assert own[0, 2].tolist() == [0, 1, 2]  # the left one of the two that are there
    assert own[0, 0].tolist() == [3, 4, 5]
    assert own[0, [1, 3, 4]].abs().sum() == 0  # who is absent, and props


def test_nobody_there_leaves_the_ground(stream: FigureGenerator) -> None:
    ground = torch.rand(1, 3, 16, 16) * 2 - 1
    assert torch.equal(stream(_figures([-1.0] * 5, torch.full((1, 5, 4), 0.5)), ground), ground)


def test_who_stands_lower_is_in_front(stream: FigureGenerator, monkeypatch: pytest.MonkeyPatch) -> None:
    def flat(states: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
        pictures = torch.zeros(2, 4, 48, 48)
        pictures[0, 0], pictures[1, 1], pictures[:, 3] = 1.0, 1.0, 1.0  # the first red, the second green
        return pictures

    monkeypatch.setattr(stream, "pictures", flat)
    for bottom, colour in ((0.6, 0), (0.45, 1)):
        boxes = torch.full((1, 5, 4), 0.5)
        boxes[0, 0, 1] = bottom
        middle = stream(_figures([2.0, 1.0, -1.0, -1.0, -1.0], boxes), torch.zeros(1, 3, 16, 16))[0, :, 8, 8]
        assert middle.argmax() == colour


def test_light_falls_on_figures_alone(stream: FigureGenerator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "pictures", lambda states, noise: torch.ones(1, 4, 48, 48))
    figures = _figures([1.0, -1.0, -1.0, -1.0, -1.0], torch.full((1, 5, 4), 0.5))
    dark = replace(figures, light=torch.full((1, 3), 0.5))
    frame = stream(dark, torch.ones(1, 3, 16, 16))
    torch.testing.assert_close(frame[0, :, 8, 8], torch.zeros(3))
    assert frame[0, :, 0, 0].tolist() == [1, 1, 1]


def test_drawing_every_slot_gives_the_same_frames(stream: FigureGenerator) -> None:
    """The dense form: panels of nobody, of all, and of some, lit and moved, one slot behind the other."""
    torch.manual_seed(1)
    stream.paint[-1].bias.copy_(torch.tensor([0.5, -0.5, 0.0, 1.0]))  # type: ignore[union-attr, operator]
    present = torch.randn(6, 5)
    present[0], present[1] = -present[0].abs(), present[1].abs()
    assert set((present > 0).sum(1).tolist()) >= {0, 5}
    boxes = torch.rand(6, 5, 4) * 0.6 + 0.2
    figures = Figures(present, torch.randn(6, 5, 4), torch.randn(6, 5, PER_ACTOR), boxes, boxes, torch.rand(6, 3))
    ground = torch.rand(6, 3, 32, 48) * 2 - 1
    plain = stream(figures, ground)
    stream.dense = True
    torch.testing.assert_close(stream(figures, ground), plain, atol=1e-6, rtol=0)
    assert torch.equal(stream(figures, ground)[0], ((ground + 1) / 2 * 2 - 1)[0])  # nobody covers nothing
    assert (plain - ground)[1:].abs().amax((1, 2, 3)).min() > 0.1


def test_a_figure_looks_one_way_or_the_other(stream: FigureGenerator) -> None:
    states, noise = torch.randn(1, 4).expand(3, -1), torch.tensor([[0.0, 0.0, 0.1], [1.0, 2.0, 2.0], [0.0, 0.0, -0.1]])
    slightly, fully, away = stream.pictures(states, noise)
    torch.testing.assert_close(slightly, fully)
    assert (slightly - away).abs().max() > 1e-4


def test_white_on_white_stays_white(stream: FigureGenerator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "pictures", lambda states, noise: torch.ones(1, 4, 48, 48))
    for side in (0.31, 0.47, 0.93):
        figures = _figures([1.0, -1.0, -1.0, -1.0, -1.0], torch.full((1, 5, 4), side))
        assert stream(figures, torch.ones(1, 3, 64, 64)).abs().max() <= 1
