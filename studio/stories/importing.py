"""A file that tells a story, in any format that is read here, becomes a draft: one reader an ending.

    draft = read_draft("snow-day.fountain")
    draft = draft_from(uploaded.getvalue(), "shots.csv")

.txt and the rest   text                 .md .markdown        headings and paragraphs
.fountain .spmd     a screenplay         .csv .tsv            a table of shots
.storyboarder       a board of Storyboarder, with its pictures where they lie beside it
a folder            its pictures, a panel each  .png .jpg and the like  one picture
.mp4                a film that we exported, as are .gif and .webp
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from studio.errors import StoryError
from studio.stories import markdown, pictures, screenplay, storyboarder, table
from studio.stories.draft import Draft, typed
from studio.stories.reading import decode_story, read_story_file, story_bytes
from studio.stories.split import MODES

MAX_BYTES = 64 << 20
ENDINGS = ("txt", "md", "markdown", "fountain", "spmd", "csv", "tsv", "storyboarder")
"""What a file chooser offers; a file of another ending is read as text."""


class Reader(Protocol):
    """Reads the text of a file, called ``name`` in messages, into panels of a split ``mode``."""

    def __call__(self, text: str, name: str, mode: str) -> Draft: ...


_READERS: dict[str, Reader] = {
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".fountain": screenplay.read,
    ".spmd": screenplay.read,
    ".csv": table.read,
    ".tsv": table.read,
}


def read_draft(path: str | Path, mode: str = "sentence") -> Draft:
    """Read a story file by its ending; "-" reads text from the input.

    Args:
        path: the file, or a folder of pictures. Pictures of a .storyboarder are looked for beside it.
        mode: "sentence", "line" or "scene": what of running text becomes a panel. A row of a table and a board of
            Storyboarder are a panel each.

    Raises:
        StoryError: if it is missing or is not what its ending says; the message says what is wrong, and where.
    """
    path = Path(path)
    if path.is_dir():
        return pictures.read_folder(path)
    if path.suffix.lower().removeprefix(".") in pictures.ENDINGS:
        return pictures.read_pictures([path])
    if path.suffix.lower() not in (*_READERS, ".storyboarder"):
        return typed(read_story_file(path), mode)
    return draft_from(story_bytes(path, MAX_BYTES), str(path), mode, path.parent)


def draft_from(data: bytes, name: str, mode: str = "sentence", folder: Path | None = None) -> Draft:
    """Read the bytes of a story file by the ending of its name; ``folder`` is where its pictures may lie.

    Raises:
        StoryError: if it is not what its ending says; the message says what is wrong, and where.
    """
    if mode not in MODES:
        raise StoryError(f"split mode {mode!r} is unknown; expected one of {', '.join(MODES)}")
    if len(data) > MAX_BYTES:
        raise StoryError(f"{name} is larger than {MAX_BYTES} bytes, too large for a story; cut it into several")
    ending = Path(name).suffix.lower()
    if ending == ".storyboarder":
        return storyboarder.read(data, name, folder)
    text = decode_story(data, name)
    return _READERS[ending](text, name, mode) if ending in _READERS else typed(text, mode)
