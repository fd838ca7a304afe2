"""Settings of the training of clips: which terms there are and how much each weighs, batches and rates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from seqgan.checks import check_range
from seqgan.errors import ConfigError
from seqgan.layers.augment import parse_policy
from seqgan.losses.adversarial import criterion_named
from seqgan.training.phases import check_alone


@dataclass(frozen=True)
class GTT2VWeights:
    """Weights of terms; one of weight 0 is not computed.

    clip, frame: what either discriminator tells the generator. gist, kl: of the CVAE, its first frame and the distance
    of its posterior from its prior. recon: see `GTT2VTraining.recon`. moving (house): how much more of a clip's
    reconstruction a pixel weighs where and when it differs from the mean frame, and of a gist's where the clip moves at
    any time. mask: of the mean of the mask, so that what stands still is left to the background (VGAN's penalty).
    streams (house): that the mask is where and when the clip differs from its first frame, by binary cross-entropy, and
    that the foreground is the clip there, so that the one does not close before the other has learnt anything.
    """

    clip: float = 1.0
    frame: float = 1.0
    gist: float = 1.0
    kl: float = 1.0
    recon: float = 0.1
    moving: float = 0.0
    mask: float = 0.1
    streams: float = 0.0


@dataclass(frozen=True)
class GTT2VTraining:
    """Settings of the task. Raises ConfigError for a bad value.

    recon: what L_RECONS holds the clip to: the first_frame of the real clip, as VGAN's conditional form does, the whole
    clip, or its own gist. pairs: mismatched pairs, and discriminators that are told the text; without them they are
    told nothing (DT2V). alone: clips that the generator learns from by its own terms before it meets a discriminator.
    hidden (house): the share of words that are hidden from all of it but backdrop and palette, or sentences would be
    learnt by heart, and who was never seen to do a thing drawn as another.
    """

    batch: int = 16
    lr_g: float = 2e-4
    lr_d: float = 2e-4
    half_life: int = 5_000
    weights: GTT2VWeights = field(default_factory=GTT2VWeights)
    recon: Literal["first_frame", "clip", "gist"] = "first_frame"
    pairs: bool = True
    clip_critic: bool = True
    frame_critic: bool = True
    alone: int = 0
    hidden: float = 0.0
    adversarial: str = "bce"
    augment: str = ""
    """What discriminators see is changed by (comma list): color, translation, cutout; a clip's frames alike."""
    seed: int = 0

    def __post_init__(self) -> None:
        criterion_named(self.adversarial)
        parse_policy(self.augment)
        check_range("training.hidden", self.hidden, 0, 1, ConfigError)
        check_alone(self.alone, bool(self.weights.recon or self.weights.gist), "recon")
