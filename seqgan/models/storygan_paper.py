"""StoryGAN as printed (P, Li et al. 2019), the baselines it is set against, and small forms of all of them.

`context` says how a panel comes to know its story. h_0 is the story's code, i_t what is read of sentence t:

    text2gist   StoryGAN: i_t, g_t = GRU(s_t, eps_t, g_(t-1)); h_t = Text2Gist's gates of i_t and h_(t-1); the frame is
                drawn from o_t = Filter(i_t) * h_t
    svc         the same GRU, no Text2Gist: the frame is drawn from i_t beside h_0
    svfn        no recurrence: i_t is of s_t and eps_t alone; the frame is drawn from o_t = Filter(i_t) * h_0
    imagegan    neither: the frame is drawn from that i_t beside h_0

As printed (`gist: row`, `frame: listed`, `critics: listed`) the gist is a row of numbers and all a frame is drawn from.
The house form (`map`, `dcgan`, `house`) has a map in its place, joined to a frame generator of the core on twice its
base grid, beside i_t and the state; its discriminators have spectral norm, and the frame one a head that reads no text.
Frames are 16 times `base`: (4, 4) gives 64x64, (4, 7) 64x112, (8, 8) 128x128; where the frame generator doubles its
base more often, 32 times (`doublings: 5`), 64 times and so on.

Of frame generators (`seqgan.models.story_frames`) hdgan and attngan draw two smaller pictures on the way, and attngan
looks at the words of the story up to the panel's own sentence. A frame discriminator of its own judges each size.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.errors import InputError
from seqgan.layers.batch_norm import LoneBatchNorm1d
from seqgan.layers.blocks import down_block, halving_trunk
from seqgan.layers.init import init_dcgan, init_normal
from seqgan.models.gan_cls import FrameDiscriminator, FrameGenerator
from seqgan.models.story_frames import AttentiveFrame, GatedFrame, LayeredFrame, ListedFrame, NestedFrame
from seqgan.models.story_parts import (
    Decoded,
    JoinedHead,
    StoryCode,
    VectorStoryGenerator,
    classifier,
)
from seqgan.models.story_words import Heard, StoryWords
from seqgan.models.storygan_paper_sizes import DOUBLINGS, StoryGANPaperSizes
from seqgan.models.text2gist import GistMap, GistRow, GistScales, PaperCell

RECURRENT, FILTERED = ("text2gist", "svc"), ("text2gist", "svfn")
"""Contexts with a lower GRU, and those with a filter."""

Frame = ListedFrame | FrameGenerator | GatedFrame | LayeredFrame | NestedFrame | AttentiveFrame


class StoryGANPaperGenerator(VectorStoryGenerator):
    """Sentence vectors and noise to frames in [-1, 1]; labels are not read."""

    def __init__(self, sizes: StoryGANPaperSizes) -> None:
        super().__init__()
        self.sizes, code, lower = sizes, sizes.code, sizes.lower
        self.story = nn.Sequential(nn.Linear(sizes.panels * sizes.text, code), LoneBatchNorm1d(code), nn.ReLU())
        self.gaussian = nn.Linear(code, 2 * code)
        self.read = nn.Sequential(nn.Linear(sizes.z + sizes.text, lower), LoneBatchNorm1d(lower), nn.ReLU())
        self.recurrent = nn.GRUCell(lower, lower) if sizes.context in RECURRENT else None
        self.text2gist = PaperCell(lower, code) if sizes.context == "text2gist" else None
        self.filter = _filter(sizes) if sizes.context in FILTERED else None
        self.frame = _frame(sizes)
        self.scales = _scales(sizes, self.frame)
        self.words = StoryWords(sizes.vocabulary, sizes.word, sizes.panels) if sizes.vocabulary else None
        if sizes.frame == "listed":
            self.apply(init_normal)

    @property
    def states(self) -> int:
        """See `VectorStoryGenerator.states`: i_t and h_t."""
        return self.sizes.lower + self.sizes.code

    @property
    def first_draws(self) -> dict[str, int]:
        """See `VectorStoryGenerator.first_draws`: g_0 where there is a GRU."""
        return {"code": self.sizes.code} | ({"start": self.sizes.lower} if self.recurrent else {})

    @property
    def tells_sample(self) -> bool:
        """The listed critics see h_0; those of the house its mean, with which their figures were made."""
        return self.sizes.critics == "listed"

    def encode(self, content: Tensor, eps: Tensor | None) -> StoryCode:
        """h_0 = mu(S) + sigma(S) eps of all sentences end to end: content (N, T, Dt), eps (N, Dc)."""
        mu, logvar = self.gaussian(self.story(content.flatten(1))).float().chunk(2, 1)  # (N, Dc) each
        return StoryCode(mu if eps is None else mu + (logvar / 2).exp() * self.sizes.noise * eps, mu, logvar)

    def chains(self, told: Tensor, story: Tensor, start: Tensor | None, z: Tensor) -> tuple[Tensor, Tensor]:
        """told (N, T, Dt), story (N, Dc), start (N, Di) or None, z (N, T, Dz); returns i_t (N, T, Di), with what it
        was read of where that is `direct`, and h_t (N, T, Dc), which is h_0 in every panel without a Text2Gist."""
        count = told.shape[1]
        z, start = self.sizes.noise * z, None if start is None else self.sizes.noise * start
        read = self.read(torch.cat([z, told], 2).flatten(0, 1)).unflatten(0, (-1, count))  # (N, T, Di)
        if self.recurrent is None or start is None:
            return read, story[:, None].expand(-1, count, -1)
        i, h, kept = start, story, []
        for k in range(count):
            i = self.recurrent(read[:, k], i)
            lower = i + read[:, k] if self.sizes.direct else i
            h = h if self.text2gist is None else self.text2gist(lower, h)
            kept.append((lower, h))
        lowers, uppers = (torch.stack(each, 1) for each in zip(*kept, strict=True))
        return lowers, uppers

    def listen(self, told: Tensor, tokens: Tensor | None, panels: Tensor | None) -> Heard | None:
        """With `frame: attngan`: words, or sentences where it has no vocabulary. Raises InputError without words."""
        if not isinstance(self.frame, AttentiveFrame):
            return None
        if self.words is None:
            return Heard.of(told, panels)
        if tokens is None:
            raise InputError("this network looks at words and none came; give the tokens of the sentences")
        return self.words(tokens, panels)

    def decode(self, told: Tensor, mu: Tensor, lower: Tensor, upper: Tensor, heard: Heard | None) -> Decoded:
        """lower (N, Di), upper (N, Dc); returns frames (N, 3, 16h, 16w), and what else is drawn."""
        frame, gist = self.frame, None if self.filter is None else self.filter.gist(lower, upper)
        both = torch.cat([lower, upper.to(lower.dtype)], 1)  # (N, Di + Dc)
        if isinstance(frame, ListedFrame):
            return {1: frame(both if gist is None else gist)}, None
        if gist is not None and isinstance(self.filter, GistRow):
            both, gist = torch.cat([both, gist], 1), None
        scales = None if self.scales is None else self.scales(lower)
        if isinstance(frame, FrameGenerator):  # the noise has been read already
            return {1: frame(both, both.new_zeros(len(both), 0), gist, scales=scales)}, None
        if isinstance(frame, LayeredFrame):
            return frame(both, gist, scales)
        if isinstance(frame, GatedFrame):
            return frame(both, gist)
        if isinstance(frame, NestedFrame):
            return frame(both, gist), None
        assert heard is not None, "of all that attend"
        return frame(both, gist, heard), None


def _filter(sizes: StoryGANPaperSizes) -> GistRow | GistMap:
    if sizes.gist == "row":
        return GistRow(sizes.lower, sizes.filters, sizes.filter_size)
    grid = (2 * sizes.base[0], 2 * sizes.base[1])
    return GistMap(sizes.lower, sizes.code, grid, sizes.maps, sizes.channels, sizes.rank, sizes.hidden)


def _frame(sizes: StoryGANPaperSizes) -> Frame:
    filtered = sizes.context in FILTERED
    row = sizes.filters * (sizes.code - sizes.filter_size + 1) if filtered and sizes.gist == "row" else 0
    maps = sizes.channels if filtered and sizes.gist == "map" else 0
    ins, base, start, width = sizes.lower + sizes.code + row, sizes.base, sizes.start, sizes.width
    match sizes.frame:
        case "listed":
            return ListedFrame(row or ins, base, width)
        case "dcgan" if sizes.gate:
            return GatedFrame(ins, base, start, width, maps)
        case "dcgan" if sizes.backdrop:
            return LayeredFrame(ins, base, start, width, sizes.backdrop, maps)
        case "dcgan":
            return FrameGenerator(ins, 0, base, start, width, maps)
        case "hdgan":
            return NestedFrame(ins, base, start, width, sizes.doublings, maps)
        case "attngan":
            text = sizes.word if sizes.vocabulary else sizes.text
            return AttentiveFrame(ins, base, start, width, sizes.doublings, text, maps)


def _scales(sizes: StoryGANPaperSizes, frame: Frame) -> GistScales | None:
    drawing = frame.figure if isinstance(frame, LayeredFrame) else frame
    if not (sizes.scales and sizes.context in FILTERED and isinstance(drawing, FrameGenerator)):
        return None
    return GistScales(sizes.lower, 2 * sizes.rank, drawing.larger)


class StoryGANPaperImageDiscriminator(nn.Module):
    """Is this frame real, and does it show {s_t, h_0}? And, where there are labels, which? Logits only.

    `smaller`: it judges the pictures that are so many times smaller than the frames, and names nothing.
    """

    def __init__(self, sizes: StoryGANPaperSizes, smaller: int = 1) -> None:
        super().__init__()
        width, grid = 8 * sizes.d_width, _grid(sizes, smaller)
        self.features = width
        self.trunk = halving_trunk(sizes.d_width, DOUBLINGS)
        self.head = JoinedHead(width, sizes.text + sizes.code, width, grid)
        self.labels = classifier(width, sizes.labels, False, grid) if sizes.labels and smaller == 1 else None
        self.apply(init_normal)

    def told(self, sentence: Tensor, labels: Tensor, code: Tensor) -> Tensor:
        """What it is told of frames: sentence (N, Dt) and code (N, Dc), end to end."""
        return torch.cat([sentence, code.to(sentence.dtype)], 1)

    def encode(self, frames: Tensor) -> Tensor:
        """frames (N, 3, 16h, 16w) in [-1, 1]; returns features (N, 8W, h, w)."""
        return self.trunk(frames)

    def match(self, features: Tensor, told: Tensor) -> Tensor:
        """features (N, 8W, h, w), told (N, Dt + Dc); returns logits (N,)."""
        return self.head(features, told)

    def classify(self, features: Tensor) -> Tensor | None:
        """features (N, 8W, h, w); returns a logit a label, (N, labels), or None where there are none."""
        return None if self.labels is None else self.labels(features).flatten(1).float()


class HouseFrameCritic(FrameDiscriminator):
    """The same of the core: spectral norm, a head that reads no text; told sentence and mean code."""

    def __init__(self, sizes: StoryGANPaperSizes, smaller: int = 1) -> None:
        width, grid = sizes.d_width, _grid(sizes, smaller)
        super().__init__(sizes.text + sizes.code, grid, width)
        self.features = 6 * width
        self.labels = classifier(6 * width, sizes.labels, False, grid) if sizes.labels and smaller == 1 else None

    told = StoryGANPaperImageDiscriminator.told
    classify = StoryGANPaperImageDiscriminator.classify


def _grid(sizes: StoryGANPaperSizes, smaller: int) -> tuple[int, int]:
    """What is left of a picture that is halved four times."""
    return sizes.grid[0] // smaller, sizes.grid[1] // smaller


class StoryGANPaperStoryDiscriminator(nn.Module):
    """D_S = sigmoid(w'(E_img(X) * E_txt(S)) + b): features of every frame and of every sentence, each one behind the
    other in time, multiplied and read by one row of weights. So it sees which frame goes with which sentence, and their
    order. Logits only.

    The house form has spectral norm in place of batch norm, and reads frames at half their size: it judges the story,
    the frame discriminator the detail.
    """

    def __init__(self, sizes: StoryGANPaperSizes) -> None:
        super().__init__()
        width, (down, along) = sizes.d_width, sizes.grid
        self.panels, self.house = sizes.panels, sizes.critics == "house"
        self.trunk = _house_trunk(width) if self.house else halving_trunk(width, 4)
        top = 4 * width if self.house else 8 * width
        self.image = nn.Conv2d(top, sizes.story_width, 3, 2, 1)
        panel = sizes.story_width * -(-down // 2) * -(-along // 2)
        plain = nn.Linear(sizes.text, panel)
        self.text = plain if self.house else nn.Sequential(plain, LoneBatchNorm1d(panel))
        self.match_head = nn.Linear(sizes.panels * panel, 1)
        self.apply(init_dcgan if self.house else init_normal)

    def told(self, sentences: Tensor, labels: Tensor, code: Tensor) -> Tensor:
        """What it is told of stories: the sentences (N, T, Dt) alone."""
        return sentences

    def encode(self, frames: Tensor) -> Tensor:
        """E_img: frames (N * T, 3, 16h, 16w), row n * T + t; returns features (N, T, E)."""
        seen = F.avg_pool2d(frames, 2) if self.house else frames
        return self.image(self.trunk(seen)).flatten(1).unflatten(0, (-1, self.panels))

    def match(self, features: Tensor, told: Tensor) -> Tensor:
        """features (N, T, E), told (N, T, Dt); returns logits (N,)."""
        text = self.text(told.flatten(0, 1)).unflatten(0, (-1, self.panels))  # E_txt, (N, T, E)
        return self.match_head((features * text).flatten(1)).flatten().float()


def _house_trunk(width: int) -> nn.Sequential:
    return nn.Sequential(down_block(3, width), down_block(width, 2 * width), down_block(2 * width, 4 * width))


class StoryGANPaperDiscriminators(nn.Module):
    """Both discriminators, and below that of frames `image_2` and `image_4`, of the smaller pictures if there are."""

    def __init__(self, sizes: StoryGANPaperSizes) -> None:
        super().__init__()
        make = HouseFrameCritic if sizes.critics == "house" else StoryGANPaperImageDiscriminator
        self.image = make(sizes)
        self.story = StoryGANPaperStoryDiscriminator(sizes)
        for smaller in sizes.sides:
            self.add_module(f"image_{smaller}", make(sizes, smaller))
