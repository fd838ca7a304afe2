"""Small pictures of a board's media, made in the background and kept in its folder ``thumbs``, which may be deleted.

    thumbs.of(doc, takes, CARD)      # a picture each; None where there is none, and of those that are to come
    thumbs.busy                      # whether some are to come

They are named by the sha256 of what they show, as media are. A board that cannot be written has them in memory alone.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from studio.document import Document, Take
from studio.document.files import write_atomic
from studio.errors import StudioError
from studio.rendering import JobManager
from studio.ui.pictures import CARD, STRIP, made
from studio.ui.tickets import Ticket

FOLDER = "thumbs"
KEPT = {STRIP: ".webp", CARD: f"-{CARD}.jpg"}
"""The widths that are kept on disk, those of all panels of a page, and how their files end."""
IN_MEMORY = {STRIP: 10_000}
IN_MEMORY_OTHERS = 1000
"""Pictures of one width that are remembered."""
WAIT_SECONDS = 0.1
"""The longest that a page waits for pictures before it shows itself without."""
AT_ONCE = 16
"""Pictures of one job: other work of the same queue comes in between. So many a page waits for."""
_Key = tuple[str, str]


@dataclass(frozen=True)
class Wanted:
    """A picture to be made: of which take of a board, and how wide."""

    doc: Document
    take: Take
    width: int

    @property
    def key(self) -> _Key:
        """What it shows: a board's folder and a medium."""
        return (str(self.doc.path), self.take.media)

    @property
    def file(self) -> Path | None:
        """Where it is kept; None for nowhere."""
        end = KEPT.get(self.width)
        return self.doc.path / FOLDER / f"{self.take.media}{end}" if end else None


class Thumbs:
    """The small pictures of all boards. Threads share it."""

    def __init__(self, queue: JobManager) -> None:
        """``queue``: the one whose worker makes them."""
        self._queue = queue
        self._known: dict[int, OrderedDict[_Key, bytes | None]] = {}
        self._wanted: dict[tuple[int, _Key], Wanted] = {}
        self._mutex = threading.RLock()
        self._ticket: Ticket | None = None

    @property
    def busy(self) -> bool:
        """Whether pictures are to come."""
        return self._ticket is not None and self._ticket.is_busy

    def of(self, doc: Document, takes: Sequence[Take | None], width: int) -> list[bytes | None]:
        """Return the picture of each take: WebP of ``STRIP`` pixels at most, or JPEG of another width.

        None where there is no take, its file is missing or damaged, or the picture is still to be made.
        """
        asked = [None if take is None else Wanted(doc, take, width) for take in takes]
        missing = [each for each in asked if each is not None and not self._find(each)]
        if missing:
            self._ask(missing)
        known = self._known.get(width, {})
        return [None if each is None else known.get(each.key) for each in asked]

    def _find(self, wanted: Wanted) -> bool:
        """Whether a picture need not be made: it is known, in memory or from the disk, or there is nothing to make
        it of (so far: a folder that is synchronised may bring it)."""
        known = self._known.setdefault(wanted.width, OrderedDict())
        if wanted.key in known:
            return True
        kept = _kept(wanted.file)
        if kept is not None:
            self._remember(wanted, kept)
        return kept is not None or wanted.doc.picture(wanted.take) is None

    def _remember(self, wanted: Wanted, picture: bytes | None) -> None:
        with self._mutex:
            known = self._known.setdefault(wanted.width, OrderedDict())
            known[wanted.key] = picture
            while len(known) > IN_MEMORY.get(wanted.width, IN_MEMORY_OTHERS):
                known.popitem(last=False)

    def forget(self, board: Path) -> None:
        """Let go of the pictures of a board: what was missing may be there again."""
        with self._mutex:
            for known in self._known.values():
                for key in [key for key in known if key[0] == str(board)]:
                    del known[key]

    # Making ----------------------------------------------------------------------------------------------------------

    def _ask(self, missing: list[Wanted]) -> None:
        """Have pictures made; wait a moment for a few, unless others are being made."""
        with self._mutex:
            unmade = [each for each in missing if each.key not in self._known[each.width]]  # some were made just now
            self._wanted.update({(each.width, each.key): each for each in unmade})
            first = not self.busy
            if first:
                self._submit()
        if first and self._ticket is not None and len(missing) <= AT_ONCE:
            self._ticket.wait(WAIT_SECONDS)

    def _submit(self) -> None:
        with suppress(StudioError):  # the queue is full or closed: who looks again asks again
            self._ticket = Ticket(self._queue, self._queue.submit("Small pictures", lambda _step: self._make_some()))

    def _make_some(self) -> None:
        for _ in range(AT_ONCE):
            with self._mutex:
                wanted = next(iter(self._wanted.values()), None)
            if wanted is None:
                return
            try:
                self._make(wanted)
            finally:
                with self._mutex:
                    del self._wanted[wanted.width, wanted.key]
        with self._mutex:
            if self._wanted:
                self._submit()

    def _make(self, wanted: Wanted) -> None:
        picture, file = None, wanted.file
        try:
            picture = made(wanted.doc, wanted.take, wanted.width)
        finally:  # what fails in a way that nobody thought of is not tried again and again
            self._remember(wanted, picture)
        if picture is not None and file is not None and not wanted.doc.read_only:
            with suppress(OSError, StudioError):  # a cache: without room it is made anew
                file.parent.mkdir(exist_ok=True)
                write_atomic(file, picture)


def _kept(file: Path | None) -> bytes | None:
    """A picture as it was written; None where it is missing or not whole."""
    try:
        data = file.read_bytes() if file is not None else b""
    except OSError:
        return None
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP" and int.from_bytes(data[4:8], "little") == len(data) - 8
    return data if webp or (data[:3] == b"\xff\xd8\xff" and data[-2:] == b"\xff\xd9") else None
