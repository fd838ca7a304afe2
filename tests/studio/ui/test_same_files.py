"""What the export dialog writes is to the byte what the command writes of the same board."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.cli.main import run
from studio.export import FORMATS
from studio.ui.components.export_dialog import zipped
from tests.studio.ui.conftest import Page


@pytest.fixture
def board(page: Callable, make: Callable) -> Page:
    """A tab with a board of two panels, drawn by the stage, and the dialog open."""
    make(["Mia walks in the snow.", "She waves."])
    tab = page("walk.board").with_stage("sel_engine").menu("btn_draw", "missing")
    return tab.until(lambda: tab.drawn).click("btn_export")


def files(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by their names."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def exported(tab: Page, formats: list[str]) -> dict[str, bytes]:
    """What the dialog writes in these formats with what is chosen in it."""
    tab.at.pills[0].set_value(formats)
    tab.run().click("btn_export_now").until(lambda: bool(tab.at.get("download_button")))
    return files(tab.document.path / "exports")


def rendered(tab: Page, folder: Path, formats: list[str], *words: str) -> dict[str, bytes]:
    """What the command writes of the same board, which the editor still has open."""
    assert run(["render", str(tab.document.path), "-o", str(folder), "--to", ",".join(formats), *words]) == 0
    return files(folder)


def check_same(of_dialog: dict[str, bytes], of_command: dict[str, bytes]) -> None:
    """Fail with the names of the files that differ."""
    assert of_dialog.keys() == of_command.keys()
    assert [name for name, data in of_dialog.items() if of_command[name] != data] == []


def test_every_format_as_it_comes_is_the_same_to_the_byte(board: Page, tmp_path: Path) -> None:
    pytest.importorskip("opentimelineio", reason="opentimelineio is not installed: not every format can be written")
    of_dialog = exported(board, list(FORMATS))
    assert {Path(name).suffix.lstrip(".") for name in of_dialog} == set(FORMATS) and len(of_dialog) == 12
    check_same(of_dialog, rendered(board, tmp_path / "out", list(FORMATS)))


def test_what_is_chosen_means_the_same_in_both(board: Page, tmp_path: Path) -> None:
    board.at.selectbox(key="sel_aspect").set_value("1:1")
    board.run().at.selectbox(key="sel_size").set_value((480, 480))
    chosen = {"sel_captions": "vtt", "sel_transition": "fade", "sel_paper": "letter-upright"}
    for key, value in chosen.items():
        board.at.selectbox(key=key).set_value(value)
    board.at.text_input(key="txt_panels").set_value("2")
    board.at.number_input(key="num_fps").set_value(12)
    board.at.multiselect(key="sel_fields").set_value(["notes", "text"])
    formats = ["mp4", "gif", "pdf", "html", "csv"]
    words = "--aspect 1:1 --size 480x480 --captions vtt --transition fade --paper letter-upright --panels 2 --fps 12"
    of_dialog = exported(board, formats)
    assert sorted(Path(name).suffix for name in of_dialog) == [".csv", ".gif", ".html", ".mp4", ".pdf", ".vtt"]
    check_same(of_dialog, rendered(board, tmp_path / "out", formats, *words.split(), "--fields", "notes,text"))


def test_the_panels_that_are_downloaded_in_one_file_have_no_moment_of_their_own(tmp_path: Path) -> None:
    paths = [tmp_path / f"00{number}.png" for number in (1, 2)]
    for path in paths:
        path.write_bytes(path.name.encode())
    first = zipped(paths)
    for path in paths:
        os.utime(path, (1e9, 1e9))
    assert zipped(paths) == first
