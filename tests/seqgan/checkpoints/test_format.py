"""Checkpoints: strict, fp16, and telling when something is wrong."""

import json
from pathlib import Path

import pytest
import torch

from seqgan.checkpoints.format import (
    FORMAT,
    build_empty,
    load_into,
    need,
    read_config,
    read_weights,
    save_checkpoint,
    weights_hash,
)
from seqgan.errors import CheckpointError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    network = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    save_checkpoint(tmp_path, {"preset": "p"}, dict(network.state_dict()))
    return tmp_path


def test_round_trip_is_fp16_on_disk_and_float32_in_memory(folder: Path) -> None:
    weights = read_weights(folder)
    assert weights["0.weight"].dtype == torch.float32
    assert torch.equal(weights["0.weight"], weights["0.weight"].half().float())
    assert weights["1.num_batches_tracked"].dtype == torch.int64
    assert read_config(folder) == {"format": FORMAT, "preset": "p"}
    assert len(weights_hash(folder)) == 64
    assert not list(folder.glob("*.tmp"))


def test_loading_is_strict(folder: Path) -> None:
    with pytest.raises(CheckpointError, match="4 left over"):
        load_into(torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.ReLU()), _without(folder, "1."), folder)
    with pytest.raises(CheckpointError, match="1 missing"):
        load_into(torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2)), _less(folder), folder)
    with pytest.raises(CheckpointError, match=r"1 of another shape \(0.weight\)"):
        load_into(torch.nn.Sequential(torch.nn.Linear(4, 2), torch.nn.BatchNorm1d(2)), read_weights(folder), folder)


def _without(folder: Path, prefix: str) -> dict[str, torch.Tensor]:
    """The weights with one batch-norm entry dropped, so that four are left over for a bare linear layer."""
    weights = read_weights(folder)
    weights.pop(f"{prefix}num_batches_tracked")
    return weights


def _less(folder: Path) -> dict[str, torch.Tensor]:
    weights = read_weights(folder)
    weights.pop("0.bias")
    return weights


def test_truncated_weights_are_told(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(CheckpointError, match="truncated or damaged"):
        read_weights(folder)


@pytest.mark.parametrize("text", ["{", "[1"])
def test_a_broken_config_is_told(folder: Path, text: str) -> None:
    (folder / "config.json").write_text(text)
    with pytest.raises(CheckpointError, match="not readable JSON"):
        read_config(folder)


def test_what_a_config_lacks_is_named(folder: Path) -> None:
    (folder / "config.json").write_text("[]")
    with pytest.raises(CheckpointError, match="holds a list"):
        read_config(folder)
    with pytest.raises(CheckpointError, match="lacks sizes, licence"):
        need({"preset": "p"}, folder, "preset", "sizes", "licence")


def test_a_newer_format_is_refused(folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps({"format": FORMAT + 1}))
    with pytest.raises(CheckpointError, match="update seqgan"):
        read_config(folder)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"no config\.json"):
        read_config(tmp_path)
    with pytest.raises(CheckpointError, match=r"no model\.safetensors"):
        read_weights(tmp_path)


def test_a_network_to_be_loaded_draws_no_first_weights() -> None:
    def make() -> torch.nn.Module:
        network = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Conv2d(2, 5, 3), torch.nn.Embedding(4, 2))
        torch.nn.init.orthogonal_(network[1].weight)
        torch.nn.init.normal_(network[0].weight)
        network[2].weight.data.uniform_(-0.1, 0.1)
        return network

    before, full = torch.get_rng_state(), make()
    assert not torch.equal(torch.get_rng_state(), before)
    before = torch.get_rng_state()
    empty = build_empty(make)
    assert torch.equal(torch.get_rng_state(), before)
    load_into(empty, full.state_dict(), Path("here"))
    assert all(torch.equal(*pair) for pair in zip(empty.parameters(), full.parameters(), strict=True))
