"""A trained story generator as an ONNX file, checked in ONNX Runtime before it takes its name.

    about = export_onnx("theatre-64", Path("theatre.onnx"))     # also writes theatre.json

The graph draws all panels of one story of any length. What comes before it (names and words to known ones, tokens by
the vocabulary, noise by seeds) stays with the caller; the JSON beside the file says what goes in, and in which order
the words are numbered.
"""

from __future__ import annotations

import json
import logging
import warnings
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import torch

from seqgan import __version__
from seqgan.errors import CheckpointError, InputError
from seqgan.sampling.bench import STORY
from seqgan.sampling.noise import board_seeds
from seqgan.sampling.onnx_graph import StoryGraph
from seqgan.sampling.onnx_story import INPUTS, about_file, need_onnx, open_session, run_session
from seqgan.sampling.story import TRUNCATION, StorySampler

TOLERANCE = 1e-4
"""The largest difference between a frame in [-1, 1] of the file and of the module."""


def export_onnx(name: str | Path, path: Path) -> dict[str, Any]:
    """Write the generator of a checkpoint to ``path`` and its description beside it, in place of what was there.

    Returns:
        The description: where it comes from, inputs and outputs with their shapes, ``max_difference`` from the module
        over stories of 1, 5 and 15 panels, vocabulary.

    Raises:
        CheckpointError: if there is no such checkpoint, or the file's frames are not the module's to 1e-4.
        ConfigError: if onnx, onnxscript or onnxruntime is not installed.
        InputError: if ``path`` does not end in .onnx or its folder is not there.
    """
    if path.suffix != ".onnx" or not path.absolute().parent.is_dir():
        raise InputError(f"{path} came to write to; expected a name that ends in .onnx, in a folder that is there")
    need_onnx("onnx", "onnxscript", "onnxruntime")
    sampler = StorySampler.load(name, device="cpu")
    beside = path.with_name(f".{path.name}.part")
    described = about_file(beside)
    try:
        write_graph(sampler, beside)
        about = describe(sampler, check_graph(sampler, beside))
        described.write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        beside.replace(path)
        described.replace(about_file(path))
    finally:
        beside.unlink(missing_ok=True)
        described.unlink(missing_ok=True)
    return about


def write_graph(sampler: StorySampler, path: Path) -> None:
    """Trace the sampler's generator and write it, weights inside; stories and sentences stay of any length."""
    generator = deepcopy(sampler.generator).to(memory_format=torch.contiguous_format)
    example = sampler.inputs(STORY, board_seeds(0, len(STORY)))
    logging.getLogger("onnxscript").setLevel(logging.ERROR)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # what the exporter has to say of itself; the check below counts
        program = torch.onnx.export(
            StoryGraph(generator), tuple(example[each][0] for each in INPUTS), input_names=list(INPUTS),
            output_names=["frames"], dynamo=True, verbose=False,
            dynamic_shapes=({0: "panels", 1: "words"}, *({0: "panels"} for _ in INPUTS[1:])),
        )  # fmt: skip
    assert program is not None, "without a file name the exporter returns the program"
    program.save(path, external_data=False)


def check_graph(sampler: StorySampler, path: Path) -> float:
    """The largest difference between the frames of a file and of the sampler's generator.

    Raises:
        CheckpointError: if it is more than TOLERANCE, or no number.
    """
    session, worst = open_session(path), 0.0
    for sentences in (STORY[:1], STORY, 3 * STORY):
        inputs = sampler.inputs(sentences, board_seeds(1, len(sentences)))
        difference = np.abs(run_session(session, inputs) - sampler.frames(inputs).numpy()).max()
        worst = float(np.maximum(worst, difference))  # keeps a NaN
    if not worst <= TOLERANCE:
        raise CheckpointError(
            f"the frames of ONNX Runtime are {worst:.1e} from the module's, expected at most {TOLERANCE:.0e}; "
            "nothing was written: try other versions of onnx, onnxscript and onnxruntime"
        )
    return worst


def describe(sampler: StorySampler, difference: float) -> dict[str, Any]:
    """What stands in the JSON: origin, inputs, outputs, how noise is drawn, vocabulary."""
    sizes, (height, width) = sampler.generator.sizes, sampler.size
    return {
        "format": 1, **{key: sampler.info[key] for key in ("name", "preset", "weights_sha256", "licence", "origin")},
        "inputs": {
            "tokens": _tensor(["panels", "words"], "numbers of words in the vocabulary, 0 behind the last", "int64"),
            "frozen": _tensor(["panels", 512], "Universal Sentence Encoder v3 of sentences with unknown words, else 0"),
            "z": _tensor(["panels", sizes.z], f"standard normal noise of each panel, within {TRUNCATION} of 0"),
            "code_noise": _tensor(["panels", sizes.code], "standard normal noise of the story code; 0: its mean"),
        },
        "outputs": {"frames": _tensor(["panels", 3, height, width], "RGB in [-1, 1]")},
        "max_difference": difference, "torch": torch.__version__, "seqgan": __version__,
        "vocabulary": list(sampler.vocabulary.words),
    }  # fmt: skip


def _tensor(shape: list[str | int], about: str, kind: str = "float32") -> dict[str, Any]:
    return {"shape": shape, "type": kind, "about": about}
