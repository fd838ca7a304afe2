"""What one tab of the editor has in hand: its board, the selected panel, the jobs it started. All else is on disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studio.ui.board_jobs import BoardJob
from studio.ui.engines import Choice
from studio.ui.importing import Brought
from studio.ui.live import LiveEdit
from studio.ui.tickets import Ticket


@dataclass(frozen=True)
class Order:
    """A board that is to be made of a story. ``update``: the open one is to tell it."""

    story: str
    update: bool


@dataclass
class Editor:
    """The state of one tab."""

    # The board

    given: Path | None = None
    """The board that the program was started with."""
    begun: bool = False
    """A page was shown."""
    path: Path | None = None
    selected: str = ""
    """The panel (id) that is being worked on."""
    marked: set[str] = field(default_factory=set)
    """The panels (ids) that are to be exported, drawn or deleted together."""
    choice: Choice | None = None
    """What draws, if it was chosen here."""

    # Jobs

    watched: set[BoardJob] = field(default_factory=set)
    """Those of its board whose end is to be told here."""
    outcomes: list[BoardJob] = field(default_factory=list)
    """Those whose end is told."""
    glance: object = None
    """What the page last showed of what other tabs change (`studio.ui.following.glance`)."""
    redrawing: Ticket | None = None
    """The one that draws the sentence that was typed last."""
    filing: Ticket | None = None
    """The one that copies or deletes a board, or empties the trash (`studio.ui.filing`)."""
    explaining: tuple[str, Ticket] | None = None
    """The take that is looked into, and the job that does it."""

    # The panel that is being written

    edit: LiveEdit | None = None
    delay: tuple[str, float, bool] | None = None
    """How long the last redraw took: panel, seconds, only composed meanwhile."""
    live: bool = True
    """A sentence is drawn when typing pauses."""
    keep_seed: bool = False
    """A retake has the seed of the present picture."""
    keys: bool = True
    """Single keys do things."""

    # Fields (`studio.ui.state.field`)

    fresh: bool = False
    """They must be read from the board again (after undo, or another panel)."""
    renewed: dict[str, int] = field(default_factory=dict)
    """How often each was made anew."""
    replaced: set[str] = field(default_factory=set)
    """Those that others took the place of."""
    refilled: dict[str, Any] = field(default_factory=dict)
    """What one that was just made begins with, where the board has something else."""
    shown: dict[str, object] = field(default_factory=dict)
    """What of the board each showed last."""
    known: dict[str, object] = field(default_factory=dict)
    """What the board had last, of each that may be ahead of it."""

    # What is open, and what is told

    error: str = ""
    dialog: str = ""
    page: str = ""
    """The page that was shown last."""
    go: str = ""
    """The page that is to be shown next, until it was shown whole; "" for the one that the browser asks for."""
    looked_at: str = ""
    """The file of the version that is unfolded in its dialog."""
    said: str = ""
    """What was done in a dialog, to be told in passing."""
    lost: str = ""
    """That the board was deleted while it was open here, until that was read."""
    playing: float = 0.0
    """The moment (in seconds) at which the player was opened, 0 while it is closed."""
    played: str = ""
    """The panel around which the player's pictures are at hand."""

    # The story that is being written

    cast: dict[str, str] = field(default_factory=dict)
    """Who plays whom in it."""
    surprise: int = 0
    """Seed of the story that was asked for."""
    ordered: Order | None = None
    """The board that is to be made of it, until its sentences are known."""
    story_board: Path | None = None
    """The board that was made of it."""
    put_aside: str = ""
    """The story that another one took the place of."""
    importing: Ticket | None = None
    """The job that reads a file."""
    imports: int = 0
    """How many files came before it."""
    imported: Brought | None = None
    """What came of the last, until it was read."""
