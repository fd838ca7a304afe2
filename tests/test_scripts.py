"""The set-up scripts: what they decide and say, without installing anything."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"


def load(name: str) -> ModuleType:
    loader = SourceFileLoader(f"house_{name}", str(SCRIPTS / name))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # scripts/test has no ending, so its cache would be an odd file beside it
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module


class Machine:
    """A checkout in a temporary folder whose commands are answered here, never run."""

    def __init__(self, setup: ModuleType, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.setup, self.root, self.venv = setup, root, root / ".venv"
        self.commands: list[str] = []
        self.fails: tuple[str, ...] = ()
        for name in ("pyproject.toml", "constraints.txt"):
            (root / name).write_text(name)
        monkeypatch.setattr(setup, "ROOT", root)
        monkeypatch.setattr(setup, "VENV", self.venv)
        monkeypatch.setattr(setup, "run", self.run)
        monkeypatch.setattr(setup, "has_nvidia_driver", lambda: False)
        monkeypatch.setattr(setup.shutil, "which", lambda name: f"/usr/bin/{name}" if name == "uv" else None)
        monkeypatch.setattr(setup.sys, "platform", "linux")

    def run(self, command: list[str], **_more: object) -> bool:
        line = " ".join(command)
        self.commands.append(line)
        if any(part in line for part in self.fails):
            return False
        if "venv" in command:
            self.make_venv()
        return True

    def make_venv(self) -> None:
        python = self.setup.venv_python(self.venv)
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()
        (self.venv / "pyvenv.cfg").touch()

    def ran(self, words: str) -> bool:
        return any(words in command for command in self.commands)


@pytest.fixture
def setup() -> ModuleType:
    return load("_setup.py")


@pytest.fixture
def machine(setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(setup, tmp_path, monkeypatch)


def test_an_old_python_is_told_what_to_do(setup: ModuleType) -> None:
    with pytest.raises(setup.SetupError, match=r"/usr/bin/python3 is Python 3.9.2, Seqgan Studio needs Python 3.11"):
        setup.check_python((3, 9, 2), "/usr/bin/python3")
    setup.check_python((3, 11, 0), "python")
    setup.check_python((4, 0, 0), "python")


def test_paths_of_both_kinds_of_system(setup: ModuleType) -> None:
    assert setup.venv_python(Path("v"), windows=True) == Path("v/Scripts/python.exe")
    assert setup.venv_python(Path("v"), windows=False) == Path("v/bin/python")


def test_the_hash_follows_the_requirements_and_not_line_ends(machine: Machine) -> None:
    wanted = machine.setup.wanted_hash(machine.root)
    (machine.root / "constraints.txt").write_bytes(b"a==1\nb==2\n")
    changed = machine.setup.wanted_hash(machine.root)
    (machine.root / "constraints.txt").write_bytes(b"a==1\r\nb==2\r\n")
    assert wanted != changed == machine.setup.wanted_hash(machine.root)


def test_a_first_start_installs_and_a_second_does_nothing(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    python = machine.setup.prepare(("dev",))
    said = capsys.readouterr().err
    assert python == machine.setup.venv_python(machine.venv)
    assert machine.ran(f"-e {machine.root}[dev]")
    assert machine.ran("uv venv")
    assert "Setting up Seqgan Studio with dev" in said
    assert "Ready." in said
    machine.commands.clear()
    machine.setup.prepare(("dev",))
    machine.setup.prepare()
    assert machine.commands == []
    assert capsys.readouterr() == ("", "")


def test_changed_requirements_install_again_and_keep_the_extras(machine: Machine) -> None:
    machine.setup.prepare(("dev",))
    (machine.root / "constraints.txt").write_text("changed")
    machine.commands.clear()
    machine.setup.prepare()
    assert machine.ran(f"-e {machine.root}[dev]")
    assert not machine.ran("uv venv")


def test_more_extras_install_again(machine: Machine) -> None:
    machine.setup.prepare()
    machine.setup.prepare(("dev",))
    assert machine.setup.is_ready(machine.venv, machine.setup.wanted_hash(machine.root), ("dev",))


def test_an_interrupted_installation_begins_afresh(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.make_venv()
    (machine.venv / machine.setup.MARKER).touch()
    (machine.venv / "half").touch()
    machine.setup.prepare()
    assert not (machine.venv / "half").exists()
    assert not (machine.venv / machine.setup.MARKER).exists()
    assert "did not finish" in capsys.readouterr().err


def test_a_failed_installation_is_not_taken_for_a_finished_one(machine: Machine) -> None:
    machine.fails = ("-e ",)
    with pytest.raises(machine.setup.SetupError, match="the installation failed for the reason above"):
        machine.setup.prepare()
    assert not machine.setup.is_ready(machine.venv, machine.setup.wanted_hash(machine.root), ())
    machine.fails = ()
    machine.commands.clear()
    machine.setup.prepare()
    assert not machine.ran("uv venv")
    assert machine.setup.is_ready(machine.venv, machine.setup.wanted_hash(machine.root), ())


def test_an_environment_made_by_hand_is_kept(machine: Machine) -> None:
    machine.make_venv()
    (machine.venv / "mine").touch()
    machine.setup.prepare()
    assert (machine.venv / "mine").exists()


def test_a_broken_environment_is_made_again(machine: Machine) -> None:
    machine.make_venv()
    (machine.venv / "old").touch()
    machine.fails = ("sys.version_info",)
    machine.setup.prepare()
    assert not (machine.venv / "old").exists()


def test_a_folder_that_is_no_environment_is_left_alone(machine: Machine) -> None:
    machine.venv.mkdir()
    (machine.venv / "thesis.txt").touch()
    with pytest.raises(machine.setup.SetupError, match="is no virtual environment; move it away"):
        machine.setup.prepare()
    assert (machine.venv / "thesis.txt").exists()


@pytest.mark.parametrize("stamp", ["", "{", "[]", '{"hash": 1}', '{"hash": "x", "extras": null}'])
def test_a_damaged_stamp_is_no_stamp(machine: Machine, stamp: str) -> None:
    machine.make_venv()
    (machine.venv / machine.setup.STAMP).write_text(stamp)
    assert not machine.setup.is_ready(machine.venv, "x", ())
    assert machine.setup.kept_extras(machine.venv, ("dev",)) == ("dev",)


def test_cpu_wheels_are_tried_first_without_a_driver(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.fails = ("m.version('torch')",)
    machine.setup.prepare()
    assert machine.ran("--dry-run --torch-backend cpu")
    assert machine.ran(f"{machine.setup.venv_python(machine.venv)} --torch-backend cpu")
    assert "about 600 MB" in capsys.readouterr().err


def test_without_cpu_wheels_the_usual_ones_are_taken(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.fails = ("m.version('torch')", "--dry-run")
    machine.setup.prepare()
    said = capsys.readouterr().err
    assert "CPU builds of PyTorch cannot be had from here" in said
    assert "about 3 GB" in said


def test_with_a_driver_cpu_wheels_are_not_asked_for(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.setup, "has_nvidia_driver", lambda: True)
    machine.fails = ("m.version('torch')",)
    machine.setup.prepare()
    assert not machine.ran("--torch-backend")


@pytest.mark.parametrize(
    ("platform", "cpu", "size"), [("linux", False, "3 GB"), ("linux", True, "600 MB"), ("win32", False, "600 MB")]
)
def test_the_size_is_told(setup: ModuleType, platform: str, cpu: bool, size: str) -> None:
    assert size in setup.size_note(platform, cpu)


def test_without_uv_it_is_installed_and_else_pip_does_it(machine: Machine) -> None:
    machine.fails = ("uv --version", "m.version('torch')")
    machine.setup.prepare()
    python = machine.setup.venv_python(machine.venv)
    assert machine.ran("-m venv")
    assert machine.ran(f"{python} -m pip install --quiet uv")
    assert machine.ran(f"{python} -m pip install -c")
    assert not machine.ran("--torch-backend")


def test_without_a_way_to_make_environments_it_says_what_to_install(machine: Machine) -> None:
    machine.fails = ("venv",)
    with pytest.raises(machine.setup.SetupError, match="apt install python3-venv"):
        machine.setup.prepare()


def test_a_command_that_cannot_start_has_failed(setup: ModuleType) -> None:
    assert setup.run(["/no/such/command"]) is False
    assert setup.run([sys.executable, "-c", "pass"], quiet=True) is True
    assert setup.run([sys.executable, "-c", "import time; time.sleep(9)"], quiet=True, timeout=0.1) is False


def test_the_exit_code_passes_on_windows(setup: ModuleType) -> None:
    assert setup.call([sys.executable, "-c", "raise SystemExit(3)"], windows=True) == 3


def _raise(error: BaseException) -> Callable[[list[str]], int]:
    def main(_words: list[str]) -> int:
        raise error

    return main


def test_errors_are_one_line(setup: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    for error, code, said in (
        (setup.SetupError("move it"), 1, "error: move it\n"),
        (PermissionError(13, "No", "/x"), 1, "error: the set-up cannot go on: [Errno 13] No: '/x'\n"),
        (KeyboardInterrupt(), 130, "Interrupted; the next start recovers from it.\n"),
    ):  # fmt: skip
        with pytest.raises(SystemExit) as left:
            setup.edge(_raise(error))
        assert left.value.code == code
        assert capsys.readouterr().err == said


@pytest.fixture
def tests_script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    return load("test")


def test_tests_run_on_the_cores_there_are(tests_script: ModuleType) -> None:
    words, quick = tests_script.pytest_words, ["-m", "not slow and not gpu"]
    assert words([], 1) == quick
    assert words([], 2) == ["-n", "2", "--dist", "loadfile", *quick]
    assert words([], 64)[1] == "4"


def test_ones_own_choice_of_tests_is_taken(tests_script: ModuleType) -> None:
    words = tests_script.pytest_words
    assert words(["-m", "slow"], 1) == ["-m", "slow"]
    assert words(["-n0"], 8)[-1] == "-n0"
    assert "-n" not in words(["tests/test_house.py"], 8)


def test_tests_take_one_thread_unless_told_and_keep_what_is_compiled(tests_script: ModuleType) -> None:
    told = tests_script.environment({"OMP_NUM_THREADS": "4", "PYTHONDONTWRITEBYTECODE": "1"})
    assert told == {"OMP_NUM_THREADS": "4", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": ""}


@pytest.mark.parametrize("name", ["studio", "test", "check"])
def test_scripts_can_be_started(name: str) -> None:
    assert (SCRIPTS / name).read_text().startswith("#!/usr/bin/env python3\n")
    if os.name != "nt":
        assert os.access(SCRIPTS / name, os.X_OK)


def test_scripts_parse_on_an_older_python(setup: ModuleType) -> None:
    import ast

    for name in ("_setup.py", "studio", "test", "check"):
        ast.parse((SCRIPTS / name).read_text(encoding="utf-8"), feature_version=(3, 8))


def test_check_takes_no_arguments(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPTS / "check"), "--fix"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, "error: check takes no arguments, it got --fix\n")
