"""The theatre's stories as a data set of clips, for systems that draw a fixed number of panels a story.

    prepare_clips(asset("cast", "fluent"), "theatre-clips", {"train": 9000, "val": 400, "test": 600})

A story is the one that `prepare` composes for the same seed, split and number, sentence for sentence and pixel for
pixel. Stories have three to eight sentences; of those with five or more the first five are taken, so that what a panel
leaves untold was told in the story itself. Shorter ones, a quarter, are passed over and their numbers with them; so are
stories of test_unseen whose held-out pair comes after the fifth panel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import chain, count, islice
from pathlib import Path

from seqgan.data.manifest import Record
from seqgan.data.sequences import Clip, Story, write_sequences
from seqgan.data.theatre.facts import Facts
from seqgan.data.theatre.grammar import write_script
from seqgan.data.theatre.labels import LabelSpace, look_name
from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.prepare import CHUNK, Task, compose, story_counts, story_rng
from seqgan.data.theatre.splits import held_in
from seqgan.data.theatre.stage import Stage
from seqgan.data.theatre.words import WordPack
from seqgan.data.workers import mapped

LENGTH = 5
"""Panels of a story, as Pororo-SV has them."""
Labels = dict[str, tuple[str, ...]]


def prepare_clips(
    pack_dir: Path | str,
    out: Path | str,
    stories: int | Mapping[str, int],
    size: tuple[int, int] = (64, 112),
    seed: int = 0,
    workers: int = 1,
    progress: bool = True,
    jitter: float = 1.0,
) -> Record:
    """Compose `stories` stories of five clips, one frame each, into the folder `out`; returns dataset.json's record.

    Arguments, bytes and errors are as in `seqgan.data.theatre.prepare.prepare`; without `jitter` a story's panels can
    be held against true ones pixel by pixel, for all that they show is told. What a panel's sentence tells is a
    vector (`seqgan.data.theatre.facts`), and what it leaves to earlier ones is kept as `untold`: characters that it
    tells by pronouns alone, and the looks and sizes of actors that were told before and are not repeated.
    """
    counts, pack = story_counts(stories), CastPack.load(Path(pack_dir))
    tasks = [(split, number) for split, wanted in counts.items() for number in long_enough(pack, split, wanted, seed)]
    setup = (Path(pack_dir), size, seed, jitter)
    with mapped(_begin, setup, tasks, workers, CHUNK) as made:
        return write_sequences(
            out, chain.from_iterable(made), map(_story, tasks), _about(pack, size, seed) | {"jitter": jitter}, progress
        )


def long_enough(pack: WordPack, split: str, wanted: int, seed: int) -> list[int]:
    """The numbers of the first `wanted` stories of a split that five panels can be taken of."""
    return list(islice((number for number in count() if _fits(pack, split, number, seed)), wanted))


def _fits(pack: WordPack, split: str, number: int, seed: int) -> bool:
    panels = write_script(pack, story_rng(seed, split, number), split).panels[:LENGTH]
    return len(panels) == LENGTH and bool(held_in(pack, panels)) == (split == "test_unseen")


def story_clips(stage: Stage, facts: Facts, seed: int, jitter: float, task: Task) -> list[Clip]:
    """The first five panels of a story as clips, in order."""
    record, pixels = compose(stage, facts.pack, seed, jitter, task)
    rows = list(zip(record["text"], record["panels"], record["told"], pixels, strict=True))[:LENGTH]
    ids = _story(task).clips
    return [
        Clip(
            name, frame[None], (text,), panel_labels(panel), facts.vector(text, panel, told), untold_labels(panel, told)
        )
        for name, (text, panel, told, frame) in zip(ids, rows, strict=True)
    ]


def panel_labels(panel: Record) -> Labels:
    """What a panel shows, by the groups of `LabelSpace.names`."""
    return {
        "characters": _who(panel["actors"]),
        "props": tuple(panel["props"]),
        "settings": (panel["setting"],),
        "times": (panel["time"],),
        "weathers": (panel["weather"],),
        **_worn(panel["actors"]),
    }


def untold_labels(panel: Record, told: Record) -> Labels:
    """What of it the sentence leaves to earlier panels, by a record of `Told`; groups may be empty."""
    carried = [actor for actor in panel["actors"] if actor["who"] in told["carried"]]
    return {"characters": _who(panel["actors"]) if told["pronoun"] else (), **_worn(carried)}


def _who(actors: Sequence[Record]) -> tuple[str, ...]:
    return tuple(actor["who"] for actor in actors)


def _worn(actors: Sequence[Record]) -> Labels:
    """Looks and sizes that differ from the pack's own picture."""
    looks = [(actor["who"], actor["look"]) for actor in actors]
    return {
        "looks": tuple(f"{who} {look_name(look)}" for who, look in looks if look["item"] != "none"),
        "sizes": tuple(f"{who} {look['size']}" for who, look in looks if look["size"] != "normal"),
    }


def _story(task: Task) -> Story:
    split, number = task
    name = f"{split}-{number:06d}"
    return Story(name, split, tuple(f"{name}/{panel}" for panel in range(1, LENGTH + 1)), name)


def _about(pack: CastPack, size: tuple[int, int], seed: int) -> Record:
    space = LabelSpace(*(tuple(sorted(names)) for names in (pack.characters, pack.settings, pack.props)))
    return {
        "name": "theatre-clips",
        "size": list(size),
        "length": LENGTH,
        "groups": {group: list(names) for group, names in space.names.items()},
        "seed": seed,
        "licence": pack.licence,
        "pack": {"name": pack.name, "digest": pack.digest()},
    }


def _begin(pack_dir: Path, size: tuple[int, int], seed: int, jitter: float) -> partial[list[Clip]]:
    """What makes a story's clips: pack and stage are loaded once a process."""
    pack = CastPack.load(pack_dir)
    return partial(story_clips, Stage(pack, size), Facts.of(pack), seed, jitter)
