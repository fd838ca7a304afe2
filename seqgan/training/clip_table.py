"""One table of clip systems, each trained on equally many clips of one data set and measured.

    clip_table(Path("data/scenes"), Path("runs/clips"), images=40_000, gists=200_000, judges=["runs/judge/checkpoint"],
               out=Path("clips.csv"))

All draw one caption of every held-out cell, the same ones from the same seeds, and are held against one reference.
Shares of right names are compared by differences with paired intervals over cells: with T2V, the full system (`more`),
and with the row before (`step`), for each row lacks something that the one before it has. A run that is there goes on
where it stopped, or is left alone where it has seen enough: the same command may be started again.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from seqgan.checkpoints.format import read_config, weights_hash
from seqgan.errors import DataError, SeqganError
from seqgan.metrics.bootstrap import Interval
from seqgan.metrics.clips import cell_difference
from seqgan.sampling.clip import ClipSampler
from seqgan.sampling.drawing import device_named
from seqgan.training.clip_evaluate import pooled, real_figures, system_figures
from seqgan.training.clip_reference import ClipReference, Look, find_clip_judges
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

GIST = Row("CVAE alone", "gist_cvae")
"""The gist that stands still: it learns from first frames, and T2V and GT2V start from it."""
ROWS = (
    Row("T2V", "t2v", start=GIST.run), Row("GT2V", "gt2v", start=GIST.run), Row("PT2V", "pt2v"), Row("DT2V", "dt2v"),
    GIST,
)  # fmt: skip
"""The full system, which the others are compared with, its ablations, and the gist alone."""
IN_SET = "In-set"
"""The row of the real clips."""
ORDER = (*(row.name for row in ROWS), IN_SET)
TAKES = 5
"""Seeds that each caption is drawn from."""
CELL = "_cell_accuracy"
"""What figures end in whose differences are paired."""


@dataclass(frozen=True)
class Measured:
    """A system's takes and figures; clips it learnt from and its weights, where it learns."""

    name: str
    takes: list[Look]
    figures: dict[str, Any]
    images: int | None = None
    weights: str = ""


@dataclass(frozen=True)
class Rival:
    """What a system is compared with: the first of the table, and the one before it."""

    first: Measured | None = None
    before: Measured | None = None


def clip_table(
    data: Path, runs: Path, images: int, gists: int, judges: Sequence[str], rows: Sequence[Row] = ROWS,
    split: str = "test", n: int | None = None, seed: int = 0, out: Path | None = None, machine: Machine = ANY,
    changes: Sequence[str] = (),
) -> list[dict[str, Any]]:  # fmt: skip
    """Train what is missing, on `images` clips, of the gist on `gists` first frames; measure all on `n` cells (default:
    all), and return a line for each figure of each of `rows`, and of the real clips; every judge's names count alike.
    `out` (CSV) keeps the lines of others. `changes` are made to all. Raises as training and evaluation do."""
    device = str(device_named(machine.device))
    if machine.threads:
        torch.set_num_threads(machine.threads)
    seers = find_clip_judges(judges, data, (split,), device)
    reference, rival, table = None, Rival(), list[dict[str, Any]]()
    for row in rows:
        if row.start:
            trained(GIST, data, runs, gists, changes, machine)
        folder = trained(row, data, runs, gists if row is GIST else images, changes, machine)
        sampler = ClipSampler.load(folder, device)
        sizes = sampler.sizes
        reference = reference or ClipReference.open(data, split, n, seers, sizes.frames, sizes.size, seed, by_cell=True)
        measured = _measured(row.name, folder, sampler, reference)
        table += lines(measured, rival, reference)
        rival = Rival(rival.first or measured, measured)
        _write(table, out)
    if reference is None:
        raise DataError("no row was asked for; name one at least")
    truth = [reference.truth] * TAKES
    table += lines(Measured(IN_SET, truth, real_figures(reference)), Rival(rival.first), reference)
    _write(table, out)
    return table


def _measured(name: str, folder: Path, sampler: ClipSampler, reference: ClipReference) -> Measured:
    if (sampler.sizes.frames, sampler.sizes.size) != (reference.frames, reference.size):
        raise DataError(f"{name} draws {sampler.sizes.frames} frames of {sampler.sizes.size}, those before it "
                        f"{reference.frames} of {reference.size}; train all rows alike")  # fmt: skip
    takes = list(reference.takes(sampler, TAKES))
    seen = read_config(folder)["images_seen"]
    return Measured(name, takes, system_figures(reference, takes), seen, weights_hash(folder)[:16])


def lines(measured: Measured, rival: Rival, reference: ClipReference) -> list[dict[str, Any]]:
    """A line a figure: its value and interval; of shares of right names by cells also how much more it is than those it
    is compared with, on the same clips."""
    figures, told = measured.figures, {
        "images": measured.images, "n": len(reference.clips), "takes": TAKES, "seed": reference.seed,
        "data_hash": reference.data.about["hash"], "weights": measured.weights,
        "judges": " ".join(judge.info["weights_sha256"][:16] for judge in reference.judges),
    }  # fmt: skip
    plain = [name for name in figures if isinstance(figures[name], float) and not name.endswith(("_low", "_high"))]
    return [
        {"system": measured.name, "figure": name, **_value(figures, name),
         **interval_cells("more", *_more(measured, rival.first, reference, name)),
         **interval_cells("step", *_more(measured, rival.before, reference, name)), **told}
        for name in plain
    ]  # fmt: skip


def _value(figures: dict[str, Any], name: str) -> dict[str, float | None]:
    """A figure with its interval, where it has one."""
    if f"{name}_low" in figures:
        return interval_cells("value", Interval(figures[name], figures[f"{name}_low"], figures[f"{name}_high"]))
    return interval_cells("value") | {"value": round(figures[name], 5)}


def _more(measured: Measured, other: Measured | None, reference: ClipReference, name: str) -> list[Interval]:
    """How much more often names are right than those of another, where there is one and this is such a figure."""
    if other is None or not name.endswith(CELL):
        return []
    group = name.removesuffix(CELL)
    ours, theirs = (pooled(reference, group, [take.names[group] for take in each.takes]) for each in (measured, other))
    return [cell_difference(ours[0] == ours[1], theirs[0] == theirs[1], ours[2])]


def _write(table: Sequence[dict[str, Any]], out: Path | None) -> None:
    if out is not None:
        write_rows(table, out, ORDER)


def chosen(names: Sequence[str] | None, wrong: Callable[[str], Any]) -> list[Row]:
    """Rows by name, or all: what is compared with always stands first."""
    return [ROWS[0], *(row for row in rows_named(names, ROWS, wrong) if row is not ROWS[0])]


def main(words: Sequence[str] | None = None) -> None:
    """The command: see `scripts/clip_table`."""
    parser = argparse.ArgumentParser(prog="clip_table", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--images", type=int, required=True, help="clips that every system is trained on")
    parser.add_argument("--gists", type=int, required=True, help="first frames that the gist is trained on before")
    parser.add_argument("--judge", nargs="+", required=True, help="of seqgan train clip_judge; several count alike")
    parser.add_argument("--split", default="test")
    parser.add_argument("--n", type=int, help="cells of which a caption is drawn; default: all of the split")
    parser.add_argument("--seed", type=int, default=0, help="board seed of the drawn clips")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="rows to make; default: all")
    add_options(parser)
    given = parser.parse_args(words)
    try:
        clip_table(
            given.data, given.runs, given.images, given.gists, given.judge, chosen(given.only, parser.error),
            given.split, given.n, given.seed, given.out, machine_of(given), given.set,
        )  # fmt: skip
    except SeqganError as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
