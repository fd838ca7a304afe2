"""What all tabs of the editor share: open boards, engines, the queues of work, and quick answers.

Three queues, so that a sentence being typed never waits for a long board that is drawn meanwhile, and neither waits for
a story that is read for the first time.
"""

from __future__ import annotations

import atexit
import importlib
import threading
import time
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seqgan import sampling
from seqgan.errors import SeqganError
from studio.document import Document, open_board
from studio.errors import StudioError
from studio.rendering import JobManager
from studio.ui import reading
from studio.ui.board_jobs import BoardJobs
from studio.ui.engines import STAGE, Engines, devices
from studio.ui.queue_file import QueueFile
from studio.ui.responsive import load_torch
from studio.ui.thumbs import Thumbs
from studio.ui.tickets import Answer, Answers, Ticket
from studio.ui.trash import throw_away
from studio.ui.underway import Underway

WARM_SECONDS = 1.0
"""How long after its start the editor begins to load ahead: the first page comes first."""
AGAIN_SECONDS = 3.0
"""How long a board that could not be had for writing is left as it was read before it is tried again."""


@dataclass
class Desk:
    """One a process and home folder. Threads share it; everything here is guarded or only ever added to.

    ``kept``: the file of the jobs that are not through; ``taking_up``: the job that queues those of earlier processes
    again; ``notes``: what there is to say of them, until it was read.
    """

    home: Path
    jobs: JobManager = field(default_factory=JobManager)
    live: JobManager = field(default_factory=JobManager)
    asked: JobManager = field(default_factory=JobManager)
    engines: Engines = field(default_factory=Engines)
    answers: Answers = field(default_factory=Answers)
    previews: dict[tuple[str, str], bytes] = field(default_factory=dict)
    underway: Underway = field(default_factory=Underway)
    board_jobs: BoardJobs = field(default_factory=BoardJobs)
    taking_up: Ticket | None = None
    notes: list[str] = field(default_factory=list)
    _documents: dict[Path, Document] = field(default_factory=dict)
    _again: dict[Path, float] = field(default_factory=dict)
    _mutex: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        """Keep the jobs that are not through, and close the boards when the process ends."""
        self.thumbs = Thumbs(self.asked)
        self.kept = QueueFile(self.home / "queue", (self.jobs, self.live))
        atexit.register(self.close)

    # Boards ----------------------------------------------------------------------------------------------------------

    def document(self, path: Path) -> Document:
        """Return the open document of a path, opening it if no tab has yet.

        Raises:
            DocumentError: if it is no board, or damaged.
        """
        with self._mutex:
            path = path.resolve()
            doc = self._documents.get(path)
            if doc is None or (doc.read_only and self._is_due(path)):  # it may have been freed elsewhere since
                doc = self._documents[path] = open_board(path)
                self._again[path] = time.monotonic() + AGAIN_SECONDS if doc.read_only else 0.0
            return doc

    def _is_due(self, path: Path) -> bool:
        """Whether a board that can only be looked at is to be opened again; at once if it could be written before."""
        return time.monotonic() >= self._again.get(path, 0.0) and path.is_dir()

    def keep(self, doc: Document) -> None:
        """Take a document that was just made among the open ones."""
        with self._mutex:
            self._documents[doc.path.resolve()] = doc

    def reader(self, path: Path) -> Document:
        """Return the open document of a path, else one to be looked at, which is not kept.

        Raises:
            DocumentError: if it is no board, or damaged.
        """
        return self.opened(path) or open_board(path, read_only=True)

    def opened(self, path: Path) -> Document | None:
        """Return the open document of a path; None where no tab has opened it."""
        with self._mutex:
            return self._documents.get(path.resolve())

    def is_gone(self, path: Path) -> bool:
        """Whether a board is no longer there: it was deleted, here or by another program; not one that is being changed
        here, which may be on a disk that comes back."""
        doc = self.opened(path)
        return (doc is None or doc.read_only) and not path.exists()

    def delete(self, path: Path) -> Path:
        """Close a board for all tabs and move it to the trash; return where it is.

        Raises:
            DocumentError: as :func:`studio.ui.trash.throw_away`, or if changes wait that the disk still refuses.
        """
        with self._mutex:
            path = path.resolve()
            doc = self._documents.get(path)
            if doc is not None and doc.unsaved:
                doc.retry()
            if doc is not None:
                doc.close()
                del self._documents[path]
            return throw_away(path)

    # Answers ---------------------------------------------------------------------------------------------------------

    def ask(self, key: Hashable, work: Callable[[], Any], topic: str = "", queue: JobManager | None = None) -> Answer:
        """Return the answer to a question, as :meth:`Answers.ask`; without a ``queue`` in that of questions."""
        return self.answers.ask(key, work, queue or self.asked, topic)

    def split(self, text: str) -> Answer:
        """Ask for the sentences of a story."""
        return self.ask(("split", text), lambda: reading.split(text), queue=self.live)

    def read(self, sentences: tuple[str, ...], cast: dict[str, str]) -> Answer:
        """Ask what sentences say, a :class:`studio.ui.reading.Read`; the first unknown word takes seconds."""
        chosen = dict(cast)
        return self.ask(("read", sentences, *sorted(chosen.items())), lambda: reading.read(sentences, chosen), "read")

    def surprise(self, seed: int) -> Answer:
        """Ask the theatre's grammar for a story."""
        return self.ask(("surprise", seed), lambda: sampling.surprise(seed))

    def members(self) -> Answer:
        """Ask for the cast: id -> :class:`studio.ui.reading.Member`."""
        return self.ask(("members",), reading.members)

    def devices(self) -> Answer:
        """Ask what models can run on, as :func:`studio.ui.engines.devices` says."""
        return self.ask(("devices",), devices)

    def tables(self) -> Answer:
        """Ask that tables and charts can be shown at once: Streamlit makes them by pandas, seconds to import."""
        return self.ask(("tables",), _load_tables)

    def warm(self) -> None:
        """Load in the background, in the order in which it will be needed, what makes first times slow."""
        timer = threading.Timer(WARM_SECONDS, self.load_ahead)
        timer.daemon = True
        timer.start()

    def load_ahead(self) -> None:
        """Load it now: seconds."""
        with suppress(StudioError, SeqganError):
            reading.split("Mia walks.")
            self.engines.prepare(STAGE)
            reading.reader()
            _load_models()
            _load_tables()
            reading.read(("An elephant walks.",), {})

    # The end ---------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Stop all work and close all boards; orders that are not through are for the next process."""
        self.kept.end()
        self.jobs.close(timeout=2)
        self.live.close(timeout=2)
        self.asked.close(timeout=2)
        for doc in self._documents.values():
            doc.close()
        self.kept.release()


def _load_models() -> None:
    """What trained models are made of, not yet any of them: they would take a GPU's memory."""
    load_torch()
    _ = sampling.StorySampler


def _load_tables() -> None:
    importlib.import_module("pandas")
