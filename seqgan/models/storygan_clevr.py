"""StoryGAN as released for CLEVR-SV (C, origin official): four attribute vectors become four pictures of 64x64.

The names of the parts are those of the published checkpoints. What the release does otherwise than the paper is kept
here and nowhere else: the dynamic filter is a mask times a box sum, the story code is the mean sentence (the
conditioning network `ca_net` is never called), the upper GRU reads the sentence instead of the lower one's output.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.layers.blocks import halving_trunk, nearest_block, same_block_leaky
from seqgan.layers.init import init_normal

SIDE = 15
"""Pixels a side of the gist, of its filter, and of the window of the box sum."""


@dataclass(frozen=True)
class StoryGANClevrSizes:
    """Every size of the system; the released ones are the defaults."""

    text: int = 75
    labels: int = 15
    z: int = 100
    width: int = 96
    """Channels of the generator before its last layer; it begins with 16 times as many."""
    d_width: int = 96
    panels: int = 4


class StoryGANClevrGenerator(nn.Module):
    """Attribute vectors and noise to frames in [-1, 1]."""

    def __init__(self, sizes: StoryGANClevrSizes) -> None:
        super().__init__()
        self.sizes, start, text = sizes, 16 * sizes.width, sizes.text
        self.recurrent = nn.GRUCell(sizes.z + text, text)
        self.mocornn = nn.GRUCell(text, text)
        self.ca_net = nn.ModuleDict({"fc": nn.Linear(text, 2 * text)})  # in the checkpoints, never called
        self.fc = nn.Sequential(nn.Linear(2 * text, 8 * start, bias=False), nn.BatchNorm1d(8 * start), nn.ReLU(True))
        self.filter_net = nn.Sequential(nn.Linear(text, SIDE**2, bias=False), nn.BatchNorm1d(SIDE**2))
        self.image_net = nn.Sequential(nn.Linear(text, SIDE**2, bias=False), nn.BatchNorm1d(SIDE**2))
        self.downsamples = nn.Sequential(
            nn.Conv2d(1, start, 3, 2, 1, bias=False), nn.BatchNorm2d(start), nn.LeakyReLU(0.2, True),
            nn.Conv2d(start, start // 2, 4, 2, 1, bias=False), nn.BatchNorm2d(start // 2), nn.LeakyReLU(0.2, True),
        )  # fmt: skip
        self.upsample1 = nearest_block(start, start // 2)
        self.upsample2 = nearest_block(start // 2, start // 4)
        self.upsample3 = nearest_block(start // 4, start // 8)
        self.upsample4 = nearest_block(start // 8, start // 16)
        self.img = nn.Sequential(nn.Conv2d(start // 16, 3, 3, 1, 1, bias=False), nn.Tanh())
        self.apply(init_normal)

    def forward(self, sentences: Tensor, z: Tensor) -> Tensor:
        """Stories: sentences (N, T, Dt), z (N, T, Dz); returns frames (N * T, 3, 64, 64), row n * T + t."""
        lower, upper = self.chains(sentences, z)  # (N, T, Dt) each
        content = sentences.mean(1, keepdim=True).expand_as(sentences)
        return self.decode(sentences.flatten(0, 1), content.flatten(0, 1), lower.flatten(0, 1), upper.flatten(0, 1))

    def frames(self, sentences: Tensor, content: Tensor, z: Tensor) -> Tensor:
        """Single frames, each drawn as the first of a story: sentences (N, Dt), content (N, Dt) the mean sentence of
        its story, z (N, Dz); returns (N, 3, 64, 64)."""
        lower = self.recurrent(torch.cat([z, sentences], 1), sentences)
        return self.decode(sentences, content, lower, self.mocornn(sentences, content))

    def chains(self, sentences: Tensor, z: Tensor) -> tuple[Tensor, Tensor]:
        """The states of both GRUs after each sentence: the lower one, which begins as the first sentence and takes the
        noise, and the upper one, which begins as the mean sentence; (N, T, Dt) each."""
        lower, upper, kept = sentences[:, 0], sentences.mean(1), []
        for k in range(sentences.shape[1]):
            lower = self.recurrent(torch.cat([z[:, k], sentences[:, k]], 1), lower)
            upper = self.mocornn(sentences[:, k], upper)
            kept.append((lower, upper))
        g, h = zip(*kept, strict=True)
        return torch.stack(g, 1), torch.stack(h, 1)

    def gist(self, sentences: Tensor, upper: Tensor) -> Tensor:
        """sentences (N, Dt), upper (N, Dt); returns the map (N, 1, 15, 15): the filter of the upper state as a mask on
        sums of the sentence's signal over 15x15 windows."""
        signal = self.image_net(sentences).reshape(-1, 1, SIDE, SIDE)
        mask = self.filter_net(upper).reshape(-1, 1, SIDE, SIDE)
        return mask * F.avg_pool2d(signal, SIDE, 1, SIDE // 2, divisor_override=1)

    def decode(self, sentences: Tensor, content: Tensor, lower: Tensor, upper: Tensor) -> Tensor:
        """All (N, Dt); returns frames (N, 3, 64, 64)."""
        code = self.fc(torch.cat([lower, content], 1)).reshape(-1, 8 * self.sizes.width, 4, 4)  # (N, 8W, 4, 4)
        gist = self.downsamples(self.gist(sentences, upper))  # (N, 8W, 4, 4)
        x = self.upsample1(torch.cat([code, gist], 1))  # (N, 8W, 8, 8)
        x = self.upsample2(x)  # (N, 4W, 16, 16)
        x = self.upsample3(x)  # (N, 2W, 32, 32)
        x = self.upsample4(x)  # (N, W, 64, 64)
        return self.img(x)  # (N, 3, 64, 64)


class StoryGANClevrImageDiscriminator(nn.Module):
    """Is this frame real, and does it show this sentence? And which objects are in it? Logits only."""

    def __init__(self, sizes: StoryGANClevrSizes) -> None:
        super().__init__()
        self.encode_img = halving_trunk(sizes.d_width, 4)
        self.get_cond_logits = _MatchHead(8 * sizes.d_width, sizes)
        self.cate_classify = nn.Conv2d(8 * sizes.d_width, sizes.labels, 4, 4, 1, bias=False)
        self.apply(init_normal)

    def encode(self, frames: Tensor) -> Tensor:
        """frames (N, 3, 64, 64) in [-1, 1]; returns features (N, 8W, 4, 4)."""
        return self.encode_img(frames)

    def match(self, features: Tensor, sentences: Tensor) -> Tensor:
        """features (N, 8W, 4, 4), sentences (N, Dt); returns logits (N,)."""
        return self.get_cond_logits(features, sentences)

    def classify(self, features: Tensor) -> Tensor:
        """features (N, 8W, 4, 4); returns a logit a label, (N, labels). Its padding of 1 leaves it the upper left 3x3
        of the map, as released."""
        return self.cate_classify(features).flatten(1).float()


class StoryGANClevrStoryDiscriminator(nn.Module):
    """Are these frames, in this order, a real story, and this one? Logits only."""

    def __init__(self, sizes: StoryGANClevrSizes) -> None:
        super().__init__()
        self.panels = sizes.panels
        self.encode_img = halving_trunk(sizes.d_width, 4)
        self.get_cond_logits = _MatchHead(8 * sizes.d_width * sizes.panels, sizes)
        self.apply(init_normal)

    def encode(self, frames: Tensor) -> Tensor:
        """frames (N * T, 3, 64, 64), row n * T + t; returns features (N, T * 8W, 4, 4), time before channel."""
        features = self.encode_img(frames)
        return features.reshape(-1, self.panels * features.shape[1], *features.shape[2:])

    def match(self, features: Tensor, sentences: Tensor) -> Tensor:
        """features (N, T * 8W, 4, 4), sentences (N, T, Dt), of which only the mean is read; returns logits (N,)."""
        return self.get_cond_logits(features, sentences.mean(1))


class StoryGANClevrDiscriminators(nn.Module):
    """Both discriminators."""

    def __init__(self, sizes: StoryGANClevrSizes) -> None:
        super().__init__()
        self.image = StoryGANClevrImageDiscriminator(sizes)
        self.story = StoryGANClevrStoryDiscriminator(sizes)


class _MatchHead(nn.Module):
    """The product of picture and text features, read by one convolution (the paper's w'(E_img * E_txt) + b)."""

    def __init__(self, ins: int, sizes: StoryGANClevrSizes) -> None:
        super().__init__()
        width = 8 * sizes.d_width
        self.conv1, self.convc = same_block_leaky(ins, width), same_block_leaky(sizes.text, width)
        self.conv2 = nn.Sequential(nn.Conv2d(width, 1, 4, 4))

    def forward(self, features: Tensor, text: Tensor) -> Tensor:
        """features (N, ins, 4, 4), text (N, Dt); returns logits (N,)."""
        tiled = text[:, :, None, None].expand(-1, -1, *features.shape[2:])
        return self.conv2(self.conv1(features) * self.convc(tiled)).flatten().float()
