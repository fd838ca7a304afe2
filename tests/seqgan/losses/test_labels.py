"""Label terms and box distances by hand."""

import math

import torch

from seqgan.losses.labels import box_loss, label_terms


def test_absent_rows_are_left_out() -> None:
    logits = {"look": torch.zeros(1, 2, 4), "cast": torch.zeros(1, 3)}
    targets = {"look": torch.tensor([[2, -1]]), "cast": torch.tensor([[0, 1, 0]])}
    terms = label_terms(logits, targets)
    assert math.isclose(terms["look"].value.item(), math.log(4), rel_tol=1e-6)
    assert math.isclose(terms["cast"].value.item(), 3 * math.log(2), rel_tol=1e-6)


def test_nobody_present_costs_nothing() -> None:
    assert label_terms({"look": torch.zeros(1, 2, 4)}, {"look": torch.full((1, 2), -1)})["look"].value.item() == 0


def test_only_boxes_of_what_is_there_count() -> None:
    boxes = torch.zeros(1, 3, 4)
    boxes[0, 2] = torch.tensor([0.5, 0.5, 0.2, 0.4])
    target = torch.zeros(1, 2, 4)
    target[0, 0] = torch.tensor([0.6, 0.5, 0.2, 0.3])
    assert math.isclose(box_loss(boxes, torch.tensor([[2, -1]]), target).value.item(), 0.2, rel_tol=1e-5)
    assert box_loss(boxes, torch.tensor([[-1, -1]]), target).value.item() == 0
