"""What the queues of the editor draw: boards, a typed sentence, a picture of one's own. No page waits for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from studio.document import Document, Panel, Take, set_model
from studio.document.made import model_ref
from studio.rendering import (
    Again,
    DrawReport,
    JobManager,
    PanelDrawn,
    RenderEngine,
    Step,
    draw_board,
    give_picture,
    panels_asked,
)
from studio.ui.board_jobs import DRAWING, REDRAW, BoardJob
from studio.ui.boards import called
from studio.ui.desk import Desk
from studio.ui.engines import MISSING, STAGE, Choice
from studio.ui.live import LiveEdit, keep_text, redraw
from studio.ui.orders import Drawing
from studio.ui.pictures import from_array
from studio.ui.tickets import Ticket
from studio.ui.underway import Panels


@dataclass(frozen=True)
class Redrawn:
    """What came of a redraw. ``seconds``: from the moment the text arrived; ``preview``: only composed meanwhile, and
    ``loading`` is then the job that loads the model and draws."""

    panel: str
    text: str
    seconds: float
    take: Take | None = None
    preview: bool = False
    loading: Ticket | None = None


# Whole boards --------------------------------------------------------------------------------------------------------


def submit_board(
    desk: Desk,
    doc: Document,
    choice: Choice,
    panels: str | list[str] = "missing",
    takes: int = 1,
    own: Mapping[str, Choice] | None = None,
) -> BoardJob:
    """Queue the drawing of panels ("missing", "changed", "all", or ids); return the job.

    ``own``: name of a model that panels have for themselves -> what opens it.
    """
    order = Drawing.model_validate(
        {"board": doc.path, "choice": choice, "panels": panels, "takes": takes, "own": own or {}}
    )
    return queue_drawing(desk, doc, order)


def queue_drawing(desk: Desk, doc: Document, order: Drawing) -> BoardJob:
    """Queue a drawing of panels of an open board; return the job."""
    choice, panels, takes, own = order.choice, order.panels, order.takes, order.own
    underway = Panels(str(doc.path), panels_asked(doc, panels, takes))

    def work(step: Step) -> DrawReport:
        engine = _ready_engine(desk, doc, choice, step)
        step.progress(0, 0, "Reading the story")
        _record_model(doc, engine)

        spent = [0.0]

        def tell(drawn: PanelDrawn) -> None:
            desk.previews.pop(preview_key(doc, drawn.panel), None)
            spent[0] += drawn.seconds
            step.progress(drawn.done, drawn.total, f"{spent[0] / drawn.done:.2f} s each")

        def opened(model: str) -> RenderEngine:
            return desk.engines.prepare(own.get(model, Choice(MISSING, model)))

        step.renew(order.begun(doc))
        report = draw_board(
            doc,
            engine,
            panels,
            takes=takes,
            on_panel=tell,
            cancelled=step.cancelled,
            opened=opened,
            on_next=underway.begin,
        )
        if not report.cancelled:  # a panel that could not be drawn shows no stand-in for ever
            forget_previews(desk, doc)
        return report

    few = not isinstance(panels, str)  # named panels need not wait for a board that is being drawn, nor stop it
    queue = desk.live if few and all(map(desk.engines.ready, (choice, *own.values()))) else desk.jobs
    key = "" if few else f"draw {doc.path}"
    ticket = _queued(desk, queue, _title(doc, panels), work, key, underway, order)
    return desk.board_jobs.add(DRAWING, doc, ticket)


def _title(doc: Document, panels: str | list[str]) -> str:
    """What the queue calls the drawing of panels."""
    if isinstance(panels, str):
        what = {"missing": "Draw {}", "changed": "Draw what changed in {}", "all": "Draw all of {}"}[panels]
    elif len(panels) == 1:
        what = f"Draw panel {(doc.board.index(panels[0]) or 0) + 1} of {{}}"
    else:
        what = f"Draw {len(panels)} panels of {{}}"
    return what.format(called(doc))


def _queued(
    desk: Desk,
    queue: JobManager,
    title: str,
    work: Callable[[Step], Any],
    key: str,
    underway: Panels,
    again: Again | None = None,
) -> Ticket:
    """Queue a job that draws panels, and have the cards of these panels say so."""
    ticket = Ticket(queue, queue.submit(title, work, key, again))
    desk.underway.add(ticket, underway)
    return ticket


def _ready_engine(desk: Desk, doc: Document, choice: Choice, step: Step) -> RenderEngine:
    """Load the engine; a trained model takes seconds, so composed pictures stand in for it meanwhile."""
    if not desk.engines.ready(choice):
        step.progress(0, 0, f"Loading {choice.model or 'the stage'}")
        if not choice.composed:
            compose_previews(desk, doc, step.cancelled)
            step.check()
    engine = desk.engines.prepare(choice)
    step.check()
    return engine


def _record_model(doc: Document, engine: RenderEngine) -> None:
    model = model_ref(dict(engine.info))
    if doc.board.model != model:
        doc.apply(set_model(model))


# Pictures that stand in for those to come --------------------------------------------------------------------------


def preview_key(doc: Document, panel: str) -> tuple[str, str]:
    """Return the name of a panel's stand-in among the desk's previews."""
    return (str(doc.path), panel)


def forget_previews(desk: Desk, doc: Document) -> None:
    """Let go of the stand-ins of a board."""
    for panel in doc.board.panels:
        desk.previews.pop(preview_key(doc, panel.id), None)


def compose_previews(desk: Desk, doc: Document, cancelled: Callable[[], bool] = lambda: False) -> None:
    """Compose a stand-in for each panel without a picture; none of them becomes a take."""
    told = [panel for panel in doc.board.panels if panel.text.strip()]
    missing = [number for number, panel in enumerate(told) if doc.picture(panel) is None]
    for number, picture in _compose(desk, doc, told, missing):
        if cancelled():
            return
        desk.previews[preview_key(doc, told[number].id)] = from_array(picture)


def _compose(desk: Desk, doc: Document, told: list[Panel], numbers: list[int]) -> Any:
    if not numbers:
        return ()
    seeds = [panel.take.seed if panel.take else panel.seed_of(0) for panel in told]
    return desk.engines.prepare(STAGE).draw([panel.text for panel in told], seeds, numbers, doc.board.cast)


# The sentence being typed --------------------------------------------------------------------------------------------


def submit_edit(
    desk: Desk, doc: Document, choice: Choice, edit: LiveEdit, text: str, since: Callable[[], float]
) -> Ticket:
    """Queue the redrawing of one panel with a new sentence; a sentence that still waits is replaced by it.

    ``since`` returns the seconds since the text arrived. Where the model is not loaded yet, a composed stand-in is
    shown at once and the picture follows when it is.
    """

    underway = Panels(str(doc.path), (edit.panel,))

    def work(_step: Step) -> Redrawn:
        if not desk.engines.ready(choice) and not choice.composed:
            return _stand_in(desk, doc, choice, edit, text, since)
        engine = desk.engines.prepare(choice)
        underway.begin(underway.left)
        take = redraw(doc, engine, edit, text)
        desk.previews.pop(preview_key(doc, edit.panel), None)
        return Redrawn(edit.panel, text, since(), take)

    return _queued(desk, desk.live, "Redraw", work, f"edit {doc.path} {edit.panel}", underway)


def _stand_in(
    desk: Desk, doc: Document, choice: Choice, edit: LiveEdit, text: str, since: Callable[[], float]
) -> Redrawn:
    """Keep the sentence, compose a stand-in, and have the panel drawn once the model is there."""
    typed = keep_text(doc, edit.panel, text)
    desk.engines.of(choice)  # says where the model is not there at all
    told = [panel for panel in doc.board.panels if panel.text.strip()]
    numbers = [number for number, panel in enumerate(told) if panel.id == edit.panel]
    for _, picture in _compose(desk, doc, told, numbers):
        desk.previews[preview_key(doc, edit.panel)] = from_array(picture)

    underway = Panels(str(doc.path), (edit.panel,))

    def later(step: Step) -> Redrawn:
        step.progress(0, 0, f"Panel {(doc.board.index(edit.panel) or 0) + 1}: loading {choice.model}")
        try:
            engine = desk.engines.prepare(choice)
            underway.begin(underway.left)
            panel = doc.board.panel(edit.panel)
            wanted = panel is not None and not step.cancelled()
            take = redraw(doc, engine, edit, panel.text, late=typed) if panel is not None and wanted else None
        finally:
            desk.previews.pop(preview_key(doc, edit.panel), None)
        return Redrawn(edit.panel, text, since(), take)

    loading = _queued(desk, desk.jobs, f"Load {choice.model}", later, f"load {doc.path} {edit.panel}", underway)
    return Redrawn(edit.panel, text, since(), preview=True, loading=desk.board_jobs.add(REDRAW, doc, loading))


# A picture of one's own ----------------------------------------------------------------------------------------------


def submit_given(desk: Desk, doc: Document, panel: str, data: bytes, name: str) -> Ticket:
    """Queue the taking over of a person's own picture (a photograph takes seconds); return the job's ticket."""
    underway = Panels(str(doc.path), (panel,))
    return _queued(
        desk, desk.live, f"Take over {name}", lambda _step: give_picture(doc, panel, data, name), "", underway
    )
