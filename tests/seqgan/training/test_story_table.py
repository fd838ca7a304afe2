"""The table of story systems: what is missing is trained, all are held against one reference, the first beside all."""

from __future__ import annotations

from pathlib import Path

import pytest

from seqgan.errors import TrainingError
from seqgan.presets import preset
from seqgan.registry import build
from seqgan.training.story_table import COMPONENTS, EMPTY, ROWS, SYSTEMS, TRUE, chosen, main, story_table
from seqgan.training.table_runs import Machine, Row, read_rows, trained, write_rows
from seqgan.training.train import resolve

SMALL = [
    "network.width=2", "network.d_width=2", "network.start=8", "network.channels=4", "network.maps=2",
    "network.hidden=8", "training.batch=4", "loop={log_every: 8, sheet_every: 100000, save_every: 100000}",
]  # fmt: skip
CPU = Machine("cpu", "float32", 1)


def test_the_table_trains_what_is_missing(
    sequences: Path, story_judge: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs, out = tmp_path / "runs", tmp_path / "made" / "t.csv"

    def make(images: int, rows: tuple[Row, ...]) -> list[dict[str, object]]:
        judge, metrics = str(story_judge), ("ssim", "labels")
        return story_table(sequences, runs, images, rows, "test", judge, 8, 0, metrics, out, CPU, SMALL)

    table = make(12, SYSTEMS[:1])
    figures = [str(line["figure"]) for line in table if line["system"] == "StoryGAN"]
    assert {"ssim", "object_ssim", "character_f1", "frame_accuracy", "carried_characters"} <= set(figures)
    assert all(line["more"] is None and line["images"] == 12 for line in table[: len(figures)])
    make(12, (SYSTEMS[0], COMPONENTS[0]))
    lines = read_rows(out)
    assert list(dict.fromkeys(line["system"] for line in lines)) == ["StoryGAN", COMPONENTS[0].name, EMPTY, TRUE]
    known = {(line["system"], line["figure"]): line for line in lines}
    assert (TRUE, "ssim") not in known and float(known[TRUE, "character_f1"]["value"]) > 0.5
    for system in (COMPONENTS[0].name, EMPTY):
        ours, theirs = known[system, "ssim"], known["StoryGAN", "ssim"]
        gap = float(ours["value"]) - float(theirs["value"])
        assert float(ours["more"]) == pytest.approx(gap, abs=2e-5)
        assert float(ours["more_low"]) <= float(ours["more"]) <= float(ours["more_high"])
        assert ours["against"] == theirs["weights"] != ours["weights"]
    monkeypatch.setattr("seqgan.training.table_runs.run_training", None)  # enough was seen: nothing is trained
    again = make(12, (SYSTEMS[0], COMPONENTS[0]))
    assert [line["value"] for line in again] == pytest.approx([float(line["value"]) for line in lines], nan_ok=True)


def test_a_run_goes_on_with_more_images(sequences: Path, tmp_path: Path) -> None:
    first = trained(SYSTEMS[1], sequences, tmp_path, 12, SMALL, CPU)
    assert trained(SYSTEMS[1], sequences, tmp_path, 24, SMALL, CPU) == first
    assert '"images_seen": 24' in (first / "config.json").read_text(encoding="utf-8")


def test_a_row_that_was_stopped_is_none(
    sequences: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    early = trained(SYSTEMS[1], sequences, tmp_path, 12, SMALL, CPU)
    monkeypatch.setattr("seqgan.training.table_runs.run_training", lambda *given, **more: early)
    with pytest.raises(TrainingError, match="ImageGAN was stopped after 12 of 24 pictures; the same command goes on"):
        trained(SYSTEMS[1], sequences, tmp_path, 24, SMALL, CPU)
    with pytest.raises(SystemExit, match="1"):
        main(["--data", str(sequences), "--runs", str(tmp_path), "--images", "24", "--only", "StoryGAN"])
    assert "StoryGAN was stopped after 12" in capsys.readouterr().err


def test_every_row_is_a_recipe_of_its_own() -> None:
    assert len({row.name for row in ROWS}) == len({row.run for row in ROWS}) == len(ROWS)
    kinds = [resolve(preset(row.preset), row.changes) for row in ROWS]
    assert all(options.family == "storygan_paper" for options in kinds)
    assert len({str(options) for options in kinds}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_no_generator_has_more_than_five_million_parameters(row: Row) -> None:
    options = resolve(preset(row.preset), row.changes)
    sizes = {"text": 512, "labels": 16, "panels": 5, **options.network}
    assert sum(weight.numel() for weight in build(options.family, sizes).parameters()) <= 5_000_000


def test_what_is_compared_with_stands_first(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = pytest.fail
    assert chosen(None, False, wrong) == list(SYSTEMS)
    assert chosen(None, True, wrong) == [SYSTEMS[0], *COMPONENTS]
    assert chosen(["SVFN", "StoryGAN"], False, wrong) == [SYSTEMS[0], SYSTEMS[3]]
    assert chosen(["SVC"], False, wrong) == [SYSTEMS[0], SYSTEMS[2]]
    with pytest.raises(SystemExit):
        main(["--data", "d", "--runs", "r", "--images", "1", "--only", "SVCC"])
    assert "no row 'SVCC'; did you mean" in capsys.readouterr().err


def test_lines_take_the_place_of_those_of_their_system(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_rows([{"system": "b", "figure": str(k)} for k in range(3)], path, ["a", "b"])
    write_rows([{"system": "a", "figure": "x"}], path, ["a", "b"])
    write_rows([{"system": "b", "figure": "y"}], path, ["a", "b"])
    assert [(line["system"], line["figure"]) for line in read_rows(path)] == [("a", "x"), ("b", "y")]
    assert read_rows(tmp_path / "none.csv") == []
