"""A panel whose take is a clip: films play it at the right moments; where one picture must do, it is the first."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from studio.export import ExportOptions, Progress, export_film
from studio.export.deck import Deck
from studio.export.film import film_frames
from studio.export.film_plan import Film, Shot
from studio.export.screening import MOST_PER_SECOND, moments
from studio.media.fonts import FontStack
from studio.rendering.clips import encode_clip

LEVELS = [40 + 20 * k for k in range(8)]
"""What the frames of the test's clip are grey in; 8 a second."""


def _clip(path: Path, fps: int = 8) -> Path:
    pictures = [Image.new("RGB", (128, 72), (level, level, level)) for level in LEVELS]
    path.write_bytes(encode_clip(pictures, fps, {"program": "test"}))
    return path


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return _clip(tmp_path / "clip.mp4")


def _film(clip: Path, ms: int, *more: Shot) -> Film:
    return Film((Shot(1, clip, "It moves.", ms, {"drawn": True}), *more), aspect=16 / 9)


def _still(grey: int, ms: int, number: int = 2) -> Shot:
    return Shot(number, np.full((72, 128, 3), grey, np.uint8), "Still.", ms)


def _deck(film: Film, **options: object) -> Deck:
    chosen = {"size": (320, 180), "moving_size": (320, 180), "captions": "none", "transition_ms": 0, **options}
    return Deck(film, ExportOptions(**chosen), Progress(), FontStack.default())  # type: ignore[arg-type]


def _level(picture: Image.Image) -> int:
    """Which frame of the clip a picture shows."""
    return int(np.abs(np.array(LEVELS) - np.asarray(picture.convert("L"), float)[90, 160]).argmin())


@pytest.mark.parametrize(("ms", "fps"), [(1000, 8), (1000, 24), (2730, 30), (333, 12), (1500, 5)])
def test_every_frame_of_the_film_shows_the_clip_at_its_moment(clip: Path, ms: int, fps: int) -> None:
    """Looped where the panel is longer, thinned out or repeated at other rates; the film is as long as without it."""
    film = _film(clip, ms, _still(0, 400))
    frames = list(film_frames(_deck(film, fps=fps)))
    start, end = film.boundaries(fps)[1:]
    assert len(frames) == end and [first for _, first in frames].index(True, 1) == start
    assert [_level(picture) for picture, _ in frames[:start]] == [k * 8 // fps % 8 for k in range(start)]
    assert all(np.asarray(picture)[90, 160, 0] == 0 for picture, _ in frames[start:])
    for (one, _), (other, _) in itertools.pairwise(frames[:start]):
        assert (one is other) == (_level(one) == _level(other))  # composed once, and converted once


def test_a_dissolve_leaves_a_moving_clip_for_the_beginning_of_the_next(clip: Path) -> None:
    film = Film((Shot(1, clip, "", 1000), Shot(2, clip, "", 1000)), aspect=16 / 9)
    greys = [int(np.asarray(p)[90, 160, 0]) for p, _ in film_frames(_deck(film, fps=8, transition_ms=500))]
    assert len(greys) == 16
    shares = [0.125, 0.375, 0.625, 0.875]
    before, after = [LEVELS[6], LEVELS[7], LEVELS[0], LEVELS[1]], [LEVELS[0], LEVELS[0], LEVELS[0], LEVELS[1]]
    wanted = [(1 - s) * b + s * a for s, b, a in zip(shares, before, after, strict=True)]
    assert np.abs(np.array(greys[6:10]) - wanted).max() <= 3


def test_the_film_s_file_has_the_frames_and_the_length(clip: Path, tmp_path: Path) -> None:
    film = _film(clip, 1730, _still(0, 500))
    path = export_film(film, ["mp4"], tmp_path, ExportOptions(size=(320, 180), fps=24, captions="none"))[0]
    with av.open(str(path)) as video:
        shown = [frame.to_image() for frame in video.decode(video=0)]
    assert len(shown) == round(2230 * 24 / 1000)
    assert [_level(picture) for picture in shown[:36]] == [k // 3 % 8 for k in range(36)]


def test_changes_add_up_to_the_tick_and_none_is_a_flash(clip: Path, tmp_path: Path) -> None:
    fast = _clip(tmp_path / "fast.mp4", fps=60)
    film = Film(tuple(Shot(k, path, "", 997 + 13 * k) for k, path in enumerate((clip, fast, clip, fast))))
    for per_second in (100, 1000):
        edges = film.boundaries(per_second)
        for times, (start, end) in zip(moments(film, per_second), itertools.pairwise(edges), strict=True):
            assert sum(ticks for _, ticks in times) == end - start
            assert min(ticks for _, ticks in times) >= per_second // (2 * MOST_PER_SECOND)
    assert (
        len(moments(film, 1000)[1]) == 25
    )  # 1010 ms at 25 a second, not 60; the last 10 ms are no picture of their own
    assert moments(Film((_still(0, 700),)), 100) == [[(Fraction(0), 70)]]


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_moving_pictures_play_it_too(clip: Path, tmp_path: Path, kind: str) -> None:
    film = _film(clip, 1500, _still(0, 500))
    path = export_film(film, [kind], tmp_path, _deck(film).options)[0]
    shown, times = [], []
    with Image.open(path) as moving:
        for number in range(moving.n_frames):  # type: ignore[attr-defined]
            moving.seek(number)
            moving.load()
            times.append(moving.info["duration"])
            shown.append(moving.convert("RGB"))
    assert sum(times) == 2000 and len(shown) == 13 and times[-1] == 500
    assert [_level(picture) for picture in shown[:12]] == [*range(8), *range(4)]
    assert all(abs(time - 125) <= 5 for time in times[:12])


def test_where_one_picture_must_do_it_is_the_first(clip: Path, tmp_path: Path) -> None:
    film = _film(clip, 1500)
    assert film.shots[0].aspect == 128 / 72
    files = export_film(film, ["png", "pdf"], tmp_path, ExportOptions())
    with Image.open(files[0]) as panel:
        assert panel.size == (128, 72) and abs(panel.getpixel((64, 36))[0] - LEVELS[0]) <= 2  # type: ignore[index]
    assert files[1].read_bytes().startswith(b"%PDF-")


def test_a_damaged_clip_is_a_card_with_its_text(clip: Path, tmp_path: Path) -> None:
    clip.write_bytes(clip.read_bytes()[:600])
    progress = Progress()
    export_film(_film(clip, 500), ["mp4", "gif"], tmp_path, ExportOptions(size=(320, 180), fps=8), progress)
    assert progress.missing == {1} and "has lost its picture file" in progress.notes[0]


def test_a_clip_that_ends_too_soon_stands_still(clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from studio.media import moving

    whole = moving.ClipReader.picture

    def cut(self: moving.ClipReader, number: int) -> Image.Image:
        if number > 2:
            raise OSError("cut")
        return whole(self, number)

    monkeypatch.setattr(moving.ClipReader, "picture", cut)
    deck = _deck(_film(clip, 1000), fps=8)
    assert [_level(picture) for picture, _ in film_frames(deck)] == [0, 1, 2, 2, 2, 2, 2, 2]
    assert deck.progress.notes == ["panel 1 stops moving: cut"]
