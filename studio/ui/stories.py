"""The story that is being written: examples, a draft that survives a reload, and the board that it becomes."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from seqgan.errors import SeqganError
from seqgan.resources import asset
from studio.document import Document, new_board, retell
from studio.document.files import write_atomic
from studio.errors import DocumentError
from studio.stories.reading import read_story_file
from studio.stories.split import split_story
from studio.ui.boards import boards_folder, free_path, title_of

EXAMPLES = 3


@dataclass(frozen=True)
class Example:
    """A story that ships with the program."""

    title: str
    text: str


def examples() -> list[Example]:
    """Return the first stories that ship, by name (none where there are none)."""
    try:
        files = sorted(asset("stories").glob("*.txt"))[:EXAMPLES]
    except SeqganError:
        return []
    return [Example(path.stem.replace("-", " ").capitalize(), read_story_file(path).strip()) for path in files]


def draft_file() -> Path:
    """Return where the story in the text field is kept from day to day."""
    return boards_folder() / ".draft.txt"


def load_draft() -> str:
    """Return the story that was being written last, or ""."""
    try:
        return draft_file().read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def save_draft(text: str) -> None:
    """Keep the story that is being written, where it is another (a disk that refuses loses nothing of the page's)."""
    if text == load_draft():
        return
    with contextlib.suppress(DocumentError, OSError, ValueError):
        draft_file().parent.mkdir(parents=True, exist_ok=True)
        write_atomic(draft_file(), text.encode())


def board_from(text: str, cast: dict[str, str]) -> Document:
    """Make a board of a story in the editor's folder, with nothing drawn yet, and return it open.

    Raises:
        StoryError: if the story is empty, or not text.
        DocumentError: if the folder cannot be written.
    """
    sentences = split_story(text)
    title = title_of(sentences)
    return Document.create(free_path(title), new_board(title, sentences, story=text, cast=_used(cast, text)))


def tell_anew(doc: Document, text: str, cast: dict[str, str]) -> None:
    """Make a board tell a changed story; panels whose sentences are still there keep their pictures.

    Raises:
        StoryError: if the story is empty, or not text.
        DocumentError: if the board cannot be written.
    """
    from studio.document import set_cast

    doc.keep_before("Before the story was changed")
    doc.apply(retell(doc.board, text, split_story(text)))
    wanted = {**doc.board.cast, **_used(cast, text)}
    if wanted != doc.board.cast:
        doc.apply(set_cast(wanted))


def _used(cast: dict[str, str], text: str) -> dict[str, str]:
    return {name: who for name, who in cast.items() if name in text}
