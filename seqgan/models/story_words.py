"""What a panel of a story looks at while it is drawn (`frame: attngan`): the words of its story so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqgan.text.vocab import Vocabulary


class Heard(NamedTuple):
    """For each of N panels the words of its story, (N, D, L), and which of them it does not look at, (N, L) bool: what
    is told after it, and padding."""

    words: Tensor
    hidden: Tensor

    @classmethod
    def of(cls, told: Tensor, panels: Tensor | None) -> Heard:
        """Sentences in place of words: told (S, T, D), panels (S,) or None for all T of each story."""
        rows, panels = _rows(told, panels)
        return cls(told[rows].transpose(1, 2), _later(panels, told.shape[1]))


class StoryWords(nn.Module):
    """Words in the context of their sentences, learnt with the frames that look at them: embeddings, a GRU along each
    sentence in both directions (the form of AttnGAN's text encoder), and how many sentences ago a word was told
    (house).

    Panels look at the words of their own sentence and of those before it, so that a pronoun finds its name.
    """

    def __init__(self, vocabulary: int, size: int, panels: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, size, padding_idx=0)
        self.gru = nn.GRU(size, size // 2, batch_first=True, bidirectional=True)
        self.ago = nn.Embedding(panels, size)
        nn.init.zeros_(self.ago.weight)

    def forward(self, tokens: Tensor, panels: Tensor | None) -> Heard:
        """tokens (S, T, L) int64, 0 = padding behind the words, at least one word a sentence; panels (S,) or None for
        all T of each story; words are (N, D, T * L)."""
        rows, panels = _rows(tokens, panels)
        words, count = self._in_context(tokens), tokens.shape[1]
        ago = (panels[:, None] - torch.arange(count, device=tokens.device)).clamp(min=0)  # (N, T)
        marked = words[rows] + self.ago(ago)[:, :, None]  # (N, T, L, D)
        hidden = (tokens == 0)[rows] | _later(panels, count)[:, :, None]  # (N, T, L)
        return Heard(marked.flatten(1, 2).transpose(1, 2), hidden.flatten(1))

    def _in_context(self, tokens: Tensor) -> Tensor:
        """tokens (S, T, L); returns (S, T, L, D), zeros for padding."""
        flat = tokens.flatten(0, 1)  # (S * T, L)
        lengths = (flat != 0).sum(1).cpu()
        packed = pack_padded_sequence(self.embedding(flat), lengths, batch_first=True, enforce_sorted=False)
        words, _ = pad_packed_sequence(self.gru(packed)[0], batch_first=True, total_length=tokens.shape[2])
        return words.unflatten(0, tokens.shape[:2])


def tokens_of(stories: Sequence[Sequence[str]], vocabulary: Vocabulary) -> Tensor:
    """The words of stories of T sentences each, (N, T, L) int64: 0 is padding, L the longest sentence's."""
    read = [vocabulary.encode_story(story) for story in stories]
    longest = max(len(words) for story in read for words in story)
    return torch.tensor([[words + [0] * (longest - len(words)) for words in story] for story in read])


def _rows(stories: Tensor, panels: Tensor | None) -> tuple[Tensor, Tensor]:
    """The story and the panel of every row: stories (S, T, ...), panels (S,) or None for all; (N,) each."""
    (total, count), device = stories.shape[:2], stories.device
    if panels is not None:
        return torch.arange(total, device=device), panels
    return torch.arange(total, device=device).repeat_interleave(count), torch.arange(count, device=device).repeat(total)


def _later(panels: Tensor, count: int) -> Tensor:
    """Which of `count` sentences come after each panel's own: panels (N,); returns (N, count) bool."""
    return torch.arange(count, device=panels.device) > panels[:, None]
