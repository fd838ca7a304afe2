"""Changes that the disk refused: they are not on the board, but they are not lost either.

They are kept in order, written before the next change as soon as there is room, and are in every copy made meanwhile.
"""

from __future__ import annotations

from studio.document.commands import Command
from studio.document.schema import Board
from studio.errors import DocumentError


class Refused:
    """The commands that wait, the oldest first; ``why``: what the disk said of the last, "" where none waits."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.why = ""

    def add(self, command: Command, error: DocumentError) -> None:
        """Keep a command that could not be written."""
        self.commands.append(command)
        self.why = str(error)

    def take(self) -> list[Command]:
        """Return the commands, to be written now; none waits any more."""
        taken, self.commands, self.why = self.commands, [], ""
        return taken

    def on(self, board: Board) -> Board:
        """Return a board with the commands done; one that does not fit it is left out."""
        for command in self.commands:
            try:
                board = command.apply(board)
            except DocumentError:
                continue
        return board
