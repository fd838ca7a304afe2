"""The wheel: built, installed in an environment of its own, and used from another folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

import seqgan

ROOT = Path(__file__).resolve().parent.parent
STORY = "Mia walks in the snow. She waves to the penguin. Both of them dance.\n"


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command outside of the checkout and return what it printed; a failure shows all of it."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the wheel; what that needs is lent by the environment of the tests."""
    venv = tmp_path_factory.mktemp("wheel") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", venv, cwd=venv.parent)
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=venv.parent).strip())
    install(wheel, python)
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def install(wheel: Path, python: Path) -> None:
    uv = shutil.which("uv")
    if uv and subprocess.run([uv, "--version"], capture_output=True, check=False).returncode == 0:
        run(uv, "pip", "install", "--offline", "--no-deps", "--python", python, wheel, cwd=wheel.parent)
    else:
        run(
            sys.executable,
            "-m",
            "pip",
            "--python",
            python,
            "install",
            "--no-index",
            "--no-deps",
            wheel,
            cwd=wheel.parent,
        )


def command(python: Path, name: str) -> Path:
    return python.parent / (f"{name}.exe" if os.name == "nt" else name)


def test_the_wheel_carries_packages_assets_and_licences(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as zipped:
        names = zipped.namelist()
    assert wheel.name == f"seqgan_studio-{seqgan.__version__}-py3-none-any.whl"
    for needed in ("seqgan/_assets/fonts/DejaVuSans.ttf", "seqgan/_assets/cast/fluent/cast.yaml",
                   "seqgan/_assets/data/sources.yaml", "seqgan/_assets/models/theatre-64/model.safetensors",
                   "studio/cli/main.py"):  # fmt: skip
        assert needed in names
    assert {Path(name).name for name in names if "/licenses/" in name} == {"LICENSE", "NOTICE"}
    assert not [name for name in names if name.startswith(("tests/", "scripts/", "assets/"))]


@pytest.mark.parametrize("engine", ["stage", "gan"])
def test_it_draws_and_renders_from_another_folder(installed: Path, tmp_path: Path, engine: str) -> None:
    (tmp_path / "story.txt").write_text(STORY)
    where = run(installed, "-c", "import seqgan, studio; print(seqgan.__file__, studio.__file__)", cwd=tmp_path)
    assert str(ROOT) not in where.replace(str(installed.parent.parent), "")
    studio = command(installed, "studio")
    run(studio, "board", "story.txt", "-o", "story.board", "--engine", engine, cwd=tmp_path)
    run(studio, "render", "story.board", "--to", "png,gif", "-o", "out", cwd=tmp_path)
    made = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*"))
    assert made == ["story-panels/001.png", "story-panels/002.png", "story-panels/003.png", "story.gif"]


def test_the_library_command_finds_its_assets(installed: Path, tmp_path: Path) -> None:
    assert run(command(installed, "seqgan"), "--version", cwd=tmp_path) == f"seqgan {seqgan.__version__}\n"
    assert "emojibase" in run(command(installed, "seqgan"), "data", "list", cwd=tmp_path)
