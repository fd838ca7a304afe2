"""A person's own picture on a panel: kept as it is, exported, and never said to be generated."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.cli.info import describe
from studio.document import Document, Marks, all_marks, set_text
from studio.errors import DocumentError
from studio.export import ExportOptions, export
from studio.export.film_plan import plan_film
from studio.export.info import read_info
from studio.media.metadata import read_made, read_source_type, xmp_packet
from studio.rendering import draw_board, give_picture, given, make_board
from studio.rendering.stage_engine import StageEngine

STORY = "Mia walks in the snow. She waves."


def picture(path: Path, size: tuple[int, int] = (48, 27), **more: object) -> Path:
    """A picture of two halves, red left and blue right."""
    pixels = np.zeros((size[1], size[0], 3), np.uint8)
    pixels[:, : size[0] // 2, 0] = pixels[:, size[0] // 2 :, 2] = 255
    Image.fromarray(pixels).save(path, **more)  # type: ignore[arg-type]
    return path


@pytest.fixture
def doc(tmp_path: Path, stage: StageEngine) -> Document:
    """A board of two panels, drawn."""
    doc = make_board(STORY, tmp_path / "a.board", stage)
    draw_board(doc, stage)
    return doc


def test_a_given_picture_is_the_shown_take(doc: Document, tmp_path: Path) -> None:
    before = doc.board.panels[0]
    take = give_picture(doc, before.id, picture(tmp_path / "mine.png"))
    panel = doc.board.panels[0]
    assert panel.take == take and panel.takes == (*before.takes, take) and take.number == 1
    assert take.given is not None and take.given.file == "mine.png" and not take.composed and take.size == (48, 27)
    path = doc.picture(panel)
    assert path is not None
    with Image.open(path) as image, Image.open(tmp_path / "mine.png") as mine:
        assert np.array_equal(np.asarray(image), np.asarray(mine))
    made = read_made(path.read_bytes())
    assert made is not None and made["given"]["file"] == "mine.png" and "model" not in made
    assert read_source_type(path.read_bytes()) is None  # nobody knows what made it
    assert "a picture that was given, not drawn: mine.png" in "\n".join(describe(read_info(path)))
    assert doc.undo().panels[0] == before and doc.redo().panels[0] == panel
    doc.close()
    with Document.open(doc.path) as again:
        assert again.board.panels[0] == panel


def test_it_stays_right_whatever_the_words_say(doc: Document, tmp_path: Path, stage: StageEngine) -> None:
    first = doc.board.panels[0].id
    give_picture(doc, first, picture(tmp_path / "mine.png"))
    doc.apply(set_text(first, "Max runs on the beach."))
    assert all_marks(doc.board)[first] == Marks(drawn=True)
    assert first not in draw_board(doc, stage, "changed").drawn


def test_what_is_exported_says_so(doc: Document, tmp_path: Path) -> None:
    assert str(plan_film(doc).record()["digital_source_type"]).endswith("/composite")
    one, two = (panel.id for panel in doc.board.panels)
    give_picture(doc, one, picture(tmp_path / "mine.png"))
    assert str(plan_film(doc).record()["digital_source_type"]).endswith("/composite")
    marked = PngInfo()
    marked.add_itxt("XML:com.adobe.xmp", xmp_packet({"composed": False}).decode())
    give_picture(doc, two, picture(tmp_path / "theirs.png", pnginfo=marked).read_bytes(), "theirs.png")
    assert str(plan_film(doc).record()["digital_source_type"]).endswith("/compositeWithTrainedAlgorithmicMedia")
    files = export(doc, ["png", "pdf"], tmp_path / "out", ExportOptions(size=(320, 180)))
    first, second = (read_info(path) for path in files if path.suffix == ".png")
    assert first["digital_source_type"] is None and "model" not in first["made"]
    assert second["digital_source_type"].endswith("/trainedAlgorithmicMedia")


def test_photographs_are_turned_upright_and_shrunk(
    doc: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side: turn it clockwise
    photo = picture(tmp_path / "photo.jpg", (60, 40), exif=exif, quality=95)
    panel = doc.board.panels[0].id
    assert give_picture(doc, panel, photo).size == (40, 60)
    path = doc.picture(doc.board.panels[0])
    assert path is not None
    with Image.open(path) as image:
        top, bottom = image.getpixel((20, 5)), image.getpixel((20, 55))
    assert isinstance(top, tuple) and isinstance(bottom, tuple) and top[0] > 200 > bottom[0] and bottom[2] > 200
    monkeypatch.setattr(given, "LONGEST", 30)
    assert give_picture(doc, panel, photo).size == (20, 30)


def test_what_is_no_picture_changes_nothing(doc: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    panel, before = doc.board.panels[0].id, doc.board
    (tmp_path / "text.png").write_text("hello")
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "EPS")
    whole = picture(tmp_path / "whole.png", (400, 300)).read_bytes()
    for source, words in (
        (tmp_path / "none.png", "there is no picture"),
        (tmp_path, "cannot be read"),
        (tmp_path / "text.png", "no picture that can be read"),
        (buffer.getvalue(), "no picture that can be read"),  # EPS would run another program
        (whole[: len(whole) // 2], "no picture that can be read"),
        (b"", "no picture that can be read"),
    ):
        with pytest.raises(DocumentError, match=words):
            give_picture(doc, panel, source)
    with pytest.raises(DocumentError, match="no panel nobody"):
        give_picture(doc, "nobody", whole)
    monkeypatch.setattr(given, "MAX_BYTES", 100)
    with pytest.raises(DocumentError, match="larger than 100 bytes"):
        give_picture(doc, panel, whole)
    assert doc.board == before
    doc.close()
    with pytest.raises(DocumentError, match="is open read-only"):
        give_picture(doc, panel, whole)
