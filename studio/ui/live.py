"""One sentence is edited and its panel drawn again at once: text and picture are one step of undo, and so is all that
is typed of a sentence in one go.

    edit = LiveEdit(panel.id, cast=dict(doc.board.cast))
    take = redraw(doc, engine, edit, "Mia runs in the snow.")

The picture keeps the seed of the one it replaces, so that only the words change it. Of the pictures drawn while a
person types on, the last alone stays among the takes; undo brings the others back.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from studio.document import (
    NO_CONTEXT,
    Batch,
    Board,
    Document,
    Panel,
    Take,
    context_hash,
    input_hash,
    knobs_of,
    new_id,
    now,
    set_cast,
    set_notes,
    set_text,
)
from studio.document.commands import Command, RemoveTake, require
from studio.document.journal import PICTURED, TYPED
from studio.document.made import metadata_for, model_ref
from studio.rendering import RenderEngine, StoryReading
from studio.rendering.board import renewed_notes, told_panels
from studio.rendering.knobs import drawn_with
from studio.rendering.own_models import cast_beside, keeping
from studio.rendering.pictures import encode_png, versions_in_use


@dataclass
class LiveEdit:
    """A person is editing one panel's sentence. ``cast``: the board's when they began; ``take``: drawn last so;
    ``seed``: what to draw with, None for the seed of the picture that is shown; ``main_reads``: whether the model that
    draws the board reads stories, see :func:`studio.rendering.own_models.cast_beside`."""

    panel: str
    cast: dict[str, str] = field(default_factory=dict)
    take: str = ""
    seed: int | None = None
    main_reads: bool = True


def redraw(doc: Document, engine: RenderEngine, edit: LiveEdit, text: str, late: bool = False) -> Take | None:
    """Give a panel a new sentence and a picture of it; None where the sentence says nothing.

    Sentences that follow one another as quickly as in typing are undone together with their pictures. ``late``: the
    board has the sentence since it was typed, and its picture is undone with it. One that is not new is a retake.

    Raises:
        EngineError: if drawing fails; the sentence is kept all the same.
        DocumentError: if the board is read-only, or the disk refuses.
    """
    words = set_text(edit.panel, text)
    board = words.apply(doc.board)
    if not text.strip():
        keep_text(doc, edit.panel, text)
        return None
    try:
        take, reading = _draw(doc, engine, board, edit)
    except Exception:
        keep_text(doc, edit.panel, text)
        raise
    replaced = [RemoveTake(panel=edit.panel, take=edit.take)] if _has_take(board, edit) else []
    added = keeping(require(board, edit.panel), take)
    typed = (words,) if board != doc.board else ()
    label = TYPED if typed else PICTURED if late else "retake"
    doc.apply(Batch(label=label, commands=(*typed, *replaced, *added, *_found(board, reading, edit))))
    edit.take = take.id
    return take


def keep_text(doc: Document, panel: str, text: str) -> bool:
    """Give a panel a new sentence without a picture; return whether it is new."""
    if (present := doc.board.panel(panel)) is None or present.text == text:
        return False
    doc.apply(set_text(panel, text))
    return True


def _has_take(board: Board, edit: LiveEdit) -> bool:
    return any(take.id == edit.take for take in require(board, edit.panel).takes)


def _draw(doc: Document, engine: RenderEngine, board: Board, edit: LiveEdit) -> tuple[Take, StoryReading]:
    """Draw one panel of a board as it will be, and put the picture among the media."""
    started = time.perf_counter()
    panel = require(board, edit.panel)
    told = told_panels(board)
    number = [each.id for each in told].index(panel.id)
    seeds = [_seed(each) for each in told]
    seeds[number] = seeds[number] if edit.seed is None else edit.seed
    sentences, knobs = [each.text for each in told], knobs_of(board, panel)
    reading = engine.read(sentences, board.cast)
    picture = next(iter(engine.draw(sentences, seeds, [number], board.cast, knobs)))[1]
    drawn: dict[str, Any] = {
        "size": (picture.shape[1], picture.shape[0]),
        "seed": seeds[number],
        "prompt": str(reading.sentences[number]),
        "seconds": round(time.perf_counter() - started, 4),
    }
    take = _take(engine, board.model_copy(update={"cast": _cast(board, reading, edit)}), panel, drawn)
    media = doc.add_media(encode_png(picture, metadata_for(board, panel, take), board.title))
    return take.model_copy(update={"media": media}), reading


def _seed(panel: Panel) -> int:
    """The seed of the picture that is shown, else that of the first take."""
    return panel.take.seed if panel.take else panel.seed_of(panel.next_take_number)


def _take(engine: RenderEngine, board: Board, panel: Panel, drawn: dict[str, Any]) -> Take:
    model = model_ref(dict(engine.info))
    return Take(
        id=new_id(),
        number=panel.next_take_number,
        media="0" * 64,
        model=model,
        composed=engine.composed,
        knobs=drawn_with(engine, board, panel),
        text=panel.text,
        input_hash=input_hash(panel.text, board.cast if engine.reads_story else {}, knobs_of(board, panel), model),
        context_hash=_context(board, panel) if engine.reads_story else NO_CONTEXT,
        device=engine.device,
        versions=dict(versions_in_use(engine.composed)),
        created=now(),
        parent_take=panel.current_take,
        **drawn,
    )


def _context(board: Board, panel: Panel) -> str:
    return context_hash(board.sentences[: board.index(panel.id)], board.cast)


def _cast(board: Board, reading: StoryReading, edit: LiveEdit) -> dict[str, str]:
    """Who plays whom now: as when the edit began, and the names of the story as it stands (not those half typed)."""
    chosen = {name: who for name, who in board.cast.items() if name in edit.cast}
    if require(board, edit.panel).model is not None:
        return cast_beside(chosen, reading.cast, edit.main_reads)
    return {**chosen, **reading.cast}


def _found(board: Board, reading: StoryReading, edit: LiveEdit) -> Sequence[Command]:
    """The commands that store the cast and the notes of a reading, where they are new."""
    notes = renewed_notes(board, reading, _read_by_its_model(board, require(board, edit.panel)))
    cast = _cast(board, reading, edit)
    return [
        *([set_cast(cast)] if cast != board.cast else []),
        *([set_notes(notes)] if notes != board.notes else []),
    ]


def _read_by_its_model(board: Board, panel: Panel) -> set[str]:
    """Whose words the model of a panel has a say in: all that have no model of their own, or the panel alone."""
    if panel.model is not None:
        return {panel.id}
    return {"", *(each.id for each in board.panels if each.model is None)}
