"""How fast a preset trains on this machine: images a second of the real loop on real records."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from seqgan.errors import InputError
from seqgan.training.run_dir import RunDir
from seqgan.training.train import run_training


def bench_training(
    name: str,
    data: Path,
    images: int = 640,
    *,
    device: str = "auto",
    precision: str = "auto",
    threads: int | None = None,
) -> dict[str, Any]:
    """Train a story preset for ``images`` images in a folder that is thrown away, and read its log.

    Returns:
        ``images_per_second`` over the second half of the run (the first warms up), ``images``, ``seconds``.

    Raises:
        ConfigError, DataError: as training does.
        InputError: if the run is too short to be timed.
    """
    changes = [f"loop.log_every={max(images // 8, 1)}", "loop.sheet_every=1000000000", "loop.save_every=1000000000"]
    with tempfile.TemporaryDirectory(prefix="seqgan-bench-") as folder:
        run = Path(folder) / "run"
        run_training(
            name, data, run, changes=changes, max_images=images,
            device=device, precision=precision, threads=threads, quiet=True,
        )  # fmt: skip
        log = [record for record in RunDir(run).read_log() if "terms" in record]
    if len(log) < 4:
        raise InputError(f"{images} images are too few to time (the log has {len(log)} lines); give more with --images")
    first, last = log[len(log) // 2 - 1], log[-1]
    seconds = last["seconds"] - first["seconds"]
    return {
        "preset": name,
        "images": last["images"],
        "seconds": last["seconds"],
        "images_per_second": round((last["images"] - first["images"]) / max(seconds, 1e-9), 1),
    }
