"""Losses of labels and places: what the reading heads and the judge are trained with (house)."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from seqgan.losses.means import Mean, mean


def label_terms(logits: dict[str, Tensor], targets: dict[str, Tensor]) -> dict[str, Mean]:
    """Cross-entropy of every group: yes/no columns added up, mean over samples; classes by mean over known rows.

    logits: (N, rows) for yes/no groups, (N, rows, classes) else; targets (N, rows) as `LabelSpace.encode` gives them,
    where -1 (an absent actor) is left out. A group without any target gives 0.
    """
    return {name: _group_loss(part, targets[name]) for name, part in logits.items()}


def _group_loss(logits: Tensor, target: Tensor) -> Mean:
    if logits.dim() == target.dim():
        columns = F.binary_cross_entropy_with_logits(logits, target.float(), reduction="none")
        return mean(columns.sum(-1))
    total = F.cross_entropy(logits.flatten(0, -2), target.flatten(), ignore_index=-1, reduction="sum")
    return Mean.ratio(total, (target >= 0).sum())


def box_loss(boxes: Tensor, slots: Tensor, target: Tensor) -> Mean:
    """Mean absolute difference of the boxes of what is there, in shares of the frame, added over the four numbers.

    boxes (N, E, 4) of every thing, slots (N, S) the thing in every slot or -1, target (N, S, 4).
    """
    there = slots >= 0
    own = boxes.gather(1, slots.clamp(min=0)[..., None].expand(-1, -1, 4))
    return Mean.ratio(((own - target).abs().sum(2) * there).sum(), there.sum())
