"""Options that several commands share, and how their texts are read."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


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


StoryFile = Annotated[str, typer.Argument(metavar="FILE", help="A file with a story, or - for text from the input.")]
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
Force = Annotated[
    bool, typer.Option("--force", help="Move a board of another story to NAME.board.bak-N, and make a new one.")
]

To = Annotated[str, typer.Option("--to", metavar="LIST", help="Formats: mp4, gif, webp, png, pdf, srt.")]
OutFolder = Annotated[Path, typer.Option("-o", "--out", metavar="DIR", help="Folder for the files.")]
Panels = Annotated[str | None, typer.Option("--panels", metavar="RANGE", help="Only these panels, like 2-5,9.")]
CaptionMode = Annotated[
    Captions, typer.Option("--captions", help="burn: as type below the picture; srt: in a file beside; none.")
]
Layout = Annotated[str, typer.Option("--layout", metavar="CxR", help="Columns x rows of a page of the PDF.")]
Fps = Annotated[int, typer.Option("--fps", help="Frames per second of the film.")]
FilmSize = Annotated[str, typer.Option("--size", metavar="WxH", help="Pixels of the film.")]


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
