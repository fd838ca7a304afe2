"""How a story is read for the pages: its sentences, what was found in them, and who can play a part (no torch)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seqgan.sampling import Reading, StageSampler


@dataclass(frozen=True)
class Member:
    """One of the cast, as the menus show it."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True)
class Read:
    """A story as the reader sees it: its sentences, what was found in them, and who can play a part."""

    sentences: tuple[str, ...]
    reading: Reading
    members: dict[str, Member]


def split(text: str) -> tuple[str, ...]:
    """Return the sentences of a story."""
    from studio.stories.split import split_story

    return tuple(split_story(text))


def read(sentences: tuple[str, ...], cast: Mapping[str, str]) -> Read:
    """Return what sentences say; ``cast``: name -> who plays it, of those that come up."""
    story = " ".join(sentences)
    reading = reader().read(sentences, {name: who for name, who in cast.items() if name in story})
    return Read(sentences, reading, members())


def members() -> dict[str, Member]:
    """Return the cast: id -> member."""
    return {each.id: Member(each.id, each.name, each.kind) for each in reader().lexicon.members}


def places() -> dict[str, str]:
    """Return setting -> what it is called, in the world of the reader."""
    return {name: name.replace("_", " ") for name in reader().lexicon.places}


@lru_cache(maxsize=1)
def reader() -> StageSampler:
    """Return the torch-free reader (seconds, the first time); it and the models know the same words."""
    from seqgan.sampling import StageSampler

    return StageSampler()
