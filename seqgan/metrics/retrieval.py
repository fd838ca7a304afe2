"""Does a picture find its own caption? R-precision (Xu et al. 2018, section 4), R@k, similarity and ranking share.

All work on codes of a matching model (pictures (N, d), sentences (M, d)); the figure belongs to that model: name it.

gallery = Gallery.of(data.captions, data.labels["class"])
rivals = distractors(gallery, own)    # (N, 99); own[n]: the caption that picture n was drawn from
mean, std = r_precision(pictures, sentences, own, rivals)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from seqgan.checks import check_choice
from seqgan.errors import InputError
from seqgan.metrics.arrays import Array, float64, rows64
from seqgan.metrics.spread import Spread, parts

Score = Literal["cosine", "dot"]
Ties = Literal["share", "strict"]
ROWS = 64
"""Pictures that are scored at a time."""
SAME = 1e-12
"""Scores that differ by less than this part of the largest are tied: sums in another order differ so much."""
SMALLEST = 1e-8
"""Of a code's length, where a cosine divides by it."""


@dataclass(frozen=True)
class Gallery:
    """The captions that compete: M strings, whose picture each was written for (M,), and that picture's class (M,).

    Raises InputError for unequal lengths, or where classes are given and one is absent (below 0).
    """

    captions: Sequence[str]
    owners: np.ndarray
    classes: np.ndarray | None = None

    def __post_init__(self) -> None:
        lengths = {len(self.captions), len(self.owners)} | ({len(self.classes)} if self.classes is not None else set())
        if len(lengths) > 1 or not len(self.captions):
            raise InputError(f"captions, owners and classes number {sorted(lengths)}; expected as many of each")
        if self.classes is not None and np.min(self.classes) < 0:
            raise InputError("a caption's picture has no class (-1); give every picture one, or leave classes out")

    @classmethod
    def of(cls, captions: Sequence[Sequence[str]], classes: np.ndarray | None = None) -> Gallery:
        """All captions of all pictures, picture by picture; `classes` one a picture."""
        owners = np.repeat(np.arange(len(captions)), [len(own) for own in captions])
        flat = tuple(caption for own in captions for caption in own)
        return cls(flat, owners, None if classes is None else np.asarray(classes)[owners])


def distractors(
    gallery: Gallery, own: Array, count: int = 99, seed: int = 0, other_classes: bool = False
) -> np.ndarray:
    """Rows of the gallery (N, count) that are wrong for each picture, no string twice among them.

    `own` (N,): the row of each picture's caption. No string is drawn that any of the picture's own captions has, even
    where others have it too (case and spaces aside); with `other_classes` (DM-GAN's way, the easier where classes look
    unlike) none that the picture's class has. Picture n's draw depends on `seed` and n alone. Raises InputError where
    too few are left.
    """
    if other_classes and gallery.classes is None:
        raise InputError("distractors of other classes were asked of a gallery without classes; give it classes")
    _, firsts, strings = np.unique(
        [" ".join(caption.split()).casefold() for caption in gallery.captions], return_index=True, return_inverse=True
    )
    kinds = gallery.classes if other_classes and gallery.classes is not None else gallery.owners
    order = np.argsort(kinds, kind="stable")
    names, starts = np.unique(kinds[order], return_index=True)
    groups = np.split(strings[order], starts[1:])
    barred = {name: np.unique(group) for name, group in zip(names.tolist(), groups, strict=True)}
    rows = _rows("own", own, len(gallery.captions))
    drawn = [_draw(len(firsts), barred[kinds[row].item()], count, [seed, number]) for number, row in enumerate(rows)]
    return firsts[np.stack(drawn)]


def _draw(strings: int, barred: np.ndarray, count: int, seed: list[int]) -> np.ndarray:
    """`count` different numbers below `strings` that are not among `barred` (sorted)."""
    left = strings - len(barred)
    if not 1 <= count <= left:
        raise InputError(f"{count} distractors were asked of {left} fitting strings; expected 1 to {left}")
    places = np.random.default_rng(seed).choice(left, count, replace=False)
    return places + np.searchsorted(barred - np.arange(len(barred)), places, side="right")


def r_precision(
    pictures: Array,
    sentences: Array,
    own: Array,
    rivals: Array,
    folds: int = 10,
    score: Score = "cosine",
    ties: Ties = "share",
    seed: int = 0,
) -> Spread:
    """Share of pictures whose own caption ranks first among it and its rivals; mean and std over folds drawn by `seed`.

    Chance is 1 / (1 + rivals). See `own_first` for the arguments.
    """
    wins = own_first(pictures, sentences, own, rivals, score, ties)
    wins = wins[np.random.default_rng(seed).permutation(len(wins))]
    return Spread.of([wins[fold].mean() for fold in parts(len(wins), folds)])


