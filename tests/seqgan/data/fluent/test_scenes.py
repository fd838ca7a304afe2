"""FluentScenes from the committed clips."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from seqgan.data.check import check_data
from seqgan.data.fluent.art import read_art
from seqgan.data.fluent.people import PERSONAS, people
from seqgan.data.fluent.scenes import Places, composed, halved, prepare_fluent_scenes, scene_clips, sprites
from seqgan.data.manifest import read_records
from seqgan.data.sequences import CLIPS, STORIES, SequenceData
from seqgan.data.theatre.pack import CastPack
from seqgan.errors import DataError
from tests.fixtures.make_art import make_art

FIXTURE = Path(__file__).parents[3] / "fixtures" / "fluent_motion"
REAL = {name: FIXTURE / name for name in ("fluent-motion", "emojibase")}
ACTS = 11


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("scenes") / "set"
    prepare_fluent_scenes(out, 2, 2, 16, 0, folders=REAL, progress=False)
    return out


def test_the_fixture_is_real_clips_of_all_personas_within_its_size() -> None:
    found = people(read_art(*REAL.values()))
    cells = [person.cell for person in found if person.action.name != "fencing"]
    assert len(set(cells)) == len(cells) == len(PERSONAS) * ACTS
    files = [path for path in FIXTURE.rglob("*") if path.is_file()]
    assert sum(path.suffix == ".webp" for path in files) == 200
    assert sum(path.stat().st_size for path in files) < 3_000_000
    terms = (FIXTURE / "LICENSE").read_text(encoding="utf-8")
    assert all(words in terms for words in ("Microsoft Corporation", "LobeHub", "Miles Johnson", "free of charge"))


def test_it_is_a_good_set_of_one_clip_a_story(folder: Path) -> None:
    assert check_data(folder) == []
    data = SequenceData.open(folder, "train")
    assert (data.about["frames"], data.about["length"], data.about["fps"]) == (2, 1, pytest.approx(2 / 3.024, abs=1e-3))
    assert data.frames.shape == (2 * len(data), 16, 16, 3) and set(map(len, data.captions)) == {4}
    for group, labels in data.labels.items():
        assert (labels.sum(1) == 1).all(), group
    assert sum(data.about["counts"].values()) == 2 * 199 + data.about["counts"]["test_places"]


def test_held_out_cells_are_never_trained_on(folder: Path) -> None:
    clips = {clip["id"]: clip["labels"] for clip in read_records(folder, name=CLIPS)}
    seen: dict[str, set[tuple[str, str]]] = defaultdict(set)
    placed: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for story in read_records(folder, name=STORIES):
        labels = {group: names[0] for group, names in clips[story["id"]].items()}
        seen[story["split"]].add((labels["personas"], labels["actions"]))
        placed[story["split"]].add((labels["actions"], labels["places"]))
    about = SequenceData.open(folder, "val").about["cells"]
    assert [list(map(tuple, about[split])) for split in ("val", "test")] == [sorted(seen["val"]), sorted(seen["test"])]
    assert (len(seen["train"]) - 1, len(seen["val"]), len(seen["test"])) == (140, 19, 39)  # and the fencer
    assert not seen["train"] & (seen["val"] | seen["test"]) and not seen["val"] & seen["test"]
    assert seen["test_places"] == seen["train"] - {("person", "fencing")}
    assert placed["test_places"] == set(about["places"].items())
    assert not placed["test_places"] & (placed["train"] | placed["val"] | placed["test"])
    assert {who for who, _ in seen["train"]} == set(PERSONAS)
    assert {place for _, place in placed["train"]} == set(CastPack.shipped().settings)


def test_workers_do_not_change_a_byte(tmp_path: Path) -> None:
    few = make_art(tmp_path / "art", {"1f3c3": ("person running", 1), "1f939": ("person juggling", 1)})
    for workers in (1, 2):
        prepare_fluent_scenes(tmp_path / str(workers), 2, 2, 16, 0, folders=few, workers=workers, progress=False)
    for path in (path for path in sorted((tmp_path / "1").rglob("*")) if path.is_file()):
        assert (tmp_path / "2" / path.relative_to(tmp_path / "1")).read_bytes() == path.read_bytes()


def test_compositing_is_exact() -> None:
    ground = np.full((8, 8, 3), 100, np.uint8)
    sprite = np.zeros((2, 4, 4, 4), np.uint8)
    sprite[0] = (40, 20, 0, 51)  # premultiplied: a fifth
    sprite[1] = (200, 200, 200, 255)
    day = composed(sprite, ground, 0.75, (256, 256, 256), 8)
    assert day[0, 3:7, 2:6].reshape(-1, 3).tolist() == [[120, 100, 80]] * 16  # 0.8 of the ground and the colour
    assert day[1, 4, 4].tolist() == [200, 200, 200]
    assert (day[:, :3] == 100).all() and (day[:, 7:] == 100).all() and (day[:, :, :2] == 100).all()
    night = composed(sprite, ground, 0.75, (128, 128, 64), 8)
    assert night[1, 4, 4].tolist() == [100, 100, 50]
    assert composed(sprite, ground, 1.0, (256, 256, 256), 4).shape == (2, 4, 4, 3)


def test_what_reaches_below_the_frame_is_cut() -> None:
    sprite = np.full((1, 8, 8, 4), 255, np.uint8)
    made = composed(sprite, np.zeros((8, 8, 3), np.uint8), 1.0, (256, 256, 256), 8)
    assert (made[0, 1:] == 255).all() and (made[0, 0] == 0).all()


def test_four_pixels_are_averaged_to_the_nearest() -> None:
    canvas = np.array([[0, 1], [1, 1]], np.uint16)[None, :, :, None]
    assert halved(canvas)[0, 0, 0, 0] == 1
    assert halved(1 - canvas)[0, 0, 0, 0] == 0


def test_figure_is_seen_and_so_is_the_place() -> None:
    places = Places(CastPack.shipped(), (32, 32))
    for person in people(read_art(*REAL.values()))[::25]:
        clip = scene_clips(places, 4, 0, (person, (("meadow", "day"),)))[0]
        bare = halved(places.get(("meadow", "day"))[None].astype(np.uint16))[0]
        covered = (np.abs(clip.frames.astype(int) - bare).sum(-1) > 30).mean((1, 2))
        assert covered.min() > 0.05 and covered.max() < 0.6, person.cell
        assert (clip.frames[:, :2] == bare[:2]).all()
        assert (clip.frames[0] != clip.frames[2]).any()


def test_wide_frames_have_the_shape_of_panels_and_people_anywhere() -> None:
    places, at = Places(CastPack.shipped(), (32, 56)), set[int]()
    for person in people(read_art(*REAL.values()))[:6]:
        clip = scene_clips(places, 2, 0, (person, (("meadow", "day"),)))[0]
        assert clip.frames.shape == (2, 32, 56, 3)
        bare = halved(places.get(("meadow", "day"))[None].astype(np.uint16))[0]
        covered = (np.abs(clip.frames[0].astype(int) - bare).sum(-1) > 30).any(0)
        at.add(int(np.flatnonzero(covered).mean()))
    assert len(at) > 3 and max(at) - min(at) > 8


def test_sprites_keep_plain_colours() -> None:
    made = sprites(np.full((1, 16, 16, 4), (100, 50, 200, 255), np.uint8), 5)
    assert made.shape == (1, 5, 5, 4) and (made == (100, 50, 200, 255)).all()


def test_wrong_numbers_and_missing_sources_are_named(tmp_path: Path) -> None:
    for wrong, told in (({"scenes": 28}, "scenes is 28"), ({"frames": 1}, "frames is 1"), ({"size": 8}, "size is 8"),
                        ({"seed": -1}, "seed is -1")):  # fmt: skip
        with pytest.raises(DataError, match=told):
            prepare_fluent_scenes(tmp_path / "set", **wrong, folders=REAL, progress=False)
    nobody = make_art(tmp_path / "art", {"1f40e": ("horse", 3)})
    with pytest.raises(DataError, match="show nobody"):
        prepare_fluent_scenes(tmp_path / "set", folders=nobody, progress=False)
    with pytest.raises(DataError, match="seqgan data fetch fluent-motion"):
        prepare_fluent_scenes(tmp_path / "set", folders={**REAL, "fluent-motion": tmp_path}, progress=False)
    assert not (tmp_path / "set").exists()
