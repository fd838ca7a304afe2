"""The theatre in Pororo's released layout: seasons, episodes, strips of 128 pixels, and every .npy file.

    prepare_pororo_layout(asset("cast", "fluent"), Path("theatre-pororo"), clips=16_066, episodes=183, seed=0)

`seqgan data prepare pororo` reads the folder as it reads Pororo itself, so who owns that changes the path and nothing
else. Sizes are Pororo's (section 2.1 of our sheet on StoryGAN): 183 episodes in 17 seasons, 16,066 clips, 15,334
windows, of which the lists name 13,000 and 2,334, or 10,191, 2,334 and 2,208. What differs: the nine characters are
ours (about.json tells their names), nobody speaks (subtitles_vec.npy holds zeros), descriptions_vec.npy is a fixed
random projection of the frozen sentence encoder's 512 numbers to 128, and descriptions_attr.npy has a number for each
character, setting, thing, action, time and weather that a clip shows, filled up to 228 with a caption's hashed words.
"""

from __future__ import annotations

import csv
import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from seqgan.data.manifest import Record, Writing
from seqgan.data.theatre.episodes import CAST, EpisodeWriter
from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.stage import Stage
from seqgan.data.theatre.world import ACTIONS, TIMES, WEATHERS, Panel
from seqgan.data.workers import mapped
from seqgan.errors import DataError
from seqgan.text.captions import caption_words
from seqgan.text.frozen import SentenceEncoder

SIDE, LENGTH = 128, 5
CLIPS, EPISODES = 16_066, 183
LEAST, MOST = 27, 210
"""Clips of Pororo's shortest and longest episode."""
SEASONS = {**{f"Theatre_{series}_{number}": 13 for series, count in ((1, 3), (2, 4), (3, 4)) for number in
              range(1, count + 1)}, "Theatre_4_1": 7, "Theatre_4_2": 7, "Theatre_4_3": 7, "Theatre_4_4": 7,
           "Theatre_Parade": 6, "Theatre_Racing": 6}  # fmt: skip
"""Season -> episodes."""
SENTENCE, ATTRIBUTES, FROZEN = 128, 228, 512
ROOM = 28
"""Attributes that are left to words at least."""
WINDOWS, OLD_TEST, TRAIN, TEST = 15_334, 2_334, 10_191, 2_208
"""Stories of Pororo: all, the test list of StoryGAN, and train and test of StoryViz, whose val is that list."""
DIGITS = 4
"""Vectors are rounded, so that machines that add in another order write the same files."""


@dataclass(frozen=True)
class Written:
    """One clip as its files tell it: captions, and what it shows as 0 or 1, the characters first."""

    key: str
    captions: tuple[str, ...]
    facts: tuple[bool, ...]


Task = tuple[int, str, int]
"""Number, path and clips of an episode."""


def prepare_pororo_layout(
    pack_dir: Path | str, out: Path | str, clips: int = CLIPS, episodes: int = EPISODES, seed: int = 0,
    workers: int = 1, progress: bool = True,
) -> Record:  # fmt: skip
    """Draw the set into the folder `out`; returns what about.json tells.

    The same arguments give the same files with any number of workers. Raises DataError for a pack of fewer than nine
    characters, too few clips for the episodes, or a folder that holds other files; nothing half written stays.
    """
    writer, tasks = EpisodeWriter(CastPack.load(Path(pack_dir))), episode_tasks(clips, episodes, seed)
    _attribute_names(writer.pack, writer.cast)
    with Writing(out) as writing, _bar(progress) as bar:
        told: list[Written] = []
        job = bar.add_task("", total=clips)
        setup = (Path(pack_dir), writing.folder, seed)
        with mapped(_begin, setup, tasks, workers) as made:
            for episode in made:
                told += episode
                bar.advance(job, len(episode))
        _write_captions(writing.folder, told)
        _write_labels(writing.folder, told, {path: count for _, path, count in tasks})
        sizes = write_stories(writing.folder, {path: count for _, path, count in tasks}, seed)
        about = {
            "name": "theatre-pororo", "characters": list(writer.names), "licence": writer.pack.licence, "seed": seed,
            "clips": clips, "episodes": episodes, "captions": sum(len(each.captions) for each in told),
            "stories": sizes,
        }  # fmt: skip
        writing.write_json("about.json", about)
    return about


