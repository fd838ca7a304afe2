"""Figures of single-frame systems, and the table of all of them."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from seqgan.data.pictures import PictureData
from seqgan.errors import CheckpointError, ConfigError, DataError
from seqgan.sampling.frame import FrameSampler
from seqgan.training.damsm_setup import load_damsm
from seqgan.training.frame_card import main as card_main
from seqgan.training.frame_card import write_frame_card
from seqgan.training.frame_evaluate import METRICS, MeasuredFrames, Seers, evaluate_frames
from seqgan.training.frame_styles import transferred
from seqgan.training.frame_table import COMPONENTS, REAL, ROWS, SYSTEMS, frame_table, main, table_row
from seqgan.training.frames import first, to_frames, to_pixels
from seqgan.training.loaded_judge import load_picture_judge
from seqgan.training.measure import measure
from seqgan.training.reports import write_report
from seqgan.training.table_runs import ANY, Machine, Row, trained
from seqgan.training.train import run_training
from tests.seqgan.training.conftest import LOOP

SMALL = {"cond": 8, "z": 4, "width": 4, "d_width": 4, "base": [2, 2], "rank": 8}


def _settings(damsm: Path) -> list[str]:
    return [f"network={json.dumps(SMALL)}", f"damsm={damsm}", "training.batch=8", LOOP]


@pytest.fixture(scope="module")
def judge(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("judge")
    changes = ["width=4", "training.batch=16", "groups=[style]", LOOP]
    return run_training(
        "picture_judge", pictures, run, changes=changes, max_images=640, device="cpu", precision="float32", quiet=True
    )


@pytest.fixture(scope="module")
def checkpoint(pictures: Path, damsm: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("gan")
    return run_training(
        "gan_cls_small", pictures, run, changes=_settings(damsm), max_images=16, device="cpu", precision="float32",
        quiet=True,
    )  # fmt: skip


class NightReader:
    """Reads how bright a picture's corner is, and draws nothing but a background as bright: a perfect transfer."""

    def style(self, pixels: np.ndarray) -> np.ndarray:
        return pixels[0, 0, :1] / 255

    def draw(
        self, captions: list[str], seeds: list[int], z: np.ndarray, strict: bool
    ) -> Iterator[tuple[int, np.ndarray]]:
        assert not any("night" in caption or "plain" in caption for caption in captions)
        yield from enumerate(np.broadcast_to(255 * row, (32, 32, 3)) for row in z)


def test_a_transferred_style_is_the_drivers(pictures: Path) -> None:
    data = PictureData.open(pictures, "test")
    sampler: Any = NightReader()
    truth = data.images
    bright = data.names["style"].index("plain")

    def judge(drawn: np.ndarray) -> np.ndarray:
        return np.where(drawn.mean((1, 2, 3)) > 128, bright, 1 - bright)

    assert transferred(sampler, data, truth, 0, "style", judge).tolist() == [1] * len(data)
    assert transferred(sampler, data, truth[::-1], 0, "style", judge).mean() < 1
    named = replace(data, captions=[tuple(text for text in own if "style" in text) for own in data.captions])
    with pytest.raises(DataError, match="leave 'styles' out"):
        transferred(sampler, named, truth, 0, "style", judge)


class Copyist:
    """Draws the very pictures of the split, in the order of its captions: what a perfect generator would."""

    def __init__(self, sampler: FrameSampler, data: PictureData) -> None:
        self.sampler, self.data = sampler, data
        self.info, self.sizes = sampler.info, sampler.sizes

    def draw(self, captions: list[str], seeds: list[int], strict: bool = True) -> Any:
        owner = {caption: n for n, own in enumerate(self.data.captions) for caption in own}
        rows = [n for n, own in enumerate(self.data.captions) for _ in own]
        if len(captions) != len(rows):
            rows = [owner[caption] for caption in captions]
        yield from enumerate(self.data.images[row] for row in rows)


def test_all_groups_of_figures(checkpoint: Path, pictures: Path, damsm: Path, judge: Path) -> None:
    report = evaluate_frames(checkpoint, pictures, ("test",), damsm=str(damsm), judge=str(judge), device="cpu")
    figures, real = report["tiny"]["test"], report["tiny"]["real_test"]
    assert {"style_accuracy", "kid_enlite0", "ms_ssim", "neighbour_distance_ratio", "ranking_share"} <= set(figures)
    assert "fid_enlite0" not in figures  # sixteen pictures tell nothing in 1,280 dimensions
    assert (figures["n"], figures["captions"], figures["style_captions"]) == (16, 48, 32)
    assert real["style_accuracy"] > 0.9 and real["r_precision"] > 0.5 > figures["r_precision"]
    assert figures["r_precision_low"] <= figures["r_precision"] <= figures["r_precision_high"]
    known = f"by {damsm.name} (which had a part in the training), "
    assert "1 of" in figures["protocol"] and known in figures["protocol"] and "damsm_sha256" in figures


