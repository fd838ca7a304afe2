"""Stories of a batch: what is read, what is refused and why, and how they are dealt out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studio.batch import Refused, Story, pick_shard, read_stories
from studio.errors import StoryError


def lines(path: Path, *told: object) -> Path:
    """Write a .jsonl; bytes are written as they are."""
    path.write_bytes(b"\n".join(one if isinstance(one, bytes) else json.dumps(one).encode() for one in told))
    return path


def test_a_line_tells_all_a_story_needs(tmp_path) -> None:
    told = {"id": "walk", "story": "Mia walks.\r\nShe waves.", "title": "A walk", "seed": 3, "cast": {"Anna": "Mia"},
            "model": "theatre-64", "takes": 2, "author": "me"}  # fmt: skip
    path = lines(tmp_path / "s.jsonl", told)
    assert list(read_stories([path])) == [
        Story("walk", "Mia walks.\nShe waves.", f"{path}:1", "A walk", 3, {"Anna": "Mia"}, "theatre-64", 2, ("author",))
    ]


def test_numbers_are_ids_and_null_is_nothing(tmp_path) -> None:
    path = lines(tmp_path / "s.jsonl", {"id": 7, "story": "Mia walks.", "seed": None}, b"", b"  ")
    assert list(read_stories([path])) == [Story("7", "Mia walks.", f"{path}:1")]


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path) -> None:
    path = lines(tmp_path / "s.jsonl", b'\xef\xbb\xbf{"id": "a", "story": "Mia walks."}')
    assert [story.id for story in read_stories([path]) if isinstance(story, Story)] == ["a"]


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (b"{", "is no JSON"),
        (b'{"id": "a", "story": "M\xfc"}', "byte 0xfc"),
        (b"[" * 100_000, "is no JSON"),
        (["a"], "is no object"),
        ({"story": "Mia walks."}, 'has no "id"'),
        ({"id": "a"}, 'has no "story"'),
        ({"id": True, "story": "Mia walks."}, '"id" is true'),
        ({"id": "a", "story": 7}, '"story" is 7, expected a text'),
        ({"id": "a", "story": " \n"}, "is empty"),
        ({"id": "a", "story": "Mia\x00"}, "control"),
        ({"id": "a", "story": "Mia walks.", "seed": -1}, "whole number from 0"),
        ({"id": "a", "story": "Mia walks.", "seed": 1.5}, "whole number from 0"),
        ({"id": "a", "story": "Mia walks.", "takes": 0}, "1 to 100"),
        ({"id": "a", "story": "Mia walks.", "cast": ["Anna"]}, '{"Anna": "Mia"}'),
        ({"id": "a", "story": "Mia walks.", "cast": {"Anna": ""}}, '{"Anna": "Mia"}'),
        ({"id": "a", "story": "Mia walks.", "model": 1}, "model"),
    ],
)
def test_what_is_no_story_is_refused_and_the_next_is_read(told, message, tmp_path) -> None:
    path = lines(tmp_path / "s.jsonl", told, {"id": "next", "story": "Mia waves."})
    refused, story = read_stories([path])
    assert isinstance(refused, Refused) and refused.source == f"{path}:1"
    assert message in refused.error and f"{path}:1" in refused.error
    assert isinstance(story, Story) and story.id == "next"


@pytest.mark.parametrize(
    "name", ["", "..", ".x", "../x", "a/b", "a\\b", "c:", "x.", " x", "NUL", "con.txt", "é" * 61, "\ud800"]
)
def test_an_id_names_files_on_every_system(name, tmp_path) -> None:
    (refused,) = read_stories([lines(tmp_path / "s.jsonl", {"id": name, "story": "Mia walks."})])
    assert isinstance(refused, Refused) and "cannot name files" in refused.error


def test_the_second_story_of_an_id_is_refused_whatever_its_case(tmp_path) -> None:
    path = lines(tmp_path / "s.jsonl", *({"id": name, "story": "Mia walks."} for name in ("Walk", "rest", "walk")))
    *_, refused = read_stories([path])
    assert isinstance(refused, Refused) and f"'walk' is that of {path}:1 too" in refused.error


def test_text_files_and_folders_of_them_are_stories(tmp_path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.txt").write_text("Mia walks.")
    (tmp_path / "note.md").write_text("none")
    (tmp_path / "c.txt").write_bytes(b"%PDF")
    assert [getattr(entry, "id", entry.source) for entry in read_stories([tmp_path])] == ["a", "b", f"{tmp_path}/c.txt"]


def test_what_is_not_there_is_said_before_anything_is_read(tmp_path) -> None:
    with pytest.raises(StoryError, match="there is no file"):
        read_stories([tmp_path / "no.jsonl"])
    with pytest.raises(StoryError, match=r"holds no \.txt"):
        read_stories([tmp_path])


def test_shards_are_even_and_hold_every_story_once() -> None:
    stories = [Story(str(number), "Mia walks.") for number in range(11)]
    shards = [pick_shard(stories, number, 4) for number in range(1, 5)]
    assert [len(shard) for shard in shards] == [3, 3, 3, 2]
    assert {story.id for shard in shards for story in shard if isinstance(story, Story)} == {
        story.id for story in stories
    }
    assert pick_shard(stories, 1, 1) == stories
