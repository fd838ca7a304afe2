"""CLEVR-SV as a data set: drawn the same by any number of workers, read as released, refused where it is not whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from seqgan.cli.main import app
from seqgan.data.clevr.prepare import prepare_clevr, story_scene, write_synthetic
from seqgan.data.clevr.released import prepare_released, released_splits
from seqgan.data.clevr.render import draw_story
from seqgan.data.clevr.vectors import scene_vectors
from seqgan.data.sequences import SequenceData
from seqgan.errors import DataError

COUNTS = {"train": 5, "val": 1, "test": 2}


def test_a_drawn_set_holds_what_was_drawn(tmp_path: Path) -> None:
    about = prepare_clevr(tmp_path / "data", COUNTS, seed=3, progress=False)
    assert (about["counts"], about["length"], about["vector"], about["size"]) == (COUNTS, 4, 75, [64, 64])
    data = SequenceData.open(tmp_path / "data", "test")
    scene, told = story_scene(3, "test", 1)
    rows = data.stories[1]
    np.testing.assert_array_equal(data.frames[data.middle[rows]], draw_story(scene))
    assert [data.captions[row] for row in rows] == [(sentence,) for sentence in told]
    assert data.vectors is not None
    np.testing.assert_array_equal(data.vectors[data.vector_starts[rows]], scene_vectors(scene))
    assert [clip["id"] for clip in data.clips[4:]] == [f"test-000001/{panel}" for panel in (1, 2, 3, 4)]
    assert [data.labels[group].shape[1] for group in ("shapes", "colours", "materials", "sizes")] == [3, 8, 2, 2]
    assert len(set(data.sources)) == len(data)


def test_neither_workers_nor_other_stories_change_a_story(tmp_path: Path) -> None:
    one = prepare_clevr(tmp_path / "one", COUNTS, 32, progress=False)
    assert prepare_clevr(tmp_path / "two", COUNTS, 32, workers=2, progress=False)["hash"] == one["hash"]
    assert prepare_clevr(tmp_path / "seed", COUNTS, 32, 1, progress=False)["hash"] != one["hash"]
    prepare_clevr(tmp_path / "more", {"train": 9}, 32, progress=False)
    few, more = (SequenceData.open(tmp_path / name, "train") for name in ("one", "more"))
    np.testing.assert_array_equal(few.frames, more.frames[: len(few.frames)])


def test_a_synthetic_set_is_drawn_once(tmp_path: Path) -> None:
    write_synthetic(tmp_path / "data", 3)
    before = (tmp_path / "data" / "dataset.json").read_bytes()
    write_synthetic(tmp_path / "data", 4)
    assert (tmp_path / "data" / "dataset.json").read_bytes() == before
    assert len(SequenceData.open(tmp_path / "data", "val")) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [({"counts": {"vol": 1}}, "names the split 'vol'"), ({"counts": {"train": -1}}, "stories of train is -1"),
     ({"counts": COUNTS, "size": 8}, "size is 8"), ({"counts": COUNTS, "seed": -1}, "seed is -1"),
     ({"counts": {"train": 0}}, "not one story")],
)  # fmt: skip
def test_what_makes_no_set_is_refused(tmp_path: Path, words: dict[str, object], told: str) -> None:
    with pytest.raises(DataError, match=told):
        prepare_clevr(tmp_path / "data", progress=False, **words)  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def _release(folder: Path, ids: tuple[int, ...]) -> dict[str, np.ndarray]:
    """A folder as it is released, 80 x 60 RGBA, of our own scenes; returns its dictionary."""
    (folder / "images").mkdir(parents=True)
    vectors = {}
    for number in ids:
        scene, _ = story_scene(0, "train", number)
        for panel, (pixels, vector) in enumerate(zip(draw_story(scene), scene_vectors(scene), strict=True), start=1):
            name = f"CLEVR_new_{number:06d}_{panel}.png"
            Image.fromarray(pixels).convert("RGBA").resize((80, 60)).save(folder / "images" / name)
            vectors[name] = vector.astype(np.float64)
    np.save(folder / "CLEVR_dict.npy", np.array(vectors, object))
    return vectors


def test_a_released_folder_is_read(tmp_path: Path) -> None:
    _release(tmp_path / "raw", (100, 101, 171, 172, 173))
    Image.new("L", (80, 60)).save(tmp_path / "raw" / "images" / "CLEVR_new_000100_1_mask.png")
    about = prepare_released(tmp_path / "data", tmp_path / "raw", val=1, progress=False)
    assert about["counts"] == {"train": 2, "val": 1, "test": 2} and about["left_out"] == []
    data = SequenceData.open(tmp_path / "data", "train")
    scene, _ = story_scene(0, "train", 100)
    assert data.vectors is not None
    np.testing.assert_array_equal(data.vectors[data.stories[0]], scene_vectors(scene))
    assert np.abs(data.frames[data.stories[0]].astype(int) - draw_story(scene)).mean() < 2
    assert data.captions[0] == (f"there is a {scene.things[0].description}",)


def test_a_story_that_is_not_whole_is_left_out(tmp_path: Path) -> None:
    vectors = _release(tmp_path / "raw", (100, 195, 196))
    (tmp_path / "raw" / "images" / "CLEVR_new_000100_3.png").unlink()
    kept = {name: vector for name, vector in vectors.items() if "000196" not in name}
    np.save(tmp_path / "raw" / "CLEVR_dict.npy", np.array(kept, object))
    about = prepare_released(tmp_path / "data", tmp_path / "raw", progress=False)
    assert about["counts"] == {"test": 1}
    assert about["left_out"] == [
        "story 100 has 3 pictures of 4 and was left out",
        "story 196 has no vector of CLEVR_new_000196_1.png in CLEVR_dict.npy and was left out",
    ]
    with pytest.raises(DataError, match="leave --strict away"):
        prepare_released(tmp_path / "strict", tmp_path / "raw", strict=True, progress=False)


def test_no_story_is_in_two_splits() -> None:
    """The released loader ends its training with story 172 (or 10000), the first to test on."""
    sample = released_splits(list(range(100, 196)), 0)
    assert (sample[171], sample[172]) == ("train", "test") and list(sample.values()).count("train") == 72
    full = released_splits([0, 9_998, 9_999, 10_000, 12_999], 1)
    assert list(full.values()) == ["train", "train", "val", "test", "test"]
    with pytest.raises(DataError, match="val is 72"):
        released_splits(list(range(100, 172)), 72)


def test_an_npz_file_is_read(tmp_path: Path) -> None:
    scenes = [story_scene(0, "train", index)[0] for index in (0, 1)]
    images = np.stack([draw_story(scene) for scene in scenes])
    np.savez(tmp_path / "a.npz", images=images, vectors=np.stack([scene_vectors(s) for s in scenes]), ids=[7, 3])
    prepare_released(tmp_path / "data", tmp_path / "a.npz", progress=False)
    data = SequenceData.open(tmp_path / "data", "train")
    np.testing.assert_array_equal(data.frames[data.stories], images[::-1])


def test_other_layouts_are_refused(tmp_path: Path) -> None:
    def refused(source: Path, told: str) -> None:
        with pytest.raises(DataError, match=told):
            prepare_released(tmp_path / "data", source, progress=False)

    refused(tmp_path, "holds no CLEVR_new_ID_PANEL.png")
    vectors = _release(tmp_path / "raw", (100,))
    path = tmp_path / "raw" / "CLEVR_dict.npy"
    np.save(path, np.array({name: vector[:16] for name, vector in vectors.items()}, object))
    refused(tmp_path / "raw", r"CLEVR_new_000100_1.png .* have shape \(1, 16\); expected 75 numbers a panel: 4 slots")
    np.save(path, np.zeros(3))
    refused(tmp_path / "raw", "holds no dictionary")
    path.unlink()
    refused(tmp_path / "raw", "cannot be opened")
    np.save(path, np.array({}, object))
    refused(tmp_path / "raw", "not one whole story")
    np.save(path, np.array(vectors, object))
    (tmp_path / "raw" / "images" / "CLEVR_new_000100_2.png").write_bytes(b"no picture")
    refused(tmp_path / "raw", "cannot be decoded")
    np.savez(tmp_path / "b.npz", images=np.zeros((2, 4, 64, 64, 3), np.uint8), vectors=np.zeros((1, 4, 75)), ids=[1, 2])
    refused(tmp_path / "b.npz", "with vectors and ids of as many stories")
    np.savez(tmp_path / "c.npz", images=np.zeros(3))
    refused(tmp_path / "c.npz", "expected arrays images, vectors and ids")


def test_the_command_draws_and_reads(tmp_path: Path) -> None:
    words = ["data", "prepare", "clevr-sv", "--json", "--size", "32", "-o"]
    drawn = [str(tmp_path / "drawn"), "--stories", "3", "--val", "1", "--test", "1", "--workers", "1"]
    result = CliRunner().invoke(app, [*words, *drawn])
    assert result.exit_code == 0 and '"train": 3' in result.stdout
    _release(tmp_path / "raw", (100, 172))
    read = [*words, str(tmp_path / "read"), "--from", str(tmp_path / "raw")]
    result = CliRunner().invoke(app, read)
    assert result.exit_code == 0 and '"test": 1' in result.stdout
    result = CliRunner().invoke(app, [*read, "--test", "24"])
    assert result.exit_code == 2 and "--test has no meaning with --from" in result.output
