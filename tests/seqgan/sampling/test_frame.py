"""Captions drawn by every family: samples, stages, chosen noise, sentences between two, styles; and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from seqgan.cli.main import run
from seqgan.errors import CheckpointError, InputError
from seqgan.models.frames import SYSTEMS
from seqgan.sampling import FrameSampler, draws, frame_model, read_picture
from seqgan.sampling.figures import figures
from seqgan.sampling.installed import FRAME_FAMILIES, frame_models
from seqgan.sampling.mixing import mixed
from seqgan.text.captions import LONGEST
from seqgan.text.encoders import TextFeatures
from tests.seqgan.sampling.frame_models import NETWORKS, WORDS, save_frame_model, save_style

ONE, TWO = "a small red bird", "the blue bird sits on a green leaf"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An AttnGAN with a style encoder."""
    return save_frame_model(tmp_path_factory.mktemp("models") / "birds", style=True)


@pytest.fixture(scope="module")
def sampler(folder: Path) -> FrameSampler:
    return FrameSampler.load(folder, device="cpu")


@pytest.mark.parametrize("family", NETWORKS)
def test_every_family_draws_samples_stages_and_what_lies_between(family: str, tmp_path: Path) -> None:
    sampler = FrameSampler.load(save_frame_model(tmp_path / family, family), device="cpu")
    first, second = (picture for _, picture in sampler.draw([ONE, ONE], [0, 1]))
    assert first.shape == (*sampler.size, 3) and first.dtype == np.uint8 and not np.array_equal(first, second)
    drawn = sampler.explain(ONE, 0)
    assert np.array_equal(drawn.picture, first) and list(drawn.pictures) == sorted(drawn.pictures)
    assert bool(drawn.attention) == SYSTEMS[family].words
    ends = [picture for _, picture in sampler.between(ONE, TWO, 3, seed=1)]
    wanted = [picture for _, picture in sampler.draw([ONE, TWO], [1, 1])]
    assert all(np.array_equal(*pair) for pair in zip((ends[0], ends[2]), wanted, strict=True))
    assert not np.array_equal(ends[1], ends[0]) and not np.array_equal(ends[1], ends[2])


def test_the_torch_free_list_of_families_is_the_whole_one() -> None:
    assert sorted(FRAME_FAMILIES) == sorted(SYSTEMS) == sorted(NETWORKS)


def test_attention_is_shared_among_the_words_read(sampler: FrameSampler) -> None:
    drawn = sampler.explain("a small zorkish red bird", 0)
    assert drawn.reading.ignored == ("zorkish",)
    assert {side: maps.shape for side, maps in drawn.attention.items()} == {16: (4, 16, 16), 32: (4, 32, 32)}
    assert np.allclose(drawn.attention[16].sum(0), 1, atol=1e-5)


def test_noise_may_be_chosen(sampler: FrameSampler) -> None:
    z = np.stack([sampler.noise(7), sampler.noise(8)])
    chosen = [picture for _, picture in sampler.draw([ONE, ONE], [7, 7], z)]
    assert np.array_equal(chosen[0], next(sampler.draw([ONE], [7]))[1])
    assert not np.array_equal(chosen[1], chosen[0])
    with pytest.raises(InputError, match=r"z has shape \(2, 5\), expected \(1, 5\)"):
        next(sampler.draw([ONE], [0], z))


def test_words_between_two_captions_weigh_as_their_shares() -> None:
    rng = torch.Generator().manual_seed(0)
    one, two = (TextFeatures(torch.randn(1, 4, generator=rng), torch.randn(1, 4, count, generator=rng),
                             torch.zeros(1, count, dtype=torch.bool)) for count in (2, 3))  # fmt: skip
    text, place = mixed(one, two, 0.25), torch.randn(4, generator=rng)
    weights = torch.softmax(place @ text.word_embs[0], 0)
    plain = torch.exp(place @ torch.cat([one.word_embs, two.word_embs], 2)[0])
    prior = plain * torch.tensor([0.75, 0.75, 0.25, 0.25, 0.25])
    assert torch.allclose(weights @ text.word_embs[0].T,
                          prior / prior.sum() @ torch.cat([one.word_embs, two.word_embs], 2)[0].T)  # fmt: skip
    assert torch.allclose(text.sent_emb, 0.75 * one.sent_emb + 0.25 * two.sent_emb)
    for share, end in ((0.0, one), (1.0, two)):
        assert torch.equal(mixed(one, two, share).word_embs, end.word_embs)
        assert torch.equal(mixed(one, two, share).sent_emb, end.sent_emb)


