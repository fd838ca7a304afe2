"""The stories of a batch: lines of a .jsonl, text files, or folders of text files.

    {"id": "snow-day", "story": "Mia walks in the snow. She waves.", "seed": 3, "cast": {"Anna": "Mia"}}

A line or file that is no story is an entry too, a `Refused`, so that it can be reported and the others drawn.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from studio.errors import StoryError
from studio.stories.reading import clean_text, read_story_file

LONGEST_ID = 120
"""Bytes of an id: the names of files are made of it, and most systems take 255."""
_UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_TAKEN = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices."""


@dataclass(frozen=True)
class Story:
    """One story. ``id`` names its files, ``source`` says where it stood; what is None or empty is the batch's."""

    id: str
    text: str
    source: str = ""
    title: str | None = None
    seed: int | None = None
    cast: Mapping[str, str] = field(default_factory=dict)
    model: str | None = None
    takes: int | None = None
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """A line or file that is no story, and why."""

    source: str
    error: str


# Reading -------------------------------------------------------------------------------------------------------------


def read_stories(sources: Sequence[str | Path]) -> Iterator[Story | Refused]:
    """Read stories in order: the lines of a .jsonl, the .txt files of a folder by name, any other file as one story.

    Raises:
        StoryError: if a source is missing, or a folder without a .txt, before any story is read.
    """
    paths = [path for source in sources for path in _files(Path(source))]
    return _once(entry for path in paths for entry in _entries(path))


def _files(source: Path) -> list[Path]:
    if source.is_dir():
        found = sorted(source.glob("*.txt"))
        if not found:
            raise StoryError(f"{source} holds no .txt; name a folder of stories, or a .jsonl with one a line")
        return found
    if not source.is_file():
        raise StoryError(f"there is no file {source}; name a .jsonl with one story a line, a .txt or a folder of them")
    return [source]


def _entries(path: Path) -> Iterator[Story | Refused]:
    if path.suffix.lower() not in (".jsonl", ".ndjson", ".json"):
        yield _tried(partial(_read_file, path), str(path))
        return
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _tried(partial(_read_line, line, f"{path}:{number}"), f"{path}:{number}")


def _read_file(path: Path) -> Story:
    return Story(_fit_id(path.stem, str(path)), read_story_file(path), str(path))


def _tried(read: Callable[[], Story], source: str) -> Story | Refused:
    try:
        return read()
    except StoryError as error:
        return Refused(source, str(error))


def _once(entries: Iterable[Story | Refused]) -> Iterator[Story | Refused]:
    """Refuse the second story of an id, whatever its case: on some systems both would be written to one place."""
    seen: dict[str, str] = {}
    for entry in entries:
        first = seen.setdefault(entry.id.casefold(), entry.source) if isinstance(entry, Story) else None
        if isinstance(entry, Story) and first != entry.source:
            yield Refused(entry.source, f"{entry.source}: the id {entry.id!r} is that of {first} too; give it another")
        else:
            yield entry


def pick_shard(entries: Iterable[Story | Refused], number: int, count: int) -> list[Story | Refused]:
    """Return the ``number``-th (from 1) of ``count`` shards: every ``count``-th entry.

    Entries are dealt out by their place, not by a hash of their id: shards are then equal to within one story, and a
    line without an id has a shard that reports it. All shards must be given the same file; what moves to another shard
    when lines are added is still skipped where it was drawn before.
    """
    return list(islice(entries, number - 1, None, count))


# One line ------------------------------------------------------------------------------------------------------------


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_KEYS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "id": (lambda value: isinstance(value, str) or _whole(value), "a text"),
    "story": (lambda value: isinstance(value, str), "a text"),
    "title": (lambda value: isinstance(value, str), "a text"),
    "seed": (lambda value: _whole(value) and value >= 0, "a whole number from 0"),
    "cast": (
        lambda value: isinstance(value, dict) and all(isinstance(who, str) and who.strip() for who in value.values()),
        'names and who plays them, like {"Anna": "Mia"}',
    ),
    "model": (lambda value: isinstance(value, str), "the name or folder of a model"),
    "takes": (lambda value: _whole(value) and 1 <= value <= 100, "1 to 100"),
}
"""Key of a line -> whether a value fits, and what is expected."""


def _read_line(line: bytes, source: str) -> Story:
    told = _checked(_parsed(line, source), source)
    return Story(
        id=_fit_id(str(told["id"]), source),
        text=clean_text(told["story"], f"{source}: the story"),
        source=source,
        title=told.get("title"),
        seed=told.get("seed"),
        cast=told.get("cast") or {},
        model=told.get("model"),
        takes=told.get("takes"),
        ignored=tuple(key for key in told if key not in _KEYS),
    )


def _parsed(line: bytes, source: str) -> dict[str, Any]:
    try:
        told = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise StoryError(f"{source} is not UTF-8 text (byte 0x{line[error.start]:02x}); save it as UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise StoryError(f'{source} is no JSON ({error}); write one {{"id": ..., "story": ...}} a line') from error
    if not isinstance(told, dict):
        raise StoryError(f'{source} is no object; write it like {{"id": "walk", "story": "Mia walks. She waves."}}')
    return told


def _checked(told: dict[str, Any], source: str) -> dict[str, Any]:
    for key in ("id", "story"):
        if told.get(key) is None:
            raise StoryError(f'{source} has no "{key}"; write it like {{"id": "walk", "story": "Mia walks."}}')
    for key, (fits, expected) in _KEYS.items():
        if told.get(key) is not None and not fits(told[key]):
            came = json.dumps(told[key], ensure_ascii=False)[:60]
            raise StoryError(f'{source}: "{key}" is {came}, expected {expected}')
    return told


def _fit_id(name: str, source: str) -> str:
    """Return an id that is a file's name on every system, in normal form C."""
    name = unicodedata.normalize("NFC", name)
    size = len(name.encode("utf-8", errors="replace"))
    odd = any(unicodedata.category(char) in ("Cc", "Cs") for char in name)
    if odd or _UNFIT.search(name) or _TAKEN.fullmatch(name) or not 1 <= size <= LONGEST_ID or name != name.strip(" ."):
        raise StoryError(
            f"{source}: the id {name[:60]!r} cannot name files; take letters, digits, - and _, {LONGEST_ID} at most"
        )
    return name
