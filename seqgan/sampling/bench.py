"""How fast a checkpoint draws on this machine: text in, uint8 out, one panel at a time.

    record = bench_sampler("theatre-64", threads=2)
    save_row(record, Path("assets/bench/sample.csv"))

Every time is the median of `repeats` rounds after three that warm up, each round on other sentences, so that nothing
read before is used again; the sentences are those of the theatre's grammar. What a start costs, and how much memory a
sampler needs, is measured in a process of its own.
"""

from __future__ import annotations

import csv
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from seqgan import __version__
from seqgan.data.theatre.grammar import write_script
from seqgan.data.theatre.pack import CastPack
from seqgan.errors import CheckpointError, InputError
from seqgan.registry import find_model
from seqgan.sampling.noise import board_seeds

STORY = (
    "Mia walks in the snow.",
    "She waves to Pip.",
    "The penguin dances.",
    "Both of them jump.",
    "Night falls, and Mia sleeps.",
)
WARM = 3
_COLD = """
import json, sys, time
started = time.perf_counter()
from seqgan.sampling.bench import STORY, peak_memory
from seqgan.sampling.story import StorySampler
imported = time.perf_counter()
sampler = StorySampler.load(sys.argv[1], sys.argv[2], int(sys.argv[3]))
loaded = time.perf_counter()
list(sampler.draw(STORY[:1], [0]))
drawn = time.perf_counter()
times = {"import_seconds": imported - started, "load_seconds": loaded - imported, "first_panel_seconds": drawn - loaded}
print(json.dumps({**{name: round(value, 3) for name, value in times.items()}, "memory_mib": peak_memory()}))
"""


def bench_sampler(
    name: str | Path = "theatre-64",
    threads: int | None = 2,
    repeats: int = 20,
    device: str = "auto",
    onnx: Path | None = None,
) -> dict[str, Any]:
    """Load a checkpoint and time it; medians of ``repeats`` after three warm-up rounds.

    Returns:
        ``panels_per_second`` and ``story_seconds`` (five panels of one story, drawn one at a time, reading of the text
        included); ``edit_seconds`` (one panel of such a story whose sentence is new); ``sentence_seconds`` (a sentence
        alone); ``onnx_story_seconds`` (the same five panels drawn by ONNX Runtime from the file ``onnx``, all in one
        pass as its graph has them; None without a file); ``import_seconds``, ``load_seconds``, ``first_panel_seconds``
        and ``memory_mib`` (its peak; None where the system does not tell) of a fresh process; and what was measured on
        what.

    Raises:
        CheckpointError: if there is no such checkpoint or it cannot be drawn with.
        InputError: if a count is below 1, or ``onnx`` is not an export of this checkpoint.
        ConfigError: if ``onnx`` is given and onnxruntime is not installed.
    """
    if min(threads or 1, repeats) < 1:
        raise InputError(f"{threads} threads and {repeats} repeats came; give 1 or more of each")
    find_model(str(name))
    import torch

    from seqgan.sampling.story import StorySampler

    sampler = StorySampler.load(name, device=device, threads=threads)
    runtime = onnx_seconds(sampler, onnx, repeats, torch.get_num_threads()) if onnx is not None else None
    cold = cold_start(name, device, torch.get_num_threads())
    times = draw_times(sampler, repeats)
    return {
        "date": time.strftime("%Y-%m-%d"), "name": sampler.info["name"], "preset": sampler.info["preset"],
        "weights": sampler.info["weights_sha256"][:12], "size": list(sampler.size),
        "panels_per_second": round(len(STORY) / times["story_seconds"], 1),
        **{what: round(seconds, 4) for what, seconds in times.items()}, "onnx_story_seconds": runtime, **cold,
        "device": str(sampler.device), "machine": machine(), "cores": cores(), "threads": torch.get_num_threads(),
        "python": platform.python_version(), "torch": torch.__version__, "seqgan": __version__,
        "protocol": f"batch 1, float32, stories of five panels, text to uint8, median of {repeats}",
    }  # fmt: skip