# What a person hands in -----------------------------------------------------------------------------------------------


def test_captions_that_say_nothing_are_refused_or_drawn_as_such(sampler: FrameSampler) -> None:
    for caption, told in (("", "found no word in it"), ("?!", "found no word"), ("zork", "knows none of zork")):
        with pytest.raises(InputError, match=f"cannot be drawn.*{told}"):
            next(sampler.draw([caption], [0]))
        with pytest.raises(InputError, match="cannot be drawn"):
            list(sampler.between(ONE, caption, 3))
        assert next(sampler.draw([caption], [0], strict=False))[1].shape == (64, 64, 3)
        assert sampler.explain(caption, 0, strict=False).attention == {}


def test_a_long_caption_is_cut_and_says_so(sampler: FrameSampler) -> None:
    words = [*["a"] * LONGEST, "red", "bird"]
    assert sampler.read(" ".join(words)).cut == ("red", "bird")
    cut, whole = (next(sampler.draw([" ".join(each)], [0]))[1] for each in (words[:LONGEST], words))
    assert np.array_equal(cut, whole)


def test_negative_seeds_and_unequal_lengths_are_refused(sampler: FrameSampler) -> None:
    with pytest.raises(InputError, match="the seed was -1"):
        next(sampler.draw([ONE], [-1]))
    with pytest.raises(InputError, match="one seed a caption"):
        next(sampler.draw([ONE], [0, 1]))
    with pytest.raises(InputError, match="count of pictures is 1"):
        next(sampler.between(ONE, TWO, 1))


def test_a_style_is_noise_read_from_the_middle_of_a_picture(sampler: FrameSampler, tmp_path: Path) -> None:
    square = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    wide = np.concatenate([np.zeros((32, 8, 3), np.uint8), square, np.zeros((32, 8, 3), np.uint8)], 1)
    assert sampler.style(square).shape == (5,) and np.array_equal(sampler.style(square), sampler.style(wide))
    with pytest.raises(InputError, match="the picture has shape"):
        sampler.style(square[..., 0])
    bare = FrameSampler.load(save_frame_model(tmp_path / "bare"), device="cpu")
    with pytest.raises(CheckpointError, match="bare has no style encoder beside it"):
        bare.style(square)


