"""The encoders of DAMSM (AttnGAN, Xu et al. 2018, section 3.2): words by a bidirectional LSTM, regions by Inception v3
with two new layers (as released) or by EfficientNet-Lite0 with two (house: an eighth of the size, needs no download).
Their loss stands in `seqgan.losses.damsm`.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqgan.models.efficientnet_lite import FEATURES, LOCAL_FEATURES, EfficientNetLite0, without_norms
from seqgan.text.encoders import TextFeatures

SIDE = 299
"""Pixels a side that Inception v3 reads."""
LOCAL = (
    "Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "maxpool1", "Conv2d_3b_1x1", "Conv2d_4a_3x3", "maxpool2",
    "Mixed_5b", "Mixed_5c", "Mixed_5d", "Mixed_6a", "Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e",
)  # fmt: skip
GLOBAL = ("Mixed_7a", "Mixed_7b", "Mixed_7c")
"""Parts of Inception v3, by torchvision's names: up to the regions, and from there to the code of a whole picture."""


@dataclass(frozen=True)
class DamsmTextSizes:
    """Sizes of the text encoder: words it knows, numbers of what it gives and of a word's own vector."""

    vocabulary: int
    size: int = 256
    embed: int = 300


@dataclass(frozen=True)
class DamsmImageSizes:
    """Sizes of the image encoder, and how pictures are enlarged to 299 pixels.

    `align_corners`: corners stay corners, as the framework of 2018 did it; False is today's way.
    """

    size: int = 256
    align_corners: bool = True


class DamsmTextEncoder(nn.Module):
    """Token ids to words and a sentence of one size (RNN_ENCODER of the release)."""

    def __init__(self, sizes: DamsmTextSizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.encoder = nn.Embedding(sizes.vocabulary, sizes.embed)
        self.drop = nn.Dropout(0.5)
        self.rnn = nn.LSTM(sizes.embed, sizes.size // 2, batch_first=True, bidirectional=True)
        nn.init.uniform_(self.encoder.weight, -0.1, 0.1)

    def forward(self, captions: Tensor, lengths: Tensor) -> TextFeatures:
        """captions (B, L') int64, lengths (B,) of at least 1, in any order; returns features of L = the longest length.
        The sentence is the last state of both directions; words behind a caption's end are 0."""
        total = int(lengths.max())
        embedded = self.drop(self.encoder(captions[:, :total]))  # (B, L, embed)
        packed = pack_padded_sequence(embedded, lengths.cpu(), batch_first=True, enforce_sorted=False)
        states, (last, _) = self.rnn(packed)
        words, _ = pad_packed_sequence(states, batch_first=True, total_length=total)  # (B, L, size)
        pad_mask = torch.arange(total, device=captions.device) >= lengths.to(captions.device)[:, None]
        return TextFeatures(last.transpose(0, 1).flatten(1), words.transpose(1, 2), pad_mask)


class DamsmImageEncoder(nn.Module):
    """Pictures to 289 regions and one code in the space of the words (CNN_ENCODER of the release).

    Pictures go in as they are, in [-1, 1], which is the range that the ImageNet weights were made in.
    """

    def __init__(self, sizes: DamsmImageSizes) -> None:
        from torchvision.models.inception import Inception3  # here, for captions are read without it

        super().__init__()
        self.sizes = sizes
        inception = Inception3(aux_logits=False, init_weights=False)
        for name in (*LOCAL, *GLOBAL):
            self.add_module(name, inception.get_submodule(name))
        self.emb_features = nn.Conv2d(768, sizes.size, 1, bias=False)
        self.emb_cnn_code = nn.Linear(2048, sizes.size)
        for layer in (self.emb_features, self.emb_cnn_code):
            nn.init.uniform_(layer.weight, -0.1, 0.1)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """image (B, 3, H, W) in [-1, 1]; returns regions (B, size, 17, 17) and codes (B, size)."""
        x = F.interpolate(image, (SIDE, SIDE), mode="bilinear", align_corners=self.sizes.align_corners)
        for name in LOCAL:
            x = self.get_submodule(name)(x)  # at last (B, 768, 17, 17)
        regions = self.emb_features(x)
        for name in GLOBAL:
            x = self.get_submodule(name)(x)  # at last (B, 2048, 8, 8)
        return regions, self.emb_cnn_code(x.mean((2, 3)))


@dataclass(frozen=True)
class DamsmSizes:
    """Sizes of the house form: words it knows, the common space, a word's own vector, and the pixels a side at which
    EfficientNet-Lite0 looks at a picture."""

    vocabulary: int
    size: int = 256
    embed: int = 128
    side: int = 128
    dropout: float = 0.2


class Damsm(nn.Module):
    """Words and regions in one space (house form): all that learns of it, without the frozen network that looks."""

    def __init__(self, sizes: DamsmSizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.text = DamsmTextEncoder(DamsmTextSizes(sizes.vocabulary, sizes.size, sizes.embed))
        self.emb_features = nn.Conv2d(LOCAL_FEATURES, sizes.size, 1, bias=False)
        self.emb_cnn_code = nn.Linear(FEATURES, sizes.size)
        self.drop = nn.Dropout(sizes.dropout)

    def project(self, local: Tensor, pooled: Tensor) -> tuple[Tensor, Tensor]:
        """local (B, 112, h, w) and pooled (B, 1280) of EfficientNet-Lite0; returns regions (B, size, h, w) and codes
        (B, size)."""
        return self.emb_features(self.drop(local)), self.emb_cnn_code(self.drop(pooled))


class RegionEncoder(nn.Module):
    """Pictures to regions and one code: EfficientNet-Lite0, frozen and in eval mode, and the new layers of a `Damsm`.
    Gradients reach the picture, as a generator needs them."""

    def __init__(self, trunk: EfficientNetLite0, damsm: Damsm) -> None:
        super().__init__()
        self.trunk, self.damsm = without_norms(trunk), damsm

    def look(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """image (B, 3, H, W) in [-1, 1]; returns local (B, 112, side / 16, side / 16) and pooled (B, 1280), float32."""
        side = self.damsm.sizes.side
        # on CPUs the way back through depthwise convolutions takes several times as long in bfloat16
        with torch.autocast(image.device.type, enabled=False):
            return self.trunk.levels(F.interpolate(image.float(), (side, side), mode="bilinear", align_corners=False))

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """image (B, 3, H, W) in [-1, 1]; returns regions (B, size, side / 16, side / 16) and codes (B, size)."""
        return self.damsm.project(*self.look(image))

    def train(self, mode: bool = True) -> RegionEncoder:
        """As ever, but the frozen network stays in eval mode."""
        super().train(mode)
        self.trunk.eval()
        return self
