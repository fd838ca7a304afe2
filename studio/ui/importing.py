"""A file that was handed in to the page Story: text for its field, or a new board in the editor's folder."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from studio.document import Document, unpack_board
from studio.errors import StoryError, StudioError
from studio.rendering import name_of, said_notes, take_pictures
from studio.stories.draft import Draft, board_of
from studio.stories.importing import draft_from
from studio.stories.packed import holds_board, read_pack
from studio.stories.pictures import ENDINGS as PICTURES
from studio.stories.pictures import by_name, read_pictures
from studio.ui.boards import free_path

TEXT = ("txt", "md", "markdown")
"""Files that are nothing but a story."""
PANELS = ("fountain", "spmd", "csv", "tsv", "storyboarder")
PACKED = ("boardz", "zip")
SUFFIXES = (*TEXT, *PANELS, *PACKED, *PICTURES)
MAX_MIB = 256


@dataclass(frozen=True)
class Brought:
    """What came of a file: a story's text, or the folder of a new board; ``notes`` say what was left out.

    ``problem`` says why nothing came of it.
    """

    text: str = ""
    board: Path | None = None
    notes: tuple[str, ...] = ()
    problem: str = ""


def bring_in(files: Sequence[tuple[str, bytes]]) -> Brought:
    """Read a file by the ending of its name, or several pictures as one board; a board is made whole or not at all.

    Args:
        files: name and bytes of each, at least one.

    Raises:
        StoryError: if a file is not what its ending says, its ending is none of :data:`SUFFIXES`, or several came that
            are not all pictures.
        DocumentError: if it is no sound board, or the disk refuses.
    """
    if all(_ending(name) in PICTURES for name, _ in files):
        return _pictures(files)
    if len(files) > 1:
        other = next(name for name, _ in files if _ending(name) not in PICTURES)
        raise StoryError(f"{len(files)} files came and {other} is no picture; import it by itself, or pictures alone")
    ((name, data),) = files
    ending = _ending(name)
    if ending in TEXT:
        draft = draft_from(data, name)
        return _board(draft, name) if _is_more(draft) else _story(draft)
    if ending in PANELS:
        return _board(draft_from(data, name), name)
    if ending in PACKED:
        return _unpacked(name, data)
    raise StoryError(f"{name} is of no kind that is read here; expected one of: {', '.join(SUFFIXES)}")


def _ending(name: str) -> str:
    return Path(name).suffix.lower().removeprefix(".")


def _story(draft: Draft) -> Brought:
    """A story as text: sentences that a file sets apart stay apart."""
    return Brought(draft.story or "\n\n".join(panel.text for panel in draft.panels), notes=draft.notes)


def _is_more(draft: Draft) -> bool:
    """Whether a story has headings, for which a field of sentences has no place."""
    return bool(draft.title or draft.logline or any(panel.scene for panel in draft.panels))


def _board(draft: Draft, name: str) -> Brought:
    board = board_of(draft, name_of(Path(name)))
    with Document.create(free_path(board.title), board) as doc:
        take_pictures(doc, draft)
        return Brought(board=doc.path, notes=tuple(said_notes(doc.board)))


def _unpacked(name: str, data: bytes) -> Brought:
    with _beside(name, data) as path:
        try:
            if holds_board(path):
                return Brought(board=unpack_board(path, free_path(Path(name).stem)))
            draft = read_pack(path, path.with_name("unpacked"), name)
            return _board(draft, draft.title or name)
        except StudioError as error:
            raise type(error)(str(error).replace(str(path), name)) from error


def _pictures(files: Sequence[tuple[str, bytes]]) -> Brought:
    """A board of pictures, in the order of their names, or of one film."""
    with tempfile.TemporaryDirectory(prefix="studio-") as scratch:
        folder = Path(scratch)
        for number, (name, data) in enumerate(files):  # of two folders, files may have one name
            path = folder / str(number) / Path(name).name
            path.parent.mkdir()
            path.write_bytes(data)
        paths = sorted((path for path in folder.glob("*/*")), key=by_name)
        try:
            return _board(read_pictures(paths), paths[0].name if len(paths) == 1 else "Pictures")
        except StudioError as error:
            raise type(error)(str(error).replace(f"{folder}/", "")) from error


@contextmanager
def _beside(name: str, data: bytes) -> Iterator[Path]:
    """A file of those bytes in a folder of its own, for as long as it is read."""
    with tempfile.TemporaryDirectory(prefix="studio-") as scratch:
        path = Path(scratch) / f"file{Path(name).suffix.lower()}"
        path.write_bytes(data)
        yield path
