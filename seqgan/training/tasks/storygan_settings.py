"""Settings of the training of vector StoryGANs: which terms there are and how much each weighs, batches and rates."""

from __future__ import annotations

from dataclasses import dataclass, field

from seqgan.checks import check_range
from seqgan.errors import ConfigError
from seqgan.layers.augment import parse_policy
from seqgan.losses.adversarial import criterion_named
from seqgan.training.phases import check_alone


@dataclass(frozen=True)
class StoryGANWeights:
    """Weights of terms; one of weight 0 is not computed.

    frame, story: what either discriminator tells the generator. kl: of the story code, on both batches. classes and
    g_classes: of the label loss, on real frames for the discriminator and on generated ones for the generator.
    contrast: that panels and sentences find each other among those of other sources, likewise. clusters: that a panel
    is told to be of the cluster that the true one is of (cross-entropy), likewise; see `StoryGANTraining.clusters`.
    labels (house): of what frozen judges of panels miss of the true panel's labels; they measure nothing afterwards.

    reconstruct (house) asks for the very pictures of the story: a supervised start where text tells nearly all of a
    picture. things (house): how much more of it a pixel weighs that is not the background, which is the median of
    training frames, each scene's own; for data with one camera a scene. figure: that the mask of a gated generator
    (`network.gate`) is of those very pixels, by binary cross-entropy (house: CP-CSV has given masks, and a
    discriminator of them).
    """

    frame: float = 1.0
    story: float = 1.0
    kl: float = 1.0
    classes: float = 1.0
    g_classes: float = 1.0
    contrast: float = 0.0
    clusters: float = 0.0
    labels: float = 0.0
    reconstruct: float = 0.0
    things: float = 0.0
    figure: float = 0.0


@dataclass(frozen=True)
class StoryGANTraining:
    """Settings of the task. Raises ConfigError for a bad value.

    batch: stories; frames: single frames apart, 0 for the panels of the stories. g_steps: of the generator, each with
    fresh noise, a step of the discriminators. shifted_pairs: the mismatched pair is told what the next of the batch is
    about, as released (the last has none); else it is of another source, anywhere in the data. story_critic,
    frame_critic: without the one there is no global, without the other no local consistency. label_dropout: the share
    of stories whose labels are told as zeros, so that it draws where nobody is named, too (what is asked of the frames
    stays); for a generator that reads labels. clusters: of training panels that look alike (k-means), which the frame
    discriminator learns to name where `weights.clusters` asks for it. scene: the label groups that tell one background
    from another. heard: panels that are only read at first, to name their labels by one layer out of the states that
    they will be drawn from (house): who is meant is then remembered before pictures could teach it; the layer is left
    behind. alone: panels after those that the generator learns from by its own terms before it meets a discriminator
    (house).
    """

    batch: int = 24
    frames: int = 24
    lr_g: float = 2e-4
    lr_d: float = 2e-4
    half_life: int = 0
    """Of the averaged generator, in images; 0: the newest weights, as released."""
    g_steps: int = 2
    weights: StoryGANWeights = field(default_factory=StoryGANWeights)
    story_critic: bool = True
    frame_critic: bool = True
    shifted_pairs: bool = False
    label_dropout: float = 0.0
    clusters: int = 0
    scene: tuple[str, ...] = ()
    heard: int = 0
    alone: int = 0
    adversarial: str = "bce"
    augment: str = ""
    """What discriminators see is changed by (comma list): color, translation, cutout; a story's panels alike."""
    seed: int = 0

    def __post_init__(self) -> None:
        criterion_named(self.adversarial)
        parse_policy(self.augment)
        check_range("training.g_steps", self.g_steps, 1, 2, ConfigError)
        check_range("training.frames", self.frames, 0, error=ConfigError)
        check_range("training.heard", self.heard, 0, error=ConfigError)
        check_alone(self.alone, bool(self.weights.reconstruct), "reconstruct")
        if bool(self.clusters) != bool(self.weights.clusters):
            raise ConfigError(f"training.clusters is {self.clusters} and training.weights.clusters "
                              f"{self.weights.clusters:g}; neither does anything without the other: set both, to 64 "
                              "and 0.2, or none")  # fmt: skip
        check_range("training.label_dropout", self.label_dropout, 0, 1, ConfigError)
