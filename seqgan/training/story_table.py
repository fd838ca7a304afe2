"""One table of story systems of sentence vectors, each trained on equally many panels of one data set and measured.

    story_table(Path("data/clevr-sv"), Path("runs/stories"), images=240_000, judge="runs/judge/checkpoint",
                out=Path("stories.csv"))

All draw the same stories from the same seeds and are held against one reference; the first of the rows is what the
others are compared with, by differences with paired intervals over stories. A run that is there goes on where it
stopped, or is left alone where it has seen enough: the same command may be started again after an interruption.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import torch

from seqgan.checkpoints.format import read_config
from seqgan.errors import SeqganError
from seqgan.sampling.drawing import device_named
from seqgan.training.sequence_compare import Comparison
from seqgan.training.sequence_evaluate import ITSELF, STORIES, drawn_by, find_judge
from seqgan.training.sequence_figures import METRICS, Figures, Reference
from seqgan.training.sequence_systems import system_of
from seqgan.training.table_runs import (
    ANY,
    Machine,
    Row,
    add_options,
    interval_cells,
    machine_of,
    rows_named,
    trained,
    write_rows,
)

SYSTEMS = (
    Row("StoryGAN", "storygan_small"), Row("ImageGAN", "imagegan_small"), Row("SVC", "svc_small"),
    Row("SVFN", "svfn_small"),
)  # fmt: skip
"""StoryGAN, which the others are compared with, and its baselines."""


def _ablation(name: str, folder: str, *changes: str) -> Row:
    return Row(f"StoryGAN, {name}", "storygan_small", f"storygan_{folder}", changes=changes)


COMPONENTS = (
    _ablation("no story discriminator", "no_story_critic", "training.story_critic=false"),
    _ablation("no frame discriminator", "no_frame_critic", "training.frame_critic=false"),
    _ablation("nothing scaled", "no_scales", "network.scales=false"),
    _ablation("frames of HDGAN", "hdgan", "network.frame=hdgan", "network.start=128"),
    _ablation("frames of AttnGAN", "attngan", "network.frame=attngan", "network.start=128"),
    _ablation("a contrast", "contrast", "training.weights.contrast=0.2"),
    _ablation("clusters", "clusters", "training.clusters=64", "training.weights.clusters=0.2"),
    _ablation("frames gated by their figures", "gate", "network.gate=true", "training.weights.figure=1"),
)
"""What the parts of StoryGAN do: global against local consistency, sentences that are not heard again where detail is
drawn, the frame generators behind it, near in size, panels that are to find their sentences, panels that are to be of
their cluster, and frames that know figure from ground."""
ROWS = (*SYSTEMS, *COMPONENTS)
EMPTY, TRUE = "empty stage", "true stories"
"""The median training frame in place of each panel, and what the same networks say of the true ones."""
ORDER = (*(row.name for row in ROWS), EMPTY, TRUE)


@dataclass(frozen=True)
class Measured:
    """A system's drawn stories (S, T, H, W, 3) and figures; panels it learnt from and its weights, where it learns."""

    name: str
    drawn: np.ndarray
    figures: Figures
    images: int | None = None
    weights: str = ""


def story_table(
    data: Path, runs: Path, images: int, rows: Sequence[Row] = SYSTEMS, split: str = "test", judge: str = "",
    n: int = STORIES, seed: int = 0, metrics: Sequence[str] = METRICS, out: Path | None = None,
    machine: Machine = ANY, changes: Sequence[str] = (),
) -> list[dict[str, Any]]:  # fmt: skip
    """Train what is missing, measure all, and return a line for each figure of each of `rows`, of the true stories and
    of the empty stage; `out` (CSV) keeps the lines of others. `changes` are made to all. Raises as training and
    evaluation do."""
    device = str(device_named(machine.device))
    if machine.threads:
        torch.set_num_threads(machine.threads)
    reference = Reference.open(data, split, n, metrics, find_judge(judge, data, (split,), device), seed, device)
    of_rows = (_measured(row.name, trained(row, data, runs, images, changes, machine), reference) for row in rows)
    first, table = None, list[dict[str, Any]]()
    for measured in chain(of_rows, _bounds(reference)):
        first = first or measured
        table += lines(measured, first, reference)
        if out is not None:
            write_rows(table, out, ORDER)
    return table


def _measured(name: str, folder: Path, reference: Reference) -> Measured:
    system = system_of(str(folder), reference.data, reference.device)
    drawn = drawn_by(system, reference)
    seen, weights = read_config(folder)["images_seen"], str(system.info["weights_sha256"])[:16]
    return Measured(name, drawn, reference.figures(drawn), seen, weights)


def _bounds(reference: Reference) -> Iterator[Measured]:
    """What sees no sentence, and what nothing can be better than."""
    yield Measured(EMPTY, reference.empty, reference.figures(reference.empty))
    of_truth = reference.figures(reference.truth)
    yield Measured(TRUE, reference.truth, {name: each for name, each in of_truth.items() if name not in ITSELF})


def lines(measured: Measured, first: Measured, reference: Reference) -> list[dict[str, Any]]:
    """A line a figure: its value and interval, and how much more it is than that of the first system on the same
    stories; empty for the first itself."""
    kept = tuple({name: each.figures[name] for name in measured.figures} for each in (first, measured))
    pair = Comparison(reference, (first.name, measured.name), kept, (first.drawn, measured.drawn))
    values, gaps = pair.intervals(), {} if measured is first else pair.differences()
    told = {
        "images": measured.images, "n": len(reference.stories), "seed": reference.seed,
        "data_hash": reference.data.about["hash"], "weights": measured.weights, "against": first.weights,
        "judge": reference.judge.info["weights_sha256"][:16] if reference.judge else "",
    }  # fmt: skip
    return [
        {"system": measured.name, "figure": name, **interval_cells("value", each[1]),
         **interval_cells("more", *gaps.get(name, ())), **told}
        for name, each in values.items()
    ]  # fmt: skip


def chosen(names: Sequence[str] | None, components: bool, wrong: Callable[[str], Any]) -> list[Row]:
    """Rows by name, or all of the systems or of the components: what is compared with always stands first."""
    wanted = rows_named(names, ROWS if names else COMPONENTS if components else SYSTEMS, wrong)
    return [SYSTEMS[0], *(row for row in wanted if row is not SYSTEMS[0])]


def main(words: Sequence[str] | None = None) -> None:
    """The command: see `scripts/story_table`."""
    parser = argparse.ArgumentParser(prog="story_table", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--images", type=int, required=True, help="panels that every system is trained on")
    parser.add_argument("--judge", default="", help="of seqgan train story_judge; without one no labels are measured")
    parser.add_argument("--split", default="test")
    parser.add_argument("--n", type=int, default=STORIES, help="stories that are drawn")
    parser.add_argument("--seed", type=int, default=0, help="board seed of the drawn stories")
    parser.add_argument("--metrics", default=",".join(METRICS))
    parser.add_argument("--only", nargs="*", metavar="NAME", help="rows to make; default: the four systems")
    parser.add_argument("--components", action="store_true", help="the parts of StoryGAN instead")
    add_options(parser)
    given = parser.parse_args(words)
    rows = chosen(given.only, given.components, parser.error)
    try:
        story_table(
            given.data, given.runs, given.images, rows, given.split, given.judge, given.n, given.seed,
            tuple(given.metrics.split(",")), given.out, machine_of(given), given.set,
        )  # fmt: skip
    except SeqganError as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
