"""A checkpoint: a folder with `config.json`, `model.safetensors` (fp16), a card and `eval.json`. Loading is strict."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn
from torch.overrides import TorchFunctionMode

from seqgan.errors import CheckpointError
from seqgan.registry import find_model

FORMAT = 1
"""The newest format version this program reads and the one it writes."""


def weights_hash(folder: Path) -> str:
    """sha256 of the weights file."""
    return hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()


def save_checkpoint(
    folder: Path, config: dict[str, Any], weights: Mapping[str, torch.Tensor], half: bool = True
) -> None:
    """Write config and weights (floating ones as fp16, or as they are) into `folder`, each beside and then in place."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {name: _half(value) if half else value.contiguous() for name, value in weights.items()}
    save_file(written, folder / "model.safetensors.tmp")
    (folder / "model.safetensors.tmp").replace(folder / "model.safetensors")
    text = json.dumps({"format": FORMAT, **config}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (folder / "config.json.tmp").write_text(text, encoding="utf-8")
    (folder / "config.json.tmp").replace(folder / "config.json")


def _half(value: torch.Tensor) -> torch.Tensor:
    value = value.detach().cpu().contiguous()
    return value.half() if value.is_floating_point() else value


def read_config(folder: Path) -> dict[str, Any]:
    """The config of a checkpoint. Raises CheckpointError for a missing, broken or newer one."""
    path = folder / "config.json"
    if not path.is_file():
        raise CheckpointError(
            f"no config.json in {folder}; expected a checkpoint folder (config.json, model.safetensors)"
        )
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CheckpointError(f"{path} is not readable JSON ({error}); copy the checkpoint anew") from error
    if not isinstance(config, dict):
        raise CheckpointError(f"{path} holds a {type(config).__name__}, expected a table; copy the checkpoint anew")
    if config.get("format", 0) > FORMAT:
        raise CheckpointError(f"{path} has format {config['format']}, this program reads up to {FORMAT}; update seqgan")
    return config


def find_checkpoint(name: str, family: str, hint: str = "") -> tuple[Path, dict[str, Any]]:
    """Folder and config of a checkpoint of one family, by installed name or folder. Raises CheckpointError for one of
    another, with `hint` behind what was expected."""
    folder = find_model(name)
    config = read_config(folder)
    if config.get("family") != family:
        raise CheckpointError(f"{folder} holds a {config.get('family')!r}; expected a {family}{hint}")
    return folder, config


def need(config: dict[str, Any], folder: Path, *names: str) -> None:
    """Raise CheckpointError naming the entries that a config lacks."""
    missing = [name for name in names if name not in config]
    if missing:
        raise CheckpointError(f"{folder / 'config.json'} lacks {', '.join(missing)}; copy the checkpoint anew")


def read_weights(folder: Path) -> dict[str, torch.Tensor]:
    """The weights of a checkpoint in float32. Raises CheckpointError for a missing or truncated file."""
    path = folder / "model.safetensors"
    if not path.is_file():
        raise CheckpointError(f"no model.safetensors in {folder}; copy the checkpoint anew or choose another --model")
    try:
        weights = load_file(path)
    except (SafetensorError, OSError, ValueError) as error:
        raise CheckpointError(f"{path} is truncated or damaged ({error}); copy the checkpoint anew") from error
    return {name: value.float() if value.dtype == torch.float16 else value for name, value in weights.items()}


def save_discriminators(d: nn.Module, about: dict[str, Any], folder: Path) -> None:
    """Write each part of `d` as a checkpoint below that of its generator, for a later `--init`."""
    for name, part in d.named_children():
        save_checkpoint(folder / f"{name}-discriminator", about, dict(part.state_dict()))


def load_discriminators(d: nn.Module, folder: Path) -> None:
    """Load the parts of `d` that lie below a checkpoint; the others stay as they are. Raises as `load_into`."""
    for name, part in d.named_children():
        if (below := folder / f"{name}-discriminator").is_dir():
            load_into(part, read_weights(below), below)


def build_empty(make: Callable[[], nn.Module]) -> nn.Module:
    """A network whose weights are yet to be loaded: nothing is initialised, which takes large ones half a minute."""
    with _Unset():
        return make()


class _Unset(TorchFunctionMode):
    """Leaves out what sets first weights. (torch's own way, a device without memory, imports its compiler: seconds.)"""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Run an operation, or return what is there in place of what it would have set."""
        named = dict(kwargs or {})
        if getattr(func, "__module__", "") == "torch.nn.init" or func in (torch.Tensor.normal_, torch.Tensor.uniform_):
            return args[0] if args else named["tensor"]
        if func is torch.linalg.qr:  # of orthogonal weights: factors of the right shapes, whatever they hold
            return args[0], args[0][: args[0].shape[1]]
        return func(*args, **named)


def load_into(network: nn.Module, weights: dict[str, torch.Tensor], where: Path) -> None:
    """Load strictly. Raises CheckpointError that counts and names what is missing, left over or of another shape."""
    own = network.state_dict()
    missing, extra = sorted(own.keys() - weights.keys()), sorted(weights.keys() - own.keys())
    shapes = [name for name in own.keys() & weights.keys() if own[name].shape != weights[name].shape]
    if missing or extra or shapes:
        parts = [("missing", missing), ("left over", extra), ("of another shape", sorted(shapes))]
        told = "; ".join(f"{len(names)} {what} ({', '.join(names[:3])})" for what, names in parts if names)
        raise CheckpointError(
            f"the weights in {where} do not fit this network: {told}; use the checkpoint's own config"
        )
    network.load_state_dict(weights)
