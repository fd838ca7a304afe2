"""`studio frame` and `studio morph`: what they write, what their files say, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageSequence

from studio.cli.main import run
from studio.export.info import read_info
from studio.export.moving import check_moving
from tests.seqgan.sampling.frame_models import save_frame_model

ONE, TWO = "a small red bird", "a green leaf"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An untrained AttnGAN with a style encoder."""
    return str(save_frame_model(tmp_path_factory.mktemp("models") / "birds", style=True))


def _error(capsys: pytest.CaptureFixture[str]) -> str:
    lines = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("{")]
    assert len(lines) == 1, lines
    return lines[0]


def _pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def _durations(moving: Image.Image) -> list[int]:
    found = []
    for frame in ImageSequence.Iterator(moving):
        frame.load()  # WebP tells how long only then
        found.append(frame.info["duration"])
    return found


def test_a_picture_says_what_made_it(model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "deep" / "x.png"
    assert run(["frame", f"{ONE} zork", "-o", str(out), "--model", model, "--seed", "3", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == [str(out)] and told["ignored"] == ["zork"] and told["read"] == ONE.split()
    assert told["notes"] == ["ignored, for the model does not know them: zork"]
    info = read_info(out)
    made = info["made"]
    assert (made["kind"], made["text"], made["prompt"], made["seed"]) == ("frame", f"{ONE} zork", ONE, 3)
    assert made["model"]["name"] == "birds" and len(made["model"]["weights_sha256"]) == 64
    assert info["digital_source_type"].endswith("/trainedAlgorithmicMedia")
    first = out.read_bytes()
    assert run(["frame", f"{ONE} zork", "-o", str(out), "--model", model, "--seed", "3"]) == 0
    assert out.read_bytes() == first and "precision" not in made
    assert run(["frame", ONE, "-o", str(out), "--model", model, "--seed", "3", "--precision", "bfloat16"]) == 0
    assert read_info(out)["made"]["precision"] == "bfloat16"


def test_several_pictures_have_a_sheet_and_their_own_seeds(model: str, tmp_path: Path) -> None:
    assert run(["frame", ONE, "-o", str(tmp_path / "x.png"), "--model", model, "--n", "5", "--seed", "2"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x-1.png", "x-2.png", "x-3.png", "x-4.png", "x-5.png",
                                                                "x.png"]  # fmt: skip
    assert read_info(tmp_path / "x-5.png")["made"]["seed"] == 6
    assert read_info(tmp_path / "x.png")["made"]["seeds"] == [2, 3, 4, 5, 6]
    assert np.array_equal(_pixels(tmp_path / "x.png")[:64, :64], _pixels(tmp_path / "x-1.png"))


def test_style_is_taken_from_a_picture(model: str, tmp_path: Path) -> None:
    drivers = []
    for number, colour in enumerate(("teal", "orange")):
        drivers.append(tmp_path / f"driver-{number}.png")
        Image.effect_noise((40, 30), 60 + 40 * number).convert("RGB").save(drivers[-1])
        out = tmp_path / f"{colour}.png"
        assert run(["frame", ONE, "-o", str(out), "--model", model, "--style", str(drivers[-1])]) == 0
        assert read_info(out)["made"]["style"]["file"] == drivers[-1].name
    assert not np.array_equal(_pixels(tmp_path / "teal.png"), _pixels(tmp_path / "orange.png"))


def test_a_picture_is_explained(model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["frame", f"{ONE} zork", "-o", str(tmp_path / "x.png"), "--model", model, "--explain"]) == 0
    shown = capsys.readouterr().out
    assert f"read: {ONE}" in shown and "ignored, for the model does not know them: zork" in shown
    assert read_info(tmp_path / "x-explain.png")["made"]["kind"] == "explanation"
    assert _pixels(tmp_path / "x-explain.png").shape[0] > 3 * 128  # stages and two maps


@pytest.mark.parametrize(
    ("words", "told"),
    [(["", "-o", "x.png"], "found no word in it"),
     (["zork", "-o", "x.png"], "knows none of zork"),
     ([ONE, "-o", "x.jpg"], "x.jpg ends in .jpg; a picture is written as .png"),
     ([ONE, "-o", "x.png", "--style", "none.png"], "there is no picture none.png"),
     ([ONE, "-o", "x.png", "--style", "text.png"], "no picture that can be read"),
     ([ONE, "-o", "x.png", "--model", "theatre-64"], "draws no captions"),
     ([ONE, "-o", "x.png", "--model", "no-such"], "no model 'no-such' is installed")],
)  # fmt: skip
def test_what_cannot_be_drawn_is_said_in_a_line(
    words: list[str], told: str, model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("text.png").write_text("a cat")
    named = [] if "--model" in words else ["--model", model]
    assert run(["frame", *words, *named]) == 1
    assert told in _error(capsys)
    assert not Path("x.png").exists()


def test_no_model_style_or_seed_below_zero(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("seqgan.sampling.installed.model_folders", dict)
    out = str(tmp_path / "x.png")
    assert run(["frame", ONE, "-o", out]) == 1
    assert "no model that draws captions is installed; train one" in _error(capsys)
    bare = str(save_frame_model(tmp_path / "bare", "gan_cls_house"))
    Image.new("RGB", (8, 8)).save(tmp_path / "driver.png")
    assert run(["frame", ONE, "-o", out, "--model", bare, "--style", str(tmp_path / "driver.png")]) == 1
    assert "has no style encoder beside it" in _error(capsys)
    assert run(["frame", ONE, "-o", out, "--model", bare, "--seed", "-1"]) == 2
    assert run(["frame", ONE, "-o", out, "--model", bare, "--n", "0"]) == 2


# From one text to another ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["gif", "webp", "mp4"])
def test_a_morph_moves_from_text_to_text(kind: str, model: str, tmp_path: Path) -> None:
    out = tmp_path / f"m.{kind}"
    assert run(["morph", ONE, TWO, "-o", str(out), "--model", model, "--frames", "5", "--fps", "10"]) == 0
    made = read_info(out)["made"]
    assert (made["kind"], made["text"], made["to"], made["frames"]) == ("morph", ONE, TWO, 5)
    assert read_info(out)["digital_source_type"].endswith("/trainedAlgorithmicMedia")
    if kind == "mp4":
        with av.open(str(out)) as film:
            assert len(list(film.decode(video=0))) == 5
        return
    assert run(["frame", ONE, "-o", str(tmp_path / "one.png"), "--model", model]) == 0
    with Image.open(out) as moving:
        assert moving.n_frames > 2 and sum(_durations(moving)) == 500  # frames that are alike may be one
        moving.seek(0)
        assert np.abs(np.asarray(moving.convert("RGB"), int) - _pixels(tmp_path / "one.png")).mean() < 16


def test_a_morph_refuses_what_it_cannot_write_or_draw(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "m.gif")
    for words, told in (
        ([ONE, "zork", "-o", out], "knows none of zork"),
        ([ONE, TWO, "-o", str(tmp_path / "m.avi")], "expected .gif, .webp or .mp4"),
        ([ONE, TWO, "-o", out, "--fps", "60"], "fps 60 is not 1 to 50, as a gif can be"),
    ):
        assert run(["morph", *words, "--model", model]) == 1
        assert told in _error(capsys)
    assert run(["morph", ONE, TWO, "-o", out, "--model", model, "--frames", "1"]) == 2
    assert check_moving(Path("m.MP4"), 60) == "mp4"
    assert not list(tmp_path.iterdir())
