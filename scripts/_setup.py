"""Set-up shared by scripts/studio, scripts/test and scripts/check: standard library only, any folder, any system.

``prepare()`` makes sure that .venv in the repository holds what pyproject.toml and constraints.txt ask for, and returns
its Python. A stamp in .venv keeps the hash of both files, so that a later start costs a few milliseconds. A marker
stands in .venv while an installation runs; where one is found, that installation did not finish and is begun afresh.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = "seqgan-installed.json"
MARKER = "seqgan-installing"
NEEDED = (3, 11)


class SetupError(Exception):
    """The set-up cannot go on; the message is one line and says what to do."""


def say(text: str) -> None:
    """Print a line about the set-up to stderr: stdout belongs to the command."""
    print(text, file=sys.stderr, flush=True)


def check_python(version: tuple[int, ...], executable: str) -> None:
    """Raise SetupError if ``version`` is too old to run this project."""
    if tuple(version[:2]) < NEEDED:
        found = ".".join(str(part) for part in version[:3])
        need = ".".join(str(part) for part in NEEDED)
        raise SetupError(
            f"{executable} is Python {found}, Seqgan Studio needs Python {need} or later; "
            f"install it and run this script with it, e.g. python{need} scripts/studio"
        )


def venv_python(venv: Path, windows: bool = os.name == "nt") -> Path:
    """Return the path of the Python inside a virtual environment."""
    return venv / "Scripts" / "python.exe" if windows else venv / "bin" / "python"


def wanted_hash(root: Path) -> str:
    """Return the hash of what an installation depends on: both requirement files and where the checkout stands."""
    digest = hashlib.sha256(str(root).encode())
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((root / name).read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def is_ready(venv: Path, wanted: str, extras: tuple[str, ...]) -> bool:
    """Tell whether ``venv`` holds a finished installation of ``wanted`` with at least ``extras``."""
    if (venv / MARKER).exists() or not venv_python(venv).exists():
        return False
    try:
        stamp = json.loads((venv / STAMP).read_text(encoding="utf-8"))
        return stamp["hash"] == wanted and set(extras) <= set(stamp["extras"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def write_stamp(venv: Path, wanted: str, extras: tuple[str, ...]) -> None:
    """Record a finished installation, and take the marker away."""
    beside = venv / (STAMP + ".new")
    beside.write_text(json.dumps({"hash": wanted, "extras": sorted(extras)}) + "\n", encoding="utf-8")
    beside.replace(venv / STAMP)
    (venv / MARKER).unlink(missing_ok=True)


def kept_extras(venv: Path, extras: tuple[str, ...]) -> tuple[str, ...]:
    """Return ``extras`` and those already installed, so that starting the editor never undoes a developer's set-up."""
    try:
        before = json.loads((venv / STAMP).read_text(encoding="utf-8"))["extras"]
        return tuple(sorted({*extras, *(str(name) for name in before)}))
    except (OSError, ValueError, KeyError, TypeError):
        return tuple(sorted(extras))


def has_nvidia_driver() -> bool:
    """Tell whether an NVIDIA driver is installed on this machine."""
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None


def wants_cpu_wheels(platform: str = sys.platform) -> bool:
    """Tell whether smaller CPU builds of PyTorch are worth asking for: on Linux the usual ones carry CUDA."""
    return platform.startswith("linux") and not has_nvidia_driver()


def size_note(platform: str = sys.platform, cpu: bool = False) -> str:
    """Return about how much a first installation downloads."""
    if platform.startswith("linux") and not cpu:
        return "about 3 GB, most of it PyTorch's CUDA libraries"
    return "about 600 MB"


