"""The captions of a picture data set as a frozen text encoder reads them: encoded once, then looked up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from seqgan.data.garden.reading import told
from seqgan.data.pictures import PictureData
from seqgan.errors import DataError
from seqgan.metrics.retrieval import Gallery, Score, distractors, r_precision
from seqgan.text.captions import caption_words
from seqgan.text.encoders import TextFeatures

RIVALS = 99
"""Wrong captions that a right one is ranked among."""
TRIES = 1000
"""Other pictures that are looked at for a wrong caption before the data set is found to have none."""


class CaptionEncoder(Protocol):
    """Captions to features, in batches; `size` numbers a sentence (and a word, where it gives words)."""

    size: int

    def __call__(self, captions: Sequence[str]) -> TextFeatures:
        """Features of captions, on the device of the encoder."""
        ...


class Captions:
    """Every caption of a data set under a number, equal ones under one; which are wrong for a picture."""

    def __init__(self, data: PictureData) -> None:
        self.texts = list(dict.fromkeys(text for own in data.captions for text in own))
        number = {text: place for place, text in enumerate(self.texts)}
        self.own = [np.array([number[text] for text in own], np.int64) for own in data.captions]
        self._sets = [frozenset(own.tolist()) for own in self.own]
        self.classes = data.labels.get("class", np.arange(len(data)))
        self.by_class = data.about["mismatch"] == "class"
        self._kin = _kin(data.sources)
        self.sources = data.sources

    def fits(self, picture: int, other: int, caption: int) -> bool:
        """May this caption, one of picture `other`, be said of `picture`?"""
        same = self.by_class and self.classes[picture] == self.classes[other]
        return bool(same) or caption in self._sets[picture]

    def draw(self, pictures: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """One of the own captions of each picture, (B,)."""
        return np.array([rng.choice(self.own[picture]) for picture in pictures])

    def draw_wrong(self, pictures: np.ndarray, rng: np.random.Generator, near: float = 0.0) -> np.ndarray:
        """A caption that is wrong for each picture, (B,), of any picture of the data, and with chance `near` of one of
        the same source, where there is one: those are the hardest. Raises DataError where none is wrong."""
        return np.array([self._wrong(int(picture), rng, near) for picture in pictures])

    def _wrong(self, picture: int, rng: np.random.Generator, near: float) -> int:
        kin = self._kin[self.sources[picture]]
        for attempt in range(TRIES):
            close = attempt < 3 and rng.random() < near
            other = int(rng.choice(kin)) if close else int(rng.integers(len(self.own)))
            caption = int(rng.choice(self.own[other]))
            if not self.fits(picture, other, caption):
                return caption
        raise DataError("no caption of another picture is wrong for this one; prepare data of several captions")

    def mates(self, pictures: np.ndarray, captions: np.ndarray) -> np.ndarray:
        """Which captions of a batch may be said of which pictures, (B, B) bool; captions[k] is one of pictures[k]."""
        pairs = list(zip(pictures, captions, strict=True))
        return np.array([[self.fits(int(p), int(o), int(c)) for o, c in pairs] for p in pictures])


class CaptionFeatures:
    """Features of every caption, by its number: sent (M, D) float32, words (M, D, L) float16, pad_mask (M, L)."""

    def __init__(self, texts: Sequence[str], encoder: CaptionEncoder, batch: int = 256) -> None:
        parts = [encoder(texts[start : start + batch]) for start in range(0, len(texts), batch)]
        length = max(part.pad_mask.shape[1] for part in parts)
        self.sent = torch.cat([part.sent_emb for part in parts])
        self.words = torch.cat([_filled(part.word_embs.half(), length, 0) for part in parts])
        self.pad_mask = torch.cat([_filled(part.pad_mask, length, True) for part in parts])

    def take(self, numbers: np.ndarray | Tensor) -> TextFeatures:
        """Features of some captions, words cut to the longest of them."""
        rows = torch.as_tensor(numbers, device=self.sent.device)
        mask = self.pad_mask[rows]
        length = int((~mask).sum(1).max())
        return TextFeatures(self.sent[rows], self.words[rows, :, :length].float(), mask[:, :length])


def names_label(caption: str, data: PictureData, picture: int, group: str) -> bool:
    """Does a caption of a picture say what its label of a group is?"""
    number = data.labels[group][picture]
    if number < 0:
        return False
    if data.about["name"] == "garden":
        return group in told(caption)
    return set(caption_words(data.names[group][number])) <= set(caption_words(caption))


def fewest_rivals(captions: Sequence[Sequence[str]]) -> int:
    """How many different captions are left to every picture as wrong ones."""
    texts = {text.casefold() for own in captions for text in own}
    return len(texts) - max(len({text.casefold() for text in own}) for own in captions)


def first_caption_precision(
    codes: np.ndarray, read: Callable[[Sequence[str]], np.ndarray], data: PictureData, score: Score = "cosine"
) -> float:
    """R-precision of pictures by their codes (N, D), each under its first caption, 1 of up to 100; `read` gives codes
    of captions."""
    gallery = Gallery.of(data.captions)
    own = np.searchsorted(gallery.owners, np.arange(len(data)))
    rivals = distractors(gallery, own, min(RIVALS, fewest_rivals(data.captions)))
    return round(r_precision(codes, read(gallery.captions), own, rivals, folds=1, score=score).mean, 4)


def _kin(sources: np.ndarray) -> dict[int, np.ndarray]:
    """Source -> the pictures of it."""
    order = np.argsort(sources, kind="stable")
    values, starts = np.unique(sources[order], return_index=True)
    return dict(zip(values.tolist(), np.split(order, starts[1:]), strict=True))


def _filled(x: Tensor, length: int, value: float) -> Tensor:
    return torch.nn.functional.pad(x, (0, length - x.shape[-1]), value=value)
