"""Published file sets become checkpoints that draw the same pictures; whatever does not fit is named, and nothing is
written."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from seqgan.checkpoints.convert import convert
from seqgan.checkpoints.format import read_config
from seqgan.cli.main import run
from seqgan.errors import CheckpointError, DataError, InputError
from seqgan.models.attngan import AttnGANDiscriminator, AttnGANGenerator, AttnGANSizes
from seqgan.models.damsm import DamsmTextEncoder, DamsmTextSizes
from seqgan.models.gan_cls import GANCLSDiscriminator, GANCLSGenerator, GANCLSSizes
from seqgan.models.hdgan import HDGANDiscriminator, HDGANGenerator, HDGANSizes
from seqgan.models.stackgan_v2 import StackGANv2Discriminator, StackGANv2Generator, StackGANv2Sizes
from seqgan.sampling import FrameSampler

WORDS = ["<end>", "a", "small", "red", "bird"]
ATTN = AttnGANSizes(text=8, cond=4, z=5, width=4, d_width=4, residuals=1)
STACK = StackGANv2Sizes(text=8, cond=4, z=5, width=8, d_width=4, residuals=1)
HD = HDGANSizes(text=8, cond=4, z=5, width=32)
CLS = GANCLSSizes(text=8, cond=4, z=5, width=4, d_width=4)


def _save(path: Path, network: nn.Module, prefix: str = "", wrapped: str = "") -> Path:
    state: Any = {prefix + name: tensor for name, tensor in network.state_dict().items()}
    torch.save({wrapped: state, "optimG": {}} if wrapped else state, path)
    return path


def _vocabulary(path: Path, words: list[str] = WORDS) -> Path:
    numbered = dict(enumerate(words))
    path.write_bytes(pickle.dumps([[[1, 2]], [[3]], numbered, {word: number for number, word in numbered.items()}], 2))
    return path


@pytest.fixture
def birds(tmp_path: Path) -> dict[str, Path]:
    """The published set of AttnGAN, by part, with small networks."""
    torch.manual_seed(0)
    return {
        "generator": _save(tmp_path / "bird_AttnGAN2.pth", AttnGANGenerator(ATTN)),
        "text": _save(tmp_path / "text_encoder200.pth", DamsmTextEncoder(DamsmTextSizes(len(WORDS), 8, 6))),
        "d": _save(tmp_path / "netD1.pth", AttnGANDiscriminator(ATTN, 128)),
        "words": _vocabulary(tmp_path / "captions.pickle"),
    }


@torch.inference_mode()
def test_a_converted_attngan_draws_from_captions(birds: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = convert("attngan", list(birds.values()), out)
    names = {"generator": "bird_AttnGAN2.pth", "text-encoder": "text_encoder200.pth", "128-discriminator": "netD1.pth"}
    assert told == {"text_encoder": True, "parts": names}
    config = read_config(out)
    assert (config["family"], config["origin"], config["sizes"]["width"]) == ("attngan", "official", 4)
    sampler = FrameSampler.load(out)
    captions = ["A small red bird.", "a bird with a zebra on it"]
    drawn = dict(sampler.draw(captions, [3, 4]))
    assert drawn[0].shape == (256, 256, 3) and drawn[0].dtype == np.uint8
    assert np.array_equal(drawn[1], next(sampler.draw(captions[1:], [4]))[1])  # whatever else is drawn
    assert sampler.read(captions[1]).ignored == ("with", "zebra", "on", "it")
    for caption in ("", "with zebra"):
        with pytest.raises(InputError, match="cannot be drawn"):
            list(sampler.draw([caption], [0]))
    with pytest.raises(CheckpointError, match="looks at words"):
        next(sampler.draw_vectors(np.zeros((1, 8), np.float32), [0]))


SETS = {
    "stackgan_v2": (StackGANv2Generator(STACK), {"64-discriminator": StackGANv2Discriminator(STACK, 64),
                                                 "256-discriminator": StackGANv2Discriminator(STACK, 256)}),
    "hdgan": (HDGANGenerator(HD), {"discriminator": HDGANDiscriminator(HD)}),
    "gan_cls": (GANCLSGenerator(CLS), {"discriminator": GANCLSDiscriminator(CLS)}),
}  # fmt: skip


@pytest.mark.parametrize("system", SETS)
@torch.inference_mode()
def test_systems_without_a_text_encoder_say_so_and_draw_from_vectors(system: str, tmp_path: Path) -> None:
    g, ds = SETS[system]
    files = [_save(tmp_path / f"{part}.pth", d, "module.") for part, d in ds.items()]
    files.append(_save(tmp_path / "g.pth", g, "module.", wrapped="netG"))
    told = convert(system, files, tmp_path / "out")
    assert set(told["parts"]) == {"generator", *ds} and not told["text_encoder"]
    sampler = FrameSampler.load(tmp_path / "out")
    vectors = np.random.default_rng(0).standard_normal((2, 8)).astype(np.float32)
    pictures = [picture for _, picture in sampler.draw_vectors(vectors, [0, 1])]
    assert pictures[0].shape == ((64, 64, 3) if system == "gan_cls" else (256, 256, 3))
    assert not np.array_equal(*pictures)
    with pytest.raises(CheckpointError, match="came without a text encoder"):
        sampler.read("a bird")
    with pytest.raises(InputError, match="vectors"):
        next(sampler.draw_vectors(vectors[:, :4], [0, 1]))
    with pytest.raises(InputError, match="one seed a caption"):
        next(sampler.draw_vectors(vectors, [0]))


def test_the_vocabulary_belongs_to_the_encoder(birds: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(CheckpointError, match="needs its vocabulary"):
        convert("attngan", [birds["generator"], birds["text"]], out)
    other = _vocabulary(tmp_path / "other.pickle", [*WORDS, "blue"])
    with pytest.raises(CheckpointError, match="knows 5 words, captions.pickle 6"):
        convert("attngan", [birds["generator"], birds["text"], other], out)
    (tmp_path / "list.pickle").write_bytes(pickle.dumps(["a", "b"]))
    with pytest.raises(CheckpointError, match=r"list\.pickle is no captions\.pickle"):
        convert("attngan", [birds["generator"], tmp_path / "list.pickle"], out)
    assert not out.exists()


@pytest.mark.parametrize(("name", "framework"), [("lm.t7", "Torch7"), ("model.ckpt.meta", "TensorFlow")])
def test_other_frameworks_are_refused_with_advice(
    birds: dict[str, Path], tmp_path: Path, name: str, framework: str
) -> None:
    (tmp_path / name).write_bytes(b"anything")
    with pytest.raises(CheckpointError, match=f"is a {framework} file.*PyTorch weights of a port"):
        convert("attngan", [birds["generator"], tmp_path / name], tmp_path / "out")


class _Hostile:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("hostile-was-run",)


def test_hostile_and_damaged_files_are_refused(
    birds: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save({"h_net2.att.conv_context.weight": _Hostile()}, tmp_path / "hostile.pth")
    (tmp_path / "hostile.pickle").write_bytes(pickle.dumps(_Hostile()))
    whole = birds["generator"].read_bytes()
    (tmp_path / "half.pth").write_bytes(whole[: len(whole) // 2])
    torch.save([1, 2], tmp_path / "list.pth")
    for name, told in (("hostile.pth", "no readable"), ("half.pth", "no readable"), ("none.pth", "no readable"),
                       ("list.pth", "no names and weights")):  # fmt: skip
        with pytest.raises(CheckpointError, match=f"{name}.* {told}"):
            convert("attngan", [tmp_path / name], tmp_path / "out")
    with pytest.raises(DataError, match=r"hostile\.pickle asks for \w+\.mkdir"):
        convert("attngan", [birds["generator"], tmp_path / "hostile.pickle"], tmp_path / "out")
    assert not (tmp_path / "hostile-was-run").exists() and not (tmp_path / "out").exists()


def test_what_does_not_fit_is_named(birds: dict[str, Path], tmp_path: Path) -> None:
    state = AttnGANGenerator(ATTN).state_dict()
    for change, told in (
        ({"extra": torch.zeros(1)}, r"1 left over \(extra\)"),
        ({"ca_net.fc.bias": None}, "1 missing"),
    ):
        torch.save({name: value for name, value in (state | change).items() if value is not None}, tmp_path / "odd.pth")
        with pytest.raises(CheckpointError, match=rf"odd\.pth do not fit this network: {told}"):
            convert("attngan", [tmp_path / "odd.pth"], tmp_path / "out")
    del state["ca_net.fc.weight"]
    torch.save(state, tmp_path / "odd.pth")
    with pytest.raises(CheckpointError, match=r"odd\.pth lacks ca_net\.fc\.weight"):
        convert("attngan", [tmp_path / "odd.pth"], tmp_path / "out")
    with pytest.raises(CheckpointError, match="is no part of hdgan"):
        convert("hdgan", [birds["generator"]], tmp_path / "out")
    with pytest.raises(CheckpointError, match="no generator of attngan"):
        convert("attngan", [birds["d"]], tmp_path / "out")
    with pytest.raises(CheckpointError, match="are both the generator"):
        convert("attngan", [birds["generator"], birds["generator"]], tmp_path / "out")


def test_the_command_and_a_sheet_of_it(
    birds: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run(["convert", "attngan", *map(str, birds.values()), "-o", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["parts"]["generator"] == "bird_AttnGAN2.pth"
    sheet = tmp_path / "sheet.png"
    assert run(["sample", str(out), "--text", "a red bird", "--text", "a bird", "--n", "2", "-o", str(sheet)]) == 0
    assert sheet.is_file()
    assert run(["sample", str(out), "-o", str(sheet)]) == 1
    assert "--text" in capsys.readouterr().err
