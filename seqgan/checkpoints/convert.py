"""Published files of a system to one of our checkpoint folders.

    convert("attngan", [Path("bird_AttnGAN2.pth"), Path("text_encoder200.pth"), Path("captions.pickle")], Path("birds"))

Files are told apart by what they hold, not by their names. Sizes are read from the weights, which stay as they are. The
folder holds the generator; encoders and discriminators are checkpoints in folders below it.
"""

from __future__ import annotations

import hashlib
import pickle
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from seqgan.checkpoints.format import build_empty, load_into, save_checkpoint
from seqgan.checkpoints.official import PREFIX, complete
from seqgan.checks import check_choice
from seqgan.config import from_dict, to_dict
from seqgan.data.pickles import read_pickle
from seqgan.errors import CheckpointError
from seqgan.models.attngan import AttnGANDiscriminator, AttnGANGenerator, AttnGANSizes
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

State = Mapping[str, Tensor]
FOREIGN = {".t7": "Torch7", ".ckpt": "TensorFlow", ".meta": "TensorFlow", ".index": "TensorFlow", ".pb": "TensorFlow"}
WRAPPERS = ("netG", "netD", "netG_state_dict", "state_dict", "model")
"""Names under which some files keep their weights, beside an optimiser's state."""
LICENCE = "that of the published weights; see where they came from"


@dataclass(frozen=True)
class System:
    """A published system: what its parts are known by (the name of a weight), its sizes, and its networks."""

    marks: dict[str, str]
    sizes: Callable[[State, State], Any]
    """From the weights of the generator and of all discriminators together (none: empty)."""
    networks: dict[str, Callable[[Any, State], nn.Module]]
    family: Callable[[Any], str] | None = None
    """From the sizes, where a system has generators of several families."""


def convert(system: str, files: Sequence[Path], out: Path) -> dict[str, Any]:
    """Write the checkpoint folder `out` from published files, and return which file became which part.

    Args:
        system: attngan, stackgan_v2, hdgan, gan_cls or storygan.
        files: state dicts in any order, the generator's among them; for AttnGAN also captions.pickle, its vocabulary.

    Raises:
        CheckpointError: if a file is of another framework, damaged, not of this system, or lacks weights: the file and
            the names of the weights are told.
        DataError: for a damaged or hostile pickle.
    """
    about = SYSTEMS[check_choice("system", system, SYSTEMS, CheckpointError)]
    pickles = [path for path in files if path.suffix in (".pickle", ".pkl")]
    found = _by_part(system, [path for path in files if path not in pickles])
    words = read_vocabulary(pickles[0]) if pickles else None
    if "text-encoder" in found:
        _check_vocabulary(*found["text-encoder"], words)
    networks = _loaded(about, found)
    shared = {"origin": "official", "preset": f"{system} (converted)", "licence": LICENCE}
    for part, network in networks.items():  # written when everything fits
        config = shared | _family(system, part, network) | _source(found[part][0])
        if part == "generator":
            config["text_encoder"] = "text-encoder" if "text-encoder" in found else None
        if part == "text-encoder":
            config["vocabulary"] = words
        save_checkpoint(out if part == "generator" else out / part, config, network.state_dict(), half=False)
    return {"parts": {part: found[part][0].name for part in networks}, "text_encoder": "text-encoder" in found}


def read_vocabulary(path: Path) -> tuple[str, ...]:
    """The words of AttnGAN's captions.pickle in the order of their numbers. Raises DataError, CheckpointError."""
    held = read_pickle(path)
    table = held[2] if isinstance(held, (list, tuple)) and len(held) == 4 else None
    if not isinstance(table, dict) or sorted(table) != list(range(len(table))):
        raise CheckpointError(f"{path} is no captions.pickle: expected [train, test, words by number, numbers by word]")
    return tuple(str(table[number]) for number in range(len(table)))


def read_state(path: Path) -> dict[str, Tensor]:
    """The weights of a .pth file, read without running what it holds. Raises CheckpointError."""
    if framework := next((name for end, name in FOREIGN.items() if end in path.suffixes), None):
        raise CheckpointError(
            f"{path} is a {framework} file, which is not read here; give the PyTorch weights of a port, or train anew"
        )
    try:
        held = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, ValueError, KeyError, pickle.UnpicklingError) as error:
        why = (str(error).splitlines() or [type(error).__name__])[0]
        raise CheckpointError(f"{path} is no readable PyTorch file of weights ({why}); get it anew") from error
    for name in WRAPPERS:
        held = held[name] if isinstance(held, dict) and isinstance(held.get(name), dict) else held
    if not isinstance(held, dict) or not held or not all(isinstance(value, Tensor) for value in held.values()):
        raise CheckpointError(f"{path} holds no names and weights of one network; give the file of a state dict")
    return {str(name).removeprefix(PREFIX): value for name, value in held.items()}


