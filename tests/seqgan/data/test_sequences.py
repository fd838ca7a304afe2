"""Sequence data sets: written whole or not at all, and read back as they were."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seqgan.data.sequences import Clip, SequenceData, Story, write_sequences
from seqgan.errors import DataError
from tests.seqgan.noisy_sequences import ABOUT, CAST, noisy_clips, noisy_sequences, noisy_stories

CLIP = Clip("a", np.zeros((2, 8, 12, 3), np.uint8), ("Ann runs",), {"characters": ("Ann",)})
STORY = Story("s", "train", ("a", "a", "a"), "ep")


def _write(folder: Path, clips: Any, stories: Any, **about: Any) -> Any:
    return write_sequences(folder / "set", clips, stories, ABOUT | about, progress=False)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    about = noisy_sequences(tmp_path / "set")
    assert about["counts"] == {"train": 6, "val": 3, "test": 3}
    assert about["vector"] == 4
    data, clips = SequenceData.open(tmp_path / "set", "train"), list(noisy_clips())[:10]
    assert len(data) == 6
    assert data.stories.tolist() == [[r, r + 1, r + 2] for r in (0, 1, 2, 5, 6, 7)]
    assert data.sources.tolist() == [0, 0, 0, 1, 1, 1]
    assert data.captions == [clip.captions for clip in clips]
    for row, clip in enumerate(clips):
        np.testing.assert_array_equal(data.frames[data.starts[row] : data.starts[row + 1]], clip.frames)
        np.testing.assert_array_equal(data.frames[data.middle[row]], clip.frames[len(clip.frames) // 2])
        assert data.labels["characters"][row].tolist() == [name in clip.labels["characters"] for name in CAST]
        assert data.vectors is not None
        assert clip.vectors is not None
        np.testing.assert_array_equal(data.vectors[data.vector_starts[row] : data.vector_starts[row + 1]], clip.vectors)


def test_a_split_holds_its_own_clips_and_several_can_be_read(tmp_path: Path) -> None:
    noisy_sequences(tmp_path)
    test, both = SequenceData.open(tmp_path, "test"), SequenceData.open(tmp_path, ("test", "val"))
    assert {clip["id"].split("/")[0] for clip in test.clips} == {"ep4"}
    assert len(both) == 6
    assert [both.clips[row]["id"] for row in both.stories[0]] == ["ep4/1", "ep4/2", "ep4/3"]
    first = both.starts[both.stories[0, 0]]
    np.testing.assert_array_equal(both.frames[first], test.frames[0])


def test_clips_need_no_vectors(tmp_path: Path) -> None:
    assert noisy_sequences(tmp_path, vector=0)["vector"] == 0
    assert SequenceData.open(tmp_path, "val").vectors is None


def test_the_hash_is_of_all_that_is_written(tmp_path: Path) -> None:
    hashes = [_write(tmp_path / str(number), [clip], [story])["hash"] for number, (clip, story) in enumerate([
        (CLIP, STORY), (CLIP, STORY), (replace(CLIP, frames=CLIP.frames + 1), STORY), (CLIP, replace(STORY, split="x")),
        (replace(CLIP, vectors=np.ones((1, 2))), STORY), (replace(CLIP, vectors=np.zeros((1, 2))), STORY),
    ])]  # fmt: skip
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 5


def test_what_captions_leave_untold_is_kept_where_there_is_some(tmp_path: Path) -> None:
    silent, told = replace(CLIP, untold={"characters": ("Ann",)}), replace(CLIP, id="b", untold={"characters": ()})
    stories = [STORY, replace(STORY, id="t", split="test", clips=("b", "b", "b"))]
    with_some = _write(tmp_path / "1", [silent, told], stories)
    assert SequenceData.open(tmp_path / "1" / "set", "train").untold["characters"].tolist() == [[1, 0, 0]]
    assert SequenceData.open(tmp_path / "1" / "set", "test").untold["characters"].tolist() == [[0, 0, 0]]
    assert '"untold"' not in (tmp_path / "1" / "set" / "clips.jsonl").read_text().splitlines()[1]
    without = _write(tmp_path / "2", [CLIP, replace(CLIP, id="b")], stories)
    assert SequenceData.open(tmp_path / "2" / "set", "train").untold == {}
    assert without["hash"] == _write(tmp_path / "3", [CLIP, told], stories)["hash"] != with_some["hash"]


def test_stories_are_asked_for_when_the_clips_are_written(tmp_path: Path) -> None:
    seen: list[str] = []
    clips = (seen.append(clip.id) or clip for clip in noisy_clips())
    stories = (story for story in noisy_stories() if len(seen) == 20)
    assert _write(tmp_path, clips, stories)["counts"]["train"] == 6


@pytest.mark.parametrize(
    ("clips", "stories", "told"),
    [
        ([CLIP, CLIP], [STORY], "two clips have the id 'a'"),
        ([replace(CLIP, captions=())], [STORY], "has no caption"),
        ([replace(CLIP, captions=(" ",))], [STORY], "has no caption"),
        ([replace(CLIP, frames=np.zeros((2, 8, 8, 3), np.uint8))], [STORY], r"expected uint8 \(2, 8, 12, 3\)"),
        ([replace(CLIP, frames=CLIP.frames[:0])], [STORY], r"expected uint8 \(1, 8, 12, 3\)"),
        ([replace(CLIP, labels={"characters": ("Dan",)})], [STORY], "the characters Dan, which `groups`"),
        ([replace(CLIP, untold={"characters": ("Bob",)})], [STORY], "the untold characters Bob, which its labels lack"),
        ([CLIP, replace(CLIP, id="b", vectors=np.zeros((1, 2)))], [STORY], "all have sentence vectors, or none"),
        ([replace(CLIP, vectors=np.zeros((1, 2))), replace(CLIP, id="b")], [STORY], "'b' differs"),
        ([replace(CLIP, vectors=np.zeros((2, 2)))], [STORY], r"are \(2, 2\); expected \(1, 2\)"),
        ([CLIP], [STORY, STORY], "two stories have the id 's'"),
        ([CLIP], [replace(STORY, clips=("a", "a"))], r"has 2 clips \(0 unknown\)"),
        ([CLIP], [replace(STORY, clips=("a", "a", "b"))], r"has 3 clips \(1 unknown\)"),
        ([CLIP], [], "not one story"),
    ],
)
def test_what_cannot_be_written(tmp_path: Path, clips: list[Clip], stories: list[Story], told: str) -> None:
    with pytest.raises(DataError, match=told):
        _write(tmp_path, clips, stories)
    assert not (tmp_path / "set").exists()


def test_what_a_set_must_tell(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="must tell length, groups"):
        write_sequences(tmp_path, [CLIP], [STORY], {k: v for k, v in ABOUT.items() if k not in ("length", "groups")})


def test_what_cannot_be_read(tmp_path: Path) -> None:
    noisy_sequences(tmp_path)
    with pytest.raises(DataError, match="it has train, val, test"):
        SequenceData.open(tmp_path, "trian")
    np.save(tmp_path / "vectors.npy", np.zeros((3, 4), np.float32))
    with pytest.raises(DataError, match="3 vectors for 32 captions"):
        SequenceData.open(tmp_path, "train")
    (tmp_path / "vectors.npy").unlink()
    with pytest.raises(DataError, match=r"vectors\.npy cannot be read"):
        SequenceData.open(tmp_path, "train")
    lines = (tmp_path / "clips.jsonl").read_text().splitlines()
    (tmp_path / "clips.jsonl").write_text("\n".join(lines[1:]) + "\n")
    with pytest.raises(DataError, match="has no clip 'ep1/1'"):
        SequenceData.open(tmp_path, "train")
    about = (tmp_path / "dataset.json").read_text()
    (tmp_path / "dataset.json").write_text(about.replace('"sequence"', '"story"'))
    with pytest.raises(DataError, match="holds story data; expected stories of clips"):
        SequenceData.open(tmp_path, "train")
