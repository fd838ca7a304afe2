"""One story of a batch: board, pictures and films in the batch's folder, and the record of how that went."""

from __future__ import annotations

import hashlib
import json
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from os import getpid
from pathlib import Path
from typing import Any

from seqgan.errors import SeqganError
from studio.batch.stories import Story
from studio.document import Document
from studio.errors import CancelledError, EngineError, StudioError
from studio.export import ExportOptions, Progress, export
from studio.rendering import RenderEngine, draw_board, make_board, open_engine, open_installed, said_notes

_PROBE = "Mia walks."
DONE, PARTLY, FAILED, STOPPED, SKIPPED = "done", "partly", "failed", "stopped", "skipped"


@dataclass(frozen=True)
class BatchOptions:
    """What holds for all stories of a batch; a story's own seed, takes, model and title come first, casts are joined.

    Args:
        draw_with: engine of `open_engine`: "gan", "stage" or "frame".
        model: name or folder of a model; None: the engine's own.
        device: "auto", "cpu" or "cuda".
        precision: "float32" or "bfloat16", of models.
        seed: of each board.
        takes: of each panel.
        split: what becomes a panel: "sentence", "line" or "scene".
        cast: who plays which name.
        force: move a board of another story that is in the way to a backup, instead of failing.
        formats: films and pictures to export, like ("mp4", "pdf"); none: boards alone.
        film: how they are exported.
    """

    draw_with: str = "gan"
    model: str | None = None
    device: str = "auto"
    precision: str = "float32"
    seed: int = 0
    takes: int = 1
    split: str = "sentence"
    cast: Mapping[str, str] = field(default_factory=dict)
    force: bool = False
    formats: tuple[str, ...] = ()
    film: ExportOptions = field(default_factory=ExportOptions)

    def of(self, story: Story) -> BatchOptions:
        """These options with what the story says itself."""
        return replace(
            self,
            model=story.model or self.model,
            seed=self.seed if story.seed is None else story.seed,
            takes=story.takes or self.takes,
            cast={**self.cast, **story.cast},
        )

    def asked(self, story: Story) -> str:
        """A hash of all that decides the files of a story: equal hashes ask for the same."""
        record = {"text": story.text, "title": story.title, **asdict(self.of(story))}
        del record["force"], record["device"]
        return hashlib.sha256(json.dumps(record, sort_keys=True, default=str).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Outcome:
    """How one story went.

    ``outcome``: "done", "partly" (a panel has no picture), "failed" (``error`` says why), "stopped" or "skipped".
    ``board`` and ``files``: paths within the batch's folder. ``drawn``: takes drawn in this run. ``asked``: hash of
    what was asked for (:meth:`BatchOptions.asked`). ``process``: which process drew it.
    """

    id: str
    source: str
    outcome: str
    error: str = ""
    board: str = ""
    panels: int = 0
    ready: int = 0
    drawn: int = 0
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    model: str = ""
    seconds: float = 0.0
    asked: str = ""
    process: int = 0
    traceback: str = ""


class Painter:
    """Draws the stories of a batch one after the other; a model is loaded for the first that needs it, and kept."""

    def __init__(self, folder: str | Path, options: BatchOptions) -> None:
        self.folder = Path(folder)
        self.options = options
        self._engines: dict[str | None, RenderEngine] = {}
        self._own: dict[str, RenderEngine] = {}

    def engine(self, model: str | None) -> RenderEngine:
        """Return the engine of a model, loaded.

        Raises:
            EngineError: if the model is missing or broken.
        """
        if model not in self._engines:
            chosen = self.options
            engine = open_engine(chosen.draw_with, model, device=chosen.device, precision=chosen.precision)
            _ = engine.info  # loads the model
            self._engines[model] = engine
        return self._engines[model]

    def check(self) -> None:
        """Find out before the first story whether all that draws is there: some of it loads when it is first needed.

        Raises:
            EngineError: if the model is missing or broken, or a package that it needs is not installed.
        """
        from seqgan.sampling import MissingPackage

        engine = self.engine(self.options.model)
        try:
            next(engine.draw([_PROBE], [0], [0]), None)
        except EngineError as error:
            if isinstance(error.__cause__, MissingPackage):
                raise
            # anything else may be the sentence's fault: a model of flowers need not know it

    def own_engine(self, model: str) -> RenderEngine:
        """Return the engine of a model that panels have for themselves (as a person chose in the editor).

        Raises:
            EngineError: if the model is not installed.
        """
        if model not in self._own:
            self._own[model] = open_installed(model, self.options.device, self.options.precision)
        return self._own[model]

    def draw(self, story: Story, cancelled: Callable[[], bool] = lambda: False) -> Outcome:
        """Draw what is missing of a story, export it, and say how that went. Raises nothing."""
        started = time.perf_counter()
        outcome = Outcome(
            story.id,
            story.source,
            STOPPED,
            board=f"{story.id}.board",
            asked=self.options.asked(story),
            process=getpid(),
        )
        try:
            outcome = self._drawn(story, outcome, cancelled)
        except CancelledError as error:
            outcome = replace(outcome, error=str(error))
        except (StudioError, SeqganError, OSError) as error:
            outcome = replace(outcome, outcome=FAILED, error=str(error))
        except Exception as error:  # a fault of ours, at one story, must not cost the others
            said = f"{type(error).__name__}: {error}"
            outcome = replace(outcome, outcome=FAILED, error=said, traceback=traceback.format_exc())
        return replace(outcome, seconds=round(time.perf_counter() - started, 3))

    def _drawn(self, story: Story, outcome: Outcome, cancelled: Callable[[], bool]) -> Outcome:
        if cancelled():
            return outcome
        own = self.options.of(story)
        engine = self.engine(own.model)
        asked = {"seed": own.seed, "cast": own.cast, "split_mode": own.split, "title": story.title, "force": own.force}
        with make_board(story.text, self.folder / outcome.board, engine, **asked) as document:
            report = draw_board(document, engine, takes=own.takes, cancelled=cancelled, opened=self.own_engine)
            outcome = replace(outcome, drawn=len(report.drawn), **_looked_at(document, engine))
            outcome = replace(outcome, notes=(*outcome.notes, *report.problems))
            return outcome if report.cancelled else self._exported(document, outcome, cancelled)

    def _exported(self, document: Document, outcome: Outcome, cancelled: Callable[[], bool]) -> Outcome:
        files, progress = [], Progress(cancelled=cancelled)
        if self.options.formats:
            files = export(document, self.options.formats, self.folder, self.options.film, progress)
        whole = outcome.ready == outcome.panels and not progress.missing
        return replace(
            outcome,
            outcome=DONE if whole else PARTLY,
            files=tuple(path.relative_to(self.folder).as_posix() for path in files),
            notes=(*outcome.notes, *progress.notes),
        )


def _looked_at(document: Document, engine: RenderEngine) -> dict[str, Any]:
    panels = document.board.panels
    ready = sum(document.picture(panel) is not None for panel in panels)
    model, notes = str(engine.info.get("name", "")), tuple(said_notes(document.board))
    return {"panels": len(panels), "ready": ready, "model": model, "notes": notes}
