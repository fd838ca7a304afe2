"""From a document to a film, and back from files and boards to what made them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.document import Document, ModelRef, Take, new_board, new_id, set_duration
from studio.document.archive import pack_board
from studio.document.edits import add_take
from studio.errors import ExportError
from studio.export import ExportOptions, Progress, export, parse_layout, parse_size
from studio.export.film_plan import part_stem, pick, plan_film, stem_of
from studio.export.info import read_info
from studio.export.options import told_panels
from studio.media.metadata import KEY
from studio.rendering.pictures import encode_png

SMALL = ExportOptions(size=(320, 180), fps=12, moving_size=(320, 180))


@pytest.fixture
def board(tmp_path) -> Path:
    """A board of three panels: two with takes, the third without; the second is shown for 2345 ms."""
    path = tmp_path / "snow-day.board"
    with Document.create(
        path, new_board("Snow day", ["Mia walks.", "She waves at the owl.", "The end."], seed=5)
    ) as doc:
        for k, panel in enumerate(doc.board.panels[:2]):
            media = doc.add_media(encode_png(np.full((64, 112, 3), 60 + 90 * k, np.uint8), {"program": "x"}))
            model = ModelRef(name="theatre-64", weights_sha256="ab" * 32)
            take = Take(
                id=new_id(), media=media, size=(112, 64), seed=11 + k, model=model, created="2026-01-01T00:00:00Z"
            )
            doc.apply(add_take(panel.id, take))
        doc.apply(set_duration(doc.board.panels[1].id, 2345))
    return path


def test_a_board_becomes_a_film(board) -> None:
    with Document.open(board, read_only=True) as doc:
        film = plan_film(doc)
    assert [shot.duration_ms for shot in film.shots] == [1500, 2345, 1500]
    assert [shot.text for shot in film.shots] == ["Mia walks.", "She waves at the owl.", "The end."]
    assert [shot.picture is None for shot in film.shots] == [False, False, True]
    assert (film.stem, film.title) == ("snow-day", "Snow day")
    assert film.aspect == 112 / 64
    made = film.record()
    assert made["seed"] == 5
    assert [panel.get("take_seed") for panel in made["panels"]] == [11, 12, None]
    assert "created" not in made["panels"][0]


def test_export_writes_a_board_s_files(board, tmp_path) -> None:
    progress = Progress()
    paths = export(board, ["mp4", "png"], tmp_path / "out", SMALL, progress)
    names = [path.relative_to(tmp_path / "out").as_posix() for path in paths]
    assert names == ["snow-day.mp4", *(f"snow-day-panels/00{k}.png" for k in (1, 2, 3))]
    assert progress.missing == {3}


def test_some_panels_keep_their_numbers(board, tmp_path) -> None:
    options = ExportOptions(panels="2-3")
    assert [path.name for path in export(board, ["png"], tmp_path, options)] == ["002.png", "003.png"]


def test_some_panels_have_files_of_their_own(board, tmp_path) -> None:
    """What was exported of the whole board stays, to the byte."""
    kinds = ["gif", "png", "zip", "csv"]
    whole = {path: path.read_bytes() for path in export(board, kinds, tmp_path, SMALL)}
    for panels in ("1,3", "3,1", "2", "1-2"):
        made = export(board, kinds, tmp_path, replace(SMALL, panels=panels))
        part = f"snow-day-part-{panels.replace(',', '_')}"
        assert {path.relative_to(tmp_path).parts[0].split(".")[0] for path in made} == {part, f"{part}-panels"}
    assert {path: path.read_bytes() for path in whole} == whole
    assert export(board, ["csv"], tmp_path, replace(SMALL, panels="1-"))[0].name == "snow-day.csv"  # all there are


@pytest.mark.parametrize(
    ("numbers", "told"),
    [([], ""), ([3], "3"), ([1, 2], "1-2"), ([2, 3, 4, 7], "2-4,7"), ([1, 3, 5], "1,3,5"), ([9, 2, 3], "9,2-3")],
)
def test_panels_are_told_as_they_are_read(numbers: list[int], told: str) -> None:
    assert told_panels(numbers) == told
    assert not numbers or pick(told, 9) == numbers


def test_a_long_choice_of_panels_has_a_name_that_disks_take_and_no_other_choice_has() -> None:
    odd = list(range(1, 400, 2))
    first, second = part_stem("walk", odd), part_stem("walk", odd[:-1])
    assert first != second and first.startswith("walk-part-1_3_5_7_") and max(len(first), len(second)) < 90
    assert part_stem("walk", odd) == first


def test_info_reads_boards_zipped_boards_and_files(board, tmp_path) -> None:
    zipped = pack_board(board, tmp_path / "snow-day.boardz")
    film = export(board, ["mp4"], tmp_path, SMALL)[0]
    for path, kind in ((board, "board"), (zipped, "board"), (film, "MP4")):
        info = read_info(path)
        assert info["format"] == kind
        assert info["made"]["panels"][1]["take_seed"] == 12
        assert info["made"]["panels"][1]["model"]["weights_sha256"] == "ab" * 32


def test_info_of_tools_that_drop_the_packet(board, tmp_path) -> None:
    film, png = export(board, ["mp4", "png"], tmp_path, SMALL)[:2]
    film.write_bytes(film.read_bytes().replace(b"seqgan:made", b"nobody:made"))
    with Image.open(png) as image:
        info = PngInfo()
        info.add_itxt(KEY, image.info[KEY])
        image.save(png, pnginfo=info)
    for path in (film, png):
        made = read_info(path)["made"]
        assert made is not None and made["program"].startswith("Seqgan Studio")


def test_info_of_others_files(tmp_path) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "plain.png")
    (tmp_path / "broken.mp4").write_bytes(b"\0\0\0\x18ftypisom" + bytes(50))
    for name in ("plain.png", "broken.mp4"):
        assert read_info(tmp_path / name)["made"] is None
    (tmp_path / "text.txt").write_text("hello")
    with pytest.raises(ExportError, match="no PNG, GIF"):
        read_info(tmp_path / "text.txt")
    with pytest.raises(ExportError, match="cannot be read"):
        read_info(tmp_path / "gone.png")


def test_a_board_without_panels_is_refused(tmp_path) -> None:
    path = tmp_path / "empty.board"
    Document.create(path, new_board("Empty", [])).close()
    with pytest.raises(ExportError, match="no panels"):
        export(path, ["gif"], tmp_path)
    assert read_info(path)["made"]["panels"] == []


@pytest.mark.parametrize(
    ("panels", "expected"),
    [(None, [1, 2, 3, 4]), (" ", [1, 2, 3, 4]), ("2-3", [2, 3]), ("4,1", [4, 1]), ("3-", [3, 4]), ("1-2, 2", [1, 2])],
)
def test_ranges_are_read(panels, expected) -> None:
    assert pick(panels, 4) == expected


@pytest.mark.parametrize("panels", ["0", "5", "3-2", "2-9", "a", "1-2-3", "-2", "1,,2", "2-0"])
def test_ranges_that_are_not_there_are_refused(panels) -> None:
    with pytest.raises(ExportError, match="panels"):
        pick(panels, 4)


def test_names_of_files_come_from_the_board() -> None:
    assert [stem_of(Path(name)) for name in ("a/Snow day.board", "b.boardz", "c.v2.board", "d")] == [
        "Snow day",
        "b",
        "c.v2",
        "d",
    ]


def test_sizes_and_layouts_are_read() -> None:
    assert parse_size("1280X720") == (1280, 720)
    assert parse_layout("3×2") == (3, 2)
    for text in ("1280", "axb", "1x2x3", "-1x2", "²x3"):
        with pytest.raises(ExportError, match="1280x720"):
            parse_size(text)
