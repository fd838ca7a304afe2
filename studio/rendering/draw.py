"""A board is drawn panel by panel; each take is on disk before the next panel begins.

    report = draw_board(doc, engine, on_panel=lambda drawn: print(drawn.done, "of", drawn.total))

A cancel or a crash keeps what is drawn, and the same call again draws the rest. A panel with a model of its own is
drawn by that (:mod:`studio.rendering.own_models`); where it cannot be had, the other panels are drawn all the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from studio.document import (
    NO_CONTEXT,
    Batch,
    Board,
    Document,
    Note,
    Panel,
    Take,
    all_marks,
    context_hashes,
    input_hash,
    knobs_of,
    new_id,
    now,
)
from studio.document.made import metadata_for, model_ref
from studio.errors import EngineError
from studio.rendering.board import told_panels
from studio.rendering.engine import RenderEngine
from studio.rendering.knobs import drawn_with
from studio.rendering.own_models import Engines, keeping
from studio.rendering.pictures import encode_png, versions_in_use

if TYPE_CHECKING:
    import numpy as np

Which = str | Sequence[str]
"""Panels to draw: "missing", "changed" (missing ones too), "all", or a list of panel ids."""


@dataclass(frozen=True)
class PanelDrawn:
    """One take is on disk: of the panel at ``index`` (from 0), the ``done``-th of ``total`` in this run."""

    panel: str
    index: int
    take: Take
    done: int
    total: int
    seconds: float


@dataclass(frozen=True)
class DrawReport:
    """What a run did. ``drawn``: panel ids in order, one a take, of ``total`` asked for; ``notes``: of the reading;
    ``problems``: a line for each panel that was left out because its own model cannot draw."""

    drawn: tuple[str, ...] = ()
    total: int = 0
    cancelled: bool = False
    notes: tuple[Note, ...] = ()
    seconds: float = 0.0
    problems: tuple[str, ...] = ()


def draw_board(
    doc: Document,
    engine: RenderEngine,
    panels: Which = "missing",
    *,
    takes: int = 1,
    on_panel: Callable[[PanelDrawn], object] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    opened: Callable[[str], RenderEngine] | None = None,
    on_next: Callable[[tuple[str, ...]], object] | None = None,
) -> DrawReport:
    """Draw panels of a board one at a time, and keep each take at once.

    Args:
        doc: an open board.
        engine: what draws; it may be another than the board's model (its takes are then marked as changed).
        panels: "missing" (no picture yet, or its file is gone), "changed" (those, and pictures of another text, cast,
            knobs or model), "all", or panel ids. Blank panels are left out, locked ones unless they are named.
        takes: how many takes: "missing" tops a panel up to that many, the others add that many.
        on_panel: called after each take, in the calling thread.
        cancelled: asked before each panel; True stops and keeps what is drawn.
        opened: returns the engine of a panel's own model; by default that of the installed model of its name.
        on_next: called before each take, in the calling thread, with the panels (ids) whose takes are to come, the next
            one first.

    Raises:
        EngineError: if the engine fails.
        DocumentError: if the board is read-only or the disk refuses. What was drawn before is kept in every case.
    """
    started = time.perf_counter()
    doc.must_write()
    engines = Engines(engine, opened)
    if panels == "changed":
        engines.renew(doc)
    rounds = _rounds(doc, panels, takes)
    asked = [panel for panel in doc.board.panels if rounds and panel.id in rounds[0]]
    understood = engines.read(doc, asked)
    problems = _problems(doc.board, engines, asked)
    rounds = [[name for name in names if name in understood] for names in rounds]
    left = [name for names in rounds for name in names]
    run = _Run(doc, engines, doc.board, understood, len(left), left, on_panel, on_next, cancelled)
    for number, names in enumerate(rounds):
        if not run.stopped:
            run.draw(names, pick=number == 0)
    spent = time.perf_counter() - started
    return DrawReport(tuple(run.drawn), run.total, run.stopped, doc.board.notes, spent, problems)


# Which panels --------------------------------------------------------------------------------------------------------


def panels_asked(doc: Document, panels: Which = "missing", takes: int = 1) -> tuple[str, ...]:
    """Return the panels (ids) that :func:`draw_board` is going to draw, in order, each as often as it gets a take.

    Raises:
        EngineError: if that many takes cannot be drawn, or ``panels`` names no panels.
    """
    return tuple(name for names in _rounds(doc, panels, takes) for name in names)


def _rounds(doc: Document, panels: Which, takes: int) -> list[list[str]]:
    """Which panels get their next take, round by round, each round in the order of the story."""
    if takes < 1:
        raise EngineError(f"{takes} takes were asked for; expected 1 or more: ask for one")
    counts = {panel.id: _count(doc, panel, panels, takes) for panel in _chosen(doc, panels)}
    return [[name for name, count in counts.items() if count > k] for k in range(max(counts.values(), default=0))]


def _chosen(doc: Document, panels: Which) -> list[Panel]:
    told = told_panels(doc.board)
    if not isinstance(panels, str):
        if strange := [name for name in panels if doc.board.panel(name) is None]:
            raise EngineError(f"no panel {strange[0]} is on this board; name its panels by their ids")
        named = set(panels)
        return [panel for panel in told if panel.id in named]
    if panels not in ("missing", "changed", "all"):
        raise EngineError(f"panels {panels!r} is unknown; expected missing, changed, all, or a list of ids")
    marks = all_marks(doc.board)
    free = [panel for panel in told if not panel.locked]
    if panels == "changed":
        return [panel for panel in free if doc.picture(panel) is None or marks[panel.id].changed]
    return free


def _count(doc: Document, panel: Panel, panels: Which, takes: int) -> int:
    if panels != "missing":
        return takes
    return max(takes - len(panel.takes), int(doc.picture(panel) is None))


def _problems(board: Board, engines: Engines, asked: Sequence[Panel]) -> tuple[str, ...]:
    """A line for each panel whose own model cannot draw."""
    why = {panel.id: engines.problems.get(engines.own_name(panel), "") for panel in asked}
    return tuple(f"panel {(board.index(name) or 0) + 1}: {line}" for name, line in why.items() if line)


# One run -------------------------------------------------------------------------------------------------------------


@dataclass
class _Run:
    """A run over one state of the board: what is edited meanwhile shows up as a mark on the take."""

    doc: Document
    engines: Engines
    board: Board
    understood: Mapping[str, str]
    total: int
    left: list[str]
    on_panel: Callable[[PanelDrawn], object] | None
    on_next: Callable[[tuple[str, ...]], object] | None
    cancelled: Callable[[], bool]
    drawn: list[str] = field(default_factory=list)
    stopped: bool = False

    def __post_init__(self) -> None:
        """Read the board once for all its panels."""
        self.contexts = context_hashes(self.board)

    def draw(self, asked: Sequence[str], pick: bool) -> None:
        """Draw one more take of each panel in ``asked``; panels of the same model and knobs share one call of it."""
        told, wanted = told_panels(self.board), set(asked)
        numbers = [number for number, panel in enumerate(told) if panel.id in wanted]
        counts = [self._count(panel) for panel in told]
        seeds = [panel.seed_of(count) for panel, count in zip(told, counts, strict=True)]
        for engine, knobs, group in self._groups(told, numbers):
            pictures = engine.draw([panel.text for panel in told], seeds, group, self.board.cast, knobs)
            for number, picture, seconds in self._steps(pictures):
                take = self._take(engine, told[number], picture, seeds[number], counts[number], seconds)
                self._keep(told[number], take, picture, pick)

    def _groups(self, told: Sequence[Panel], numbers: Sequence[int]) -> list[tuple[RenderEngine, Any, list[int]]]:
        """Panels in order, cut where the engine or the knobs change."""
        ways = [(number, self.engines.of(told[number]), knobs_of(self.board, told[number])) for number in numbers]
        cut = groupby(ways, key=lambda way: way[1:])
        return [(engine, knobs, [way[0] for way in group]) for (engine, knobs), group in cut if engine is not None]

    def _count(self, panel: Panel) -> int:
        """The number of a panel's next take (a panel deleted meanwhile keeps its place in the story)."""
        return (self.doc.board.panel(panel.id) or panel).next_take_number

    def _steps(self, pictures: Iterator[tuple[int, np.ndarray]]) -> Iterator[tuple[int, np.ndarray, float]]:
        """The pictures with the seconds that each took, until someone cancels."""
        while True:
            self.stopped = self.stopped or (len(self.drawn) < self.total and self.cancelled())
            if self.stopped:
                return
            if self.on_next is not None and self.left:
                self.on_next(tuple(self.left))
            started = time.perf_counter()
            step = next(pictures, None)
            if step is None:
                return
            yield step[0], step[1], time.perf_counter() - started

    def _keep(self, panel: Panel, take: Take, picture: np.ndarray, pick: bool) -> None:
        self.left.remove(panel.id)
        if self.doc.board.panel(panel.id) is None:  # deleted while it was drawn
            self.total -= 1
            return
        made = metadata_for(self.board, panel, take)
        sha256 = self.doc.add_media(encode_png(picture, made, self.board.title))
        take = take.model_copy(update={"media": sha256})
        commands = keeping(self.doc.board.panel(panel.id) or panel, take, pick)
        self.doc.apply(commands[0] if len(commands) == 1 else Batch(label="draw", commands=tuple(commands)))
        self.drawn.append(panel.id)
        if self.on_panel is not None:
            index = self.doc.board.index(panel.id) or 0
            self.on_panel(PanelDrawn(panel.id, index, take, len(self.drawn), self.total, take.seconds))

    def _take(
        self, engine: RenderEngine, panel: Panel, picture: np.ndarray, seed: int, count: int, seconds: float
    ) -> Take:
        """The record of a picture; its ``media`` is filled in once the file is there."""
        board, model = self.board, model_ref(dict(engine.info))
        return Take(
            id=new_id(),
            number=count,
            media="0" * 64,
            size=(picture.shape[1], picture.shape[0]),
            seed=seed,
            model=model,
            composed=engine.composed,
            knobs=drawn_with(engine, board, panel),
            text=panel.text,
            prompt=self.understood[panel.id],
            input_hash=input_hash(panel.text, board.cast if engine.reads_story else {}, knobs_of(board, panel), model),
            context_hash=self.contexts[panel.id] if engine.reads_story else NO_CONTEXT,
            seconds=round(seconds, 4),
            device=engine.device,
            versions=dict(versions_in_use(engine.composed)),
            created=now(),
        )
