"""Training of a style encoder on a frozen generator: it recovers noise, resumes exactly, and says what it cannot do."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from seqgan.checkpoints.format import read_config, read_weights, save_checkpoint, weights_hash
from seqgan.config import to_dict
from seqgan.data.pictures import PictureData
from seqgan.errors import CheckpointError, ConfigError
from seqgan.models.damsm import DamsmTextEncoder, DamsmTextSizes
from seqgan.models.gan_cls import HouseGANCLSGenerator, HouseGANCLSSizes
from seqgan.training.damsm_setup import caption_vocabulary
from seqgan.training.runtime import Runtime
from seqgan.training.style_setup import StyleOptions, load_style, style_task
from seqgan.training.tasks.style import StyleTask, StyleTraining
from seqgan.training.train import run_training
from tests.seqgan.tiny_pictures import tiny_pictures

CPU = Runtime.choose("cpu", "float32", 1)
SPARSE = "loop={log_every: 64, sheet_every: 100000, save_every: 100000, decay_from: 1.0}"


@pytest.fixture(scope="module")
def generator(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GAN-CLS of 32 pixels whose weights say more of the noise than fresh ones do."""
    folder, words = tmp_path_factory.mktemp("generator"), caption_vocabulary(PictureData.open(pictures, "train"))
    torch.manual_seed(0)
    text = DamsmTextEncoder(DamsmTextSizes(len(words), 8, 8))
    sizes = HouseGANCLSSizes(text=8, cond=8, z=3, width=4, base=(2, 2))
    network = HouseGANCLSGenerator(sizes)
    for parameter in network.parameters():
        if parameter.dim() > 1:
            nn.init.orthogonal_(parameter, 1.5)
    told = {"origin": "house", "licence": "MIT", "trained_on": {}}
    config = {"family": "gan_cls_house", "sizes": to_dict(sizes), "text_encoder": "text-encoder", **told}
    save_checkpoint(folder, config, network.state_dict())
    below = {"family": "damsm_text", "sizes": to_dict(text.sizes), "vocabulary": words, **told}
    save_checkpoint(folder / "text-encoder", below, text.state_dict())
    return folder


def _task(pictures: Path, generator: Path, init: Path | None = None) -> StyleTask:
    options = StyleOptions(str(generator), width=4, training=StyleTraining(batch=16))
    return style_task(options, pictures, init, CPU)[0]


def _train(pictures: Path, generator: Path, run: Path, images: int) -> Path:
    changes = [f"generator={generator}", "width=4", "training={batch: 32, lr: 0.004, half_life: 200}", SPARSE]
    return run_training(
        "style_small", pictures, run, changes=changes, max_images=images, device="cpu", precision="float32", quiet=True
    )


@pytest.fixture(scope="module")
def checkpoint(pictures: Path, generator: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _train(pictures, generator, tmp_path_factory.mktemp("run"), 3200)


def test_it_recovers_noise_of_captions_that_it_never_saw(checkpoint: Path, generator: Path, pictures: Path) -> None:
    fresh, trained = _task(pictures, generator), _task(pictures, generator, checkpoint)
    assert fresh.validate()["score"] < 0.1
    assert trained.validate()["score"] > 0.6


def test_its_config_tells_which_generator_it_reads(checkpoint: Path, generator: Path, pictures: Path) -> None:
    config = read_config(checkpoint)
    assert config["family"] == "style_encoder" and config["sizes"] == {"z": 3, "width": 4, "size": 32}
    assert config["generator"]["weights_sha256"] == weights_hash(generator)
    assert config["generator"]["family"] == "gan_cls_house"
    loaded = load_style(str(checkpoint))
    assert loaded.info["generator"] == config["generator"] and not loaded.encoder.training
    assert loaded.encoder(torch.zeros(2, 3, 32, 32)).shape == (2, 3)


def test_half_and_resumed_half_equal_the_whole(pictures: Path, generator: Path, tmp_path: Path) -> None:
    whole = read_weights(_train(pictures, generator, tmp_path / "whole", 64))
    _train(pictures, generator, tmp_path / "halves", 32)
    halves = read_weights(_train(pictures, generator, tmp_path / "halves", 64))
    assert all(torch.equal(whole[name], halves[name]) for name in whole)


def test_the_generator_does_not_move_and_wants_no_gradient(pictures: Path, generator: Path) -> None:
    task = _task(pictures, generator)
    before = {name: value.clone() for name, value in task.generator.state_dict().items()}
    terms = task.losses("g", task.batch(0), torch.Generator().manual_seed(0))
    terms["style"].value.backward()
    assert not any(parameter.requires_grad for parameter in task.generator.parameters())
    assert all(torch.equal(before[name], value) for name, value in task.generator.state_dict().items())
    assert any(parameter.grad is not None for parameter in task.encoder.parameters())
    assert terms["style"].value.item() == pytest.approx(3, rel=0.8)  # an encoder that says nothing costs Dz


def test_a_sheet_shows_drivers_and_seven_captions_in_the_style_of_each(pictures: Path, generator: Path) -> None:
    task = _task(pictures, generator)
    sheet = task.sheet()
    assert sheet.shape == (8 * 32, 8 * 32, 3) and sheet.dtype == np.uint8
    rows = np.linspace(0, len(task.val) - 1, 8).astype(int)
    assert np.array_equal(sheet[32:64, :32], task.val.images[rows[1]])
    drawn: Tensor = task.transferred(torch.zeros(2, 3), np.array([0, 1]))
    assert drawn.shape == (2, 3, 32, 32) and not torch.equal(drawn[0], drawn[1])


def test_a_generator_must_be_named_read_captions_and_draw_the_size(
    pictures: Path, generator: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="add --set generator=CHECKPOINT"):
        style_task(StyleOptions(), pictures, None, CPU)
    with pytest.raises(ConfigError, match=r"pictures of \(32, 32\), the data's are \[24, 24\]"):
        _task(tiny_pictures(tmp_path / "small", crop=24), generator)
    mute = tmp_path / "mute"
    mute.mkdir()
    for name in ("config.json", "model.safetensors"):
        (mute / name).write_bytes((generator / name).read_bytes())
    (mute / "config.json").write_text(json.dumps({**read_config(generator), "text_encoder": ""}))
    with pytest.raises(ConfigError, match="came without a text encoder"):
        _task(pictures, mute)


def test_only_a_style_encoder_is_taken_for_one(checkpoint: Path, generator: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="'gan_cls_house'; expected a style_encoder"):
        load_style(str(generator))
    config = read_config(checkpoint)
    del config["sizes"]
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(CheckpointError, match="lacks sizes"):
        load_style(str(tmp_path))
