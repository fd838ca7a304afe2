"""Stories drawn from sentence vectors by seeds: the same in any company, in the network's own panels."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from seqgan.checkpoints.format import read_weights, save_checkpoint
from seqgan.cli.main import run
from seqgan.config import to_dict
from seqgan.errors import CheckpointError, InputError
from seqgan.models.story_parts import VectorStoryGenerator
from seqgan.models.storygan_clevr import StoryGANClevrSizes
from seqgan.models.storygan_paper import StoryGANPaperSizes
from seqgan.models.storygan_pororo import StoryGANPororoSizes
from seqgan.registry import build
from seqgan.sampling import VectorStorySampler

SMALL = {
    "storygan_clevr": StoryGANClevrSizes(text=6, labels=2, z=4, width=2, d_width=2, panels=3),
    "storygan_pororo": StoryGANPororoSizes(text=6, labels=2, z=4, code=5, width=2, d_width=2, panels=3, gist=7),
    "storygan_paper": StoryGANPaperSizes(
        text=6, labels=2, panels=3, z=4, code=8, lower=7, maps=2, channels=4, rank=4, hidden=5, start=8, width=2,
        d_width=2, gist="map", frame="dcgan",
    ),
}  # fmt: skip


def _saved(folder: Path, family: str, **more: Any) -> Path:
    torch.manual_seed(0)
    network = build(family, to_dict(SMALL[family]))
    for weight in network.parameters():
        if weight.dim() > 1:
            torch.nn.init.normal_(weight, 0.0, 0.3)
    about: Mapping[str, Any] = {"family": family, "sizes": to_dict(SMALL[family]), "preset": family, "origin": "house"}
    save_checkpoint(folder, {**about, "licence": "MIT", **more}, network.state_dict())
    return folder


VECTORS = np.random.default_rng(0).standard_normal((3, 3, 6)).astype(np.float32)
LABELS = np.random.default_rng(1).integers(0, 2, (3, 3, 2))


@pytest.mark.parametrize("family", SMALL)
def test_a_story_is_the_same_in_any_company(family: str, tmp_path: Path) -> None:
    sampler = VectorStorySampler.load(_saved(tmp_path, family), device="cpu")
    panels = sampler.draw(VECTORS, [3, 4, 5], LABELS)
    assert panels.shape == (3, 3, 64, 64, 3) and panels.dtype == np.uint8 and panels.std() > 1
    for k, seed in enumerate((3, 4, 5)):
        assert np.array_equal(sampler.draw(VECTORS[k : k + 1], [seed], LABELS[k : k + 1])[0], panels[k])
    assert not np.array_equal(sampler.draw(VECTORS[:1], [4], LABELS[:1])[0], panels[0])
    assert sampler.info["preset"] == family and len(sampler.info["weights_sha256"]) == 64


@pytest.mark.parametrize("family", SMALL)
@torch.inference_mode()
def test_it_draws_what_the_plain_network_draws(family: str, tmp_path: Path) -> None:
    sampler = VectorStorySampler.load(_saved(tmp_path, family), device="cpu")
    plain = build(family, to_dict(SMALL[family])).eval()
    assert isinstance(plain, VectorStoryGenerator)
    plain.load_state_dict(read_weights(tmp_path))
    frames = plain(torch.from_numpy(VECTORS[:1]), torch.from_numpy(LABELS[:1]), sampler.noise(3))
    expected = ((frames + 1) * 127.5).round().permute(0, 2, 3, 1).numpy()
    assert np.abs(sampler.draw(VECTORS[:1], [3], LABELS[:1])[0] - expected).max() <= 1


def test_labels_are_nobodys_where_none_come(tmp_path: Path) -> None:
    sampler = VectorStorySampler.load(_saved(tmp_path, "storygan_pororo"), device="cpu")
    assert np.array_equal(sampler.draw(VECTORS, [1, 2, 3]), sampler.draw(VECTORS, [1, 2, 3], np.zeros((3, 3, 2))))


def test_guidance_goes_on_from_nobody_to_who_is_named(tmp_path: Path) -> None:
    sampler = VectorStorySampler.load(_saved(tmp_path, "storygan_pororo"), device="cpu")
    labels = np.ones((1, 3, 2))
    named, nobody, guided = (
        sampler.draw(VECTORS[:1], [1], told, guidance).astype(float)
        for told, guidance in ((labels, 0), (None, 0), (labels, 0.5))
    )
    assert np.abs(named - nobody).mean() > 1
    assert np.abs(guided - (named + 0.5 * (named - nobody)).clip(0, 255)).max() <= 2  # roundings to whole levels
    blind = VectorStorySampler.load(_saved(tmp_path / "blind", "storygan_paper"), device="cpu")
    with pytest.raises(InputError, match="blind is told no labels to be guided by"):
        blind.draw(VECTORS[:1], [1], guidance=0.2)


def test_sentences_pass_the_frozen_encoder(tmp_path: Path) -> None:
    sampler = VectorStorySampler.load(_saved(tmp_path, "storygan_clevr"), device="cpu")
    with pytest.raises(InputError, match="own vectors of 6 numbers, which no sentence gives"):
        sampler.draw_sentences([["a", "b", "c"]], [1])
    sizes = to_dict(StoryGANClevrSizes(text=512, labels=2, z=4, width=2, d_width=2, panels=2))
    torch.manual_seed(0)
    network, about = build("storygan_clevr", sizes), {"family": "storygan_clevr", "sizes": sizes}
    about |= {"preset": "storygan_clevr", "origin": "house"}
    save_checkpoint(tmp_path / "said", {**about, "licence": "MIT", "text": "sentences"}, network.state_dict())
    sampler = VectorStorySampler.load(tmp_path / "said", device="cpu")
    stories = [["Ann runs.", "She falls."], ["A cat sleeps.", "It wakes."]]
    both = sampler.draw_sentences(stories, [1, 2])
    assert both.shape == (2, 2, 64, 64, 3)
    assert np.abs(sampler.draw_sentences(stories[1:], [2])[0].astype(int) - both[1]).max() <= 1
    told = [word for sentence in stories[0] for word in ("--text", sentence)]
    assert run(["sample", str(tmp_path / "said"), *told, "--n", "2", "-o", str(tmp_path / "sheet.png")]) == 0
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (2 * 64 + 4, 2 * 64 + 4)
    with pytest.raises(InputError, match="unlike numbers of sentences"):
        sampler.draw_sentences([["a"], ["a", "b"]], [1, 2])


def test_what_does_not_fit_is_told(tmp_path: Path) -> None:
    sampler = VectorStorySampler.load(_saved(tmp_path, "storygan_paper"), device="cpu")
    with pytest.raises(InputError, match=r"vectors has shape \(3, 3, 5\), expected \(N, T, 6\)"):
        sampler.draw(VECTORS[..., :5], [1, 2, 3])
    with pytest.raises(InputError, match="1 seeds came for 3 stories"):
        sampler.draw(VECTORS, [1])
    with pytest.raises(InputError, match="stories of 2 panels came; .* tells stories of 3"):
        sampler.draw(VECTORS[:, :2], [1, 2, 3])
    with pytest.raises(InputError, match="labels has shape"):
        sampler.draw(VECTORS, [1, 2, 3], LABELS[..., :1])
    save_checkpoint(tmp_path / "other", {"family": "hdgan", "sizes": {}, "preset": "", "origin": "", "licence": ""}, {})
    with pytest.raises(CheckpointError, match="holds a 'hdgan'; expected one of storygan_paper"):
        VectorStorySampler.load(tmp_path / "other")
