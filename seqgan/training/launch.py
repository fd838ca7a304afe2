"""Start `seqgan train` in several processes of this machine: what `--devices N` does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from seqgan.errors import ConfigError, TrainingError


def launch(words: Sequence[str], devices: int) -> int:
    """Run `seqgan train WORDS` under torchrun in `devices` processes; returns 0.

    Signals reach the processes, which save and leave. Raises ConfigError inside a process of torchrun, TrainingError
    where a process failed or was killed.
    """
    if "WORLD_SIZE" in os.environ:
        raise ConfigError("--devices was given under torchrun, which starts the processes itself; leave --devices out")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(devices)]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    threads = {"OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", str(max(cores // devices, 1)))}
    run = subprocess.Popen([*command, "-m", "seqgan", "train", *words], env={**os.environ, **threads})
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _frame: run.send_signal(number))
    if code := run.wait():
        raise TrainingError(
            f"one of {devices} processes failed or was killed (exit code {code}; what it said stands above); the state "
            "saved last is kept: start the same command again"
        )
    return 0
