"""Published sentence embeddings beside the captions that they are of. Torch-free.

    published = read_published(Path("train/char-CNN-RNN-embeddings.pickle"), Path("data/cub"))
    published.captions[0], published.vectors[0]       # a caption and its embedding

The file holds (N, K, D) numbers: K captions of N pictures, in the order of the filenames.pickle beside it. Where that
is there, pictures are found by name; without it the file must have as many pictures as the data set's train and
validation splits, its test splits, or all, in the order of the manifest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seqgan.data.manifest import Record, read_records
from seqgan.data.pickles import read_pickle
from seqgan.data.pictures import about_pictures
from seqgan.data.readers.entries import read_names
from seqgan.errors import DataError

NAMES = "filenames.pickle"


@dataclass(frozen=True)
class Published:
    """Captions with their embeddings, (M, D) float32, the number of the picture that each is of, (M,), and the split of
    every picture."""

    captions: tuple[str, ...]
    vectors: np.ndarray
    pictures: np.ndarray
    splits: tuple[str, ...]

    def held_out(self, share: float = 0.05) -> tuple[Published, Published]:
        """Captions to learn from, and captions of other pictures to look at: those of validation pictures, or, where
        there are none, of the last `share` of the pictures."""
        known = np.array([not split.startswith("val") for split in self.splits])
        if known.all():
            known[-max(1, round(share * len(known))) :] = False
        learnt = known[self.pictures]
        return self._some(learnt), self._some(~learnt)

    def _some(self, rows: np.ndarray) -> Published:
        captions = tuple(caption for caption, taken in zip(self.captions, rows, strict=True) if taken)
        return Published(captions, self.vectors[rows], self.pictures[rows], self.splits)


def read_published(path: Path, folder: Path) -> Published:
    """Embeddings of the captions of a data set that was prepared from the same publication.

    Raises DataError where either is no such thing, or they do not fit each other.
    """
    about_pictures(folder)
    vectors, records = read_embeddings(path), list(read_records(folder))
    pairs = _by_name(path, vectors, records) or _by_order(path, vectors, records)
    most = max(len(record["text"]) for record, _ in pairs)
    if most > vectors.shape[1]:
        raise DataError(f"{path} has embeddings of {vectors.shape[1]} captions a picture, the data has up to {most}; "
                        f"prepare it with --captions {vectors.shape[1]}")  # fmt: skip
    captions = tuple(caption for record, _ in pairs for caption in record["text"])
    found = np.concatenate([vectors[row, : len(record["text"])] for record, row in pairs])
    pictures = np.repeat(np.arange(len(pairs)), [len(record["text"]) for record, _ in pairs])
    return Published(captions, found, pictures, tuple(str(record["split"]) for record, _ in pairs))


def read_embeddings(path: Path) -> np.ndarray:
    """The embeddings in a pickle, (N, K, D) float32. Raises DataError for a hostile, damaged or other file."""
    held = read_pickle(path)
    try:
        vectors = np.asarray(held, np.float32) if isinstance(held, np.ndarray | list) else None
    except (TypeError, ValueError):  # lists of unequal lengths, or of no numbers
        vectors = None
    if vectors is None or vectors.ndim != 3 or not vectors.size:
        came = type(held).__name__ if vectors is None else f"array {vectors.shape}"
        raise DataError(f"{path} holds a {came}; expected embeddings (pictures, captions, numbers) such as "
                        "char-CNN-RNN-embeddings.pickle")  # fmt: skip
    if not np.isfinite(vectors).all():
        raise DataError(f"{path} holds numbers that are not finite; get it anew")
    return vectors


def _by_name(path: Path, vectors: np.ndarray, records: Sequence[Record]) -> list[tuple[Record, int]]:
    """Records with their rows by filenames.pickle; [] where there is none."""
    listed = path.with_name(NAMES)
    if not listed.is_file():
        return []
    rows = {name.rsplit("/", 1)[-1]: row for row, name in enumerate(read_names(listed))}
    if len(rows) != len(vectors):
        raise DataError(f"{path} has embeddings of {len(vectors)} pictures, {listed} names {len(rows)}; get both anew")
    names = [(record, str(record["id"]).rsplit("/", 1)[-1]) for record in records]
    pairs = [(record, rows[name]) for record, name in names if name in rows]
    if not pairs:
        raise DataError(f"no picture of the data set is in {listed} ({next(iter(rows))}, ...), its own are "
                        f"{names[0][1]}, ...; prepare the data set that the embeddings are of")  # fmt: skip
    return pairs


def _by_order(path: Path, vectors: np.ndarray, records: Sequence[Record]) -> list[tuple[Record, int]]:
    tested = [str(record["split"]).startswith("test") for record in records]
    testing = [record for record, held in zip(records, tested, strict=True) if held]
    training = [record for record, held in zip(records, tested, strict=True) if not held]
    for chosen in (training, testing, records):
        if len(chosen) == len(vectors):
            return list(zip(chosen, range(len(chosen)), strict=True))
    raise DataError(f"{path} has embeddings of {len(vectors)} pictures, the data set has {len(training)} for training "
                    f"and validation and {len(testing)} for testing; put the {NAMES} of the embeddings beside them, or "
                    "prepare the data set that they are of")  # fmt: skip
