"""StoryGAN as trained on Pororo-SV (R, origin official): what every published Pororo table means by the name.

Five sentences with the labels of who is in them become five pictures of 64x64. The names of the parts are those of the
published checkpoints. Both GRUs read sentence and label, and the story state makes the filter, the sentence the signal,
as in all released codes; the rest of what they do otherwise is switched by `StoryQuirks`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from seqgan.layers.batch_norm import LoneBatchNorm1d
from seqgan.layers.blocks import halving_trunk
from seqgan.layers.dynamic_filter import per_sample_conv1d
from seqgan.layers.init import init_normal
from seqgan.models.story_parts import (
    Decoded,
    JoinedHead,
    ReleasedImageDiscriminator,
    ReleasedStoryGenerator,
    StoryCode,
    StoryQuirks,
)
from seqgan.models.story_words import Heard

COMPATIBLE = StoryQuirks(relu_code=True, orderless=True, single_first=True, padded_classes=True)
"""What published weights need. One story is drawn as by the release; in a batch every story keeps its own code."""


@dataclass(frozen=True)
class StoryGANPororoSizes:
    """Every size of the system, the released ones by default, and its switches."""

    text: int = 356
    labels: int = 9
    z: int = 100
    code: int = 124
    width: int = 128
    """Channels of the generator before its last layer; it begins with 16 times as many."""
    d_width: int = 124
    panels: int = 5
    filters: int = 3
    filter_size: int = 21
    gist: int = 124
    quirks: StoryQuirks = field(default_factory=StoryQuirks)

    @property
    def motion(self) -> int:
        """Numbers of a sentence with its labels."""
        return self.text + self.labels

    @property
    def condition(self) -> int:
        """Numbers that a discriminator is told."""
        return self.motion + self.code


class StoryGANPororoGenerator(ReleasedStoryGenerator):
    """Sentence vectors, labels and noise to frames in [-1, 1]."""

    def __init__(self, sizes: StoryGANPororoSizes) -> None:
        start, motion, code = 16 * sizes.width, sizes.motion, sizes.code
        super().__init__(sizes, (sizes.z + motion, motion), (motion, code))
        signal, kernel = sizes.filters * sizes.gist, sizes.filters * sizes.filter_size
        self.ca_net = nn.ModuleDict({"fc": nn.Linear(sizes.panels * sizes.text, 2 * code)})
        self.fc = nn.Sequential(
            nn.Linear(motion + code + sizes.gist, 16 * start, bias=False), LoneBatchNorm1d(16 * start), nn.ReLU(True)
        )
        self.filter_net = nn.Sequential(nn.Linear(code, kernel), LoneBatchNorm1d(kernel))
        self.image_net = nn.Sequential(nn.Linear(motion, signal), LoneBatchNorm1d(signal), nn.Tanh())
        self.m_net = nn.Sequential(nn.Linear(motion, motion), LoneBatchNorm1d(motion))
        self.c_net = nn.Sequential(nn.Linear(code, code), LoneBatchNorm1d(code))
        self.apply(init_normal)

    @property
    def first_draws(self) -> dict[str, int]:
        """See `VectorStoryGenerator.first_draws`."""
        return {"code": self.sizes.code, "start": self.sizes.motion}

    @property
    def reads_labels(self) -> bool:
        """It does."""
        return True

    def told(self, sentences: Tensor, labels: Tensor | None) -> Tensor:
        """Sentences with their labels, (N, T, Dt + L)."""
        assert labels is not None, "this StoryGAN reads labels"
        return torch.cat([sentences, labels.to(sentences.dtype)], 2)

    def encode(self, content: Tensor, eps: Tensor | None) -> StoryCode:
        """content (N, T, Dt) end to end, eps (N, Dc)."""
        found = self.ca_net["fc"](content.flatten(1)).float()
        mu, logvar = (found.relu() if self.quirks.relu_code else found).chunk(2, 1)  # (N, Dc) each
        return StoryCode(mu if eps is None else mu + (logvar / 2).exp() * eps, mu, logvar)

    def begin(self, told: Tensor, story: Tensor, start: Tensor | None) -> tuple[Tensor, Tensor]:
        """Of noise (N, Dm) and of the story (N, Dc); the same sizes."""
        assert start is not None, "among the draws"
        return self.m_net(start), self.c_net(story)

    def gist(self, told: Tensor, upper: Tensor) -> Tensor:
        """told (N, Dm), upper (N, Dc); returns (N, gist): the sentence's signal convolved with the filter of the upper
        state."""
        sizes = self.sizes
        signal = self.image_net(told).reshape(-1, sizes.filters, sizes.gist)
        kernel = self.filter_net(upper).reshape(-1, 1, sizes.filters, sizes.filter_size)
        return per_sample_conv1d(signal, kernel, sizes.filter_size // 2).flatten(1)

    def decode(self, told: Tensor, mu: Tensor, lower: Tensor, upper: Tensor, heard: Heard | None) -> Decoded:
        """told, lower (N, Dm), mu, upper (N, Dc); returns frames (N, 3, 64, 64)."""
        code = self.fc(torch.cat([lower, mu, self.gist(told, upper)], 1))
        return {1: self.grow(code.reshape(-1, 16 * self.sizes.width, 4, 4))}, None  # (N, 3, 64, 64)


class StoryGANPororoImageDiscriminator(ReleasedImageDiscriminator):
    """Is this frame real, and does it show this sentence of this story? And who is in it? Logits only."""

    def __init__(self, sizes: StoryGANPororoSizes) -> None:
        width = 8 * sizes.d_width
        head = JoinedHead(width, sizes.condition, width)
        super().__init__(sizes.d_width, head, sizes.labels, sizes.quirks.padded_classes)

    def told(self, sentence: Tensor, labels: Tensor, mu: Tensor) -> Tensor:
        """What it is told of frames: sentence (N, Dt), labels (N, L) and mean code (N, Dc), end to end."""
        return torch.cat([sentence, labels.to(sentence.dtype), mu.to(sentence.dtype)], 1)


class StoryGANPororoStoryDiscriminator(nn.Module):
    """Are these frames a real story, and this one? Logits only.

    A pointwise convolution over the frames' features, one behind the other, sees their order; the release takes their
    mean (`StoryQuirks.orderless`).
    """

    def __init__(self, sizes: StoryGANPororoSizes) -> None:
        super().__init__()
        self.panels, width = sizes.panels, 8 * sizes.d_width
        self.encode_img = halving_trunk(sizes.d_width, 4)
        self.get_cond_logits = JoinedHead(width, sizes.condition, width)
        self.in_order = None if sizes.quirks.orderless else nn.Conv2d(sizes.panels * width, width, 1)
        self.apply(init_normal)

    def told(self, sentences: Tensor, labels: Tensor, mu: Tensor) -> Tensor:
        """What it is told of stories: mean code (N, Dc), mean sentence of (N, T, Dt), who is anywhere of (N, T, L)."""
        return torch.cat([mu.to(sentences.dtype), sentences.mean(1), labels.amax(1).to(sentences.dtype)], 1)

    def encode(self, frames: Tensor) -> Tensor:
        """frames (N * T, 3, 64, 64), row n * T + t; returns features (N, 8W, 4, 4)."""
        features = self.encode_img(frames).unflatten(0, (-1, self.panels))  # (N, T, 8W, 4, 4)
        return features.mean(1) if self.in_order is None else self.in_order(features.flatten(1, 2))

    def match(self, features: Tensor, told: Tensor) -> Tensor:
        """features (N, 8W, 4, 4), told (N, Dc + Dt + L); returns logits (N,)."""
        return self.get_cond_logits(features, told)


class StoryGANPororoDiscriminators(nn.Module):
    """Both discriminators."""

    def __init__(self, sizes: StoryGANPororoSizes) -> None:
        super().__init__()
        self.image = StoryGANPororoImageDiscriminator(sizes)
        self.story = StoryGANPororoStoryDiscriminator(sizes)
