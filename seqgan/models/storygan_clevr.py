"""StoryGAN as released for CLEVR-SV (C, origin official): four attribute vectors become four pictures of 64x64.

The names of the parts are those of the published checkpoints. The upper GRU reads the sentence in place of the lower
one's output, and filter and signal change roles, as in all released codes. What else the release does otherwise is
switched by `StoryQuirks`: `RELEASED` has it all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.layers.batch_norm import LoneBatchNorm1d
from seqgan.layers.blocks import halving_trunk
from seqgan.layers.dynamic_filter import per_sample_conv2d
from seqgan.layers.init import init_normal
from seqgan.models.story_parts import (
    Decoded,
    ProductHead,
    ReleasedImageDiscriminator,
    ReleasedStoryGenerator,
    StoryCode,
    StoryQuirks,
)
from seqgan.models.story_words import Heard

SIDE = 15
"""Pixels a side of the gist, of its filter, and of the window of the box sum."""
RELEASED = StoryQuirks(
    box_filter=True, mean_story=True, first_sentence=True, single_first=True, padded_classes=True
)  # fmt: skip
"""What C does."""


@dataclass(frozen=True)
class StoryGANClevrSizes:
    """Every size of the system, the released ones by default, and its switches."""

    text: int = 75
    labels: int = 15
    z: int = 100
    """The release's configuration says 10 where it is not read."""
    width: int = 96
    """Channels of the generator before its last layer; it begins with 16 times as many."""
    d_width: int = 96
    panels: int = 4
    quirks: StoryQuirks = field(default_factory=StoryQuirks)


class StoryGANClevrGenerator(ReleasedStoryGenerator):
    """Attribute vectors and noise to frames in [-1, 1]; labels are not read."""

    def __init__(self, sizes: StoryGANClevrSizes) -> None:
        text, start = sizes.text, 16 * sizes.width
        super().__init__(sizes, (sizes.z + text, text), (text, text))
        self.ca_net = nn.ModuleDict({"fc": nn.Linear(text, 2 * text)})  # in the checkpoints, never called there
        self.fc = nn.Sequential(nn.Linear(2 * text, 8 * start, bias=False), LoneBatchNorm1d(8 * start), nn.ReLU(True))
        self.filter_net = nn.Sequential(nn.Linear(text, SIDE**2, bias=False), LoneBatchNorm1d(SIDE**2))
        self.image_net = nn.Sequential(nn.Linear(text, SIDE**2, bias=False), LoneBatchNorm1d(SIDE**2))
        self.downsamples = nn.Sequential(
            nn.Conv2d(1, start, 3, 2, 1, bias=False), nn.BatchNorm2d(start), nn.LeakyReLU(0.2, True),
            nn.Conv2d(start, start // 2, 4, 2, 1, bias=False), nn.BatchNorm2d(start // 2), nn.LeakyReLU(0.2, True),
        )  # fmt: skip
        self.apply(init_normal)

    @property
    def first_draws(self) -> dict[str, int]:
        """See `VectorStoryGenerator.first_draws`: as released there are none."""
        asked = {"code": not self.quirks.mean_story, "start": not self.quirks.first_sentence}
        return {name: self.sizes.text for name, there in asked.items() if there}

    def encode(self, content: Tensor, eps: Tensor | None) -> StoryCode:
        """content (N, T, Dt), eps (N, Dt); the conditioning network reads the mean sentence, as it was meant to."""
        mean = content.mean(1)
        if self.quirks.mean_story:
            return StoryCode(mean, mean, None)
        assert eps is not None, "among the draws"
        mu, logvar = self.ca_net["fc"](mean).float().chunk(2, 1)
        return StoryCode(mu + (logvar / 2).exp() * eps, mu, logvar)

    def begin(self, told: Tensor, story: Tensor, start: Tensor | None) -> tuple[Tensor, Tensor]:
        """As released the lower state begins as the first sentence; the upper one as the story; (N, Dt) each."""
        return told[:, 0] if start is None else start, story

    def gist(self, told: Tensor, upper: Tensor) -> Tensor:
        """told (N, Dt), upper (N, Dt); returns the map (N, 1, 15, 15): the sentence's signal convolved with the filter
        of the upper state. As released the filter is a mask on sums of the signal over 15x15 windows."""
        signal = self.image_net(told).reshape(-1, 1, SIDE, SIDE)
        kernel = self.filter_net(upper).reshape(-1, 1, SIDE, SIDE)
        if self.quirks.box_filter:
            return kernel * F.avg_pool2d(signal, SIDE, 1, SIDE // 2, divisor_override=1)
        return per_sample_conv2d(signal, kernel[:, None])

    def decode(self, told: Tensor, mu: Tensor, lower: Tensor, upper: Tensor, heard: Heard | None) -> Decoded:
        """All (N, Dt); returns frames (N, 3, 64, 64)."""
        code = self.fc(torch.cat([lower, mu], 1)).reshape(-1, 8 * self.sizes.width, 4, 4)  # (N, 8W, 4, 4)
        gist = self.downsamples(self.gist(told, upper))  # (N, 8W, 4, 4)
        return {1: self.grow(torch.cat([code, gist], 1))}, None  # (N, 3, 64, 64)


class StoryGANClevrImageDiscriminator(ReleasedImageDiscriminator):
    """Is this frame real, and does it show this sentence? And which objects are in it? Logits only."""

    def __init__(self, sizes: StoryGANClevrSizes) -> None:
        width = 8 * sizes.d_width
        head = ProductHead(width, sizes.text, width)
        super().__init__(sizes.d_width, head, sizes.labels, sizes.quirks.padded_classes)

    def told(self, sentence: Tensor, labels: Tensor, mu: Tensor) -> Tensor:
        """What it is told of frames: the sentence (N, Dt) alone."""
        return sentence


class StoryGANClevrStoryDiscriminator(nn.Module):
    """Are these frames, in this order, a real story, and this one? Logits only."""

    def __init__(self, sizes: StoryGANClevrSizes) -> None:
        super().__init__()
        self.panels, width = sizes.panels, 8 * sizes.d_width
        self.encode_img = halving_trunk(sizes.d_width, 4)
        self.get_cond_logits = ProductHead(width * sizes.panels, sizes.text, width)
        self.apply(init_normal)

    def told(self, sentences: Tensor, labels: Tensor, mu: Tensor) -> Tensor:
        """What it is told of stories: the sentences (N, T, Dt) alone."""
        return sentences

    def encode(self, frames: Tensor) -> Tensor:
        """frames (N * T, 3, 64, 64), row n * T + t; returns features (N, T * 8W, 4, 4), time before channel."""
        features = self.encode_img(frames)
        return features.reshape(-1, self.panels * features.shape[1], *features.shape[2:])

    def match(self, features: Tensor, told: Tensor) -> Tensor:
        """features (N, T * 8W, 4, 4), told (N, T, Dt), of which only the mean is read; returns logits (N,)."""
        return self.get_cond_logits(features, told.mean(1))


class StoryGANClevrDiscriminators(nn.Module):
    """Both discriminators."""

    def __init__(self, sizes: StoryGANClevrSizes) -> None:
        super().__init__()
        self.image = StoryGANClevrImageDiscriminator(sizes)
        self.story = StoryGANClevrStoryDiscriminator(sizes)
