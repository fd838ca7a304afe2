"""What was asked for, as plain data that survives a restart: drawings, exports, animations, clips.

    order = Export(board=doc.path, formats=["mp4"], options=ExportOptions())
    record, files = order.plain(), order.files          # what a queue keeps on disk
    read_order(record, files.get) == order

Each has an id, which tells what was made of it already: an animation's take has it, and names of clips begin with it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from studio.document import Document, new_id
from studio.document.schema import Sha256
from studio.errors import DocumentError
from studio.export.options import ExportOptions
from studio.rendering import panels_asked
from studio.ui.engines import Choice

MOST_TAKES = 10_000
"""Takes of a panel that somebody may have asked for."""
TAKES = 4
"""Clips that a sentence becomes at a time."""


def _choice(told: Any) -> Choice:
    match told:
        case Choice():
            return told
        case [str(engine), str(model)]:
            return Choice(engine, model)
    raise ValueError(f"{told!r} where an engine and a model were expected")


Drawer = Annotated[Choice, PlainValidator(_choice), PlainSerializer(lambda choice: [choice.engine, choice.model])]
BoardPath = Annotated[Path, AfterValidator(Path.resolve)]
Takes = Annotated[int, Field(gt=0, le=MOST_TAKES)]
Options = Annotated[ExportOptions, AfterValidator(ExportOptions.checked)]


class Enclosed(BaseModel):
    """A file that was handed in with an order: its name, and its bytes, which are kept beside the order's record."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    sha256: Sha256
    data: bytes = Field(exclude=True, repr=False)

    @classmethod
    def of(cls, name: str, data: bytes) -> Self:
        """Return a file of that name."""
        return cls(name=Path(name).name, sha256=hashlib.sha256(data).hexdigest(), data=data)

    @model_validator(mode="before")
    @classmethod
    def _fetched(cls, told: Any, info: ValidationInfo) -> Any:
        """Of a record that is read, with its bytes."""
        if info.context is None or not isinstance(told, dict):
            return told
        data = info.context(told.get("sha256"))
        if data is None:
            raise DocumentError(f"{told.get('name')}, which belongs to it, is gone or damaged; hand it in again")
        return {**told, "data": data}


class Order(BaseModel):
    """What all orders have: an ``id`` of their own, and ``starts``, how often a process ended in the middle of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str = Field(default_factory=new_id, pattern=r"^[0-9A-Z]{26}$")
    starts: int = Field(default=0, ge=0)

    def plain(self) -> dict[str, Any]:
        """Return it as JSON can hold it, but for its files."""
        return self.model_dump(mode="json")

    @property
    def enclosed(self) -> Enclosed | None:
        """The file that was handed in with it, if any."""
        return None

    @property
    def files(self) -> dict[str, bytes]:
        """The bytes of what was handed in with it, by their sha256."""
        return {self.enclosed.sha256: self.enclosed.data} if self.enclosed is not None else {}


class Drawing(Order):
    """Panels ("missing", "changed", "all", or ids) of a board that are to be drawn, with so many takes each.

    ``own``: name of a model that panels have for themselves -> what opens it; ``goals``: once drawing has begun, panel
    -> the number that its next take has when it is through.
    """

    kind: Literal["draw"] = "draw"
    board: BoardPath
    choice: Drawer
    panels: Literal["missing", "changed", "all"] | list[str] = "missing"
    takes: Takes = 1
    own: dict[str, Drawer] = {}
    goals: dict[str, Takes] = {}

    def begun(self, doc: Document) -> Self:
        """Return it as it is when drawing begins now: what is missing or has changed shows on the board itself, and of
        other panels it is known when they are through."""
        if self.panels in ("missing", "changed"):
            return self
        wanted = Counter(panels_asked(doc, self.panels, self.takes))
        goals = {each.id: each.next_take_number + wanted[each.id] for each in doc.board.panels if each.id in wanted}
        return self.model_copy(update={"goals": goals})

    def rest(self, doc: Document) -> list[Self]:
        """Return what is still to be drawn: one order for all panels that get equally many takes."""
        if self.panels in ("missing", "changed"):
            return [self]
        if not self.goals:
            present = self.panels if isinstance(self.panels, str) else self._present(doc)
            return [self.model_copy(update={"panels": present})] if present else []
        lacking: dict[int, list[str]] = {}
        for panel in doc.board.panels:
            count = self.goals.get(panel.id, 0) - panel.next_take_number
            if count > 0 and not (panel.locked and self.panels == "all"):
                lacking.setdefault(count, []).append(panel.id)
        updates = [{"panels": panels, "takes": takes, "goals": {}} for takes, panels in lacking.items()]
        return [self.model_copy(update=update) for update in updates]

    def _present(self, doc: Document) -> list[str]:
        return [name for name in self.panels if doc.board.panel(name) is not None]


class Export(Order):
    """Films and sheets of a board that are to be written; ``options`` have no music, which is handed in."""

    kind: Literal["export"] = "export"
    board: BoardPath
    formats: list[str]
    options: Options
    music: Enclosed | None = None

    @property
    def enclosed(self) -> Enclosed | None:
        """The music."""
        return self.music


class Animation(Order):
    """A panel of a board whose picture is to move; the take has the order's id."""

    kind: Literal["animation"] = "animation"
    board: BoardPath
    model: str
    panel: str

    def is_made(self, doc: Document) -> bool:
        """Whether the take is there."""
        return any(take.id == self.id for panel in doc.board.panels for take in panel.takes)


@dataclass(frozen=True)
class Asked:
    """What the page Clip asks for. ``motion_seed`` None: that of the scene; ``varied``: what differs among the takes,
    "scene" (each its seed, and its motion unless that is given) or "motion" (one scene, each its motion); ``seconds``:
    about how long each is, None for as long as the model learnt; ``enlarged``: how many times, None for what is good to
    watch."""

    text: str
    model: str
    seed: int = 0
    motion_seed: int | None = None
    varied: Literal["scene", "motion"] = "scene"
    first: Enclosed | None = None
    seconds: float | None = None
    enlarged: int | None = None

    @property
    def seeds(self) -> list[tuple[int, int]]:
        """The seeds of scene and motion of each take."""
        motion = self.seed if self.motion_seed is None else self.motion_seed
        if self.varied == "motion":
            return [(self.seed, motion + k) for k in range(TAKES)]
        return [(self.seed + k, self.seed + k if self.motion_seed is None else motion) for k in range(TAKES)]


class Clips(Order):
    """A sentence that is to become clips."""

    kind: Literal["clips"] = "clips"
    asked: Asked

    @property
    def enclosed(self) -> Enclosed | None:
        """The picture that the clips begin with."""
        return self.asked.first


Orders = Drawing | Export | Animation | Clips
_READER: TypeAdapter[Orders] = TypeAdapter(Annotated[Orders, Field(discriminator="kind")])


def read_order(record: Mapping[str, Any], file: Callable[[str], bytes | None]) -> Orders:
    """Return the order that :meth:`Order.plain` told; ``file`` returns the bytes of a sha256, None where it has none.

    Raises:
        DocumentError: if the record is anything else, or what was handed in with it is gone.
        ExportError: for an option of an export outside its range.
    """
    try:
        return _READER.validate_json(json.dumps(record), strict=True, context=file)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise DocumentError(f"a job could not be read ({where}: {first['msg']}); ask for it again") from error
