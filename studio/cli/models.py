"""`studio models`: what is installed, what it is, whether it is whole, and adding another."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from studio.cli import options
from studio.cli.console import Console

app = typer.Typer(help="Models: list, info, add, verify.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="MODEL", help="Name or folder of a model.")]


@app.command("list")
def list_models(as_json: options.Json = False) -> int:
    """List the models that ship and those in $SEQGAN_HOME/models."""
    from seqgan.registry import model_folders
    from studio.rendering.models import described

    found = [described(folder, name) for name, folder in model_folders().items()]
    none = ["no model is installed: copy one into $SEQGAN_HOME/models, or draw with --engine stage"]
    lines = [f"{model['name']:20} {model['bytes'] / 2**20:6.1f} MiB  {model['folder']}" for model in found]
    Console(as_json).result({"models": found}, lines or none)
    return 0


@app.command("info")
def model_info(name: Name, as_json: options.Json = False) -> int:
    """Show what a model is, and its card."""
    from studio.rendering.models import CARD, described, find_model

    folder = find_model(name)
    about = described(folder)
    card = folder / CARD
    text = card.read_text(encoding="utf-8") if card.is_file() else ""
    lines = [f"{key}: {value}" for key, value in about.items()]
    Console(as_json).result({**about, "card": text}, [*lines, "", *text.splitlines()])
    return 0


@app.command("add")
def add(
    source: Annotated[Path, typer.Argument(metavar="PATH", help="A model's folder, or a zip of one.")],
    name: Annotated[str, typer.Option("--name", help="What to call it; default: as the folder or zip.")] = "",
    as_json: options.Json = False,
) -> int:
    """Copy a model into $SEQGAN_HOME/models, once it is checked."""
    from studio.rendering.models import add_model

    found = add_model(source, name)
    Console(as_json).result({**asdict(found), "ok": True}, [found.told])
    return 0


@app.command("verify")
def verify(name: Name, as_json: options.Json = False) -> int:
    """Compare a model's weights with their hash, load it strictly and draw one panel or clip with it."""
    from studio.rendering.models import find_model
    from studio.rendering.models import verify as verified

    found = verified(find_model(name))
    Console(as_json).result({**asdict(found), "ok": True}, [found.told])
    return 0
