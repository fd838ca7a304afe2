"""A char-CNN-RNN in place of a DAMSM's text encoder: a generator is trained with it, drawn with it, and measured."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from seqgan.checkpoints.format import read_config, read_weights, save_checkpoint
from seqgan.config import to_dict
from seqgan.errors import CheckpointError, ConfigError, InputError
from seqgan.models.char_cnn_rnn import CharTextEncoder, CharTextSizes
from seqgan.presets import preset
from seqgan.sampling.frame import FrameSampler
from seqgan.training.frame_setup import frame_task
from seqgan.training.runtime import Runtime
from seqgan.training.style_setup import StyleOptions, style_task
from seqgan.training.tasks.style import StyleTraining
from seqgan.training.train import resolve, run_training
from tests.seqgan.training.conftest import LOOP

CPU = Runtime.choose("cpu", "float32", 1)
CHANGES = ["network={cond: 8, z: 4, width: 4, d_width: 4, base: [2, 2], rank: 8}", "training.batch=8", LOOP]


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    encoder = CharTextEncoder(CharTextSizes(12, (8, 8, 8)))
    folder = tmp_path_factory.mktemp("text")
    save_checkpoint(folder, {"family": "char_cnn_rnn", "sizes": to_dict(encoder.sizes)}, encoder.state_dict())
    return folder


@pytest.fixture(scope="module")
def generator(pictures: Path, damsm: Path, text: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    changes = [*CHANGES, f"damsm={damsm}", f"text={text}"]
    return run_training(
        "gan_cls_small", pictures, tmp_path_factory.mktemp("run"), changes=changes, max_images=16, device="cpu",
        precision="float32", quiet=True,
    )  # fmt: skip


def test_its_checkpoint_carries_the_encoder(generator: Path, text: Path) -> None:
    below = generator / "text-encoder"
    assert read_config(generator)["sizes"]["text"] == 12 and read_config(below)["family"] == "char_cnn_rnn"
    kept, own = read_weights(below), read_weights(text)
    assert all(torch.equal(kept[name], own[name]) for name in own)


def test_captions_are_drawn_letter_by_letter(generator: Path) -> None:
    sampler = FrameSampler.load(generator, "cpu")
    for parameter in sampler.generator.parameters():  # fresh weights draw grey
        parameter.mul_(12 if parameter.dim() > 1 else 1)
    (_, one), (_, two), (_, same) = sampler.draw(["a red ring", "a blue ring", "a red ring"], [1, 1, 1])
    assert one.shape == (32, 32, 3) and np.array_equal(one, same) and not np.array_equal(one, two)
    sent = sampler.encoder(torch.tensor([sampler.read("a red ring").numbers])) if sampler.encoder else None
    assert isinstance(sent, torch.Tensor)
    ((_, drawn),) = sampler.draw_vectors(sent.detach().numpy(), [1])
    assert np.array_equal(drawn, one)
    ends = [picture for _, picture in sampler.between("a red ring", "a blue ring", 2, seed=1)]
    assert np.array_equal(ends[0], one) and np.array_equal(ends[1], two)


def test_what_says_nothing_is_refused_or_drawn_as_that(generator: Path) -> None:
    sampler = FrameSampler.load(generator, "cpu")
    assert sampler.read("A Ring, with zyx").words == ("a", "ring", "with", "zyx")  # every word can be spelt
    assert sampler.read("ring " * 60).cut and not sampler.read("ring").cut
    for caption in ("", "  ...", "노란꽃"):
        with pytest.raises(InputError, match="found no word in it"):
            sampler.read(caption)
    ((_, blank),) = sampler.draw([""], [1], strict=False)
    assert blank.shape == (32, 32, 3)


def test_pictures_are_judged_by_the_damsms_own_sentences(pictures: Path, damsm: Path, text: Path) -> None:
    options = resolve(preset("gan_cls_small"), [*CHANGES, f"damsm={damsm}", f"text={text}"], 16)
    task, _ = frame_task(options, pictures, None, CPU)
    assert task.val_features.sent.shape[1] == 12 and task.judged.sent.shape[1] == 32
    assert 0 <= task.validate()["score"] <= 1


def test_a_style_encoder_reads_its_pictures(generator: Path, pictures: Path) -> None:
    options = StyleOptions(str(generator), width=4, training=StyleTraining(batch=8))
    task, _ = style_task(options, pictures, None, CPU)
    assert task.features.sent.shape[1] == 12
    assert task.losses("g", task.batch(0), torch.Generator().manual_seed(0))["style"].value > 0


def test_families_that_need_words_refuse_it(text: Path, damsm: Path) -> None:
    for name, changes in (("attngan_small", []), ("gan_cls_small", ["training.weights.damsm=1"])):
        with pytest.raises(ConfigError, match="tells sentences alone"):
            resolve(preset(name), [f"damsm={damsm}", f"text={text}", *changes], 16)


def test_an_encoder_of_another_size_or_kind_is_refused(generator: Path, damsm: Path, tmp_path: Path) -> None:
    for name in ("config.json", "model.safetensors"):
        (tmp_path / name).write_bytes((generator / name).read_bytes())
    other = CharTextEncoder(CharTextSizes(10, (8, 8, 8)))
    below = tmp_path / "text-encoder"
    save_checkpoint(below, {"family": "char_cnn_rnn", "sizes": to_dict(other.sizes)}, other.state_dict())
    with pytest.raises(CheckpointError, match="sentences of 10 numbers, its generator reads 12"):
        FrameSampler.load(tmp_path, "cpu")
    for name in ("config.json", "model.safetensors"):
        (below / name).write_bytes((damsm / name).read_bytes())
    with pytest.raises(CheckpointError, match="family damsm; expected damsm_text or char_cnn_rnn"):
        FrameSampler.load(tmp_path, "cpu")
