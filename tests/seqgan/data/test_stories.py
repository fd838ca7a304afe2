"""Batches of prepared stories hold what the manifest says."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from seqgan.data.manifest import read_split
from seqgan.data.stories import StoryData, pad
from seqgan.data.theatre.labels import ACTIONS, SLOTS, LabelSpace, look_name
from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.prepare import prepare
from seqgan.errors import DataError
from seqgan.resources import asset
from seqgan.text.vocab import Vocabulary


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("stories") / "data"
    prepare(asset("cast", "fluent"), out, {"train": 5, "val": 2}, (32, 48), 1, 1, False)
    return out


@pytest.fixture(scope="module")
def space() -> LabelSpace:
    pack = CastPack.shipped()
    return LabelSpace(tuple(pack.characters), tuple(pack.settings), tuple(pack.props))


@pytest.fixture(scope="module")
def data(folder: Path, space: LabelSpace) -> StoryData:
    records = read_split(folder, "train")
    return StoryData(folder, "train", Vocabulary.build([r["text"] for r in records], minimum=1), space)


def test_pictures_and_padding(folder: Path, data: StoryData) -> None:
    batch = data.batch([3, 1])
    counts = [len(data.panels[n]) for n in (3, 1)]
    assert batch.panel_mask.sum(1).tolist() == counts
    strip = np.asarray(Image.open(folder / data.records[1]["media"]))
    own = batch.images[1, : counts[1]].permute(0, 2, 3, 1).reshape(-1, 48, 3).numpy()
    assert np.array_equal(own, strip)
    assert len(batch.rows) == sum(counts)


def test_targets_say_what_the_panel_shows(data: StoryData, space: LabelSpace) -> None:
    for n in range(len(data)):
        batch = data.batch([n])
        for k, panel in enumerate(data.panels[n]):
            shown = [space.characters[i] for i in batch.targets["characters"][0, k].nonzero().flatten()]
            assert sorted(shown) == sorted(actor["who"] for actor in panel["actors"])
            for actor in panel["actors"]:
                row = space.characters.index(actor["who"])
                assert ACTIONS[batch.targets["actor_action"][0, k, row]] == actor["action"]
                assert (batch.targets["actor_look"][0, k, row] == 0) == (look_name(actor["look"]) == "none")


def test_columns_split_into_groups(space: LabelSpace) -> None:
    parts = space.split(np.arange(space.columns))
    assert sum(part.size for part in parts.values()) == space.columns
    assert parts["actor_action"].shape == (len(space.characters), len(ACTIONS))
    assert LabelSpace.from_dict(json.loads(json.dumps(space.to_dict()))) == space


def test_slots_name_what_stands_in_their_boxes(data: StoryData, space: LabelSpace) -> None:
    batch = data.batch([0])
    things = space.characters + space.props
    for k, panel in enumerate(data.panels[0]):
        shown = [things[i] for i in batch.slots[0, k] if i >= 0]
        assert shown == [actor["who"] for actor in panel["actors"]] + list(panel["props"])
        assert ((batch.boxes[0, k, :, 2] > 0) == (batch.slots[0, k] >= 0)).all()
        worn = [actor["look"]["item"] != "none" for actor in panel["actors"]]
        assert (batch.worn[0, k, :, 2] > 0).tolist() == worn + [False] * (SLOTS - len(worn))


def test_a_cache_of_an_older_program_is_made_again(folder: Path, data: StoryData, space: LabelSpace) -> None:
    (folder / "cache" / "train" / "worn.npy").unlink()
    again = StoryData(folder, "train", Vocabulary.build([["a"]], minimum=1), space)
    assert np.array_equal(again.arrays["worn"], data.arrays["worn"])


def test_missing_folder_and_split(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(DataError, match="prepare the data set again"):
        read_split(tmp_path, "train")
    with pytest.raises(DataError, match="no record of split 'test'"):
        read_split(folder, "test")


def test_a_cache_of_another_manifest_is_told(folder: Path, data: StoryData, space: LabelSpace, tmp_path: Path) -> None:
    other = tmp_path / "other"
    prepare(asset("cast", "fluent"), other, {"train": 4, "val": 1}, (32, 48), 2, 1, False)
    (other / "cache").symlink_to(folder / "cache")
    with pytest.raises(DataError, match="another manifest"):
        StoryData(other, "train", Vocabulary.build([["a"]], minimum=1), space)


def test_pad_fills_up() -> None:
    assert pad([np.array([1, 2]), np.array([3])], (3,), 9).tolist() == [[1, 2, 9], [3, 9, 9]]
