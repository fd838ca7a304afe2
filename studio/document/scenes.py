"""Scenes: runs of panels under one heading, and the shot numbers that follow from them ("2B").

A panel says which scene it is in; a scene lasts as long as panels say so, and may be gone back to. Shots are lettered
in the order of the board: the first of scene 2 is 2A, the 27th 2AA.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from string import ascii_uppercase

from studio.document.commands import Batch, Command, MovePanel, SetBoard, SetPanel, require
from studio.document.ids import new_id
from studio.document.schema import Board, Panel, Scene


def scene_of(board: Board, panel: Panel) -> Scene | None:
    """Return the scene that a panel is in, or None."""
    return next((scene for scene in board.scenes if scene.id == panel.scene_id), None)


def beginnings(board: Board) -> dict[str, Scene]:
    """Return the panels (ids) at which a scene begins, or is gone back to, in order, each with that scene."""
    scenes, before, found = {scene.id: scene for scene in board.scenes}, "", dict[str, Scene]()
    for panel in board.panels:
        if panel.scene_id != before and panel.scene_id in scenes:
            found[panel.id] = scenes[panel.scene_id]
        before = panel.scene_id
    return found


def shot_names(board: Board) -> dict[str, str]:
    """Return what each panel (id) is called: its own shot number, else that of its scene, else its place from 1."""
    named, letters = dict[str, str](), dict[str, int]()
    scenes = {scene.id for scene in board.scenes}
    for place, panel in enumerate(board.panels, 1):
        counted = str(place)
        if panel.scene_id in scenes:
            letters[panel.scene_id] = letters.get(panel.scene_id, 0) + 1
            counted = f"{list(letters).index(panel.scene_id) + 1}{_letters(letters[panel.scene_id])}"
        named[panel.id] = panel.shot or counted
    return named


def name_scene(board: Board, panel_id: str, title: str) -> Batch:
    """Say which scene begins at a panel, for it and for those behind it that are in its present scene.

    Where a scene begins there already it is called ``title`` from now on, or, with "", is one with the scene before.

    Raises:
        DocumentError: if the panel is not on the board.
    """
    panel, title = require(board, panel_id), " ".join(title.split())
    begun, place = beginnings(board).get(panel_id), board.panels.index(panel)
    if begun is not None and title:
        renamed = [scene.model_copy(update={"title": title}) if scene == begun else scene for scene in board.scenes]
        return _labelled(_set(renamed))
    if begun is None and not title:
        return _labelled()
    rest = takewhile(lambda each: each.scene_id == panel.scene_id, board.panels[place:])
    if not title:
        before = board.panels[place - 1].scene_id if place else ""
        return _labelled(*(_put(each, before) for each in rest))
    scene = Scene(id=new_id(), title=title)
    return _labelled(_set([*board.scenes, scene]), *(_put(each, scene.id) for each in rest))


def move_panel(board: Board, panel_id: str, index: int) -> MovePanel | Batch:
    """Move a panel so that it stands at ``index`` (from 0). Put among those of another scene, it is in that one; where
    two scenes meet it stays in its own, if that is one of them, and else is in the one before.

    Raises:
        DocumentError: if the panel is not on the board.
    """
    panel, move = require(board, panel_id), MovePanel(panel=panel_id, index=index)
    rest = [each for each in board.panels if each.id != panel_id]
    around = {each.scene_id: None for each in rest[max(index - 1, 0) : index + 1]}
    if not around or panel.scene_id in around:
        return move
    return Batch(label="move", commands=(move, _put(panel, next(iter(around)))))


def scene_at(panels: Sequence[Panel], index: int) -> str:
    """Return the id of the scene that a new panel at ``index`` is in: that of the panel before, or of the first."""
    beside = panels[max(index - 1, 0) : max(index, 1)]
    return beside[0].scene_id if beside else ""


def _letters(count: int) -> str:
    """1 is A, 26 is Z, 27 is AA."""
    before, last = divmod(count - 1, len(ascii_uppercase))
    return (_letters(before) if before else "") + ascii_uppercase[last]


def _labelled(*commands: Command) -> Batch:
    return Batch(label="scene", commands=commands)


def _set(scenes: list[Scene]) -> SetBoard:
    return SetBoard(values={"scenes": [scene.model_dump(mode="json") for scene in scenes]})


def _put(panel: Panel, scene_id: str) -> SetPanel:
    return SetPanel(panel=panel.id, values={"scene_id": scene_id})
