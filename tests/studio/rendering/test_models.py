"""Installed models: described, checked and added; what is no model, or a damaged one, is refused by name."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from studio.cli.main import run
from studio.errors import DocumentError, EngineError
from studio.rendering.models import add_model, described, figures, find_model, parameters, verify
from tests.seqgan.sampling.frame_models import save_frame_model


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_frame_model(tmp_path_factory.mktemp("made") / "birds")


@pytest.fixture
def birds(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "birds"))


def installed(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "models").glob("*"))


def test_a_folder_is_checked_and_added(birds: Path, home: Path) -> None:
    found = add_model(birds)
    assert (found.name, found.size, found.recorded) == ("birds", (64, 64), False)
    assert installed(home) == ["birds"] and find_model("birds") == home / "models" / "birds"
    assert (birds / "config.json").is_file()
    about = described(find_model("birds"))
    assert (about["licence"], about["bytes"]) == ("MIT", (birds / "model.safetensors").stat().st_size)
    assert parameters(birds) > 1000
    with pytest.raises(EngineError, match="birds is installed already"):
        add_model(birds)


def test_a_zip_is_added_with_its_folder_or_without(birds: Path, home: Path, tmp_path: Path) -> None:
    shutil.make_archive(str(tmp_path / "flat"), "zip", birds)
    shutil.make_archive(str(tmp_path / "deep"), "zip", birds.parent, "birds")
    assert add_model(tmp_path / "flat.zip").name == "flat"
    assert run(["models", "add", str(tmp_path / "deep.zip"), "--name", "house.2"]) == 0
    assert installed(home) == ["flat", "house.2"]


def test_weights_that_are_not_those_that_were_measured_are_told(birds: Path) -> None:
    sha256 = verify(birds).weights_sha256
    for recorded, fits in ((sha256, True), ("0" * 64, False)):
        (birds / "eval.json").write_text(json.dumps({"birds": {"test": {"n": 5, "weights_sha256": recorded}}}))
        if fits:
            assert verify(birds).recorded and "as measured" in verify(birds).told
        else:
            with pytest.raises(EngineError, match="measured with 0000"):
                verify(birds)


def test_a_judge_is_checked_without_drawing(home: Path) -> None:
    found = verify(find_model("theatre-judge"))
    assert found.size is None and "draws nothing by itself" in found.told
    assert len(found.weights_sha256) == 64


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "config.json").write_text("{"), "cannot be read"),
        (lambda folder: (folder / "config.json").write_text("[]"), "holds a list"),
        (lambda folder: (folder / "config.json").unlink(), "no config.json is there"),
        (lambda folder: (folder / "model.safetensors").unlink(), "no model.safetensors"),
        (lambda folder: (folder / "model.safetensors").write_bytes(b"\0" * 99), "truncated or damaged"),
        (lambda folder: (folder / "run.py").write_text("print()"), "run.py, which no model needs"),
        (lambda folder: (folder / "state.pt").write_bytes(b"x"), "state.pt, a .pt file: it can run code"),
        (lambda folder: (folder / "card.md").symlink_to("/etc/passwd"), "card.md, a link"),
    ],
)
def test_what_is_no_whole_model_is_not_added(spoil: object, message: str, birds: Path, home: Path) -> None:
    spoil(birds)  # type: ignore[operator]
    with pytest.raises(EngineError, match=message):
        add_model(birds)
    assert installed(home) == []


def test_a_hostile_zip_is_refused(birds: Path, home: Path, tmp_path: Path) -> None:
    for name, message in (("../out.json", "leaves the folder"), ("a/evil.pkl", "can run code")):
        shutil.make_archive(str(tmp_path / "evil"), "zip", birds)
        with zipfile.ZipFile(tmp_path / "evil.zip", "a") as pack:
            pack.writestr(name, "x")
        with pytest.raises(DocumentError, match=message):
            add_model(tmp_path / "evil.zip")
    with pytest.raises(DocumentError, match="there is no file"):
        add_model(tmp_path / "none.zip", "none")
    with pytest.raises(EngineError, match="cannot be called"):
        add_model(birds, "../up")
    assert installed(home) == [] and not (tmp_path / "out.json").exists()


def test_figures_that_cannot_be_read_are_none(birds: Path) -> None:
    assert figures(birds) == {}
    (birds / "eval.json").write_text('{"a": [1]}')
    assert figures(birds) == {}
    (birds / "eval.json").write_text('{"a": {"test": {"n": 1}, "odd": 3}}')
    assert figures(birds) == {"a": {"test": {"n": 1}}}
