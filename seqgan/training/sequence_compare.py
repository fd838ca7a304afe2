"""`seqgan compare`: systems on the same stories from the same seeds, side by side in one self-contained HTML file.

The first system is what the others are compared with: their differences have paired 95 % intervals over stories.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from PIL import Image

from seqgan.data.sequences import SequenceData
from seqgan.errors import ConfigError
from seqgan.metrics.bootstrap import Interval
from seqgan.metrics.story_figures import figure_interval, paired_interval
from seqgan.training.sequence_evaluate import STORIES, drawn_by, find_judge, origin
from seqgan.training.sequence_figures import METRICS, Figures, Reference
from seqgan.training.sequence_systems import DrawsStories

SHOWN = 12
STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #1c1c1a; background: #fbfaf7; margin: 2rem auto; max-width: 76rem;
       padding: 0 1rem }
table { border-collapse: collapse } th, td { padding: .25rem .7rem; text-align: right; border-bottom: 1px solid #ddd }
th:first-child, td:first-child { text-align: left } small { color: #666 } .better { color: #0a6b2d; font-weight: 600 }
.worse { color: #a3201a; font-weight: 600 } figure { margin: 0 0 .4rem } figcaption { font-size: 13px; color: #555 }
img { image-rendering: pixelated; width: 100%; max-width: 36rem; display: block } ol { margin: .3rem 0 .6rem 1.2rem }
section { border-top: 1px solid #ccc; padding: 1rem 0 } .scroll { overflow-x: auto }
@media (prefers-color-scheme: dark) { body { color: #eceae4; background: #191918 } small, figcaption { color: #aaa }
  .better { color: #6fd08c } .worse { color: #ff8d85 } th, td { border-color: #444 } }
"""


@dataclass(frozen=True)
class Comparison:
    """Named figures and drawn stories (S, T, H, W, 3) of systems, on what they are all held against."""

    reference: Reference
    names: tuple[str, ...]
    figures: tuple[Figures, ...]
    drawn: tuple[np.ndarray, ...]

    def intervals(self) -> dict[str, list[Interval]]:
        """Figure -> the value of every system with its interval."""
        count = len(self.reference.stories)
        return {name: [figure_interval(each[name], count) for each in self.figures] for name in self.figures[0]}

    def differences(self) -> dict[str, list[Interval]]:
        """Figure -> every further system minus the first, over the same stories drawn in pairs."""
        count, first = len(self.reference.stories), self.figures[0]
        return {name: [paired_interval(each[name], first[name], count) for each in self.figures[1:]] for name in first}


def compare(
    names: Sequence[str], load: Callable[[str, SequenceData], DrawsStories], folder: Path, split: str = "test",
    n: int = STORIES, seed: int = 0, metrics: Sequence[str] = METRICS, judge: str = "", device: str = "cpu",
) -> Comparison:  # fmt: skip
    """Draw the same stories with every system and measure them. Raises as `evaluate_sequences` does, and ConfigError
    for fewer than two systems."""
    if len(names) < 2:
        raise ConfigError(f"{len(names)} systems came; a comparison needs two or more")
    reference = Reference.open(folder, split, n, metrics or METRICS, find_judge(judge, folder, (split,), device), seed,
                               device)  # fmt: skip
    drawn = [drawn_by(load(name, reference.data), reference) for name in names]
    return Comparison(reference, titles(names), tuple(reference.figures(each) for each in drawn), tuple(drawn))


def titles(names: Sequence[str]) -> tuple[str, ...]:
    """Names as short as tells them apart: the last part of a path, but "checkpoint" says nothing."""
    short = [Path(name).parent.name if Path(name).name == "checkpoint" else Path(name).name for name in names]
    return tuple(short) if len(set(short)) == len(names) else tuple(names)


def write_comparison(comparison: Comparison, path: Path, shown: int = SHOWN) -> None:
    """The report as one HTML file that needs nothing beside it, with `shown` stories spread evenly over the split."""
    reference = comparison.reference
    known, split = origin(reference), reference.data.records[0]["split"]
    title = escape(f"{reference.data.about['name']}, {split}: {', '.join(comparison.names)}")
    rows = np.unique(np.linspace(0, len(reference.stories) - 1, min(shown, len(reference.stories))).astype(int))
    stories = "".join(_story(comparison, int(row)) for row in rows)
    text = f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{title}</title><style>{STYLE}</style></head>
<body><h1>{title}</h1>
<p>{known["n"]} stories, {known["panels"]} panels, board seed {known["seed"]}, data {known["data_hash"][:16]}.</p>
<div class="scroll">{_table(comparison)}</div>
<p><small>{escape(known["protocol"])}</small></p>
<h2>The same stories, the same seeds</h2>{stories}</body></html>
"""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _table(comparison: Comparison) -> str:
    """Figures down; systems across, then what the others have more than the first; an empty stage at the end."""
    first, *others = map(escape, comparison.names)
    heads = [first, *others, *(f"{name} - {first}" for name in others), "empty stage"]
    rows, every = [], np.arange(len(comparison.reference.stories))
    empty, gaps = comparison.reference.figures(comparison.reference.empty), comparison.differences()
    for name, values in comparison.intervals().items():
        up = comparison.figures[0][name].up
        cells = [_cell(each) for each in values] + [_cell(each, _mark(each, up)) for each in gaps[name]]
        rows.append(f"<tr><td>{name}</td>{''.join(cells)}<td>{empty[name].of(every):.4f}</td></tr>")
    return f"<table><tr><th>figure</th>{''.join(f'<th>{head}</th>' for head in heads)}</tr>{''.join(rows)}</table>"


def _cell(each: Interval, mark: str = "") -> str:
    return f'<td class="{mark}">{each.value:.4f}<br><small>{each.low:.4f} to {each.high:.4f}</small></td>'


def _mark(gap: Interval, up: bool) -> str:
    """Told apart or not: an interval without 0."""
    if gap.low > 0 or gap.high < 0:
        return "better" if (gap.low > 0) == up else "worse"
    return ""


def _story(comparison: Comparison, row: int) -> str:
    reference = comparison.reference
    record = reference.data.records[reference.stories[row]]
    lines = "".join(f"<li>{escape(text)}</li>" for text in reference.texts[row])
    boards = [("true", reference.truth[row]), *zip(comparison.names, (each[row] for each in comparison.drawn),
                                                   strict=True)]  # fmt: skip
    pictures = "".join(
        f'<figure><figcaption>{escape(name)}</figcaption><img alt="{escape(name)}" src="{data_uri(board)}"></figure>'
        for name, board in boards
    )
    return f"<section><h3>{escape(str(record['id']))}</h3><ol>{lines}</ol>{pictures}</section>"


def board_png(board: np.ndarray, gap: int = 2) -> bytes:
    """Panels (T, H, W, 3) side by side with white between them, as a PNG that tells nothing else."""
    padded = np.pad(board, ((0, 0), (0, 0), (0, gap), (0, 0)), constant_values=255)
    row = padded.swapaxes(0, 1).reshape(board.shape[1], -1, 3)[:, :-gap]
    buffer = io.BytesIO()
    Image.fromarray(row).save(buffer, "PNG")
    return buffer.getvalue()


def data_uri(board: np.ndarray) -> str:
    """The same for a page."""
    return "data:image/png;base64," + base64.b64encode(board_png(board)).decode()