def _by_part(system: str, files: Sequence[Path]) -> dict[str, tuple[Path, State]]:
    """Part -> its file and weights; discriminators of one scale each are parts of their own."""
    found: dict[str, tuple[Path, State]] = {}
    for path in files:
        state = read_state(path)
        part = next((part for part, mark in SYSTEMS[system].marks.items() if mark in state), None)
        if part is None:
            told = ", ".join(list(state)[:3])
            raise CheckpointError(f"{path} is no part of {system}: its weights are {told}, ...; name their own system")
        part = f"{_scale(state)}-discriminator" if "img_code_s16.0.weight" in state else part
        if part in found:
            raise CheckpointError(f"{found[part][0]} and {path} are both the {part} of {system}; give one of them")
        found[part] = (path, state)
    if "generator" not in found:
        raise CheckpointError(
            f"{', '.join(map(str, files)) or 'no file'} came, no generator of {system}; give its file"
        )
    return found


def _scale(state: State) -> int:
    """Pixels a side that a discriminator of StackGAN++ or AttnGAN reads."""
    return 64 << (("img_code_s32.0.weight" in state) + ("img_code_s64.0.weight" in state))


def _check_vocabulary(path: Path, state: State, words: Sequence[str] | None) -> None:
    if words is None:
        raise CheckpointError(f"{path} needs its vocabulary; give the captions.pickle that was published with it")
    if (rows := len(state["encoder.weight"])) != len(words):
        raise CheckpointError(
            f"{path} knows {rows} words, captions.pickle {len(words)}: they are not of one model (a vocabulary made "
            "anew does not fit); give the captions.pickle that was published with it"
        )


def _loaded(about: System, found: Mapping[str, tuple[Path, State]]) -> dict[str, nn.Module]:
    path, generator = found["generator"]
    critics = [state for part, (_, state) in found.items() if part.endswith("discriminator")]
    other = {name: tensor for state in critics for name, tensor in state.items()}
    try:
        sizes = about.sizes(generator, other)
    except KeyError as error:
        raise CheckpointError(f"{path} lacks {error.args[0]}, which every such generator has; get it anew") from error
    networks = {}
    for part, (path, state) in found.items():
        make = about.networks.get(part) or about.networks["discriminator"]
        network = build_empty(partial(make, sizes, state))
        load_into(network, complete(network, state), path)
        networks[part] = network
    return networks


def _family(system: str, part: str, network: nn.Module) -> dict[str, Any]:
    sizes, named_by = getattr(network, "sizes", None), SYSTEMS[system].family
    own = named_by(sizes) if named_by and sizes else system
    named = {"generator": own, "text-encoder": "damsm_text", "image-encoder": "damsm_image"}
    family = {"family": named.get(part, f"{system}_{part.rpartition('-')[2]}")}
    return family | {"sizes": to_dict(sizes)} if sizes else family


