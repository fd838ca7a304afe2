"""What a tab tells of the jobs of its board: that they are under way, and once how each ended.

The tab that asked for a job tells its end, and so does every other that showed it under way; where none is left that
did (the page was loaded again, or closed), the next tab that shows the board.
"""

from __future__ import annotations

from studio.document import Document
from studio.ui.board_jobs import ANIMATION, DRAWING, EXPORT, BoardJob
from studio.ui.state import desk, editor
from studio.ui.tickets import BLOCK_SECONDS


def watch(job: BoardJob) -> BoardJob:
    """Have this tab tell how a job ends, in the place of what it told of earlier ones of its kind; return the job."""
    state = editor()
    if job not in state.watched:
        state.watched.add(job)
        state.outcomes = [each for each in state.outcomes if each.kind != job.kind]
    return job


def follow(doc: Document) -> None:
    """Watch the jobs of a board that are under way, or whose end nobody has told, and take up what has ended."""
    jobs = desk().board_jobs
    for job in jobs.of(doc, DRAWING, ANIMATION):
        if job not in editor().outcomes and (job.is_busy or not jobs.is_told(job)):
            watch(job)
    settle()


def settle() -> list[BoardJob]:
    """Return the watched jobs that have ended since this was last asked: they are among the tab's outcomes now."""
    state = editor()
    ended = sorted((job for job in state.watched if not job.is_busy), key=lambda job: job.count)
    for job in ended:
        desk().board_jobs.tell(job)
    news = [job for job in ended if not _is_replaced(job)]
    state.watched.difference_update(ended)
    state.outcomes += news
    return news


def _is_replaced(job: BoardJob) -> bool:
    """Whether a job was stopped because the same was asked for anew: what becomes of that is told."""
    over = job.look()
    if over is None or over.state != "cancelled" or not over.key:
        return False
    later = (each.look() for each in editor().watched if each.count > job.count)
    return any(each is not None and each.key == over.key for each in later)


def stop(job: BoardJob) -> None:
    """Stop a job after its present step, and wait a moment, for it may be over at once."""
    job.cancel()
    job.wait(BLOCK_SECONDS)


def last_export(doc: Document) -> BoardJob | None:
    """Return the export of a board that was asked for last, by whichever tab; None where none is remembered."""
    found = desk().board_jobs.of(doc, EXPORT)
    return found[-1] if found else None


def glance(doc: Document) -> object:
    """Return, in short, what the panels and the tray show of a board that other tabs change."""
    shared = desk()
    jobs = [(job.count, job.is_busy, shared.board_jobs.is_told(job)) for job in shared.board_jobs.of(doc)]
    return doc.revision, doc.unsaved, jobs, bool(shared.underway.of(doc))
