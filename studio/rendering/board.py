"""Story to board: split into sentences, read by the engine, and made on disk, or reopened if it is there already.

engine = open_engine("stage")
with make_board("Mia walks. She waves.", "walk.board", engine) as doc:
    draw_board(doc, engine)
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import Any

from studio.document import Board, Document, ModelRef, Note, Panel, set_cast, set_knobs, set_notes
from studio.document.commands import SetBoard
from studio.document.made import model_ref
from studio.errors import DocumentError
from studio.rendering.engine import RenderEngine, StoryReading
from studio.stories.draft import NOTE as IMPORTED
from studio.stories.draft import Draft, board_of, typed

# Making --------------------------------------------------------------------------------------------------------------


def make_board(
    text: str | Draft,
    path: str | Path,
    engine: RenderEngine,
    *,
    seed: int = 0,
    cast: Mapping[str, str] | None = None,
    split_mode: str = "sentence",
    title: str | None = None,
    knobs: Mapping[str, Any] | None = None,
    force: bool = False,
) -> Document:
    """Make the board of a story at ``path``, or reopen it if it is of the same text, model and seed. Draws nothing yet.

    Args:
        text: the story, or what was read of a file (:func:`studio.stories.importing.read_draft`).
        path: the board's folder.
        engine: what will draw; its model is recorded, and it reads the story (names, unknown words).
        seed: of the board; every panel's and take's seed follows from it.
        cast: who plays which name, for example ``{"Anna": "Mia"}``; the rest is chosen by the engine and recorded.
        split_mode: "sentence", "line" or "scene".
        title: by default the draft's, else the board's name.
        knobs: of the engine, for the whole board.
        force: move a board of another story, model or seed to ``NAME.board.bak-N`` first.

    Raises:
        StoryError: if the story is empty or not text.
        DocumentError: if ``path`` holds another board (the message names --force), or cannot be written.
        EngineError: if the engine cannot be opened.
    """
    draft = text if isinstance(text, Draft) else typed(text, split_mode)
    path, model = Path(path), model_ref(dict(engine.info))
    if path.exists() and occupied(path):
        doc = _reopen(path, draft, split_mode, model, seed, force)
        if doc is not None:
            _update(doc, cast, knobs)
            return doc
    board = board_of(draft, name_of(path), seed=seed, split=split_mode, cast=cast)
    update = {"model": model, "knobs": dict(knobs or {}), "title": board.title if title is None else title}
    board = board.model_copy(update=update)
    reading = read_board(board, engine)
    doc = Document.create(path, board.model_copy(update=_found(board, reading)))
    take_pictures(doc, draft)
    return doc


def name_of(path: Path) -> str:
    """Return the title that a board gets from its file's name."""
    return path.stem.replace("-", " ").replace("_", " ").strip().capitalize()


def take_pictures(doc: Document, draft: Draft) -> None:
    """Give the panels of a board that was just made the pictures of its draft; one that cannot be read is noted."""
    from studio.rendering.taken import Taker

    notes = []
    with Taker(doc, draft) as taker:
        for number, panel in enumerate(doc.board.panels):
            if reason := taker.take(number):
                notes.append(Note(kind=IMPORTED, panel=panel.id, message=f"the picture was left out: {reason}."))
    if notes:
        doc.apply(set_notes([*doc.board.notes, *notes]))


def occupied(path: Path) -> bool:
    """Whether something is at a path that is there, so that no board can be made of it."""
    return not path.is_dir() or any(path.iterdir())


def _reopen(path: Path, draft: Draft, split_mode: str, model: ModelRef, seed: int, force: bool) -> Document | None:
    """Open the board at ``path`` if it is the same one; with ``force``, move another out of the way and return None."""
    doc = open_or_move(path, force)
    if doc is None:
        return None
    if not (reason := _other(doc.board, draft, split_mode, model, seed)):
        doc.must_write()
        return doc
    busy = doc.read_only
    doc.close()
    if not force:
        raise DocumentError(f"{path} {reason}; choose another name, or --force to move it to a backup first")
    if busy:
        raise DocumentError(f"{path} is open elsewhere ({doc.read_only_reason}), so it was not moved; close it first")
    move_away(path)
    return None


def open_or_move(path: Path, force: bool) -> Document | None:
    """Open a board; with ``force``, move one that is damaged to a backup and return None."""
    try:
        return Document.open(path)
    except DocumentError:
        if not force or not (path / "manifest.json").is_file():  # never move what is no board
            raise
    move_away(path)
    return None


