"""Pretraining of DAMSM: it learns, resumes exactly, and is loaded as it was saved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from seqgan.checkpoints.format import read_config, read_weights
from seqgan.data.pictures import PictureData
from seqgan.errors import CheckpointError
from seqgan.models.efficientnet_lite import load_enlite0, without_norms
from seqgan.training.damsm_setup import DamsmOptions, damsm_task, load_damsm, validation_split
from seqgan.training.frames import numbered, picture_codes, varied
from seqgan.training.runtime import Runtime
from seqgan.training.train import run_training
from tests.seqgan.tiny_pictures import tiny_pictures
from tests.seqgan.training.conftest import LOOP

CPU = Runtime.choose("cpu", "float32", 1)
SMALL = ["network={size: 16, embed: 8, side: 32}", "training.batch=16", LOOP]


def test_it_learns_which_caption_is_whose(damsm: Path, pictures: Path) -> None:
    loaded = load_damsm(str(damsm), CPU.device)
    task, _ = damsm_task(DamsmOptions(), pictures, damsm, CPU)
    assert task.validate()["r_precision"] > 0.5  # chance is about 1 in 40
    assert loaded.vocabulary.words[0] == "<end>"
    assert read_config(damsm)["trained_on"]["name"] == "tiny"


def test_the_frozen_network_is_no_part_of_the_checkpoint(damsm: Path) -> None:
    names = set(read_weights(damsm))
    assert {name.split(".")[0] for name in names} == {"text", "emb_features", "emb_cnn_code"}


def test_norms_are_folded_into_the_frozen_network() -> None:
    plain = load_enlite0()
    folded, image = without_norms(plain), torch.rand(2, 3, 64, 48) * 2 - 1
    assert not any(isinstance(part, torch.nn.BatchNorm2d) for part in folded.modules())
    for ours, theirs in zip(folded.levels(image), plain.levels(image), strict=True):
        torch.testing.assert_close(ours, theirs, atol=2e-4, rtol=1e-4)


def test_gradients_reach_the_picture_and_not_the_network(damsm: Path) -> None:
    regions = load_damsm(str(damsm), CPU.device).regions
    image = torch.rand(2, 3, 32, 32, requires_grad=True)
    maps, codes = regions(image)
    assert maps.shape == (2, 32, 4, 4)
    (maps.square().sum() + codes.square().sum()).backward()
    assert image.grad is not None and image.grad.abs().sum() > 0
    assert all(parameter.grad is None for parameter in regions.parameters())
    assert not regions.train().trunk.training


def test_what_a_picture_gives_does_not_depend_on_its_batch(damsm: Path, pictures: Path) -> None:
    regions = load_damsm(str(damsm), CPU.device).regions
    frames = varied(PictureData.open(pictures, "val"), np.arange(5), None)
    whole, one = picture_codes(regions, frames, CPU.device), picture_codes(regions, frames[3:4], CPU.device)
    np.testing.assert_allclose(whole[3:4], one, atol=1e-5)


def test_a_resumed_run_is_the_whole_run(pictures: Path, tmp_path: Path) -> None:
    def train(folder: str, images: int) -> dict[str, torch.Tensor]:
        return read_weights(run_training(
            "damsm_small", pictures, tmp_path / folder, changes=[*SMALL, "loop.schedule=constant"], max_images=images,
            device="cpu", precision="float32", quiet=True,
        ))  # fmt: skip

    whole = train("a", 96)
    train("b", 48)
    for name, value in train("b", 96).items():
        torch.testing.assert_close(value, whole[name], msg=name)


def test_pictures_that_vary_are_looked_at_every_time(tmp_path: Path) -> None:
    folder = tiny_pictures(tmp_path / "v", size=40, crop=32, flip=True)
    options = DamsmOptions(images=16)
    task, _ = damsm_task(options, folder, None, CPU)
    assert task._seen is None
    first, again = task.batch(0), task.batch(0)
    torch.testing.assert_close(first.local, again.local)
    assert first.captions.tolist() == again.captions.tolist()


def test_numbers_of_captions(damsm: Path) -> None:
    vocabulary = load_damsm(str(damsm), CPU.device).vocabulary
    table, lengths = numbered(vocabulary, ["a red ring", "zzz", "red"])
    assert lengths.tolist() == [3, 1, 1]
    assert table[1].tolist() == [0, 0, 0]  # no word of it is known: one padding word, which says nothing


def test_only_a_damsm_is_loaded(damsm: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"format": 1, "family": "judge"}')
    with pytest.raises(CheckpointError, match="holds a 'judge'; expected a damsm"):
        load_damsm(str(tmp_path), CPU.device)


def test_the_split_to_choose_by(pictures: Path) -> None:
    assert validation_split(pictures) == "val"
