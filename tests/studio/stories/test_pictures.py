"""Pictures as a story: folders, single files, zips, and the records of our own exports, also hostile ones."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from studio.document import Camera, ModelRef, Transition
from studio.errors import DocumentError, StoryError
from studio.export.moving import write_moving
from studio.media.film_frames import FilmFrame
from studio.media.metadata import png_info
from studio.stories import pictures
from studio.stories.importing import read_draft
from studio.stories.made import panel_of, read_film
from studio.stories.packed import holds_board, read_pack

MADE = {
    "program": "Seqgan Studio 0.1.0", "kind": "panel", "text": "Mia walks.", "title": "Snow day", "take": 2,
    "take_seed": 7, "panel_seed": 9, "cast": {"Anna": "mia"}, "model": {"name": "theatre-64"}, "knobs": {"noise": 0.5},
}  # fmt: skip


def picture(path: Path, made: dict[str, Any] | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (16, 9), "red").save(path, **({"pnginfo": png_info(made)} if made else {}))
    return path


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    for name in ("10_the-end.png", "2-Mia_walks.JPG", "b/inside.png", ".hidden.png", "3 ducks.bmp", "007.png"):
        picture(tmp_path / "sketches" / name)
    (tmp_path / "sketches" / "notes.txt").write_text("x")
    (tmp_path / "sketches" / "Thumbs.db").write_text("x")
    draft = read_draft(tmp_path / "sketches")
    assert [panel.text for panel in draft.panels] == ["Mia walks", "3 ducks", "007", "the end"]
    assert draft.title == "sketches" and draft.notes == ("notes.txt is no picture and was left out.",)
    assert all(isinstance(panel.picture, Path) for panel in draft.panels)
    before = draft.digest
    Image.new("RGB", (16, 9), "blue").save(tmp_path / "sketches" / "007.png")
    assert read_draft(tmp_path / "sketches").digest != before  # another picture is another story


def test_a_picture_of_ours_tells_its_panel(tmp_path: Path) -> None:
    draft = read_draft(picture(tmp_path / "001.png", MADE))
    (panel,) = draft.panels
    assert (panel.text, panel.first_seed, panel.seed, panel.knobs) == ("Mia walks.", 7, 9, {"noise": 0.5})
    assert (draft.title, draft.cast, draft.model) == ("Snow day", {"Anna": "mia"}, ModelRef(name="theatre-64"))
    picture(tmp_path / "two" / "2.png", {**MADE, "drawn": False})
    picture(tmp_path / "two" / "1.png", {**MADE, "title": "Night", "model": {"name": "stage"}})
    draft = read_draft(tmp_path / "two")
    assert draft.title == "two" and draft.model is None and draft.panels[1].picture is None


HOSTILE: list[dict[str, Any]] = [
    {"text": 5}, {"text": "a" * 100_000}, {"take_seed": -1}, {"take_seed": True}, {"take_seed": 2**70},
    {"take_seed": []}, {"seeds": ["x"]}, {"knobs": "x"}, {"knobs": {"a": "b" * 20_000}}, {"cast": {"a": 5}},
    {"model": 5}, {"model": {"name": 5}}, {"camera": {"start": [9, 9, 9]}}, {"transition": {"kind": "wipe"}},
    {"duration_ms": -5}, {"duration_ms": "x"}, {"title": ["x"]}, {"dialogue": {}}, {"panel_seed": 1.5},
]  # fmt: skip


@pytest.mark.parametrize("wrong", HOSTILE)
def test_a_record_that_is_not_ours_brings_nothing_down(tmp_path: Path, wrong: dict[str, Any]) -> None:
    draft = read_draft(picture(tmp_path / "a.png", {**MADE, **wrong}))
    (panel,) = draft.panels
    assert len(panel.text) <= 10_000 and (panel.first_seed is None or 0 <= panel.first_seed < 2**63)
    assert draft.digest and len(json.dumps(dict(panel.knobs))) <= 10_000 and set(draft.cast) <= {"Anna"}


def test_a_film_tells_its_panels_and_where_to_look(tmp_path: Path) -> None:
    shots = [
        {"text": "Mia walks.", "duration_ms": 1500, "take_seed": 7, "panel_seed": 9, "shown": [0, 0, 12, 8]},
        {"text": "She waves.", "duration_ms": 2500, "take_seed": 8, "picture_size": [6, 4], "shot": "1B",
         "camera": {"start": [0, 0, 0.5], "end": [0, 0, 1]}, "transition": {"kind": "fade", "ms": 300}},
        {"text": "The end.", "duration_ms": 1000, "drawn": False, "dialogue": "MIA: Bye!"},
    ]  # fmt: skip
    for name, at in (("a.mp4", 1500 + 1875), ("a.webp", 1500 + 2499)):
        path = tmp_path / name
        frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
        write_moving(path, frames, 12, {**MADE, "panels": shots})
        first, second, third = read_draft(path).panels
        assert first.picture == FilmFrame(path, 750, (0, 0, 12, 8), None) and first.duration_ms is None
        assert second.picture == FilmFrame(path, at, None, (6, 4)) and (second.shot, second.duration_ms) == ("1B", 2500)
        assert second.camera == Camera(start=(0, 0, 0.5)) and second.transition == Transition(kind="fade", ms=300)
        assert third.picture is None and third.dialogue == "MIA: Bye!" and third.first_seed is None
    clip = tmp_path / "clip.gif"
    write_moving(clip, frames, 12, {"program": "x", "kind": "clip", "text": "Mia waves.", "seeds": [5]})
    (panel,) = read_draft(clip).panels
    assert (panel.text, panel.first_seed, panel.picture) == ("Mia waves.", 5, FilmFrame(clip, 0))


def test_what_is_no_film_of_ours_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = tmp_path / "a.gif"
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(foreign, save_all=True, append_images=frames[1:])
    assert read_draft(foreign).panels[0].text == "a"  # a picture like any other
    for name in ("a.mp4", "empty.png"):
        (tmp_path / name).write_bytes(b"")
    for paths, words in (
        ([tmp_path / "a.mp4"], "a.mp4 does not say what story it tells; expected a film or picture that"),
        ([tmp_path / "a.mp4", foreign], "a.mp4 is a film among 2 files; expected pictures"),
        ([tmp_path / "empty.png"], "empty.png is no picture that can be read.* expected a film or picture that"),
        ([tmp_path / "none.png"], "there is no file .*none.png; check the name"),
        ([foreign] * 2001, "2001 pictures came, at most 2000"),
    ):
        with pytest.raises(StoryError, match=words):
            pictures.read_pictures(paths)
    with pytest.raises(StoryError, match="tells of 5001 panels, at most 5000"):
        read_film(tmp_path / "a.mp4", {"panels": [{}] * 5001})
    shutil.rmtree(tmp_path)
    tmp_path.mkdir()
    with pytest.raises(StoryError, match="is a folder without pictures"):
        read_draft(tmp_path)


def test_zips_of_pictures(tmp_path: Path) -> None:
    made = picture(tmp_path / "001.png", {**MADE, "number": 1})
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as pack:
        pack.write(made, "snow-day/snow-day-panels/001.png")
        pack.writestr("snow-day/snow-day.csv", "number,shot,start,end,seconds,text\n1,1A,0,1,2.5,Mia walks.\n")
        pack.writestr("__MACOSX/snow-day/._001.png", "litter")
    assert not holds_board(tmp_path / "a.zip")
    draft = read_pack(tmp_path / "a.zip", tmp_path / "out")
    (panel,) = draft.panels
    assert (panel.shot, panel.duration_ms, panel.first_seed, draft.title) == ("1A", 2500, 7, "Snow day")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as pack:
        pack.writestr("notes.txt", "x")
    with pytest.raises(StoryError, match=r"b\.zip holds no board, no board of Storyboarder, no pictures"):
        read_pack(tmp_path / "b.zip", tmp_path / "other")
    (tmp_path / "c.zip").write_bytes((tmp_path / "a.zip").read_bytes().replace(b"\x89PNG", b"\x88PNG", 1))
    with pytest.raises(DocumentError, match="not a sound zip"):
        read_pack(tmp_path / "c.zip", tmp_path / "third")


def test_what_a_panel_of_a_given_picture_says() -> None:
    panel = panel_of({**MADE, "given": {"file": "a.jpg"}})
    assert panel.first_seed is None and panel.knobs == {} and panel.seed == 9
