"""Story frames that look at words, from data to sampler: the words of the very captions, one step, a checkpoint that
draws the same from sentences, and every panel of evaluation told by its first caption."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from seqgan.checkpoints.format import read_config, read_weights, save_checkpoint
from seqgan.config import to_dict
from seqgan.data.sequences import SequenceData
from seqgan.errors import CheckpointError, ConfigError, InputError
from seqgan.models.story_words import tokens_of
from seqgan.models.storygan_paper import StoryGANPaperGenerator
from seqgan.models.storygan_paper_sizes import StoryGANPaperSizes
from seqgan.presets import preset
from seqgan.sampling import VectorStorySampler
from seqgan.text.vocab import Vocabulary
from seqgan.training.loop import LoopOptions, run_phase
from seqgan.training.runtime import Runtime
from seqgan.training.sequence_systems import draw_stories, system_of
from seqgan.training.story_pictures import encoded
from seqgan.training.storygan_setup import storygan_task
from seqgan.training.train import resolve, run_training
from tests.seqgan.tiny_sequences import tiny_sequences

CHANGES = (
    "network.frame=attngan", "network.width=2", "network.d_width=2", "network.start=8", "network.channels=4",
    "network.maps=2", "network.hidden=8", "network.word=8", "training.batch=2",
)  # fmt: skip
CPU = Runtime(torch.device("cpu"), bf16=False)
MACHINE: dict[str, Any] = {"device": "cpu", "precision": "float32", "quiet": True}
LINES = [["red in val 1 take 2", "blue in val 1 take 3", "nobody in val 1 take 4"]]


@pytest.fixture(scope="module")
def squares(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_sequences(tmp_path_factory.mktemp("words") / "set")


@pytest.fixture(scope="module")
def trained(squares: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    changes = [*CHANGES, "loop={log_every: 6, sheet_every: 6, save_every: 6}"]
    folder = tmp_path_factory.mktemp("run") / "r"
    return run_training("storygan_small", squares, folder, changes=changes, max_images=12, **MACHINE)


def test_words_are_those_of_the_captions_that_vectors_are_of(clevr: Path) -> None:
    """Of any captions, and of the part of a batch that is this process's."""
    task, config = storygan_task(resolve(preset("storygan_small"), CHANGES), clevr, None, CPU)
    told, data = task.batch(0).stories.told, task.data
    assert told.tokens is not None and config["vocabulary"][:2] == ["<pad>", "<unk>"]
    assert config["sizes"]["vocabulary"] == len(config["vocabulary"])
    for sentence, tokens in zip(told.sentences.flatten(0, 1), told.tokens.flatten(0, 1), strict=True):
        own = {caption for caption, vector in zip(data.captions, data.vectors, strict=True)
               if np.array_equal(vector, sentence.numpy())}  # fmt: skip
        assert data.vocabulary is not None
        known = {tuple(data.vocabulary.encode_story([caption])[0]) for caption in own}
        assert tuple(tokens[tokens != 0].tolist()) in known


def test_one_step_reaches_the_words(squares: Path) -> None:
    task, _ = storygan_task(resolve(preset("storygan_small"), CHANGES), squares, None, CPU)
    assert isinstance(task.g, StoryGANPaperGenerator) and task.g.words is not None
    batch, before = task.batch(0), task.g.words.embedding.weight.detach().clone()
    for phase in task.phases:
        terms = run_phase(task, phase, [batch], 0, CPU, LoopOptions(images=100))
        assert all(term.isfinite() for term in terms.values())
    told = batch.stories.told.tokens
    assert told is not None
    moved = (task.g.words.embedding.weight != before).any(1).nonzero().flatten().tolist()
    assert moved == sorted(set(told.flatten().tolist()) - {0})
    assert task.sheet().any() and 0 < task.validate()["score"] < 1


