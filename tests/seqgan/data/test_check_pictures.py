"""What `check` and `stats` say of pictures, and the map that shows them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from seqgan.data.check import check_data
from seqgan.data.isomap import classical_scaling, colour_features, graph_distances, isomap, pairwise, shape_features
from seqgan.data.pictures import Picture, write_pictures
from seqgan.data.stats import data_stats
from seqgan.data.stats_pictures import picture_map
from seqgan.errors import DataError

Change = Callable[[list[dict[str, Any]]], object]
ABOUT = {"name": "x", "size": [16, 16], "crop": [16, 16], "flip": True, "mismatch": "class", "licence": "CC0"}
SPLITS = ("train", "train", "train", "val", "test")


def field(seed: int, *turn: int) -> np.ndarray:
    rough = np.random.default_rng([seed, *turn]).integers(0, 256, (4, 4, 3), np.uint8)
    return np.asarray(Image.fromarray(rough).resize((16, 16)))


def drawn() -> Iterator[Picture]:
    """Five things in the styles flat and round; of the second thing the round one is held out."""
    for thing, split in enumerate(SPLITS):
        for number, style in enumerate(("flat", "round")):
            held = thing == 1 and style == "round"
            yield Picture(f"{thing}-{style}", "test_pairs" if held else split, (f"a {style} thing {thing}", "a thing."),
                          field(thing, number), {"class": f"thing {thing}", "style": style}, f"s{thing}")  # fmt: skip


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pictures") / "set"
    write_pictures(out, drawn(), ABOUT, progress=False)
    return out


@pytest.fixture
def broken(good: Path, tmp_path: Path) -> Callable[[Change], list[str]]:
    """Change the records of a copy, and check it."""

    def run(change: Change) -> list[str]:
        folder = tmp_path / "set"
        shutil.copytree(good, folder)
        manifest = folder / "manifest.jsonl"
        records = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
        change(records)
        lines = [json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n" for record in records]
        manifest.write_text("".join(lines), encoding="utf-8")
        return check_data(folder)

    return run


def test_nothing_is_wrong_with_a_good_one(good: Path) -> None:
    told: list[int] = []
    assert check_data(good, progress=told.append) == []
    assert told == list(range(1, 11))
    assert check_data(good, pixels=False) == []


def first(**changes: Any) -> Change:
    return lambda records: records[0].update(changes)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda records: records[0].pop("labels"), "manifest line 1 lacks labels"),
        (first(text="a bird"), "0-flat: text must be a list and labels a table"),
        (first(labels=[]), "text must be a list and labels a table"), (first(text=[]), "0-flat: has no caption"),
        (first(text=["a", " "]), "0-flat caption 2: is empty"), (first(text=["a\x00b"]), "has control characters"),
        (first(labels={"class": "owl"}), "class 'owl' is not among the labels"),
        (first(labels={"wings": "two"}), "wings 'two' is not among the labels"),
        (first(media="media/none.png"), "none.png is missing"), (first(source="z"), "the data hash is"),
        (first(split="val"), "the source s0 is in the splits train, val"),
        (first(split="dev"), "split dev has 1 pictures, dataset.json says 0"),
        (first(split="dev"), "split train has 4 pictures, dataset.json says 5"),
        (lambda records: records.append(records[0]), "the id 0-flat stands in 2 records"),
        (first(split="test_pairs", labels={"class": "thing 1", "style": "flat"}),
         "0-flat: test_pairs shows no pair of class and label that is not in train"),
    ],
)  # fmt: skip
def test_problems_are_found(broken: Callable[[Change], list[str]], change: Change, words: str) -> None:
    assert any(words in problem for problem in broken(change))


def test_a_split_of_pairs_may_share_sources(broken: Callable[[Change], list[str]]) -> None:
    found = broken(lambda records: records[3].update(split="train"))  # what was held out, among what it was held from
    assert not any("the source" in problem for problem in found)


def copied(good: Path, tmp_path: Path, change: Callable[[np.ndarray], np.ndarray], split: str = "val") -> list[str]:
    """The first picture again in another split, changed."""
    copy = Picture("copy", split, ("a copy",), change(field(0, 0)), {"class": "thing 3", "style": "odd"}, "s9")
    write_pictures(tmp_path / "set", [*drawn(), copy], ABOUT, progress=False)
    return check_data(tmp_path / "set")


def noisy(pixels: np.ndarray) -> np.ndarray:
    noise = np.random.default_rng(0).integers(-4, 5, pixels.shape)
    return np.clip(pixels + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("change", [np.copy, noisy], ids=["the same", "noisy"])
@pytest.mark.parametrize("split", ["val", "test", "test_pairs"])
def test_near_duplicates(good: Path, tmp_path: Path, change: Callable[[np.ndarray], np.ndarray], split: str) -> None:
    (problem,) = copied(good, tmp_path, change, split)
    assert problem.startswith(f"copy ({split}) and 0-flat (train) look alike: ")


def test_other_pictures_are_no_duplicates(good: Path, tmp_path: Path) -> None:
    assert copied(good, tmp_path, lambda pixels: np.clip(pixels.astype(int) + 12, 0, 255).astype(np.uint8)) == []
    shutil.rmtree(tmp_path / "set")
    assert copied(good, tmp_path, np.copy, "train") == []


def test_broken_files(good: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    shutil.copytree(good, folder)
    pictures = sorted(folder.rglob("*.png"))
    pictures[0].write_bytes(pictures[0].read_bytes()[:60])
    Image.new("RGB", (3, 3)).save(pictures[1])
    pictures[2].unlink()
    about = json.loads((folder / "dataset.json").read_text())
    del about["licence"]
    (folder / "dataset.json").write_text(json.dumps(about | {"mismatch": "style"}))
    problems = "\n".join(check_data(folder))
    for words in ("cannot be decoded", "is 3x3; expected 16x16", "is missing", "dataset.json lacks licence",
                  "mismatch 'style'; expected class or caption"):  # fmt: skip
        assert words in problems


def test_stats(good: Path) -> None:
    figures = data_stats(good)
    assert figures["size"] == [16, 16] and set(figures["splits"]) == {"train", "val", "test", "test_pairs"}
    train = figures["splits"]["train"]
    assert (train["pictures"], train["sources"], train["captions_per_picture"]) == (5, 3, 2.0)
    assert train["captions_unlike"] == 6
    assert train["words_per_caption"] == {"least": 2, "median": 4, "most": 4, "mean": 3.0}
    assert train["vocabulary"] == 7  # a thing flat round 0 1 2
    assert train["class"] == {"thing 0": 2, "thing 2": 2, "thing 1": 1}
    assert train["style"] == {"flat": 3, "round": 2}


def test_stats_of_another_kind(tmp_path: Path) -> None:
    (tmp_path / "dataset.json").write_text('{"format": 1, "kind": "song"}')
    with pytest.raises(DataError, match="tells of 'song' data; known are story, picture"):
        data_stats(tmp_path)


def test_scaling_finds_places_again() -> None:
    places = np.random.default_rng(0).normal(size=(12, 2))
    found = classical_scaling(pairwise(places))
    assert np.allclose(pairwise(found), pairwise(places), atol=1e-6)


def test_the_ways_follow_the_graph() -> None:
    turns = np.linspace(0.1, 1.9 * np.pi, 60)
    arc = np.stack([np.cos(turns), np.sin(turns)], 1)  # an open circle: its ends are near, the way between them is long
    ways = graph_distances(pairwise(arc), 2)
    assert abs(ways[0, -1] - (turns[-1] - turns[0])) < 0.02
    found = isomap(arc, 2)[:, 0]
    assert abs(np.corrcoef(found, turns)[0, 1]) > 0.999


def test_parts_that_nothing_joins_are_joined() -> None:
    line = np.array([[0.0], [1.0], [2.0], [10.0], [11.0], [12.0]])
    ways = graph_distances(pairwise(line), 1)
    assert ways[0, 5] == pytest.approx(12) and np.isfinite(ways).all()


def test_features_tell_colours_and_shapes_apart() -> None:
    across = np.zeros((32, 32, 3), np.uint8)
    across[::4, :, 0] = 255
    red_across, red_down = across, across.transpose(1, 0, 2).copy()
    blue_across = across[:, :, ::-1].copy()
    images = np.stack([red_across, red_down, blue_across])
    colour, shape = pairwise(colour_features(images)), pairwise(shape_features(images))
    assert colour[0, 1] < 1e-6 < 0.1 < colour[0, 2]
    assert shape[0, 2] < 0.1 < shape[0, 1]


def test_a_map(good: Path, tmp_path: Path) -> None:
    drawn = picture_map(good)
    assert drawn.size == (1960, 1020) and len(np.unique(np.asarray(drawn).reshape(-1, 3), axis=0)) > 50
    few = tmp_path / "few"
    write_pictures(few, list(drawn_few()), ABOUT, progress=False)
    with pytest.raises(DataError, match="has 2 pictures; a map needs three or more"):
        picture_map(few)


def drawn_few() -> Iterator[Picture]:
    for number in range(2):
        yield Picture(str(number), "train", ("a thing",), field(number), {}, str(number))
