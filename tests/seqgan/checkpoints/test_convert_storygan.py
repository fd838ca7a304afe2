"""Published files of both released StoryGANs become checkpoints; what is missing is named."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from seqgan.checkpoints.convert import convert
from seqgan.checkpoints.format import load_into, read_config, read_weights
from seqgan.cli.main import run
from seqgan.errors import CheckpointError
from seqgan.models.story_parts import VectorStoryGenerator, noise_named
from seqgan.models.storygan_clevr import (
    RELEASED,
    StoryGANClevrDiscriminators,
    StoryGANClevrGenerator,
    StoryGANClevrSizes,
)
from seqgan.models.storygan_pororo import (
    COMPATIBLE,
    StoryGANPororoDiscriminators,
    StoryGANPororoGenerator,
    StoryGANPororoSizes,
)
from seqgan.registry import build

CLEVR = StoryGANClevrSizes(text=6, labels=3, z=4, width=2, d_width=2, quirks=RELEASED)
PORORO = StoryGANPororoSizes(
    text=6, labels=3, z=4, code=5, width=2, d_width=2, panels=3, filters=2, filter_size=3, gist=7, quirks=COMPATIBLE
)
SETS = {
    "storygan_clevr": (StoryGANClevrGenerator(CLEVR), StoryGANClevrDiscriminators(CLEVR), CLEVR),
    "storygan_pororo": (StoryGANPororoGenerator(PORORO), StoryGANPororoDiscriminators(PORORO), PORORO),
}


def _files(folder: Path, family: str, wrapped: bool = False) -> list[Path]:
    """The files of a run under their published names, discriminators first."""
    g, d, _ = SETS[family]
    files = {"netD_st_epoch_last.pth": d.story, "netD_im_epoch_last.pth": d.image, "netG_epoch_120.pth": g}
    for name, network in files.items():
        state = network.state_dict()
        torch.save({"netG_state_dict": state} if wrapped and network is g else state, folder / name)
    return [folder / name for name in files]


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("family", SETS)
@torch.inference_mode()
def test_the_published_files_draw_the_same_stories(family: str, wrapped: bool, tmp_path: Path) -> None:
    g, _, sizes = SETS[family]
    told = convert("storygan", _files(tmp_path, family, wrapped), tmp_path / "out")
    assert set(told["parts"]) == {"generator", "image-discriminator", "story-discriminator"}
    config = read_config(tmp_path / "out")
    assert (config["family"], config["origin"]) == (family, "official")
    network = build(config["family"], config["sizes"])
    assert isinstance(network, VectorStoryGenerator)
    load_into(network, read_weights(tmp_path / "out"), tmp_path)
    assert network.sizes == sizes
    panels = sizes.panels
    noise = noise_named([torch.rand(2, size) for size in g.draws(panels)])
    story = (torch.rand(2, panels, 6), torch.ones(2, panels, 3), noise)
    torch.testing.assert_close(network.eval()(*story), g.eval()(*story), atol=1e-5, rtol=1e-5)
    assert read_weights(tmp_path / "out" / "image-discriminator").keys() == SETS[family][1].image.state_dict().keys()


def test_a_generator_alone_has_the_released_labels(tmp_path: Path) -> None:
    sizes = replace(PORORO, text=5, labels=9)
    torch.save(StoryGANPororoGenerator(sizes).state_dict(), tmp_path / "g.pth")
    convert("storygan", [tmp_path / "g.pth"], tmp_path / "out")
    found = read_config(tmp_path / "out")["sizes"]
    assert (found["text"], found["labels"], found["panels"], found["d_width"]) == (5, 9, 3, 124)


def _without(path: Path, name: str) -> Path:
    state: dict[str, Tensor] = torch.load(path, weights_only=True)
    del state[name]
    torch.save(state, path)
    return path


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    d_story, d_image, g = _files(tmp_path, "storygan_pororo")
    out = tmp_path / "out"
    with pytest.raises(CheckpointError, match=r"netD_st_epoch_last\.pth came, no generator of storygan"):
        convert("storygan", [d_story], out)
    with pytest.raises(CheckpointError, match=r"are both the story-discriminator"):
        convert("storygan", [g, d_story, _without(d_image, "cate_classify.weight")], out)
    with pytest.raises(CheckpointError, match=r"9 numbers a sentence and 18 a story, which 9 labels do not fit"):
        convert("storygan", [g, d_story], out)
    _files(tmp_path, "storygan_pororo")
    with pytest.raises(CheckpointError, match=r"epoch_120\.pth do not fit .*1 missing \(upsample1\.1\.weight\)"):
        convert("storygan", [_without(g, "upsample1.1.weight"), d_image], out)
    with pytest.raises(CheckpointError, match=r"epoch_120\.pth lacks c_net\.0\.weight"):
        convert("storygan", [_without(g, "c_net.0.weight")], out)
    other = tmp_path / "clevr"
    other.mkdir()
    _files(other, "storygan_clevr")
    _files(tmp_path, "storygan_pororo")
    with pytest.raises(CheckpointError, match=r"clevr.netD_im_epoch_last\.pth do not fit.*get_cond_logits"):
        convert("storygan", [g, other / "netD_im_epoch_last.pth"], out)
    torch.save(nn.Linear(2, 2).state_dict(), tmp_path / "odd.pth")
    with pytest.raises(CheckpointError, match=r"odd\.pth is no part of storygan"):
        convert("storygan", [tmp_path / "odd.pth"], out)
    assert not out.exists()


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(path) for path in _files(tmp_path, "storygan_clevr")]
    assert run(["convert", "storygan", *files, "-o", str(tmp_path / "out"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["parts"]["generator"] == "netG_epoch_120.pth"
