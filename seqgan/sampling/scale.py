"""How the cost of drawing grows with panels, frame size, batch and width: time, memory, fitted exponents.

    record = bench_scale("theatre-64")
    record["exponents"]["panels"]          # {"seconds": 0.98, ...}: seconds ~ panels^0.98

Each point is a network built afresh with the sizes of a checkpoint or preset, one of them changed; what a network has
learnt does not matter for its cost, but for one thing: how many figures a panel shows, so every slot is filled.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np
import torch

from seqgan import __version__
from seqgan.checkpoints.format import need, read_config
from seqgan.checks import nearest
from seqgan.config import from_dict
from seqgan.data.theatre.labels import LabelSpace
from seqgan.data.theatre.lexicon import shipped_lexicon
from seqgan.data.theatre.pack import CastPack
from seqgan.errors import CheckpointError, InputError
from seqgan.models.storygan import StoryGANSizes, StoryGenerator
from seqgan.presets import PRESETS
from seqgan.registry import find_model, model_folders
from seqgan.sampling.bench import STORY, WARM, cores, machine, sample_stories, timed
from seqgan.sampling.drawing import ready
from seqgan.sampling.memory import PeakMemory
from seqgan.sampling.noise import board_seeds
from seqgan.sampling.story import StorySampler
from seqgan.text.frozen import SentenceEncoder
from seqgan.text.vocab import Vocabulary

POINTS: dict[str, tuple[float, ...]] = {
    "panels": (1, 2, 4, 8, 16, 32, 64), "height": (64, 96, 128, 192, 256), "batch": (1, 2, 4, 8, 16, 32),
    "width": (0.5, 1, 1.5, 2),
}  # fmt: skip
"""Panels of a story; pixels of a frame's height; stories of one panel in one pass; times the networks' own width."""
QUICK: dict[str, tuple[float, ...]] = {"panels": (1, 4), "height": (64, 96), "batch": (1, 4), "width": (0.5, 1)}
MEASURED = ("seconds", "memory_mib")


def _sentences() -> Iterator[str]:
    """Sentences by the theatre's grammar without end, so that nothing read before is read again."""
    return (sentence for seed in count() for story in sample_stories(100, seed) for sentence in story)


@dataclass(frozen=True)
class Subject:
    """What is measured: the sizes of a network, the vocabulary and lexicon its sampler needs, what it is told."""

    name: str
    preset: str
    sizes: StoryGANSizes
    config: dict[str, Any]
    encoder: SentenceEncoder = field(default_factory=SentenceEncoder)
    sentences: Iterator[str] = field(default_factory=_sentences)


def bench_scale(
    name: str = "theatre-64", threads: int | None = None, repeats: int = 5, device: str = "auto", quick: bool = False
) -> dict[str, Any]:
    """Measure every point of every axis; medians of ``repeats`` after three warm-up rounds.

    Along `panels`, `height` and `width` a story is drawn as the editor does: text to uint8, one panel at a time (five
    panels where their number is not what changes). Along `batch`, stories of one panel go through the generator in one
    pass. The exponents are least squares in log-log; 1 is linear.

    Args:
        name: a checkpoint or a preset of stories.
        quick: two points an axis, one repeat; for a look and for tests.

    Returns:
        ``rows``: axis, value, ``seconds``, ``memory_mib`` (tensors alive at once, weights apart), ``weights_mib``;
        ``exponents``: axis -> ``seconds`` and ``memory_mib`` over all points, ``last_seconds`` and ``last_memory_mib``
        over the last two; and what was measured on what.

    Raises:
        CheckpointError: if there is no such checkpoint or preset, or it draws no stories.
        InputError: if a count is below 1.
    """
    if min(threads or 1, repeats) < 1:
        raise InputError(f"{threads} threads and {repeats} repeats came; give 1 or more of each")
    subject, repeats = find_subject(name), 1 if quick else repeats
    if threads:
        torch.set_num_threads(threads)
    subject.encoder.encode(STORY)  # loads it, once for all points
    points = QUICK if quick else POINTS
    rows = [measure(subject, axis, value, repeats, device) for axis, values in points.items() for value in values]
    return {
        "date": time.strftime("%Y-%m-%d"), "name": subject.name, "preset": subject.preset, "rows": rows,
        "exponents": {axis: _exponents([row for row in rows if row["axis"] == axis]) for axis in points},
        "device": device, "machine": machine(), "cores": cores(), "threads": torch.get_num_threads(),
        "python": platform.python_version(), "torch": torch.__version__, "seqgan": __version__,
        "protocol": f"float32, networks built afresh, all figures drawn, median of {repeats}",
    }  # fmt: skip


