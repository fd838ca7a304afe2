"""The sampling bench: what is timed, how a table grows, and what is refused."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from seqgan.errors import CheckpointError, InputError
from seqgan.sampling.bench import STORY, bench_sampler, cold_start, cores, machine, sample_stories, save_row, timed


def test_the_median_is_of_what_comes_after_warming_up() -> None:
    waits = [0.2, 0.2, 0.2, 0.0, 0.02, 0.3]
    assert 0.015 < timed([lambda w=w: time.sleep(w) for w in waits]) < 0.15


def test_every_round_has_other_sentences() -> None:
    stories = sample_stories(8) + sample_stories(8, seed=1)
    assert all(len(story) == len(STORY) for story in stories)
    assert len({story[2] for story in map(tuple, stories)}) == 16
    assert sample_stories(3) == sample_stories(8)[:3]


def test_the_machine_has_a_name_and_cores() -> None:
    assert "(" in machine() and cores() >= 1


def test_rows_gather_under_one_header(tmp_path: Path) -> None:
    path = tmp_path / "bench" / "sample.csv"
    for seconds in (0.1, 0.2):
        save_row({"name": "tiny", "size": [64, 112], "story_seconds": seconds}, path)
    assert path.read_text().splitlines() == ["name,size,story_seconds", "tiny,64x112,0.1", "tiny,64x112,0.2"]
    with pytest.raises(InputError, match="has other columns"):
        save_row({"name": "tiny"}, path)


def test_refusals() -> None:
    with pytest.raises(InputError, match="0 repeats"):
        bench_sampler("theatre-64", repeats=0)
    with pytest.raises(CheckpointError, match="no model 'nobody'"):
        bench_sampler("nobody")
    with pytest.raises(CheckpointError, match="could not be drawn with"):
        cold_start("nobody", "cpu", 1)
