"""Training of char-CNN-RNN: by pictures, and by published embeddings; as an encoder of captions for generators."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from seqgan.checkpoints.format import read_config, read_weights
from seqgan.cli.main import run
from seqgan.config import to_dict
from seqgan.errors import CheckpointError
from seqgan.models.char_cnn_rnn import CharTextSizes
from seqgan.training.frames import CharReader, char_codes
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.text import DistilTask, JointTask, TextTraining
from seqgan.training.text_setup import TextOptions, load_text, text_task
from seqgan.training.train import run_training
from tests.seqgan.data.test_published import write_embeddings
from tests.seqgan.tiny_pictures import tiny_pictures

CPU = Runtime.choose("cpu", "float32", 1)
SIZES = CharTextSizes(16, (16, 16, 24))
TINY = TextOptions(network=SIZES, training=TextTraining(batch=16, half_life=200))
SPARSE = "loop={log_every: 64, sheet_every: 100000, save_every: 100000, decay_from: 1.0}"
CHANGES = [f"network={json.dumps(to_dict(SIZES))}", "training={batch: 16, lr: 0.003, half_life: 200}", SPARSE]


def _train(data: Path, run: Path, images: int, *changes: str) -> Path:
    return run_training(
        "text-encoder", data, run, changes=[*CHANGES, *changes], max_images=images, device="cpu", precision="float32",
        quiet=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def checkpoint(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _train(pictures, tmp_path_factory.mktemp("run"), 1600)


@pytest.fixture(scope="module")
def embeddings(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_embeddings(pictures, tmp_path_factory.mktemp("published") / "embeddings.pickle")


def test_pictures_find_their_captions(checkpoint: Path, pictures: Path) -> None:
    log = [json.loads(line) for line in (checkpoint.parent / "log.jsonl").read_text().splitlines()]
    costs = [sum(record["terms"].values()) for record in log if "terms" in record]
    assert costs[-1] < 0.5 * costs[0]
    task, _ = text_task(replace(TINY, images=1), pictures, checkpoint, CPU)
    assert isinstance(task, JointTask)
    state = torch.load(checkpoint.parent / "state.pt", weights_only=True)
    task.image.load_state_dict(state["networks"]["image"])
    assert task.validate()["score"] > 0.2  # by chance 1 of 22


def test_half_and_resumed_half_equal_the_whole(pictures: Path, tmp_path: Path) -> None:
    whole = read_weights(_train(pictures, tmp_path / "whole", 64))
    _train(pictures, tmp_path / "halves", 32)
    halves = read_weights(_train(pictures, tmp_path / "halves", 64))
    assert all(torch.equal(whole[name], halves[name]) for name in whole)


def test_captions_that_may_be_said_of_a_picture_are_no_negatives(pictures: Path, tmp_path: Path) -> None:
    task, _ = text_task(TINY, pictures, None, CPU)
    assert isinstance(task, JointTask)
    batch = task.batch(0)
    everyone = replace(batch, mates=torch.ones_like(batch.mates))
    noise = torch.Generator()
    assert all(term.value == 0 for term in task.losses("g", everyone, noise).values())
    assert all(term.value > 0 for term in task.losses("g", batch, noise).values())
    task, _ = text_task(TINY, tiny_pictures(tmp_path / "classes", mismatch="class"), None, CPU)
    assert isinstance(task, JointTask)
    numbers, classes = task.epochs.numbers(0), task.data.labels["class"]
    same = classes[numbers][:, None] == classes[numbers][None]
    assert np.array_equal(task.batch(0).mates.numpy(), same)


def test_pictures_that_vary_are_looked_at_anew(pictures: Path, tmp_path: Path) -> None:
    task, _ = text_task(TINY, tiny_pictures(tmp_path / "varied", crop=24, flip=True), None, CPU)
    assert isinstance(task, JointTask)
    assert torch.equal(task.batch(3).pooled, task.batch(3).pooled) and task.batch(3).pooled.shape == (16, 1280)
    assert task.images(task.batch(3)) == 16 and task.sheet().shape == (2 * 24, 8 * 24, 3)
    still, _ = text_task(TINY, pictures, None, CPU)
    assert isinstance(still, JointTask)
    order, seen = still.epochs.numbers(0), still.batch(0).pooled
    torch.testing.assert_close(seen, still._look(still.data.images[order]), atol=1e-4, rtol=1e-4)


def test_an_encoder_is_fit_to_published_embeddings(pictures: Path, embeddings: Path, tmp_path: Path) -> None:
    distil = f"distil={embeddings}"
    folder = _train(pictures, tmp_path / "run", 3200, distil)
    loaded = load_text(str(folder))
    assert loaded.encoder.sizes == replace(SIZES, text=6)  # that of the embeddings
    assert loaded.config["distilled_from"]["name"] == "embeddings.pickle"
    assert str(tmp_path) not in json.dumps(loaded.config) and loaded.config["trained_on"]["name"] == "tiny"
    fresh, _ = text_task(replace(TINY, distil=str(embeddings)), pictures, None, CPU)
    trained, _ = text_task(replace(TINY, distil=str(embeddings)), pictures, folder, CPU)
    assert isinstance(fresh, DistilTask) and isinstance(trained, DistilTask)
    assert fresh.validate()["score"] < 0.5
    figures = trained.validate()
    assert figures["score"] == figures["cosine"] > 0.8
    assert trained.sheet().shape == (32 * 4, 12, 3) and trained.images(trained.batch(0)) == 16
    assert not set(trained.data.pictures) & set(trained.val.pictures) and trained.epoch == len(trained.data.captions)


def test_the_command_of_the_guide(pictures: Path, embeddings: Path, tmp_path: Path) -> None:
    folder, small = tmp_path / "run", [word for change in CHANGES for word in ("--set", change)]
    words = ["--data", str(pictures), "--distil", str(embeddings), "--run-dir", str(folder), "--max-images", "16"]
    assert run(["train", "text-encoder", *words, "--device", "cpu", *small]) == 0
    assert read_config(folder / "checkpoint")["sizes"]["text"] == 6


def test_distil_belongs_to_the_text_encoder(
    pictures: Path, embeddings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["train", "damsm_small", "--data", str(pictures), "--distil", str(embeddings)]) == 1
    assert "--distil fits a text encoder, not damsm_small" in capsys.readouterr().err


def test_a_reader_tells_sentences_and_no_words(checkpoint: Path) -> None:
    reader = CharReader(load_text(str(checkpoint)).encoder, torch.device("cpu"))
    captions = ["a red ring", "a blue cross in night style", "a red ring"]
    text = reader(captions)
    assert reader.size == 16 and text.sent_emb.shape == (3, 16) and text.word_embs.shape == (3, 16, 1)
    assert not text.pad_mask.any() and torch.equal(text.word_embs[..., 0], text.sent_emb)
    torch.testing.assert_close(text.sent_emb[0], text.sent_emb[2])
    torch.testing.assert_close(text.sent_emb[1:2], reader(captions[1:2]).sent_emb)
    assert char_codes(captions).shape == (3, 201)


def test_only_a_char_cnn_rnn_is_taken_for_one(checkpoint: Path, tmp_path: Path) -> None:
    config = read_config(checkpoint)
    (tmp_path / "config.json").write_text(json.dumps({**config, "family": "damsm_text"}))
    with pytest.raises(CheckpointError, match="'damsm_text'; expected a char_cnn_rnn"):
        load_text(str(tmp_path))
