"""What tables of trained systems share: a row is a preset and a run folder, and a CSV keeps the rows of others."""

from __future__ import annotations

import csv
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from seqgan.checkpoints.format import read_config
from seqgan.checks import nearest
from seqgan.errors import TrainingError
from seqgan.metrics.bootstrap import Interval
from seqgan.training.train import run_training


class Row(NamedTuple):
    """A row to train: its name, preset and run folder, the run it starts from, and settings that differ."""

    name: str
    preset: str
    folder: str = ""
    start: str = ""
    changes: tuple[str, ...] = ()

    @property
    def run(self) -> str:
        """The run folder below that of all runs."""
        return self.folder or self.preset


class Machine(NamedTuple):
    """What a table is made on, as `seqgan.training.train.run_training` takes it."""

    device: str = "auto"
    precision: str = "auto"
    threads: int | None = None
    compiled: bool = False


ANY = Machine()


def add_options(parser: ArgumentParser) -> None:
    """What every table's command asks besides its own: changes to all rows, where the table goes, the machine."""
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE", help="changes made to all rows")
    parser.add_argument("--out", type=Path, help="CSV; rows of others in it are kept")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--precision", default="auto")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--compile", action="store_true", help="compile the convolutions that train")


def machine_of(given: Namespace) -> Machine:
    """The machine that `add_options` asked for."""
    return Machine(given.device, given.precision, given.threads, given.compile)


def rows_named(names: Sequence[str] | None, rows: Sequence[Row], wrong: Callable[[str], Any]) -> list[Row]:
    """Those of `rows` with these names, or all; what has no row is told to `wrong`, with the nearest name."""
    known = [row.name for row in rows]
    if unknown := sorted(set(names or ()) - set(known)):
        wrong(f"no row {unknown[0]!r}; {nearest(unknown[0], known)}")
    return [row for row in rows if not names or row.name in names]


def trained(row: Row, data: Path, runs: Path, images: int, changes: Sequence[str], machine: Machine) -> Path:
    """The checkpoint folder of a row that has seen so many pictures: made, gone on with, or left alone where it has.
    Raises as training does, and TrainingError where it was stopped before."""
    folder = runs / row.run / "checkpoint"
    if (folder / "config.json").is_file() and read_config(folder).get("images_seen", 0) >= images:
        return folder
    made = run_training(
        row.preset, data, runs / row.run, init=runs / row.start / "checkpoint" if row.start else None,
        changes=[*changes, *row.changes], max_images=images, **machine._asdict(),
    )  # fmt: skip
    if (seen := read_config(made)["images_seen"]) < images:  # asked to stop: an unfinished row is no row of the table
        raise TrainingError(f"{row.name} was stopped after {seen} of {images} pictures; the same command goes on")
    return made


def interval_cells(name: str, each: Interval | None = None) -> dict[str, float | None]:
    """An interval in three cells, empty without one."""
    found = (None, None, None) if each is None else tuple(round(end, 5) for end in each)
    return dict(zip((name, f"{name}_low", f"{name}_high"), found, strict=True))


def write_rows(rows: Sequence[dict[str, Any]], path: Path, order: Sequence[str]) -> None:
    """Write lines into a CSV, in place of those of the same systems, systems in the order of their names."""
    made = {row["system"] for row in rows}
    kept = [row for row in read_rows(path) if row["system"] not in made]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted([*kept, *rows], key=lambda row: order.index(row["system"])))


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The lines of a table, [] where there is none."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
