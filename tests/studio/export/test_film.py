"""The MP4, read back by OpenCV's own FFmpeg, by its boxes, and played in a browser."""

from __future__ import annotations

import base64
import shutil
import struct
import wave
from pathlib import Path

import cv2
import numpy as np
import pytest

from studio.errors import ExportError
from studio.export import ExportOptions, export_film
from studio.export.deck import Deck
from studio.export.film_plan import Film, Shot
from studio.export.options import Progress
from studio.export.screening import film_frames
from studio.media.fonts import FontStack
from studio.media.frames import BACKDROP

OPTIONS = ExportOptions(size=(320, 180), fps=12)


def _frames(path: Path) -> list[np.ndarray]:
    video = cv2.VideoCapture(str(path))
    frames = []
    while (found := video.read())[0]:
        frames.append(cv2.cvtColor(found[1], cv2.COLOR_BGR2RGB))
    video.release()
    return frames


def _boxes(data: bytes) -> list[str]:
    names, at = [], 0
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        names.append(name.decode("latin-1"))
        at += size
    return names


def _plain(colour: tuple[int, int, int], ms: int = 1000, caption: str = "", number: int = 1) -> Shot:
    return Shot(number, np.full((64, 112, 3), colour, np.uint8), caption, ms)


def test_frames_and_duration_are_exact(film_of, tmp_path) -> None:
    film = film_of(5)
    path = export_film(film, ["mp4"], tmp_path, OPTIONS)[0]
    video = cv2.VideoCapture(str(path))
    expected = round(film.duration_ms * 12 / 1000)
    assert video.get(cv2.CAP_PROP_FRAME_COUNT) == expected == len(_frames(path))
    assert video.get(cv2.CAP_PROP_FPS) == 12
    assert (video.get(cv2.CAP_PROP_FRAME_WIDTH), video.get(cv2.CAP_PROP_FRAME_HEIGHT)) == (320, 180)


def test_boundaries_never_drift() -> None:
    film = Film(tuple(_plain((0, 0, 0), 333) for _ in range(300)))
    assert film.boundaries(24)[-1] == round(300 * 333 * 24 / 1000)
    assert (
        max(abs(b / 24 - m / 1000) for b, m in zip(film.boundaries(24), film.boundaries_ms(), strict=True)) <= 0.5 / 24
    )


def test_the_index_lies_before_the_data_and_the_xmp_last(film_of, tmp_path) -> None:
    data = export_film(film_of(2), ["mp4"], tmp_path, OPTIONS)[0].read_bytes()
    boxes = _boxes(data)
    assert boxes.index("moov") < boxes.index("mdat")
    assert boxes[-1] == "uuid"
    assert b"avc1" in data


def test_pixels_are_yuv420p_and_tagged_bt709(film_of, tmp_path) -> None:
    import av

    with av.open(str(export_film(film_of(1), ["mp4"], tmp_path, OPTIONS)[0])) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert (stream.codec_context.colorspace, stream.codec_context.color_range) == (1, 1)
        assert container.metadata["title"] == "Snow & <day>"


def test_colours_survive(tmp_path) -> None:
    colour = (200, 60, 90)
    path = export_film(Film((_plain(colour),)), ["mp4"], tmp_path, OPTIONS)[0]
    middle = _frames(path)[6][60:100, 140:180].reshape(-1, 3).mean(0)
    assert np.abs(middle - colour).max() < 14  # OpenCV converts by BT.601; a mix-up of ranges would be 20 and more


def test_odd_sizes_become_even(tmp_path) -> None:
    options = ExportOptions(size=(321, 181), fps=12)
    path = export_film(Film((_plain((9, 9, 9)),)), ["mp4"], tmp_path, options)[0]
    assert _frames(path)[0].shape == (180, 320, 3)


def test_captions_stay_off_the_picture(shot, long_caption, tmp_path) -> None:
    deck = Deck(Film((shot(0, long_caption), shot(1, "W" * 200))), OPTIONS, Progress(), FontStack.default())
    layout = deck.layout(OPTIONS.size)
    assert layout.band is not None and layout.text is not None
    assert layout.picture.bottom <= layout.band.top < layout.band.bottom <= 180
    for which in deck.film.shots:
        pixels = np.asarray(deck.frame(layout, which))
        blank = np.asarray(deck.frame(layout, Shot(1, which.picture, "", 500)))
        changed = np.argwhere((pixels != blank).any(-1))
        assert changed[:, 0].min() >= layout.text.top and changed[:, 0].max() < layout.text.bottom
        assert changed[:, 1].min() >= layout.text.left and changed[:, 1].max() < layout.text.right


