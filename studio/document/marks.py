"""Two marks that are computed, never stored: does a picture still show what its panel says?

``changed``: the panel's own text, the cast members it names, its knobs or the model differ from the take. Models that
draw a panel from its own sentence alone have no cast: who plays whom changes nothing of their pictures.
``context``: an earlier sentence differs, so a network that reads the story up to here might draw it otherwise; of a
picture that was drawn from its own sentence alone it is never set.
Only the first counts in "redraw changed".
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from studio.document.schema import Board, ModelRef, Panel, Take

NO_CONTEXT = "none"
"""In place of a :func:`context_hash`: no other sentence has part in the picture."""


@dataclass(frozen=True)
class Marks:
    """``drawn``: there is a current take. The other two are False where there is none."""

    drawn: bool = False
    changed: bool = False
    context: bool = False


def knobs_of(board: Board, panel: Panel) -> dict[str, Any]:
    """Return the knobs that a panel is drawn with: the board's, overridden by its own."""
    return {**board.knobs, **panel.knobs}


def input_hash(text: str, cast: Mapping[str, str], knobs: Mapping[str, Any], model: ModelRef | None) -> str:
    """Return the hash of what a panel itself says: its text, who plays the names in it, knobs, model and weights."""
    drawn_by = [model.name, model.weights_sha256] if model else None
    return _hash({"text": text, "cast": _named(cast, text), "knobs": dict(knobs), "model": drawn_by})


def context_hash(earlier: Iterable[str], cast: Mapping[str, str]) -> str:
    """Return the hash of the sentences before a panel and of who plays the names in them."""
    found = ""
    for text in earlier:
        found = _extended(found, text, cast)
    return found


def _extended(context: str, text: str, cast: Mapping[str, str]) -> str:
    """The context one sentence further; a chain, so that a long board is read once."""
    return _hash([context, text, _named(cast, text)])


def marks(board: Board, panel: Panel) -> Marks:
    """Return the marks of one panel of a board."""
    return _marks(board, panel, context_hash(board.sentences[: board.index(panel.id) or 0], board.cast))


def all_marks(board: Board) -> dict[str, Marks]:
    """Return the marks of every panel by id."""
    contexts = context_hashes(board)
    return {panel.id: _marks(board, panel, contexts[panel.id]) for panel in board.panels}


def context_hashes(board: Board) -> dict[str, str]:
    """Return the :func:`context_hash` of every panel by id, reading the board once."""
    found, context = {}, ""
    for panel in board.panels:
        found[panel.id] = context
        context = _extended(context, panel.text, board.cast)
    return found


def _marks(board: Board, panel: Panel, context: str) -> Marks:
    if (take := panel.take) is None:
        return Marks()
    picture = _picture_of(panel, take)
    if picture.given is not None:
        return Marks(drawn=True)  # a picture that a person chose stays right, whatever the words say
    knobs, model = knobs_of(board, panel), _drawn_by(board, panel, picture)
    casts = ({}, board.cast) if take.context_hash == NO_CONTEXT else (board.cast,)  # older ones have the cast in theirs
    changed = take.input_hash not in [input_hash(panel.text, cast, knobs, model) for cast in casts]
    return Marks(True, changed, take.context_hash not in (context, NO_CONTEXT))


def _drawn_by(board: Board, panel: Panel, picture: Take) -> ModelRef:
    """The model that a panel is to be drawn by; no board's or panel's model draws clips."""
    wanted = panel.model or board.model
    if wanted is None or picture.kind == "clip":
        return picture.model
    return picture.model if wanted.name == picture.model.name and not wanted.weights_sha256 else wanted


def _picture_of(panel: Panel, take: Take) -> Take:
    """The take itself, or, of a clip that moves the picture of another, that one: it says what its picture says."""
    return next((each for each in panel.takes if take.kind == "clip" and each.id == take.parent_take), take)


def _named(cast: Mapping[str, str], text: str) -> dict[str, str]:
    """The part of the cast whose names occur in a text (whole words, any case)."""
    folded = text.casefold()
    return {name: who for name, who in cast.items() if name.casefold() in folded and _word(name).search(folded)}


@lru_cache(maxsize=512)
def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name.casefold())}(?!\w)")


def _hash(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
