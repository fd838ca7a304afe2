"""The commands that prepare clips."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from seqgan.cli.main import run
from tests.fixtures.make_art import make_art
from tests.fixtures.make_digits import make_digits


@pytest.mark.parametrize(("name", "words", "counts"), [("fluent-scenes", ["--scenes", "3"], {"train": 3}),
                                                       ("fluent-motion", [], {"train": 2})])  # fmt: skip
def test_fluent_clips(
    name: str, words: list[str], counts: dict[str, int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_art(tmp_path / "sources", {"1f3c3": ("person running", 1), "1f40e": ("horse", 3)})
    command = ["data", "prepare", name, "--from", str(tmp_path / "sources"), "--frames", "2", "--size", "16", *words]
    assert run([*command, "--workers", "1", "-o", str(tmp_path / "set"), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["counts"], record["size"], record["frames"]) == (counts, [16, 16], 2)
    assert run(["data", "check", str(tmp_path / "set")]) == 0


def test_digits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_digits(tmp_path / "sources" / "mnist-5k", 10)
    words = ["data", "prepare", "digits", "--from", str(tmp_path / "sources"), "--clips", "train=3,test_cells=2"]
    assert run([*words, "--motions", "six", "--digits", "2", "-o", str(tmp_path / "set"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"] == {"train": 3, "test_cells": 2}
    assert run(["data", "prepare", "digits", "--from", str(tmp_path), "-o", str(tmp_path / "other")]) == 1
    assert "seqgan data fetch mnist-5k" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["fluent-scenes", "fluent-motion", "digits"])
def test_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", "prepare", name, "--help"]) == 0
    assert "--frames" in capsys.readouterr().out
