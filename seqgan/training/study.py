"""The preference study of the StoryGAN paper: stories are drawn with two systems and laid out for raters, blind.

    make_study(("a", "b"), load, Path("data/clevr-sv"), "test", 100, 0, Path("study"))   # seqgan study make

What a study is and how it is reported: `seqgan.metrics.study`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from seqgan.checks import check_range
from seqgan.data.sequences import SequenceData
from seqgan.errors import ConfigError, DataError
from seqgan.metrics.study import FORMAT, QUESTIONS, key_path
from seqgan.training.sequence_compare import board_png
from seqgan.training.sequence_systems import DrawsStories, draw_stories


def make_study(
    systems: tuple[str, str], load: Callable[[str, SequenceData], DrawsStories], data: Path, split: str, n: int,
    seed: int, out: Path,
) -> dict[str, Any]:  # fmt: skip
    """Draw `n` stories with both systems and write the study; returns study.json's record.

    Half of the pairs, chosen by `seed`, have the first system left. Raises DataError where the folder has other files
    or answers already, ConfigError for a number of stories that the split does not have.
    """
    stories = SequenceData.open(data, split)
    check_range("the number of stories", n, 1, len(stories), ConfigError)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise DataError(f"{out} holds files; give a new folder, so that no answer is lost")
    numbers = np.unique(np.linspace(0, len(stories) - 1, n).astype(int)).tolist()
    rng = np.random.default_rng(seed)
    turned = rng.permutation(np.arange(len(numbers)) % 2 == 1)
    drawn = [draw_stories(load(name, stories), stories, numbers, seed) for name in systems]
    (out / "boards").mkdir(parents=True)
    pairs, key = [], {}
    for row in rng.permutation(len(numbers)).tolist():
        pair = f"{len(pairs) + 1:03d}"
        sides = (1, 0) if turned[row] else (0, 1)
        for side, system in zip(("left", "right"), sides, strict=True):
            (out / "boards" / f"{pair}-{side}.png").write_bytes(board_png(drawn[system][row]))
        texts = [stories.captions[clip][0] for clip in stories.stories[numbers[row]]]
        pairs.append({"id": pair, "texts": texts})
        key[pair] = {"left": sides[0], "right": sides[1], "story": stories.records[numbers[row]]["id"]}
    study = {"format": FORMAT, "questions": QUESTIONS, "seed": seed, "pairs": pairs}
    about = {"systems": list(systems), "data": stories.about["name"], "data_hash": stories.about["hash"],
             "split": split, "seed": seed, "pairs": key}  # fmt: skip
    _write(key_path(out), about)
    _write(out / "study.json", study)
    return study


def _write(path: Path, record: dict[str, Any]) -> None:
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
