"""Reports of figures: {data set: {split: {figure: value, ..., "n", "seed", "data_hash", "protocol"}}}, as eval.json."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from seqgan.errors import DataError

Report = dict[str, dict[str, dict[str, Any]]]


@contextmanager
def drawing_bar(split: str, quiet: bool = False, total: int | None = None) -> Iterator[Callable[[int], object]]:
    """Show a progress bar of what is drawn of a split, silent where `quiet`; gives what is to hear of each further one.

    total: how many are to be drawn, None where that shows on the way.
    """
    columns = (TextColumn(f"drawing {split}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, disable=quiet) as progress:
        line = progress.add_task(split, total=total)
        yield lambda count: progress.advance(line, count)


def rounded(found: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Five digits are more than the panels can tell; what could not be measured (nan) becomes None, null in JSON."""
    return {split: {name: _plain(value) for name, value in figures.items()} for split, figures in found.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 5)
    return value


def read_report(path: Path) -> Report:
    """A report, {} where there is no file. Raises DataError for one that is no JSON table."""
    if not path.is_file():
        return {}
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{path} is not JSON ({error}); move it away and evaluate again") from error
    if not isinstance(report, dict):
        raise DataError(f"{path} holds a {type(report).__name__}, expected a table; move it away and evaluate again")
    return report


def write_report(report: Report, path: Path) -> None:
    """Write a report, joined with what the file already says of other data sets and splits."""
    joined = read_report(path)
    for name, splits in report.items():
        joined[name] = {**joined.get(name, {}), **splits}
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.tmp")
    temporary.write_text(json.dumps(joined, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    temporary.replace(path)


def figure_rows(splits: dict[str, dict[str, Any]]) -> list[list[str]]:
    """A row a figure: its name, then what each split says, "-" where it says nothing; texts and tables are left out."""
    names = dict.fromkeys(name for figures in splits.values() for name in figures)
    plain = [
        name for name in names if not any(isinstance(figures.get(name), (str, dict)) for figures in splits.values())
    ]
    return [[name, *(_shown(figures.get(name)) for figures in splits.values())] for name in plain]


def _shown(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.4f}" if isinstance(value, float) else f"{value:,}"


def print_report(report: Report, console: Console | None = None) -> None:
    """A table a data set, figures down and splits across, and the protocol."""
    console = console or Console()
    for name, splits in report.items():
        table = Table(title=name)
        table.add_column("figure", no_wrap=True, overflow="fold")
        for split in splits:
            table.add_column(split, justify="right")
        for row in figure_rows(splits):
            table.add_row(*row)
        console.print(table)
        console.print(next(iter(splits.values()))["protocol"], style="dim")
