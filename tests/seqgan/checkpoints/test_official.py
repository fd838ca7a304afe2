"""Official state dicts load strictly, as they were saved by any framework of their time; others are told apart."""

from __future__ import annotations

import json

import pytest
import torch
from torch import Tensor

import seqgan
from seqgan.checkpoints.official import SYSTEMS
from seqgan.errors import CheckpointError
from seqgan.models.gan_cls import GANCLSDiscriminator, GANCLSGenerator, GANCLSSizes
from tests.golden.formula import FOLDER, Golden, normal

LIGHT = (("gan_cls", "generator"), ("gan_cls", "discriminator"), ("hdgan_birds", "VS_ImgSenRanking"))
PARAMETERS = {
    ("attngan_bird", "RNN_ENCODER"): 2_075_320, ("attngan_bird", "CNN_ENCODER"): 22_506_720,
    ("attngan_bird", "G_NET"): 7_084_592, ("attngan_bird", "D_NET64"): 6_313_730,
    ("attngan_bird", "D_NET128"): 19_424_002, ("attngan_bird", "D_NET256"): 71_858_946,
    ("attngan_coco", "RNN_ENCODER"): 8_629_420, ("attngan_coco", "G_NET"): 13_811_456,
    ("attngan_coco", "D_NET64"): 13_304_450, ("attngan_coco", "D_NET128"): 42_800_258,
    ("attngan_coco", "D_NET256"): 160_774_274, ("controlgan_bird", "G_NET"): 28_646_704,
    ("stackgan_v2_birds", "G_NET"): 21_239_696, ("stackgan_v2_birds", "D_NET64"): 5_723_906,
    ("stackgan_v2_birds", "D_NET128"): 18_834_178, ("stackgan_v2_birds", "D_NET256"): 71_269_122,
    ("hdgan_birds", "Generator"): 41_378_496, ("hdgan_birds", "Discriminator"): 25_693_606,
    ("hdgan_birds", "VS_ImgSenRanking"): 1_311_744, ("gan_cls", "generator"): 4_756_736,
    ("gan_cls", "discriminator"): 2_899_072,
}  # fmt: skip
"""As measured on the released networks."""
EVERY_PART = [(system, part) for system, parts in SYSTEMS.items() for part in parts]


def _published(system: str) -> dict[str, dict[str, list[int]]]:
    return json.loads((FOLDER / f"{system}.json").read_text(encoding="utf-8"))


def _state(system: str, part: str) -> dict[str, Tensor]:
    torch.manual_seed(0)
    shapes = _published(system)[part].items()
    return {name: torch.zeros(shape) if name.endswith("tracked") else torch.randn(shape) for name, shape in shapes}


@pytest.mark.parametrize(("system", "part"), EVERY_PART)
def test_names_shapes_and_sizes_are_the_published_ones(system: str, part: str) -> None:
    with torch.device("meta"):
        network = SYSTEMS[system][part]()
    assert {name: list(tensor.shape) for name, tensor in network.state_dict().items()} == _published(system)[part]
    count = sum(parameter.numel() for parameter in network.parameters())
    assert count == PARAMETERS.get((system, part), count)


@pytest.mark.parametrize(("system", "part"), LIGHT)
def test_prefixes_and_missing_counters_are_no_matter(system: str, part: str) -> None:
    whole = _state(system, part)
    old = {f"module.{name}": tensor for name, tensor in whole.items() if not name.endswith("tracked")}
    first, second = (seqgan.load_official(system, part, state) for state in (whole, old))
    assert not any(module.training for module in first.modules())
    for name, tensor in first.state_dict().items():
        assert torch.equal(tensor, second.state_dict()[name]), name
        assert torch.equal(tensor, whole[name].to(tensor.dtype)), name


def test_what_does_not_fit_is_named() -> None:
    state = _state("gan_cls", "generator")
    lost = {name: tensor for name, tensor in state.items() if name != "netG.0.weight"}
    with pytest.raises(CheckpointError, match=r"1 missing \(netG.0.weight\)"):
        seqgan.load_official("gan_cls", "generator", lost)
    with pytest.raises(CheckpointError, match=r"1 left over \(extra\)"):
        seqgan.load_official("gan_cls", "generator", state | {"extra": torch.zeros(1)})
    with pytest.raises(CheckpointError, match="of another shape"):
        seqgan.load_official("gan_cls", "generator", state | {"netG.0.weight": torch.zeros(1)})
    with pytest.raises(CheckpointError, match='did you mean "attngan_bird"'):
        seqgan.load_official("attngan_birds", "G_NET", {})
    with pytest.raises(CheckpointError, match='did you mean "G_NET"'):
        seqgan.load_official("attngan_bird", "GNET", {})


@torch.inference_mode()
def test_the_generator_of_gan_cls_is_the_released_one() -> None:
    g, golden = GANCLSGenerator(GANCLSSizes()).eval(), Golden("gan_cls_generator")
    middle = {f"netG.{place}.weight": 1.5 for place in (3, 6, 9)}
    golden.fill(g, {"netG.0.weight": 5.0, "netG.12.weight": 0.3, **middle})
    text, z = normal("gan_cls/text", 3, 1024) * 0.5, normal("gan_cls/z", 3, 100, 1, 1)
    found = g(z=z, sent=text, eps=None)
    golden.check("projected", g.projection(text))
    golden.check("image", found)
    golden.check("image_probe", found[..., 1::7, 2::7])
    torch.testing.assert_close(g(z=z[:1, :, 0, 0], sent=text[:1]), found[:1], atol=1e-5, rtol=1e-5)


def test_the_discriminator_of_gan_cls_learns() -> None:
    d = GANCLSDiscriminator(GANCLSSizes(text=8, cond=4, d_width=4))
    logits = d.match(d.encode(torch.randn(3, 3, 64, 64)), torch.randn(3, 8))
    logits.sum().backward()
    assert logits.shape == (3,) and all(weight.grad is not None for weight in d.parameters())