def find_subject(name: str) -> Subject:
    """The sizes of a checkpoint, or of a preset with the shipped theatre.

    Raises:
        CheckpointError: if there is neither of this name, or the checkpoint's config is damaged.
    """
    presets = {each.name: each for each in PRESETS if each.kind == "story"}
    if name in presets:
        lexicon, pack = shipped_lexicon(), CastPack.shipped()
        vocabulary = Vocabulary.build([[" ".join(sorted(lexicon.vocabulary))]], minimum=1)
        space = LabelSpace(tuple(pack.characters), tuple(pack.settings), tuple(pack.props))
        sizes = StoryGANSizes(len(vocabulary), *space.shape, **presets[name].settings.get("network", {}))
        config = {"vocabulary": list(vocabulary.words), "lexicon": lexicon.to_dict()}
        return Subject(name, name, sizes, config)
    if name not in model_folders() and not (Path(name) / "config.json").is_file():
        hint = nearest(name, [*presets, *model_folders()])
        raise CheckpointError(f"{name!r} is neither a checkpoint nor a preset of stories; {hint}")
    folder = find_model(name)
    config = read_config(folder)
    need(config, folder, "sizes", "vocabulary", "lexicon", "preset")
    return Subject(folder.name, config["preset"], from_dict(StoryGANSizes, config["sizes"]), config)


def measure(subject: Subject, axis: str, value: float, repeats: int, device: str = "auto") -> dict[str, Any]:
    """One point: a row of `bench_scale`. Along the width its value is the channels, not the factor."""
    sizes = changed(subject.sizes, axis, value)
    sampler = StorySampler(_crowded(StoryGenerator(sizes)), subject.config, {}, device)
    sampler.encoder = subject.encoder
    length = int(value) if axis in ("panels", "batch") else len(STORY)
    rounds = [_round(sampler, axis, list(islice(subject.sentences, length))) for _ in range(repeats + WARM + 1)]
    seconds = timed(rounds[1:])
    with PeakMemory() as memory:
        rounds[0]()
    weights = sum(each.nbytes for each in sampler.generator.state_dict().values())
    return {
        "axis": axis, "value": sizes.width if axis == "width" else int(value), "seconds": round(seconds, 5),
        "memory_mib": round(memory.peak / 2**20, 3), "weights_mib": round(weights / 2**20, 2),
    }  # fmt: skip


def changed(sizes: StoryGANSizes, axis: str, value: float) -> StoryGANSizes:
    """Sizes with another frame height (pixels, the aspect kept) or width (a factor); the other axes leave them."""
    if axis == "height":
        rows = int(value) // 16
        return replace(sizes, base=(rows, max(1, round(rows * sizes.base[1] / sizes.base[0]))))
    if axis == "width":
        names = ("start", "width", "gist", "figure")
        return replace(sizes, **{name: max(2, round(value * getattr(sizes, name))) for name in names})
    return sizes


def exponent(values: Sequence[float], costs: Sequence[float]) -> float:
    """The p of cost ~ value^p: slope of the least-squares line through the logarithms."""
    x, y = np.log(values), np.log(costs)
    return float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())


def scale_lines(record: dict[str, Any]) -> list[str]:
    """The record as a table, then the exponents."""
    lines = [f"{'axis':8}{'value':>6}{'seconds':>11}{'memory MiB':>12}{'weights MiB':>13}"]
    lines += [
        f"{row['axis']:8}{row['value']:>6}{row['seconds']:>11.4f}{row['memory_mib']:>12.2f}{row['weights_mib']:>13.1f}"
        for row in record["rows"]
    ]
    for axis, found in record["exponents"].items():
        lines += [
            f"{name} ~ {axis}^{found[what]:.2f} (last two points: {found['last_' + what]:.2f})"
            for name, what in zip(("seconds", "memory"), MEASURED, strict=True)
        ]
    return lines


def scale_rows(record: dict[str, Any]) -> list[dict[str, Any]]:
    """A flat row for every point, with what was measured on what, for `save_row`."""
    about = {key: value for key, value in record.items() if key not in ("rows", "exponents")}
    return [about | row for row in record["rows"]]


def _exponents(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Of each cost over all points, and over the last two: what is constant hides in the first, noise in the second."""
    found = {}
    for what in MEASURED:
        for name, part in ((what, rows), (f"last_{what}", rows[-2:])):
            found[name] = round(exponent([row["value"] for row in part], [row[what] for row in part]), 3)
    return found


def _round(sampler: StorySampler, axis: str, story: list[str]) -> Callable[[], object]:
    seeds = board_seeds(0, len(story))
    if axis != "batch":
        return lambda: [panel.shape for _, panel in sampler.draw(story, seeds)]
    inputs = {name: value.transpose(0, 1) for name, value in sampler.inputs(story, seeds).items()}
    return lambda: sampler.frames(inputs).cpu()


@torch.no_grad()
def _crowded(generator: StoryGenerator) -> StoryGenerator:
    """A generator ready to draw whose panels are full, whatever the text says."""
    for head in (generator.figures.present, generator.figures.prop_present):
        head.weight.zero_()
        head.bias.fill_(1.0)
    return ready(generator)
