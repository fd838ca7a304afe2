"""How cost grows: exponents by hand, bytes that are counted, a table, a plot, and what is refused."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
import torch
from PIL import Image

from seqgan.cli.main import run
from seqgan.errors import CheckpointError, InputError
from seqgan.sampling.memory import PeakMemory
from seqgan.sampling.scale import MEASURED, QUICK, _exponents, bench_scale, changed, exponent, find_subject, measure
from seqgan.sampling.scale_plot import PANE, plot_scale


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0, 2.0])
def test_a_power_law_gives_its_power(power: float) -> None:
    values = [1, 2, 4, 8, 64]
    assert exponent(values, [3.0 * value**power for value in values]) == pytest.approx(power, abs=1e-12)


def test_the_exponent_is_that_of_least_squares() -> None:
    """Through (1, 1), (e, e), (e^2, e^5) in logarithms: slope (5 - 0) / 2, the middle point having no say."""
    e = 2.718281828459045
    assert exponent([1, e, e**2], [1, e, e**5]) == pytest.approx(2.5)


def test_memory_is_what_is_alive_at_once() -> None:
    x = torch.ones(256)  # made before: not counted
    with PeakMemory() as memory:
        y = x + 1  # 1 KiB
        z = torch.cat([y, y])  # 2 KiB more
        assert memory.now == memory.peak == 3 * 1024
        del z
        assert memory.now == 1024
        y.view(2, 128).add_(1)  # a view and a change in place: nothing new
        x.mul_(1)
        assert memory.now == 1024 and memory.peak == 3 * 1024


def test_memory_is_counted_in_inference_mode() -> None:
    with PeakMemory() as memory, torch.inference_mode():
        kept = torch.zeros(1024) * 2
        del kept
    assert memory.peak == 2 * 4096 and memory.now == 0


def test_sizes_change_along_their_axis_alone(tiny: Path) -> None:
    sizes = find_subject(str(tiny)).sizes
    assert changed(sizes, "height", 256).base == (16, 28)
    assert changed(sizes, "height", 96).base == (6, 10)  # 10.5, to even
    wide = changed(sizes, "width", 2)
    assert (wide.width, wide.figure, wide.base) == (2 * sizes.width, 2 * sizes.figure, sizes.base)
    assert changed(sizes, "panels", 64) == changed(sizes, "batch", 8) == sizes


@pytest.mark.parametrize(("axis", "value", "told"), [("panels", 7, 7), ("batch", 3, 3), ("height", 64, 5)])
def test_every_round_hears_a_story_of_its_own(tiny: Path, axis: str, value: int, told: int) -> None:
    """One round for the memory, three to warm up, one to time."""
    subject, heard = find_subject(str(tiny)), count()
    measure(replace(subject, sentences=(f"Mia walks {next(heard)} times." for _ in count())), axis, value, 1, "cpu")
    assert next(heard) == 5 * told


def test_memory_never_grows_faster_than_the_panels(tiny: Path) -> None:
    """Panels are drawn one at a time: only what the text says of them adds up."""
    subject = find_subject(str(tiny))
    few, many = (measure(subject, "panels", panels, 1, "cpu")["memory_mib"] for panels in (2, 16))
    assert few <= many < 4 * few


def test_memory_grows_with_the_batch(tiny: Path) -> None:
    subject = find_subject(str(tiny))
    few, many = (measure(subject, "batch", size, 1, "cpu")["memory_mib"] for size in (4, 16))
    assert exponent([4, 16], [few, many]) == pytest.approx(1.0, abs=0.05)


@pytest.fixture(scope="module")
def record(tiny: Path) -> dict:
    return bench_scale(str(tiny), device="cpu", quick=True)


def test_the_record(record: dict) -> None:
    assert [(row["axis"], row["value"]) for row in record["rows"]][:6] == [
        ("panels", 1), ("panels", 4), ("height", 64), ("height", 96), ("batch", 1), ("batch", 4),
    ]  # fmt: skip
    assert all(row[what] > 0 for row in record["rows"] for what in (*MEASURED, "weights_mib"))
    first, second = (row for row in record["rows"] if row["axis"] == "width")
    assert (first["value"], second["value"]) == (2, 4)  # channels
    for axis, found in record["exponents"].items():
        rows = [row for row in record["rows"] if row["axis"] == axis]
        for what in MEASURED:
            expected = exponent([row["value"] for row in rows], [row[what] for row in rows])
            assert found[what] == found[f"last_{what}"] == pytest.approx(expected, abs=1e-3)  # there are two points


def test_the_last_points_show_what_a_constant_hides() -> None:
    """Cost 100 + n: nearly flat over all points, nearly linear at the end."""
    rows = [{"value": n, "seconds": 100.0 + n, "memory_mib": float(n)} for n in (1, 10, 100_000, 1_000_000)]
    found = _exponents(rows)
    assert found["seconds"] < 0.9 and found["last_seconds"] == pytest.approx(1.0, abs=1e-3)
    assert found["memory_mib"] == found["last_memory_mib"] == 1.0


def test_the_plot_shows_every_point(record: dict) -> None:
    picture = plot_scale(record)
    assert picture.size == (len(QUICK) * PANE[0], 2 * PANE[1])
    straight = {
        "exponents": {"panels": {"seconds": 1.0, "memory_mib": 0.0}},
        "rows": [{"axis": "panels", "value": 2**n, "seconds": 2.0**n, "memory_mib": 1.0} for n in range(3)],
    }
    blue = [(x, y) for x, y in _blue(plot_scale(straight)) if y < PANE[1]]
    (left, low), (right, high) = min(blue), max(blue)
    slope = (low - high) / (right - left)
    assert all(abs(low - slope * (x - left) - y) < 8 for x, y in blue)  # log-log, a power law is a line
    flat = [y for _, y in _blue(plot_scale(straight)) if y >= PANE[1]]
    assert max(flat) - min(flat) < 10


def _blue(picture: Image.Image) -> list[tuple[int, int]]:
    pixels = picture.load()
    assert pixels is not None
    return [(x, y) for x in range(picture.width) for y in range(picture.height) if pixels[x, y] == (32, 96, 168)]


def test_the_command(tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["bench", "scale", str(tiny), "--quick", "--device", "cpu", "-o", str(tmp_path / "plots")]
    assert run([*words, "--csv", str(tmp_path / "scale.csv")]) == 0
    shown = capsys.readouterr().out
    assert "seconds ~ panels^" in shown and "memory MiB" in shown
    with Image.open(tmp_path / "plots" / "scale.png") as picture:
        assert picture.format == "PNG"
    with (tmp_path / "scale.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 8
    assert all(row["preset"] == "tiny" and row["machine"] and row["torch"] == torch.__version__ for row in rows)


def test_a_preset_has_sizes_too(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from seqgan.sampling import scale

    subject = find_subject("storygan_theatre")
    assert subject.preset == "storygan_theatre" and subject.sizes.vocabulary == len(subject.config["vocabulary"])
    monkeypatch.setattr(scale, "QUICK", {"panels": (1, 2)})
    assert run(["bench", "scale", "storygan_theatre", "--quick", "--device", "cpu", "--json"]) == 0
    assert [row["value"] for row in json.loads(capsys.readouterr().out)["rows"]] == [1, 2]


def test_refusals(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="0 repeats came"):
        bench_scale("theatre-64", repeats=0)
    with pytest.raises(
        CheckpointError, match='neither a checkpoint nor a preset of stories; did you mean "storygan_th'
    ):
        bench_scale("storygan_theater")
    with pytest.raises(CheckpointError, match="'theatre_judge' is neither"):  # it draws nothing
        bench_scale("theatre_judge")
    (tmp_path / "config.json").write_text('{"preset": "x"}')
    with pytest.raises(CheckpointError, match="lacks sizes, vocabulary, lexicon"):
        bench_scale(str(tmp_path))
