"""What made a picture, as the record that its file carries (:mod:`studio.media.metadata` writes it)."""

from __future__ import annotations

from typing import Any

from seqgan import __version__
from studio.document.schema import Board, ModelRef, Panel, Take

PROGRAM = f"Seqgan Studio {__version__}"
"""What the files name as their maker."""


def made_by(take: Take) -> dict[str, Any]:
    """Return what made one take: its number and seed, model with weights hash, knobs, versions.

    Of a picture that a person gave: its number, the file, and the mark that the file declares ("" for none).
    """
    if take.given is not None:
        mark, given = take.given.digital_source_type, take.given.model_dump(include={"file", "sha256"})
        return {"take": take.number, "given": given, "digital_source_type": mark, "created": take.created}
    keys = {"seed", "number", "model", "composed", "knobs", "prompt", "device", "versions", "created"}
    dumped = take.model_dump(mode="json", include=keys)
    return {"take": dumped.pop("number"), "take_seed": dumped.pop("seed"), **dumped}


def metadata_for(board: Board, panel: Panel, take: Take) -> dict[str, Any]:
    """Return the record for the picture of a take.

    It holds no moment and no identifier, so that the same text, seed and model give a file of the same bytes.
    """
    made = made_by(take)
    del made["created"]
    said = {"program": PROGRAM, "kind": "panel", "title": board.title, "text": take.text or panel.text}
    return {**said, "seed": board.seed, "panel_seed": panel.seed, "cast": board.cast, **made}


def model_ref(info: dict[str, Any]) -> ModelRef:
    """Return the model of an engine's ``info`` as the board stores it."""
    return ModelRef(
        name=str(info.get("name", "")),
        weights_sha256=str(info.get("weights_sha256") or ""),
        revision=str(info.get("revision") or ""),
    )
