"""The table of clip systems: what is missing is trained, all are held against one reference, T2V beside all."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from seqgan.errors import DataError
from seqgan.presets import preset
from seqgan.training.clip_card import write_clip_card
from seqgan.training.clip_table import IN_SET, ROWS, chosen, clip_table, main
from seqgan.training.table_runs import Machine, Row, read_rows
from seqgan.training.train import resolve
from tests.seqgan.tiny_clips import SIZE

SMALL = [
    "network.frames=16", "network.base=[2, 2]", "network.embed=8", "network.text=16", "network.cond=12",
    "network.latent=4", "network.noise=3", "network.filters=4", "network.rank=6", "network.code=12",
    "network.start=16", "network.width=4", "network.still=4", "network.d_width=4", "training.batch=4",
    "training.alone=0", "loop={log_every: 8, sheet_every: 100000, save_every: 100000}",
]  # fmt: skip
CPU = Machine("cpu", "float32", 1)


def test_the_table_trains_what_is_missing(
    clips: Path, clip_judge: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs, out = tmp_path / "runs", tmp_path / "made" / "t.csv"

    def make(rows: tuple[Row, ...]) -> list[dict[str, object]]:
        return clip_table(clips, runs, 8, 12, [str(clip_judge)] * 2, rows, "test", 4, 0, out, CPU, SMALL)

    table = make((ROWS[0], ROWS[4]))
    lines = read_rows(out)
    assert list(dict.fromkeys(line["system"] for line in lines)) == ["T2V", "CVAE alone", IN_SET]
    known = {(line["system"], line["figure"]): line for line in lines}
    assert len(known) == len(table) and float(known["CVAE alone", "frozen_share"]["value"]) == 1
    for system in ("CVAE alone", IN_SET):
        ours, theirs = known[system, "personas_cell_accuracy"], known["T2V", "personas_cell_accuracy"]
        gap = float(ours["value"]) - float(theirs["value"])
        assert float(ours["more"]) == pytest.approx(gap, abs=2e-5) and not theirs["more"]
        assert ours["step"] == (ours["more"] if system != IN_SET else "")
        assert float(ours["more_low"]) <= float(ours["more"]) <= float(ours["more_high"])
    balanced = known["T2V", "actions_balanced_accuracy"]
    assert known["CVAE alone", "personas_accuracy"]["images"] == "12"
    assert float(balanced["value_low"]) <= float(balanced["value"]) and balanced["images"] == "8"
    card = write_clip_card(runs / "t2v" / "checkpoint", clips, [runs / "gist_cvae", runs / "t2v"]).read_text("utf-8")
    assert "| 2 | `t2v` | 8 |" in card and "1. a " in card and str(runs) not in card
    with Image.open(runs / "t2v" / "checkpoint" / "moments.png") as moments:
        assert moments.size == (8 * SIZE, 8 * SIZE)
    monkeypatch.setattr("seqgan.training.table_runs.run_training", None)  # enough was seen: nothing is trained
    again = make((ROWS[0],))
    assert again[0]["value"] == table[0]["value"]
    with pytest.raises(DataError, match="no row was asked for"):
        make(())


def test_every_row_is_a_recipe_of_clips() -> None:
    assert {row.preset for row in ROWS} == {"dt2v", "pt2v", "gt2v", "t2v", "gist_cvae"}
    assert len({str(resolve(preset(row.preset), row.changes)) for row in ROWS}) == len(ROWS)


def test_what_is_compared_with_stands_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert chosen(None, pytest.fail) == list(ROWS)
    assert chosen(["DT2V"], pytest.fail) == [ROWS[0], ROWS[3]]
    with pytest.raises(SystemExit):
        main(["--data", "d", "--runs", "r", "--images", "1", "--gists", "1", "--judge", "j", "--only", "DT3V"])
    assert "no row 'DT3V'; did you mean" in capsys.readouterr().err
