"""What made a picture, taken over into new panels of another board: all of it, its seed alone, or all but the seed."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from studio.document import Batch, Board, Command, ModelRef, insert_panel
from studio.errors import ExportError

Way = Literal["all", "seed", "remix"]
"""Sentence, model, knobs and seed; the seed alone, for a sentence of one's own; or all of it but with a new seed."""
WAYS: dict[Way, str] = {"all": "Use all", "seed": "Use seed", "remix": "Remix"}
SUFFIXES = ("png", "mp4", "gif", "webp", "pdf")
"""Of files that can say what made them."""


@dataclass(frozen=True)
class Recipe:
    """What a picture was drawn from; ``seed`` is that of its take, None where it was not recorded."""

    text: str
    seed: int | None = None
    knobs: Mapping[str, Any] = field(default_factory=dict)
    model: str = ""


def read_recipes(name: str, data: bytes) -> list[Recipe]:
    """Return what made the pictures of a file of ours, in order.

    Raises:
        ExportError: if it says nothing of what made it, or cannot be read.
    """
    from studio.export.info import read_info

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{Path(name).suffix.lower()}"
        path.write_bytes(data)
        try:
            made = read_info(path)["made"]
        except ExportError as error:
            raise ExportError(str(error).replace(str(path), name)) from error
    recipes = recipes_of(made or {})
    if not recipes:
        raise ExportError(f"{name} says nothing of what made it; drop a picture or film that Seqgan Studio wrote")
    return recipes


def recipes_of(made: Mapping[str, Any]) -> list[Recipe]:
    """Return what stands in the record of a file: of each panel of a film, or of the one picture."""
    parts = made.get("panels")
    found = [_recipe(each) for each in (parts if isinstance(parts, list) else [made]) if isinstance(each, Mapping)]
    return [recipe for recipe in found if recipe is not None]


def _recipe(made: Mapping[str, Any]) -> Recipe | None:
    text, seed, knobs, model = (made.get(key) for key in ("text", "take_seed", "knobs", "model"))
    if not isinstance(text, str) or not text.strip():
        return None
    if seed is None:  # a picture or clip of a caption; of several in one file the first
        seed = made.get("seeds") or made.get("seed")
        seed = seed[0] if isinstance(seed, list) else seed
    name = model.get("name", "") if isinstance(model, Mapping) else ""
    known = isinstance(seed, int) and 0 <= seed < 2**63
    return Recipe(" ".join(text.split()), seed if known else None, knobs if isinstance(knobs, dict) else {}, str(name))


def take_over(
    board: Board, recipes: Sequence[Recipe], way: Way, selected: str = "", models: Collection[str] = ()
) -> tuple[Batch, str]:
    """Return the command that puts new panels behind the selected one (else at the end), and the first one's id.

    With the seed alone the new panel has the selected panel's sentence, or none yet. ``models``: the names of what can
    draw panels here; a panel has the model of its recipe for itself where that is one of them and not the board's.
    """
    place = board.index(selected)
    at = len(board.panels) if place is None else place + 1
    sentence = board.panels[place].text if place is not None else ""
    others = set(models) - {board.model.name if board.model else ""}
    commands: list[Command] = []
    first = ""
    for number, recipe in enumerate(recipes):
        text = sentence if way == "seed" else recipe.text
        seed, knobs = (None if way == "remix" else recipe.seed), ({} if way == "seed" else recipe.knobs)
        own = ModelRef(name=recipe.model) if way != "seed" and recipe.model in others else None
        command = insert_panel(board, at + number, text, seed, knobs, own)
        board, first = command.apply(board), first or command.panel.id
        commands.append(command)
    return Batch(label=WAYS[way], commands=tuple(commands)), first
