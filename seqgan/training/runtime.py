"""Device, precision, threads and processes: the only file that knows them.

Several processes share one batch: each takes its part of the samples, losses are sums over samples divided by the count
in all processes, and gradients are averaged. So a step is the same step with any number of processes.
"""

from __future__ import annotations

import importlib
import os
import platform
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn

from seqgan.errors import ConfigError
from seqgan.layers.batch_norm import share_batch_norm
from seqgan.losses.means import Mean
from seqgan.sampling.memory import keep_memory
from seqgan.training.run_dir import new_run

PRECISIONS = ("auto", "float32", "bfloat16")


@dataclass(frozen=True)
class Runtime:
    """Where and how a run computes; master weights are float32 always."""

    device: torch.device
    bf16: bool
    rank: int = 0
    world: int = 1

    @classmethod
    def choose(cls, device: str = "auto", precision: str = "auto", threads: int | None = None) -> Runtime:
        """Pick a device ("auto", "cpu", "cuda", ...) and a precision; bf16 where the machine has instructions for it.

        Under `torchrun` every process joins its group here: NCCL on GPUs, gloo on CPUs.
        Raises ConfigError for an unknown precision or a device that is not there.
        """
        if precision not in PRECISIONS:
            raise ConfigError(f"precision is {precision!r}; expected one of {', '.join(PRECISIONS)}")
        if threads:
            torch.set_num_threads(threads)
        keep_memory()
        chosen = torch.device(_best() if device == "auto" else device)
        if chosen.type == "cuda" and not torch.cuda.is_available():
            raise ConfigError(f"device is {device!r} but no CUDA device was found; use cpu or auto")
        rank, world = _join(chosen)
        if world > 1 and chosen.type == "cuda":
            chosen = torch.device("cuda", int(os.environ.get("LOCAL_RANK", rank)))
            torch.cuda.set_device(chosen)
        return cls(chosen, precision == "bfloat16" or (precision == "auto" and _bf16(chosen)), rank, world)

    @property
    def main(self) -> bool:
        """Is this the process that writes?"""
        return self.rank == 0

    def own(self, samples: int) -> slice:
        """This process's part of the samples of a batch."""
        return slice(*(samples * rank // self.world for rank in (self.rank, self.rank + 1)))

    def total(self, x: Tensor) -> Tensor:
        """The sum of a tensor over all processes, with gradient; its shape must be the same in all."""
        return x if self.world == 1 else _Summed.apply(x)

    def shares(self, terms: Mapping[str, Mean]) -> dict[str, Tensor]:
        """Every term divided by its counts in all processes, such that the mean over the processes is the term."""
        counts = torch.stack([count for term in terms.values() for _, count in term.parts])
        counts = list(self.total(counts) / self.world)
        return {name: term.over([counts.pop(0) for _ in term.parts]) for name, term in terms.items()}

    def gather(self, x: Tensor) -> Tensor:
        """The rows (N, ...) of all processes in their order, with gradient; N may differ."""
        if self.world == 1:
            return x
        counts = torch.zeros(self.world, dtype=torch.int64, device=x.device)
        counts[self.rank] = len(x)
        counts = self.total(counts).tolist()
        before, after = sum(counts[: self.rank]), sum(counts[self.rank + 1 :])
        rest = [x.new_zeros(count, *x.shape[1:]) for count in (before, after)]
        return self.total(torch.cat([rest[0], x, rest[1]]))

    def average(self, parameters: Iterable[Tensor]) -> None:
        """Replace the gradients by their means over all processes; a parameter without one counts as zero."""
        if self.world == 1:
            return
        chosen = [parameter for parameter in parameters if parameter.requires_grad]
        grads = [torch.zeros_like(p) if p.grad is None else p.grad for p in chosen]
        flat = torch.cat([grad.flatten() for grad in grads])
        dist.all_reduce(flat)
        for parameter, mean in zip(chosen, (flat / self.world).split([g.numel() for g in grads]), strict=True):
            parameter.grad = mean.view_as(parameter)

    def prepare(self, *networks: nn.Module) -> None:
        """Give networks the weights of the first process, and batch norms the statistics of the whole batch."""
        if self.world == 1:
            return
        for network in networks:
            for tensor in (*network.parameters(), *network.buffers()):
                dist.broadcast(tensor.data, 0)
            share_batch_norm(network, self.total)

    def run_dir(self, given: Path | None, preset: str) -> Path:
        """The run folder. Raises ConfigError where several processes were given none: each would make its own."""
        if given is None and self.world > 1:
            raise ConfigError("--run-dir is missing; several processes must be told one run folder: add --run-dir DIR")
        return given or new_run(preset)

    @contextmanager
    def main_first(self) -> Iterator[None]:
        """What is inside is done by the main process before the others."""
        if self.world > 1 and not self.main:
            dist.barrier()
        yield
        if self.world > 1 and self.main:
            dist.barrier()

    def any(self, *flags: bool) -> tuple[bool, ...]:
        """Which of the flags are up in any process?"""
        if self.world == 1:
            return flags
        return tuple(self.total(torch.tensor(flags, dtype=torch.float32, device=self.device)).bool().tolist())

    def compile(self, *networks: nn.Module) -> None:
        """Have networks compiled by torch when they are first called, in place; their weights keep their names.

        Raises ConfigError where a CPU has no C++ compiler, which torch needs there.
        """
        if self.device.type == "cpu" and not any(map(shutil.which, ("g++", "clang++", "cl"))):
            raise ConfigError("--compile needs a C++ compiler on a CPU and none was found; install g++ or leave it out")
        for network in networks:
            network.compile(dynamic=True)

    def leave(self) -> None:
        """Leave the group of processes, where there is one."""
        if self.world > 1 and dist.is_initialized():
            dist.destroy_process_group()

    def autocast(self) -> torch.autocast:
        """The context in which networks run."""
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.bf16)

    def describe(self) -> dict[str, str | int]:
        """Machine and versions, for logs and cards."""
        name = torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else platform.machine()
        return {
            "device": f"{self.device.type} ({name})", "precision": "bfloat16" if self.bf16 else "float32",
            "threads": torch.get_num_threads(), "processes": self.world, "torch": torch.__version__,
        }  # fmt: skip


def _join(device: torch.device) -> tuple[int, int]:
    """Join the group that the environment of `torchrun` tells of; returns rank and number of processes."""
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world == 1:
        return 0, 1
    if not dist.is_initialized():
        # torch imports this later by itself, and its functions then hold the group as a default value: it never ends,
        # and a thread of it that still drops a tensor when the interpreter ends aborts the process
        importlib.import_module("torch.distributed.nn.functional")
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    return dist.get_rank(), world


class _Summed(torch.autograd.Function):
    """The sum over all processes; as every one of them pays for it, so do its gradients add up."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        summed = x.detach().clone()
        dist.all_reduce(summed)
        return summed

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        summed = gradients[0].clone()
        dist.all_reduce(summed)
        return summed


def _best() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _bf16(device: torch.device) -> bool:
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    supported = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    return device.type == "cpu" and supported is not None and bool(supported())
