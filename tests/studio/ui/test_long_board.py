"""A board of 200 panels: what each view asks for in a run, and that small pictures are made once and elsewhere."""

from __future__ import annotations

import shutil
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from PIL import Image

from studio.document import Batch, Document, Given, ModelRef, Take, add_take, pack_board
from studio.ui import state, thumbs
from studio.ui.components.wall import PAGE
from studio.ui.desk import AGAIN_SECONDS, Desk
from studio.ui.pictures import CARD, STRIP
from tests.studio.ui.conftest import Page

LONG = 200
ASKED = 60
"""More than a run asks for the desk, whatever the length of the board."""


def paint(path: Path) -> Path:
    """Give every panel of a board a picture of its own."""
    with Document.open(path) as doc:
        takes = []
        for number, panel in enumerate(doc.board.panels):
            buffer = BytesIO()
            Image.new("RGB", (32, 18), (number, 60, 90)).save(buffer, "PNG")
            take = Take(id=f"T{number}", media=doc.add_media(buffer.getvalue()), model=ModelRef(name="given"))
            takes.append(add_take(panel.id, take.model_copy(update={"given": Given(file="own.png")})))
        doc.apply(Batch(label="paint", commands=tuple(takes)))
    return path


@pytest.fixture
def painted(make: Callable[..., Path]) -> Callable[..., Path]:
    return lambda panels=3: paint(make([f"Mia walks {number} steps." for number in range(panels)]))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the desk was asked for, and pictures made: by width, and by the thread that did."""
    found: Counter[str] = Counter()
    shared, made = state._desk, thumbs.made

    def asked(folder: str) -> Desk:
        found["desk"] += threading.current_thread() is not threading.main_thread()
        return shared(folder)

    def counted(doc: Document, take: Take, width: int) -> bytes | None:
        found.update([f"made {width}", threading.current_thread().name])
        return made(doc, take, width)

    monkeypatch.setattr(state, "_desk", asked)
    monkeypatch.setattr(thumbs, "made", counted)
    return found


def restart(home: Path) -> None:
    """End the editor; the next tab begins another one."""
    state._desk(str(home)).close()
    st.cache_resource.clear()


def test_the_views_of_a_long_board_ask_little_and_make_pictures_once(
    page: Callable[..., Page], painted: Callable[..., Path], calls: Counter[str], home: Path
) -> None:
    painted(LONG)
    tab = page("walk.board")
    tab.until(lambda: not tab.desk.thumbs.busy)
    assert (calls[f"made {STRIP}"], calls[f"made {CARD}"]) == (LONG, PAGE)
    assert calls["studio-jobs"] == LONG + PAGE  # the page itself made none
    for view in ("Grid", "List", "Timeline"):
        tab.show(view)
        calls.clear()
        tab.at.button_group(key="view").set_value(view)
        tab.run()
        assert 0 < calls["desk"] <= ASKED and set(calls) == {"desk"}, view
    restart(home)
    calls.clear()
    tab = page("walk.board")
    assert set(calls) == {"desk"} and not tab.desk.thumbs.busy


def small(desk: Desk, doc: Document, width: int = STRIP) -> list[bytes | None]:
    """The pictures of all panels, when all are there."""
    desk.thumbs.of(doc, [panel.take for panel in doc.board.panels], width)
    while desk.thumbs.busy:
        time.sleep(0.01)
    return desk.thumbs.of(doc, [panel.take for panel in doc.board.panels], width)


def test_damaged_and_lost_thumbs_are_made_anew(desk: Desk, painted: Callable[..., Path], calls: Counter[str]) -> None:
    doc = desk.document(painted())
    first = small(desk, doc)
    files = sorted((doc.path / thumbs.FOLDER).iterdir())
    assert len(files) == 3 and all(path.suffix == ".webp" for path in files) and None not in first
    files[0].write_bytes(files[0].read_bytes()[:-4])
    files[1].unlink()
    desk.thumbs = thumbs.Thumbs(desk.asked)
    calls.clear()
    assert small(desk, doc) == first and calls[f"made {STRIP}"] == 2
    assert small(desk, doc, CARD) != first and len(list((doc.path / thumbs.FOLDER).iterdir())) == 6
    shutil.rmtree(doc.path / thumbs.FOLDER)
    desk.thumbs = thumbs.Thumbs(desk.asked)
    assert small(desk, doc) == first


def test_thumbs_are_not_shared_nor_written_where_a_board_can_only_be_looked_at(
    desk: Desk, painted: Callable[..., Path], tmp_path: Path
) -> None:
    path = painted()
    with Document.open(path):
        doc = desk.document(path)
        assert doc.read_only and None not in small(desk, doc)
        assert not (path / thumbs.FOLDER).exists()
    (path / thumbs.FOLDER).mkdir()
    (path / thumbs.FOLDER / "a.webp").write_bytes(b"")
    assert "thumbs" not in " ".join(zipfile.ZipFile(pack_board(path, tmp_path / "walk.boardz")).namelist())


def test_a_picture_that_is_missing_or_damaged_has_no_thumb(desk: Desk, painted: Callable[..., Path]) -> None:
    doc = desk.document(painted())
    gone, cut, _ = doc.board.panels
    whole = doc.picture(gone).read_bytes()  # type: ignore[union-attr]
    doc.picture(gone).unlink()  # type: ignore[union-attr]
    doc.picture(cut).write_bytes(b"cut")  # type: ignore[union-attr]
    found = small(desk, doc)
    assert [each is None for each in found] == [True, True, False]
    doc.add_media(whole)
    assert small(desk, doc)[0] is not None  # as a folder that is synchronised brings it


def test_pictures_that_a_deleted_board_took_along_are_made_when_it_is_back(
    desk: Desk, painted: Callable[..., Path]
) -> None:
    doc, go = desk.document(painted()), threading.Event()
    desk.asked.submit("Wait", lambda _step: go.wait(30))
    desk.thumbs.of(doc, [panel.take for panel in doc.board.panels], STRIP)
    away = doc.path.rename(doc.path.with_name("away"))
    go.set()
    assert small(desk, doc) == [None] * 3
    away.rename(doc.path)
    desk.thumbs.forget(doc.path)
    assert None not in small(desk, doc)


def test_a_board_that_others_hold_is_read_again_after_seconds(
    desk: Desk, make: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, clock, open_board = [], [100.0], Document.open

    def counted(path: Path, *words: Any) -> Document:
        opened.append(path)
        return open_board(path, *words)

    monkeypatch.setattr("studio.ui.desk.open_board", counted)
    monkeypatch.setattr("studio.ui.desk.time", SimpleNamespace(monotonic=lambda: clock[0]))
    path = make()
    with Document.open(path):
        doc = desk.document(path)
        assert doc.read_only and desk.document(path) is doc and len(opened) == 1
        clock[0] += AGAIN_SECONDS
        assert desk.document(path).read_only and desk.document(path).read_only and len(opened) == 2
    assert desk.document(path).read_only
    clock[0] += AGAIN_SECONDS
    free = desk.document(path)
    assert not free.read_only and len(opened) == 3
    free.close()
    assert not desk.document(path).read_only  # at once: it could be written before
