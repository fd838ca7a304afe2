"""FluentMotion: the animated Fluent Emoji on white, told by their names; people, smileys, animals, travel and things.

    seqgan data fetch fluent-motion            # and emojibase
    seqgan data prepare fluent-motion -o data/fluent-motion

Cells of persona and action are held out as in FluentScenes. All others are split by what they show, so that no tone of
a thing crosses a split.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np

from seqgan.data.emoji_styles import GROUPS, SHARES, TAGS
from seqgan.data.fluent.art import Art, read_art, read_frames
from seqgan.data.fluent.cells import Cells
from seqgan.data.fluent.people import PERSONAS, actions, people, person_of
from seqgan.data.fluent.scenes import about_clips, check_clip, composed, source_folders, sprites
from seqgan.data.hashed import hashed
from seqgan.data.manifest import Record
from seqgan.data.sequences import CELLS, Clip, Story, write_sequences
from seqgan.data.workers import mapped

WHITE = 255
LINE = 15 / 16
"""The line that the art stands on, so that its picture fills the frame."""


def prepare_fluent_motion(
    out: Path | str, frames: int = 32, size: int = 64, seed: int = 0, folders: Mapping[str, Path] | None = None,
    workers: int = 1, progress: bool = True,
) -> Record:  # fmt: skip
    """Write every animation as a clip on white; returns dataset.json's record. Arguments, bytes and errors are as in
    `seqgan.data.fluent.scenes.prepare_fluent_scenes`."""
    check_clip(frames, size, seed)
    art = read_art(*source_folders(folders))
    cells = Cells.of(people(art), (), seed)
    about = {
        **about_clips("fluent-motion", frames, (size, size), seed), "split_by": CELLS,
        "groups": {"kinds": list(GROUPS.values()), "personas": list(PERSONAS), "actions": list(actions())},
        **cells.told(),
    }  # fmt: skip
    with mapped(partial, (plain_clip, frames, size), art, workers, 2) as made:
        return write_sequences(out, made, [plain_story(each, cells, seed) for each in art], about, progress)


def plain_clip(frames: int, size: int, art: Art) -> Clip:
    """One animation on white, frames uint8 (F, S, S, 3)."""
    work = 2 * size
    ground = np.full((work, work, 3), WHITE, np.uint8)
    pixels = composed(sprites(read_frames(art.path, frames), work), ground, LINE, (256, 256, 256), size)
    who = person_of(art)
    labels = {"personas": (who.persona,), "actions": (who.action.name,)} if who else {}
    return Clip(art.code, pixels, plain_captions(art), {"kinds": (art.group,), **labels})


def plain_captions(art: Art) -> tuple[str, ...]:
    """What may be said of an animation: its name, its tags, and the sentence of a person."""
    name, who = art.name.lower(), person_of(art)
    told = (who.sentence,) if who else ()
    return (name, f"a moving picture of {name}", *told, *([", ".join(art.tags[:TAGS])] if art.tags else []))


def plain_story(art: Art, cells: Cells, seed: int) -> Story:
    """The one clip of an animation as a story; its source is the cell of a person, else the name without its tone."""
    who = person_of(art)
    if who:
        return Story(art.code, cells.split(who), (art.code,), f"{who.action.name}, {who.persona}")
    source = art.name.lower().partition(": ")[0]
    return Story(art.code, concept_split(source, seed), (art.code,), source)


def concept_split(source: str, seed: int) -> str:
    """The split of what is no person's action, by the shares of EmojiStyles."""
    drawn, past = hashed(seed, "concept", source), 0.0
    for name, share in SHARES.items():
        past += share
        if drawn < past:
            return name
    return "train"
