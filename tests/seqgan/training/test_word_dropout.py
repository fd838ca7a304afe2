"""Words and vectors hidden by chance: what is left, how often, and alike in every part of a batch."""

from __future__ import annotations

import pytest
import torch

from seqgan.training.word_dropout import ALONE, UNKNOWN, drop_words, hide_words, words_or_vector

COUNT = 4000
TOKENS = torch.tensor([2, 3, 4, 0]).repeat(COUNT, 1)
FROZEN = torch.cat([torch.ones(COUNT // 2, 512), torch.zeros(COUNT // 2, 512)])
"""The first half of the sentences have vectors."""
WHOLE, ALL = (COUNT,), slice(0, COUNT)


def _noise() -> torch.Generator:
    return torch.Generator().manual_seed(0)


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_so_many_words_are_hidden_and_no_padding(share: float) -> None:
    hidden = hide_words(TOKENS, share, WHOLE, ALL, _noise())
    gone = hidden != TOKENS
    assert bool((hidden[gone] == UNKNOWN).all()) and not gone[:, 3].any()
    assert abs(float(gone[:, :3].float().mean()) - share) < 0.02


def test_a_sentence_is_told_by_its_words_or_by_its_vector() -> None:
    tokens, frozen = words_or_vector(TOKENS, FROZEN, WHOLE, ALL, _noise())
    alone = frozen.any(1)
    assert abs(float(alone[: COUNT // 2].float().mean()) - ALONE) < 0.02 and not alone[COUNT // 2 :].any()
    assert torch.equal(tokens[~alone], TOKENS[~alone])
    assert bool((tokens[alone] == torch.tensor([UNKNOWN] * 3 + [0])).all())


def test_without_a_vector_a_sentence_keeps_most_of_its_words() -> None:
    tokens, frozen = drop_words(TOKENS, FROZEN, WHOLE, ALL, _noise())
    assert float((tokens != TOKENS)[COUNT // 2 :, :3].float().mean()) < 0.03 and not frozen[COUNT // 2 :].any()
    both = frozen.any(1) & (tokens[:, :3] != UNKNOWN).all(1)
    assert bool(both.any())


def test_a_part_of_a_batch_is_hidden_as_in_the_whole() -> None:
    own = slice(1000, 3000)
    for tell in (drop_words, words_or_vector):
        whole, part = tell(TOKENS, FROZEN, WHOLE, ALL, _noise()), tell(TOKENS[own], FROZEN[own], WHOLE, own, _noise())
        assert all(torch.equal(each[own], other) for each, other in zip(whole, part, strict=True))
    whole, part = (hide_words(TOKENS[rows], 0.25, WHOLE, rows, _noise()) for rows in (ALL, own))
    assert torch.equal(whole[own], part)
