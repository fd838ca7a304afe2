"""A story drawn by ONNX Runtime from a file that `seqgan export` wrote.

session = open_session(Path("theatre.onnx"), threads=2)
frames = run_session(session, sampler.inputs(sentences, seeds))  # float32 (T, 3, H, W) in [-1, 1]
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from seqgan.errors import ConfigError, InputError

if TYPE_CHECKING:
    from torch import Tensor

INPUTS = ("tokens", "frozen", "z", "code_noise")
"""What the graph takes, in order; StorySampler.inputs gives them by these names."""


def need_onnx(*names: str) -> None:
    """Raise ConfigError that names the extra when one of these modules is not installed."""
    for name in names:
        try:
            import_module(name)
        except ImportError as error:
            raise ConfigError(
                f"ONNX needs the module {name}, which is not installed ({error}); "
                'install the extra: pip install "seqgan-studio[onnx]"'
            ) from error


def open_session(path: Path, threads: int | None = None) -> Any:
    """An ONNX Runtime session on the CPU.

    Raises:
        ConfigError: if onnxruntime is not installed.
        InputError: if there is no such file, or it holds no story generator of ours.
    """
    need_onnx("onnxruntime")
    import onnxruntime

    if not path.is_file():
        raise InputError(f"there is no file {path}; write one with: seqgan export CKPT --to onnx -o {path}")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or 0
    try:
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its errors have no common parent but this
        raise InputError(f"{path} is no ONNX file that can be run ({error}); export it anew") from error
    if (names := tuple(each.name for each in session.get_inputs())) != INPUTS:
        raise InputError(f"{path} takes {', '.join(names)}; expected {', '.join(INPUTS)}: export it anew")
    return session


def run_session(session: Any, inputs: Mapping[str, Tensor]) -> np.ndarray:
    """All frames of one story: inputs as StorySampler.inputs gives them; returns float32 (T, 3, H, W) in [-1, 1]."""
    return session.run(None, {name: inputs[name][0].cpu().numpy() for name in INPUTS})[0]


def about_file(path: Path) -> Path:
    """Where the description of an ONNX file stands: `theatre.json` beside `theatre.onnx`."""
    return path.with_suffix(".json")


def check_weights(path: Path, weights: str) -> None:
    """Raise InputError unless `path` was exported from the weights of this sha256."""
    beside = about_file(path)
    if not beside.is_file():
        raise InputError(f"there is no {beside.name} beside {path}; export it anew, which writes both")
    came = json.loads(beside.read_text(encoding="utf-8")).get("weights_sha256", "")
    if came != weights:
        raise InputError(f"{path} was exported from weights {came[:12]}, expected {weights[:12]}; export it anew")
