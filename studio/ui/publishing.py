"""A trained model becomes an installed one: its folder is given a card, and is then added like any other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from studio.document.files import write_atomic
from studio.rendering import models
from studio.ui.figures import figures_table
from studio.ui.runs import CHECKPOINT, Run, sheets

SIGNED = "This card was written by Seqgan Studio from the files of the run."
"""Stands at the end of our cards: they are written anew, those of people and recipes are left alone."""


def write_card(run: Run) -> Path:
    """Put a card, and the newest sheet as its samples, beside a run's weights; return the model's folder.

    Raises:
        StudioError: if its config cannot be read, or the disk refuses.
    """
    folder = run.path / CHECKPOINT
    config = models.read_config(folder)
    card = folder / models.CARD
    if card.is_file() and SIGNED not in card.read_text(encoding="utf-8", errors="replace"):
        return folder
    drawn = sheets(run.path)
    if drawn:
        write_atomic(folder / models.SAMPLES, drawn[-1].read_bytes())
    write_atomic(card, card_of(run, config, models.figures(folder)).encode())
    return folder


def card_of(run: Run, config: dict[str, Any], figures: dict[str, dict[str, dict[str, Any]]]) -> str:
    """Return the card in Markdown: what it is, data and recipe, figures with how they were measured, licence."""
    parts = [
        f"# {run.name}",
        f"A `{config.get('family', 'model')}`, recipe `{run.preset}` ({config.get('origin', 'unknown')}), {run.seen:,} "
        "images seen.",
        "## Data and recipe",
        f"Trained on {_trained_on(config, run)}. Resolved settings:",
        f"    {json.dumps(run.options.get('options', {}), ensure_ascii=False, sort_keys=True)}",
        "## Figures",
        *(_measured(figures) or ["It was not measured. `seqgan evaluate` does."]),
        "## Limits",
        "It knows the words and the kind of pictures that it was trained on, and no others. Nobody has looked through "
        "what it draws but those who trained it.",
        "## Licence",
        f"Of the weights: {config.get('licence') or 'not stated; it follows from the data'}.",
        SIGNED,
    ]
    return "\n\n".join(parts) + "\n"


def _trained_on(config: dict[str, Any], run: Run) -> str:
    about = config.get("trained_on")
    name = about.get("name") if isinstance(about, dict) else None
    mark = about.get("hash") if isinstance(about, dict) else None
    return f"{name or Path(str(run.options.get('data', 'data'))).name}" + (f", data hash `{mark}`" if mark else "")


def _measured(figures: dict[str, dict[str, dict[str, Any]]]) -> list[str]:
    parts = []
    for data, splits in figures.items():
        parts += [f"On {data}:", figures_table(splits)]
        parts += [f"{split}: {values['protocol']}" for split, values in splits.items() if values.get("protocol")]
    return parts