def _source(path: Path) -> dict[str, str]:
    return {"file": path.name, "file_sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def _count(state: State, pattern: str) -> int:
    return sum(re.fullmatch(pattern, name) is not None for name in state)


def _staged(g: State) -> dict[str, Any]:
    """What StackGAN++ and AttnGAN have in common."""
    cond = g["ca_net.fc.weight"].shape[0] // 4
    first = 4 << _count(g, r"h_net1\.upsample\d\.1\.weight")
    return {
        "text": g["ca_net.fc.weight"].shape[1], "cond": cond, "z": g["h_net1.fc.0.weight"].shape[1] - cond,
        "width": g["img_net1.img.0.weight"].shape[1],
        "residuals": _count(g, r"h_net2\.residual\.\d\.block\.0\.weight"),
        "scales": tuple(first << k for k in range(_count(g, r"img_net\d\.img\.0\.weight"))),
    }  # fmt: skip


def _d_width(d: State, name: str) -> dict[str, int]:
    return {"d_width": d[name].shape[0]} if d else {}


def _hdgan_sizes(g: State, _: State) -> HDGANSizes:
    cond, first = g["condEmbedding.linear.weight"].shape[0] // 2, g["vec_to_tensor.out.0.weight"]
    scales = sorted(int(name.split(".")[0].rpartition("_")[2]) for name in g if name.startswith("tensor_to_img_"))
    return HDGANSizes(
        text=g["condEmbedding.linear.weight"].shape[1], cond=cond, z=first.shape[1] - cond, width=first.shape[0] // 16,
        resblocks=_count(g, r"scale_4\.\d\.res_block\.0\.1\.weight"), scales=tuple(scales),
    )  # fmt: skip


def _gan_cls_sizes(g: State, d: State) -> GANCLSSizes:
    cond, text = g["projection.0.weight"].shape
    first = g["netG.0.weight"].shape
    return GANCLSSizes(text, cond, first[0] - cond, first[1] // 8, **_d_width(d, "netD_1.0.weight"))


def _story_sizes(g: State, d: State) -> StoryGANClevrSizes | StoryGANPororoSizes:
    """Those of C, whose generator brings its gist down to the first map, or of R, which has networks of first states.

    Labels are read from the image discriminator; without it those of R, which only end a sentence vector, are the
    released nine. Raises CheckpointError where these do not fit.
    """
    if "downsamples.0.weight" in g:
        text = g["mocornn.weight_ih"].shape[1]
        found = {"text": text, "z": g["recurrent.weight_ih"].shape[1] - text, "width": g["img.0.weight"].shape[1]}
        return StoryGANClevrSizes(**found, **_story_critic(d), quirks=RELEASED)
    motion, code = g["m_net.0.weight"].shape[0], g["c_net.0.weight"].shape[0]
    told, gist = g["ca_net.fc.weight"].shape[1], g["fc.0.weight"].shape[1] - motion - code
    filters = g["image_net.0.weight"].shape[0] // gist
    critic = {"labels": StoryGANPororoSizes.labels} | _story_critic(d)
    text = motion - critic["labels"]
    if text < 1 or told % text:
        raise CheckpointError(
            f"the generator reads {motion} numbers a sentence and {told} a story, which {critic['labels']} labels do "
            "not fit; give the file of its image discriminator, too: it knows how many there are"
        )
    return StoryGANPororoSizes(
        text=text, z=g["recurrent.weight_ih"].shape[1] - motion, code=code, gist=gist, filters=filters,
        filter_size=g["filter_net.0.weight"].shape[0] // filters, width=g["img.0.weight"].shape[1],
        panels=told // text, **critic, quirks=COMPATIBLE,
    )  # fmt: skip


def _story_critic(d: State) -> dict[str, int]:
    labels = {"labels": d["cate_classify.weight"].shape[0]} if "cate_classify.weight" in d else {}
    return labels | _d_width(d, "encode_img.0.weight")


def _is_clevr(sizes: Any) -> bool:
    return isinstance(sizes, StoryGANClevrSizes)


SYSTEMS = {
    "attngan": System(
        {"generator": "h_net2.att.conv_context.weight", "text-encoder": "rnn.weight_ih_l0",
         "image-encoder": "emb_features.weight", "discriminator": "COND_DNET.jointConv.0.weight"},
        lambda g, d: from_dict(AttnGANSizes, _staged(g) | _d_width(d, "img_code_s16.0.weight")),
        {"generator": lambda sizes, _: AttnGANGenerator(sizes),
         "text-encoder": lambda _, state: DamsmTextEncoder(
             DamsmTextSizes(len(state["encoder.weight"]), 2 * state["rnn.weight_hh_l0"].shape[1],
                            state["encoder.weight"].shape[1])),
         "image-encoder": lambda _, state: DamsmImageEncoder(DamsmImageSizes(len(state["emb_features.weight"]))),
         "discriminator": lambda sizes, state: AttnGANDiscriminator(sizes, _scale(state))},
    ),
    "stackgan_v2": System(
        {"generator": "h_net2.jointConv.0.weight", "discriminator": "uncond_logits.0.weight"},
        lambda g, d: from_dict(StackGANv2Sizes, _staged(g) | _d_width(d, "img_code_s16.0.weight")),
        {"generator": lambda sizes, _: StackGANv2Generator(sizes),
         "discriminator": lambda sizes, state: StackGANv2Discriminator(sizes, _scale(state))},
    ),
    "hdgan": System(
        {"generator": "condEmbedding.linear.weight", "discriminator": "pre_encode.0.weight",
         "ranking": "linear_img.weight"},
        _hdgan_sizes,
        {"generator": lambda sizes, _: HDGANGenerator(sizes),
         "discriminator": lambda sizes, _: HDGANDiscriminator(sizes),
         "ranking": lambda _sizes, _state: ImageSentenceRanking()},
    ),
    "gan_cls": System(
        {"generator": "netG.0.weight", "discriminator": "netD_1.0.weight"},
        _gan_cls_sizes,
        {"generator": lambda sizes, _: GANCLSGenerator(sizes),
         "discriminator": lambda sizes, _: GANCLSDiscriminator(sizes)},
    ),
    "storygan": System(
        {"generator": "mocornn.weight_ih", "image-discriminator": "cate_classify.weight",
         "story-discriminator": "encode_img.0.weight"},
        _story_sizes,
        {"generator": lambda sizes, _:
             (StoryGANClevrGenerator if _is_clevr(sizes) else StoryGANPororoGenerator)(sizes),
         "image-discriminator": lambda sizes, _:
             (StoryGANClevrImageDiscriminator if _is_clevr(sizes) else StoryGANPororoImageDiscriminator)(sizes),
         "story-discriminator": lambda sizes, _:
             (StoryGANClevrStoryDiscriminator if _is_clevr(sizes) else StoryGANPororoStoryDiscriminator)(sizes)},
        lambda sizes: "storygan_clevr" if _is_clevr(sizes) else "storygan_pororo",
    ),
}  # fmt: skip
