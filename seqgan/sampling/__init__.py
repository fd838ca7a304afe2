"""Text and seed in, uint8 pictures out.

    from seqgan.sampling import StageSampler, StorySampler

Names load on first use, so that importing this package costs nothing and the stage never brings torch:

    StorySampler      a trained StoryGAN (torch)           StageSampler   composes from a cast pack (torch-free)
    FrameSampler      a caption, a picture (torch)
    surprise(seed)    a story by the theatre's grammar     read_story, Reading, Note   what a story says
    panel_noise       noise that a seed alone decides       import_spacy   spaCy without torch
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seqgan.data.theatre.grammar import surprise
    from seqgan.sampling.frame import FrameSampler
    from seqgan.sampling.noise import panel_noise
    from seqgan.sampling.stage import StageSampler
    from seqgan.sampling.story import StorySampler
    from seqgan.text.reading import Note, Reading, read_story
    from seqgan.text.tagging import import_spacy

_HOMES = {
    "FrameSampler": "seqgan.sampling.frame",
    "Note": "seqgan.text.reading",
    "Reading": "seqgan.text.reading",
    "StageSampler": "seqgan.sampling.stage",
    "StorySampler": "seqgan.sampling.story",
    "import_spacy": "seqgan.text.tagging",
    "panel_noise": "seqgan.sampling.noise",
    "read_story": "seqgan.text.reading",
    "surprise": "seqgan.data.theatre.grammar",
}

__all__ = [
    "FrameSampler", "Note", "Reading", "StageSampler", "StorySampler", "import_spacy", "panel_noise", "read_story",
    "surprise",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
