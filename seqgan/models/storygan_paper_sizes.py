"""The sizes and the form of StoryGAN as printed and of its baselines (`seqgan.models.storygan_paper`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from seqgan.checks import check_range
from seqgan.errors import ConfigError
from seqgan.models.story_parts import StoryQuirks

DOUBLINGS = 4
"""Of the base grid, to frames 16 times as large; the frame discriminators halve as often."""


@dataclass(frozen=True)
class StoryGANPaperSizes:
    """Every size of the system, the printed ones by default (those of text and panels are the data's), and its form.

    width: channels of the last map but one of `frame: listed`, of the last of the others. filters, filter_size: of the
    row; maps, gist, rank, hidden: of the map (`seqgan.models.text2gist`). start: channels of the first map of `dcgan`,
    and the most that a map of `hdgan` and `attngan` has. doublings: of the base, by these two alone. scales: where the
    context has a filter, i_t scales the larger maps of `dcgan` without a gate, too (house). gate: `dcgan` is gated by
    figure and ground. backdrop: `dcgan` lays figures over a sum of so many learnt pictures (house; 0: it draws frames
    in one piece), which is soon found where scenes are few. vocabulary: words that `attngan` knows, of `word` numbers
    each, in training those of the data; 0: it looks at sentence vectors in place of words (house). story_width: numbers
    of a panel in the story discriminator are 4 times this on a 4x4 grid.
    """

    text: int = 128
    labels: int = 0
    panels: int = 5
    context: Literal["text2gist", "svc", "svfn", "imagegan"] = "text2gist"
    gist: Literal["row", "map"] = "row"
    frame: Literal["listed", "dcgan", "hdgan", "attngan"] = "listed"
    critics: Literal["listed", "house"] = "listed"
    base: tuple[int, int] = (4, 4)
    doublings: int = DOUBLINGS
    scales: bool = False
    gate: bool = False
    backdrop: int = 0
    vocabulary: int = 0
    word: int = 128
    z: int = 100
    code: int = 128
    lower: int = 128
    filters: int = 16
    filter_size: int = 64
    maps: int = 8
    channels: int = 40
    rank: int = 64
    hidden: int = 256
    start: int = 256
    width: int = 64
    d_width: int = 64
    story_width: int = 32
    noise: float = 1.0
    """A factor on all draws of noise (house): less of it learns sooner where text tells nearly all of a picture."""
    direct: bool = False
    """What was read of the sentence is added to what the GRU says of it, for the frame and for Text2Gist: the GRU then
    has only to remember (house)."""
    quirks: StoryQuirks = field(default_factory=StoryQuirks)
    """Of these `single_first` alone is asked; the others are of released codes."""

    def __post_init__(self) -> None:
        if (self.frame, self.gist) == ("listed", "map"):
            raise ConfigError("the listed frame generator has no place for a map; set gist to row, or frame to dcgan")
        if self.gate and self.frame != "dcgan":
            raise ConfigError(f"the {self.frame} frame generator has no gate; set gate=false, or frame to dcgan")
        if self.backdrop and (self.frame != "dcgan" or self.gate):
            raise ConfigError("network.backdrop belongs to the dcgan frame generator without a gate; set it to 0, or "
                              "frame to dcgan and gate to false")  # fmt: skip
        if self.doublings != DOUBLINGS and not self.sides:
            raise ConfigError(f"the {self.frame} frame generator doubles its base 4 times; make base larger and leave "
                              "doublings, or set frame to hdgan or attngan")  # fmt: skip
        if self.vocabulary and self.frame != "attngan":
            raise ConfigError(f"the {self.frame} frame generator looks at no words; set network.vocabulary to 0, or "
                              "frame to attngan")  # fmt: skip
        if self.word % 2:
            raise ConfigError(f"network.word is {self.word}, half of it for each direction; expected an even number")
        check_range("network.doublings", self.doublings, DOUBLINGS, 7, ConfigError)
        if self.sides and min(self.grid) < max(self.sides):
            raise ConfigError(f"frames of 16 times {self.grid} are too small for pictures 4 times smaller; the base "
                              "needs 4 places a side")  # fmt: skip
        if self.gist == "row" and self.filter_size > self.code:
            raise ConfigError(f"a filter of {self.filter_size} numbers does not fit a code of {self.code}; make "
                              "filter_size smaller")  # fmt: skip

    @property
    def grid(self) -> tuple[int, int]:
        """Frames have 16 times this."""
        return self.base[0] << (self.doublings - DOUBLINGS), self.base[1] << (self.doublings - DOUBLINGS)

    @property
    def sides(self) -> tuple[int, ...]:
        """How many times smaller the pictures are that are drawn on the way to the frames."""
        return (2, 4) if self.frame in ("hdgan", "attngan") else ()
