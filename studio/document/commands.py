"""Every change of a board: a command applies to a board and gives the new one, and knows its inverse.

    new = command.apply(board)
    assert command.inverse(board).apply(new) == board

Commands are plain data (they are what the journal holds); :mod:`studio.document.edits` builds them from what a person
means. Media are never touched: deleting or undoing a take keeps its picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from studio.document.schema import Board, Panel, Record, Take
from studio.errors import DocumentError

BOARD_FIELDS = frozenset(
    {"title", "logline", "story", "split", "aspect", "seed", "model", "cast", "knobs", "notes", "scenes"}
)
PANEL_FIELDS = frozenset(
    {"text", "scene_id", "shot", "dialogue", "action", "notes", "duration_ms", "transition", "camera", "locked",
     "starred", "seed", "model", "knobs", "current_take"}
)  # fmt: skip


_R = TypeVar("_R", bound=Record)


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SetBoard(_Command):
    """Set fields of the board itself (:data:`BOARD_FIELDS`)."""

    op: Literal["set_board"] = "set_board"
    values: dict[str, Any]

    def apply(self, board: Board) -> Board:
        return _changed(board, self.values, BOARD_FIELDS)

    def inverse(self, board: Board) -> SetBoard:
        return SetBoard(values=_plain(board, self.values, BOARD_FIELDS))


class SetPanel(_Command):
    """Set fields of one panel (:data:`PANEL_FIELDS`)."""

    op: Literal["set_panel"] = "set_panel"
    panel: str
    values: dict[str, Any]

    def apply(self, board: Board) -> Board:
        panel = _changed(require(board, self.panel), self.values, PANEL_FIELDS)
        if "current_take" in self.values and panel.current_take is not None and panel.take is None:
            raise DocumentError(f"panel {self.panel} has no take {panel.current_take}; pick one of its takes")
        return _with_panel(board, panel)

    def inverse(self, board: Board) -> SetPanel:
        return SetPanel(panel=self.panel, values=_plain(require(board, self.panel), self.values, PANEL_FIELDS))


class InsertPanel(_Command):
    """Put a panel in so that it stands at ``index`` (from 0)."""

    op: Literal["insert_panel"] = "insert_panel"
    index: int
    panel: Panel

    def apply(self, board: Board) -> Board:
        if not 0 <= self.index <= len(board.panels):
            raise DocumentError(f"a panel was to go to place {self.index}; this board has 0 to {len(board.panels)}")
        if board.panel(self.panel.id) is not None:
            raise DocumentError(f"panel {self.panel.id} is on this board already; a copy needs an id of its own")
        rest = list(board.panels)
        rest.insert(self.index, self.panel)
        return board.model_copy(update={"panels": tuple(rest)})

    def inverse(self, board: Board) -> DeletePanel:
        return DeletePanel(panel=self.panel.id)


class DeletePanel(_Command):
    """Take a panel off the board; its pictures stay in ``media`` and undo brings everything back."""

    op: Literal["delete_panel"] = "delete_panel"
    panel: str

    def apply(self, board: Board) -> Board:
        require(board, self.panel)
        return board.model_copy(update={"panels": tuple(p for p in board.panels if p.id != self.panel)})

    def inverse(self, board: Board) -> InsertPanel:
        panel = require(board, self.panel)
        return InsertPanel(index=_place(board, panel.id), panel=panel)


class MovePanel(_Command):
    """Move a panel so that it stands at ``index`` (from 0) afterwards; it keeps its seed and its takes."""

    op: Literal["move_panel"] = "move_panel"
    panel: str
    index: int

    def apply(self, board: Board) -> Board:
        panel = require(board, self.panel)
        if not 0 <= self.index < len(board.panels):
            raise DocumentError(
                f"a panel was to move to place {self.index}; this board has 0 to {len(board.panels) - 1}"
            )
        rest = [other for other in board.panels if other.id != panel.id]
        rest.insert(self.index, panel)
        return board.model_copy(update={"panels": tuple(rest)})

    def inverse(self, board: Board) -> MovePanel:
        return MovePanel(panel=self.panel, index=_place(board, self.panel))


class AddTake(_Command):
    """Add a take to a panel and, unless ``pick`` is false, make it the current one."""

    op: Literal["add_take"] = "add_take"
    panel: str
    take: Take
    pick: bool = True

    def apply(self, board: Board) -> Board:
        panel = require(board, self.panel)
        if any(take.id == self.take.id for take in panel.takes):
            raise DocumentError(f"panel {panel.id} has take {self.take.id} already; a new take needs a new id")
        current = self.take.id if self.pick else panel.current_take
        return _with_panel(
            board, panel.model_copy(update={"takes": (*panel.takes, self.take), "current_take": current})
        )

    def inverse(self, board: Board) -> RemoveTake:
        return RemoveTake(panel=self.panel, take=self.take.id, current=require(board, self.panel).current_take)


class RemoveTake(_Command):
    """The inverse of :class:`AddTake`: the take leaves the panel, its picture stays in ``media``."""

    op: Literal["remove_take"] = "remove_take"
    panel: str
    take: str
    current: str | None = None

    def apply(self, board: Board) -> Board:
        panel = require(board, self.panel)
        left = tuple(take for take in panel.takes if take.id != self.take)
        if len(left) == len(panel.takes):
            raise DocumentError(f"panel {panel.id} has no take {self.take}; it has {len(left)} others")
        current = self.current if any(take.id == self.current for take in left) else None
        return _with_panel(board, panel.model_copy(update={"takes": left, "current_take": current}))

    def inverse(self, board: Board) -> PutTake:
        panel = require(board, self.panel)
        index = next((k for k, take in enumerate(panel.takes) if take.id == self.take), None)
        if index is None:
            raise DocumentError(f"panel {panel.id} has no take {self.take}; it has {len(panel.takes)} others")
        return PutTake(panel=panel.id, index=index, take=panel.takes[index], current=panel.current_take)


class PutTake(_Command):
    """The inverse of :class:`RemoveTake`: the take is back at its place, and what was picked is picked again."""

    op: Literal["put_take"] = "put_take"
    panel: str
    index: int
    take: Take
    current: str | None = None

    def apply(self, board: Board) -> Board:
        panel = require(board, self.panel)
        takes = list(panel.takes)
        takes.insert(self.index, self.take)
        return _with_panel(board, panel.model_copy(update={"takes": tuple(takes), "current_take": self.current}))

    def inverse(self, board: Board) -> RemoveTake:
        return RemoveTake(panel=self.panel, take=self.take.id, current=require(board, self.panel).current_take)


class StarTake(_Command):
    """Star a take, or take the star away."""

    op: Literal["star_take"] = "star_take"
    panel: str
    take: str
    starred: bool = True

    def apply(self, board: Board) -> Board:
        panel = require(board, self.panel)
        _require_take(panel, self.take)
        takes = (
            take.model_copy(update={"starred": self.starred}) if take.id == self.take else take for take in panel.takes
        )
        return _with_panel(board, panel.model_copy(update={"takes": tuple(takes)}))

    def inverse(self, board: Board) -> StarTake:
        take = _require_take(require(board, self.panel), self.take)
        return self.model_copy(update={"starred": take.starred})


class SetPanels(_Command):
    """Replace all panels at once (a story told anew, a version restored)."""

    op: Literal["set_panels"] = "set_panels"
    panels: tuple[Panel, ...]

    def apply(self, board: Board) -> Board:
        ids = [panel.id for panel in self.panels]
        if len(set(ids)) != len(ids):
            raise DocumentError(f"{len(ids)} panels came with {len(set(ids))} different ids; every panel needs its own")
        return board.model_copy(update={"panels": self.panels})

    def inverse(self, board: Board) -> SetPanels:
        return SetPanels(panels=board.panels)


class Batch(_Command):
    """Several commands as one step of undo, called ``label``."""

    op: Literal["batch"] = "batch"
    label: str = ""
    commands: tuple[Command, ...]

    def apply(self, board: Board) -> Board:
        for command in self.commands:
            board = command.apply(board)
        return board

    def inverse(self, board: Board) -> Batch:
        undone: list[Command] = []
        for command in self.commands:
            undone.append(command.inverse(board))
            board = command.apply(board)
        return Batch(label=self.label, commands=tuple(reversed(undone)))


Command = Annotated[
    SetBoard
    | SetPanel
    | InsertPanel
    | DeletePanel
    | MovePanel
    | AddTake
    | RemoveTake
    | PutTake
    | StarTake
    | SetPanels
    | Batch,
    Field(discriminator="op"),
]
"""Any command, told apart by its ``op``."""
Batch.model_rebuild()
COMMAND: TypeAdapter[Command] = TypeAdapter(Command)
"""Reads any command back from its plain data."""


# Helpers -------------------------------------------------------------------------------------------------------------


def require(board: Board, panel_id: str) -> Panel:
    """Return a panel by id.

    Raises:
        DocumentError: if it is not on the board.
    """
    panel = board.panel(panel_id)
    if panel is None:
        raise DocumentError(
            f"no panel {panel_id} is on this board; it has {len(board.panels)} panels: look at it again"
        )
    return panel


def _require_take(panel: Panel, take_id: str) -> Take:
    take = next((take for take in panel.takes if take.id == take_id), None)
    if take is None:
        raise DocumentError(f"panel {panel.id} has no take {take_id}; look at the board again")
    return take


def _place(board: Board, panel_id: str) -> int:
    require(board, panel_id)
    return next(k for k, panel in enumerate(board.panels) if panel.id == panel_id)


def _with_panel(board: Board, panel: Panel) -> Board:
    return board.model_copy(update={"panels": tuple(panel if p.id == panel.id else p for p in board.panels)})


def _changed(record: _R, values: Mapping[str, Any], allowed: frozenset[str]) -> _R:
    _check_names(values, allowed)
    try:
        return type(record).model_validate({**dict(record), **values})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise DocumentError(f"{name} was to become {first['input']!r}: {first['msg']}") from error


def _plain(record: Record, names: Mapping[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    _check_names(names, allowed)
    whole = record.model_dump(mode="json", include=set(names))
    return {name: whole[name] for name in names}


def _check_names(names: Mapping[str, Any], allowed: frozenset[str]) -> None:
    if unknown := sorted(set(names) - allowed):
        raise DocumentError(f"{unknown[0]!r} cannot be set by a command; it can set {', '.join(sorted(allowed))}")
