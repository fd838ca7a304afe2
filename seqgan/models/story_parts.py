"""What the StoryGANs that read sentence vectors share: named noise, switches of the released codes, how a story is
told, heads of the discriminators.

They differ in their cells, gists and decoders: `storygan_clevr` (C) and `storygan_pororo` (R) as released,
`storygan_paper` (P) as printed, with its baselines.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from seqgan.checks import check_shape
from seqgan.errors import InputError
from seqgan.layers.blocks import conv3, halving_trunk, nearest_block, same_block_leaky
from seqgan.layers.init import init_normal
from seqgan.models.story_words import Heard

Noise = Mapping[str, Tensor]
"""Standard normal draws (N, D): names end in their numbers, from 0 ("noise/0", "storygan_r/videos/noise/0")."""


@dataclass(frozen=True)
class StoryQuirks:
    """What the released codes do otherwise than they should, each a switch; mended unless it is set.

    box_filter (C): the "dynamic filter" is a mask on sums over windows. shuffled_code (R): the story code is repeated
    as panels of stories where everything else is stories of panels, so that in a batch every panel gets the code of
    another story. mean_story (C): the mean sentence stands for the story code. relu_code (R): mean and log variance
    pass a ReLU. orderless (R): the story discriminator averages over frames. first_sentence (C): the lower state begins
    as the first sentence in place of noise. single_first (C, R): a frame drawn alone is drawn as a first one.
    padded_classes (C, R): the classifier's border of 1 leaves it the upper left 3x3 of the 4x4 map.
    """

    box_filter: bool = False
    shuffled_code: bool = False
    mean_story: bool = False
    relu_code: bool = False
    orderless: bool = False
    first_sentence: bool = False
    single_first: bool = False
    padded_classes: bool = False


@dataclass(frozen=True)
class StoryCode:
    """The code of N stories, (N, Dc) each: a sample, its mean, its log variance (None where there is no Gaussian)."""

    sample: Tensor
    mu: Tensor
    logvar: Tensor | None


Pictures = Mapping[int, Tensor]
"""Pictures (N, 3, H / k, W / k) in [-1, 1] by k, how many times smaller than the frames they are; 1: the frames."""
Decoded = tuple[Pictures, Tensor | None]
"""Frames and, where a generator draws such, smaller pictures and the logits of a mask of figures (N, 1, H, W)."""


@dataclass(frozen=True)
class DrawnStories:
    """frames (rows, 3, H, W) in [-1, 1], the codes of their stories, and what a generator draws on the way to the
    frames, if it does: smaller pictures, and a mask of their figures, logits (rows, 1, H, W)."""

    frames: Tensor
    code: StoryCode
    sides: Pictures = field(default_factory=dict)
    mask: Tensor | None = None


class Remembered(NamedTuple):
    """What panels are drawn from, rows (M, D) each: the text told of them, the mean codes of their stories, the states
    of both chains; what each looks at, where it does; and the codes of the stories."""

    told: Tensor
    mu: Tensor
    lower: Tensor
    upper: Tensor
    heard: Heard | None
    code: StoryCode


class VectorStoryGenerator(nn.Module, ABC):
    """Sentence vectors, labels and noise to frames; a subclass has the parts.

    One way for all: the story encoder gives a code, two chains of states run along the panels (the lower takes the
    noise, the upper begins as the code), and each panel is decoded from its sentence, its states and the mean code.
    """

    sizes: Any

    @property
    def quirks(self) -> StoryQuirks:
        """The switches of the sizes."""
        return self.sizes.quirks

    @property
    @abstractmethod
    def states(self) -> int:
        """Numbers of both states of a panel, Dg + Dh."""

    @property
    @abstractmethod
    def first_draws(self) -> dict[str, int]:
        """Numbers of noise of a story before those of its panels: "code" of its encoder, "start" of the lower chain."""

    def draws(self, panels: int) -> tuple[int, ...]:
        """Numbers of every draw of noise for a story of so many panels, in order; of a lone frame, see `alone`."""
        return (*self.first_draws.values(), *[self.sizes.z] * panels)

    def told(self, sentences: Tensor, labels: Tensor | None) -> Tensor:
        """What both chains read: sentences (N, T, Dt), labels (N, T, L) or None; returns (N, T, Dm)."""
        return sentences

    @abstractmethod
    def encode(self, content: Tensor, eps: Tensor | None) -> StoryCode:
        """content (N, T, Dt), eps (N, Dc)."""

    @abstractmethod
    def chains(self, told: Tensor, story: Tensor, start: Tensor | None, z: Tensor) -> tuple[Tensor, Tensor]:
        """told (N, T, Dm), story (N, Dc), start (N, Dg), z (N, T, Dz); returns the states after each panel, lower
        (N, T, Dg) and upper (N, T, Dh)."""

    @property
    def tells_sample(self) -> bool:
        """Whether discriminators are told the sampled code of a story, as printed; else its mean, as released."""
        return False

    def told_code(self, code: StoryCode) -> Tensor:
        """What discriminators are told of the code of a story, (N, Dc)."""
        return code.sample if self.tells_sample else code.mu

    @property
    def reads_labels(self) -> bool:
        """Whether it is told the labels of panels."""
        return False

    def listen(self, told: Tensor, tokens: Tensor | None, panels: Tensor | None) -> Heard | None:
        """What panels look at while they are drawn, None where they look at nothing: told (N, T, Dm), tokens (N, T, L)
        of the words or None, panels (N,) or None for all T of each story."""
        return None

    @abstractmethod
    def decode(self, told: Tensor, mu: Tensor, lower: Tensor, upper: Tensor, heard: Heard | None) -> Decoded:
        """Rows (M, D) each, and what each has heard where the generator listens."""

    def forward(
        self, sentences: Tensor, labels: Tensor | None, noise: Noise, content: Tensor | None = None,
        tokens: Tensor | None = None,
    ) -> Tensor:  # fmt: skip
        """sentences (N, T, Dt), labels (N, T, L) or None where they are not read, noise: see `draws`, content (N, T,
        Dt): sentences for the story encoder, where it reads others; tokens (N, T, L) int64: words of the sentences,
        0 = padding, for a generator that looks at them; returns frames (N * T, 3, H, W), row n * T + t."""
        return self.tell(sentences, labels, noise, content, tokens=tokens).frames

    def frames(
        self, sentences: Tensor, labels: Tensor | None, panels: Tensor, noise: Noise, content: Tensor | None = None,
        tokens: Tensor | None = None,
    ) -> Tensor:  # fmt: skip
        """One panel a story, that of `panels` (N,), the rest as in `forward`; returns (N, 3, H, W)."""
        return self.tell(sentences, labels, noise, content, panels, tokens).frames

    def alone(self, panels: int) -> tuple[int, ...]:
        """As `draws`, for a panel drawn alone."""
        return self.draws(1 if self.quirks.single_first else panels)

    def tell(
        self, sentences: Tensor, labels: Tensor | None, noise: Noise, content: Tensor | None = None,
        panels: Tensor | None = None, tokens: Tensor | None = None,
    ) -> DrawnStories:  # fmt: skip
        """Frames of all panels or, with `panels` (N,), of one a story, with the code of each story."""
        kept = self.remember(sentences, labels, noise, content, panels, tokens)
        found, mask = self.decode(kept.told, kept.mu, kept.lower, kept.upper, kept.heard)
        sides = {smaller: side for smaller, side in found.items() if smaller > 1}
        return DrawnStories(found[1], kept.code, sides, mask)

    def remember(
        self, sentences: Tensor, labels: Tensor | None, noise: Noise, content: Tensor | None = None,
        panels: Tensor | None = None, tokens: Tensor | None = None,
    ) -> Remembered:  # fmt: skip
        """What the frames of `tell` are drawn from, without drawing them."""
        told, content = self.told(sentences, labels), sentences if content is None else content
        alone = panels is not None and self.quirks.single_first
        if panels is not None and alone:
            told = _panel(told, panels)[:, None]
            tokens = None if tokens is None else _panel(tokens, panels)[:, None]
        count = told.shape[1]
        parts = in_order(noise, self.draws(count), len(told))
        early = dict(zip(self.first_draws, parts, strict=False))
        code, z = self.encode(content, early.get("code")), torch.stack(parts[-count:], 1)
        code = replace(code, sample=code.mu) if alone else code
        lower, upper = self.chains(told, code.sample, early.get("start"), z)  # (N, T, Dg), (N, T, Dh)
        heard = self.listen(told, tokens, None if alone else panels)
        if panels is not None and not alone:
            told, lower, upper = (_panel(each, panels)[:, None] for each in (told, lower, upper))
        mu = self._repeated(code.mu, told.shape[1])  # (rows, Dc)
        return Remembered(told.flatten(0, 1), mu, lower.flatten(0, 1), upper.flatten(0, 1), heard, code)

    def _repeated(self, mu: Tensor, count: int) -> Tensor:
        return mu.repeat(count, 1) if self.quirks.shuffled_code else mu.repeat_interleave(count, 0)


def in_order(noise: Noise, sizes: Sequence[int], rows: int) -> list[Tensor]:
    """The draws of `noise` by the numbers that their names end in, (rows, size) each.

    Raises InputError where a number is missing or left over, or a draw has another shape.
    """
    found = {name.rpartition("/")[2]: name for name in noise}
    wanted = [str(number) for number in range(len(sizes))]
    if sorted(found) != sorted(wanted) or len(found) != len(noise):
        raise InputError(
            f"noise came as {', '.join(noise) or 'nothing'}; expected {len(sizes)} draws whose names end in their "
            f"numbers, 0 to {len(sizes) - 1}"
        )
    for number, size in zip(wanted, sizes, strict=True):
        check_shape(found[number], noise[found[number]], (rows, size))
    return [noise[found[number]] for number in wanted]


def noise_named(draws: Sequence[Tensor]) -> dict[str, Tensor]:
    """Draws in order as a dictionary that generators take."""
    return {f"noise/{number}": draw for number, draw in enumerate(draws)}


def _panel(rows: Tensor, panels: Tensor) -> Tensor:
    """rows (N, T, D), panels (N,); returns (N, D)."""
    return rows[torch.arange(len(rows), device=rows.device), panels]


def tiled(text: Tensor, features: Tensor) -> Tensor:
    """text (N, D) at every place of features (N, C, h, w); returns (N, D, h, w)."""
    return text[:, :, None, None].expand(-1, -1, *features.shape[2:]).to(features.dtype)


class ProductHead(nn.Module):
    """The product of picture and text features, read by one convolution: w'(E_img * E_txt) + b (C)."""

    def __init__(self, ins: int, text: int, width: int) -> None:
        super().__init__()
        self.conv1, self.convc = same_block_leaky(ins, width), same_block_leaky(text, width)
        self.conv2 = nn.Sequential(nn.Conv2d(width, 1, 4, 4))

    def forward(self, features: Tensor, text: Tensor) -> Tensor:
        """features (N, ins, 4, 4), text (N, Dt); returns logits (N,)."""
        return self.conv2(self.conv1(features) * self.convc(tiled(text, features))).flatten().float()


