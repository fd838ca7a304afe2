"""The document: a board of panels, each with its takes, as frozen pydantic models.

    board.json = Board { panels: [Panel { takes: [Take] }] }

Nothing here is changed in place: a command (:mod:`studio.document.commands`) returns a new board. Unknown keys are
kept and written back (``extra="allow"``), so a file of a later version passes through an earlier one unharmed. Times
are integer milliseconds; moments are ISO 8601 in UTC; ids are ULIDs that we write and never reuse.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from studio.document.seeds import take_seed

FORMAT = "seqgan.board"
VERSION = 1
"""The version of the files that this program writes; a file with a higher one opens read-only."""
MIN_READER = 1
"""The lowest version of the program that can read what we write."""

Seed = Annotated[int, Field(ge=0, lt=2**63)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Milliseconds = Annotated[int, Field(ge=0, le=24 * 3600 * 1000)]
Share = Annotated[float, Field(ge=0, le=1)]


def _inside(window: tuple[float, float, float]) -> tuple[float, float, float]:
    left, top, size = window
    if size <= 0 or max(left, top) + size > 1 + 1e-9:
        raise ValueError(f"a window was to be {window}; expected (left, top, size) that lie inside the picture")
    return window


Window = Annotated[tuple[Share, Share, Share], AfterValidator(_inside)]
WHOLE = (0.0, 0.0, 1.0)


class Record(BaseModel):
    """What every saved thing has in common: frozen, and keeping the keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="allow")


class ModelRef(Record):
    """What draws: the name of a model and the hash of its weights (of its pictures, for the stage)."""

    name: str
    weights_sha256: str = ""
    revision: str = ""


class Note(Record):
    """One thing that reading the story found: a word mapped or ignored, a name given to a cast member.

    ``panel`` is the id of a panel, or "" for the whole story; ``message`` is a whole sentence for people.
    """

    kind: str
    panel: str = ""
    word: str = ""
    meaning: str = ""
    message: str = ""


class Given(Record):
    """The file of a person's own picture: its name, the sha256 of its bytes, and the IPTC mark that it declares."""

    file: str = ""
    sha256: str = ""
    digital_source_type: str = ""


class Take(Record):
    """One rendering of a panel. All takes are kept; ``media`` is the sha256 of the file's bytes.

    ``size`` is (width, height) in pixels. ``input_hash`` and ``context_hash`` say what it was drawn from
    (:mod:`studio.document.marks`); ``prompt`` is the text that conditioned the network after reading; ``composed``
    marks a picture put together from art, not generated, ``given`` a person's own, neither the one nor the other, and
    ``starred`` one that somebody likes. Of a clip that moves a picture, ``parent_take`` is the take of that picture,
    whose seed and hashes it has, and ``knobs`` say how it moves.
    """

    id: str
    number: Annotated[int, Field(ge=0)] = 0
    kind: Literal["image", "clip"] = "image"
    media: Sha256
    size: tuple[int, int] | None = None
    seed: Seed = 0
    model: ModelRef
    composed: bool = False
    given: Given | None = None
    starred: bool = False
    knobs: dict[str, Any] = {}
    text: str = ""
    prompt: str = ""
    input_hash: str = ""
    context_hash: str = ""
    seconds: Annotated[float, Field(ge=0)] = 0.0
    device: str = ""
    versions: dict[str, str] = {}
    created: str = ""
    parent_take: str | None = None

    @property
    def suffix(self) -> str:
        """The ending of its file in ``media``, without the dot."""
        return "png" if self.kind == "image" else "mp4"


class Transition(Record):
    """How a panel passes to the next one: at once, one picture through the other, or through black; ``ms`` in all."""

    kind: Literal["cut", "dissolve", "fade"] = "cut"
    ms: Milliseconds = 500


class Camera(Record):
    """Pan and zoom over a picture: the windows that are seen at the panel's beginning and at its end.

    A window is (left, top, size) in shares of the picture, ``size`` of both its sides; (0, 0, 1) is all of it.
    """

    start: Window = WHOLE
    end: Window = WHOLE


class Scene(Record):
    """A heading over some panels, such as "INT. KITCHEN - DAY"."""

    id: str
    title: str = ""


class Panel(Record):
    """One sentence's slot. ``seed`` comes from (board seed, ``ordinal``) when it is made, and stays when it moves.

    ``text`` is what is drawn; ``scene_id`` is that of its scene on the board ("" for none), ``shot`` the number that
    people call it by ("" for the one that follows from its scene and place), ``dialogue``,
    ``action`` and ``notes`` are theirs. ``model`` draws this panel alone, None for the board's; without a hash, any
    weights of that name do. ``duration_ms`` is None for the default rule
    (:func:`studio.document.durations.default_duration_ms`), ``transition`` None for the film's own; ``first_seed`` is
    the seed of the first take where that was taken over from another picture.
    """

    id: str
    ordinal: Annotated[int, Field(ge=0)] = 0
    text: str = ""
    scene_id: str = ""
    shot: str = ""
    dialogue: str = ""
    action: str = ""
    notes: str = ""
    seed: Seed = 0
    first_seed: Seed | None = None
    duration_ms: Milliseconds | None = None
    transition: Transition | None = None
    camera: Camera | None = None
    locked: bool = False
    starred: bool = False
    model: ModelRef | None = None
    knobs: dict[str, Any] = {}
    takes: tuple[Take, ...] = ()
    current_take: str | None = None
    created: str = ""

    @property
    def take(self) -> Take | None:
        """The picked take, or None where nothing is drawn yet."""
        return next((take for take in self.takes if take.id == self.current_take), None)

    @property
    def next_take_number(self) -> int:
        """The number of the take to be made next (0 for the first)."""
        return max((take.number for take in self.takes), default=-1) + 1

    def seed_of(self, number: int) -> int:
        """Return the seed of take ``number`` (from 0)."""
        return take_seed(self.seed, number) if number or self.first_seed is None else self.first_seed


class Board(Record):
    """The whole document. ``revision`` counts the journal entries that made it, undo and redo included.

    ``logline`` is the story in a sentence, ``scenes`` the headings that its panels stand under.
    ``imported`` is the digest of the draft that it was made of, "" for a story that is nothing but text.
    """

    id: str
    revision: Annotated[int, Field(ge=0)] = 0
    title: str = ""
    logline: str = ""
    story: str = ""
    split: Literal["sentence", "line", "scene"] = "sentence"
    aspect: str = "16:9"
    seed: Seed = 0
    model: ModelRef | None = None
    cast: dict[str, str] = {}
    knobs: dict[str, Any] = {}
    notes: tuple[Note, ...] = ()
    imported: str = ""
    scenes: tuple[Scene, ...] = ()
    panels: tuple[Panel, ...] = ()
    created: str = ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """The text of every panel, in order."""
        return tuple(panel.text for panel in self.panels)

    @property
    def next_ordinal(self) -> int:
        """The ordinal that the next new panel gets; panels that are there never share it."""
        return max((panel.ordinal for panel in self.panels), default=-1) + 1

    def index(self, panel_id: str) -> int | None:
        """Return the place of a panel (from 0), or None if it is not on this board."""
        return next((k for k, panel in enumerate(self.panels) if panel.id == panel_id), None)

    def panel(self, panel_id: str) -> Panel | None:
        """Return a panel by id, or None if it is not on this board."""
        return next((panel for panel in self.panels if panel.id == panel_id), None)


class Manifest(Record):
    """``manifest.json``: what kind of folder this is and who can read it."""

    format: str = FORMAT
    version: int = VERSION
    min_reader: int = MIN_READER
    app: str = ""
    id: str = ""
    created: str = ""
