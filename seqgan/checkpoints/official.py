"""Official state dicts to networks: what each published system consists of, and loading one part of it.

g = load_official("attngan_bird", "G_NET", torch.load(path, weights_only=True))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from seqgan.checkpoints.format import build_empty, load_into
from seqgan.checks import check_choice
from seqgan.errors import CheckpointError
from seqgan.models.attngan import AttnGANDiscriminator, AttnGANGenerator, AttnGANSizes
from seqgan.models.controlgan import ControlGANGenerator
from seqgan.models.damsm import DamsmImageEncoder, DamsmImageSizes, DamsmTextEncoder, DamsmTextSizes
from seqgan.models.gan_cls import GANCLSDiscriminator, GANCLSGenerator, GANCLSSizes
from seqgan.models.hdgan import HDGANDiscriminator, HDGANGenerator, HDGANSizes, ImageSentenceRanking
from seqgan.models.stackgan_v2 import StackGANv2Discriminator, StackGANv2Generator, StackGANv2Sizes
from seqgan.models.storygan_clevr import (
    RELEASED,
    StoryGANClevrGenerator,
    StoryGANClevrImageDiscriminator,
    StoryGANClevrSizes,
    StoryGANClevrStoryDiscriminator,
)
from seqgan.models.storygan_pororo import (
    COMPATIBLE,
    StoryGANPororoGenerator,
    StoryGANPororoImageDiscriminator,
    StoryGANPororoSizes,
    StoryGANPororoStoryDiscriminator,
)

Parts = dict[str, Callable[[], nn.Module]]
PREFIX = "module."
"""What `nn.DataParallel` puts before every name."""
COUNTER = "num_batches_tracked"
"""Files of 2017 and 2018 lack it."""


def load_official(system: str, part: str, state_dict: Mapping[str, Tensor]) -> nn.Module:
    """A network of a published system with the weights of an official state dict, in eval mode.

    Strict, but for the prefix of `nn.DataParallel` and the counters of batch norms, which older files do not have.

    Args:
        system: one of `SYSTEMS`.
        part: one of its networks, by the name that the released code gives it.

    Raises:
        CheckpointError: for an unknown system or part, or if a weight is missing, left over or of another shape.
    """
    parts = SYSTEMS[check_choice("official system", system, SYSTEMS, CheckpointError)]
    network = build_empty(parts[check_choice(f"part of {system}", part, parts, CheckpointError)])
    load_into(network, complete(network, state_dict), Path(system) / part)
    return network.eval()


def complete(network: nn.Module, state_dict: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A state dict without the prefix of `nn.DataParallel` and with the counters that older files lack."""
    counters = {name: torch.tensor(0) for name in network.state_dict() if name.endswith(COUNTER)}
    return counters | {name.removeprefix(PREFIX): tensor for name, tensor in state_dict.items()}


def _attngan(vocabulary: int, sizes: AttnGANSizes, generator: type[nn.Module] = AttnGANGenerator) -> Parts:
    encoders: Parts = {
        "RNN_ENCODER": lambda: DamsmTextEncoder(DamsmTextSizes(vocabulary)),
        "CNN_ENCODER": lambda: DamsmImageEncoder(DamsmImageSizes()),
    }
    return {
        **encoders, "G_NET": lambda: generator(sizes), "D_NET64": lambda: AttnGANDiscriminator(sizes, 64),
        "D_NET128": lambda: AttnGANDiscriminator(sizes, 128), "D_NET256": lambda: AttnGANDiscriminator(sizes, 256),
    }  # fmt: skip


SYSTEMS: dict[str, Parts] = {
    "attngan_bird": _attngan(5450, AttnGANSizes()),
    "attngan_coco": _attngan(27297, AttnGANSizes(width=48, d_width=96, residuals=3)),
    "controlgan_bird": _attngan(5450, AttnGANSizes(), ControlGANGenerator),
    "stackgan_v2_birds": {
        "G_NET": lambda: StackGANv2Generator(StackGANv2Sizes()),
        "D_NET64": lambda: StackGANv2Discriminator(StackGANv2Sizes(), 64),
        "D_NET128": lambda: StackGANv2Discriminator(StackGANv2Sizes(), 128),
        "D_NET256": lambda: StackGANv2Discriminator(StackGANv2Sizes(), 256),
    },
    "hdgan_birds": {
        "Generator": lambda: HDGANGenerator(HDGANSizes()),
        "Discriminator": lambda: HDGANDiscriminator(HDGANSizes()),
        "VS_ImgSenRanking": ImageSentenceRanking,
    },
    "gan_cls": {
        "generator": lambda: GANCLSGenerator(GANCLSSizes()),
        "discriminator": lambda: GANCLSDiscriminator(GANCLSSizes()),
    },
    "storygan_clevr": {
        "generator": lambda: StoryGANClevrGenerator(StoryGANClevrSizes(quirks=RELEASED)),
        "image_discriminator": lambda: StoryGANClevrImageDiscriminator(StoryGANClevrSizes(quirks=RELEASED)),
        "story_discriminator": lambda: StoryGANClevrStoryDiscriminator(StoryGANClevrSizes(quirks=RELEASED)),
    },
    "storygan_pororo": {
        "generator": lambda: StoryGANPororoGenerator(StoryGANPororoSizes(quirks=COMPATIBLE)),
        "image_discriminator": lambda: StoryGANPororoImageDiscriminator(StoryGANPororoSizes(quirks=COMPATIBLE)),
        "story_discriminator": lambda: StoryGANPororoStoryDiscriminator(StoryGANPororoSizes(quirks=COMPATIBLE)),
    },
}
"""Published systems and their parts, by the names of the released codes; sizes are the published ones."""
