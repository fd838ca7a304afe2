"""ClipSampler: seeds, first pictures, words and other languages, what it refuses, and the sheet that explains."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from seqgan.checkpoints.format import read_config, save_checkpoint
from seqgan.cli.main import run
from seqgan.config import to_dict
from seqgan.errors import CheckpointError, InputError
from seqgan.models.gtt2v import GTT2VGenerator
from seqgan.models.gtt2v_sizes import GTT2VSizes
from seqgan.sampling import clip as clips
from seqgan.sampling.clip import ClipSampler
from seqgan.sampling.clip_explain import clip_sheet
from seqgan.sampling.installed import clip_model, clip_models, draws, needs_picture
from seqgan.text.frozen import MissingPackage
from tests.seqgan.sampling.clip_models import WORDS, save_clip_model
from tests.seqgan.sampling.frame_models import save_frame_model

TEXT = "a woman is juggling on the beach"


@pytest.fixture(scope="module")
def sampler(tmp_path_factory: pytest.TempPathFactory) -> ClipSampler:
    return ClipSampler.load(save_clip_model(tmp_path_factory.mktemp("models") / "scenes"))


def _one(sampler: ClipSampler, text: str = TEXT, seed: int = 0, **more: Any) -> np.ndarray:
    return next(sampler.draw([text], [seed], **more))[1]


def test_a_clip_is_uint8_and_lasts_as_long_as_those_it_learnt_from(sampler: ClipSampler) -> None:
    clip = _one(sampler)
    assert clip.shape == (16, 32, 48, 3) and clip.dtype == np.uint8 and sampler.fps == 8
    assert np.array_equal(clip, _one(sampler)) and not np.array_equal(clip, _one(sampler, seed=1))


def test_the_motion_has_a_seed_of_its_own(sampler: ClipSampler) -> None:
    one, other = (sampler.explain(TEXT, 3, motion) for motion in (3, 4))
    assert one.gist is not None and np.array_equal(one.gist, other.gist)  # type: ignore[arg-type]
    assert not np.array_equal(one.frames, other.frames)
    assert np.array_equal(one.frames, _one(sampler, seed=3))


def test_what_else_is_drawn_changes_nothing(sampler: ClipSampler) -> None:
    drawn = [clip for _, clip in sampler.draw([TEXT, "a man runs"], [5, 6], [7, 8])]
    assert np.array_equal(drawn[1], next(sampler.draw(["a man runs"], [6], [8]))[1])


def test_other_words_are_reached_by_their_vector(sampler: ClipSampler) -> None:
    reading = sampler.read("a zork is 杂耍")
    assert reading.words == ("a", "is") and "zork" in reading.ignored
    assert not np.array_equal(_one(sampler, "女人在海滩上"), _one(sampler, "男人在雪地里"))


@pytest.mark.parametrize(
    ("text", "asked"),
    [(TEXT, False), (TEXT.upper() + "!", False), (f"zork {TEXT}", True), (f"{TEXT} 杂耍", True), (30 * "a ", True)],
)
def test_a_vector_is_asked_for_where_words_do_not_tell_all(
    sampler: ClipSampler, monkeypatch: pytest.MonkeyPatch, text: str, asked: bool
) -> None:
    seen: list[str] = []
    encoder = clips.shared_encoder()
    monkeypatch.setattr(clips, "shared_encoder", lambda: seen.append(text) or encoder)
    _one(sampler, text)
    assert bool(seen) is asked
    assert sampler.explain(text, 0).reading.whole is asked


def test_without_the_encoder_words_alone_count(sampler: ClipSampler, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise MissingPackage("not installed")

    monkeypatch.setattr(clips, "shared_encoder", missing)
    assert np.array_equal(_one(sampler, f"zork {TEXT}"), _one(sampler))
    with pytest.raises(InputError, match="no word of 'zork' is known"):
        _one(sampler, "zork")


def test_a_model_of_words_alone_asks_for_no_vector(tmp_path: Path) -> None:
    sampler = ClipSampler.load(save_clip_model(tmp_path / "words", reads_vectors=False))
    assert np.array_equal(_one(sampler, f"zork {TEXT}"), _one(sampler))
    with pytest.raises(InputError, match="no word of 'zork' is known"):
        _one(sampler, "zork")


def test_a_given_picture_is_what_it_begins_with(tmp_path: Path) -> None:
    sampler = ClipSampler.load(save_clip_model(tmp_path / "moved", gist="picture", background="gist"))
    first = np.random.default_rng(0).integers(0, 255, (64, 96, 3)).astype(np.uint8)
    drawn = sampler.explain(TEXT, 0, first=first)
    assert drawn.background is not None and np.array_equal(drawn.background, drawn.gist)  # type: ignore[arg-type]
    assert drawn.background.shape == (32, 48, 3)
    assert sampler.moves_pictures and drawn.frames.shape == (16, 64, 96, 3)  # as large as the picture
    assert np.array_equal(drawn.frames, _one(sampler, first=first))
    with pytest.raises(InputError, match="name one with --first"):
        _one(sampler)
    with pytest.raises(InputError, match="the first picture"):
        _one(sampler, first=first[0])


def test_a_frame_generator_draws_the_first_picture(tmp_path: Path) -> None:
    frames = save_frame_model(tmp_path / "frames")
    sampler = ClipSampler.load(save_clip_model(tmp_path / "clips", gist="frame", frame_model=str(frames)))
    one, other = (sampler.explain("a small red bird", seed).gist for seed in (0, 1))
    assert one is not None and other is not None and not np.array_equal(one, other)


def test_a_model_without_a_gist_takes_no_picture(tmp_path: Path) -> None:
    sampler = ClipSampler.load(save_clip_model(tmp_path / "direct", gist="none", text2filter=False))
    assert sampler.explain(TEXT, 0).gist is None and sampler.explain(TEXT, 0).filters is None
    with pytest.raises(InputError, match="reads no first picture"):
        _one(sampler, first=np.zeros((8, 8, 3), np.uint8))


def test_what_cannot_be_drawn_is_told(sampler: ClipSampler) -> None:
    with pytest.raises(InputError, match="the text is empty"):
        _one(sampler, "  ")
    with pytest.raises(InputError, match="2 seeds and 1 motion seeds came for 1 texts"):
        next(sampler.draw([TEXT], [0, 1], [0]))
    with pytest.raises(InputError, match="seed was -1"):
        _one(sampler, seed=-1)


def test_what_is_no_clip_model_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frames, scenes = save_frame_model(tmp_path / "frames"), save_clip_model(tmp_path / "models" / "scenes")
    with pytest.raises(CheckpointError, match="expected a gtt2v, which draws clips"):
        ClipSampler.load(frames)
    moved = save_clip_model(tmp_path / "models" / "moved", gist="picture", background="gist")
    assert draws(scenes) == "clip" and draws(frames) == "frame"
    assert needs_picture(moved) and not needs_picture(scenes) and not needs_picture(tmp_path)
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path))
    shipped, moving = "scenes-t2v", "scenes-t2v-picture"
    assert clip_models() == ["scenes", shipped, "moved", moving] and clip_models(moving=True) == ["moved", moving]
    assert clip_model() == "scenes" and clip_model(moving=True) == "moved"  # the ones first that need no picture
    with pytest.raises(
        CheckpointError,
        match="so that it draws no clips; installed models that do: scenes, scenes-t2v, moved, scenes-t2v-picture",
    ):
        clip_model(str(frames))
    config = read_config(scenes)
    save_checkpoint(tmp_path / "cut", {key: config[key] for key in config if key != "seconds"}, {})
    with pytest.raises(CheckpointError, match="lacks seconds"):
        ClipSampler.load(tmp_path / "cut")


def test_the_sheet_shows_every_stream(sampler: ClipSampler, tmp_path: Path) -> None:
    whole = clip_sheet([sampler.explain(TEXT, 0)])
    direct = ClipSampler.load(save_clip_model(tmp_path / "direct", gist="none", text2filter=False))
    less = clip_sheet([direct.explain(TEXT, 0)])
    assert whole.shape[1] == less.shape[1] and whole.shape[0] > less.shape[0] > 3 * 128
    assert len(clip_sheet([sampler.explain(TEXT, 0)] * 2)) > 1.9 * len(whole) - 64


def test_a_sheet_of_clips_has_eight_moments_a_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, out = str(save_clip_model(tmp_path / "scenes")), tmp_path / "sheet.png"
    assert run(["sample", model, "--n", "3", "--text", TEXT, "-o", str(out)]) == 0
    with Image.open(out) as sheet:
        assert sheet.size == (8 * 48 + 7 * 4, 3 * 32 + 2 * 4)
    assert run(["sample", model]) == 1
    assert "draws captions and none came" in capsys.readouterr().err


def test_folded_it_draws_what_it_draws_unfolded(tmp_path: Path) -> None:
    folder = save_clip_model(tmp_path / "scenes")
    sampler = ClipSampler.load(folder)
    plain = GTT2VGenerator(GTT2VSizes(**{**to_dict(sampler.sizes), "base": sampler.sizes.base})).eval()
    torch.manual_seed(0)
    plain.load_state_dict({name: value.half().float() for name, value in _fresh().items()})
    with torch.inference_mode():
        psi, eps, noise = torch.randn(1, sampler.sizes.text), torch.randn(1, 4), torch.randn(1, 3)
        one, other = (network(psi, eps, noise).frames for network in (plain, sampler.generator))
    assert (one - other).abs().max() < 1 / 255


def _fresh() -> dict[str, torch.Tensor]:
    from tests.seqgan.sampling.clip_models import network

    return dict(network().state_dict())


def test_the_words_of_the_fixture_are_all_known(sampler: ClipSampler) -> None:
    assert sampler.read(TEXT).words == tuple(TEXT.split()) and len(WORDS) == sampler.sizes.vocabulary
