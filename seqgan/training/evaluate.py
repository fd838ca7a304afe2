"""`seqgan evaluate`: a checkpoint's stories drawn through the public sampler, judged, and measured.

    report = evaluate("theatre-64", Path("data/theatre"), splits=("test", "test_unseen"), n=1000)
    write_report(report, Path("eval.json"))  # and print_report, both in seqgan.training.reports

The report is {data set: {split: {figure: value, ..., "n", "seed", "data_hash", "protocol"}}}; `real_SPLIT` holds the
judge's own figures on the same real panels, the ceiling of what it can say of drawn ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from seqgan.checks import nearest
from seqgan.data.manifest import read_about
from seqgan.data.panels import PanelData
from seqgan.data.theatre.pack import CastPack
from seqgan.errors import ConfigError, InputError
from seqgan.metrics.labels import f1_micro
from seqgan.sampling.story import StorySampler
from seqgan.training.judge_training import DEFAULT_JUDGE, Judge, check_strange, load_judge
from seqgan.training.pictures import kid_figures, neighbour_figures
from seqgan.training.reports import Report, drawing_bar, rounded
from seqgan.training.story_drawing import (
    Draws,
    Wish,
    draw_all,
    lone_sentences,
    renamed_panels,
    whole_stories,
    with_training_names,
)
from seqgan.training.story_report import PROTOCOL, Labels, pronoun_rows, seen_labels, story_figures

METRICS = ("labels", "alone", "names", "neighbours", "kid")
"""Groups of figures: judged labels (always), pronoun sentences alone, replaced names, nearest training panels, KID."""
SPLITS = ("val", "test", "test_unseen")


def evaluate(
    checkpoint: str | Path, data: Path, splits: Sequence[str] = ("test",), n: int = 1000, seed: int = 0,
    metrics: Sequence[str] = METRICS, judge: str = DEFAULT_JUDGE, device: str = "auto", threads: int | None = None,
    sheet: Path | None = None, quiet: bool = False,
) -> Report:  # fmt: skip
    """Draw the first `n` stories of each split with one take of board seed `seed`, judge and measure them.

    `sheet` is where a picture of samples beside their nearest training panels goes (a PNG, of the first split).
    Raises ConfigError for an unknown split or metric, DataError and CheckpointError for what cannot be read.
    """
    _check(splits, metrics, n)
    about, seer = read_about(data), load_judge(judge, device)
    check_strange(seer, about, splits)
    sampler = StorySampler.load(checkpoint, device, threads)
    origin = {
        "model": sampler.info["name"], "weights_sha256": sampler.info["weights_sha256"],
        "judge_sha256": seer.info["weights_sha256"], "seed": seed, "data_hash": about["hash"],
        "protocol": PROTOCOL.format(seed=seed, judge=seer.info["name"]),
    }  # fmt: skip
    found: dict[str, dict[str, Any]] = {}
    for number, split in enumerate(splits):
        panels = PanelData.open(data, split, seer.space, n)
        with drawing_bar(split, quiet) as done:
            run = Measured(sampler, seer, data, panels, seed, done)
            found[split] = {**run.figures(metrics, sheet if number == 0 else None), **run.counts(), **origin}
        found[f"real_{split}"] = {**run.real(), **run.counts(), **origin}
    return {f"theatre-{about['pack']['name']}": rounded(found)}


class Measured:
    """One split being measured; `done` hears of every story drawn."""

    def __init__(
        self, sampler: Draws, judge: Judge, folder: Path, data: PanelData, seed: int, done: Callable[[int], Any]
    ) -> None:
        self.sampler, self.judge, self.folder, self.data = sampler, judge, folder, data
        self.seed, self.done = seed, done

    def figures(self, metrics: Sequence[str], sheet: Path | None) -> dict[str, Any]:
        """All groups of figures that are asked for."""
        data = self.data
        drawn = self._draw(whole_stories(data.records, self.seed))
        seen = self._see(drawn)
        figures: dict[str, Any] = story_figures(data.targets, seen, data.told, data.starts, data.space)
        if "alone" in metrics:
            figures |= self._alone()
        if "names" in metrics:
            figures |= self._names(seen)
        if "neighbours" in metrics:
            figures |= neighbour_figures(self.folder, data, drawn, sheet)
        if "kid" in metrics:
            figures |= kid_figures(data, drawn, self.seed)
        return figures

    def real(self) -> dict[str, Any]:
        """The same label figures for the real panels."""
        data = self.data
        return story_figures(data.targets, self._see(data.images), data.told, data.starts, data.space)

    def counts(self) -> dict[str, int]:
        """How much was measured."""
        return {"n": len(self.data.records), "panels": len(self.data)}

    def _draw(self, wishes: list[Wish]) -> np.ndarray:
        height, width = self.data.images.shape[1:3]
        return draw_all(self.sampler, wishes, (height, width), self.done)

    def _see(self, panels: np.ndarray) -> Labels:
        return seen_labels(self.judge.logits(panels))

    def _alone(self) -> dict[str, float]:
        rows = pronoun_rows(self.data.told)
        if not len(rows):
            return {"pronoun_character_f1_sentence_alone": math.nan}
        seen = self._see(self._draw(lone_sentences(self.data.records, self.seed)))
        who = self.data.targets["characters"][rows]
        return {"pronoun_character_f1_sentence_alone": f1_micro(who, seen["characters"])}

    def _names(self, seen: Labels) -> dict[str, float]:
        """Character F1 where a story-given name stands, and of the same panels with names of the training split."""
        data = self.data
        rows = [data.starts[k] + p for k, record in enumerate(data.records) for p in renamed_panels(record)]
        if not rows:
            return {"renamed_character_f1": math.nan, "renamed_panels": 0}
        swapped = self._see(self._draw(with_training_names(data.records, _pronouns(self.folder), self.seed)))
        who = data.targets["characters"][rows]
        ours, theirs = f1_micro(who, seen["characters"][rows]), f1_micro(who, swapped["characters"])
        return {
            "renamed_character_f1": ours, "renamed_character_f1_training_names": theirs,
            "renamed_character_f1_loss": theirs - ours, "renamed_panels": len(rows),
        }  # fmt: skip


def _pronouns(folder: Path) -> dict[str, str]:
    """The cast's pronouns, from the shipped pack or the data set's own."""
    pack, recorded = CastPack.shipped(), read_about(folder)["pack"]
    if pack.name != recorded["name"]:
        pack = CastPack.load(recorded["folder"])
    return {who: character.pronoun for who, character in pack.characters.items()}


def _check(splits: Sequence[str], metrics: Sequence[str], n: int) -> None:
    for what, given, known in (("split", splits, SPLITS), ("metric", metrics, METRICS)):
        strange = [each for each in given if each not in known]
        if strange or not given:
            shown = repr(strange[0]) if strange else "nothing"
            raise ConfigError(f"{shown} came as {what}; {nearest(strange[0] if strange else '', known)}")
    if n < 1:
        raise InputError(f"{n} stories were asked for; give 1 or more")
