"""Label terms and layout targets by hand."""

import math

import torch

from seqgan.losses.labels import label_terms, layout_loss, layout_target


def test_absent_rows_are_left_out() -> None:
    logits = {"look": torch.zeros(1, 2, 4), "cast": torch.zeros(1, 3)}
    targets = {"look": torch.tensor([[2, -1]]), "cast": torch.tensor([[0, 1, 0]])}
    terms = label_terms(logits, targets)
    assert math.isclose(terms["look"].item(), math.log(4), rel_tol=1e-6)
    assert math.isclose(terms["cast"].item(), 3 * math.log(2), rel_tol=1e-6)


def test_nobody_present_costs_nothing() -> None:
    assert label_terms({"look": torch.zeros(1, 2, 4)}, {"look": torch.full((1, 2), -1)})["look"].item() == 0


def test_layout_lays_masks_on_their_channels() -> None:
    masks = torch.zeros(1, 2, 1, 2)
    masks[0, 0, 0] = torch.tensor([0.25, 1.0])
    masks[0, 1, 0] = torch.tensor([0.5, 0.5])
    slots = torch.tensor([[[0, 2], [0, -1]]])
    target = layout_target(masks, slots, 3)
    assert target[0, :, 0].tolist() == [[0.5, 1.0], [0.0, 0.0], [0.25, 1.0]]


def test_layout_loss_of_a_right_map_is_nothing() -> None:
    target = torch.tensor([[[[0.0, 1.0]]]])
    assert layout_loss(torch.tensor([[[[-50.0, 50.0]]]]), target).item() < 1e-6
