"""Sentences between two sentences (GAN-INT, Reed et al. 2016, eq. 5), for generators that read words as well."""

from __future__ import annotations

from fractions import Fraction

import torch

from seqgan.text.encoders import TextFeatures

STEPS = 64
"""Shares of words are whole 64ths, so that a sentence in between is at most 64 captions long."""


def mixed(one: TextFeatures, two: TextFeatures, share: float) -> TextFeatures:
    """The text at `share` (0 to 1) of the way from one caption to another, one caption each.

    Sentences are mixed linearly. Words (house) stand beside one another, each as often as its caption has a share: a
    softmax over m copies of a word and n of another is attention that expects them m to n. At both ends the words are
    those of the caption there, once each, so that the ends are the very pictures of the two captions.
    """
    second = Fraction(round(share * STEPS), STEPS)
    times = (second.denominator - second.numerator, second.numerator)
    words = [text.word_embs.repeat(1, 1, count) for text, count in zip((one, two), times, strict=True)]
    masks = [text.pad_mask.repeat(1, count) for text, count in zip((one, two), times, strict=True)]
    return TextFeatures(torch.lerp(one.sent_emb, two.sent_emb, share), torch.cat(words, 2), torch.cat(masks, 1))
