"""The table of equations: what it names is there, and no equation of a paper is missing."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "assets" / "guide" / "equations.md"
PAPERS = {
    "GAN-CLS": "1 2 3 4 alg. 1 5 6 a",
    "StackGAN": "1 a 2 3 4 5 6",
    "StackGAN++": "a b c d e f",
    "AttnGAN": "1 2 3 4 5 6 7 8 9 10 11 12 13 14",
    "HDGAN": "a b c d e f g",
    "TAC-GAN": "a b c d",
    "StoryGAN": "a b c d e f g h i j k",
    "GTT2V": "a b c d e f",
}
"""Paper -> its equations: numbers as printed, letters where the number was not checked."""


class Row(NamedTuple):
    """One line of the table."""

    paper: str
    number: str
    says: str
    file: str
    function: str
    test: str


def read_rows(text: str) -> list[Row]:
    """The rows of all tables, below the heading of their paper."""
    rows, paper = [], ""
    for line in text.splitlines():
        if line.startswith("## "):
            paper = line[3:].strip()
        elif line.startswith("|") and not line.startswith(("| Eq.", "| ---")):
            cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
            assert len(cells) == 5, f"{line!r} has {len(cells)} cells, expected 5"
            rows.append(Row(paper, *cells))
    return rows


@cache
def names(path: Path) -> frozenset[str]:
    """Functions, classes, methods (as Class.method) and constants of a file."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{part.name}" for part in node.body if isinstance(part, ast.FunctionDef)}
        if isinstance(node, ast.Assign):
            targets = [part for target in node.targets for part in ast.walk(target)]
            found |= {part.id for part in targets if isinstance(part, ast.Name)}
    return frozenset(found)


def missing(row: Row) -> list[str]:
    """What a row names and is not there."""
    file, (test, _, case) = ROOT / row.file, row.test.partition("::")
    wrong = [name for name in (row.file, test) if not (ROOT / name).is_file()]
    if not wrong and row.function not in names(file):
        wrong.append(f"{row.file}: {row.function}")
    if not wrong and not (case.startswith("test_") and case in names(ROOT / test)):
        wrong.append(row.test)
    return wrong


ROWS = read_rows(GUIDE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.paper} {row.number}")
def test_what_a_row_names_is_there(row: Row) -> None:
    assert missing(row) == []
    assert row.says


@pytest.mark.parametrize("paper", PAPERS)
def test_no_equation_of_a_paper_is_missing(paper: str) -> None:
    listed = dict.fromkeys(row.number for row in ROWS if row.paper == paper)
    assert list(listed) == re.findall(r"alg\. \d+|\S+", PAPERS[paper])


def test_no_paper_is_without_its_list() -> None:
    assert {row.paper for row in ROWS} == set(PAPERS)


def test_what_is_not_there_is_found() -> None:
    here = "tests/test_equations.py::test_what_is_not_there_is_found"
    good = Row("P", "1", "x", "seqgan/losses/style.py", "style_loss", here)
    assert missing(good) == []
    assert missing(good._replace(file="seqgan/losses/styles.py")) == ["seqgan/losses/styles.py"]
    assert missing(good._replace(function="style_los")) == ["seqgan/losses/style.py: style_los"]
    assert missing(good._replace(test="tests/test_equations.py::test_nothing")) == [
        "tests/test_equations.py::test_nothing"
    ]
    assert missing(good._replace(test="tests/test_equations.py::missing")) == ["tests/test_equations.py::missing"]