def episode_tasks(clips: int, episodes: int, seed: int) -> list[Task]:
    """Episodes with their clips: of Pororo's spread, `clips` in all.

    Raises DataError for more than its episodes, or fewer clips than a story an episode.
    """
    if not 3 <= episodes <= EPISODES or not LENGTH * episodes <= clips <= MOST * episodes:
        raise DataError(f"{clips} clips in {episodes} episodes were asked for; give 3 to {EPISODES} episodes and "
                        f"{LENGTH} to {MOST} clips each")  # fmt: skip
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, 0])))
    least, weights = max(LENGTH, min(LEAST, clips // episodes // 2)), np.exp(0.45 * rng.standard_normal(episodes))
    counts = np.clip(np.round(weights / weights.sum() * clips), least, MOST).astype(int)
    while (over := int(counts.sum()) - clips) != 0:  # one clip more or less where there is room, until it fits
        room = np.flatnonzero(counts > least if over > 0 else counts < MOST)
        counts[room[rng.permutation(len(room))[: abs(over)]]] -= np.sign(over)
    names = [f"{season}/{season}_ep{number}" for season, count in SEASONS.items() for number in range(1, count + 1)]
    return [(number, names[number], int(count)) for number, count in enumerate(counts)]


def _begin(pack_dir: Path, folder: Path, seed: int) -> partial[list[Written]]:
    """What makes an episode: pack and stage are loaded once a process."""
    pack = CastPack.load(pack_dir)
    return partial(_write_episode, EpisodeWriter(pack), Stage(pack, (SIDE, SIDE)), folder, seed)


def _write_episode(writer: EpisodeWriter, stage: Stage, folder: Path, seed: int, task: Task) -> list[Written]:
    """Write and draw one episode."""
    number, path, clips = task
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, 1, number])))
    (folder / path).mkdir(parents=True, exist_ok=True)
    names, written = _attribute_names(writer.pack, writer.cast), []
    for place, shot in enumerate(writer.episode(rng, clips), start=1):
        film = shot.film(stage)
        strip = Image.fromarray(film.reshape(-1, *film.shape[2:]))
        strip.save(folder / path / f"{place}.png", compress_level=1)
        shown = set(_shown(shot.panel))
        facts = tuple(name in shown for name in names)
        written.append(Written(f"{path}/{place}", shot.captions, facts))
    return written


def _attribute_names(pack: CastPack, cast: Sequence[str]) -> list[str]:
    """What the attributes tell, the characters first. Raises DataError where words would have no room left."""
    names = [f"who {name}" for name in cast] + [f"at {name}" for name in pack.settings]
    names += [f"thing {name}" for name in pack.props] + [f"does {name}" for name in ACTIONS]
    names += [f"time {name}" for name in TIMES] + [f"weather {name}" for name in WEATHERS[1:]]
    if len(names) > ATTRIBUTES - ROOM:
        raise DataError(f"the cast pack {pack.name} has {len(pack.settings)} settings and {len(pack.props)} props; the "
                        f"{ATTRIBUTES} attributes of this layout have room for fewer")  # fmt: skip
    return names


def _shown(panel: Panel) -> Iterator[str]:
    yield from (f"who {actor.who}" for actor in panel.actors)
    yield from (f"does {actor.action}" for actor in panel.actors)
    yield from (f"thing {name}" for name in panel.props)
    yield from (f"at {panel.setting}", f"time {panel.time}", f"weather {panel.weather}")


# --- files -----------------------------------------------------------------------------------------------------------


def _save(path: Path, table: Mapping[str, Any]) -> None:
    """An .npy file of one pickled table, as the release has them."""
    held = np.empty((), object)
    held[()] = dict(table)
    np.save(path, held, allow_pickle=True)


