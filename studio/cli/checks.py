"""`studio checks`: does this machine have what the studio needs?"""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata

from studio.cli import options
from studio.cli.console import Console

PACKAGES = ("torch", "numpy", "pillow", "av", "imageio", "reportlab", "pydantic", "spacy", "streamlit", "typer")


@dataclass(frozen=True)
class Check:
    """One finding. `ok` False is something to mend; `needed` tells what fails without it."""

    name: str
    ok: bool
    found: str
    needed: str = ""


def checks(as_json: options.Json = False) -> int:
    """Check what the studio needs on this machine.

    Versions, codecs, fonts, models, device, folders; exits 1 if something needed is missing.
    """
    found = list(run_checks())
    lines = [f"{'ok ' if one.ok else 'NO '} {one.name:16} {one.found}{_needed(one)}" for one in found]
    Console(as_json).result({"checks": [vars(one) for one in found]}, lines)
    return 0 if all(one.ok or not one.needed for one in found) else 1


def _needed(one: Check) -> str:
    return f"  (needed for: {one.needed})" if one.needed and not one.ok else ""


def run_checks() -> Iterator[Check]:
    """Every check, one after the other; none raises."""
    yield Check("python", True, f"{platform.python_version()} on {platform.platform(terse=True)}")
    for package in PACKAGES:
        yield _package(package)
    yield _safely("H.264", "films", _h264)
    yield _safely("fonts", "captions", _fonts)
    yield _safely("text shaping", "", _shaping)
    yield _safely("speech", "", _speech)
    yield _safely("models", "", _models)
    yield _safely("device", "", _device)
    yield _safely("home folder", "your models and runs", _home)


def _package(name: str) -> Check:
    try:
        return Check(name, True, metadata.version(name))
    except metadata.PackageNotFoundError:
        return Check(name, False, "not installed", "the studio")


def _safely(name: str, needed: str, look: Callable[[], tuple[bool, str]]) -> Check:
    try:
        ok, found = look()
    except Exception as error:  # a broken installation may fail in any way, and saying so is this command's work
        ok, found = False, f"{type(error).__name__}: {error}"
    return Check(name, ok, found, needed)


def _h264() -> tuple[bool, str]:
    import av

    return "libx264" in av.codecs_available, f"libx264 by PyAV {av.__version__}"


def _fonts() -> tuple[bool, str]:
    from studio.media.fonts import FontStack

    stack = FontStack.default()
    samples = {
        "Latin": "a",
        "Chinese": "你",
        "Japanese": "の",
        "Korean": "한",
        "Arabic": "م",
        "Hindi": "म",
        "emoji": "🎂",
    }
    lacking = [name for name, char in samples.items() if stack.missing(char)]
    return "Latin" not in lacking, "DejaVu Sans" + (f"; no font for {', '.join(lacking)}" if lacking else "")


def _shaping() -> tuple[bool, str]:
    from PIL import features

    return bool(features.check_feature("raqm")), f"raqm {features.version_feature('raqm')} (Arabic, Hindi and the like)"


def _speech() -> tuple[bool, str]:
    found = [name for name in ("espeak-ng", "piper") if shutil.which(name)]
    return bool(found), ", ".join(found) or "no espeak-ng: films cannot be narrated"


def _models() -> tuple[bool, str]:
    from seqgan.registry import model_folders

    names = ", ".join(model_folders())
    return bool(names), names or "none installed: draw with --engine stage"


def _device() -> tuple[bool, str]:
    import torch

    from seqgan.sampling import device_name

    if torch.cuda.is_available():
        return True, f"CUDA: {device_name('cuda')}"
    return True, device_name("cpu")


def _home() -> tuple[bool, str]:
    from seqgan.resources import home

    folder = home()
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    return nearest.is_dir() and os.access(nearest, os.W_OK), str(folder)