class JoinedHead(nn.Module):
    """Picture features and text beside each other, mixed by one convolution and read by another (R)."""

    def __init__(self, ins: int, text: int, width: int, base: tuple[int, int] = (4, 4)) -> None:
        super().__init__()
        self.outlogits = nn.Sequential(*same_block_leaky(ins + text, width), nn.Conv2d(width, 1, base))

    def forward(self, features: Tensor, text: Tensor) -> Tensor:
        """features (N, ins, h, w), text (N, Dt); returns logits (N,)."""
        return self.outlogits(torch.cat([features, tiled(text, features)], 1)).flatten().float()


def classifier(ins: int, labels: int, padded: bool, base: tuple[int, int] = (4, 4)) -> nn.Conv2d:
    """A logit a label out of a map: one kernel over all of it, or `padded`; see `StoryQuirks.padded_classes`."""
    return nn.Conv2d(ins, labels, base, base, 1 if padded else 0, bias=False)


class ReleasedStoryGenerator(VectorStoryGenerator):
    """What both released codes build alike, under the names of their checkpoints: two GRUs and
    four upsamplings of a 4x4 map to 64x64. `lower`, `upper`: what a GRU reads and its state."""

    def __init__(self, sizes: Any, lower: tuple[int, int], upper: tuple[int, int]) -> None:
        super().__init__()
        self.sizes, start = sizes, 16 * sizes.width
        self.recurrent, self.mocornn = nn.GRUCell(*lower), nn.GRUCell(*upper)
        self.upsample1 = nearest_block(start, start // 2)
        self.upsample2 = nearest_block(start // 2, start // 4)
        self.upsample3 = nearest_block(start // 4, start // 8)
        self.upsample4 = nearest_block(start // 8, start // 16)
        self.img = nn.Sequential(conv3(start // 16, 3), nn.Tanh())

    @property
    def states(self) -> int:
        """See `VectorStoryGenerator.states`: those of both GRUs."""
        return self.recurrent.hidden_size + self.mocornn.hidden_size

    @abstractmethod
    def begin(self, told: Tensor, story: Tensor, start: Tensor | None) -> tuple[Tensor, Tensor]:
        """The states before the first sentence, g_0 and h_0; arguments as of `chains`."""

    def chains(self, told: Tensor, story: Tensor, start: Tensor | None, z: Tensor) -> tuple[Tensor, Tensor]:
        """The states of both GRUs after each sentence: the lower one, which takes the noise, and the upper one, which
        begins as the story; as `VectorStoryGenerator.chains` says."""
        (lower, upper), kept = self.begin(told, story, start), []
        for k in range(told.shape[1]):
            lower = self.recurrent(torch.cat([z[:, k], told[:, k]], 1), lower)
            upper = self.mocornn(told[:, k], upper)
            kept.append((lower, upper))
        g, h = zip(*kept, strict=True)
        return torch.stack(g, 1), torch.stack(h, 1)

    def grow(self, x: Tensor) -> Tensor:
        """x (N, 16W, 4, 4); returns frames (N, 3, 64, 64)."""
        x = self.upsample1(x)  # (N, 8W, 8, 8)
        x = self.upsample2(x)  # (N, 4W, 16, 16)
        x = self.upsample3(x)  # (N, 2W, 32, 32)
        x = self.upsample4(x)  # (N, W, 64, 64)
        return self.img(x)  # (N, 3, 64, 64)


class ReleasedImageDiscriminator(nn.Module, ABC):
    """Is this frame real, and does it show what is told? And which labels has it? Logits only. `head`: how picture and
    text meet."""

    def __init__(self, width: int, head: nn.Module, labels: int, padded: bool) -> None:
        super().__init__()
        self.features = 8 * width
        self.encode_img = halving_trunk(width, 4)
        self.get_cond_logits = head
        self.cate_classify = classifier(8 * width, labels, padded)
        self.apply(init_normal)

    @abstractmethod
    def told(self, sentence: Tensor, labels: Tensor, mu: Tensor) -> Tensor:
        """What it is told of frames, of sentence (N, Dt), labels (N, L) and mean code (N, Dc)."""

    def encode(self, frames: Tensor) -> Tensor:
        """frames (N, 3, 64, 64) in [-1, 1]; returns features (N, 8W, 4, 4)."""
        return self.encode_img(frames)

    def match(self, features: Tensor, told: Tensor) -> Tensor:
        """features (N, 8W, 4, 4), told as `told` gives it; returns logits (N,)."""
        return self.get_cond_logits(features, told)

    def classify(self, features: Tensor) -> Tensor:
        """features (N, 8W, 4, 4); returns a logit a label, (N, labels)."""
        return self.cate_classify(features).flatten(1).float()
