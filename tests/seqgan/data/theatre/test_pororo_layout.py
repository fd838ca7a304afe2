"""The theatre in Pororo's layout: its sizes, its files, and that the reader of Pororo takes it as it is."""

from __future__ import annotations

import csv
import hashlib
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from PIL import Image

from seqgan.data.check import check_data
from seqgan.data.pickles import read_npy, read_pickle
from seqgan.data.readers.clips import write_found
from seqgan.data.readers.entries import Report
from seqgan.data.readers.pororo import pororo_stories
from seqgan.data.sequences import SequenceData
from seqgan.data.theatre import pororo_layout
from seqgan.data.theatre.episodes import CAST, EpisodeWriter
from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.pororo_layout import SEASONS, episode_tasks, prepare_pororo_layout, projection, write_stories
from seqgan.data.theatre.stage import Stage
from seqgan.errors import DataError
from seqgan.resources import asset

FLUENT = asset("cast", "fluent")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("theatre") / "set"
    prepare_pororo_layout(FLUENT, out, clips=42, episodes=4, seed=3, progress=False)
    return out


def test_the_whole_set_has_the_sizes_of_pororo(tmp_path: Path) -> None:
    tasks = episode_tasks(16_066, 183, 0)
    assert (len(tasks), sum(count for *_, count in tasks), len(SEASONS), sum(SEASONS.values())) == (183, 16066, 17, 183)
    assert min(count for *_, count in tasks) >= 27 and max(count for *_, count in tasks) <= 210
    sizes = write_stories(tmp_path, {path: count for _, path, count in tasks}, 0)
    assert sizes == {"train_test_ids": {"train": 13_000, "test": 2_334},
                     "train_seen_unseen_ids": {"train": 10_191, "val": 2_334, "test": 2_208}}  # fmt: skip
    firsts = read_npy(tmp_path / "img_cache4.npy").tolist()
    lists = list(read_npy(tmp_path / "train_seen_unseen_ids.npy"))
    assert len(firsts) == 15_334
    episodes = [{firsts[row].rpartition(b"/")[0] for row in rows} for rows in lists]
    assert not episodes[2] & episodes[0]
    assert len(set(lists[0]) | set(lists[1]) | set(lists[2])) == 10_191 + 2_334 + 2_208


def test_every_file_is_there_and_fits(drawn: Path) -> None:
    captions = read_npy(drawn / "descriptions.npy").item()
    assert len(captions) == 42 == len(list(drawn.glob("*/*/*.png")))
    for name, size in (("descriptions_vec", 128), ("descriptions_attr", 228)):
        table = read_npy(drawn / f"{name}.npy").item()
        assert {key: rows.shape for key, rows in table.items()} == {key: (len(t), size) for key, t in captions.items()}
        assert all(rows.dtype == np.float32 for rows in table.values())
    wide = read_pickle(drawn / "descriptions_vec_512.pkl")
    short = read_npy(drawn / "descriptions_vec.npy").item()
    for key, rows in wide.items():
        np.testing.assert_allclose(rows @ projection(), short[key], atol=2e-3)
    with (drawn / "descriptions.csv").open() as file:
        rows = [(f"{episode.rpartition('_ep')[0]}/{episode}/{number}", text) for episode, number, text in
                csv.reader(file)]  # fmt: skip
    assert rows == [(key, text) for key, told in captions.items() for text in told]
    assert sum(read_npy(drawn / "frames_counter.npy").item().values()) == 42
    assert read_npy(drawn / "subtitles_vec.npy").item().keys() == captions.keys()
    assert read_npy(drawn / "img_cache4.npy")[0] == b"Theatre_1_1/Theatre_1_1_ep1/1.png"
    assert read_npy(drawn / "following_cache4.npy")[0, 3] == "b'Theatre_1_1/Theatre_1_1_ep1/5.png'"


