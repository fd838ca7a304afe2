"""Options that several commands share, and how their texts are read."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from studio.export import FORMATS, ExportOptions, film_size, parse_fields, parse_layout, parse_size


class Engine(StrEnum):
    """What draws."""

    gan = "gan"
    stage = "stage"
    frame = "frame"


class Split(StrEnum):
    """What becomes a panel."""

    sentence = "sentence"
    line = "line"
    scene = "scene"


class Captions(StrEnum):
    """Where captions go."""

    none = "none"
    burn = "burn"
    srt = "srt"
    vtt = "vtt"
    soft = "soft"


class Told(StrEnum):
    """What is told of a panel."""

    text = "text"
    dialogue = "dialogue"
    action = "action"
    notes = "notes"


class Paper(StrEnum):
    """What a page of the PDF is printed on."""

    a4 = "a4"
    a4_upright = "a4-upright"
    letter = "letter"
    letter_upright = "letter-upright"


class Passing(StrEnum):
    """How a panel passes to the next."""

    cut = "cut"
    dissolve = "dissolve"
    fade = "fade"


class Aspect(StrEnum):
    """The shape of a film."""

    wide = "16:9"
    square = "1:1"
    upright = "9:16"


class PrecisionName(StrEnum):
    """What a model's numbers are while it draws."""

    float32 = "float32"
    bfloat16 = "bfloat16"


