"""Frozen vectors stand in the rows of their sentences."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from seqgan.data.embeddings import embed_stories


def _lengths(sentences: Sequence[str]) -> np.ndarray:
    return np.array([[len(text)] * 512 for text in sentences], np.float32)


def test_the_first_share_is_embedded(tmp_path: Path) -> None:
    texts = [["a", "bb"], ["ccc"], ["dddd", "e"], ["f"]]
    lines = [json.dumps({"split": "train", "text": text}) for text in texts]
    (tmp_path / "manifest.jsonl").write_text("\n".join(lines) + "\n")
    assert embed_stories(tmp_path, "train", _lengths, 0.5) == 3
    vectors = np.load(tmp_path / "cache" / "train" / "frozen.npy")
    assert vectors.shape == (6, 512) and vectors[:, 0].tolist() == [1, 2, 3, 0, 0, 0]
