"""Every size of the clip system, and which of its parts there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from seqgan.errors import ConfigError
from seqgan.models.backdrop import SCENE

HALVINGS = 4
"""Frames are halved so often to the base grid, and as often along time."""


@dataclass(frozen=True)
class GTT2VSizes:
    """Every size of the system, and which of its parts there are.

    gist: `cvae` draws it from the text; `frame` and `picture` take a first picture that is given, drawn by a frame
    generator or a person's own; `none`: there is no gist. text2filter: the text's kernels read the gist; without it the
    gist is read as it is. background: decoded anew, or the gist itself. prior: of the CVAE's code under a text, or
    standard normal. clip: without it the gist stands still, which shows what the rest is good for. skips: maps of the
    gist's encoder join those of the clip at every size (U-Net; house), so that what moves looks like what stood there.
    backdrop: the CVAE's decoder lays a figure over a backdrop that is a sum of so many learnt pictures, weighed by the
    text (house; 0: it draws the gist in one piece), for a backdrop that captions tell is found so in a tenth of the
    time, and the decoder is left to the figure. It reads the words by itself, or the figure's many would drown its few.
    palette: the figure over a backdrop is mixed of so many colours, which words add up to (house; 0: as it comes).
    """

    vocabulary: int
    frames: int = 32
    base: tuple[int, int] = (4, 4)
    gist: Literal["cvae", "frame", "picture", "none"] = "cvae"
    prior: Literal["text", "standard"] = "text"
    text2filter: bool = True
    background: Literal["decoded", "gist"] = "decoded"
    clip: bool = True
    skips: bool = False
    backdrop: int = 0
    palette: int = 0
    embed: int = 64
    text: int = 192
    cond: int = 128
    latent: int = 32
    noise: int = 16
    filters: int = 32
    kernel: int = 5
    rank: int = 48
    code: int = 128
    start: int = 128
    width: int = 24
    still: int = 24
    d_width: int = 24

    def __post_init__(self) -> None:
        if self.frames < 16 or self.frames % 16:
            raise ConfigError(f"network.frames is {self.frames}; expected 16 or a multiple of it")
        if self.gist == "none" and (self.text2filter or self.background == "gist" or not self.clip or self.skips):
            raise ConfigError(
                "network.gist=none leaves nothing to filter, to stand behind, to stand still or to join; "
                "set text2filter=false, background=decoded, clip=true and skips=false, or draw a gist"
            )
        if not self.clip and self.gist != "cvae":
            raise ConfigError(f"network.clip=false shows the gist alone, and {self.gist} draws none; set gist=cvae")

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of a frame in pixels."""
        return self.base[0] << HALVINGS, self.base[1] << HALVINGS

    @property
    def layered(self) -> bool:
        """Whether the gist is drawn in two layers."""
        return self.gist == "cvae" and self.backdrop > 0

    @property
    def colours(self) -> int:
        """How many a figure is mixed of, 0 where it is drawn as it comes."""
        return self.palette if self.layered else 0

    @property
    def psi(self) -> int:
        """Numbers of a sentence vector: what all read of it, what a backdrop does, and the colours of a palette."""
        return self.text + (SCENE if self.layered else 0) + 3 * self.colours