StoryFile = Annotated[
    str, typer.Argument(metavar="FILE", help="A file with a story, a folder of pictures, or - for text from the input.")
]
BoardPath = Annotated[Path, typer.Argument(metavar="BOARD", help="A board: the folder NAME.board, or NAME.boardz.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]

Model = Annotated[
    str | None, typer.Option("--model", help="Name or folder of a model (studio models list); default: the engine's.")
]
EngineName = Annotated[
    Engine,
    typer.Option(
        "--engine",
        help="gan: a trained model draws the story; stage: composed from art, without a model; frame: a model of "
        "captions draws each panel from its sentence alone.",
    ),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of the board: the same seed gives the same pictures.")]
Takes = Annotated[int, typer.Option("--takes", min=1, max=100, help="Takes of each panel.")]
SplitMode = Annotated[Split, typer.Option("--split", help="What becomes a panel.")]
PanelSize = Annotated[
    str | None, typer.Option("--size", metavar="WxH", help="Pixels of a panel; a model has its own, the stage any.")
]
Png = Annotated[Path, typer.Option("-o", "--out", metavar="NAME.png", help="Where the picture goes.")]
FrameModel = Annotated[
    str | None, typer.Option("--model", help="Name or folder of a model of captions; default: the best installed.")
]
FrameSeed = Annotated[int, typer.Option("--seed", min=0, help="Seed: the same seed gives the same picture.")]
Cast = Annotated[
    list[str] | None, typer.Option("--cast", metavar="NAME=WHO", help="Who plays a name: Anna=Mia. Repeatable.")
]
Device = Annotated[str, typer.Option("--device", help="auto, cpu, or cuda.")]
Precision = Annotated[
    PrecisionName,
    typer.Option(
        "--precision",
        help="bfloat16: faster where the device has instructions for it; float32: the same pictures everywhere.",
    ),
]
Force = Annotated[
    bool, typer.Option("--force", help="Move a board of another story to NAME.board.bak-N, and make a new one.")
]

To = Annotated[str, typer.Option("--to", metavar="LIST", help=f"Formats: {', '.join(FORMATS)}.")]
OutFolder = Annotated[Path, typer.Option("-o", "--out", metavar="DIR", help="Folder for the files.")]
Panels = Annotated[str | None, typer.Option("--panels", metavar="RANGE", help="Only these panels, like 2-5,9.")]
CaptionMode = Annotated[
    Captions,
    typer.Option(
        "--captions",
        help="burn: as type below the picture; srt, vtt: in a file beside; soft: a track of the MP4 that the player "
        "shows or hides; none.",
    ),
]
CaptionOf = Annotated[Told, typer.Option("--caption-of", help="What of a panel is its caption, and is spoken.")]
Layout = Annotated[
    str | None,
    typer.Option("--layout", metavar="CxR", help="Columns x rows of a page of the PDF; 3x2, on upright paper 2x4."),
]
PaperName = Annotated[
    Paper,
    typer.Option("--paper", help="What a page of the PDF is printed on; it lies on its side unless it is upright."),
]
Fields = Annotated[
    str, typer.Option("--fields", metavar="LIST", help="What the PDF and the HTML page print under the pictures.")
]
Fps = Annotated[int, typer.Option("--fps", help="Frames per second of the film.")]
AspectName = Annotated[
    Aspect | None, typer.Option("--aspect", help="Shape of the film; its size follows, 720 pixels on the shorter side.")
]
FilmSize = Annotated[
    str | None,
    typer.Option("--size", metavar="WxH", help="Pixels of the film; default: 1280x720, or as --aspect says."),
]
PassingKind = Annotated[
    Passing, typer.Option("--transition", help="How panels pass to the next that do not say so themselves.")
]
PassingMs = Annotated[int, typer.Option("--transition-ms", metavar="MS", help="How long that takes, from within them.")]
Music = Annotated[
    Path | None, typer.Option("--music", metavar="FILE", help="Music for the film, repeated or cut to its length.")
]
MusicVolume = Annotated[
    float, typer.Option("--music-volume", metavar="0..1", help="Its loudness; under speech it falls to a quarter.")
]
Narrate = Annotated[
    bool, typer.Option("--narrate", help="Have the captions spoken by espeak-ng; panels last as long as that takes.")
]
Voice = Annotated[
    str, typer.Option("--voice", metavar="NAME", help="A voice of espeak-ng, like en-gb, or a voice file of piper.")
]


@dataclass(frozen=True)
class Export:
    """What `film` and `render` can be told of an export, as it was typed."""

    panels: Panels = None
    captions: CaptionMode = Captions.burn
    caption_of: CaptionOf = Told.text
    aspect: AspectName = None
    size: FilmSize = None
    fps: Fps = 24
    transition: PassingKind = Passing.dissolve
    transition_ms: PassingMs = 300
    music: Music = None
    music_volume: MusicVolume = 0.5
    narrate: Narrate = False
    voice: Voice = ""
    layout: Layout = None
    paper: PaperName = Paper.a4
    fields: Fields = "text,dialogue,action,notes"

    def read(self) -> ExportOptions:
        """The same as the exporters take it.

        Raises:
            ExportError: for an option that cannot be read, is outside its range, or disagrees with another.
        """
        size = parse_size(self.size) if self.size is not None else None
        return ExportOptions(
            size=film_size(self.aspect.value if self.aspect else None, size),
            fps=self.fps,
            captions=self.captions.value,
            caption_of=self.caption_of.value,
            panels=self.panels,
            layout=parse_layout(self.layout) if self.layout is not None else None,
            paper=self.paper.value,
            fields=parse_fields(self.fields),
            transition=self.transition.value,
            transition_ms=self.transition_ms,
            music=self.music,
            music_volume=self.music_volume,
            narrate=self.narrate,
            voice=self.voice,
        ).checked()


def takes_export(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command every option of :class:`Export`; it gets them as one, in its parameter `export`."""
    own = inspect.signature(command, eval_str=True).parameters
    options = inspect.signature(Export, eval_str=True).parameters

    @functools.wraps(command)
    def with_options(**typed: Any) -> int:
        export = Export(**{name: typed.pop(name) for name in options})
        return command(export=export, **typed)

    parameters = [each for name, each in {**own, **options}.items() if name != "export"]
    only_named = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in parameters]
    with_options.__signature__ = inspect.Signature(only_named, return_annotation=int)  # type: ignore[attr-defined]
    with_options.__annotations__ = {each.name: each.annotation for each in parameters}
    return with_options


def read_cast(pairs: list[str] | None) -> dict[str, str]:
    """Read ["Anna=Mia"] as {"Anna": "Mia"}.

    Raises:
        typer.BadParameter: for a pair without a name, a "=", or someone who plays it.
    """
    cast: dict[str, str] = {}
    for pair in pairs or []:
        name, equals, who = (part.strip() for part in pair.partition("="))
        if not (name and equals and who):
            raise typer.BadParameter(f'--cast "{pair}" cannot be read; write it like Anna=Mia')
        cast[name] = who
    return cast
