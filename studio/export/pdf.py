"""PDF contact sheet: panels in a grid with number, picture, duration and what is told of them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from reportlab.lib.pagesizes import A4, LETTER, landscape
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName, PDFStream
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from studio.export.deck import Deck
from studio.export.film_plan import PROGRAM, Shot
from studio.export.writing import beside
from studio.media.captions import SetCaption, draw_caption, fit, line_height, one_line
from studio.media.fonts import needs_shaping
from studio.media.frames import Box, enlarge
from studio.media.metadata import xmp_packet

KIND = "pdf"
FONT = "DejaVuSans"
PAPERS = {"a4": landscape(A4), "a4-upright": A4, "letter": landscape(LETTER), "letter-upright": LETTER}
"""Points across and down of a page: A4 is 595 x 842, Letter 612 x 792."""
MARGIN, GAP = 36, 16
HEADER, FOOTER = 34, 22
INK, FAINT = (0.13, 0.14, 0.17), (0.45, 0.46, 0.5)
LARGEST, SMALLEST = 11, 6  # points of a sentence
LARGEST_BESIDE = 9  # points of dialogue, action and notes
FINENESS = 20  # texts are measured at twenty times their size, for fractions of a point
DPI = 200
LETTERING_DPI = 300  # of sentences that are drawn as a picture, in scripts that DejaVu lacks


@dataclass(frozen=True)
class Sheet:
    """One contact sheet in the making: the canvas, a page's size and the boxes of its cells from the top left, in
    points."""

    canvas: Canvas
    deck: Deck
    size: tuple[float, float]
    cells: tuple[Box, ...]

    @property
    def pages(self) -> int:
        """Number of pages."""
        return -(-len(self.deck.film.shots) // len(self.cells))


def write(deck: Deck, folder: Path) -> list[Path]:
    """Write `folder/STEM.pdf`.

    Raises:
        ExportError: if the file cannot be written.
        CancelledError: if the export is stopped; no file is left half written.
    """
    path = folder / f"{deck.film.stem}.pdf"
    with beside(path) as temporary:
        pdfmetrics.registerFont(TTFont(FONT, str(deck.stack.shipped.path)))
        page = PAPERS[deck.options.paper]
        canvas = Canvas(
            "",
            pagesize=page,
            invariant=1,
            initialFontName=FONT,  # pyright: ignore[reportArgumentType]
        )
        _draw_pages(Sheet(canvas, deck, page, _cells(page, *deck.options.grid)))
        _describe(canvas, deck)
        temporary.write_bytes(canvas.getpdfdata())
    return [path]


def _cells(page: tuple[float, float], columns: int, rows: int) -> tuple[Box, ...]:
    across = (page[0] - 2 * MARGIN - (columns - 1) * GAP) / columns
    down = (page[1] - 2 * MARGIN - HEADER - FOOTER - (rows - 1) * GAP) / rows
    corners = [
        (MARGIN + column * (across + GAP), MARGIN + HEADER + row * (down + GAP))
        for row in range(rows)
        for column in range(columns)
    ]
    return tuple(Box(round(x), round(y), round(x + across), round(y + down)) for x, y in corners)


def _draw_pages(sheet: Sheet) -> None:
    shots = sheet.deck.film.shots
    for page in range(sheet.pages):
        _draw_head_and_foot(sheet, page)
        here = shots[page * len(sheet.cells) : (page + 1) * len(sheet.cells)]
        for place, (shot, cell) in enumerate(zip(here, sheet.cells, strict=False), start=1):
            _draw_cell(sheet, shot, cell)
            sheet.deck.progress.step(KIND, page * len(sheet.cells) + place, len(shots))
        sheet.canvas.showPage()


def _draw_head_and_foot(sheet: Sheet, page: int) -> None:
    film = sheet.deck.film
    title = one_line(film.title) or film.stem
    _write(sheet, title, Box(MARGIN, MARGIN, round(sheet.size[0]) - MARGIN - 150, MARGIN + 22), (16, 8), INK)
    if page == 0:
        below = Box(MARGIN, MARGIN + 20, round(sheet.size[0]) - MARGIN, MARGIN + 33)
        _write(sheet, one_line(film.logline), below, (9, SMALLEST), FAINT)
    _write_right(sheet, film.length, MARGIN + 16, 9)
    top = round(sheet.size[1]) - MARGIN - 12
    foot = " · ".join(words for words in (title, film.how_made, PROGRAM) if words)
    _write(sheet, foot, Box(MARGIN, top, round(sheet.size[0]) - MARGIN - 80, top + 12), (8, 5), FAINT)
    _write_right(sheet, f"{page + 1} / {sheet.pages}", top + 8, 8)


def _draw_cell(sheet: Sheet, shot: Shot, cell: Box) -> None:
    picture = sheet.deck.picture(shot)
    scale = min(cell.width / picture.width, (cell.height - _text_room(sheet, cell)) / picture.height)
    width, height = picture.width * scale, picture.height * scale
    left = cell.left + (cell.width - width) / 2
    reader = ImageReader(_as_jpeg(picture, (width, height)))
    sheet.canvas.drawImage(reader, left, sheet.size[1] - cell.top - height, width, height)
    line = cell.top + round(height) + 14
    sheet.canvas.setFont(FONT, 9)
    sheet.canvas.setFillColorRGB(*FAINT)
    sheet.canvas.drawRightString(left + width, sheet.size[1] - line, f"{shot.duration_ms / 1000:.1f} s")
    name = f"{shot.called}  {one_line(shot.scene)}".strip()
    _write(sheet, name, Box(round(left), line - 8, round(left + width) - 40, line + 4), (9, SMALLEST), INK)
    _draw_words(sheet, shot, Box(round(left), line + 4, round(left + width), cell.bottom))


def _text_room(sheet: Sheet, cell: Box) -> int:
    """Points below every picture for words: the same for all, so that the pictures are equally large."""
    others = [kind for kind in sheet.deck.options.fields if kind != "text"]
    told = sum(any(getattr(shot, kind).strip() for shot in sheet.deck.film.shots) for kind in others)
    room = 3 * line_height(LARGEST) + 22 + 2 * told * line_height(LARGEST_BESIDE)
    return min(round(cell.height * (0.55 if told else 0.4)), room)


def _draw_words(sheet: Sheet, shot: Shot, box: Box) -> None:
    """What is told of a panel, one thing below the other; each has its share of the room, and what it leaves."""
    told = [kind for kind in sheet.deck.options.fields if getattr(shot, kind).strip()]
    top = box.top
    for count, kind in enumerate(told):
        words = sheet.deck.settable(getattr(shot, kind)) or _elsewhere(sheet.deck, kind)
        label, largest = ("", LARGEST) if kind == "text" else (f"{kind.capitalize()}: ", LARGEST_BESIDE)
        room = Box(box.left, top, box.right, top + (box.bottom - top) // (len(told) - count))
        top += _write(sheet, label + words, room, (largest, SMALLEST), INK)


def _elsewhere(deck: Deck, kind: str) -> str:
    beside = deck.options.captions == "burn" and kind == deck.options.caption_of
    return f"(text in {deck.film.stem}.srt)" if beside else "(no font here can draw it)"


def _as_jpeg(picture: Image.Image, points: tuple[float, float]) -> io.BytesIO:
    """The picture at print resolution, by Lanczos: viewers enlarge small pictures in ways of their own."""
    pixels = (max(1, round(points[0] * DPI / 72)), max(1, round(points[1] * DPI / 72)))
    packed = io.BytesIO()
    enlarge(picture, pixels).save(packed, "JPEG", quality=90, subsampling=0)
    packed.seek(0)
    return packed


def _write(sheet: Sheet, text: str, box: Box, sizes: tuple[int, int], colour: tuple[float, float, float]) -> int:
    """Set text in a box from its left, shrunk and then cut where it must be; sizes are (largest, smallest) points.

    Returns the points down that it takes.
    """
    if not text.strip() or box.height < sizes[1]:
        return 0
    stack = sheet.deck.stack
    room = (box.width * FINENESS, box.height * FINENESS)
    steps = (fit(text, room, points * FINENESS, points * FINENESS, stack) for points in range(sizes[0], sizes[1], -1))
    smallest = fit(text, room, sizes[1] * FINENESS, sizes[1] * FINENESS, stack)
    words = next((words for words in steps if not words.cut), smallest)
    if stack.shipped.covers(text) and not needs_shaping(text):
        _write_type(sheet, words, box, colour)
    else:
        _write_picture(sheet, words, box, colour)
    return -(-words.height // FINENESS)


def _write_type(sheet: Sheet, words: SetCaption, box: Box, colour: tuple[float, float, float]) -> None:
    size = words.size / FINENESS
    sheet.canvas.setFont(FONT, size)
    sheet.canvas.setFillColorRGB(*colour)
    for k, line in enumerate(words.lines, start=1):
        sheet.canvas.drawString(
            box.left, sheet.size[1] - box.top - k * words.line_height / FINENESS + size * 0.28, line
        )


def _write_picture(sheet: Sheet, words: SetCaption, box: Box, colour: tuple[float, float, float]) -> None:
    """Other scripts are drawn as a picture by the film's own type setter, which shapes them and knows every font."""
    scale = LETTERING_DPI / 72
    size = round(words.size / FINENESS * scale)
    small = SetCaption(words.lines, size)
    lettering = Image.new("RGB", (round(box.width * scale), small.height), "white")
    ink = (round(255 * colour[0]), round(255 * colour[1]), round(255 * colour[2]))
    draw_caption(lettering, small, (0, 0, lettering.width, lettering.height), ink, sheet.deck.stack, centred=False)
    height = small.height / scale
    sheet.canvas.drawImage(ImageReader(lettering), box.left, sheet.size[1] - box.top - height, box.width, height)


def _write_right(sheet: Sheet, text: str, baseline: float, size: float) -> None:
    sheet.canvas.setFont(FONT, size)
    sheet.canvas.setFillColorRGB(*FAINT)
    sheet.canvas.drawRightString(sheet.size[0] - MARGIN, sheet.size[1] - baseline, text)


def _describe(canvas: Canvas, deck: Deck) -> None:
    """Title and program in the Info dictionary, what made it all as an XMP stream of the catalogue."""
    record: dict[str, Any] = deck.film.record()
    canvas.setTitle(one_line(deck.film.title) or deck.film.stem)
    canvas.setCreator(PROGRAM)
    canvas.setProducer(PROGRAM)
    canvas.setSubject(f"Storyboard of {len(deck.film.shots)} panels")
    kind = {"Type": PDFName("Metadata"), "Subtype": PDFName("XML")}
    stream = PDFStream(PDFDictionary(kind), xmp_packet(record, deck.film.title), filters=[])
    canvas._doc.Catalog.Metadata = stream  # pyright: ignore[reportAttributeAccessIssue]