def run(
    command: list[str], env: dict[str, str] | None = None, quiet: bool = False, timeout: float | None = None
) -> bool:
    """Run a command and tell whether it succeeded; one that cannot start or takes too long did not."""
    out = subprocess.DEVNULL if quiet else sys.stderr
    try:
        return subprocess.run(command, env=env, stdout=out, stderr=out, timeout=timeout, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def find_uv(python: Path | None = None) -> list[str] | None:
    """Return the command of a uv that works: the user's own, else the one in the virtual environment of ``python``."""
    candidates = [["uv"]] if shutil.which("uv") else []
    if python is not None:
        candidates.append([str(python), "-m", "uv"])
    return next((uv for uv in candidates if run([*uv, "--version"], quiet=True, timeout=30)), None)


def works(venv: Path) -> bool:
    """Tell whether the Python of ``venv`` starts and is new enough."""
    test = f"import sys; sys.exit(sys.version_info[:2] < {NEEDED!r})"
    return venv_python(venv).exists() and run([str(venv_python(venv)), "-c", test], quiet=True, timeout=60)


def make_venv(venv: Path) -> None:
    """Make ``venv`` if it is missing, broken, or was left by an installation that did not finish."""
    if (venv / MARKER).exists():
        say("The last set-up did not finish; it begins afresh.")
    elif works(venv):
        return
    if venv.exists() and not ((venv / "pyvenv.cfg").exists() or (venv / MARKER).exists() or not any(venv.iterdir())):
        raise SetupError(f"{venv} exists and is no virtual environment; move it away and start again")
    shutil.rmtree(venv, ignore_errors=True)
    venv.mkdir(parents=True, exist_ok=True)
    (venv / MARKER).touch()
    uv = find_uv()
    if uv and run([*uv, "venv", "--quiet", "--allow-existing", "--seed", "--python", sys.executable, str(venv)]):
        return
    if not run([sys.executable, "-m", "venv", str(venv)]):
        raise SetupError(
            f"{sys.executable} cannot make a virtual environment; install uv, or Python's venv module "
            "(on Debian and Ubuntu: apt install python3-venv), and start again"
        )


def installer(python: Path) -> list[str]:
    """Return the command that installs into the environment of ``python``: uv where it can be had, else pip."""
    uv = find_uv(python)
    if uv is None:
        run([str(python), "-m", "pip", "install", "--quiet", "uv"], quiet=True, timeout=180)
        uv = find_uv(python)
    return [*uv, "pip", "install", "--python", str(python)] if uv else [str(python), "-m", "pip", "install"]


def install_cpu_torch(install: list[str]) -> bool:
    """Try to install CPU builds of PyTorch, asking once and briefly; False where they cannot be had."""
    if "--python" not in install:  # pip has no such choice
        return False
    packages = ["--torch-backend", "cpu", "-c", str(ROOT / "constraints.txt"), "torch", "torchvision"]
    env = {**os.environ, "UV_HTTP_TIMEOUT": "10", "UV_HTTP_CONNECT_TIMEOUT": "5", "UV_HTTP_RETRIES": "0"}
    if not run([*install, "--dry-run", *packages], env=env, quiet=True, timeout=40):
        return False
    return run([*install, *packages], env={**env, "UV_HTTP_TIMEOUT": "60", "UV_HTTP_RETRIES": "3"})


def install_all(venv: Path, extras: tuple[str, ...]) -> None:
    """Install this checkout, editable, with its dependencies and ``extras`` into ``venv``."""
    python = venv_python(venv)
    install = installer(python)
    has_torch = run([str(python), "-c", "import importlib.metadata as m; m.version('torch')"], quiet=True)
    if not has_torch:
        cpu = wants_cpu_wheels() and install_cpu_torch(install)
        if wants_cpu_wheels() and not cpu:
            say(
                "CPU builds of PyTorch cannot be had from here; the usual ones are taken, which run on the CPU as well."
            )
        say(f"Downloading what is not in the cache yet: {size_note(cpu=cpu)}.")
    target = str(ROOT) + (f"[{','.join(extras)}]" if extras else "")
    if not run([*install, "-c", str(ROOT / "constraints.txt"), "-e", target]):
        raise SetupError("the installation failed for the reason above; put it right and start again")


@contextlib.contextmanager
def only_one(path: Path):
    """Hold a lock on ``path``: of two starts at once, the second waits. The system frees it if the process dies."""
    with path.open("a+b") as file:
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                say("Another start is setting up; waiting for it.")
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


def prepare(extras: tuple[str, ...] = ()) -> Path:
    """Make .venv ready, with ``extras``, and return its Python."""
    check_python(tuple(sys.version_info[:3]), sys.executable)
    wanted = wanted_hash(ROOT)
    if is_ready(VENV, wanted, extras):
        return venv_python(VENV)
    with only_one(ROOT / ".venv.lock"):
        if not is_ready(VENV, wanted, extras):
            set_up(wanted, kept_extras(VENV, extras))
    return venv_python(VENV)


def set_up(wanted: str, extras: tuple[str, ...]) -> None:
    """Make .venv and install into it."""
    note = f" with {', '.join(extras)}" if extras else ""
    say(f"Setting up Seqgan Studio{note} in {VENV} (once, and again when its requirements change).")
    make_venv(VENV)
    (VENV / MARKER).touch()
    try:
        install_all(VENV, extras)
    except SetupError:  # the installer ended by itself and left every package whole; only a kill leaves the marker
        (VENV / MARKER).unlink(missing_ok=True)
        raise
    write_stamp(VENV, wanted, extras)
    say("Ready.")


def call(
    command: list[str], cwd: Path | None = None, env: dict[str, str] | None = None, windows: bool = os.name == "nt"
) -> int:
    """Run the command in this process's place (on Windows: beside it) and return its exit code."""
    if cwd is not None:
        os.chdir(cwd)
    if not windows:
        os.execve(command[0], command, {**os.environ, **(env or {})})
    try:
        return subprocess.call(command, env={**os.environ, **(env or {})})
    except KeyboardInterrupt:
        return 130


def edge(main) -> None:
    """Run ``main`` and leave with its exit code; errors of the set-up are one line."""
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        say(f"error: {error}")
        sys.exit(1)
    except OSError as error:
        say(f"error: the set-up cannot go on: {error}")
        sys.exit(1)
    except KeyboardInterrupt:
        say("Interrupted; the next start recovers from it.")
        sys.exit(130)
