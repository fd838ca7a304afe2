"""Trained text encoders: token ids in, TextFeatures out."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

FROZEN_SIZE = 512
"""Length of the frozen multilingual sentence vector (Universal Sentence Encoder v3)."""


@dataclass(frozen=True)
class TextFeatures:
    """What every text encoder gives: sent_emb (N, Dt), word_embs (N, Dt, L), pad_mask (N, L), True = padding."""

    sent_emb: Tensor
    word_embs: Tensor
    pad_mask: Tensor


def one_word(sent: Tensor) -> TextFeatures:
    """Features of sentences (N, Dt) whose words are not told: one word, which says what the sentence says."""
    nothing = torch.zeros(len(sent), 1, dtype=torch.bool, device=sent.device)
    return TextFeatures(sent, sent[..., None], nothing)


class WordEncoder(nn.Module):
    """Word embeddings, a bidirectional GRU, and the frozen sentence vector as a second input (house).

    The vector reaches sentences whose words the vocabulary lacks, those of other languages among them; a zero vector
    stands for "not given".
    """

    def __init__(self, vocabulary: int, embed: int, size: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embed, padding_idx=0)
        self.gru = nn.GRU(embed, size // 2, batch_first=True, bidirectional=True)
        self.frozen = nn.Linear(FROZEN_SIZE, size // 2)
        self.sentence = nn.Linear(2 * size + size // 2, size)

    def forward(self, tokens: Tensor, frozen: Tensor) -> TextFeatures:
        """tokens (N, L) int64, 0 = padding, at least one token a row; frozen (N, 512)."""
        pad_mask = tokens == 0
        lengths = (~pad_mask).sum(1).cpu()
        packed = pack_padded_sequence(self.embedding(tokens), lengths, batch_first=True, enforce_sorted=False)
        states, last = self.gru(packed)
        words, _ = pad_packed_sequence(states, batch_first=True, total_length=tokens.shape[1])  # (N, L, size)
        pooled = words.masked_fill(pad_mask[:, :, None], -1.0).amax(1)  # (N, size); GRU states lie above -1
        joined = torch.cat([pooled, last.transpose(0, 1).flatten(1), self.frozen(frozen)], 1)
        return TextFeatures(self.sentence(joined), words.transpose(1, 2), pad_mask)
