"""Zips: a project of Storyboarder, pictures, or what we exported; a zip with a board of ours is the document's."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

from studio.document.zips import Limits, unpack_zip
from studio.errors import DocumentError, StoryError
from studio.stories import storyboarder, table
from studio.stories.draft import Draft, DraftPanel
from studio.stories.pictures import PICTURES, read_folder
from studio.stories.reading import decode_story, story_bytes

MEMBERS, BYTES = 20_000, 2 << 30
_BOARD, _PROJECT = "manifest.json", ".storyboarder"
_MAX_TEXT = 64 << 20


def holds_board(path: Path) -> bool:
    """Whether a board of ours is in a zip, or it is no sound zip (unpacking it says so)."""
    names = _names(path)
    return names is None or any(each.name == _BOARD for each in names)


def read_pack(path: Path, folder: Path, name: str = "") -> Draft:
    """Unpack a zip without a board of ours to a new ``folder`` and read what is in it; its pictures lie there then.

    Args:
        path: the zip.
        folder: where to unpack; it must be kept until the pictures were taken.
        name: what messages call the zip.

    Raises:
        StoryError: if it holds neither a project of Storyboarder, nor several, nor pictures.
        DocumentError: if it is no sound zip, or the disk refuses.
    """
    name, members = name or path.name, _names(path) or []
    projects = [each.name for each in members if each.suffix.lower() == _PROJECT]
    has_pictures = any(each.suffix.lower()[1:] in PICTURES for each in members)
    if len(projects) > 1 or not (projects or has_pictures):
        found = (
            f"{len(projects)} boards of Storyboarder" if projects else "no board, no board of Storyboarder, no pictures"
        )
        raise StoryError(
            f"{name} holds {found}; expected one of them: zip the folder of a single board, or of pictures"
        )
    try:
        unpack_zip(path, folder, Limits("story", MEMBERS, BYTES, projects[0] if projects else ""), lambda _name: "")
    except OSError as error:
        raise DocumentError(f"{name} could not be unpacked ({error.strerror or error}); free some space") from error
    return _project(folder, projects[0]) if projects else _pictures(folder, name)


def _names(path: Path) -> list[PurePosixPath] | None:
    """What a zip says is in it, without litter; None for what is no zip."""
    try:
        with zipfile.ZipFile(path) as pack:
            return [PurePosixPath(each) for each in pack.namelist() if not each.startswith("__MACOSX/")]
    except zipfile.BadZipFile:
        return None


def _project(folder: Path, project: str) -> Draft:
    file = next(found for found in folder.rglob("*") if found.name == project)
    return storyboarder.read(story_bytes(file, _MAX_TEXT), project, file.parent)


def _pictures(folder: Path, name: str) -> Draft:
    """The pictures of a zip; with the shot list beside them that we export, also their words and lengths."""
    draft = read_folder(folder, deep=True)
    draft = replace(draft, title="" if draft.title == folder.name else draft.title)
    lists = list(folder.rglob("*.csv"))
    if len(lists) != 1:
        return draft
    shots = table.read(decode_story(lists[0].read_bytes(), lists[0].name), lists[0].name, "line")
    if [shot.text for shot in shots.panels] != [panel.text for panel in draft.panels]:
        return draft
    return replace(draft, panels=tuple(map(_listed, draft.panels, shots.panels)), notes=shots.notes)


def _listed(panel: DraftPanel, shot: DraftPanel) -> DraftPanel:
    told = {
        name: getattr(shot, name)
        for name in ("scene", "shot", "dialogue", "action", "notes", "duration_ms", "transition")
    }
    return replace(panel, **told)