def own_first(
    pictures: Array, sentences: Array, own: Array, rivals: Array, score: Score = "cosine", ties: Ties = "share"
) -> np.ndarray:
    """Success (N,) of each picture: 1 where its own caption scores highest, else 0.

    A tie with t rivals at the top counts 1 / (t + 1), or 0 with `ties` "strict"; a constant encoder is at chance or 0.
    pictures (N, d), sentences (M, d), own (N,) and rivals (N, R) rows of sentences. Raises InputError for shapes apart.
    """
    check_choice("ties", ties, get_args(Ties))
    codes, bank, rows = _codes(pictures, sentences, own, score)
    others = _rows("rivals", rivals, len(bank), axes=2)
    if len(others) != len(codes):
        raise InputError(f"{len(others)} rows of rivals came for {len(codes)} pictures; give as many")
    better, tied = np.empty(len(codes)), np.empty(len(codes))
    for start in range(0, len(codes), ROWS):
        run = slice(start, start + ROWS)
        table = np.einsum("nd,nrd->nr", codes[run], bank[np.concatenate([rows[run, None], others[run]], 1)])
        better[run], tied[run] = _standing(table[:, :1], table[:, 1:])
    return np.where((better > 0) | ((ties == "strict") & (tied > 0)), 0.0, 1 / (1 + tied))


def recall_at(
    pictures: Array, sentences: Array, own: Array, ranks: Sequence[int] = (1, 5, 10), score: Score = "cosine"
) -> dict[str, float]:
    """R@k over the whole of `sentences` as a fixed gallery: {"r@1": share of pictures whose own caption is first, ...}.

    A caption tied with others takes each of their places with equal chance, so give a gallery of different captions.
    """
    codes, bank, rows = _codes(pictures, sentences, own, score)
    better, tied = np.empty(len(codes)), np.empty(len(codes))
    for start in range(0, len(codes), ROWS):
        run = slice(start, start + ROWS)
        table = codes[run] @ bank.T
        mine = np.take_along_axis(table, rows[run, None], 1)
        better[run], tied[run] = _standing(mine, table)
    tied -= 1  # itself
    return {f"r@{k}": float(np.clip((k - better) / (1 + tied), 0, 1).mean()) for k in ranks}


def vs_similarity(pictures: Array, sentences: Array) -> Spread:
    """Visual-semantic similarity (Zhang, Xie and Yang 2018): mean and std of cosines of N pairs of codes (N, d).

    It compares nothing across matching models; give real pairs' value beside it.
    """
    rows = np.arange(len(pictures))
    codes, bank, _ = _codes(pictures, sentences, rows, "cosine")
    if len(codes) != len(bank):
        raise InputError(f"{len(codes)} pictures and {len(bank)} sentences came; expected pairs")
    return Spread.of((codes * bank).sum(1))


def ranking_share(matched: Array, mismatched: Array) -> float:
    """Share of pairs whose matched logit lies above the mismatched one, ties half; 0.5 for a blind discriminator."""
    right, wrong = float64("matched logits", matched), float64("mismatched logits", mismatched)
    if right.shape != wrong.shape or not right.size:
        raise InputError(f"logits are {right.shape} and {wrong.shape}; expected the same, not empty")
    return float(((right > wrong) + (right == wrong) / 2).mean())


def _standing(mine: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many of others (N, R) lie above mine (N, 1), and how many are tied with it."""
    same = SAME * np.maximum(np.abs(others).max(1, keepdims=True), np.abs(mine))
    return (others > mine + same).sum(1), (np.abs(others - mine) <= same).sum(1)


def _codes(pictures: Array, sentences: Array, own: Array, score: Score) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    check_choice("score", score, get_args(Score))
    codes, bank = rows64("picture codes", pictures), rows64("sentence codes", sentences)
    rows = _rows("own", own, len(bank))
    if codes.shape[1] != bank.shape[1] or len(codes) != len(rows):
        raise InputError(
            f"{len(rows)} own captions came for pictures {codes.shape} and sentences {bank.shape}; "
            "expected one a picture and codes of one width"
        )
    if score == "cosine":
        codes, bank = (each / np.maximum(np.linalg.norm(each, axis=1)[:, None], SMALLEST) for each in (codes, bank))
    return codes, bank, rows


def _rows(name: str, rows: Array, count: int, axes: int = 1) -> np.ndarray:
    numbers = float64(name, rows).astype(np.int64)
    if numbers.ndim != axes or not numbers.size or numbers.min() < 0 or numbers.max() >= count:
        raise InputError(f"{name} has shape {numbers.shape}; expected {axes} axes of row numbers from 0 to {count - 1}")
    return numbers
