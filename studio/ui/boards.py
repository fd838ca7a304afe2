"""Which boards the editor may open: those in its own folder, and the one it was started with. Nothing else is shown."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from seqgan.resources import home
from studio.errors import DocumentError

if TYPE_CHECKING:
    from studio.document import Document

BOARD_VARIABLE = "STUDIO_BOARD"
"""Environment variable that names a board to open, for those who start the editor without `studio serve`."""
_SAVED = ("journal.jsonl", "board.json", "config.json")
_DEVICE = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")
"""Names that Windows keeps for devices, whatever ending follows."""


@dataclass(frozen=True)
class Shelved:
    """A board that can be opened: its name in addresses, title, number of panels, and when it was last saved."""

    name: str
    path: Path
    title: str
    panels: int
    saved: float

    def has(self, words: str) -> bool:
        """Whether all words are in its title or name, in any case."""
        return all(word in f"{self.title} {self.name}".casefold() for word in words.casefold().split())


def called(doc: Document) -> str:
    """Return what people call a board: its title, or else the name of its folder."""
    return doc.board.title or doc.path.stem


def boards_folder() -> Path:
    """Return the folder of the editor's own boards: ``$SEQGAN_HOME/boards`` (it may not exist yet)."""
    return home() / "boards"


def trash_folder() -> Path:
    """Return the folder of deleted boards (it may not exist yet), `studio.ui.trash`."""
    return boards_folder() / "trash"


def given_board(arguments: list[str]) -> Path | None:
    """Return the board that the editor was started with (its argument, else ``STUDIO_BOARD``), or None."""
    named = next(iter(arguments), "") or os.environ.get(BOARD_VARIABLE, "")
    return Path(named).expanduser().resolve() if named.strip() else None


def shelf(given: Path | None = None, words: str = "", limit: int | None = None) -> list[Shelved]:
    """Return the boards that may be opened, after the one that was given the newest first, at most ``limit``: those
    with all ``words`` in their titles or names, in any case."""
    boards = (shelved(path, saved) for path, saved in _ways(given))
    return list(islice((board for board in boards if board.has(words)), limit))


def _ways(given: Path | None) -> Iterator[tuple[Path, float]]:
    """The folders of boards and when each was saved, in the order of the shelf."""
    if given and given.exists():
        yield given, saved_at(given)
    folders = (path for path in boards_folder().glob("*.board") if path.resolve() != given and not path.is_symlink())
    own = [(path, saved_at(path)) for path in folders if (path / "manifest.json").is_file()]
    yield from sorted(own, key=lambda each: -each[1])


@lru_cache(maxsize=4096)
def shelved(path: Path, saved: float) -> Shelved:
    """Return what the folder of a board that was ``saved`` then says of itself, without opening it (an unreadable one
    shows its name)."""
    try:
        data = json.loads((path / "board.json").read_text(encoding="utf-8"))
        title, panels = str(data.get("title") or ""), len(data.get("panels") or ())
    except (OSError, ValueError, AttributeError, TypeError):
        title, panels = "", 0
    return Shelved(path.name, path, title or path.stem, panels, saved)


def saved_at(path: Path) -> float:
    """Return when a board (or model) was last written, in seconds since the epoch; 0 where that cannot be told."""
    moments = []
    for name in _SAVED:
        try:
            moments.append((path / name).stat().st_mtime)
        except OSError:
            continue
    return max(moments, default=0.0)


def find_board(name: str, given: Path | None = None) -> Path:
    """Return the board of a name from an address bar or a list.

    Raises:
        DocumentError: if no board of that name is in the editor's folder; the name is never used as a path.
    """
    if given is not None and name == given.name:
        return given
    known = {path.name: path for path in boards_folder().glob("*.board") if not path.is_symlink()}
    if name not in known:
        deleted = any(path.name == name for path in trash_folder().glob("*/*.board"))
        way = "it was deleted, and Open has it among Deleted boards" if deleted else "choose one from the list"
        raise DocumentError(f"there is no board {name!r} in {boards_folder()}; {way}")
    return known[name]


def free_path(title: str) -> Path:
    """Return a path for a new board in the editor's folder, named after its title: ``snow-day.board``."""
    return free_name(file_stem(title) or "story")


def free_name(stem: str) -> Path:
    """Return a path in the editor's folder that no board has yet: ``STEM.board``, else ``STEM-2.board`` and so on."""
    folder, number = boards_folder(), 1
    while (path := folder / f"{stem}{f'-{number}' if number > 1 else ''}.board").exists():
        number += 1
    return path


def file_stem(title: str) -> str:
    """Return the beginning of a file's name after a title, in plain letters: ``snow-day``; "" where it has none.

    Every system can have a file of that name: Windows none called ``con.board``, so that is ``con-1``.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")
    return f"{stem}-1" if _DEVICE.fullmatch(stem) else stem


def title_of(sentences: list[str], words: int = 5) -> str:
    """Return a title for a story: the first words of its first sentence."""
    start = sentences[0].split() if sentences else []
    title = " ".join(start[:words]).strip(" .,;:!?\"'")
    return title[:60] + ("…" if len(start) > words else "") or "Story"
