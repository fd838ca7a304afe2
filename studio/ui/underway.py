"""Which panels are being drawn: of each job that draws some, those still to come; and at which a job failed."""

from __future__ import annotations

from dataclasses import dataclass, field

from studio.document import Document
from studio.ui.tickets import Ticket

QUEUED, DRAWING, FAILED = "queued", "drawing", "failed"


@dataclass
class Panels:
    """The panels of one job. ``left``: ids of those to come, in order; ``begun``: whether the first is being drawn."""

    board: str
    left: tuple[str, ...]
    begun: bool = False

    def begin(self, left: tuple[str, ...]) -> None:
        """Say that the first of these panels is being drawn, and that the others follow."""
        self.left, self.begun = left, True

    def states(self) -> dict[str, str]:
        """Return panel -> "drawing" or "queued"."""
        first = {self.left[0]: DRAWING} if self.begun and self.left else {}
        return {**dict.fromkeys(self.left, QUEUED), **first}


@dataclass
class Underway:
    """The jobs of this process that draw panels of boards; threads share it, and jobs that are over are let go.

    Of a job that failed while it drew a panel, that panel stays known as failed until another job has it.
    """

    _jobs: dict[Ticket, Panels] = field(default_factory=dict)
    _failed: set[tuple[str, str]] = field(default_factory=set)

    def add(self, ticket: Ticket, panels: Panels) -> None:
        """Tell of a job that was queued."""
        self._failed -= {(panels.board, name) for name in panels.left}
        self._jobs[ticket] = panels

    def of(self, doc: Document) -> dict[str, str]:
        """Return panel -> "drawing" or "queued", for the panels of a board that a job is to draw."""
        found: dict[str, str] = {}
        for ticket, panels in list(self._jobs.items()):
            if not ticket.is_busy:
                self._let_go(ticket, panels)
            elif panels.board == str(doc.path):
                for name, state in panels.states().items():
                    found[name] = DRAWING if DRAWING in (state, found.get(name)) else QUEUED
        return found

    def tickets(self, doc: Document) -> list[Ticket]:
        """Return the jobs that are to draw panels of a board."""
        return [ticket for ticket, panels in list(self._jobs.items()) if panels.board == str(doc.path)]

    def has_failed(self, doc: Document, panel: str) -> bool:
        """Whether the last job that was to draw a panel failed at it."""
        return (str(doc.path), panel) in self._failed

    def _let_go(self, ticket: Ticket, panels: Panels) -> None:
        job = ticket.look()
        if self._jobs.pop(ticket, None) is not None and job is not None and job.state == "failed":
            self._failed |= {(panels.board, name) for name, state in panels.states().items() if state == DRAWING}
