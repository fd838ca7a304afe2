"""`studio models`: what is installed, what it is, and whether it is whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.cli import options
from studio.cli.console import Console
from studio.errors import EngineError

if TYPE_CHECKING:
    import numpy as np

app = typer.Typer(help="Models: list, info, verify.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="MODEL", help="Name or folder of a model.")]
SHOWN = ("preset", "origin", "trained_on", "images_seen", "licence", "parameters")


@app.command("list")
def list_models(as_json: options.Json = False) -> int:
    """List the models that ship and those in $SEQGAN_HOME/models."""
    found = [_described(name, folder) for name, folder in installed().items()]
    none = ["no model is installed: copy one into $SEQGAN_HOME/models, or draw with --engine stage"]
    lines = [f"{model['name']:20} {model['bytes'] / 2**20:6.1f} MiB  {model['folder']}" for model in found]
    Console(as_json).result({"models": found}, lines or none)
    return 0


@app.command("info")
def model_info(name: Name, as_json: options.Json = False) -> int:
    """Show what a model is, and its card."""
    folder = find(name)
    described = _described(folder.name, folder)
    card = folder / "README.md"
    text = card.read_text(encoding="utf-8") if card.is_file() else ""
    lines = [f"{key}: {value}" for key, value in described.items()]
    Console(as_json).result({**described, "card": text}, [*lines, "", *text.splitlines()])
    return 0


@app.command("verify")
def verify(name: Name, as_json: options.Json = False) -> int:
    """Load a model strictly and draw one panel or clip with it."""
    from seqgan.sampling import draws

    folder = find(name)
    info, picture = (_clip if draws(folder) == "clip" else _panel)(str(folder))
    record = {"name": info["name"], "weights_sha256": info["weights_sha256"], "ok": True}
    shape = f"{picture.shape[1]}x{picture.shape[0]}"
    Console(as_json).result(record, [f"{record['name']}: whole; draws {shape}; sha256 {record['weights_sha256']}"])
    return 0


def _panel(model: str) -> tuple[Mapping[str, Any], np.ndarray]:
    """What a model of stories or captions is, and a panel of it."""
    from studio.rendering.engine import open_engine

    engine = open_engine("gan", model, device="cpu")
    return engine.info, next(iter(engine.draw(["Mia walks."], [0])))[1]


def _clip(model: str) -> tuple[Mapping[str, Any], np.ndarray]:
    """What a model of clips is, and the first frame of a clip of it; one that moves given pictures gets a grey one."""
    import numpy as np

    from studio.rendering.clips import open_clips

    sampler = open_clips(model, "cpu")
    first = np.full((*sampler.sizes.size, 3), 127, np.uint8) if sampler.sizes.gist == "picture" else None
    return sampler.info, next(sampler.draw(["a woman walks"], [0], first=first))[1][0]


def installed() -> dict[str, Path]:
    """Name -> folder of every model that is there."""
    from seqgan.registry import model_folders

    return model_folders()


def find(name: str) -> Path:
    """Folder of a model by name or path.

    Raises:
        EngineError: if there is none; the message lists what is installed.
    """
    found = installed()
    if name in found:
        return found[name]
    if (Path(name) / "config.json").is_file():
        return Path(name)
    raise EngineError(f'no model "{name}" is installed; there is {", ".join(found) or "none"}')


def _described(name: str, folder: Path) -> dict[str, Any]:
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EngineError(f"{folder / 'config.json'} cannot be read ({error}); copy the model anew") from error
    weights = folder / "model.safetensors"
    size = weights.stat().st_size if weights.is_file() else 0
    return {"name": name, "folder": str(folder), "bytes": size, **{key: config[key] for key in SHOWN if key in config}}
