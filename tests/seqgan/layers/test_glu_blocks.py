"""The blocks of StackGAN++ and AttnGAN: gates by hand, names and sizes of the trunk, orthogonal weights."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from seqgan.errors import ConfigError
from seqgan.layers.glu_blocks import (
    FirstStage,
    GluConditioning,
    ImageHead,
    ResidualGlu,
    StageTrunk,
    halvings,
    init_orthogonal,
    same_block_glu,
    tiled,
    up_block_glu,
)


def test_sizes_are_four_times_a_power_of_two() -> None:
    assert [halvings(size) for size in (8, 16, 64, 256)] == [1, 2, 4, 6]
    for size in (0, 4, 48, 60):
        with pytest.raises(ConfigError, match=f"{size} pixels a side; expected one of 8, 16"):
            halvings(size)


def test_conditioning_by_hand() -> None:
    ca, x = GluConditioning(3, 2), torch.randn(5, 3)
    values, gates = ca.fc(x).split([4, 4], 1)
    cond, mu, logvar = ca(x, None)
    torch.testing.assert_close(torch.cat([mu, logvar], 1), values * torch.sigmoid(gates))
    assert torch.equal(cond, mu)
    eps = torch.randn(5, 2)
    torch.testing.assert_close(ca(x, eps)[0], mu + eps * logvar.exp().sqrt())


def test_blocks_halve_the_channels_they_make() -> None:
    x = torch.randn(2, 3, 4, 4)
    up, same = up_block_glu(3, 5), same_block_glu(3, 5)
    assert up(x).shape == (2, 5, 8, 8) and same(x).shape == (2, 5, 4, 4)
    assert {name for name, _ in up.named_parameters()} == {"1.weight", "2.weight", "2.bias"}
    assert {name for name, _ in same.named_parameters()} == {"0.weight", "1.weight", "1.bias"}
    made = same[1](same[0](x))
    torch.testing.assert_close(same(x), made[:, :5] * torch.sigmoid(made[:, 5:]))


def test_a_residual_block_adds_and_does_nothing_more() -> None:
    block, x = ResidualGlu(3), torch.randn(2, 3, 4, 4)
    assert {name.rpartition(".")[0] for name in block.state_dict()} == {"block.0", "block.1", "block.3", "block.4"}
    norm = block.block[4]
    assert isinstance(norm, nn.BatchNorm2d)
    nn.init.zeros_(norm.weight)
    assert torch.equal(block(x), x)


def test_a_vector_is_at_every_place() -> None:
    vector = torch.randn(2, 3)
    found = tiled(vector, torch.zeros(2, 5, 4, 6, dtype=torch.bfloat16))
    assert found.shape == (2, 3, 4, 6) and found.dtype == torch.bfloat16
    assert torch.equal(found[:, :, 3, 5], vector.bfloat16())


@pytest.mark.parametrize("size", [8, 16, 64])
def test_the_first_stage_ends_with_its_width(size: int) -> None:
    stage = FirstStage(7, 2, size)
    assert stage(torch.randn(3, 7)).shape == (3, 2, size, size)
    assert hasattr(stage, f"upsample{halvings(size)}") and not hasattr(stage, f"upsample{halvings(size) + 1}")


def test_pictures_lie_between_minus_one_and_one() -> None:
    drawn = ImageHead(4)(100 * torch.randn(2, 4, 8, 8))
    assert drawn.shape == (2, 3, 8, 8) and drawn.abs().max() <= 1


@pytest.mark.parametrize(
    ("size", "steps"),
    [
        (8, ["s2"]),
        (16, ["s4"]),
        (32, ["s8"]),
        (64, ["s16"]),
        (128, ["s16", "s32", "s32_1"]),
        (256, ["s16", "s32", "s64", "s64_1", "s64_2"]),
        (512, ["s16", "s32", "s64", "s128", "s128_1", "s128_2", "s128_3"]),
    ],
)
def test_every_trunk_ends_alike(size: int, steps: list[str]) -> None:
    with torch.device("meta"):
        trunk = StageTrunk(3, size)
        assert trunk.encode(torch.empty(2, 3, size, size)).shape == (2, 24, 4, 4)
    assert list(trunk.steps) == [f"img_code_{step}" for step in steps]


def test_a_trunk_refuses_pictures_of_another_size() -> None:
    with pytest.raises(ValueError, match=r"pictures are \(2, 3, 16, 32\); expected \(B, 3, 32, 32\)"):
        StageTrunk(2, 32).encode(torch.zeros(2, 3, 16, 32))


def test_weights_are_orthogonal() -> None:
    conv = nn.Conv2d(3, 4, 4)
    conv.apply(init_orthogonal)
    rows = conv.weight.flatten(1)
    torch.testing.assert_close(rows @ rows.T, torch.eye(4), rtol=0, atol=1e-5)
    assert conv.bias is not None and not conv.bias.any()
