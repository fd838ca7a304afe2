"""`training.heard`: stories are read before they are drawn, by a layer that names what panels show and is left out."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch

from seqgan.checkpoints.format import read_weights
from seqgan.data.sequences import Clip, Story, write_sequences
from seqgan.errors import ConfigError
from seqgan.presets import preset
from seqgan.training.footprint import footprint
from seqgan.training.loop import LoopOptions, run_phase
from seqgan.training.runtime import Runtime
from seqgan.training.storygan_setup import storygan_task
from seqgan.training.tasks.storygan import Lines, StoryGANTask
from seqgan.training.train import resolve, run_training

HOUSE = ("network.width=2", "network.d_width=2", "network.start=8", "network.channels=4", "network.maps=2",
         "network.hidden=8", "training.batch=4")  # fmt: skip
RELEASED = ("network.width=2", "network.d_width=2", "training.batch=4", "training.frames=5")
SYSTEMS = {"storygan_small": HOUSE, "imagegan_small": HOUSE, "storygan_pororo": RELEASED}
HEARD = "training.heard=32"
"""Two steps of four stories of four panels."""
CPU = Runtime(torch.device("cpu"), bf16=False)


def _task(folder: Path, name: str, *changes: str) -> StoryGANTask:
    return storygan_task(resolve(preset(name), [*SYSTEMS[name], *changes]), folder, None, CPU)[0]


def _step(task: StoryGANTask, step: int) -> dict[str, Any]:
    """The terms of every phase that is due, each of which takes its step."""
    batch, terms = task.batch(step), dict[str, Any]()
    for phase in (each for each in task.phases if each.due(step)):
        found = run_phase(task, phase, [batch], step, CPU, LoopOptions(images=100))
        terms |= {name: float(value) for name, value in found.items()}
    return terms


@pytest.mark.parametrize("name", SYSTEMS)
def test_what_is_heard_moves_what_remembers_and_nothing_that_draws(name: str, clevr: Path) -> None:
    task = _task(clevr, name, HEARD)
    assert task.reader is not None
    for each in task.reader.parameters():
        torch.nn.init.zeros_(each)
    before = {each: value.clone() for each, value in task.g.named_parameters()}
    terms = [_step(task, step) for step in range(2)]
    assert all(set(each) <= {"read.labels", "read.kl"} for each in terms)
    nothing = len(task.data.names) * math.log(2)  # a layer that knows nothing pays so much for every label
    assert terms[0]["read.labels"] == pytest.approx(nothing, rel=1e-5) and terms[1]["read.labels"] < nothing
    moved = {each for each, value in task.g.named_parameters() if not torch.equal(value, before[each])}
    assert any(each.startswith(("read.", "recurrent.")) for each in moved)
    assert not any(each.startswith(("frame.", "filter.", "img.", "upsample")) for each in moved)
    drawing = _step(task, 2)
    assert "g.kl" in drawing and not any(each.startswith("read.") for each in drawing)


def test_alone_begins_when_all_is_heard(clevr: Path) -> None:
    task = _task(clevr, "storygan_small", HEARD, "training.alone=16")
    assert isinstance(task.batch(1), Lines) and task.images(task.batch(1)) == 16
    due = [{phase.name for phase in task.phases if phase.due(step)} for step in range(4)]
    assert due == [{"read"}, {"read"}, {"g"}, {"d", "g"}]
    alone, met = (task.losses("g", task.batch(step), torch.Generator().manual_seed(0)) for step in (2, 3))
    assert "image" not in alone and "image" in met
    plain = _task(clevr, "storygan_small")
    assert footprint(task, CPU)["step"] == footprint(plain, CPU)["step"]  # the dearest counts, not the first


def test_what_a_story_says_is_soon_read_of_its_states(clevr: Path) -> None:
    task, said = _task(clevr, "storygan_small", "training.heard=1000", "training.lr_g=0.01"), []
    batch, phase = task.batch(0), task.phases[-1]
    for step in range(40):
        said.append(float(run_phase(task, phase, [batch], step, CPU, LoopOptions(images=100))["read.labels"]))
    assert said[-1] < 0.2 * said[0]


def test_a_run_that_stops_while_it_reads_goes_on_to_the_last_bit(clevr: Path, tmp_path: Path) -> None:
    words: dict[str, Any] = {"quiet": True}
    words["changes"] = [*HOUSE, HEARD, "images=64", "loop.sheet_every=100000", "loop.log_every=16"]
    whole = run_training("storygan_small", clevr, tmp_path / "whole", **words)
    run_training("storygan_small", clevr, tmp_path / "parts", max_images=16, **words)
    parts = run_training("storygan_small", clevr, tmp_path / "parts", **words)
    first, second = read_weights(whole), read_weights(parts)
    assert first.keys() == second.keys() and not any("reader" in name for name in first)
    assert all(torch.equal(first[name], second[name]) for name in first)
    log = [json.loads(line)["terms"] for line in (tmp_path / "whole/log.jsonl").read_text().splitlines()]
    assert ["read.labels" in terms for terms in log] == [True, True, False, False]


def test_data_without_labels_have_nothing_to_be_heard_for(tmp_path: Path) -> None:
    pictures = torch.zeros(1, 64, 64, 3, dtype=torch.uint8).numpy()
    clips = [Clip(name, pictures, (f"clip {name}",), {}) for name in "abcd"]
    stories = [Story(name, "train", tuple(name), name) for name in ("ab", "cd")]
    about = {"name": "bare", "size": [64, 64], "length": 2, "groups": {}, "seed": 0, "licence": "MIT"}
    write_sequences(tmp_path / "bare", clips, stories, about, progress=False)
    with pytest.raises(ConfigError, match=r"training\.heard asks for labels, and bare has none; set it to 0"):
        _task(tmp_path / "bare", "storygan_small", HEARD)
