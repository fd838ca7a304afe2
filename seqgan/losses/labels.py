"""Cross-entropies of label vectors and layout maps: what the reading head and the judge are trained with (house)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def label_terms(logits: dict[str, Tensor], targets: dict[str, Tensor]) -> dict[str, Tensor]:
    """Cross-entropy of every group: yes/no columns added up, mean over samples; classes by mean over known rows.

    logits: (N, rows) for yes/no groups, (N, rows, classes) else; targets (N, rows) as `LabelSpace.encode` gives them,
    where -1 (an absent actor) is left out. A group without any target gives 0.
    """
    return {name: _group_loss(part, targets[name]) for name, part in logits.items()}


def _group_loss(logits: Tensor, target: Tensor) -> Tensor:
    if logits.dim() == target.dim():
        columns = F.binary_cross_entropy_with_logits(logits, target.float(), reduction="none")
        return columns.sum(-1).mean()
    total = F.cross_entropy(logits.flatten(0, -2), target.flatten(), ignore_index=-1, reduction="sum")
    return total / (target >= 0).sum().clamp(min=1)


def layout_target(masks: Tensor, slots: Tensor, channels: int) -> Tensor:
    """Where things stand, (N, channels, h, w): masks (N, S, h, w) in [0, 1], slots (N, S, K) channels or -1."""
    count, _, height, width = masks.shape
    target = masks.new_zeros(count, channels + 1, height * width)  # the last channel takes what has no channel
    places = slots.flatten(1)  # (N, S*K)
    spread = masks.flatten(2).repeat_interleave(slots.shape[2], 1)  # (N, S*K, h*w)
    index = torch.where(places < 0, channels, places)[:, :, None].expand(-1, -1, height * width)
    target.scatter_reduce_(1, index, spread, "amax")
    return target[:, :channels].reshape(count, channels, height, width)


def layout_loss(logits: Tensor, target: Tensor, weight: float = 4.0) -> Tensor:
    """Binary cross-entropy against coverages, covered cells `weight` times; summed over channels, mean over cells."""
    plain = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    return ((1 + (weight - 1) * target) * plain).sum(1).mean()
