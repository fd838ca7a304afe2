"""How fast generators draw one picture, one clip, or the panels of one story: ours beside the plain form, in one run.

    record = bench_frame("attngan_bird", threads=2)
    record = bench_frame("runs/t2v/checkpoint", frames=16)

The plain form is eager float32 with contiguous tensors, nothing folded, no freed memory kept. What a network has learnt
does not matter here: published systems are measured without their weights.
"""

from __future__ import annotations

import json
import platform
import statistics
import time
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from seqgan import __version__
from seqgan.checkpoints.format import read_config
from seqgan.checkpoints.official import SYSTEMS
from seqgan.checks import check_range, nearest
from seqgan.errors import CheckpointError, InputError
from seqgan.layers.upsample import make_plain
from seqgan.models.gtt2v import Clip, GTT2VGenerator
from seqgan.models.gtt2v_sizes import GTT2VSizes
from seqgan.models.story_parts import VectorStoryGenerator, noise_named
from seqgan.registry import build, model_folders
from seqgan.sampling.bench import cores, in_fresh_process, machine
from seqgan.sampling.drawing import ready
from seqgan.sampling.installed import CLIP_FAMILY, FRAME_FAMILIES
from seqgan.sampling.memory import keep_memory
from seqgan.sampling.peak import convolution_peak
from seqgan.sampling.story_vectors import FAMILIES as STORY_FAMILIES

GENERATORS = ("G_NET", "Generator", "generator")
"""What the released codes call their generators."""
WORDS, WARM = 12, 3
"""Words of the caption; rounds before those that count."""
_CLIP = """
import json, sys
import numpy as np
from seqgan.sampling.bench import peak_memory
from seqgan.sampling.clip import ClipSampler
sampler = ClipSampler.load(sys.argv[1], "cpu", int(sys.argv[2]) or None)
given = np.zeros((*sampler.sizes.size, 3), np.uint8) if sampler.needs_picture else None
word = next(word for word in sampler.vocabulary.words if word.isalpha())
list(sampler.draw([word], [0], first=given))
print(json.dumps({"memory_mib": peak_memory()}))
"""


