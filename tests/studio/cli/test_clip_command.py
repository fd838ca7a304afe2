"""`studio clip`: what it writes, what its files say and how they play, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from studio.cli.main import run
from studio.export.info import read_info
from tests.seqgan.sampling.clip_models import save_clip_model
from tests.seqgan.sampling.frame_models import save_frame_model

TEXT = "a woman is juggling on the beach"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Untrained: 16 frames of 48 x 32 that last two seconds."""
    return str(save_clip_model(tmp_path_factory.mktemp("models") / "scenes"))


def _error(capsys: pytest.CaptureFixture[str]) -> str:
    lines = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("{")]
    assert len(lines) == 1, lines
    return lines[0]


def _film(path: Path) -> tuple[int, float, tuple[int, int]]:
    """Frames, seconds and size of a film, by decoding it."""
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        frames = list(film.decode(stream))
        assert stream.average_rate is not None
        return len(frames), len(frames) / float(stream.average_rate), (frames[0].width, frames[0].height)


def test_a_film_says_what_made_it(model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "deep" / "x.mp4"
    words = ["clip", f"{TEXT} zork", "-o", str(out), "--model", model, "--seed", "3", "--motion-seed", "9"]
    assert run([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == [str(out)] and told["ignored"] == ["zork"] and told["fps"] == 8
    assert _film(out) == (16, 2.0, (192, 128))
    info = read_info(out)
    made = info["made"]
    assert (made["kind"], made["text"], made["seed"], made["motion_seed"]) == ("clip", f"{TEXT} zork", 3, 9)
    assert made["prompt"] == TEXT and made["enlarged"] == 4 and made["interpolated"] == 1
    assert made["model"]["name"] == "scenes" and info["digital_source_type"].endswith("/trainedAlgorithmicMedia")
    first = out.read_bytes()
    assert run(words) == 0 and out.read_bytes() == first and "precision" not in made
    assert run([*words, "--precision", "bfloat16"]) == 0 and read_info(out)["made"]["precision"] == "bfloat16"


def test_several_stand_side_by_side_and_alone(model: str, tmp_path: Path) -> None:
    assert run(["clip", TEXT, "-o", str(tmp_path / "x.webp"), "--model", model, "--n", "2", "--scale", "1"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x-1.webp", "x-2.webp", "x.webp"]
    assert read_info(tmp_path / "x-2.webp")["made"]["seed"] == 1
    assert read_info(tmp_path / "x.webp")["made"]["seed"] == [0, 1]
    with Image.open(tmp_path / "x.webp") as both, Image.open(tmp_path / "x-1.webp") as one:
        assert both.size == (100, 32) and one.size == (48, 32) and getattr(one, "n_frames", 0) == 16


def test_a_gif_repeats_and_keeps_time(model: str, tmp_path: Path) -> None:
    assert run(["clip", TEXT, "-o", str(tmp_path / "x.gif"), "--model", model, "--fps", "10"]) == 0
    with Image.open(tmp_path / "x.gif") as moving:
        assert moving.info["loop"] == 0 and moving.info["duration"] == 100 and getattr(moving, "n_frames", 0) == 16


def test_a_film_may_play_it_several_times_and_smoothly(model: str, tmp_path: Path) -> None:
    assert run(["clip", TEXT, "-o", str(tmp_path / "x.mp4"), "--model", model, "--loops", "3", "--smooth", "2"]) == 0
    assert _film(tmp_path / "x.mp4") == (96, 6.0, (192, 128))
    assert read_info(tmp_path / "x.mp4")["made"]["interpolated"] == 2


def test_it_explains_itself(model: str, tmp_path: Path) -> None:
    assert run(["clip", TEXT, "-o", str(tmp_path / "x.gif"), "--model", model, "--explain"]) == 0
    assert read_info(tmp_path / "x-explain.png")["made"]["kind"] == "explanation"


def test_a_picture_moves(tmp_path: Path) -> None:
    model = str(save_clip_model(tmp_path / "moved", gist="picture", background="gist"))
    Image.effect_noise((40, 30), 80).convert("RGB").save(tmp_path / "panel.png")
    words = ["clip", TEXT, "-o", str(tmp_path / "x.mp4"), "--model", model, "--first", str(tmp_path / "panel.png")]
    assert run(words) == 0
    first = read_info(tmp_path / "x.mp4")["made"]["first"]
    assert first["file"] == "panel.png" and len(first["sha256"]) == 64


def test_a_model_of_clips_is_verified_by_a_clip(model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    moved = str(save_clip_model(tmp_path / "moved", gist="picture", background="gist"))
    for folder in (model, moved):
        assert run(["models", "verify", folder]) == 0
        assert "whole; draws 48x32" in capsys.readouterr().out
    (Path(moved) / "model.safetensors").write_bytes(b"cut")
    assert run(["models", "verify", moved]) == 1
    assert "truncated or damaged" in _error(capsys)


def test_what_cannot_be_done_is_one_line(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = str(save_frame_model(tmp_path / "frames"))
    (tmp_path / "text.png").write_text("no picture")
    cases = (
        (["-o", "x.avi", "--model", model], "expected .gif, .webp or .mp4"),
        (["-o", "x.mp4", "--model", frames], "draws no clips"),
        (["-o", "x.mp4", "--model", model, "--fps", "1000"], "fps 1000 is not"),
        (["-o", "x.mp4", "--model", model, "--first", str(tmp_path / "text.png")], "text.png"),
    )
    monkeypatch.chdir(tmp_path)
    for words, said in cases:
        assert run(["clip", TEXT, *words]) == 1
        assert said in _error(capsys)
    assert run(["clip", " ", "-o", "x.mp4", "--model", model]) == 1
    assert "the text is empty" in _error(capsys)
    assert not np.any([path.suffix in (".mp4", ".avi") for path in tmp_path.iterdir()])


@pytest.mark.parametrize(
    ("ending", "speed", "said"),
    [
        ("mp4", ["--fps", "200"], "fps 200 is not 1 to 120, as a mp4 can be"),
        ("mp4", ["--fps", "0"], "fps 0 is not 1 to 120"),
        ("mp4", ["--fps", "60", "--smooth", "4"], "fps 60 smoothed 4 times, 240, is not 1 to 120"),
        ("gif", ["--fps", "30", "--smooth", "2"], "fps 30 smoothed 2 times, 60, is not 1 to 50"),
    ],
)
def test_a_speed_that_no_file_has_is_refused_before_the_model_is_looked_for(
    ending: str, speed: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["clip", TEXT, "-o", str(tmp_path / f"x.{ending}"), "--model", "no such model", *speed]) == 1
    assert said in _error(capsys)


def test_a_speed_of_the_models_own_is_refused_before_it_draws(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seqgan.sampling.ClipSampler.explain", lambda *_: pytest.fail("it drew"))
    assert run(["clip", TEXT, "-o", str(tmp_path / "x.gif"), "--model", model, "--smooth", "8"]) == 1
    assert "fps 8 smoothed 8 times, 64, is not 1 to 50" in _error(capsys)


def test_without_a_model_it_says_how_to_get_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seqgan.sampling.installed.clip_models", lambda moving=False: [])
    assert run(["clip", TEXT, "-o", str(tmp_path / "x.mp4")]) == 1
    assert "seqgan train t2v" in _error(capsys)
