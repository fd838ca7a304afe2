"""Clips in the editor: the page Clip from a sentence to a panel, and a panel that begins to move."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from seqgan.errors import InputError
from studio.document import Document, marks, new_board
from studio.errors import EngineError
from studio.export.info import read_info
from studio.media.moving import ClipReader
from studio.ui import clips
from studio.ui.clips import (
    MOST_BETWEEN,
    as_kind,
    latest,
    paced,
    send_to_board,
    starred,
    submit_clips,
    toggle_star,
    unread_words,
    uploaded,
)
from studio.ui.desk import Desk
from studio.ui.orders import Asked, Enclosed
from studio.ui.pictures import STRIP
from studio.ui.tickets import Ticket
from tests.seqgan.sampling.clip_models import save_clip_model

PATIENCE = 180.0
TEXT = "A woman is juggling *on* the beach"


@pytest.fixture
def scenes(home: Path) -> str:
    """A model that draws clips from sentences."""
    return save_clip_model(home / "models" / "scenes").name


@pytest.fixture
def moved(home: Path) -> str:
    """A model that moves pictures."""
    return save_clip_model(home / "models" / "moved", gist="picture", background="gist").name


def _drawn(desk: Desk, asked: Asked) -> list[Path]:
    job = submit_clips(desk, asked).wait(PATIENCE)
    assert job is not None and job.state == "done", job
    assert list(job.result) == latest()
    return list(job.result)


# The page ------------------------------------------------------------------------------------------------------------


def _clip_page(page: Callable, board: str = ""):
    tab = page(board)
    tab.at.switch_page("studio/ui/pages/clip.py")
    return tab.run()


def test_without_a_model_it_says_what_to_do(page: Callable, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seqgan.sampling.clip_models", lambda moving=False: [])
    tab = _clip_page(page)
    assert "No model that draws clips is installed" in tab.words and "btn_generate" not in tab.keys
    assert str(home / "models" / "t2v") in tab.at.code[0].value


def test_from_a_sentence_to_a_panel(page: Callable, make: Callable, scenes: str) -> None:
    make()
    tab = _clip_page(page, "walk.board")
    assert tab.at.button(key="btn_generate").disabled and not tab.at.markdown  # no stray word of the script
    tab.type("txt_clip", TEXT)
    tab.at.number_input(key="num_clip_seed").set_value(3)
    tab.run().click("btn_generate").until(lambda: len(latest()) == 4 and not tab.desk.jobs.busy).run()
    videos = tab.at.get("video")
    assert len(videos) == 4 and all(each.proto.loop and each.proto.autoplay and each.proto.muted for each in videos)
    assert [f"seed {seed} · motion {seed} · scenes" in tab.words for seed in (3, 4, 5, 6)] == [True] * 4
    second = latest()[1]
    tab.click(f"btn_star_{second.stem}")
    assert starred() == [second] and tab.at.button(key=f"btn_star_{second.stem}").label == "Starred"
    tab.click(f"btn_send_{second.stem}").run()
    panel = tab.document.board.panels[-1]
    assert len(tab.ids) == 4 and panel.text == TEXT and panel.take is not None
    assert tab.document.read_media(panel.take.media, "mp4") == second.read_bytes()
    assert not unread_words(second)
    assert tab.at.session_state["editor"].selected == panel.id
    tab.at.switch_page("studio/ui/pages/board.py")
    assert [each.proto.loop for each in tab.run().at.get("video")] == [True] and ":blue-badge[moves]" in tab.words


@pytest.mark.parametrize(
    ("varied", "seeds"),
    [("scene", [(5, 9), (6, 9), (7, 9), (8, 9)]), ("motion", [(5, 9), (5, 10), (5, 11), (5, 12)])],
)
def test_takes_differ_in_what_is_asked_for(
    page: Callable, scenes: str, varied: str, seeds: list[tuple[int, int]]
) -> None:
    tab = _clip_page(page).type("txt_clip", TEXT)
    for key, value in (("num_clip_seed", 5), ("num_clip_motion", 9)):
        tab.at.number_input(key=key).set_value(value)
    tab.at.button_group(key="seg_clip_varied").set_value(varied)
    tab.run().click("btn_generate").until(lambda: len(latest()) == 4 and not tab.desk.jobs.busy).run()
    assert [(made["seed"], made["motion_seed"]) for made in map(clips.made_of, latest())] == seeds
    told = [line.split(" · scenes")[0] for line in tab.words.split("\n") if " · scenes" in line]
    assert told == [f"seed {seed} · motion {motion}" for seed, motion in seeds]
    assert tab.at.number_input(key="num_clip_motion").value == 9  # what was asked for stays


def test_a_run_is_cancelled_on_the_page_and_what_is_drawn_stays(
    page: Callable, scenes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, let, drawing = threading.Semaphore(0), threading.Semaphore(0), clips.draw_clips

    def gated(*asked: Any) -> Any:
        at_work.release()
        let.acquire(timeout=PATIENCE)
        return drawing(*asked)

    monkeypatch.setattr(clips, "draw_clips", gated)
    tab = _clip_page(page).type("txt_clip", TEXT).click("btn_generate")
    assert at_work.acquire(timeout=PATIENCE)
    let.release()
    assert at_work.acquire(timeout=PATIENCE)  # at the second
    (bar,) = tab.run().at.get("progress")
    assert bar.proto.text == "1 of 4 takes drawn" and tab.at.button(key="btn_generate").disabled
    tab.click("btn_cancel_clips")
    let.release(4)
    tab.until(lambda: not tab.desk.jobs.busy).run()
    assert len(latest()) == len(tab.at.get("video")) == 2  # the one at work is finished
    assert "btn_cancel_clips" not in tab.keys and not tab.at.error and not tab.at.get("progress")
    assert not tab.at.button(key="btn_generate").disabled


def test_a_model_that_moves_pictures_asks_for_one(page: Callable, moved: str) -> None:
    tab = _clip_page(page).type("txt_clip", TEXT)
    tab.at.selectbox(key="sel_clip_model").set_value(moved)
    tab.run()
    assert tab.at.button(key="btn_generate").disabled
    assert len(tab.at.get("file_uploader")) == 1 and not tab.at.get("button_group")


def test_the_page_is_shown_while_a_large_picture_is_read(
    page: Callable, moved: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = threading.Event()

    def slowly(name: str, data: bytes) -> Enclosed:
        opened.wait(PATIENCE)
        return uploaded(name, data)

    monkeypatch.setattr(clips, "uploaded", slowly)
    tab = _clip_page(page).type("txt_clip", TEXT)
    tab.at.selectbox(key="sel_clip_model").set_value(moved)
    tab.run().at.file_uploader(key="up_clip").upload("my.png", b"no picture", "image/png")
    assert "Reading the file" in tab.run().words and not tab.at.error and tab.at.button(key="btn_generate").disabled
    opened.set()
    assert "is no picture" in tab.until(lambda: len(tab.at.error) == 1).at.error[0].value
    buffer = io.BytesIO()
    Image.new("RGB", (300, 280), "tan").save(buffer, "PNG")
    tab.at.file_uploader(key="up_clip").upload("my.png", buffer.getvalue(), "image/png")
    assert not tab.run().at.error and not tab.at.button(key="btn_generate").disabled


# What stands behind it -----------------------------------------------------------------------------------------------


def test_a_given_picture_moves_at_its_own_size(desk: Desk, moved: str) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 280), "tan").save(buffer, "PNG")
    paths = _drawn(desk, Asked("a man runs", moved, varied="motion", first=uploaded("../my.png", buffer.getvalue())))
    assert len(paths) == 4
    made = read_info(paths[0])["made"]
    assert made["first"]["file"] == "my.png" and (made["enlarged"], made["interpolated"]) == (1, 2)
    with Image.open(io.BytesIO(as_kind(paths[0], "webp"))) as webp:
        assert webp.size == (300, 280) and getattr(webp, "n_frames", 0) == 32
    with pytest.raises(InputError, match="is no picture"):
        uploaded("text.png", b"text")


def test_a_clip_is_as_long_and_as_large_as_asked(desk: Desk, scenes: str) -> None:
    usual = read_info(_drawn(desk, Asked(TEXT, scenes))[0])["made"]
    paths = _drawn(desk, Asked(TEXT, scenes, seconds=5.0, enlarged=2))
    made = read_info(paths[0])["made"]
    with ClipReader(paths[0]) as clip:
        assert abs(clip.count / clip.fps - 5.0) < 0.3 and (clip.fps, made["enlarged"]) == (made["fps"], 2)
        assert clip.picture(0).width * usual["enlarged"] == _width(desk, scenes) * 2
    job = submit_clips(desk, Asked(TEXT, scenes, enlarged=100)).wait(PATIENCE)
    assert job is not None and job.state == "failed" and "choose a smaller Size" in job.error


def _width(desk: Desk, scenes: str) -> int:
    with ClipReader(_drawn(desk, Asked(TEXT, scenes))[0]) as clip:
        return clip.picture(0).width


@pytest.mark.parametrize("seconds", [1.0, 2.0, 4.5, 12.0])
def test_a_longer_clip_has_more_frames_between_and_no_fewer_a_second(seconds: float) -> None:
    pace = paced(32, 10, seconds)
    assert abs(32 * pace["interpolated"] / pace["fps"] - seconds) < 0.1 * seconds
    assert pace["fps"] >= min(20, 32 * MOST_BETWEEN / seconds - 1)
    assert paced(32, 10, None) == {"fps": 20, "interpolated": 2}


def test_length_and_size_are_asked_for_on_the_page(
    page: Callable, scenes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Asked] = []

    def submit(shared: Desk, asked: Asked) -> Ticket:
        heard.append(asked)
        return Ticket(shared.jobs, shared.jobs.submit("Nothing", lambda step: ()))

    monkeypatch.setattr(clips, "submit_clips", submit)
    tab = _clip_page(page).type("txt_clip", TEXT).click("btn_generate")
    tab.at.number_input(key="num_clip_seconds").set_value(6.0)
    tab.at.selectbox(key="sel_clip_size").set_value(4)
    tab.run().click("btn_generate")
    assert [(each.seconds, each.enlarged) for each in heard] == [(None, None), (6.0, 4)]


def test_downloads_say_what_made_them_and_keep_time(desk: Desk, scenes: str, tmp_path: Path) -> None:
    path = _drawn(desk, Asked(TEXT, scenes))[0]
    assert as_kind(path, "mp4") == path.read_bytes()
    for kind in ("gif", "webp"):
        (tmp_path / f"x.{kind}").write_bytes(as_kind(path, kind))
        assert read_info(tmp_path / f"x.{kind}")["made"]["text"] == TEXT
        with Image.open(tmp_path / f"x.{kind}") as moving:
            times = []
            for number in range(moving.n_frames):  # type: ignore[attr-defined]
                moving.seek(number)
                moving.load()
                times.append(moving.info["duration"])
        assert sum(times) == 2000


def test_a_sent_clip_stays_unmarked_until_its_sentence_changes(desk: Desk, scenes: str, tmp_path: Path) -> None:
    from studio.document import ModelRef, set_model, set_text

    path = _drawn(desk, Asked(TEXT, scenes, 2, 7))[0]
    with Document.create(tmp_path / "x.board", new_board("x", ["Mia walks."])) as doc:
        panel = send_to_board(doc, path)
        take = doc.board.panels[1].take
        assert take is not None and (take.seed, take.knobs["motion_seed"], take.model.name) == (2, 7, "scenes")
        doc.apply(set_model(ModelRef(name="theatre-64")))
        assert not marks(doc.board, doc.board.panels[1]).changed
        doc.apply(set_text(panel, "A man runs."))
        assert marks(doc.board, doc.board.panels[1]).changed
        doc.undo(), doc.undo(), doc.undo()
        assert len(doc.board.panels) == 1  # panel and take were one step
        path.write_bytes(b"cut")
        with pytest.raises(EngineError, match="draw the clip again"):
            send_to_board(doc, path)


@pytest.mark.parametrize("vectors", [True, False])
def test_words_that_the_model_does_not_know_are_told(page: Callable, home: Path, vectors: bool) -> None:
    save_clip_model(home / "models" / "scenes", reads_vectors=vectors)
    tab = _clip_page(page).type("txt_clip", "A zork is juggling")
    tab.run().click("btn_generate").until(lambda: len(latest()) == 4 and not tab.desk.jobs.busy).run()
    rest = "it read the sentence as a whole, too" if vectors else "it drew without them"
    assert unread_words(latest()[0]) == f"The model did not read by themselves: zork; {rest}."
    assert f"zork; {rest}" in tab.words


def test_stars_survive_and_a_damaged_list_loses_no_clip(desk: Desk, scenes: str) -> None:
    paths = _drawn(desk, Asked(TEXT, scenes))
    toggle_star(paths[0]), toggle_star(paths[2]), toggle_star(paths[0])
    assert starred() == [paths[2]]
    (paths[0].parent / "stars.json").write_text("no json")
    assert starred() == [] and latest() == paths


def test_what_cannot_be_drawn_is_told_and_a_cancelled_run_keeps_what_is_done(desk: Desk, scenes: str) -> None:
    job = submit_clips(desk, Asked("  ", scenes)).wait(PATIENCE)
    assert job is not None and job.state == "failed" and "the text is empty" in job.error and latest() == []
    ticket = submit_clips(desk, Asked(TEXT, scenes))
    ticket.cancel()
    job = ticket.wait(PATIENCE)
    assert job is not None and job.state == "cancelled" and len(latest()) < 4


# A panel -------------------------------------------------------------------------------------------------------------


def test_a_panel_begins_to_move(page: Callable, make: Callable, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(["A woman is juggling."])
    tab = page("walk.board").with_stage("sel_engine").menu("btn_draw", "missing")
    with monkeypatch.context() as without:
        without.setattr("studio.ui.clips.clip_models", lambda moving=False: [])
        tab.until(lambda: tab.drawn).click(f"btn_edit_{tab.ids[0]}")
        button = tab.at.button(key="btn_animate")
        assert button.disabled and "No model that moves a picture is installed" in button.help
    tab.run()  # one ships
    assert not tab.at.button(key="btn_animate").disabled and not tab.at.get("video")
    tab.click("btn_animate").until(lambda: "Animated in" in tab.words)
    take = tab.document.board.panels[0].take
    assert take is not None and take.kind == "clip" and take.size == (640, 360)
    video = tab.at.get("video")[0].proto
    assert video.loop and video.autoplay and video.muted and video.alt == "Panel 1: A woman is juggling."
    assert ":blue-badge[moves]" in tab.words and len([key for key in tab.keys if key and "btn_take_" in key]) == 2
    small = tab.desk.thumbs.of(tab.document, [take], STRIP)[0]
    assert small is not None and small[8:12] == b"WEBP"
    tab.click("btn_undo")
    assert not tab.at.get("video") and tab.document.board.panels[0].take.kind == "image"
    save_clip_model(home / "models" / "other", gist="picture", background="gist")
    (home / "models" / "other" / "model.safetensors").write_bytes(b"cut")
    tab.run().menu("btn_animate_by", "other").until(lambda: "truncated or damaged" in tab.words)
    (details,) = [each for each in tab.at.expander if each.label == "Details"]
    assert "Traceback (most recent call last)" in details.code[0].value and "Traceback" not in tab.words
    assert tab.document.board.panels[0].take.kind == "image"


def test_thumbnails_of_clips_are_their_first_frames(desk: Desk, make: Callable, scenes: str) -> None:
    from studio.ui.pictures import clip_of, picture_of

    doc = desk.document(make())
    send_to_board(doc, _drawn(desk, Asked(TEXT, scenes))[0])
    panel = doc.board.panels[-1]
    data, path = picture_of(doc, panel, 96), clip_of(doc, panel)
    assert data is not None and path is not None
    with Image.open(io.BytesIO(data)) as thumb:
        assert thumb.size == (96, 64)
        assert np.asarray(thumb).std() > 0
    path.write_bytes(b"cut")
    assert picture_of(doc, panel, 97) is None and clip_of(doc, doc.board.panels[0]) is None
