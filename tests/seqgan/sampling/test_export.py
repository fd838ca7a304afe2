"""The ONNX export: what the file draws is what the module draws, and nothing is left behind when it is not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from seqgan.cli.main import run
from seqgan.errors import CheckpointError, ConfigError, InputError
from seqgan.sampling.onnx_story import INPUTS, check_weights, need_onnx, open_session, run_session
from seqgan.sampling.story import StorySampler

MISSING = [name for name in ("onnx", "onnxscript", "onnxruntime") if find_spec(name) is None]
with_onnx = pytest.mark.skipif(
    bool(MISSING), reason=f"{', '.join(MISSING)} is missing: pip install seqgan-studio[onnx]"
)


@pytest.fixture(scope="module")
def exported(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that the command wrote."""
    path = tmp_path_factory.mktemp("export") / "tiny.onnx"
    assert run(["export", str(tiny), "--to", "onnx", "-o", str(path)]) == 0
    return path


@with_onnx
def test_a_file_and_its_description_and_nothing_else(exported: Path, tiny: Path) -> None:
    assert sorted(path.name for path in exported.parent.iterdir()) == ["tiny.json", "tiny.onnx"]
    about, sampler = json.loads(exported.with_suffix(".json").read_text()), StorySampler.load(tiny, device="cpu")
    assert about["weights_sha256"] == sampler.info["weights_sha256"]
    assert tuple(about["vocabulary"]) == sampler.vocabulary.words
    assert 0 <= about["max_difference"] <= 1e-4
    session = open_session(exported)
    assert [(each.name, each.shape) for each in session.get_inputs()] == [
        (name, about["inputs"][name]["shape"]) for name in INPUTS
    ]
    assert [each.shape for each in session.get_outputs()] == [about["outputs"]["frames"]["shape"]]


@with_onnx
@pytest.mark.parametrize("count", [1, 2, 5, 23])
def test_any_story_is_drawn_as_the_module_draws_it(exported: Path, tiny: Path, count: int) -> None:
    """Sentences of unlike length, unknown words among them; the file was traced with five panels."""
    sampler = StorySampler.load(tiny, device="cpu")
    told = ["Mia.", "Pip walks slowly in the snow and then she waves to Cleo.", "A zeppelin lands.", "It rains."]
    sentences, seeds = [told[number % 4] for number in range(count)], list(range(count))
    frames = run_session(open_session(exported, threads=1), sampler.inputs(sentences, seeds))
    assert frames.shape == (count, 3, 64, 112)
    expected = sampler.frames(sampler.inputs(sentences, seeds)).numpy()
    assert np.abs(frames - expected).max() <= 1e-4 < expected.std()


@with_onnx
def test_its_speed_stands_beside_ours(exported: Path, tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["bench", "sample", str(tiny), "--n", "3", "--threads", "1", "--device", "cpu", "--json"]
    assert run([*words, "--onnx", str(exported)]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["onnx_story_seconds"] > 0 and record["story_seconds"] > 0


@with_onnx
def test_a_file_of_other_weights_is_not_timed(
    exported: Path, tiny_checkpoint: Callable[[int], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["bench", "sample", str(tiny_checkpoint(4)), "--n", "3", "--onnx", str(exported)]) == 1
    assert "was exported from weights" in capsys.readouterr().err
    shutil.copy(exported, tmp_path / "lonely.onnx")
    with pytest.raises(InputError, match="there is no lonely.json beside"):
        check_weights(tmp_path / "lonely.onnx", "0" * 64)


@with_onnx
def test_frames_that_differ_leave_nothing(
    exported: Path, tiny_checkpoint: Callable[[int], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exporter that wrote another network: refused, and what stood there before stands there still."""
    from seqgan.sampling import export

    monkeypatch.setattr(export, "write_graph", lambda sampler, path: shutil.copy(exported, path))
    (tmp_path / "old.onnx").write_bytes(b"before")
    for name in ("old.onnx", "new.onnx"):
        with pytest.raises(CheckpointError, match="from the module's, expected at most 1e-04; nothing was written"):
            export.export_onnx(tiny_checkpoint(4), tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["old.onnx"]
    assert (tmp_path / "old.onnx").read_bytes() == b"before"


@with_onnx
def test_an_exporter_that_breaks_leaves_nothing(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from seqgan.sampling import export

    def half(sampler: StorySampler, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr(export, "write_graph", half)
    with pytest.raises(OSError, match="No space left"):
        export.export_onnx(tiny, tmp_path / "new.onnx")
    assert list(tmp_path.iterdir()) == []


@with_onnx
def test_numbers_that_are_none_are_refused(tiny: Path, exported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from seqgan.sampling import export

    monkeypatch.setattr(export, "run_session", lambda session, inputs: np.full((1, 3, 64, 112), np.nan))
    with pytest.raises(CheckpointError, match="are nan from the module's"):
        export.check_graph(StorySampler.load(tiny, device="cpu"), exported)


@with_onnx
def test_files_that_are_no_exports(tmp_path: Path) -> None:
    import onnx

    with pytest.raises(InputError, match="there is no file .*; write one with: seqgan export"):
        open_session(tmp_path / "none.onnx")
    (tmp_path / "text.onnx").write_text("not a graph")
    with pytest.raises(InputError, match="is no ONNX file that can be run"):
        open_session(tmp_path / "text.onnx")
    value = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1])
    out = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [1])
    graph = onnx.helper.make_graph([onnx.helper.make_node("Relu", ["x"], ["y"])], "other", [value], [out])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 18)], ir_version=10)
    onnx.save(model, str(tmp_path / "other.onnx"))
    with pytest.raises(InputError, match="other.onnx takes x; expected tokens, frozen, z, code_noise"):
        open_session(tmp_path / "other.onnx")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["theatre-64", "-o", "here.json"], "here.json came to write to; expected a name that ends in .onnx"),
        (["theatre-64", "-o", "nowhere/x.onnx"], "in a folder that is there"),
    ],
)
def test_names_that_cannot_be_written(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", words[0], "--to", "onnx", *words[1:]]) == 1
    shown = capsys.readouterr().err
    assert message in shown and shown.count("\n") == 1


@with_onnx
def test_no_such_checkpoint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "nobody", "--to", "onnx", "-o", str(tmp_path / "x.onnx")]) == 1
    assert "no model 'nobody' is installed" in capsys.readouterr().err


def test_other_formats_are_wrong_usage(tmp_path: Path) -> None:
    assert run(["export", "theatre-64", "--to", "coreml", "-o", str(tmp_path / "x.onnx")]) == 2
    assert run(["export", "theatre-64", "-o", str(tmp_path / "x.onnx")]) == 2


@pytest.mark.parametrize("command", ["export", "bench scale"])
def test_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command.split(), "--help"]) == 0
    assert "CKPT" in capsys.readouterr().out


def test_a_missing_module_names_the_extra() -> None:
    with pytest.raises(ConfigError, match=r'needs the module onnx_of_nobody, .*pip install "seqgan-studio\[onnx\]"'):
        need_onnx("json", "onnx_of_nobody")