def test_without_captions_the_picture_fills_the_frame(tmp_path) -> None:
    film = Film((_plain((200, 200, 200), caption="not shown"),))
    for captions in ("none", "srt"):
        options = ExportOptions(size=(320, 180), fps=12, captions=captions)  # type: ignore[arg-type]
        paths = export_film(film, ["mp4"], tmp_path / captions, options)
        assert [path.suffix for path in paths] == ([".mp4"] if captions == "none" else [".mp4", ".srt"])
        assert _frames(paths[0])[0].min() > 150


def test_a_picture_of_another_shape_is_shown_whole() -> None:
    upright = Shot(1, np.full((200, 100, 3), 200, np.uint8), "", 500)
    deck = Deck(Film((upright,)), OPTIONS, Progress(), FontStack.default())
    frame = np.asarray(deck.frame(deck.layout((320, 180)), upright))
    columns = np.flatnonzero((frame[90] != BACKDROP).any(-1))
    assert (columns.min(), columns.max() + 1) == (115, 205)


def test_a_dissolve_mixes_the_pictures_and_cuts_the_captions() -> None:
    film = Film((_plain((0, 0, 0), caption="one"), _plain((240, 240, 240), caption="two", number=2)))
    deck = Deck(film, ExportOptions(size=(320, 180), fps=20, transition_ms=400), Progress(), FontStack.default())
    layout = deck.layout((320, 180))
    assert layout.band is not None
    frames = [np.asarray(picture) for picture, _ in film_frames(deck)]
    middle = [int(frame[60, 160, 0]) for frame in frames]
    assert middle[:16] == [0] * 16 and middle[24:] == [240] * 16
    assert middle[16:24] == sorted(middle[16:24]) and 100 < middle[19] < 120 < middle[20] < 140
    bands = [frame[layout.band.top :] for frame in frames]
    assert all((band == bands[0]).all() for band in bands[:20]) and all((b == bands[-1]).all() for b in bands[20:])
    assert (bands[0] != bands[-1]).any()


def test_a_film_shorter_than_a_frame_is_refused(tmp_path) -> None:
    with pytest.raises(ExportError, match="less than a frame"):
        export_film(Film((_plain((0, 0, 0), 10),)), ["mp4"], tmp_path, OPTIONS)


@pytest.mark.browser
def test_it_plays_in_chromium(film_of, tmp_path) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    browser_path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser_path is None:
        pytest.skip("no Chromium on this machine: the film was not played in a browser")
    film = film_of(4)
    with wave.open(str(tmp_path / "music.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(np.tile(np.array([0, 9000, 0, -9000], "<i2"), 2000).tobytes())
    options = ExportOptions(size=(320, 180), fps=12, music=tmp_path / "music.wav", captions="soft", transition="fade")
    data = export_film(film, ["mp4"], tmp_path, options)[0].read_bytes()
    play = """async source => {
        const video = document.createElement('video');
        video.muted = true; video.src = source; document.body.append(video);
        await new Promise((done, fail) => {
            video.oncanplaythrough = done; video.onerror = () => fail(video.error.message);
        });
        const ended = new Promise(done => { video.onended = done; });
        await video.play(); await ended;
        return [
            video.videoWidth, video.videoHeight, video.readyState, video.duration, video.currentTime,
            video.webkitAudioDecodedByteCount,
        ];
    }"""
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page()
        source = "data:video/mp4;base64," + base64.b64encode(data).decode("ascii")
        width, height, ready, duration, reached, heard = page.evaluate(play, source)
        browser.close()
    assert (width, height) == (320, 180)
    assert ready >= 2 and heard > 1000
    assert duration == pytest.approx(round(film.duration_ms * 12 / 1000) / 12, abs=0.002)
    assert reached == pytest.approx(duration, abs=0.1)