def _other(board: Board, draft: Draft, split_mode: str, model: ModelRef, seed: int) -> str:
    """Why a board is not the one that was asked for, or ""."""
    same = board.imported == draft.digest and board.story.split() == draft.told.split()
    if not same or board.split != split_mode:
        return "holds another story"
    if board.seed != seed:
        return f"was made with seed {board.seed}, not {seed}"
    if board.model is None or (board.model.name, board.model.weights_sha256) != (model.name, model.weights_sha256):
        drawn_by = board.model.name if board.model else "no model"
        same = " of other weights" if drawn_by == model.name else ""
        return f"was made with {drawn_by}{same}, not {model.name}"
    return ""


def move_away(path: Path) -> Path:
    """Move a board's folder to the first free ``NAME.board.bak-N`` and return that path.

    Raises:
        DocumentError: if the system refuses.
    """
    number = 1
    while (target := path.with_name(f"{path.name}.bak-{number}")).exists():
        number += 1
    try:
        return path.rename(target)
    except OSError as error:
        raise DocumentError(f"{path} could not be moved to {target} ({error.strerror}); move it yourself") from error


def _update(doc: Document, cast: Mapping[str, str] | None, knobs: Mapping[str, Any] | None) -> None:
    """Take over what was asked for beside the same text, model and seed; the takes are then marked as changed."""
    if cast and any(doc.board.cast.get(name) != who for name, who in cast.items()):
        doc.apply(set_cast({**doc.board.cast, **cast}))
    if knobs is not None and dict(knobs) != doc.board.knobs:
        doc.apply(set_knobs(knobs))


# Reading -------------------------------------------------------------------------------------------------------------


def told_panels(board: Board) -> list[Panel]:
    """Return the panels that say something: the story that an engine is given."""
    return [panel for panel in board.panels if panel.text.strip()]


def read_board(board: Board, engine: RenderEngine) -> StoryReading | None:
    """Return how the engine understands the board's sentences (blank panels left out), or None if there are none."""
    told = told_panels(board)
    return engine.read([panel.text for panel in told], board.cast) if told else None


def _found(board: Board, reading: StoryReading | None) -> dict[str, Any]:
    """The cast and notes that reading gives a board; notes of its import stay."""
    if reading is None:
        return {"cast": board.cast, "notes": tuple(note for note in board.notes if note.kind == IMPORTED)}
    everything = {"", *(panel.id for panel in board.panels)}
    return {"cast": {**board.cast, **reading.cast}, "notes": renewed_notes(board, reading, everything)}


def renewed_notes(board: Board, reading: StoryReading, panels: Container[str]) -> tuple[Note, ...]:
    """Return the notes of a board, of its import first, then by panel; those of ``panels`` ("" for the whole story) as
    a reading has them, and the others as they were."""
    told = told_panels(board)
    fresh = [note for note in (_note(note, told) for note in reading.notes) if note.panel in panels]
    kept = [note for note in board.notes if note.kind == IMPORTED or _stays(board, note, panels)]
    return tuple(sorted([*kept, *fresh], key=lambda note: (note.kind != IMPORTED, board.index(note.panel) or 0)))


def _stays(board: Board, note: Note, panels: Container[str]) -> bool:
    return note.panel not in panels and board.panel(note.panel) is not None


def _note(found: Any, told: Sequence[Panel]) -> Note:
    number = found.panel
    panel = told[number].id if isinstance(number, int) and 0 <= number < len(told) else ""
    said = {name: str(getattr(found, name) or "") for name in ("kind", "word", "meaning", "message")}
    return Note(panel=panel, **said)


def record_found(doc: Document, reading: StoryReading, cast: Mapping[str, str], panels: Container[str]) -> None:
    """Store a cast and the notes of a reading of some panels ("" for the whole story) in the board, if new."""
    notes = renewed_notes(doc.board, reading, panels)
    if (cast, notes) != (doc.board.cast, doc.board.notes):
        doc.apply(SetBoard(values={"cast": dict(cast), **set_notes(notes).values}))


def said_notes(board: Board) -> list[str]:
    """Return the notes of a board as lines for people, each with its panel's number if it is of one."""
    numbers = {panel.id: number for number, panel in enumerate(board.panels, start=1)}
    where = {name: f"panel {number}: " for name, number in numbers.items()}
    return [
        where.get(note.panel, "") + (note.message or f"{note.word}: {note.meaning or note.kind}")
        for note in board.notes
    ]