def test_labels_are_who_the_captions_name(drawn: Path) -> None:
    names, captions = EpisodeWriter(CastPack.load(FLUENT)).names, read_npy(drawn / "descriptions.npy").item()
    facts = read_npy(drawn / "descriptions_attr.npy").item()
    for key, flags in read_npy(drawn / "labels.npy").item().items():
        for row, caption in zip(facts[key], captions[key], strict=True):
            there = [name in caption.replace(",", "").rstrip(".").split() for name in names]
            assert flags.tolist() == there == row[:9].tolist()


def test_strips_are_of_square_frames_that_move(drawn: Path) -> None:
    moved = 0
    for path in drawn.glob("*/*/*.png"):
        with Image.open(path) as strip:
            assert strip.width == 128 and strip.height % 128 == 0 and 3 <= strip.height // 128 <= 6
            moved += bool((np.asarray(strip)[:128] != np.asarray(strip)[-128:]).any())
    assert moved > 30


@pytest.mark.parametrize(("split", "counts"), [("episodes", 26), ("published", 25)])
def test_the_reader_of_pororo_takes_it_as_it_is(
    drawn: Path, tmp_path: Path, split: Literal["episodes", "published"], counts: int
) -> None:
    report = Report(strict=True)
    found = pororo_stories(drawn, split, report=report)
    about = write_found(tmp_path, found, 16, 2, report, progress=False)
    assert (about["name"], about["licence"], about["vector"]) == ("theatre-pororo", "MIT", 356)
    assert check_data(tmp_path) == []
    assert sum(about["counts"].values()) == counts
    assert len(SequenceData.open(tmp_path, "train")) == about["counts"]["train"]


def _files(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in
            folder.rglob("*") if path.is_file()}  # fmt: skip


def test_a_seed_makes_the_same_files_with_any_number_of_workers(drawn: Path, tmp_path: Path) -> None:
    prepare_pororo_layout(FLUENT, tmp_path / "b", clips=42, episodes=4, seed=3, workers=2, progress=False)
    assert _files(tmp_path / "b") == _files(drawn)
    assert episode_tasks(42, 4, 4) != episode_tasks(42, 4, 3)


def test_captions_name_everybody_and_tell_where_some_are() -> None:
    writer = EpisodeWriter(CastPack.load(FLUENT))
    shots = [shot for seed in range(5) for shot in writer.episode(np.random.default_rng(seed), 60)]
    names = dict(zip(writer.cast, writer.names, strict=True))
    for shot in shots:
        for caption in shot.captions:
            assert all(names[actor.who] in caption for actor in shot.panel.actors)
            assert not set("{}/") & set(caption) and "  " not in caption and caption.endswith(".")
    assert sum(len(shot.captions) > 1 for shot in shots) > 5
    casts = [{actor.who for actor in shot.panel.actors} for shot in shots]
    assert sum(bool(one & two) for one, two in pairwise(casts)) > len(shots) // 2
    assert shots[0].film(Stage(CastPack.load(FLUENT), (128, 128))).shape[1:] == (128, 128, 3)


def _small_pack(folder: Path) -> Path:
    folder.mkdir()
    Image.new("RGBA", (40, 80), "red").save(folder / "ann.png")
    told = "format: 1\ncharacters:\n  ann: {name: Ann, kind: girl, pictures: {stand: ann.png}}\n"
    (folder / "cast.yaml").write_text(told)
    return folder


def test_what_cannot_be_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for clips, episodes in ((16_066, 184), (10, 2), (14, 3), (700, 3)):
        with pytest.raises(DataError, match="give 3 to 183 episodes and 5 to 210 clips each"):
            episode_tasks(clips, episodes, 0)
    with pytest.raises(DataError, match=f"characters; this layout has {CAST}"):
        prepare_pororo_layout(_small_pack(tmp_path / "pack"), tmp_path / "out", 15, 3, progress=False)
    monkeypatch.setattr(pororo_layout, "ROOM", 200)
    with pytest.raises(DataError, match="have room for fewer"):
        prepare_pororo_layout(FLUENT, tmp_path / "out", 15, 3, progress=False)
