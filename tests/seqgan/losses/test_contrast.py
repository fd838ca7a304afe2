"""The contrastive loss of panels and sentences."""

from __future__ import annotations

import math

import pytest
import torch

from seqgan.losses.contrast import info_nce


def test_in_closed_form() -> None:
    """Three pairs at right angles, the first two of one source: own 1, others 0, times 10."""
    rows = torch.eye(3)
    one_other, two_others = (math.log(1 + count * math.exp(-10)) for count in (1, 2))
    found = info_nce(rows, 5 * rows, torch.tensor([0, 0, 1]))
    assert float(found.value) == pytest.approx((2 * one_other + two_others) / 3, rel=1e-3)
    turned = info_nce(rows, rows.roll(1, 0), torch.arange(3))  # own 0; of the others one 1 and one 0
    assert float(turned.value) == pytest.approx(10 + math.log(1 + 2 * math.exp(-10)), rel=1e-5)


def test_both_directions_count_alike() -> None:
    panels, sentences = torch.randn(2, 4, 3, generator=torch.Generator().manual_seed(0))
    sources = torch.tensor([0, 1, 1, 2])
    one, other = info_nce(panels, sentences, sources), info_nce(sentences, panels, sources)
    assert float(one.value) == pytest.approx(float(other.value))


def test_what_is_of_one_source_is_no_negative() -> None:
    rng = torch.Generator().manual_seed(0)
    panels, sentences = torch.randn(2, 4, 3, generator=rng).unbind()
    panels.requires_grad_()
    alone = info_nce(panels, sentences, torch.zeros(4))
    alone.value.backward()
    assert float(alone.value.detach()) == 0 and panels.grad is not None and not panels.grad.any()
    panels = panels.detach()
    sources = torch.tensor([0, 0, 1, 1])
    scores = 10 * torch.nn.functional.cosine_similarity(panels[:, None], sentences[None], dim=2)
    kept = [[0, 2, 3], [1, 2, 3], [0, 1, 2], [0, 1, 3]]
    expected = [table[n, own].logsumexp(0) - table[n, n] for table in (scores, scores.T) for n, own in enumerate(kept)]
    assert float(info_nce(panels, sentences, sources).value) == pytest.approx(float(sum(expected)) / 8)