def _write_captions(folder: Path, told: Sequence[Written]) -> None:
    """descriptions.csv and .npy, and the sentence vectors of 128, 512 and 228 numbers."""
    with (folder / "descriptions.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        for clip in told:
            _, episode, number = clip.key.split("/")
            lines.writerows((episode, number, caption) for caption in clip.captions)
    _save(folder / "descriptions.npy", {clip.key: list(clip.captions) for clip in told})
    rows = dict(zip([clip.key for clip in told], accumulate(len(clip.captions) for clip in told), strict=True))
    frozen = _encoded([caption for clip in told for caption in clip.captions])
    short = np.round(frozen @ projection(), DIGITS)
    here = {clip.key: slice(rows[clip.key] - len(clip.captions), rows[clip.key]) for clip in told}
    _save(folder / "descriptions_vec.npy", {key: short[where] for key, where in here.items()})
    with (folder / "descriptions_vec_512.pkl").open("wb") as file:
        pickle.dump({key: np.round(frozen[where], DIGITS) for key, where in here.items()}, file, protocol=4)
    _save(folder / "descriptions_attr.npy", {clip.key: attributes(clip) for clip in told})
    _save(folder / "subtitles_vec.npy", {clip.key: np.zeros((1, SENTENCE), np.float32) for clip in told})


def projection() -> np.ndarray:
    """The fixed projection of sentence vectors, float32 (512, 128): lengths and angles stay roughly what they were."""
    rng = np.random.Generator(np.random.PCG64(SENTENCE))
    return (rng.standard_normal((FROZEN, SENTENCE)) / np.sqrt(SENTENCE)).astype(np.float32)


def _encoded(captions: Sequence[str], batch: int = 256) -> np.ndarray:
    """Vectors of the frozen encoder, float32 (captions, 512); those of one length together, which is faster."""
    texts = sorted(set(captions), key=lambda text: (len(text), text))
    encoder = SentenceEncoder(cache=1)
    rows = np.concatenate([encoder.encode(texts[at : at + batch]) for at in range(0, len(texts), batch)])
    place = {text: row for row, text in enumerate(texts)}
    return rows[[place[caption] for caption in captions]]


def attributes(clip: Written) -> np.ndarray:
    """What a clip shows, and behind it the hashed words of each caption: float32 0/1 (captions, 228)."""
    rows, room = np.zeros((len(clip.captions), ATTRIBUTES), np.float32), ATTRIBUTES - len(clip.facts)
    rows[:, : len(clip.facts)] = clip.facts
    for row, caption in zip(rows, clip.captions, strict=True):
        for word in caption_words(caption):
            row[len(clip.facts) + int.from_bytes(sha256(word.encode()).digest()[:4], "big") % room] = 1
    return rows


def _write_labels(folder: Path, told: Sequence[Written], episodes: Mapping[str, int]) -> None:
    """labels.npy and frames_counter.npy."""
    _save(folder / "labels.npy", {clip.key: np.array(clip.facts[:CAST], np.float32) for clip in told})
    _save(folder / "frames_counter.npy", {f"{path}/": count for path, count in episodes.items()})


def write_stories(folder: Path, episodes: Mapping[str, int], seed: int) -> dict[str, dict[str, int]]:
    """The caches of windows and both lists of splits; returns the stories of each split of each list.

    The old list shuffles windows; the new one keeps its test as val, takes test from episodes that are held out, and
    drops the other windows of those (StoryViz). A smaller set has the same shares.
    """
    starts = [(path, start) for path in sorted(episodes) for start in sorted(range(1, episodes[path] - 3), key=str)]
    names = [[f"{path}/{start + step}.png".encode() for step in range(LENGTH)] for path, start in starts]
    np.save(folder / "img_cache4.npy", np.array([row[0] for row in names]))
    np.save(folder / "following_cache4.npy", np.array([[str(name) for name in row[1:]] for row in names]))
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, 2])))
    share = len(starts) / WINDOWS
    order = rng.permutation(len(starts))
    cut = len(starts) - max(1, round(OLD_TEST * share))
    old = {"train": order[:cut], "test": np.sort(order[cut:])}
    new = _new_split(starts, old["test"], max(1, round(TEST * share)), max(1, round(TRAIN * share)), rng)
    for name, split in (("train_test_ids", old), ("train_seen_unseen_ids", new)):
        held = np.empty(len(split), object)
        held[:] = [rows.tolist() for rows in split.values()]
        np.save(folder / f"{name}.npy", held, allow_pickle=True)
    return {name: {key: len(rows) for key, rows in split.items()} for name, split in
            (("train_test_ids", old), ("train_seen_unseen_ids", new))}  # fmt: skip


def _new_split(
    starts: Sequence[tuple[str, int]], val: np.ndarray, test: int, train: int, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Rows of train, val and test: episodes are held out until `test` of their windows are not in val."""
    free = np.setdiff1d(np.arange(len(starts)), val)
    paths = np.array([path for path, _ in starts])
    held = np.zeros(len(starts), bool)
    for path in rng.permutation(np.unique(paths)):
        if held[free].sum() >= test:
            break
        held |= paths == path
    unseen, seen = free[held[free]][:test], free[~held[free]]
    return {"train": np.sort(rng.permutation(seen)[:train]), "val": val, "test": unseen}


def _bar(shown: bool) -> Progress:
    columns = (TextColumn("drawing clips"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, disable=not shown)
