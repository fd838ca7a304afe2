"""How fast a checkpoint draws on this machine: text in, uint8 out, one panel at a time."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STORY = (
    "Mia walks in the snow.",
    "She waves to Pip.",
    "The penguin dances.",
    "Both of them jump.",
    "Night falls, and Mia sleeps.",
)


def bench_sampler(
    name: str | Path = "theatre-64", threads: int | None = None, repeats: int = 20, device: str = "auto"
) -> dict[str, Any]:
    """Load a checkpoint and time it; medians of ``repeats`` after three warm-up rounds.

    Returns:
        ``load_seconds``; ``story_seconds`` (five panels of one story, drawn one at a time, reading of the text
        included); ``edit_seconds`` (the last panel of that story redrawn with other words); ``panels_per_second``;
        ``memory_mib`` (peak of the process, None where the system does not tell); ``threads``, ``size``, ``device``.

    Raises:
        CheckpointError: if there is no such checkpoint.
    """
    started = time.perf_counter()
    from seqgan.sampling.story import StorySampler

    sampler = StorySampler.load(name, device=device, threads=threads)
    loaded = time.perf_counter() - started
    seeds = list(range(len(STORY)))
    edits = [[*STORY[:-1], f"{who} reads a book."] for who in ("Mia", "Max", "Ruby", "Otto")]
    story = _median(lambda turn: list(sampler.draw(STORY, seeds)), repeats)
    edit = _median(lambda turn: list(sampler.draw(edits[turn % len(edits)], seeds, panels=[4])), repeats)
    return {
        "name": sampler.info["name"],
        "size": list(sampler.size),
        "device": str(sampler.device),
        "threads": _threads(),
        "load_seconds": round(loaded, 3),
        "story_seconds": round(story, 4),
        "edit_seconds": round(edit, 4),
        "panels_per_second": round(len(STORY) / story, 1),
        "memory_mib": peak_memory(),
        "protocol": f"batch 1, float32, five panels, text to uint8, median of {repeats}",
    }


def peak_memory() -> int | None:
    """Return the most memory this process has held, in MiB; None on systems that do not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10))


def _median(work: Callable[[int], object], repeats: int) -> float:
    times = []
    for turn in range(-3, repeats):
        started = time.perf_counter()
        work(turn)
        if turn >= 0:
            times.append(time.perf_counter() - started)
    return statistics.median(times)


def _threads() -> int:
    import torch

    return torch.get_num_threads()