def test_a_picture_file_is_checked(tmp_path: Path) -> None:
    Image.new("RGBA", (4, 3), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    assert (read_picture(tmp_path / "clear.png") == 255).all()
    (tmp_path / "text.png").write_text("a cat")
    with pytest.raises(InputError, match="no picture that can be read"):
        read_picture(tmp_path / "text.png")
    Image.new("L", (9000, 8000)).save(tmp_path / "huge.png")
    with pytest.raises(InputError, match="is 9000x8000 pixels; make it smaller"):
        read_picture(tmp_path / "huge.png")
    with pytest.raises(InputError, match="there is no picture"):
        read_picture(tmp_path / "none.png")
    with pytest.raises(InputError, match="no picture that can be read"):
        read_picture(tmp_path)


# Checkpoints ----------------------------------------------------------------------------------------------------------


def test_parts_that_are_not_of_one_model_are_refused(tmp_path: Path) -> None:
    other = save_frame_model(tmp_path / "other", text=6)
    with pytest.raises(CheckpointError, match="gives sentences of 6 numbers, its generator reads 8"):
        FrameSampler.load(other)
    styled = save_frame_model(tmp_path / "styled")
    save_style(styled, 7)
    with pytest.raises(CheckpointError, match="gives styles of 7 numbers, its generator reads 5"):
        FrameSampler.load(styled)


@pytest.mark.parametrize(
    ("where", "change", "told"),
    [("text-encoder", {"vocabulary": list(WORDS[:-1])}, "knows 11 words, its vocabulary lists 10"),
     ("text-encoder", {"family": "attngan"}, "does not say its sizes"),
     (".", {"sizes": {"width": 4, "colour": 3}}, "does not say its sizes"),
     (".", {"sizes": {"text": 8, "cond": 4, "z": 5, "width": 8}}, "do not fit this network"),
     (".", {"family": "storygan"}, "frames are drawn by"),
     ("style-encoder", {"family": "gan_cls", "sizes": {}}, "do not fit this network")],
)  # fmt: skip
def test_a_config_that_does_not_fit_is_a_checkpoint_error(tmp_path: Path, where: str, change: dict, told: str) -> None:
    path = save_frame_model(tmp_path / "model", style=True) / where / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(CheckpointError, match=told):
        FrameSampler.load(tmp_path / "model")


def test_the_best_installed_model_of_captions_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path))
    models = tmp_path / "models"
    for name, family in (("b", "gan_cls"), ("c", "hdgan")):
        save_frame_model(models / name, family)
    config = models / "mute" / "config.json"
    config.parent.mkdir()
    config.write_text('{"family": "attngan"}')
    own = [name for name in frame_models() if (models / name).is_dir()]
    assert own == ["c", "b"] and draws(config.parent) == "" and draws(models / "none") == "story"
    save_frame_model(models / "emoji-attngan", "gan_cls")
    assert frame_model() == "emoji-attngan" and frame_model("b") == "b"
    assert frame_model(styled=True) == "emoji-gan-cls" and frame_model("b", styled=True) == "b"
    save_style(models / "emoji-attngan", 5)
    assert frame_model(styled=True) == "emoji-attngan"
    for name, told in (("mute", "without a text encoder"), ("theatre-64", "is of family storygan")):
        with pytest.raises(CheckpointError, match=f"{name} .*{told}.*draws no captions.*emoji-attngan"):
            frame_model(name)
    config.write_text("{")
    assert frame_model("mute") == "mute"  # loading it says what is wrong
    with pytest.raises(CheckpointError, match="not readable JSON"):
        FrameSampler.load("mute")


# Figures --------------------------------------------------------------------------------------------------------------


def test_figures_are_what_a_model_can_give(sampler: FrameSampler, tmp_path: Path) -> None:
    drawn = dict(figures(sampler, [ONE, TWO]))
    assert list(drawn) == ["samples", "explain", "sizes", "interpolation", "styles"]
    assert all(sheet.dtype == np.uint8 and sheet.shape[2] == 3 and sheet.std() > 1 for sheet in drawn.values())
    plain = FrameSampler.load(save_frame_model(tmp_path / "cls", "gan_cls_house"), device="cpu")
    assert list(dict(figures(plain, [ONE]))) == ["samples", "explain", "interpolation"]
    with pytest.raises(InputError, match="no caption came"):
        next(figures(plain, []))


def test_the_command_writes_figures_with_their_record(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    driver = tmp_path / "driver.png"
    Image.new("RGB", (20, 30), "teal").save(driver)
    words = ["figures", str(folder), "-o", str(tmp_path / "out"), "--device", "cpu"]
    assert run([*words, "--caption", ONE, "--style", str(driver)]) == 0
    with Image.open(tmp_path / "out" / "styles.png") as image:
        made = json.loads(image.info["seqgan"])
    assert (made["kind"], made["captions"], made["model"]["name"]) == ("figure styles", [ONE], "birds")
    capsys.readouterr()
    assert run(words) == 1
    assert "no caption came" in capsys.readouterr().err
    assert run([*words, "--data", "no-such"]) == 1
    assert run([*words, "--caption", "zork"]) == 1
    assert run([*words, "--caption", ONE, "--style", str(folder / "config.json")]) == 1
