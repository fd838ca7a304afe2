"""Exports, animations and clips that an editor left undone: the next one carries them out, once, or says why not."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from studio.document import Document
from studio.rendering import draw_board, open_engine
from studio.ui.clips import latest, submit_animation, submit_clips, uploaded
from studio.ui.desk import Desk
from studio.ui.exports import submit_export
from studio.ui.going_on import take_up
from studio.ui.orders import Animation, Asked, Clips, Enclosed, Order
from studio.ui.queue_file import NAME
from tests.seqgan.sampling.clip_models import save_clip_model
from tests.studio.ui.conftest import PATIENCE, Page
from tests.studio.ui.test_going_on import kept, soon
from tests.studio.ui.test_queue_file import left

TEXT = "a man runs"


@pytest.fixture
def walk(make: Callable[..., Path]) -> Path:
    """A drawn board of one panel."""
    path = make(["Max runs."])
    with Document.open(path) as doc:
        draw_board(doc, open_engine("stage"))
    return path


@pytest.fixture
def moved(home: Path) -> str:
    """A model that moves pictures."""
    return save_clip_model(home / "models" / "moved", gist="picture", background="gist").name


def tan() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (96, 64), "tan").save(buffer, "PNG")
    return buffer.getvalue()


def leave(home: Path, *orders: Order) -> Path:
    """Have a process leave orders."""
    folder = left(home, *(order.plain() for order in orders))
    for order in orders:
        for name, data in order.files.items():
            (folder / name).write_bytes(data)
    return folder


def test_exports_are_carried_out_each_with_its_music(
    earlier: Desk, walk: Path, desk: Desk, page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = []

    def export(_doc, formats, folder, options, _progress):
        heard.append((formats, folder, options.fps, options.music and options.music.read_bytes()))
        return []

    music = io.BytesIO(b"la la")
    music.name = "song.mp3"
    for formats, chosen in ((["mp4"], {"music": music, "fps": 12}), (["pdf"], {"layout": "2x1"})):
        submit_export(earlier, earlier.document(walk), formats, chosen)
    earlier.close()
    monkeypatch.setattr("studio.export.export", export)
    tab = page("walk.board")
    assert "in the queue again\\: 2 exports \\(A walk\\)" in tab.words
    tab.until(lambda: "The export is done" in tab.words)
    folder = walk.resolve() / "exports"
    assert heard == [(["mp4"], folder, 12, b"la la"), (["pdf"], folder, 24, None)]
    soon(lambda: kept(desk.home) == [])


def test_a_board_that_is_open_elsewhere_is_exported_but_not_animated(
    earlier: Desk, walk: Path, desk: Desk, moved: str, home: Path
) -> None:
    doc = earlier.document(walk)
    submit_export(earlier, doc, ["csv"], {})
    submit_animation(earlier, doc, moved, doc.board.panels[0].id)
    earlier.close()
    with Document.open(walk):
        take_up(desk)
        soon(lambda: not desk.jobs.busy)
    assert len(list((home / "boards" / "exports").glob("*.csv"))) == 1
    assert "An animation of walk that waited was dropped: the board cannot be changed" in desk.notes[0]


def test_a_panel_is_animated_once(earlier: Desk, walk: Path, desk: Desk, moved: str, home: Path) -> None:
    doc = earlier.document(walk)
    submit_animation(earlier, doc, moved, doc.board.panels[0].id)
    (record,) = kept(home)[1:]
    earlier.close()
    take_up(desk)
    soon(lambda: not desk.jobs.busy)
    takes = desk.document(walk).board.panels[0].takes
    assert [take.kind for take in takes] == ["image", "clip"] and takes[1].id == record["id"]
    left(home, record)  # a process that was killed before it had struck the order out
    take_up(desk)
    assert not desk.jobs.busy and desk.notes == [
        "Left undone when the editor ended, and in the queue again: 1 animation (A walk)."
    ]


def test_of_clips_only_those_are_drawn_that_are_not_there(
    walk: Path, desk: Desk, moved: str, home: Path, page: Callable[..., Page]
) -> None:
    whole = submit_clips(desk, Asked(TEXT, moved, 3, varied="motion", first=uploaded("my.png", tan())))
    whole.wait(PATIENCE)
    order, paths = desk.jobs.snapshot(whole.number).again, latest()
    drawn = [path.read_bytes() for path in paths]
    assert isinstance(order, Clips)
    paths[1].unlink(), paths[3].unlink()
    stood = [paths[k].stat().st_mtime_ns for k in (0, 2)]
    leave(home, order)
    tab = page("walk.board")
    tab.at.switch_page("studio/ui/pages/clip.py")
    assert "in the queue again\\: 1 set of clips \\(“a man runs”\\)" in tab.run().words
    tab.until(lambda: not tab.desk.jobs.busy).run()
    assert latest() == paths and [path.read_bytes() for path in paths] == drawn
    assert [paths[k].stat().st_mtime_ns for k in (0, 2)] == stood and len(tab.at.get("video")) == 4
    leave(home, order)
    take_up(desk)
    assert not desk.jobs.busy and len(desk.notes) == 1


def test_runs_of_two_editors_do_not_replace_each_other(desk: Desk, moved: str, home: Path) -> None:
    first = Enclosed.of("my.png", tan())
    orders = [Clips(asked=Asked(TEXT, moved, seed, None, "motion", first)) for seed in (1, 2)]
    leave(home, orders[0]).rename(home / "queue" / "01FIRST")
    leave(home, orders[1])
    desk.jobs.pause()
    take_up(desk)
    assert [job.again for job in desk.jobs.waiting()] == orders


def test_what_an_order_needs_and_is_gone_is_told_and_the_order_dropped(
    walk: Path, desk: Desk, moved: str, home: Path
) -> None:
    first = Enclosed.of("my.png", tan())
    with Document.open(walk) as doc:
        panel = doc.board.panels[0].id
    folder = leave(
        home,
        Clips(asked=Asked("a man " + "runs " * 30, "gone")),
        Clips(asked=Asked(TEXT, moved, first=first)),
        Animation(board=walk, model="gone", panel=panel),
        Animation(board=walk, model=moved, panel="gone"),
        Animation(board=walk.with_name("gone.board"), model=moved, panel=panel),
    )
    (folder / first.sha256).write_bytes(b"torn")
    take_up(desk)
    assert not desk.jobs.busy and not folder.exists()
    expected = [
        ("A set of clips of “a man runs runs", "no model 'gone' is installed"),
        ("A set of clips of a sentence", "my.png, which belongs to it, is gone or damaged; hand it in again"),
        ("An animation of walk", "no model 'gone' is installed"),
        ("An animation of walk", "no panel gone is on this board"),
        ("An animation of gone", "gone.board"),
    ]
    assert [note.startswith(of) and why in note for note, (of, why) in zip(desk.notes, expected, strict=True)] == [
        True
    ] * 5


def test_clips_in_which_the_editor_ended_twice_wait_for_a_person(desk: Desk, moved: str, home: Path) -> None:
    order = Clips(asked=Asked(TEXT, moved, first=Enclosed.of("my.png", tan())), starts=2)
    leave(home, order)
    take_up(desk)
    assert desk.jobs.paused and "ended 2 times during the set of clips of “a man runs”" in desk.notes[0]
    assert json.loads((next(home.glob(f"queue/*/{NAME}"))).read_text().splitlines()[1])["starts"] == 2
