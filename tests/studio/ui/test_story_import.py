"""The page Story reads files: stories go into its field, files that carry panels become boards that are opened."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from studio.document import Document, beginnings, pack_board
from studio.errors import StudioError
from studio.export import ExportOptions, export
from studio.ui.importing import SUFFIXES, bring_in

FILES = Path(__file__).parents[2] / "fixtures" / "stories"
MINE = "Cleo sleeps. She dreams of fish."


def hand_in(tab, *files: str | bytes):
    """Hand in files, each a name and its bytes, and wait until they are read."""
    several = [(name, data, "") for name, data in zip(files[::2], files[1::2], strict=True)]
    tab.at.file_uploader(key=f"upl_story_{tab.at.session_state['editor'].imports}").set_value(several)
    return tab.run().until(lambda: tab.at.session_state["editor"].importing is None)


def story(tab) -> str:
    return tab.at.text_area(key="txt_story").value


def said(tab, words: str) -> bool:
    """Whether the page says something, escaped as it is."""
    return words in tab.words.replace("\\", "")


def project(*names: str, picture: bool = True) -> bytes:
    """A zip of a folder of Storyboarder, with the picture of its first board."""
    buffer, drawn = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (16, 9), "red").save(drawn, "PNG")
    with zipfile.ZipFile(buffer, "w") as pack:
        for name in names or ("snow-day.storyboarder",):
            pack.writestr(f"snow/{name}", (FILES / "snow-day.storyboarder").read_bytes())
        if picture:
            pack.writestr("snow/images/board-1-AAAAA.png", drawn.getvalue())
            pack.writestr("snow/images/board-2-BBBBB.png", b"no picture")
        pack.writestr("__MACOSX/snow/._snow-day.storyboarder", b"litter")
    return buffer.getvalue()


def test_a_story_goes_into_the_field_and_what_was_there_is_a_click_away(page: Callable) -> None:
    tab = hand_in(page().tell(MINE), "day.txt", "Mia walks.\r\nShe waves.".encode("utf-16"))
    assert story(tab) == "Mia walks.\nShe waves."
    tab.until(lambda: "**2 panels**" in tab.words)
    assert story(tab.click("btn_put_back")) == MINE
    assert story(tab.click("btn_put_back")) == "Mia walks.\nShe waves."
    assert "btn_put_back" in tab.keys and "btn_put_back" not in page().keys


def test_markdown_keeps_its_sentences_apart_and_says_what_it_leaves_out(page: Callable) -> None:
    tab = hand_in(page(), "day.md", b"---\nauthor: Ada\n---\n- Mia walks\n- Pip dances\n\nMia sleeps.")
    assert story(tab) == "Mia walks\n\nPip dances\n\nMia sleeps."
    tab.until(lambda: "**3 panels**" in tab.words)
    assert said(tab, "author: Ada")
    assert "btn_imported" not in tab.click("btn_imported").keys and story(tab).startswith("Mia walks")


def test_markdown_with_headings_becomes_a_board_with_its_scenes(page: Callable) -> None:
    tab = hand_in(page(), "day.md", b"# *Snow*\n\n- Mia walks\n- Pip dances\n\n## Inside\n\nMia sleeps.")
    board = tab.document.board
    assert (board.title, board.sentences) == ("Snow", ("Mia walks", "Pip dances", "Mia sleeps."))
    assert {panel: scene.title for panel, scene in beginnings(board).items()} == {tab.ids[2]: "Inside"}
    assert "btn_undo" in tab.keys and not said(tab, "left out")


@pytest.mark.parametrize(
    ("name", "panels", "words"), [("snow-day.fountain", 5, "FADE IN:"), ("shots.csv", 4, "Camera")]
)
def test_files_with_panels_become_boards_that_are_opened(page: Callable, name: str, panels: int, words: str) -> None:
    tab = hand_in(page().tell(MINE), name, (FILES / name).read_bytes())
    assert len(tab.ids) == panels and "btn_undo" in tab.keys  # the page is the board's
    assert tab.document.board.title == {"shots.csv": "Shots"}.get(name, "Snow Day")
    first = tab.document.board.panels[0]
    assert first.shot == "1A" and (first.duration_ms == 2500 or "Mia meets Pip." in first.notes)
    assert said(tab, words)
    assert not said(tab.click("btn_imported"), words)
    tab.with_stage("sel_engine").menu("btn_draw", "missing").until(lambda: tab.drawn)
    tab.at.switch_page("studio/ui/pages/story.py")
    assert story(tab.run()) == MINE


def test_a_shot_list_of_ours_is_the_board_it_was(page: Callable, make: Callable, tmp_path: Path) -> None:
    path = make(["=1 plus one is two.", "- Mia waves."], title="Sums")
    with Document.open(path) as doc:
        (table,) = export(doc, ["csv"], tmp_path)
        before = doc.board
    tab = hand_in(page(), table.name, table.read_bytes())
    assert tab.document.path.name == "walk-2.board" and tab.document.board.sentences == before.sentences
    assert [panel.duration_ms for panel in tab.document.board.panels] == [None, None]


def test_a_project_of_storyboarder_comes_with_its_pictures(page: Callable) -> None:
    tab = hand_in(page(), "Snow.ZIP", project())
    first, second, third = tab.document.board.panels
    assert (first.shot, first.duration_ms, first.dialogue) == ("1A", 2500, "MIA: Hello!")
    assert first.take is not None and first.take.given is not None and first.take.size == (16, 9)
    assert second.take is None and third.take is None
    assert said(tab, "panel 2: the picture was left out: board-2-BBBBB.png is no picture that can be read")
    assert not said(tab, "/tmp")
    alone = hand_in(page(), "snow-day.storyboarder", (FILES / "snow-day.storyboarder").read_bytes())
    assert len(alone.ids) == 3 and said(alone, "import a zip of its folder")
    assert alone.document.path.name == "snow-day-2.board"


def test_a_shared_board_comes_with_its_takes(page: Callable, make: Callable, tmp_path: Path) -> None:
    make()
    tab = page("walk.board").with_stage("sel_engine").menu("btn_draw", "missing")
    tab.until(lambda: tab.drawn)
    shared = pack_board(tab.document.path, tmp_path / "Our walk.boardz").read_bytes()
    other = hand_in(page(), "Our walk.boardz", shared)
    assert other.document.path.name == "our-walk.board" and other.document.board.title == "A walk"
    assert all(other.document.picture(panel) for panel in other.document.board.panels)
    assert not other.document.read_only and "btn_imported" not in other.keys


def png(colour: str, size: tuple[int, int] = (32, 18)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


def test_pictures_become_a_board_in_the_order_of_their_names(page: Callable) -> None:
    tab = hand_in(
        page().tell(MINE), "10_the-end.png", png("red"), "2-Mia_walks.PNG", png("blue"), "IMG 3.jpg", b"no picture"
    )
    board = tab.document.board
    assert board.sentences == ("Mia walks", "the end", "IMG 3") and board.title == "Pictures"
    first, second, third = board.panels
    assert first.take is not None and first.take.given is not None and first.take.given.file == "2-Mia_walks.PNG"
    assert second.take is not None and third.take is None and "btn_undo" in tab.keys
    assert said(tab, "panel 3: the picture was left out: IMG 3.jpg is no picture") and not said(tab, "/tmp")
    mixed = hand_in(page(), "a.png", png("red"), "b.txt", b"Mia walks.")
    assert said(mixed, "2 files came and b.txt is no picture; import it by itself")
    film = hand_in(page(), "a.png", png("red"), "b.mp4", b"\0\0\0\x18ftypisom")
    assert said(film, "b.mp4 is a film among 2 files")


def test_a_film_of_ours_is_a_board_again(page: Callable, make: Callable, tmp_path: Path) -> None:
    make()
    tab = page("walk.board").with_stage("sel_engine").menu("btn_draw", "missing")
    tab.until(lambda: tab.drawn)
    files = export(tab.document, ["gif", "zip"], tmp_path, ExportOptions(size=(256, 144)))
    other = hand_in(page(), files[0].name, files[0].read_bytes())
    before, after = tab.document.board, other.document.board
    assert (after.title, after.sentences) == (before.title, before.sentences) and other.drawn
    assert [panel.seed for panel in after.panels] == [panel.seed for panel in before.panels]
    assert said(other, "frames of the film, not the originals")
    whole = hand_in(page(), files[1].name, files[1].read_bytes())
    assert whole.document.board.panels == before.panels and whole.drawn


def zipped(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as pack:
        for name, text in files.items():
            pack.writestr(name.replace("__", "."), text)
    return buffer.getvalue()


WRONG = [
    ("a.txt", b"\x89PNG", "a.txt is a PNG picture, expected plain text"),
    ("a.md", b"", "a.md is empty; write a few sentences"),
    ("a.fountain", b"Title: X\n", "a.fountain holds nothing to draw; expected a screenplay"),
    ("a.csv", b"a,b\n1,2\n", 'a.csv begins with "a, b"; expected a first row with names'),
    ("a.storyboarder", b"{", "a.storyboarder is damaged at line 1 column 2"),
    ("a.boardz", b"no zip", "a.boardz is not a sound zip of a board .* ask for it again"),
    ("a.zip", zipped(), "a.zip holds no board, no board of Storyboarder, no pictures; expected one of them: zip"),
    ("a.zip", project("a.storyboarder", "b.storyboarder"), "a.zip holds 2 boards of Storyboarder; expected one"),
    ("a.zip", zipped(manifest__json="{}"), "a.zip/manifest.json says format None, expected 'seqgan.board'"),
    ("a.boardz", zipped(manifest__json='{"format": "seqgan.board"}', board__json="{"), "boardz/board.json is damaged"),
    ("a.zip", zipped(manifest__json="{}", evil__exe=""), "a.zip holds 'evil.exe', which is no part of a board"),
    ("a.zip", zipped(**{"x__storyboarder": "{}", "../evil": ""}), "holds '../evil', a path that leaves the folder"),
    ("a.zip", zipped(x__storyboarder="{}"), 'x.storyboarder holds no list of boards under "boards"'),
    ("a.zip", zipped(**{"a__png": "x", "../evil": ""}), "holds '../evil', a path that leaves the folder"),
    ("a.mp4", b"", "a.mp4 does not say what story it tells; expected a film or picture that Seqgan Studio wrote"),
    ("a.mp4", b"\0\0\0\x18ftypisom<seqgan:made>{</seqgan:made>", "a.mp4 does not say what story it tells"),
    ("a.docx", b"", "a.docx is of no kind that is read here; expected one of: txt, md"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "words"), WRONG)
def test_what_cannot_be_read_is_named_and_leaves_nothing(name: str, data: bytes, words: str, home: Path) -> None:
    with pytest.raises(StudioError, match=words) as caught:
        bring_in([(name, data)])
    assert "tmp" not in str(caught.value) and not list(home.glob("boards/*"))


def test_an_error_costs_nothing_of_what_was_typed(page: Callable, home: Path) -> None:
    tab = page().tell(MINE)
    for name, data, words in (WRONG[3][0], WRONG[3][1], "begins with"), (WRONG[5][0], WRONG[5][1], "not a sound zip"):
        hand_in(tab, name, data)
        assert words in tab.run().at.error[0].value and story(tab) == MINE  # it stays until it was read
    assert not tab.click("btn_imported").at.error
    assert list((home / "boards").glob("*.board")) == []
    assert story(hand_in(tab, "day.txt", b"Mia walks.")) == "Mia walks."  # the next file is heard


def test_every_ending_that_is_offered_is_read() -> None:
    for suffix in SUFFIXES:
        with pytest.raises(StudioError) as caught:
            bring_in([(f"a.{suffix}", b"")])
        assert "no kind" not in str(caught.value)
