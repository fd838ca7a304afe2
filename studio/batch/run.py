"""A batch from stories to report: what is there is skipped, the rest drawn here or on Ray, each story recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from studio.batch.drawing import DONE, FAILED, PARTLY, SKIPPED, STOPPED, BatchOptions, Outcome, Painter
from studio.batch.ray_engine import RaySettings, draw_on_ray
from studio.batch.report import append, end_last_line, finished, is_finished, report_path
from studio.batch.stories import Refused, Story
from studio.export import parse_formats


@dataclass(frozen=True)
class BatchReport:
    """What a batch did: an outcome a story, in the order in which they were through, and where they are recorded."""

    outcomes: tuple[Outcome, ...]
    path: Path
    stopped: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """Outcome -> how many stories."""
        found = Counter(outcome.outcome for outcome in self.outcomes)
        return {name: found[name] for name in (DONE, SKIPPED, PARTLY, FAILED, STOPPED)}


def run_batch(
    stories: Sequence[Story | Refused],
    folder: str | Path,
    options: BatchOptions | None = None,
    *,
    shard: tuple[int, int] = (1, 1),
    skip_existing: bool = False,
    ray: RaySettings | None = None,
    on_story: Callable[[Outcome], object] = lambda _outcome: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> BatchReport:
    """Draw stories into ``folder``: ID.board, and their films if ``options.formats`` asks for them.

    Args:
        stories: what `read_stories` read, of this shard alone (`pick_shard`).
        folder: where boards, films and the report go.
        options: of all stories.
        shard: number and count of this shard; it names the report.
        skip_existing: leave out stories that an earlier run did as they are asked for now, whose files are there.
        ray: draw on Ray, by several workers; None draws here, one story after the other.
        on_story: called with each outcome.
        cancelled: asked before each panel; True stops and keeps what is drawn.

    Raises:
        EngineError: if the model of all stories cannot be loaded, or Ray is not there.
        ExportError: if a format is unknown or an option out of its range.
        DocumentError: if the report cannot be written.
    """
    folder, options = Path(folder), options or BatchOptions()
    if options.formats:
        parse_formats(",".join(options.formats))
        options.film.checked()
    report = report_path(folder, *shard)
    end_last_line(report)
    outcomes: list[Outcome] = []
    for outcome in _outcomes(stories, folder, options, skip_existing, ray, cancelled):
        if outcome.outcome != SKIPPED:
            append(report, outcome)
        outcomes.append(outcome)
        on_story(outcome)
    stopped = any(outcome.outcome == STOPPED for outcome in outcomes) or len(outcomes) < len(stories)
    return BatchReport(tuple(outcomes), report, stopped)


def _outcomes(
    stories: Sequence[Story | Refused],
    folder: Path,
    options: BatchOptions,
    skip_existing: bool,
    ray: RaySettings | None,
    cancelled: Callable[[], bool],
) -> Iterator[Outcome]:
    draw = _draw_here if ray is None else draw_on_ray(ray)
    yield from (Outcome("", entry.source, FAILED, entry.error) for entry in stories if isinstance(entry, Refused))
    records = finished(folder) if skip_existing else {}
    left: list[Story] = []
    for story in (entry for entry in stories if isinstance(entry, Story)):
        if is_finished(folder, story, options, records):
            yield Outcome(story.id, story.source, SKIPPED, board=f"{story.id}.board")
        else:
            left.append(story)
    yield from draw(left, folder, options, cancelled) if left else ()


def _draw_here(
    stories: Sequence[Story], folder: Path, options: BatchOptions, cancelled: Callable[[], bool]
) -> Iterator[Outcome]:
    painter = Painter(folder, options)
    if any(story.model is None for story in stories):
        painter.check()  # what is missing is one error, not one a story
    for story in stories:
        if cancelled():
            return
        yield painter.draw(story, cancelled)
