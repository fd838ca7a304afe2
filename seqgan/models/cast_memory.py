"""The cast memory of StoryGAN's house form: what is known of every member of the cast, carried from panel to panel."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from seqgan.layers.blocks import low_rank

GROUPS = 8
"""Parts of a slot that are written each on its own, so that what someone wears survives news of what they do."""
HEADS = 2
"""Looks that a character takes at the words of a sentence: one for where it is named, one for what is said of it."""


class CastMemory(nn.Module):
    """A recurrent memory with a slot for every character (Recurrent Entity Network, Henaff et al. 2017, tied keys).

    House: a slot is written from the sentence and from the words that its character attends to (the attention of
    AttnGAN, Xu et al. 2018, with characters for regions). Gates and contents come from the text alone, as in minGRU
    (Feng et al. 2024): a slot changes where the sentence speaks of its character, and no slot disturbs another. It
    begins as a memory of nothing.
    """

    def __init__(self, sentence: int, words: int, characters: int, state: int, rank: int = 64) -> None:
        """`sentence` counts the numbers that say what a sentence means in its story, `words` those of a word."""
        super().__init__()
        self.characters, self.state = characters, state
        self.query = nn.Parameter(torch.randn(HEADS * characters, words) / 4)
        self.seen = nn.Linear(HEADS * words, GROUPS + state)
        self.told = low_rank(sentence, characters * (GROUPS + state), rank)
        for parameter in (*self.seen.parameters(), *self.told[1].parameters()):
            nn.init.zeros_(parameter)

    def forward(self, sentences: Tensor, words: Tensor, pad_mask: Tensor, before: Tensor | None = None) -> Tensor:
        """sentences (B, T, D), words (B * T, W, L), pad_mask (B * T, L), before (B, characters, state) after earlier
        sentences or None; returns the memory after each sentence (B, T, characters, state)."""
        write, content = self.parts(sentences, self.attended(words, pad_mask).unflatten(0, sentences.shape[:2]))
        memory = torch.zeros_like(content[:, 0]) if before is None else before.view_as(content[:, 0])
        kept = []
        for k in range(content.shape[1]):
            memory = memory + write[:, k] * (content[:, k] - memory)
            kept.append(memory)
        return torch.stack(kept, 1).flatten(3)

    def attended(self, words: Tensor, pad_mask: Tensor) -> Tensor:
        """What every character sees of words (N, W, L): (N, characters, HEADS * W)."""
        scores = (self.query @ words).masked_fill(pad_mask[:, None], -torch.inf)  # (N, HEADS * C, L)
        seen = scores.softmax(2) @ words.transpose(1, 2)  # (N, HEADS * C, W)
        return seen.unflatten(1, (HEADS, self.characters)).transpose(1, 2).flatten(2)

    def parts(self, sentences: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
        """Gates (..., characters, groups, 1) in [0, 1] and contents (..., characters, groups, state / groups)."""
        both = self.seen(seen) + self.told(sentences).unflatten(-1, (self.characters, -1))
        write, content = both.split([GROUPS, self.state], -1)
        return write.sigmoid()[..., None], content.unflatten(-1, (GROUPS, -1))
