"""What a model runs on, as people call it."""

from __future__ import annotations

import torch


def device_name(device: str) -> str:
    """Return "CPU, 2 threads", or the name of a GPU (where it still answers), for a device like "cpu" or "cuda:0"."""
    kind = torch.device(device).type
    if kind == "cpu":
        threads = torch.get_num_threads()
        return f"CPU, {threads} thread{'s' * (threads != 1)}"
    named = kind == "cuda" and torch.cuda.is_available()
    return torch.cuda.get_device_name(device) if named else f"GPU ({kind})"


def devices() -> dict[str, str]:
    """Return what models can run on here and what it is called: "cpu", and "cuda" where there is a GPU."""
    gpu = {"cuda": device_name("cuda")} if torch.cuda.is_available() else {}
    return {"cpu": device_name("cpu"), **gpu}
