"""Exports of the editor: films and sheets of a board, written in the queue. No page waits for it."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from studio.document import Document
from studio.rendering import Step
from studio.ui.board_jobs import EXPORT, BoardJob
from studio.ui.boards import boards_folder, called
from studio.ui.desk import Desk
from studio.ui.orders import Enclosed, Export
from studio.ui.tickets import Ticket


@dataclass(frozen=True)
class Exported:
    """What an export wrote, and what it has to say."""

    files: tuple[Path, ...]
    notes: tuple[str, ...]
    missing: tuple[int, ...]


def submit_export(desk: Desk, doc: Document, formats: list[str], chosen: dict[str, Any]) -> BoardJob:
    """Queue the writing of a board's films and sheets into its ``exports`` folder; return the job.

    ``chosen`` is what :class:`studio.export.ExportOptions` takes, but for ``layout``, as it was typed or "", and
    ``music``, a file that was handed in, or None.

    Raises:
        ExportError: for an option that cannot be read or is outside its range.
    """
    from studio.export import ExportOptions, parse_layout

    music = chosen.get("music")
    typed = str(chosen.get("layout") or "").strip()
    layout = parse_layout(typed) if typed else None
    options = ExportOptions(**{**chosen, "music": None, "layout": layout}).checked()
    enclosed = None if music is None else Enclosed.of(music.name, music.getvalue())
    return queue_export(desk, doc, Export(board=doc.path, formats=formats, options=options, music=enclosed))


def queue_export(desk: Desk, doc: Document, order: Export) -> BoardJob:
    """Queue an export of an open board; return the job."""
    from studio.export import Progress, export

    def work(step: Step) -> Exported:
        def tell(kind: str, done: int, total: int) -> None:
            step.progress(done, total, kind)

        progress = Progress(on_step=tell, cancelled=step.cancelled)
        with _as_file(order.music) as path:
            files = export(doc, order.formats, exports_folder(doc), replace(order.options, music=path), progress)
        return Exported(tuple(files), tuple(progress.notes), tuple(sorted(progress.missing)))

    ticket = Ticket(desk.jobs, desk.jobs.submit(f"Export {called(doc)}", work, again=order))
    return desk.board_jobs.add(EXPORT, doc, ticket)


@contextlib.contextmanager
def _as_file(handed_in: Enclosed | None) -> Iterator[Path | None]:
    """Keep a file that was handed in to the page in a temporary folder, under its own ending, for as long as needed."""
    if handed_in is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="studio-") as folder:
        path = Path(folder) / f"music{Path(handed_in.name).suffix[:8]}"
        path.write_bytes(handed_in.data)
        yield path


def exports_folder(doc: Document) -> Path:
    """Return where a board's exports go: its own folder, or the user's where that is not to be written."""
    folder = doc.path / "exports"
    return boards_folder() / "exports" if doc.read_only else folder
