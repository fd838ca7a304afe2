"""A board that was shared in one file becomes a folder that can be edited."""

from __future__ import annotations

from pathlib import Path

from studio.document import Document, open_board, unpack_board
from studio.errors import DocumentError
from studio.rendering.board import move_away, occupied, open_or_move


def receive_board(boardz: str | Path, path: str | Path, force: bool = False) -> Document:
    """Unpack a ``.boardz`` (or a zip of a board's folder) to ``path``, or reopen that board if it is there already.

    Args:
        boardz: the file, checked before anything of it is written.
        path: the board's folder.
        force: move another board out of the way first, to ``NAME.board.bak-N``.

    Raises:
        DocumentError: if the file is no sound board, or another board is at ``path``.
    """
    path = Path(path)
    if path.exists() and occupied(path):
        with open_board(boardz, read_only=True) as packed:
            name = packed.board.id
        if (doc := open_or_move(path, force)) is not None:
            if doc.board.id == name:
                doc.must_write()
                return doc
            doc.close()
            if not force:
                raise DocumentError(
                    f"{path} holds another board; choose another name, or --force to move it to a backup first"
                )
            move_away(path)
    return Document.open(unpack_board(boardz, path))
