"""What a person means, as commands: each function builds the command that goes to ``Document.apply``.

Those that need the board take it first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from studio.document.commands import (
    AddTake,
    DeletePanel,
    InsertPanel,
    SetBoard,
    SetPanel,
    StarTake,
    require,
)
from studio.document.ids import new_id, now
from studio.document.scenes import scene_at
from studio.document.schema import Board, Camera, ModelRef, Note, Panel, Take, Transition
from studio.document.seeds import panel_seed


def set_title(title: str) -> SetBoard:
    """Call the board ``title``."""
    return SetBoard(values={"title": title})


def set_logline(logline: str) -> SetBoard:
    """Tell the story in a sentence."""
    return SetBoard(values={"logline": logline})


def set_cast(cast: Mapping[str, str]) -> SetBoard:
    """Say which cast member plays each name of the story, e.g. ``{"Anna": "mia"}`` (the whole table)."""
    return SetBoard(values={"cast": dict(cast)})


def set_model(model: ModelRef | None, panel_id: str | None = None) -> SetBoard | SetPanel:
    """Choose what draws the board, or one panel (None: as the board), from now on; takes of another model are then
    marked as changed."""
    values = {"model": None if model is None else model.model_dump(mode="json")}
    return SetBoard(values=values) if panel_id is None else SetPanel(panel=panel_id, values=values)


def set_notes(notes: Sequence[Note]) -> SetBoard:
    """Keep what reading the story found (the whole list)."""
    return SetBoard(values={"notes": [note.model_dump(mode="json") for note in notes]})


def set_knobs(knobs: Mapping[str, Any], panel_id: str | None = None) -> SetBoard | SetPanel:
    """Set the knobs of the board, or of one panel (which override the board's)."""
    values = {"knobs": dict(knobs)}
    return SetBoard(values=values) if panel_id is None else SetPanel(panel=panel_id, values=values)


def set_text(panel_id: str, text: str) -> SetPanel:
    """Change the sentence of a panel."""
    return SetPanel(panel=panel_id, values={"text": text})


def set_duration(panel_id: str, duration_ms: int | None) -> SetPanel:
    """Show a panel for ``duration_ms`` milliseconds; None goes back to the default rule."""
    return SetPanel(panel=panel_id, values={"duration_ms": duration_ms})


def set_words(panel_id: str, **words: str) -> SetPanel:
    """Write what people say of a panel: its ``shot``, ``dialogue``, ``action`` or ``notes``."""
    return SetPanel(panel=panel_id, values=words)


def set_transition(panel_id: str, transition: Transition | None) -> SetPanel:
    """Say how a panel passes to the next one; None goes back to the film's own way."""
    plain = None if transition is None else transition.model_dump(mode="json")
    return SetPanel(panel=panel_id, values={"transition": plain})


def set_camera(panel_id: str, camera: Camera | None) -> SetPanel:
    """Pan and zoom over a panel's picture, or hold still."""
    return SetPanel(panel=panel_id, values={"camera": None if camera is None else camera.model_dump(mode="json")})


def set_seed(panel_id: str, seed: int) -> SetPanel:
    """Give a panel another seed for its next takes."""
    return SetPanel(panel=panel_id, values={"seed": seed})


def lock(panel_id: str, locked: bool = True) -> SetPanel:
    """Lock a panel against drawing many at once, or unlock it."""
    return SetPanel(panel=panel_id, values={"locked": locked})


def star(panel_id: str, starred: bool = True) -> SetPanel:
    """Star a panel, or take the star away."""
    return SetPanel(panel=panel_id, values={"starred": starred})


def star_take(panel_id: str, take_id: str, starred: bool = True) -> StarTake:
    """Star a take of a panel, or take the star away."""
    return StarTake(panel=panel_id, take=take_id, starred=starred)


def pick_take(panel_id: str, take_id: str) -> SetPanel:
    """Show another take of a panel."""
    return SetPanel(panel=panel_id, values={"current_take": take_id})


def add_take(panel_id: str, take: Take, pick: bool = True) -> AddTake:
    """Add a take to a panel and, unless ``pick`` is false, show it."""
    return AddTake(panel=panel_id, take=take, pick=pick)


def delete_panel(panel_id: str) -> DeletePanel:
    """Take a panel off the board."""
    return DeletePanel(panel=panel_id)


def insert_panel(
    board: Board, index: int, text: str, first_seed: int | None = None, knobs: Mapping[str, Any] | None = None,
    model: ModelRef | None = None,
) -> InsertPanel:  # fmt: skip
    """Put a new panel in at ``index`` (from 0), with the board's next ordinal and the seed that follows from it, in
    the scene of the panel before.

    ``first_seed``, ``knobs`` and ``model`` are taken over from another picture, where given.
    """
    taken_over = {
        "first_seed": first_seed,
        "knobs": dict(knobs or {}),
        "model": model,
        "scene_id": scene_at(board.panels, index),
    }
    return InsertPanel(index=index, panel=new_panel(board, text).model_copy(update=taken_over))


def duplicate_panel(board: Board, panel_id: str) -> InsertPanel:
    """Put a copy right behind a panel: same text, seed and pictures, ids of its own; a copied clip moves the copy."""
    source = require(board, panel_id)
    fresh = {take.id: new_id() for take in source.takes}
    moved = {take.id: fresh.get(take.parent_take or "") for take in source.takes if take.kind == "clip"}
    takes = tuple(
        take.model_copy(update={"id": fresh[take.id], "parent_take": moved.get(take.id) or take.id})
        for take in source.takes
    )
    update = {"id": new_id(), "ordinal": board.next_ordinal, "takes": takes, "created": now(), "locked": False}
    current = fresh.get(source.current_take or "")
    return InsertPanel(
        index=board.panels.index(source) + 1, panel=source.model_copy(update={**update, "current_take": current})
    )


def new_panel(board: Board, text: str, offset: int = 0) -> Panel:
    """Return a panel that is not on the board yet; ``offset`` counts those made before it in the same command."""
    ordinal = board.next_ordinal + offset
    return Panel(id=new_id(), ordinal=ordinal, text=text, seed=panel_seed(board.seed, ordinal), created=now())
