"""How well a judge sees real panels it was not trained on: figures by name and the confusion of characters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from seqgan.data.manifest import read_about
from seqgan.data.panels import PanelData
from seqgan.metrics.labels import confusion
from seqgan.training.judge_training import DEFAULT_JUDGE, check_strange, load_judge
from seqgan.training.reports import Report, rounded
from seqgan.training.story_report import panel_figures, seen_labels

PROTOCOL = (
    "real panels that the judge was not trained on, yes/no at probability 0.5; an actor that the judge does not see "
    "counts as wrong in action, look, size and place"
)


@dataclass(frozen=True)
class JudgeReport:
    """Figures in the form of eval.json, and how often which character was taken for which: (C, C + 1) counts."""

    figures: Report
    characters: tuple[str, ...]
    confusion: np.ndarray


def report_judge(
    data: Path, splits: tuple[str, ...] = ("test", "test_unseen"), judge: str = DEFAULT_JUDGE, device: str = "auto"
) -> JudgeReport:
    """Measure a judge on the real panels of a prepared folder; the confusion is of the first split."""
    about, seer = read_about(data), load_judge(judge, device)
    check_strange(seer, about, splits)
    found: dict[str, dict[str, Any]] = {}
    table = np.zeros((0, 0))
    for split in splits:
        panels = PanelData.open(data, split, seer.space)
        seen = seen_labels(seer.logits(panels.images))
        origin = {"n": len(panels.records), "panels": len(panels), "seed": 0, "data_hash": about["hash"]}
        found[f"real_{split}"] = {**panel_figures(panels.targets, seen), **origin, "protocol": PROTOCOL}
        if split == splits[0]:
            table = confusion(panels.targets["characters"], seen["characters"])
    return JudgeReport({f"theatre-{about['pack']['name']}": rounded(found)}, seer.space.characters, table)


def confusion_lines(report: JudgeReport) -> list[list[str]]:
    """The confusion as rows of text: shown character, then per seen character the count, then "nothing"."""
    head = ["shown", *report.characters, "nothing"]
    rows = [[who, *(f"{n:g}" if n else "." for n in np.round(row, 1))] for who, row in _rows(report)]
    return [head, *rows]


def _rows(report: JudgeReport) -> list[tuple[str, np.ndarray]]:
    return list(zip(report.characters, report.confusion, strict=True))


def print_confusion(report: JudgeReport, console: Console | None = None) -> None:
    """Print the character confusion, one line a character, never folded."""
    lines = confusion_lines(report)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    console = console or Console()
    console.print("characters on real panels")
    for first, *rest in lines:
        cells = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        console.print("  ".join([first.ljust(widths[0]), *cells]), soft_wrap=True, highlight=False)
