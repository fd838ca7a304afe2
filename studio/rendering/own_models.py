"""Panels with a model of their own: which engine draws which panel, and how each of these reads the story.

    engines = Engines(engine)
    engines.of(panel)                   # the panel's own model, else the board's engine

Every engine is given the story as it is written, so that a panel drawn by another model changes nothing of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from seqgan.registry import model_folders
from studio.document import Batch, Command, Document, Panel, Take, add_take, set_model
from studio.document.made import model_ref
from studio.errors import EngineError
from studio.rendering.board import record_found, told_panels
from studio.rendering.engine import RenderEngine, open_engine
from studio.rendering.knobs import FLOAT32, precision_of

STAGE = "stage"
DRAWING = ("story", "frame")
"""Kinds of models that draw panels."""


def open_installed(name: str, device: str = "auto", precision: str = FLOAT32) -> RenderEngine:
    """Return the engine of a model by the name that a panel has of it. What it needs loads when it is first asked.

    Raises:
        EngineError: if no model of that name is installed (a board may name any), or it draws no panels.
    """
    from seqgan.sampling import draws

    if name == STAGE:
        return open_engine(STAGE)
    folder = model_folders().get(name)
    if folder is None:
        raise EngineError(
            f'the model "{name}" is not installed; add it (studio models add FOLDER), or choose another for the panel'
        )
    if draws(folder) not in DRAWING:
        raise EngineError(f'the model "{name}" draws no panels; choose another for the panel')
    return open_engine("gan", name, device=device, precision=precision)


class Engines:
    """The engine of a board, and those of its panels' own models, each opened when it is first asked for.

    ``problems``: name of a model -> why nothing can be drawn with it.
    """

    def __init__(self, main: RenderEngine, opened: Callable[[str], RenderEngine] | None = None) -> None:
        """``opened``: returns the engine of a model, or raises EngineError; by default :func:`open_installed`, where
        and how ``main`` draws."""
        self.main = main
        self.problems: dict[str, str] = {}
        self._opened = opened or self._beside_main
        self._own: dict[str, RenderEngine] = {}

    def _beside_main(self, name: str) -> RenderEngine:
        device = "auto" if self.main.composed else self.main.device
        return open_installed(name, device, precision_of(self.main.settled))

    def own_name(self, panel: Panel) -> str:
        """Return the name of a panel's own model, "" where the board's engine draws it."""
        name = panel.model.name if panel.model else ""
        return "" if not name or name == str(self.main.info["name"]) else name

    def of(self, panel: Panel) -> RenderEngine | None:
        """Return the engine of a panel, loaded; None where its own model has a problem."""
        return self._named(self.own_name(panel))

    def _named(self, name: str) -> RenderEngine | None:
        if not name:
            return self.main
        if name not in self._own and name not in self.problems:
            try:
                engine = self._opened(name)
                _ = engine.info  # loads the model
                self._own[name] = engine
            except EngineError as error:
                self.problems[name] = str(error)
        return None if name in self.problems else self._own[name]

    def read(self, doc: Document, panels: Iterable[Panel]) -> dict[str, str]:
        """Read the story by the board's engine and by those of some panels, and keep the cast and the notes found.

        Return panel -> its sentence as its engine understands it; panels whose engine has a problem are left out.

        Raises:
            EngineError: if the board's engine fails.
        """
        understood: dict[str, str] = {}
        for name in dict.fromkeys(["", *map(self.own_name, panels)]):
            understood |= self._read(doc, name)
        return understood

    def _read(self, doc: Document, name: str) -> dict[str, str]:
        told, engine = told_panels(doc.board), self._named(name)
        if engine is None or not told:
            return {}
        try:
            reading = engine.read([panel.text for panel in told], doc.board.cast)
        except EngineError as error:
            if not name:
                raise
            self.problems[name] = str(error)
            return {}
        mine = {panel.id for panel in doc.board.panels if self.own_name(panel) == name}
        if not name:
            record_found(doc, reading, {**doc.board.cast, **reading.cast}, {"", *mine})
        else:
            record_found(doc, reading, cast_beside(doc.board.cast, reading.cast, self.main.reads_story), mine)
        return {panel.id: str(said) for panel, said in zip(told, reading.sentences, strict=True) if panel.id in mine}

    def renew(self, doc: Document) -> None:
        """Record the present weights of the panels' own models, so that pictures of others count as changed."""
        commands: list[Command] = []
        for panel in told_panels(doc.board):
            engine = self.of(panel) if panel.model and panel.model.weights_sha256 else None
            if engine is not None and (model := model_ref(dict(engine.info))) != panel.model:
                commands.append(set_model(model, panel.id))
        if commands:
            doc.apply(Batch(label="models", commands=tuple(commands)))


def cast_beside(cast: Mapping[str, str], found: Mapping[str, str], main_reads: bool) -> dict[str, str]:
    """Return the cast of a board once a panel's own model has found ``found``.

    Who plays whom is said by the board's model, where that reads the story (``main_reads``): what another casts besides
    would change the pictures of all panels that tell of the name, and it casts the same each time. Where the board's
    model knows no cast, that of the panel's own model is kept, to be seen and changed.
    """
    return dict(cast) if main_reads else {**found, **cast}


def keeping(panel: Panel, take: Take, pick: bool = True) -> list[Command]:
    """Return the commands that give a panel a take; where its own model drew it, they also record with what weights."""
    adding: Command = add_take(panel.id, take, pick)
    own = panel.model is not None and panel.model.name == take.model.name and panel.model != take.model
    return [set_model(take.model, panel.id), adding] if own else [adding]