def bench_frame(
    name: str, threads: int | None = 2, repeats: int = 20, frames: int | None = None
) -> dict[str, Any]:  # fmt: skip
    """Draw with a published system or a checkpoint on the CPU, one picture (of a StoryGAN of sentence vectors: one
    story; of a generator of clips: one clip, of so many ``frames``, by default its own) at a time; medians of
    ``repeats``.

    Returns:
        ``seconds`` and ``bfloat16_seconds`` of our form (folded, channels last), ``plain_seconds``, both shares of it
        (``of_plain``, ``bfloat16_of_plain``), ``difference`` (of our float32 picture to the plain one, in levels of
        255, at most), ``share_of_peak`` (FLOPs of the plain form over our float32 time, over the rate of the best 3x3
        convolution in the same run), and what was measured on what; of clips also ``memory_mib``, the peak of a fresh
        process that loads the checkpoint as it is and draws one.

    Raises:
        CheckpointError: if there is neither such a system nor such a checkpoint.
        InputError: if a count is below 1, or frames are asked of what draws no clips.
        ConfigError: if a generator of clips cannot have so many frames.
    """
    check_range("threads", threads or 1, 1)
    check_range("repeats", repeats, 1)
    if threads:
        torch.set_num_threads(threads)
    torch.manual_seed(0)
    plain = _generator(name, frames).eval().requires_grad_(False)
    inputs, ours = _inputs(plain), ready(plain)
    make_plain(plain)
    with torch.inference_mode():
        pictures = [_largest(network(**inputs)) for network in (plain, ours)]
        with FlopCounterMode(display=False) as counter:
            plain(**inputs)
        times = _times(plain, ours, inputs, repeats)
    memory = {"memory_mib": _memory(name, threads)} if isinstance(plain, GTT2VGenerator) else {}
    peak = convolution_peak(torch.device("cpu"), torch.float32, max(repeats // 4, 1))
    return {
        "date": time.strftime("%Y-%m-%d"), "name": name, "size": list(pictures[0].shape[2:]),
        "parameters": sum(parameter.numel() for parameter in plain.parameters()),
        **{what: round(seconds, 4) for what, seconds in times.items()},
        "of_plain": round(times["seconds"] / times["plain_seconds"], 3),
        "bfloat16_of_plain": round(times["bfloat16_seconds"] / times["plain_seconds"], 3),
        "difference": round(127.5 * float((pictures[0] - pictures[1]).abs().max()), 3),
        "gflop": round(counter.get_total_flops() / 1e9, 1),
        "share_of_peak": round(counter.get_total_flops() / times["seconds"] / peak, 3),
        "peak_gflops": round(peak / 1e9, 1), "machine": machine(), "cores": cores(),
        "threads": torch.get_num_threads(), "python": platform.python_version(), "torch": torch.__version__,
        "seqgan": __version__, "protocol": f"batch 1, all forms in turn, medians of {repeats}", **memory,
    }  # fmt: skip


def _generator(name: str, frames: int | None) -> nn.Module:
    """The generator of a published system with new weights, or of a checkpoint."""
    if name in SYSTEMS and frames is None:
        part = next((part for part in GENERATORS if part in SYSTEMS[name]), None)
        if part:
            return SYSTEMS[name][part]()
    folder = model_folders().get(name, Path(name))
    config = read_config(folder) if (folder / "config.json").is_file() else {}
    if config.get("family") == CLIP_FAMILY:
        return build(CLIP_FAMILY, config["sizes"] | ({"frames": frames} if frames else {}))
    if frames is not None:
        raise InputError(f"{name!r} draws no clips, so it has no number of frames; leave --frames out")
    if config.get("family") not in (*FRAME_FAMILIES, *STORY_FAMILIES):
        raise CheckpointError(f"{name!r} is no generator that can be timed here; {nearest(name, SYSTEMS)}")
    return build(config["family"], config["sizes"])


def _inputs(generator: nn.Module) -> dict[str, Any]:
    if isinstance(generator, VectorStoryGenerator):
        return _story(generator)
    if isinstance(generator, GTT2VGenerator):
        return _clip(generator.sizes)
    sizes: Any = generator.sizes
    inputs: dict[str, Any] = {"z": torch.randn(1, sizes.z), "sent": torch.randn(1, sizes.text), "eps": None}
    if "words" in signature(generator.forward).parameters:
        inputs |= {"words": torch.randn(1, sizes.text, WORDS), "pad_mask": torch.zeros(1, WORDS, dtype=torch.bool)}
    return inputs


def _story(generator: VectorStoryGenerator) -> dict[str, Any]:
    sizes, noise = generator.sizes, [torch.randn(1, size) for size in generator.draws(generator.sizes.panels)]
    sentences, labels = torch.randn(1, sizes.panels, sizes.text), torch.zeros(1, sizes.panels, sizes.labels)
    words = torch.ones(1, sizes.panels, WORDS, dtype=torch.int64) if getattr(sizes, "vocabulary", 0) else None
    return {"sentences": sentences, "labels": labels, "noise": noise_named(noise), "tokens": words}


def _clip(sizes: GTT2VSizes) -> dict[str, Any]:
    given = torch.rand(1, 3, *sizes.size) if sizes.gist in ("frame", "picture") else None
    drawn = {"eps": sizes.latent, "noise": sizes.noise, "psi": sizes.psi}
    return {"first": given, **{name: torch.randn(1, count) for name, count in drawn.items()}}


def _largest(found: Any) -> Tensor:
    if isinstance(found, Clip):
        return found.frames
    return found if isinstance(found, Tensor) else found.images[max(found.images)]


def _memory(name: str, threads: int | None) -> int | None:
    """The most memory, in MiB, that a process of its own takes to load a generator of clips and draw one."""
    return json.loads(in_fresh_process(_CLIP, name, str(threads or 0)))["memory_mib"]


def _times(plain: nn.Module, ours: nn.Module, inputs: dict[str, Any], repeats: int) -> dict[str, float]:
    spent: dict[str, list[float]] = {"plain_seconds": [], "seconds": [], "bfloat16_seconds": []}
    for _ in range(WARM + repeats):
        keep_memory(False)
        spent["plain_seconds"].append(_seconds(lambda: plain(**inputs)))
        keep_memory()
        spent["seconds"].append(_seconds(lambda: ours(**inputs)))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            spent["bfloat16_seconds"].append(_seconds(lambda: ours(**inputs)))
    return {what: statistics.median(seconds[WARM:]) for what, seconds in spent.items()}


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
