"""The command that draws a garden."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from seqgan.cli.main import run
from seqgan.cli.options import read_counts


def test_a_garden_is_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["data", "prepare", "garden", "--pictures", "train=3,test=2", "--size", "16", "--seed", "2"]
    assert run([*words, "--workers", "1", "-o", str(tmp_path / "garden"), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["counts"], record["size"], record["seed"]) == ({"train": 3, "test": 2}, [16, 16], 2)
    assert len(list((tmp_path / "garden").rglob("*.png"))) == 5


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", "prepare", "garden", "--help"]) == 0
    assert "--pictures" in capsys.readouterr().out


def test_counts_are_read() -> None:
    assert read_counts("1000", "--pictures", "6000") == 1000
    assert read_counts("train=900, test=100", "--pictures", "6000") == {"train": 900, "test": 100}
    for wrong in ("many", "train=few", "train"):
        with pytest.raises(typer.BadParameter, match=f'--stories "{wrong}" is no count; write 10000'):
            read_counts(wrong, "--stories", "10000")


def test_unknown_splits_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", "prepare", "garden", "--pictures", "dev=3", "-o", str(tmp_path / "garden")]) == 1
    assert "'dev'" in capsys.readouterr().err