def draw_times(sampler: Any, repeats: int) -> dict[str, float]:
    """Median seconds of a story of five panels, of one edited panel of it, and of a sentence alone."""
    rounds, seeds = repeats + WARM, board_seeds(0, len(STORY))
    stories, others = sample_stories(rounds), sample_stories(rounds, seed=1)
    edited = [[*story[:2], other[2], *story[3:]] for story, other in zip(stories, others, strict=True)]
    return {
        "story_seconds": timed([lambda s=s: list(sampler.draw(s, seeds)) for s in stories]),
        "edit_seconds": timed([lambda s=s: list(sampler.draw(s, seeds, panels=[2])) for s in edited]),
        "sentence_seconds": timed([lambda s=s: list(sampler.draw(s[:1], seeds[:1])) for s in others]),
    }


def onnx_seconds(sampler: Any, path: Path, repeats: int, threads: int) -> float:
    """Median seconds of a story of five panels, text to uint8, its frames by ONNX Runtime on the CPU."""
    from seqgan.sampling.onnx_story import check_weights, open_session, run_session

    session, seeds = open_session(path, threads), board_seeds(0, len(STORY))
    check_weights(path, sampler.info["weights_sha256"])

    def draw(story: list[str]) -> np.ndarray:
        frames = run_session(session, sampler.inputs(sampler.read(story).sentences, seeds))
        return np.round((frames + 1) * 127.5).astype(np.uint8).transpose(0, 2, 3, 1)

    return round(timed([lambda s=s: draw(s) for s in sample_stories(repeats + WARM)]), 4)


def sample_stories(count: int, seed: int = 0) -> list[list[str]]:
    """The first five sentences of each of `count` stories by the theatre's grammar."""
    pack, number = CastPack.shipped(), 0
    stories: list[list[str]] = []
    while len(stories) < count:
        sentences = write_script(pack, np.random.default_rng([seed, number]), "train").sentences
        stories += [list(sentences[: len(STORY)])] if len(sentences) >= len(STORY) else []
        number += 1
    return stories


def timed(rounds: Sequence[Callable[[], object]]) -> float:
    """Median seconds of the rounds after the first few, which only warm up."""
    seconds = []
    for work in rounds:
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[WARM:])


def cold_start(name: str | Path, device: str, threads: int) -> dict[str, Any]:
    """What a process that loads a checkpoint and draws one panel takes: seconds and MiB."""
    return json.loads(in_fresh_process(_COLD, str(name), device, str(threads)))


def in_fresh_process(program: str, name: str, *words: str) -> str:
    """The last line that a Python program prints which draws with the checkpoint `name`, in a process of its own.
    Raises CheckpointError where it fails."""
    done = subprocess.run([sys.executable, "-c", program, name, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        told = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise CheckpointError(f"{name} could not be drawn with in a process of its own ({told}); choose another")
    return done.stdout.strip().splitlines()[-1]


def peak_memory() -> int | None:
    """Return the most memory this process has held, in MiB; None on systems that do not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10))


def machine() -> str:
    """The processor in words, as far as the system tells."""
    table = Path("/proc/cpuinfo")
    lines = table.read_text(encoding="utf-8").splitlines() if table.is_file() else []
    names = [value.strip() for key, _, value in (line.partition(":") for line in lines) if key.strip() == "model name"]
    return f"{names[0] if names else platform.processor() or platform.machine()} ({platform.system()})"


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def save_row(record: dict[str, Any], path: Path) -> None:
    """Add a record to a CSV file, with a header where the file is new. Raises InputError where the columns differ."""
    row = {name: "x".join(map(str, value)) if isinstance(value, list) else value for name, value in record.items()}
    new = not path.is_file()
    if not new:
        with path.open(encoding="utf-8", newline="") as lines:
            header = next(csv.reader(lines), [])
        if header != list(row):
            raise InputError(f"{path} has other columns ({', '.join(header)[:60]}); move it away and run again")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(row), lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(row)
