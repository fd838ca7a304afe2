"""Device, precision and threads: the only file that knows them."""

from __future__ import annotations

import platform
from dataclasses import dataclass

import torch

from seqgan.errors import ConfigError

PRECISIONS = ("auto", "float32", "bfloat16")


@dataclass(frozen=True)
class Runtime:
    """Where and how a run computes; master weights are float32 always."""

    device: torch.device
    bf16: bool

    @classmethod
    def choose(cls, device: str = "auto", precision: str = "auto", threads: int | None = None) -> Runtime:
        """Pick a device ("auto", "cpu", "cuda", ...) and a precision; bf16 where the machine has instructions for it.

        Raises ConfigError for an unknown precision or a device that is not there.
        """
        if precision not in PRECISIONS:
            raise ConfigError(f"precision is {precision!r}; expected one of {', '.join(PRECISIONS)}")
        if threads:
            torch.set_num_threads(threads)
        chosen = torch.device(_best() if device == "auto" else device)
        if chosen.type == "cuda" and not torch.cuda.is_available():
            raise ConfigError(f"device is {device!r} but no CUDA device was found; use cpu or auto")
        return cls(chosen, precision == "bfloat16" or (precision == "auto" and _bf16(chosen)))

    def autocast(self) -> torch.autocast:
        """The context in which networks run."""
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.bf16)

    def describe(self) -> dict[str, str | int]:
        """Machine and versions, for logs and cards."""
        name = torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else platform.machine()
        return {
            "device": f"{self.device.type} ({name})", "precision": "bfloat16" if self.bf16 else "float32",
            "threads": torch.get_num_threads(), "torch": torch.__version__,
        }  # fmt: skip


def _best() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _bf16(device: torch.device) -> bool:
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    supported = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    return device.type == "cpu" and supported is not None and bool(supported())
