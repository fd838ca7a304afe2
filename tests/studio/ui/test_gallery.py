"""The page Gallery and its index: found again, starred, used once more; rebuilt from the boards at any time."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.document import Document, add_take, new_board, set_model, set_title, star
from studio.document.made import metadata_for
from studio.document.schema import ModelRef, Take
from studio.errors import ExportError
from studio.rendering.pictures import encode_png
from studio.ui.components.gallery_card import thumb
from studio.ui.gallery import VERSION, Gallery, Query, days_ago, known_boards
from studio.ui.pictures import STRIP
from studio.ui.taking_over import WAYS, Recipe, read_recipes, recipes_of, take_over
from studio.ui.trash import put_back

SENTENCES = ["Mia walks in the snow.", "Élodie waves."]


def paint(doc: Document, panel: int, number: int, **more: object) -> Take:
    """Add a take of one colour to a panel."""
    import numpy as np

    place = doc.board.panels[panel]
    take = Take(
        id=f"T{panel}{number}", number=number, media="0" * 64, seed=100 + number, model=ModelRef(name="paint"),
        text=place.text, knobs={"truncation": 0.5}, created="2026-11-21T12:04:00.123Z",
    ).model_copy(update=more)  # fmt: skip
    picture = np.full((36, 64, 3), 5 * number + panel, np.uint8)
    take = take.model_copy(update={"media": doc.add_media(encode_png(picture, metadata_for(doc.board, place, take)))})
    doc.apply(add_take(place.id, take))
    return take


@pytest.fixture
def painted(home: Path) -> Callable[..., Path]:
    """Make a board with takes: one of the first panel, `more` of the second."""

    def painted(name: str = "walk", title: str = "A walk", more: int = 2) -> Path:
        path = home / "boards" / f"{name}.board"
        with Document.create(path, new_board(title, SENTENCES)) as doc:
            paint(doc, 0, 0, created="2026-11-20T12:00:00.000Z")
            for number in range(more):
                paint(doc, 1, number, model=ModelRef(name="theatre-64"))
        return path

    return painted


@pytest.fixture
def gallery(home: Path) -> Gallery:
    return Gallery(home / "gallery.sqlite")


def texts(gallery: Gallery, **query: object) -> list[str]:
    return [take.text for take in gallery.search(Query(**query)).takes]  # type: ignore[arg-type]


# The index -----------------------------------------------------------------------------------------------------------


def test_takes_are_found_by_words_board_model_star_and_date(gallery: Gallery, painted: Callable[..., Path]) -> None:
    walk = painted()
    boards = [walk, painted("beach", "On the beach", 1)]
    assert gallery.refresh(boards) == 2 and gallery.refresh(boards) == 0
    assert gallery.search(Query()).total == 5
    assert texts(gallery)[-1] == "Mia walks in the snow."  # the oldest last
    assert texts(gallery, words="ÉLODIE walk") == ["Élodie waves."] * 2
    assert texts(gallery, words="beach mia") == ["Mia walks in the snow."]
    assert texts(gallery, words="100%_") == []
    assert len(texts(gallery, board=str(walk))) == 3
    assert texts(gallery, model="paint") == ["Mia walks in the snow."] * 2
    assert gallery.models() == ["paint", "theatre-64"]
    assert gallery.boards() == {str(boards[1]): "On the beach", str(walk): "A walk"}
    assert texts(gallery, starred=True) == []
    assert len(texts(gallery, since=1795262400.0)) == 3  # 2026-11-21
    page = gallery.search(Query(), limit=2, offset=4)
    assert (len(page.takes), page.total) == (1, 5)


def test_a_change_of_a_board_is_taken_up_and_a_board_that_is_gone_forgotten(
    gallery: Gallery, painted: Callable[..., Path]
) -> None:
    path = painted()
    gallery.refresh([path])
    with Document.open(path) as doc:
        doc.apply(star(doc.board.panels[1].id))
        doc.apply(set_title("Renamed"))
        assert gallery.stale([path])  # from the journal alone, while it is open
        gallery.refresh([path])
        assert [take.seed for take in gallery.search(Query(starred=True)).takes] == [101]  # the picture it shows
        assert gallery.boards() == {str(path): "Renamed"}
    assert gallery.refresh([]) == 1
    assert gallery.search(Query()).total == 0


@pytest.mark.parametrize("damage", ["missing", "noise", "cut", "version", "page"])
def test_the_index_is_rebuilt_where_it_is_missing_or_damaged(
    damage: str, gallery: Gallery, painted: Callable[..., Path]
) -> None:
    path = painted(more=40)
    gallery.refresh([path])
    data = gallery.file.read_bytes()
    if damage == "missing":
        gallery.file.unlink()
    elif damage == "version":
        with sqlite3.connect(gallery.file) as index:
            index.execute(f"PRAGMA user_version = {VERSION + 1}")
        index.close()
    else:
        broken = {"noise": b"\x00\xff" * 4000, "cut": data[: len(data) // 2], "page": data[:4096] + b"\x7f" * 8192}
        gallery.file.write_bytes(broken[damage])
    assert gallery.stale([path])
    assert gallery.refresh([path]) == 1
    assert gallery.search(Query()).total == 41


def test_a_damaged_board_is_told_and_the_others_shown(gallery: Gallery, painted: Callable[..., Path]) -> None:
    whole, broken = painted(), painted("broken")
    (broken / "board.json").write_text("{")
    shutil.rmtree(broken / "versions")  # no backup to bring it back from
    gallery.refresh([whole, broken])
    assert gallery.search(Query()).total == 3
    assert "board.json" in gallery.problems()[0]


def test_links_and_pictures_outside_a_board_are_not_shown(
    gallery: Gallery, painted: Callable[..., Path], home: Path, tmp_path: Path
) -> None:
    outside = painted("outside").rename(tmp_path / "outside.board")
    (home / "boards" / "link.board").symlink_to(outside)
    assert known_boards(None) == [] and known_boards(outside) == [outside]
    path = painted()
    for picture in (path / "media").glob("*/*"):
        picture.rename(tmp_path / picture.name)
        picture.symlink_to(tmp_path / picture.name)
    gallery.refresh([path])
    assert gallery.search(Query()).total == 0


def test_days_begin_at_midnight() -> None:
    assert time.localtime(days_ago(0))[3:6] == (0, 0, 0)
    assert 0 <= time.time() - days_ago(0) < 25 * 3600
    assert round((days_ago(0) - days_ago(6)) / 86400) == 6


# Taking over ---------------------------------------------------------------------------------------------------------


def test_what_made_a_picture_becomes_a_panel() -> None:
    board = new_board("Two", ["One.", "Two."])
    recipe = Recipe("Mia walks.", 7, {"truncation": 0.5})
    made = {}
    for way in ("all", "seed", "remix"):
        command, first = take_over(board, [recipe], way, board.panels[0].id)
        after = command.apply(board)
        assert after.index(first) == 1
        made[way] = after.panels[1]
    assert (made["all"].text, made["all"].knobs, made["all"].seed_of(0)) == ("Mia walks.", {"truncation": 0.5}, 7)
    assert (made["seed"].text, made["seed"].knobs, made["seed"].seed_of(0)) == ("One.", {}, 7)
    assert (made["remix"].text, made["remix"].knobs) == ("Mia walks.", {"truncation": 0.5})
    assert made["remix"].seed_of(0) != 7
    models = {"birds": ["birds", None, "birds"], "stage": [None] * 3, "a-clip-model": [None] * 3}
    board = set_model(ModelRef(name="stage")).apply(board)
    for name, expected in models.items():
        commands = [take_over(board, [Recipe("A.", 1, {}, name)], way, "", ("stage", "birds"))[0] for way in WAYS]
        added = [command.apply(board).panels[-1].model for command in commands]
        assert [model and model.name for model in added] == expected
    command, first = take_over(board, [recipe, recipe], "seed")
    assert [panel.text for panel in command.apply(board).panels] == ["One.", "Two.", "", ""]


def test_the_record_of_a_file_names_what_made_it(painted: Callable[..., Path]) -> None:
    with Document.open(painted(), read_only=True) as doc:
        picture = doc.picture(doc.board.panels[1])
        assert picture is not None
        assert read_recipes("a.png", picture.read_bytes()) == [
            Recipe("Élodie waves.", 101, {"truncation": 0.5}, "theatre-64")
        ]
    film = {"panels": [{"text": "A.", "take_seed": 3}, {"text": " "}, {"text": "B.", "drawn": False}, 7]}
    assert recipes_of(film) == [Recipe("A.", 3), Recipe("B.")]
    assert recipes_of({"text": "a red bird", "seeds": [4, 5]}) == [Recipe("a red bird", 4)]
    assert recipes_of({"text": "a red bird", "seed": -1, "knobs": 3, "model": "x"}) == [Recipe("a red bird")]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("x.png", b"\x89PNG\r\n\x1a\n rubbish", "says nothing of what made it"),
        ("notes.png", b"hello", "notes.png is no PNG"),
        ("x.mp4", b"", "x.mp4 is no PNG"),
    ],
)
def test_a_file_that_is_not_ours_is_refused(name: str, data: bytes, message: str) -> None:
    with pytest.raises(ExportError, match=message):
        read_recipes(name, data)


# The page ------------------------------------------------------------------------------------------------------------

GALLERY = "studio/ui/pages/gallery.py"


@pytest.fixture
def visit(page: Callable) -> Callable:
    """Open the gallery and wait until the boards are read."""

    def visit(board: str = "") -> object:
        tab = page(board)
        tab.at.switch_page(GALLERY)
        return tab.run().until(lambda: "Reading boards" not in tab.words)

    return visit


def test_it_says_what_will_be_here(visit: Callable) -> None:
    assert "Everything you draw appears here, with its seed and settings." in visit().words


def test_it_shows_what_is_looked_for(visit: Callable, painted: Callable[..., Path]) -> None:
    painted()
    painted("beach", "On *the* beach", 1)
    tab = visit()
    assert "5 takes" in tab.words and r"On \*the\* beach" in tab.words
    assert "2 takes" in tab.type("txt_gallery", "beach").words
    assert "No take fits." in tab.type("txt_gallery", "elephant").words
    tab.type("txt_gallery", "").at.selectbox(key="sel_gallery_model").set_value("paint")
    assert "2 takes" in tab.run().words
    started = time.perf_counter()
    tab.run()
    assert time.perf_counter() - started < 3  # 0.1 s where nothing else runs


def test_takes_of_deleted_boards_vanish_and_come_back(visit: Callable, painted: Callable[..., Path]) -> None:
    painted()
    beach = painted("beach", "On the beach", 1)
    tab = visit()
    tab.until(lambda: "5 takes" in tab.words)
    tab.at.selectbox(key="sel_gallery_board").set_value(str(beach))
    assert "2 takes" in tab.run().words
    picture = str(next(beach.glob("media/*/*")))
    there = tab.desk.delete(beach)
    tab.run().until(lambda: "3 takes" in tab.words)
    assert tab.at.selectbox(key="sel_gallery_board").value == "" and not tab.at.error
    assert thumb(picture, STRIP) is None
    put_back(there)
    tab.run().until(lambda: "5 takes" in tab.words)
    assert "picture missing" not in tab.words
    assert thumb(picture, STRIP) is not None


def test_a_star_is_set_in_the_board_and_undone_there(visit: Callable, painted: Callable[..., Path]) -> None:
    path = painted()
    panel = json.loads((path / "board.json").read_text())["panels"][1]["id"]
    tab = visit().click(f"btn_star_walk.board_{panel}_T11")
    tab.until(lambda: "Reading boards" not in tab.words)
    doc = tab.desk.document(path)
    assert [take.starred for take in doc.board.panels[1].takes] == [False, True]
    tab.at.toggle(key="tgl_gallery_starred").set_value(True)
    assert "1 take" in tab.run().words
    doc.apply(star(panel))
    tab.run().click(f"btn_star_walk.board_{panel}_T11").until(lambda: "0 takes" in tab.words)
    assert not doc.board.panels[1].starred and not doc.board.panels[1].takes[1].starred


def test_a_board_that_is_open_elsewhere_refuses_a_star(visit: Callable, painted: Callable[..., Path]) -> None:
    path = painted()
    with Document.open(path) as doc:
        panel = doc.board.panels[0].id
        tab = visit().click(f"btn_star_walk.board_{panel}_T00")
        assert tab.at.error and "walk.board" in tab.at.error[0].value.replace("\\", "")


def test_a_take_becomes_a_panel_of_the_open_board(
    visit: Callable, painted: Callable[..., Path], make: Callable
) -> None:
    painted("beach", "Beach")
    make(["One."], name="mine")
    tab = visit("mine.board")
    key = next(button.key for button in tab.at.menu_button if button.key.endswith("_T11"))
    tab.menu(key, "all")
    assert [panel.text for panel in tab.document.board.panels] == ["One.", "Élodie waves."]
    assert tab.document.board.panels[1].seed_of(0) == 101
    assert tab.at.session_state["editor"].selected == tab.document.board.panels[1].id
    assert "btn_add" in tab.keys  # the board is shown


def test_without_a_board_it_says_to_open_one(visit: Callable, painted: Callable[..., Path]) -> None:
    painted()
    tab = visit()
    key = next(button.key for button in tab.at.menu_button if button.key.endswith("_T00"))
    tab.menu(key, "remix")
    assert "no board is open" in tab.at.error[0].value
    tab.menu(key, "open")
    assert tab.document.board.title == "A walk" and "btn_add" in tab.keys


def test_a_dropped_file_can_be_used(visit: Callable, painted: Callable[..., Path], make: Callable) -> None:
    with Document.open(painted(), read_only=True) as doc:
        picture = doc.picture(doc.board.panels[0])
        assert picture is not None
    make(["One."], name="mine")
    tab = visit("mine.board")
    tab.at.file_uploader(key="up_gallery").upload("p.png", picture.read_bytes(), "image/png")
    tab.run().click("btn_file_remix")
    assert tab.ids and tab.document.board.panels[1].text == "Mia walks in the snow."
    tab = visit()
    tab.at.file_uploader(key="up_gallery").upload("p.png", b"rubbish", "image/png")
    assert "p\\.png is no PNG" in tab.run().at.error[0].value
