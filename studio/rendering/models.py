"""Installed models: what each is, adding one from elsewhere, and whether it is whole. `studio models` and the editor.

described(find_model("theatre-64"))          # from its config alone: nothing is loaded
verify(find_model("theatre-64"))             # hashes compared, loaded strictly, one picture drawn
add_model(Path("mine.zip"))                  # checked, then put into $SEQGAN_HOME/models
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from seqgan.registry import PICKLES, model_folders, pickle_advice
from seqgan.resources import home
from studio.document.ids import new_id
from studio.document.zips import Limits, unpack_zip
from studio.errors import EngineError

if TYPE_CHECKING:
    import numpy as np

CONFIG, WEIGHTS, CARD, FIGURES, SAMPLES = "config.json", "model.safetensors", "README.md", "eval.json", "samples.png"
SHOWN = ("preset", "origin", "trained_on", "images_seen", "licence", "parameters")
SUFFIXES = (".json", ".safetensors", ".md", ".txt", ".png", ".jpg", ".webp")
"""Of the files of a model: none of them can run anything."""
LIMITS = Limits("model", 1000, 8 << 30, CONFIG)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True)
class Verified:
    """A model that is whole. ``size``: (width, height) of what it draws, None for one that draws nothing by itself;
    ``recorded``: whether the hash of its weights stands in its figures, and is the same."""

    name: str
    weights_sha256: str
    size: tuple[int, int] | None
    recorded: bool

    @property
    def told(self) -> str:
        """What was found, in one line."""
        draws = f"draws {self.size[0]}x{self.size[1]}" if self.size else "draws nothing by itself"
        known = ", as measured" * self.recorded
        return f"{self.name}: whole; {draws}; sha256 {self.weights_sha256}{known}"


# Looking -------------------------------------------------------------------------------------------------------------


def find_model(name: str) -> Path:
    """Return the folder of a model by name or path.

    Raises:
        EngineError: if there is none; the message lists what is installed.
    """
    found = model_folders()
    if name in found:
        return found[name]
    if (Path(name) / CONFIG).is_file():
        return Path(name)
    raise EngineError(f'no model "{name}" is installed; there is {", ".join(found) or "none"}')


def described(folder: Path, name: str = "") -> dict[str, Any]:
    """Return what a model's config says of it, and how large its weights are.

    Raises:
        EngineError: if the config cannot be read.
    """
    config = read_config(folder)
    weights = folder / WEIGHTS
    size = weights.stat().st_size if weights.is_file() else 0
    shown = {key: config[key] for key in SHOWN if key in config}
    return {"name": name or folder.name, "folder": str(folder), "bytes": size, **shown}


def read_config(folder: Path) -> dict[str, Any]:
    """Return a model's ``config.json``.

    Raises:
        EngineError: if it is missing, damaged or no table.
    """
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EngineError(f"{folder / CONFIG} cannot be read ({error}); copy the model anew") from error
    if not isinstance(config, dict):
        raise EngineError(f"{folder / CONFIG} holds a {type(config).__name__}, expected a table; copy the model anew")
    return config


def figures(folder: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """Return what was measured: data set -> split -> figures; {} where nothing was, or it cannot be read."""
    try:
        found = json.loads((folder / FIGURES).read_text(encoding="utf-8"))
        return {
            data: {split: dict(values) for split, values in splits.items() if isinstance(values, dict)}
            for data, splits in found.items()
        }
    except (OSError, ValueError, AttributeError):
        return {}


def parameters(folder: Path) -> int:
    """Return how many numbers the weights hold.

    Raises:
        EngineError: if the file is missing, truncated or damaged.
    """
    from safetensors import SafetensorError, safe_open

    path = folder / WEIGHTS
    if not path.is_file():
        raise EngineError(f"no {WEIGHTS} in {folder}; copy the model anew")
    try:
        with safe_open(path, framework="numpy") as weights:
            return sum(prod(weights.get_slice(name).get_shape()) for name in weights.keys())  # noqa: SIM118
    except (SafetensorError, OSError, ValueError) as error:
        raise EngineError(f"{path} is truncated or damaged ({error}); copy the model anew") from error


# Checking ------------------------------------------------------------------------------------------------------------


def verify(folder: Path, name: str = "") -> Verified:
    """Compare the weights with the hash in the model's figures, load it strictly and draw one panel or clip with it.

    Raises:
        EngineError, SeqganError: if it is damaged, changed, or does not fit its config.
    """
    from seqgan.sampling import draws

    read_config(folder)
    parameters(folder)
    found = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    recorded = _recorded(folder)
    if recorded and found not in recorded:
        raise EngineError(
            f"{folder / WEIGHTS} has sha256 {found[:16]}…, its figures were measured with {min(recorded)[:16]}…; "
            "copy the model anew, or measure it again: seqgan evaluate"
        )
    kinds: dict[str, Callable[[str], np.ndarray]] = {"story": _panel, "frame": _panel, "clip": _clip}
    draw = kinds.get(draws(folder))
    picture = draw(str(folder)) if draw else None
    size = (picture.shape[1], picture.shape[0]) if picture is not None else None
    return Verified(name or folder.name, found, size, bool(recorded))


def _recorded(folder: Path) -> set[str]:
    splits = [values for found in figures(folder).values() for values in found.values()]
    return {str(values["weights_sha256"]) for values in splits if values.get("weights_sha256")}


def _panel(model: str) -> np.ndarray:
    """A panel of a model of stories or captions."""
    from studio.rendering.engine import open_engine

    return next(iter(open_engine("gan", model, device="cpu").draw(["Mia walks."], [0])))[1]


def _clip(model: str) -> np.ndarray:
    """The first frame of a clip of a model; one that moves given pictures gets a grey one."""
    import numpy as np

    from studio.rendering.clips import open_clips

    sampler = open_clips(model, "cpu")
    first = np.full((*sampler.sizes.size, 3), 127, np.uint8) if sampler.needs_picture else None
    return next(sampler.draw(["a woman walks"], [0], first=first))[1][0]


# Adding --------------------------------------------------------------------------------------------------------------


def add_model(source: Path, name: str = "") -> Verified:
    """Copy a model's folder, or unpack a zip of one, into ``$SEQGAN_HOME/models``, checked before it is put there.

    ``name``: what it is called from then on; that of the folder or zip where none is given.

    Raises:
        EngineError, DocumentError, SeqganError: if it is no model, holds files that no model has, is damaged, or its
            name is taken; nothing is left behind.
    """
    if source.suffix.lower() in PICKLES and not source.is_dir():
        raise EngineError(f"{source} is {pickle_advice(source)}")
    name = name.strip() or (source.stem if source.is_file() else source.resolve().name)
    if not _NAME.fullmatch(name):
        raise EngineError(f"a model cannot be called {name!r}; give it a name of letters, digits, dots and dashes")
    if name in model_folders():
        raise EngineError(f"a model {name} is installed already; give this one another name")
    target = home() / "models" / name
    with _beside(target) as folder:
        if source.is_dir():
            _copy(source, folder)
        else:
            unpack_zip(source, folder, LIMITS, _is_foreign)
        found = verify(_inside(folder), name)
        _inside(folder).replace(target)
    return found


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A new folder beside the target (no model yet, for it has no config right inside a model's place)."""
    scratch = target.with_name(f".{target.name}.{new_id()}.tmp")
    try:
        scratch.mkdir(parents=True)
        yield scratch / "model"
    except OSError as error:
        raise EngineError(f"{target} was not written: {error.strerror or error}; make room and add it again") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _copy(source: Path, folder: Path) -> None:
    files = [path for path in sorted(source.rglob("*")) if not path.is_dir()]
    for path in files:
        reason = "a link" if path.is_symlink() else _is_foreign(PurePosixPath(path.relative_to(source).as_posix()))
        if reason:
            raise EngineError(f"{source} holds {path.name}, {reason}; it was not added")
    if len(files) > LIMITS.members or sum(path.stat().st_size for path in files) > LIMITS.size:
        raise EngineError(f"{source} is larger than a model can be; name the folder of one model")
    for path in files:
        copied = folder / path.relative_to(source)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copied)


def _is_foreign(name: PurePosixPath) -> str:
    if name.suffix.lower() in PICKLES:
        return pickle_advice(Path(name))
    fits = name.suffix.lower() in SUFFIXES or not name.suffix
    return "" if fits else f"which no model needs (a model is {', '.join(SUFFIXES)} alone)"


def _inside(folder: Path) -> Path:
    """Where the model is: the folder itself, or the one folder in it.

    Raises:
        EngineError: if there is none.
    """
    held = list(folder.iterdir())
    for place in (folder, *(held if len(held) == 1 else [])):
        if (place / CONFIG).is_file():
            return place
    raise EngineError(f"no {CONFIG} is there; expected a model's folder ({CONFIG}, {WEIGHTS}), or a zip of one")