def test_a_perfect_generator_reaches_the_ceiling(checkpoint: Path, pictures: Path, damsm: Path, judge: Path) -> None:
    sampler, data = FrameSampler.load(checkpoint, "cpu"), PictureData.open(pictures, "test")
    seers = Seers(load_damsm(str(damsm), torch.device("cpu")), load_picture_judge(str(judge)), torch.device("cpu"))
    run = MeasuredFrames(checkpoint, pictures, Copyist(sampler, data), data, seers, 0)  # type: ignore[arg-type]
    figures = run.figures(("match", "labels", "distribution", "neighbours"))
    real = run.real(("match", "labels"))
    assert {name: figures[name] for name in real} == real
    assert figures["precision_enlite0"] == figures["recall_enlite0"] == 1
    assert figures["neighbour_distance_ratio"] == 1
    assert figures["kid_enlite0"] < 0.05
    assert seers.damsm is not None
    seers.damsm.info["weights_sha256"] = "of another"
    assert "by other, ties" in run.origin("folder/other", "")["protocol"]


def test_smaller_pictures_agree_with_the_largest(checkpoint: Path, pictures: Path) -> None:
    sampler, data = FrameSampler.load(checkpoint, "cpu"), first(PictureData.open(pictures, "test"), 2)

    class Stages(Copyist):
        def explain(self, caption: str, seed: int, strict: bool = True) -> Any:
            ((_, whole),) = self.draw([caption], [seed])
            half = torch.nn.functional.interpolate(
                to_frames(whole[None]), (16, 16), mode="bilinear", align_corners=False, antialias=True
            )
            return SimpleNamespace(pictures={16: to_pixels(half)[0], 32: whole})

    run = MeasuredFrames(checkpoint, pictures, Stages(sampler, data), data, Seers(None, None, torch.device("cpu")), 0)  # type: ignore[arg-type]
    figures = run.figures(("scales",))
    assert list(figures) == ["agreement_16"] and figures["agreement_16"] == pytest.approx(1, abs=1e-3)


def test_only_what_is_asked_for(checkpoint: Path, pictures: Path) -> None:
    report = measure(checkpoint, pictures, ("val",), n=3, metrics=("ranking",), device="cpu")
    figures = report["tiny"]["val"]
    assert 0 <= figures["ranking_share"] <= 1 and figures["n"] == 3
    assert "ms_ssim" not in figures and "r_precision" not in figures
    assert set(METRICS) >= {"ranking"}


def test_a_first_stage_is_measured_at_the_size_of_the_pictures(pictures: Path, damsm: Path, tmp_path: Path) -> None:
    sizes = {"cond": 8, "z": 4, "width": 8, "d_width": 4, "first": 16, "second": 32}
    changes = [f"network={json.dumps(sizes)}", f"damsm={damsm}", "training.batch=8", LOOP]
    folder = run_training(
        "stackgan_stage1_small", pictures, tmp_path, changes=changes, max_images=16, device="cpu",
        precision="float32", quiet=True,
    )  # fmt: skip
    figures = measure(folder, pictures, n=6, metrics=("ranking", "neighbours", "scales"), device="cpu")["tiny"]["test"]
    assert 0 <= figures["ranking_share"] <= 1 and figures["neighbour_distance_ratio"] > 0


def test_pixels_and_frames_are_each_others_reverse(pictures: Path) -> None:
    data = first(PictureData.open(pictures, "val"), 5)
    assert len(data) == 5 and len(data.labels["style"]) == 5
    np.testing.assert_array_equal(to_pixels(to_frames(data.images)), data.images)
    assert first(data, 9) is data


def test_what_is_refused(checkpoint: Path, pictures: Path, damsm: Path) -> None:
    with pytest.raises(ConfigError, match="metric"):
        evaluate_frames(checkpoint, pictures, ("test",), metrics=("fid",), device="cpu")
    with pytest.raises(DataError, match="has no picture of split"):
        evaluate_frames(checkpoint, pictures, ("tset",), device="cpu")
    with pytest.raises(CheckpointError, match="expected a damsm"):
        evaluate_frames(checkpoint, pictures, ("test",), damsm=str(checkpoint), device="cpu")


