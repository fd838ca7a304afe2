"""A file that was handed in to the page Story: text for its field, or a new board in the editor's folder."""

from __future__ import annotations

import tempfile
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath

from studio.document import Document, unpack_board
from studio.document.zips import Limits, unpack_zip
from studio.errors import DocumentError, StoryError, StudioError
from studio.rendering import name_of, said_notes, take_pictures
from studio.stories.draft import Draft, board_of
from studio.stories.importing import draft_from
from studio.ui.boards import free_path

TEXT = ("txt", "md", "markdown")
"""Files that are nothing but a story."""
PANELS = ("fountain", "spmd", "csv", "tsv", "storyboarder")
PACKED = ("boardz", "zip")
SUFFIXES = (*TEXT, *PANELS, *PACKED)
MAX_MIB = 256
_MEMBERS, _BYTES = 20_000, 2 << 30
_BOARD, _PROJECT = "manifest.json", ".storyboarder"


@dataclass(frozen=True)
class Brought:
    """What came of a file: a story's text, or the folder of a new board; ``notes`` say what was left out.

    ``problem`` says why nothing came of it.
    """

    text: str = ""
    board: Path | None = None
    notes: tuple[str, ...] = ()
    problem: str = ""


def bring_in(name: str, data: bytes) -> Brought:
    """Read a file by the ending of its name; a board is made whole or not at all.

    Raises:
        StoryError: if it is not what its ending says, or its ending is none of :data:`SUFFIXES`.
        DocumentError: if it is no sound board, or the disk refuses.
    """
    ending = Path(name).suffix.lower().removeprefix(".")
    if ending in TEXT:
        return _story(draft_from(data, name))
    if ending in PANELS:
        return _board(draft_from(data, name), name)
    if ending in PACKED:
        return _unpacked(name, data)
    raise StoryError(f"{name} is of no kind that is read here; expected one of: {', '.join(SUFFIXES)}")


def _story(draft: Draft) -> Brought:
    """A story as text: sentences that a file sets apart stay apart."""
    headings = dict.fromkeys([draft.title, *(line for panel in draft.panels for line in panel.scene.splitlines())])
    named = ", ".join(heading for heading in headings if heading)
    notes = (*draft.notes, *([f"the headings ({named}) were left out: a story here is sentences alone."] * bool(named)))
    return Brought(draft.story or "\n\n".join(panel.text for panel in draft.panels), notes=notes)


def _board(draft: Draft, name: str) -> Brought:
    board = board_of(draft, name_of(Path(name)))
    with Document.create(free_path(board.title), board) as doc:
        take_pictures(doc, draft)
        return Brought(board=doc.path, notes=tuple(said_notes(doc.board)))


def _unpacked(name: str, data: bytes) -> Brought:
    with tempfile.TemporaryDirectory(prefix="studio-") as scratch:
        path = Path(scratch) / "file.zip"
        path.write_bytes(data)
        try:
            project = _project(name, data)
            return _from_project(path, project) if project else _from_board(path, name)
        except StudioError as error:
            raise type(error)(str(error).replace(str(path), name)) from error


def _project(name: str, data: bytes) -> str:
    """The one .storyboarder in an archive, "" for a board of ours (and for what is no archive: unpacking it says so).

    Raises:
        StoryError: if neither is in it, or several boards of Storyboarder.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as pack:
            paths = [PurePosixPath(each) for each in pack.namelist() if not each.startswith("__MACOSX/")]
    except zipfile.BadZipFile:
        return ""
    if any(path.name == _BOARD for path in paths):
        return ""
    projects = [path.name for path in paths if path.suffix.lower() == _PROJECT]
    if len(projects) == 1:
        return projects[0]
    found = f"{len(projects)} boards of Storyboarder" if projects else "neither a board of ours nor one of Storyboarder"
    raise StoryError(f"{name} holds {found}; expected one: zip the folder of a single board")


def _from_board(path: Path, name: str) -> Brought:
    return Brought(board=unpack_board(path, free_path(Path(name).stem)))


def _from_project(path: Path, project: str) -> Brought:
    """A project of Storyboarder with its pictures."""
    folder = path.with_name("project")
    try:
        unpack_zip(path, folder, Limits("project of Storyboarder", _MEMBERS, _BYTES, project), lambda _name: "")
    except OSError as error:
        raise DocumentError(f"{path} could not be unpacked ({error.strerror or error}); free some space") from error
    file = next(found for found in folder.rglob("*") if found.name == project)
    return _board(draft_from(file.read_bytes(), project, folder=file.parent), project)
