"""Boards made from sentences, and told anew from changed ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from studio.document.commands import Batch, SetBoard, SetPanels
from studio.document.edits import new_panel
from studio.document.ids import new_id, now
from studio.document.scenes import scene_at
from studio.document.schema import Board, Panel
from studio.document.seeds import DEFAULT_BOARD_SEED


def new_board(
    title: str,
    sentences: Sequence[str],
    *,
    story: str = "",
    seed: int = DEFAULT_BOARD_SEED,
    split: str = "sentence",
    cast: Mapping[str, str] | None = None,
) -> Board:
    """Return a board with one undrawn panel a sentence; ``story`` is the text that they were split from."""
    values = {"title": title, "story": story or " ".join(sentences), "seed": seed, "split": split, "cast": cast or {}}
    board = Board.model_validate({"id": new_id(), "created": now(), **values})
    return board.model_copy(update={"panels": tuple(new_panel(board, text, k) for k, text in enumerate(sentences))})


def retell(board: Board, story: str, sentences: Sequence[str]) -> Batch:
    """Return the command that makes a board tell ``sentences``, keeping each panel whose sentence is still there.

    A sentence that was reworded in place keeps its panel too (with its takes, marked as changed); a sentence that is
    new gets a new panel, and the panel of one that is gone is deleted. Undo brings it back.
    """
    panels: list[Panel] = []
    made = 0
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, board.sentences, list(sentences), autojunk=False).get_opcodes():
        old = board.panels[i1:i2] if tag in ("equal", "replace") else ()
        for k, text in enumerate(sentences[j1:j2]):
            if k < len(old):
                panels.append(old[k].model_copy(update={"text": text}))
            else:
                scene = scene_at(panels or board.panels, len(panels))
                panels.append(new_panel(board, text, made).model_copy(update={"scene_id": scene}))
                made += 1
    return Batch(label="story", commands=(SetBoard(values={"story": story}), SetPanels(panels=tuple(panels))))
