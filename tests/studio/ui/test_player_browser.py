"""The animatic in a real headless Chromium: it keeps the film's time, shows the film's frames, and heeds keys."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from studio.document import (
    Camera,
    Document,
    ModelRef,
    Take,
    Transition,
    add_take,
    new_id,
    set_camera,
    set_duration,
    set_transition,
)
from studio.export.deck import Deck
from studio.export.film_plan import Film, plan_film
from studio.export.moving import write_moving
from studio.export.options import ExportOptions, Progress
from studio.export.screening import film_frames
from studio.media.fonts import FontStack
from studio.rendering import give_picture
from tests.studio.ui.conftest import keep_screen
from tests.studio.ui.test_board_browser import in_order, panels
from tests.studio.ui.test_browser import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser
FPS, SIZE = 24, (448, 256)
MANY = [f"Word {k}." for k in range(5, 50)]  # so many that the wall has pages
SENTENCES = ["Mia walks.", "She waves.", "Nobody drew this.", "Snow falls.", *MANY]
LENGTHS = [2000, 2000, 60_000, 2000]  # the third is so long that a slow machine presses its key in time
WATCH = """() => {
  const seen = window.seen = [];
  setInterval(() => {
    const { canvas, input, playing } = window.boardPlayer?.present ?? {};
    if (canvas) seen.push([performance.now(), Number(input.value), canvas.getAttribute('aria-label'), playing]);
  }, 40);
}"""
LAST = """() => {
  const { stills, data } = window.boardPlayer.present;
  return stills.get(data.shots.at(-1).still)?.naturalWidth > 0;
}"""
PICTURE = """(canvas, [width, height]) => {
  const small = Object.assign(document.createElement('canvas'), { width, height }), pen = small.getContext('2d');
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(canvas, 0, 0, width, height);
  return small.toDataURL('image/png').split(',')[1];
}"""


def _gradient(red: int, blue: int) -> bytes:
    """A picture of 224 x 128 that brightens from left to right and from top to bottom."""
    across, down = np.meshgrid(np.linspace(0, 255, 224), np.linspace(0, 255, 128))
    packed = io.BytesIO()
    pixels = np.stack([across * red / 255, down, across * blue / 255], -1).astype(np.uint8)
    Image.fromarray(pixels).save(packed, "PNG")
    return packed.getvalue()


def _clip(doc: Document, panel: str, file: Path) -> None:
    """Give a panel a clip of a second whose frames are ever brighter greys."""
    greys = [np.full((128, 224, 3), 20 * k, np.uint8) for k in range(12)]
    write_moving(file, greys, 12, {"program": "a test", "text": ""})
    media = doc.add_media(file.read_bytes(), "mp4")
    take = Take(id=new_id(), kind="clip", media=media, size=(224, 128), model=ModelRef(name="test"))
    doc.apply(add_take(panel, take))


@pytest.fixture
def board(make: Callable, tmp_path: Path) -> Path:
    """A zoom that dissolves, a picture that fades, words that cut, a clip, and many more panels of words."""
    path = make(SENTENCES)
    with Document.open(path) as doc:
        first, second, third, fourth, *_ = (panel.id for panel in doc.board.panels)
        give_picture(doc, first, _gradient(255, 0), "first.png")
        give_picture(doc, second, _gradient(0, 255), "second.png")
        _clip(doc, fourth, tmp_path / "clip.mp4")
        for panel, length in zip((first, second, third, fourth), LENGTHS, strict=True):
            doc.apply(set_duration(panel, length))
        doc.apply(set_camera(first, Camera(end=(0.2, 0.1, 0.6))))
        doc.apply(set_transition(second, Transition(kind="fade", ms=600)))
        doc.apply(set_transition(third, Transition(kind="cut")))
    return path


def film_at(film: Film, wanted: set[int]) -> dict[int, np.ndarray]:
    """Frames of the film as it is exported, without its captions."""
    deck = Deck(film, ExportOptions(size=SIZE, captions="none"), Progress(), FontStack.default())
    found: dict[int, np.ndarray] = {}
    for number, (frame, _) in enumerate(film_frames(deck)):
        if number in wanted:
            found[number] = np.asarray(frame, np.float64)
        if len(found) == len(wanted):
            return found
    raise AssertionError("the film is shorter")


def _called(tab: Page, board: Path, title: str) -> None:
    """Wait until the board has a title."""
    for _ in range(PATIENCE // 200):
        with Document.open(board, read_only=True) as doc:
            if doc.board.title == title:
                return
        tab.wait_for_timeout(200)
    raise AssertionError(f'the board is not called "{title}"')


def _seek(tab: Page, frame: int) -> None:
    tab.get_by_role("slider", name="Position").evaluate(
        "(range, value) => { range.value = value; range.dispatchEvent(new Event('input')); }", str(frame)
    )


def _shows(tab: Page, screen: Locator, film: np.ndarray) -> None:
    """Wait until the canvas shows a frame: at most a few levels apart, for JPEG and another enlargement."""
    apart = 255.0
    for _ in range(100):
        data = screen.evaluate(PICTURE, list(SIZE))
        seen = np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB"), np.float64)
        apart = float(np.abs(seen - film).mean())
        if apart < 4:
            return
        tab.wait_for_timeout(200)
    raise AssertionError(f"the player and the film are {apart:.1f} levels apart")


def test_an_animatic_is_played_stopped_sought_and_closed(serve: Callable, tab: Page, board: Path) -> None:
    from playwright.sync_api import expect

    with Document.open(board, read_only=True) as doc:
        film = plan_film(doc)
    edges = film.boundaries(FPS)
    wanted = {10, edges[1] - 2, edges[1] + 1, edges[2] - 5, edges[2] + 3, edges[2] + 20, edges[3] + 7, edges[3] + 33}
    with serve(board=board) as server:
        tab.goto(server.address)
        in_order(tab, *SENTENCES[:3])
        title = tab.get_by_role("textbox", name="Title")
        title.click()
        tab.keyboard.press("End")
        tab.keyboard.type(" jk")  # letters and blanks while a field has the focus
        tab.keyboard.press("Space")
        expect(tab.get_by_role("region", name="Animatic")).to_have_count(0)
        title.evaluate("field => field.blur()")
        _called(tab, board, "A walk jk")
        tab.wait_for_function("() => window.boardKeys?.tell")

        tab.evaluate(WATCH)
        tab.keyboard.press("Space")
        screen = tab.get_by_role("region", name="Animatic").locator("canvas")
        screen.wait_for()
        expect(screen).to_have_attribute("aria-label", "Panel 3: Nobody drew this.", timeout=PATIENCE)
        tab.keyboard.press("Space")  # its button has the focus
        expect(tab.get_by_role("button", name="Play the animatic")).to_have_count(1)
        expect(panels(tab).nth(2)).to_have_attribute("aria-selected", "true", timeout=PATIENCE)
        stood = tab.get_by_role("slider", name="Position").input_value()
        keep_screen(tab, "paused")
        _kept_time(tab.evaluate("window.seen"), edges)
        tab.wait_for_timeout(300)
        assert tab.get_by_role("slider", name="Position").input_value() == stood
        assert tab.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0

        for frame, picture in film_at(film, wanted).items():
            _seek(tab, frame)
            _shows(tab, screen, picture)
        expect(panels(tab).nth(3)).to_have_attribute("aria-selected", "true", timeout=PATIENCE)
        keep_screen(tab, "clip")

        position = tab.get_by_role("slider", name="Position")
        position.focus()
        before = int(position.input_value())
        tab.keyboard.press("ArrowRight")
        tab.keyboard.press("Shift+ArrowLeft")
        assert int(position.input_value()) == before + FPS - 1
        tab.keyboard.press("PageUp")
        assert int(position.input_value()) == edges[3]  # from the panel behind the clip
        tab.keyboard.press("End")
        expect(screen).to_have_attribute("aria-label", f"Panel 49: {SENTENCES[-1]}")
        expect(panels(tab).nth(48)).to_have_attribute("aria-selected", "true", timeout=PATIENCE)
        tab.wait_for_function(LAST)  # the picture of a panel so far away was asked for
        panels(tab).nth(2).click()
        expect(screen).to_have_attribute("aria-label", "Panel 3: Nobody drew this.", timeout=PATIENCE)
        tab.keyboard.press("Space")  # a panel of the strip has the focus
        tab.get_by_role("button", name="Pause the animatic").wait_for()
        tab.keyboard.press("k")
        tab.wait_for_function(f"() => window.boardPlayer.present.frame >= {edges[3]}", timeout=50_000)
        tab.keyboard.press("Space")
        tab.get_by_role("button", name="Play the animatic").wait_for()

        tab.emulate_media(reduced_motion="reduce")
        tab.get_by_text("cameras and clips stand still").wait_for()
        keep_screen(tab, "calm")
        tab.get_by_role("button", name="Close the player").click()
        expect(tab.get_by_role("region", name="Animatic")).to_have_count(0, timeout=PATIENCE)
    with Document.open(board) as doc:
        assert doc.board.title == "A walk jk"
        assert len(doc.board.panels) == len(SENTENCES)


def _kept_time(seen: list[tuple[float, int, str, bool]], edges: list[int]) -> None:
    """The panel is that of the position, which is never ahead of the clock, and behind only where it waited."""
    played = [each for each in seen if each[3] and each[1]]
    assert len({label for _, _, label, _ in played}) >= 2  # a busy machine may sleep through a panel
    for _, frame, label, _ in played:
        number = next(k for k in range(len(edges)) if frame < edges[k + 1]) + 1
        assert label == f"Panel {number}: {SENTENCES[number - 1]}"
    (began, first, *_), (ended, last, *_) = played[0], played[-1]
    clock = (ended - began) / 1000 * FPS
    assert clock - 3 * FPS < last - first < clock + 12
