"""The table of what the released StoryGANs do otherwise: every point has a decision, a switch that is there, a test."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from seqgan.models.story_parts import StoryQuirks
from seqgan.training.tasks.storygan_settings import StoryGANTraining
from tests.test_equations import ROOT, names

GUIDE = ROOT / "assets" / "guide" / "quirks.md"
ROWS = [[cell.strip() for cell in line.strip("|").split("|")]
        for line in GUIDE.read_text(encoding="utf-8").splitlines() if line.startswith("| Q")]  # fmt: skip
SWITCHES = {each.name for each in fields(StoryQuirks)}


def test_no_point_is_missing() -> None:
    assert [row[0] for row in ROWS] == [f"Q{number}" for number in range(1, 19)]
    assert all(len(row) == 5 and all(row) for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_its_test_and_its_switch_are_there(row: list[str]) -> None:
    file, _, case = row[4].strip("`").partition("::")
    assert case.startswith("test_") and (ROOT / file).is_file() and case in names(ROOT / file)
    known = SWITCHES | {each.name for each in fields(StoryGANTraining)}
    named = re.findall(r"switch `(\w+)`", row[3])
    assert set(named) <= known and (named or row[3].startswith(("fixed: ", "both cells: ")))


def test_every_switch_is_told() -> None:
    assert {name for row in ROWS for name in re.findall(r"switch `(\w+)`", row[3])} == {*SWITCHES, "shifted_pairs"}
