"""Compose a data set of theatre stories: text by the grammar, pictures by the stage, labels exact.

Every story has its own SeedSequence([seed, split, index]), so the bytes do not depend on how many workers there are
or in which order they finish. Each worker loads pack and stage once and writes its own pictures; manifest and hash
are written here, in story order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from seqgan.data.manifest import (
    ABOUT,
    FORMAT,
    MANIFEST,
    DataHash,
    Record,
    Writing,
    pixel_digest,
    read_about,
    record_line,
)
from seqgan.data.theatre.grammar import write_script
from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.stage import Stage
from seqgan.data.theatre.words import WordPack
from seqgan.data.theatre.world import NOISE_SIZE, SPLITS, Script
from seqgan.data.workers import mapped
from seqgan.errors import DataError

SHARES = {"train": 0.86, "val": 0.04, "test": 0.06, "test_unseen": 0.04}
"""How one number of stories is divided among the splits (house)."""
CHUNK = 8
NOISE_DIGITS = 4

Task = tuple[str, int]
"""A split and the story's index in it."""
Made = tuple[str, bytes]
"""A story's manifest line and the digest of its pixels."""


def story_rng(seed: int, split: str, index: int) -> np.random.Generator:
    """The generator of one story: PCG64 of SeedSequence([seed, split, index])."""
    if split not in SPLITS:
        raise DataError(f"split is {split!r}; expected one of {', '.join(SPLITS)}")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, SPLITS.index(split), index])))


def story_texts(pack: WordPack, split: str, n: int, seed: int) -> Iterator[Script]:
    """The first `n` stories of a split without pictures: the same texts that `prepare` composes."""
    for index in range(n):
        yield write_script(pack, story_rng(seed, split, index), split)


def story_counts(stories: int | Mapping[str, int]) -> dict[str, int]:
    """Stories a split. Raises DataError for an unknown split or a count below one in all."""
    if isinstance(stories, Mapping):
        unknown = sorted(set(stories) - set(SPLITS))
        if unknown:
            raise DataError(f"stories names the split {unknown[0]!r}; expected {', '.join(SPLITS)}")
        counts = {split: int(stories.get(split, 0)) for split in SPLITS}
    else:
        counts = {split: round(stories * SHARES[split]) for split in SPLITS[1:]}
        counts = {"train": stories - sum(counts.values()), **counts}
    if min(counts.values()) < 0 or sum(counts.values()) < 1:
        raise DataError(f"stories is {stories}; expected at least one story")
    return counts


def compose(stage: Stage, pack: CastPack, seed: int, jitter: float, task: Task) -> tuple[Record, np.ndarray]:
    """One story as (record, pixels (T, H, W, 3) uint8); the noise drawn is the noise recorded."""
    split, index = task
    rng = story_rng(seed, split, index)
    script = write_script(pack, rng, split)
    noise = np.round(rng.standard_normal((len(script.panels), NOISE_SIZE)), NOISE_DIGITS)
    pixels = np.stack([stage.draw(panel, jitter * z) for panel, z in zip(script.panels, noise, strict=True)])
    name = f"{split}-{index:06d}"
    record = {
        "id": name, "split": split, "text": list(script.sentences), "media": f"media/{index // 1000:03d}/{name}.png",
        "panels": [panel.to_dict() for panel in script.panels], "told": [told.to_dict() for told in script.told],
        "noise": noise.tolist(), "names": script.names, "source": "theatre",
    }  # fmt: skip
    return record, pixels


def _write_story(stage: Stage, pack: CastPack, seed: int, jitter: float, folder: Path, task: Task) -> Made:
    """Compose a story, write its strip, and return its line and digest."""
    record, pixels = compose(stage, pack, seed, jitter, task)
    path = folder / record["media"]
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels.reshape(-1, *pixels.shape[2:])).save(path, compress_level=1)
    return record_line(record), pixel_digest(pixels)


def _begin(pack_dir: Path, size: tuple[int, int], seed: int, jitter: float, folder: Path) -> partial[Made]:
    """What makes a story: pack and stage are loaded once a process."""
    pack = CastPack.load(pack_dir)
    return partial(_write_story, Stage(pack, size), pack, seed, jitter, folder)


def _bar(shown: bool) -> Progress:
    columns = (TextColumn("composing stories"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, disable=not shown)


def _about(pack: CastPack, counts: dict[str, int], size: tuple[int, int], seed: int) -> Record:
    vocabulary = {"characters": list(pack.characters), "settings": list(pack.settings), "props": list(pack.props)}
    return {"format": FORMAT, "kind": "story", "size": list(size), "hash": "",
            "pack": {"name": pack.name, "digest": pack.digest(), "folder": str(pack.folder.resolve())},
            "seed": seed, "counts": counts, "vocabulary": vocabulary}  # fmt: skip


def pack_of(folder: Path | str) -> CastPack:
    """The pack that a prepared data set was composed from: the shipped one where it is that, else by its folder.

    Raises DataError when neither has the recorded digest.
    """
    pack = read_about(folder)["pack"]
    shipped = CastPack.shipped()
    if shipped.digest() == pack["digest"]:
        return shipped
    own = CastPack.load(pack["folder"])
    if own.digest() != pack["digest"]:
        raise DataError(f"the cast pack in {pack['folder']} has changed since {folder} was made; prepare it again")
    return own


def stage_of(folder: Path | str) -> Stage:
    """The stage that drew a prepared data set, at its size: for the places in its panels."""
    height, width = read_about(folder)["size"]
    return Stage(pack_of(folder), (height, width))


def prepare(
    pack_dir: Path | str,
    out: Path | str,
    stories: int | Mapping[str, int],
    size: tuple[int, int] = (64, 112),
    seed: int = 0,
    workers: int = 1,
    progress: bool = True,
    jitter: float = 1.0,
) -> Record:
    """Compose `stories` stories from the cast pack in `pack_dir` into the folder `out`; returns dataset.json's record.

    `stories` is a number for all splits together or one for each; `size` is (H, W) of a panel; `jitter` scales what the
    text does not tell (0 puts everything exactly on its mark). The same arguments give
    the same data hash with any number of workers. Raises DataError for a broken pack or a folder that holds other
    files; nothing half written stays.
    """
    counts, pack = story_counts(stories), CastPack.load(Path(pack_dir))
    tasks = [(split, index) for split, count in counts.items() for index in range(count)]
    about, digest = _about(pack, counts, size, seed) | {"jitter": jitter}, DataHash()
    with Writing(out) as writing, _bar(progress) as bar:
        setup = (Path(pack_dir), size, seed, jitter, writing.folder)
        file = (writing.folder / MANIFEST).open("w", encoding="utf-8", newline="\n")
        with file as manifest, mapped(_begin, setup, tasks, workers, CHUNK) as made:
            for line, pixels in bar.track(made, total=len(tasks)):
                manifest.write(line + "\n")
                digest.add(line, pixels)
        about["hash"] = digest.value
        writing.write_json(ABOUT, about)
    return json.loads(json.dumps(about))
