"""The training bench: one table row that says what it measured, by figures that fit together."""

import csv
from pathlib import Path

import pytest

from seqgan.data.theatre.prepare import prepare
from seqgan.errors import InputError
from seqgan.resources import asset
from seqgan.sampling.bench import save_row
from seqgan.training.bench import bench_training

SMALL = ("network.width=4", "network.d_width=4", "network.gist=8", "network.maps=2", "training.batch=2")


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("theatre") / "data"
    prepare(asset("cast", "fluent"), folder, {"train": 4, "val": 2}, (32, 48), 3, 1, False)
    return folder


def test_a_row_of_the_training_bench(stories: Path, tmp_path: Path) -> None:
    record = bench_training("storygan_theatre", stories, 1, changes=SMALL, device="cpu", threads=1)
    assert record["of_plain"] == pytest.approx(record["step_seconds"] / record["plain_seconds"], rel=0.05)
    whole = record["images_a_step"] / (record["step_seconds"] + record["data_seconds"])
    assert record["images_per_second"] == pytest.approx(whole, rel=0.05)
    assert 0 < record["share_of_peak"] < 1 and record["peak_gflops"] > 0 and record["memory_mib"] > 0
    save_row(record, tmp_path / "train.csv")
    save_row(record, tmp_path / "train.csv")
    rows = list(csv.DictReader((tmp_path / "train.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["preset"] for row in rows] == ["storygan_theatre"] * 2
    with pytest.raises(InputError, match="repeats is 0"):
        bench_training("storygan_theatre", stories, 0)
