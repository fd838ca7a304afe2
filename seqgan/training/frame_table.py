"""One table of all single-frame systems, each trained on equally many real pictures: trained, measured, written down.

    frame_table(Path("data/emoji-styles"), Path("runs/table"), images=40_000, split="test_pairs",
                damsm="runs/damsm/checkpoint", judge_damsm="runs/damsm-judge/checkpoint", judge="runs/judge/checkpoint")

A run that is there goes on where it stopped, or is left alone where it has seen enough: the same command may be started
again after an interruption, and with more images for a later table.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from seqgan.checkpoints.format import read_config
from seqgan.errors import SeqganError
from seqgan.training.frame_evaluate import evaluate_frames
from seqgan.training.table_runs import ANY, Machine, Row, add_options, machine_of, rows_named, trained, write_rows

SYSTEMS = (
    Row("GAN", "gan_small"), Row("GAN-CLS", "gan_cls_small"), Row("GAN-INT", "gan_int_small"),
    Row("GAN-CLS-INT", "gan_cls_int_small"), Row("TAC-GAN", "tac_gan_small"),
    Row("StackGAN I", "stackgan_stage1_small"),
    Row("StackGAN I+II", "stackgan_small", start="stackgan_stage1_small"), Row("StackGAN++", "stackgan_v2_small"),
    Row("AttnGAN", "attngan_small"), Row("HDGAN", "hdgan_small"),
)  # fmt: skip
"""In the order they were published."""
COMPONENTS = (
    Row("AttnGAN without DAMSM", "attngan_small", "attngan_damsm_0", changes=("training.weights.damsm=0",)),
    *(Row(f"AttnGAN, lambda {weight}", "attngan_small", f"attngan_damsm_{weight}",
          changes=(f"training.weights.damsm={weight}",)) for weight in ("0.1", "1", "10")),
    Row("AttnGAN, DAMSM at every size", "attngan_small", "attngan_damsm_all",
        changes=("training.weights.damsm_all=true",)),
    Row("AttnGAN, two stages", "attngan_small", "attngan_two_stages", changes=("network.scales=[32, 64]",)),
    Row("HDGAN, one discriminator", "hdgan_small", "hdgan_one", changes=("network.scales=[64]",)),
)  # fmt: skip
"""What the parts of AttnGAN and HDGAN do; AttnGAN's own lambda is 5."""
WHOLE = tuple(row for row in SYSTEMS if row.name in ("AttnGAN", "HDGAN"))
"""Those two as they are, which their parts stand beside."""
ROWS = (*SYSTEMS, *COMPONENTS)
REAL = "real pictures"
INTERVALS, DEVIATIONS = ("r_precision", "style_accuracy", "ranking_share"), ("kid_enlite0", "ms_ssim", "is_group")
"""Columns: figures that come with the ends of an interval, and figures that come with a standard deviation."""


def frame_table(
    data: Path, runs: Path, images: int, split: str, damsm: str, judge_damsm: str, judge: str,
    rows: Sequence[Row] = SYSTEMS, out: Path | None = None, machine: Machine = ANY, changes: Sequence[str] = (),
) -> list[dict[str, Any]]:  # fmt: skip
    """Train what is missing, measure all, and return a table's row for each of `rows` and one of the real pictures;
    `out` (CSV) keeps the rows of others. Raises as training and evaluation do."""
    table: list[dict[str, Any]] = []
    for row in rows:
        folder = trained(row, data, runs, images, [f"damsm={damsm}", *changes], machine)
        report = _measured(folder, data, split, judge_damsm, judge, machine)
        seen = read_config(folder)["images_seen"]
        table.append(table_row(row.name, report[split], seen))
        if row is rows[-1]:
            table.append(table_row(REAL, report[f"real_{split}"], None))
        if out is not None:
            write_rows(table, out, [*(each.name for each in ROWS), REAL])
    return table


def _measured(
    folder: Path, data: Path, split: str, damsm: str, judge: str, machine: Machine
) -> dict[str, dict[str, Any]]:
    report = evaluate_frames(
        folder, data, (split,), damsm=damsm, judge=judge, device=machine.device, threads=machine.threads
    )
    (folder.parent / "figures.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    return next(iter(report.values()))


def table_row(name: str, figures: dict[str, Any], images: int | None) -> dict[str, Any]:
    """A system's cells, every figure beside its spread; what it lacks is empty."""
    row: dict[str, Any] = {"system": name, "images": images}
    for figure in INTERVALS:
        row |= {column: figures.get(column) for column in (figure, f"{figure}_low", f"{figure}_high")}
    for figure in DEVIATIONS:
        row |= {column: figures.get(column) for column in (figure, f"{figure}_std")}
    row |= {column: figures.get(column) for column in ("precision_enlite0", "recall_enlite0")}
    told = {key: figures[key] for key in ("n", "captions", "seed", "data_hash")}
    return row | told | {"weights": str(figures["weights_sha256"])[:16] if images is not None else None}


def main(words: Sequence[str] | None = None) -> None:
    """The command: see `scripts/frame_table`."""
    parser = argparse.ArgumentParser(prog="frame_table", description=__doc__)
    for name in ("data", "runs", "damsm", "judge-damsm", "judge"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--images", type=int, required=True, help="real pictures that every system is trained on")
    parser.add_argument("--split", default="test_pairs")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="rows to make; default: the ten systems")
    parser.add_argument("--components", action="store_true", help="AttnGAN, HDGAN and their parts instead")
    add_options(parser)
    given = parser.parse_args(words)
    rows = rows_named(given.only, (*WHOLE, *COMPONENTS) if given.components else SYSTEMS, parser.error)
    try:
        frame_table(
            Path(given.data), Path(given.runs), given.images, given.split, given.damsm, given.judge_damsm, given.judge,
            rows, given.out, machine_of(given), given.set,
        )  # fmt: skip
    except SeqganError as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
