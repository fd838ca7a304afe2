"""The cast memory: what is written where, what stays, and who looks at which word."""

import pytest
import torch

from seqgan.models.cast_memory import GROUPS, HEADS, CastMemory

CAST, STATE = 2, 16


@pytest.fixture
def memory() -> CastMemory:
    torch.manual_seed(0)
    network = CastMemory(sentence=3, words=4, characters=CAST, state=STATE, rank=3).requires_grad_(False)
    network.told[0].weight.copy_(torch.eye(3))  # type: ignore[operator]
    return network


def _words(count: int) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.randn(count, 4, 5), torch.zeros(count, 5, dtype=torch.bool)


def test_begins_as_a_memory_of_nothing(memory: CastMemory) -> None:
    kept = memory(torch.randn(2, 3, 3), *_words(6))
    assert kept.shape == (2, 3, CAST, STATE)
    assert kept.abs().max() == 0


def test_a_slot_keeps_what_was_written_until_it_is_written_again(memory: CastMemory) -> None:
    """The first number of a sentence opens the first group of slot 0; the second is what is written there."""
    rows = memory.told[1].weight.view(CAST, GROUPS + STATE, 3)
    memory.told[1].bias.view(CAST, GROUPS + STATE)[:, :GROUPS] = -50.0
    rows[0, 0, 0], rows[0, GROUPS, 1] = 100.0, 1.0
    told = torch.tensor([[[1.0, 7.0, 0.0], [0.0, 3.0, 0.0], [1.0, 5.0, 0.0]]])
    kept = memory(told, *_words(3))[0]
    assert kept[:, 0, 0].tolist() == pytest.approx([7.0, 7.0, 5.0])
    assert kept[:, 1].abs().max() == 0
    assert kept[:, 0, 1:].abs().max() == 0


def test_a_half_open_gate_mixes(memory: CastMemory) -> None:
    memory.told[1].bias.view(CAST, GROUPS + STATE)[1, GROUPS:] = 8.0
    kept = memory(torch.zeros(1, 3, 3), *_words(3))[0, :, 1, 0]
    assert kept.tolist() == pytest.approx([4.0, 6.0, 7.0])


def test_a_character_sees_the_word_it_asks_for_and_no_padding(memory: CastMemory) -> None:
    memory.query.zero_()
    memory.query[:, 0] = 50.0
    words, pad_mask = _words(1)
    words[0, 0] = torch.tensor([0.0, 1.0, 0.0, 9.0, 0.0])
    pad_mask[0, 3:] = True
    seen = memory.attended(words, pad_mask)
    assert seen.shape == (1, CAST, HEADS * 4)
    torch.testing.assert_close(seen[0, 1], words[0, :, 1].repeat(HEADS))


def test_each_character_asks_for_itself(memory: CastMemory) -> None:
    memory.query.zero_()
    memory.query[:, 0], memory.query[1::CAST, 0] = 50.0, -50.0
    words, pad_mask = _words(1)
    words[0, 0] = torch.tensor([0.0, 1.0, 0.0, -1.0, 0.0])
    seen = memory.attended(words, pad_mask)[0]
    torch.testing.assert_close(seen[0, :4], words[0, :, 1])
    torch.testing.assert_close(seen[1, :4], words[0, :, 3])
