"""HDGAN: its names and shapes, its sizes, its golden outputs and losses, what small networks learn from."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from seqgan.config import from_dict, to_dict
from seqgan.errors import ConfigError
from seqgan.losses.hdgan import (
    ScaleLogits,
    enlarged_l1,
    hdgan_d_loss,
    hdgan_g_loss,
    log_sigma_kl,
    ranking_hinge,
)
from seqgan.losses.means import Mean
from seqgan.models.hdgan import (
    HDGANDiscriminator,
    HDGANGenerator,
    HDGANPictures,
    HDGANSizes,
    HDGANSuper512,
    HDGANSuperSizes,
    ImageSentenceRanking,
)
from tests.golden.formula import FOLDER, Golden, image, normal

SIZES = HDGANSizes()
SMALL = HDGANSizes(text=16, cond=8, z=4, width=64, scales=(16, 32, 64), d_width=32, patches=64)
PUBLISHED = json.loads((FOLDER / "hdgan_birds.json").read_text(encoding="utf-8"))
GAINS = {"res_block.1.1.weight": 0.3} | {f"tensor_to_img_{side}.1.weight": 0.1 for side in SIZES.scales}


def _shapes(module: nn.Module) -> dict[str, list[int]]:
    return {name: list(tensor.shape) for name, tensor in module.state_dict().items()}


def _count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


@pytest.mark.parametrize(
    ("part", "network"),
    [("Generator", HDGANGenerator), ("Discriminator", HDGANDiscriminator)],
)
def test_names_shapes_and_sizes_are_the_published_ones(part: str, network: type[nn.Module]) -> None:
    with torch.device("meta"):
        module = network(SIZES)
    assert _shapes(module) == PUBLISHED[part]
    assert _count(module) == PUBLISHED["_meta"]["num_params"][part]


def test_the_variant_of_512_pixels_has_the_published_names() -> None:
    with torch.device("meta"):
        module = HDGANSuper512(HDGANSuperSizes())
    below = {f"generator_256.{name}": shape for name, shape in PUBLISHED["Generator"].items()}
    assert _shapes(module) == below | PUBLISHED["GeneratorSuperL1Loss_512"]
    assert _count(module) == PUBLISHED["_meta"]["num_params"]["GeneratorSuperL1Loss_512"]
    assert _count(module.learning) == 167_328


def test_the_ranking_loads_what_was_published() -> None:
    module = ImageSentenceRanking()
    assert _shapes(module) == PUBLISHED["VS_ImgSenRanking"]
    assert _count(module) == PUBLISHED["_meta"]["num_params"]["VS_ImgSenRanking"]
    held = {name: torch.zeros(shape) for name, shape in PUBLISHED["VS_ImgSenRanking"].items()}
    module.load_state_dict(held | {"device_id": torch.tensor([3], dtype=torch.int32)}, strict=True)


@pytest.fixture(scope="module")
def drawn() -> tuple[HDGANPictures, Tensor]:
    """What the generator of official size draws, and its first map."""
    g = HDGANGenerator(SIZES).eval()
    Golden("hdgan_generator").fill(g, GAINS)
    sent, z = 0.5 * normal("hdgan/sent", 2, 1024), normal("hdgan/z", 2, 100)
    with torch.inference_mode():
        eps = normal("hdgan/generator/noise/0", 2, 128)
        return g(z, sent, eps), g.first_map(g.condition(sent, eps)[0], z)


def test_the_code_of_the_text_is_that_of_the_release(drawn: tuple[HDGANPictures, Tensor]) -> None:
    golden, (pictures, first) = Golden("hdgan_generator"), drawn
    golden.check("mean", pictures.mu)
    golden.check("logsigma", pictures.log_sigma)
    golden.check("map4", first)
    divergence = float(log_sigma_kl(pictures.mu, pictures.log_sigma).value)
    assert divergence == pytest.approx(float(golden.arrays["loss_kl"]), rel=1e-5)


def test_pictures_are_those_of_the_release(drawn: tuple[HDGANPictures, Tensor]) -> None:
    golden, images = Golden("hdgan_generator"), drawn[0].images
    assert list(images) == [64, 128, 256]
    golden.check("img64", images[64])
    for side in (128, 256):
        golden.check(f"img{side}_s4", images[side][..., ::4, ::4])
    for side, found in images.items():
        golden.check(f"img{side}_probe", found[..., 1::7, 2::7])


@torch.inference_mode()
def test_verdicts_and_losses_are_those_of_the_release() -> None:
    golden, d = Golden("hdgan_discriminator64"), HDGANDiscriminator(SIZES).eval()
    golden.fill(d)
    sent, logits = 0.5 * normal("hdgan/sent", 2, 1024), {}
    for name in ("real", "wrong", "fake"):
        features = d.encode(image(f"hdgan/{name}64", 2))
        logits[f"pair_{name}"], logits[f"image_{name}"] = d.match(features, sent)[64], d.realism(features)[64]
        golden.check(f"pair_{name}", logits[f"pair_{name}"][:, None])
        golden.check(f"local_{name}", logits[f"image_{name}"])
    golden.check("features", d.encode({64: image("hdgan/real64", 2)})[64])
    told = ScaleLogits(**logits)
    _agree(hdgan_d_loss({64: told}), {"pair_64": golden.arrays["loss_d_pair"], "image_64": golden.arrays["loss_d_img"]})
    rises = hdgan_g_loss({64: told.pair_fake}, {64: told.image_fake})
    _agree(rises, {"pair_64": golden.arrays["loss_g_pair"], "image_64": golden.arrays["loss_g_img"]})


def _agree(found: dict[str, Mean], expected: dict[str, np.ndarray]) -> None:
    assert {name: float(term.value) for name, term in found.items()} == pytest.approx(
        {name: float(value) for name, value in expected.items()}, rel=1e-5
    )


def test_heads_have_the_published_shapes() -> None:
    with torch.device("meta"):
        d = HDGANDiscriminator(SIZES).eval()
        features = d.encode({side: torch.empty(2, 3, side, side) for side in SIZES.scales})
        pairs, places = d.match(features, torch.empty(2, 1024)), d.realism(features)
    assert [tuple(x.shape) for x in features.values()] == [(2, 512, 4, 4), (2, 512, 4, 4), (2, 512, 8, 8)]
    assert [tuple(x.shape) for x in pairs.values()] == [(2,)] * 3
    assert [tuple(x.shape) for x in places.values()] == [(2, 1, 1, 1), (2, 1, 1, 1), (2, 1, 5, 5)]


def _given(sizes: HDGANSizes, batch: int) -> tuple[Tensor, Tensor, Tensor]:
    return torch.randn(batch, sizes.z), torch.randn(batch, sizes.text), torch.randn(batch, sizes.cond)


def test_a_batch_is_drawn_and_judged_as_its_rows_one_by_one() -> None:
    torch.manual_seed(0)
    g, d, given = HDGANGenerator(SMALL), HDGANDiscriminator(SMALL), _given(SMALL, 3)
    with torch.no_grad():
        d.encode(g(*given).images)  # so that running statistics are not those of the start
        whole = g.eval()(*given)
        rows = [g(*(part[k : k + 1] for part in given)) for k in range(3)]
        features = d.eval().encode(whole.images)
        lone = [d.encode(row.images) for row in rows]
    for side in SMALL.scales:
        torch.testing.assert_close(whole.images[side], torch.cat([row.images[side] for row in rows]))
        torch.testing.assert_close(features[side], torch.cat([row[side] for row in lone]), rtol=1e-4, atol=1e-5)


def test_without_noise_the_text_gives_its_mean() -> None:
    torch.manual_seed(0)
    g, (z, sent, _) = HDGANGenerator(SMALL).eval(), _given(SMALL, 1)
    with torch.inference_mode():
        bare, nought = g(z=z, sent=sent), g(z=z, sent=sent, eps=torch.zeros(1, SMALL.cond))
    torch.testing.assert_close(bare.images, nought.images)


def test_one_step_of_a_small_network_reaches_every_parameter() -> None:
    torch.manual_seed(0)
    g, d = HDGANGenerator(SMALL), HDGANDiscriminator(SMALL)
    z, sent, eps = _given(SMALL, 4)
    drawn = g(z, sent, eps)
    real, wrong = ({side: torch.rand(4, 3, side, side) for side in SMALL.scales} for _ in range(2))
    seen = {"real": real, "wrong": wrong, "fake": {side: x.detach() for side, x in drawn.images.items()}}
    features = {name: d.encode(images) for name, images in seen.items()}
    pair = {name: d.match(x, sent) for name, x in features.items()}
    places = {name: d.realism(x) for name, x in features.items()}
    told = {
        side: ScaleLogits(
            **{f"pair_{name}": pair[name][side] for name in seen},
            **{f"image_{name}": places[name][side] for name in seen},
        )
        for side in SMALL.scales
    }
    _backward(hdgan_d_loss(told), d)
    found = d.encode(drawn.images)
    terms = hdgan_g_loss(d.match(found, sent), d.realism(found))
    _backward(terms | {"kl": log_sigma_kl(drawn.mu, drawn.log_sigma)}, g)


def _backward(terms: dict[str, Mean], module: nn.Module) -> None:
    torch.stack([term.value for term in terms.values()]).sum().backward()
    for name, parameter in module.named_parameters():
        assert parameter.grad is not None and bool(parameter.grad.isfinite().all()), name
        assert bool(parameter.grad.any()), name


def test_the_larger_variant_leaves_the_generator_below_alone() -> None:
    torch.manual_seed(0)
    sizes = from_dict(HDGANSuperSizes, to_dict(SMALL))
    module, given = HDGANSuper512(sizes).train(), _given(SMALL, 2)
    below = module.generator_256
    before = {name: tensor.clone() for name, tensor in below.state_dict().items()}
    pictures = module(*given)
    enlarged_l1(pictures.images[128], pictures.images[64]).value.backward()
    assert {side: tuple(x.shape[2:]) for side, x in pictures.images.items()} == {k: (k, k) for k in (16, 32, 64, 128)}
    assert all(torch.equal(tensor, before[name]) for name, tensor in below.state_dict().items())
    trained = [value for value in module.parameters() if value.grad is not None]
    assert {id(value) for value in trained} == {id(value) for value in module.learning.parameters()}
    assert all(value.requires_grad for value in trained) and len(trained) == 16
    assert not any(value.requires_grad for value in below.parameters())


def test_losses_of_perfect_verdicts_are_nought() -> None:
    one, none, ones, nones = torch.ones(3), torch.zeros(3), torch.ones(3, 1, 5, 5), torch.zeros(3, 1, 5, 5)
    told = ScaleLogits(one, none, none, ones, ones, nones)
    assert {name: float(term.value) for name, term in hdgan_d_loss({64: told}).items()} == {"pair_64": 0, "image_64": 0}
    assert float(log_sigma_kl(torch.zeros(2, 3), torch.zeros(2, 3)).value) == 0


def test_the_divergence_is_that_of_the_log_of_sigma() -> None:
    steps = torch.arange(6, dtype=torch.float64).reshape(2, 3)
    mu, log_sigma = torch.sin(0.5 * steps), torch.sin(0.8 * steps + 0.5)
    assert float(log_sigma_kl(mu, log_sigma).value) == pytest.approx(1.020199, abs=1e-6)


@torch.no_grad()
def test_the_ranking_wants_pairs_nearer_than_others() -> None:
    torch.manual_seed(0)
    module = ImageSentenceRanking(image=6, text=5, width=4)
    image, sent = module(torch.randn(3, 6), torch.randn(3, 5))
    torch.testing.assert_close(image.norm(dim=1), torch.ones(3))
    scores = (image @ sent.T).tolist()
    pairs = [(i, j) for i in range(3) for j in range(3) if i != j]
    by_hand = sum(max(0.0, 0.2 - scores[k][k] + scores[i][j]) for i, j in pairs for k in (i, j))
    assert float(ranking_hinge(image, sent).value) == pytest.approx(by_hand, rel=1e-5)
    assert float(ranking_hinge(torch.eye(3), torch.eye(3)).value) == 0


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ConfigError, match="expected rising powers of two from 16 on"):
        HDGANSizes(scales=(64, 32))
    with pytest.raises(ValueError, match="have \\[48\\] pixels a side; expected scales of"):
        HDGANDiscriminator(SMALL).encode(torch.zeros(1, 3, 48, 48))
    with pytest.raises(ConfigError, match="choose lsgan, hinge or bce"):
        hdgan_g_loss({}, {}, "relativistic")