def test_the_table_trains_what_is_missing(
    checkpoint: Path, pictures: Path, damsm: Path, judge: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = (Row("GAN", "gan_small"), Row("GAN-CLS", "gan_cls_small"))
    make = lambda images, rows: frame_table(  # noqa: E731
        pictures, tmp_path / "runs", images, "test", str(damsm), str(damsm), str(judge), rows, tmp_path / "t.csv",
        Machine("cpu", "float32", 1), _settings(damsm)[0:1] + _settings(damsm)[2:],
    )  # fmt: skip
    few = partial(evaluate_frames, n=8, metrics=("match", "labels"))  # all groups of figures are measured above
    monkeypatch.setattr("seqgan.training.frame_table.evaluate_frames", few)
    table = make(8, rows)
    assert [row["system"] for row in table] == ["GAN", "GAN-CLS", REAL] and table[0]["images"] == 8
    make(16, rows[:1])  # goes on, and keeps the row of the other
    with (tmp_path / "t.csv").open() as file:
        gan, other, real = csv.DictReader(file)
    assert [row["system"] for row in (gan, other, real)] == ["GAN", "GAN-CLS", REAL]
    assert (gan["images"], other["images"]) == ("16", "8")
    assert float(gan["r_precision_low"]) <= float(gan["r_precision_high"])
    monkeypatch.setattr("seqgan.training.table_runs.run_training", None)  # enough was seen: nothing is trained
    assert trained(rows[0], pictures, tmp_path / "runs", 16, (), ANY) == tmp_path / "runs" / "gan_small" / "checkpoint"


def test_rows_are_named_once_and_lack_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len({row.name for row in ROWS}) == len(ROWS) == len(SYSTEMS) + len(COMPONENTS)
    assert len({row.run for row in ROWS}) == len(ROWS)
    told = {"n": 1, "captions": 2, "seed": 0, "data_hash": "h", "weights_sha256": "w" * 64}
    row = table_row("GAN", told, 5)
    assert row["r_precision"] is None and row["weights"] == "w" * 16
    needed = ["--data", "d", "--runs", "r", "--damsm", "a", "--judge-damsm", "b", "--judge", "c", "--images", "1"]
    with pytest.raises(SystemExit):
        main([*needed, "--only", "GAN-CSL"])
    assert "no row 'GAN-CSL'; did you mean" in capsys.readouterr().err
    asked: list[Sequence[Row]] = []
    monkeypatch.setattr("seqgan.training.frame_table.frame_table", lambda *args: asked.append(args[7]))
    for words in ((), ("--components",), ("--components", "--only", "HDGAN", COMPONENTS[0].name)):
        main([*needed, *words])
    parts = [SYSTEMS[-2], SYSTEMS[-1], *COMPONENTS]
    assert asked == [list(SYSTEMS), parts, [SYSTEMS[-1], COMPONENTS[0]]]


def test_a_card_tells_recipe_figures_and_samples(checkpoint: Path, pictures: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tiny-gan"
    shutil.copytree(checkpoint, folder)
    report = evaluate_frames(folder, pictures, ("test",), 4, metrics=("ranking",), device="cpu")
    write_report(report, folder / "eval.json")
    card = write_frame_card(folder, pictures, [checkpoint.parent], "test").read_text(encoding="utf-8")
    assert "# tiny-gan" in card and "| 1 | `gan_cls_small` | 16 |" in card and "ranking_share" in card
    assert "1. a " in card and str(checkpoint.parent.parent) not in card
    with Image.open(folder / "samples.png") as samples, Image.open(folder / "neighbours.png") as near:
        assert samples.size == (8 * 32, 8 * 32) and near.size == (8 * 32, 2 * 32)
    with pytest.raises(SystemExit):
        card_main([str(folder), "--data", str(pictures)])


def test_what_measures_is_measured_too(pictures: Path, damsm: Path, judge: Path, tmp_path: Path) -> None:
    for source, figure in ((damsm, "r_precision"), (judge, "style_accuracy")):
        folder = tmp_path / figure
        shutil.copytree(source, folder)
        report = measure(folder, pictures, n=12, device="cpu")
        figures = report["tiny"]["real_test"]
        assert figures[f"{figure}_low"] <= figures[figure] <= figures[f"{figure}_high"]
        assert figures[figure] > 0.4 and figures["n"] == 12
        write_report(report, folder / "eval.json")
        card_main([str(folder), "--run", str(source.parent)])
        card = (folder / "README.md").read_text(encoding="utf-8")
        assert f"# {figure}" in card and f"| {figure} |" in card and "read by" not in card
