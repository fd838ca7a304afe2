"""What figures wear: nothing to begin with, then laid where it belongs, in front of the picture and nowhere else."""

import pytest
import torch

from seqgan.models.worn import CANVAS, WornItems


@pytest.fixture
def items() -> WornItems:
    torch.manual_seed(0)
    return WornItems(5, 4).eval().requires_grad_(False)


def _paint(items: WornItems, *colour: float) -> None:
    """Have every item be of one colour and alpha, as logits."""
    items.paint[-1].weight.zero_()  # type: ignore[operator, union-attr]
    items.paint[-1].bias.copy_(torch.tensor(colour))  # type: ignore[operator, union-attr]


def test_nothing_worn_changes_nothing(items: WornItems) -> None:
    _paint(items, 9.0, 9.0, 9.0, -100.0)
    pictures = torch.rand(2, 4, 48, 48)
    assert torch.equal(items(torch.randn(2, 5), pictures), pictures)


def test_an_item_covers_its_box_alone(items: WornItems) -> None:
    _paint(items, 100.0, -100.0, -100.0, 100.0)  # red, opaque
    for layer in (items.place[0], items.place[2]):
        layer.weight.zero_()  # type: ignore[operator, union-attr]
        layer.bias.zero_()  # type: ignore[operator, union-attr]
    items.place[2].bias[0] = 1.0  # type: ignore[index, union-attr] # a quarter to the right of the middle
    boxes = items.boxes(torch.randn(1, 5))
    torch.testing.assert_close(boxes, torch.tensor([[0.75, 0.5, 0.4, 0.4]]))
    dressed = items(torch.randn(1, 5), torch.full((1, 4, 40, 40), 0.5))
    red = torch.tensor([1.0, 0, 0, 1])[:, None, None].expand(4, 12, 12)
    torch.testing.assert_close(dressed[0, :, 14:26, 24:36], red)
    assert (dressed[0, :, :, :20] == 0.5).all() and (dressed[0, :, :10] == 0.5).all()


def test_boxes_of_a_whole_cast_at_once(items: WornItems) -> None:
    states = torch.randn(3, 7, 5)
    torch.testing.assert_close(items.boxes(states)[1, 2], items.boxes(states[1, 2]))
    assert items.paint(torch.randn(1, 16, CANVAS // 4, CANVAS // 4)).shape == (1, 4, CANVAS, CANVAS)