def test_a_checkpoint_draws_the_same_from_sentences(squares: Path, trained: Path, tmp_path: Path) -> None:
    """As saved and loaded again, for any number of stories, by their words; and training starts from it, by its own."""
    sampler = VectorStorySampler.load(trained, device="cpu")
    drawn = sampler.draw_sentences(LINES, [3])
    assert np.array_equal(VectorStorySampler.load(trained, device="cpu").draw_sentences(LINES, [3]), drawn)
    other = [[LINES[0][0], "a cat and a dog and a very long sentence", LINES[0][2]]]
    both = sampler.draw_sentences([*other, *LINES], [4, 3])
    assert np.array_equal(both[1], drawn[0]) and not np.array_equal(both[0], drawn[0])
    vectors = np.zeros((1, 3, 512), np.float32)
    reworded = [[*LINES[0][:2], "green in val 1 take 4"]]
    plain, changed = (sampler.draw(vectors, [3], lines=lines) for lines in (LINES, reworded))
    assert np.array_equal(plain[0, :2], changed[0, :2])
    words = json.loads((trained / "config.json").read_text(encoding="utf-8"))["vocabulary"]
    assert "red" in words
    less = tmp_path / "less"
    options = resolve(preset("storygan_small"), CHANGES)
    _, config = storygan_task(options, squares, trained, CPU)
    assert config["vocabulary"] == words
    save_checkpoint(less, {**read_config(trained), "vocabulary": words[:-1]}, read_weights(trained))
    with pytest.raises(CheckpointError, match=f"lists {len(words) - 1} words for a network of {len(words)}"):
        VectorStorySampler.load(less)


@torch.inference_mode()
def test_a_saved_network_draws_what_it_drew(tmp_path: Path) -> None:
    vocabulary = Vocabulary.build([LINES[0], LINES[0]])
    sizes = StoryGANPaperSizes(
        text=512, panels=3, z=4, code=8, lower=7, maps=2, channels=4, rank=4, hidden=5, start=8, width=2, d_width=2,
        gist="map", frame="attngan", vocabulary=len(vocabulary), word=8,
    )  # fmt: skip
    torch.manual_seed(0)
    plain = StoryGANPaperGenerator(sizes).eval()
    for weight in plain.parameters():
        torch.nn.init.normal_(weight, 0.0, 0.5)
        weight.copy_(weight.half())
    config = {"family": "storygan_paper", "sizes": to_dict(sizes), "preset": "", "origin": "house", "licence": "MIT"}
    save_checkpoint(tmp_path, {**config, "text": "sentences", "vocabulary": list(vocabulary.words)}, plain.state_dict())
    sampler, vectors = VectorStorySampler.load(tmp_path, device="cpu"), torch.from_numpy(encoded(LINES[0]))[None]
    frames = plain(vectors, None, sampler.noise(5), tokens=tokens_of(LINES, vocabulary))
    expected = ((frames + 1) * 127.5).round().permute(0, 2, 3, 1).numpy()
    assert np.abs(sampler.draw_sentences(LINES, [5])[0] - expected).max() <= 1 and expected.std() > 1
    reworded = [[*LINES[0][:2], "blue in val 1 take 4"]]
    own, other = (sampler.draw(vectors.numpy(), [5], lines=lines)[0].astype(int) for lines in (LINES, reworded))
    assert np.array_equal(own[:2], other[:2]) and np.abs(own[2] - other[2]).max() > 1


def test_stories_of_a_split_are_drawn_by_their_first_captions(squares: Path, trained: Path) -> None:
    data = SequenceData.open(squares, "val")
    drawn = draw_stories(system_of(str(trained), data), data, [0, 2], seed=0)
    assert np.array_equal(draw_stories(system_of(str(trained), data), data, [2], seed=0)[0], drawn[1])


def test_what_does_not_fit_is_told(squares: Path, trained: Path) -> None:
    sampler, vectors = VectorStorySampler.load(trained, device="cpu"), np.zeros((1, 3, 512), np.float32)
    with pytest.raises(InputError, match="looks at words and none came; give lines"):
        sampler.draw(vectors, [1])
    with pytest.raises(InputError, match=r"lines came for panels \[2\]; give 3 to each of 1 stories"):
        sampler.draw(vectors, [1], lines=[["a", "b"]])
    with pytest.raises(ConfigError, match="network.vocabulary is counted in the data"):
        storygan_task(resolve(preset("storygan_small"), [*CHANGES, "network.vocabulary=9"]), squares, None, CPU)
    sentences = resolve(preset("storygan_small"), [*CHANGES, "network.vocabulary=0"])
    task, config = storygan_task(sentences, squares, None, CPU)
    assert "vocabulary" not in config and task.batch(0).stories.told.tokens is None
