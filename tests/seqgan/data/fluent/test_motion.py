"""FluentMotion: animations on white, by their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from seqgan.data.check import check_data
from seqgan.data.fluent.motion import concept_split, prepare_fluent_motion
from seqgan.data.manifest import read_records
from seqgan.data.sequences import STORIES, SequenceData
from tests.fixtures.make_art import make_art

FIXTURE = Path(__file__).parents[3] / "fixtures" / "fluent_motion"
REAL = {name: FIXTURE / name for name in ("fluent-motion", "emojibase")}


def test_real_clips_are_a_good_set(tmp_path: Path) -> None:
    about = prepare_fluent_motion(tmp_path / "set", 2, 16, 0, REAL, progress=False)
    assert check_data(tmp_path / "set") == []
    assert sum(about["counts"].values()) == 200
    assert (about["counts"]["val"], about["counts"]["test"]) in {(19, 39), (20, 39), (19, 40)}  # the horse is anywhere
    data = SequenceData.open(tmp_path / "set", tuple(about["counts"]))
    assert (data.frames[:, 0, 0] > 200).all()
    told = {clip["id"]: clip["text"] for clip in data.clips}
    assert told["1f939-1f3ff-200d-2640"][:3] == [
        "woman juggling: dark skin tone", "a moving picture of woman juggling: dark skin tone",
        "a woman with dark skin is juggling",
    ]  # fmt: skip


def test_frames_are_the_art_over_white_and_tones_stay_together(tmp_path: Path) -> None:
    names = {"1f40e": ("horse", 3), "1f44b": ("waving hand", 1), "1f44b-1f3fb": ("waving hand: light skin tone", 1)}
    where = make_art(tmp_path / "art", names)
    about = prepare_fluent_motion(tmp_path / "set", 4, 16, 0, where, progress=False)
    again = prepare_fluent_motion(tmp_path / "two", 4, 16, 0, where, workers=2, progress=False)
    assert again["hash"] == about["hash"]
    data = SequenceData.open(tmp_path / "set", tuple(about["counts"]))
    assert [frame[8, 8].tolist() for frame in data.frames[:4]] == [[200, 0, 0]] * 2 + [[0, 200, 0]] * 2
    stories = list(read_records(tmp_path / "set", name=STORIES))
    assert len({story["split"] for story in stories if story["source"] == "waving hand"}) == 1
    assert data.labels["personas"].sum() == data.labels["actions"].sum() == 0
    assert data.labels["kinds"].sum(0)[data.about["groups"]["kinds"].index("people")] == 2


def test_concepts_are_divided_by_their_shares() -> None:
    drawn = [concept_split(f"thing {number}", 0) for number in range(4000)]
    assert drawn.count("test") / 4000 == pytest.approx(0.05, abs=0.01)
    assert drawn.count("val") / 4000 == pytest.approx(0.05, abs=0.01)
