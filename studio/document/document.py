"""A board on disk that is being edited: every command is in the journal before anyone sees its effect.

    with Document.create("snow-day.board", new_board("Snow day", sentences)) as doc:
        doc.apply(set_text(doc.board.panels[0].id, "Mia walks in the snow."))
        doc.undo()

A board's folder holds ``manifest.json``, ``board.json``, ``journal.jsonl``, ``media/`` and ``versions/``.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from studio.document import media, store, versions
from studio.document.commands import Command
from studio.document.files import Watched
from studio.document.idle import Idle
from studio.document.ids import now
from studio.document.journal import Entry, History, Journal, trimmed
from studio.document.lock import Lock, take_lock
from studio.document.refused import Refused
from studio.document.schema import Board, Manifest, Panel, Take
from studio.errors import DocumentError

COMPACT_EVERY = 200
"""Commands after which ``board.json`` is written anew; it also is after a pause, and when the document is closed."""
PAUSE_SECONDS = 2.0
"""How long nobody changes anything before ``board.json`` is written anew."""


class Document:
    """An open board. Safe to share between threads: each command is one step for all of them.

    Attributes:
        path: the folder of the board.
        manifest: what its ``manifest.json`` says.
        read_only: whether it can only be looked at; ``read_only_reason`` is then a clause that says why.
        problems: what was found or went wrong and needs no stop (a cut journal line, no room to compact).
    """

    def __init__(self, path: Path, loaded: store.Loaded, held: Lock | None, reason: str) -> None:
        self.path = path
        self.manifest: Manifest = loaded.manifest
        self.read_only_reason = reason
        self.problems: list[str] = list(loaded.problems)
        self._board = loaded.board
        self._saved = loaded.saved_revision
        self._lock = held
        self._mutex = threading.RLock()
        self._idle = Idle(PAUSE_SECONDS, self._compact_idly)
        self._journal = Journal(path / store.JOURNAL)
        self._file = Watched(path / store.BOARD)
        self._entries = list(loaded.entries)
        self._refused = Refused()
        self._history = History()
        for entry in self._entries:
            self._history.record(entry)

    # Opening and closing ---------------------------------------------------------------------------------------------

    @classmethod
    def create(cls, path: str | Path, board: Board) -> Self:
        """Write a new board's folder (whole or not at all) and open it.

        Raises:
            DocumentError: if something is there already, or the folder cannot be written.
        """
        store.create(Path(path), board)
        return cls.open(path)

    @classmethod
    def open(cls, path: str | Path, read_only: bool = False) -> Self:
        """Open a board's folder; where another program has it open, or a newer one wrote it, read-only.

        Raises:
            DocumentError: if it is no board, or is damaged and there is no backup; the message names the file, the
                place and what to do. Damage that could be mended is in ``problems``.
        """
        folder = Path(path)
        manifest = store.read_manifest(folder)
        held = "it was opened to be looked at" if read_only else store.newer_reason(manifest) or take_lock(folder)
        try:
            loaded = store.load(folder, manifest, repair=isinstance(held, Lock))
        except BaseException:
            if isinstance(held, Lock):
                held.release()
            raise
        lock, reason = (held, "") if isinstance(held, Lock) else (None, held)
        return cls(folder, loaded, lock, reason)

    def close(self) -> None:
        """Write ``board.json`` if anything changed and let others write; a second call does nothing."""
        with self._mutex:
            self._idle.cancel()
            if self._lock is None:
                return
            with suppress(DocumentError):  # what the disk refused before; where it still does, it was told
                self.retry()
            self._try_compact()
            if self._lock is not None:
                self._lock.release()
                self._lock, self.read_only_reason = None, "it was closed"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Looking ---------------------------------------------------------------------------------------------------------

    @property
    def board(self) -> Board:
        """The board as it is now (it never changes; the next command makes another)."""
        return self._board

    @property
    def revision(self) -> int:
        """The number of journal entries that made the board; grows with every command, undo and redo."""
        return self._board.revision

    @property
    def read_only(self) -> bool:
        """Whether commands are refused (:attr:`read_only_reason` says why)."""
        return self._lock is None

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return not self.read_only and bool(self._history.done)

    @property
    def can_redo(self) -> bool:
        """Whether there is something to redo."""
        return not self.read_only and bool(self._history.undone)

    @property
    def unsaved(self) -> str:
        """Why changes wait that the disk refused ("" where none does); the next change writes them first."""
        return self._refused.why

    @property
    def wanted(self) -> Board:
        """The board with the changes that the disk refused, as a copy of it should be."""
        return self._refused.on(self._board)

    # Changing --------------------------------------------------------------------------------------------------------

    def must_write(self) -> None:
        """Raise DocumentError if it is open read-only."""
        if self._lock is None:
            raise DocumentError(f"{self.path} is open read-only: {self.read_only_reason}; work on a copy of the folder")

    def apply(self, command: Command) -> Board:
        """Do a command: check it, write it to the journal, then show it. Return the new board.

        Raises:
            DocumentError: if the board is read-only, the command does not fit it, or the disk refuses; nothing changed.
                What the disk refused waits, and is written before the next change (:attr:`unsaved`). If another
                program changed the files, the board with this command is kept as a version, see there.
        """
        with self._mutex:
            self.must_write()
            if self.unsaved:
                command.apply(self.wanted)  # what fits nothing is refused for good
                self._write_waiting(command)
            return self._do(command)

    def retry(self) -> Board:
        """Write the changes that the disk refused; return the board.

        Raises:
            DocumentError: if it refuses again; they go on waiting.
        """
        with self._mutex:
            self.must_write()
            self._write_waiting()
            return self._board

    def _do(self, command: Command) -> Board:
        inverse = command.inverse(self._board)
        return self._commit(Entry(self.revision + 1, now(), do=command, inverse=inverse), command.apply(self._board))

    def _write_waiting(self, *behind: Command) -> None:
        """Do the commands that waited (one is let go where it no longer fits); where they must wait on, so must those
        ``behind`` them."""
        waiting = [*self._refused.take(), *behind]
        for number, command in enumerate(waiting[: len(waiting) - len(behind)], 1):
            try:
                self._do(command)
            except DocumentError as error:
                if self.unsaved:
                    for each in waiting[number:]:
                        self._refused.add(each, error)
                    raise

    def undo(self) -> Board:
        """Take back the last step (quick changes of one field count as one); return the board.

        Raises:
            DocumentError: if there is nothing to undo, or the disk refuses.
        """
        with self._mutex:
            self.must_write()
            group = self._last(self._history.done, "undo")
            board = self._board
            for n in reversed(group):
                board = store.require_inverse(self._history.entries[n]).apply(board)
            return self._commit(Entry(self.revision + 1, now(), undo=tuple(reversed(group))), board)

    def redo(self) -> Board:
        """Do again what was undone last; return the board.

        Raises:
            DocumentError: if there is nothing to redo, or the disk refuses.
        """
        with self._mutex:
            self.must_write()
            group = self._last(self._history.undone, "redo")
            board = self._board
            for n in group:
                board = store.require_do(self._history.entries[n]).apply(board)
            return self._commit(Entry(self.revision + 1, now(), redo=group), board)

    def _commit(self, entry: Entry, board: Board) -> Board:
        board = board.model_copy(update={"revision": entry.n})
        self._must_be_ours(board)
        try:
            self._journal.append(entry)
        except DocumentError as error:
            if entry.do is not None:
                self._refused.add(entry.do, error)
            raise
        self._board = board
        self._entries.append(entry)
        self._history.record(entry)
        if self.revision - self._saved >= COMPACT_EVERY:
            self._try_compact()
        self._idle.busy()
        return self._board

    @staticmethod
    def _last(groups: list[tuple[int, ...]], verb: str) -> tuple[int, ...]:
        if not groups:
            raise DocumentError(f"there is nothing to {verb}")
        return groups[-1]

    def _must_be_ours(self, board: Board) -> None:
        """Where another program changed our files, write over nothing: keep ``board`` as a version and stop."""
        if not self._changed_elsewhere():
            return
        kept = versions.save(self.path, board, "conflict")
        assert self._lock is not None, "only a board that may be written gets here"
        self._lock.release()
        self._lock, self.read_only_reason = None, "another program changed its files"
        raise DocumentError(
            f"{self.path} was changed by another program while it was open here, so nothing was written over; your "
            f"board is kept as {kept.relative_to(self.path)}: open the board again, and restore that version to have it"
        )

    def _changed_elsewhere(self) -> bool:
        return self._journal.changed or self._file.changed()

    # Saving ----------------------------------------------------------------------------------------------------------

    def compact(self) -> None:
        """Write ``board.json`` anew (keeping the old one as a backup) and shorten the journal.

        Raises:
            DocumentError: if the disk refuses (the old files and the journal then still hold everything), or another
                program changed the files.
        """
        with self._mutex:
            self.must_write()
            if self._saved == self.revision:
                return
            self._must_be_ours(self._board)
            store.write_board(self.path, self._board)
            self._file.refresh()
            self._saved = self.revision
            kept = trimmed(self._entries)
            if len(kept) < len(self._entries):
                self._journal.replace(kept)
                self._entries = kept

    def _try_compact(self) -> None:
        """Compact where there is room; where not, the journal holds everything and the next opening reads it."""
        try:
            self.compact()
        except DocumentError as error:
            if str(error) not in self.problems:
                self.problems.append(str(error))

    def _compact_idly(self) -> None:
        """Compact in a pause; where another program changed the files, the next command finds it and tells."""
        with self._mutex:
            if self._lock is not None and not self._changed_elsewhere():
                self._try_compact()

    def save_version(self, name: str) -> Path:
        """Write a named snapshot to ``versions/`` and return its path."""
        with self._mutex:
            self.must_write()
            return versions.save(self.path, self._board, name)

    def versions(self) -> list[Path]:
        """Return the named snapshots, oldest first."""
        return versions.find(self.path)

    def backups(self) -> list[Path]:
        """Return what ``board.json`` was before, oldest first: twenty at most."""
        return store.backups(self.path)

    def restore_version(self, version: Path) -> Board:
        """Make the board what a snapshot or backup was; this too can be undone.

        Raises:
            DocumentError: as :meth:`apply`, and if the file is damaged or of a newer program.
        """
        return self.apply(versions.restoring(store.read_board(version)))

    def keep_before(self, what: str) -> None:
        """Keep the board as it is as a version called ``what``, unless the newest version is just that.

        Raises:
            DocumentError: as :meth:`save_version`.
        """
        with self._mutex:
            self.must_write()
            newest = next((versions.read_version(path).board for path in reversed(self.versions())), None)
            if newest is None or versions.restoring(newest).apply(self._board) != self._board:
                self.save_version(what)

    # Media -----------------------------------------------------------------------------------------------------------

    def add_media(self, data: bytes, suffix: str = "png") -> str:
        """Store a picture (or clip) under its sha256, which is returned; durable when this returns.

        Raises:
            DocumentError: if the board is read-only, or the disk refuses; nothing half written stays.
        """
        self.must_write()
        return media.add_media(self.path, data, suffix)

    def media_path(self, medium: str | Take, suffix: str = "png") -> Path | None:
        """Return the file of a medium (named by its sha256 or by a take); None where it is missing or was changed."""
        if isinstance(medium, Take):
            medium, suffix = medium.media, medium.suffix
        return media.sound_file(self.path, medium, suffix)

    def read_media(self, sha256: str, suffix: str = "png") -> bytes:
        """Return the bytes of a medium, checked against its name.

        Raises:
            DocumentError: if it is missing or was changed.
        """
        return media.read_media(self.path, sha256, suffix)

    def picture(self, panel: Panel | Take) -> Path | None:
        """Return the file of a panel's current take (or of a take); None where nothing is drawn, or it is missing or
        was changed."""
        take = panel.take if isinstance(panel, Panel) else panel
        return self.media_path(take) if take else None
