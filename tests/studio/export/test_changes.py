"""How panels pass to the next, frame by frame, and what their cameras see."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.document import Document, new_board
from studio.document.edits import set_camera, set_transition
from studio.document.schema import Camera, Transition
from studio.export import ExportOptions, export_film
from studio.export.changes import Change, changes_of
from studio.export.deck import Deck
from studio.export.film_plan import Film, Shot, plan_film
from studio.export.options import Progress
from studio.export.screening import film_frames, moments, moving_frames, window_at
from studio.media.fonts import FontStack

CUT, DISSOLVE, FADE = (Transition(kind=kind, ms=400) for kind in ("cut", "dissolve", "fade"))
ZOOM = Camera(start=(0, 0, 1), end=(0.5, 0.25, 0.5))


def _plain(value: int, ms: int = 1000, **told: object) -> Shot:
    return Shot(1, np.full((36, 64, 3), value, np.uint8), "", ms, **told)  # type: ignore[arg-type]


def _deck(*shots: Shot, **options: object) -> Deck:
    chosen = ExportOptions(**{"size": (128, 72), "fps": 20, "captions": "none", **options})  # type: ignore[arg-type]
    return Deck(Film(shots), chosen, Progress(), FontStack.default())


def _middles(deck: Deck) -> list[int]:
    return [picture.getpixel((64, 36))[0] for picture, _ in film_frames(deck)]  # type: ignore[index]


# Changes -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lengths", "ms", "expected"),
    [
        ((1000, 1000), 400, (16, 20, 24)),
        ((1000, 1000), 350, (17, 20, 24)),  # seven frames: three before the boundary, four after it
        ((1000, 150), 400, (19, 20, 21)),  # half of the shorter neighbour at most
        ((1000, 1000), 0, (20, 20, 20)),
        ((50, 1000), 400, (1, 1, 1)),
    ],
)
def test_changes_are_as_long_as_asked_and_leave_their_neighbours_half(lengths, ms, expected) -> None:
    film = Film(tuple(_plain(0, length) for length in lengths))
    change = changes_of(film, Transition(kind="dissolve", ms=ms), 20)[0]
    assert (change.start, change.at, change.end) == expected


def test_changes_never_overlap() -> None:
    film = Film(tuple(_plain(0, 50 * frames) for frames in (7, 1, 3, 2, 9, 5)))
    changes = changes_of(film, Transition(kind="dissolve", ms=1000), 20)
    assert all(a.end <= b.start for a, b in itertools.pairwise(changes))


def test_a_panel_s_own_change_goes_before_the_film_s() -> None:
    film = Film((_plain(0, transition=CUT), _plain(9, transition=FADE), _plain(0), _plain(9, transition=DISSOLVE)))
    assert [change.kind for change in changes_of(film, DISSOLVE, 20)] == ["cut", "fade", "dissolve", "cut"]
    assert changes_of(Film((_plain(0, transition=FADE),)), CUT, 20) == [Change("fade", 16, 20, 20)]


def test_shares_and_lights_in_closed_form() -> None:
    change = Change("fade", 16, 20, 24)
    assert [change.later(frame) for frame in (16, 23)] == [0.0625, 0.9375]
    assert [change.light(frame) for frame in range(16, 24)] == [0.75, 0.5, 0.25, 0, 0, 0.25, 0.5, 0.75]


def test_a_cut_is_one() -> None:
    assert _middles(_deck(_plain(40), _plain(200), transition="cut")) == [40] * 20 + [200] * 20


def test_a_fade_goes_through_black_and_takes_nothing_from_the_length() -> None:
    middles = _middles(_deck(_plain(200), _plain(100), transition="fade", transition_ms=400))
    assert middles == [200] * 16 + [150, 100, 50, 0] + [0, 25, 50, 75] + [100] * 16


def test_the_last_panel_fades_out_if_it_says_so() -> None:
    assert _middles(_deck(_plain(200, transition=FADE)))[-5:] == [200, 150, 100, 50, 0]
    assert set(_middles(_deck(_plain(200), transition="fade"))) == {200}


def test_frames_are_counted_by_ffprobe_whatever_the_changes(tmp_path: Path) -> None:
    probe = shutil.which("ffprobe")
    if probe is None:
        pytest.skip("no ffprobe on this machine: the film's frames were not counted by another program")
    told = ({"transition": FADE}, {"transition": DISSOLVE, "camera": ZOOM}, {"transition": CUT}, {"transition": FADE})
    film = Film(tuple(_plain(60 * k, 333, **each) for k, each in enumerate(told)))
    path = export_film(film, ["mp4"], tmp_path, ExportOptions(size=(128, 72), fps=24))[0]
    words = [probe, "-v", "error", "-count_frames", "-of", "json", "-show_entries", "stream=nb_read_frames,duration"]
    stream = json.loads(subprocess.run([*words, str(path)], capture_output=True, check=True).stdout)["streams"][0]
    assert int(stream["nb_read_frames"]) == round(4 * 333 * 24 / 1000) == 32
    assert float(stream["duration"]) == pytest.approx(32 / 24, abs=1e-6)


# Cameras -------------------------------------------------------------------------------------------------------------


def _bright_spot() -> np.ndarray:
    """A soft spot in the middle of a dark picture."""
    y, x = np.mgrid[0:72, 0:128]
    return np.repeat((250 * np.exp(-((x - 63.5) ** 2 + (y - 35.5) ** 2) / 50))[..., None], 3, 2).astype(np.uint8)


def _centre(picture: Image.Image) -> tuple[float, float]:
    light = np.asarray(picture, float)[..., 0]
    y, x = np.mgrid[0 : light.shape[0], 0 : light.shape[1]]
    return (x * light).sum() / light.sum(), (y * light).sum() / light.sum()


def test_a_slow_pan_moves_evenly_and_never_jumps_by_a_pixel() -> None:
    camera = Camera(start=(0.1, 0.1, 0.8), end=(0.13, 0.1, 0.8))
    deck = _deck(Shot(1, _bright_spot(), "", 2000, camera=camera))
    centres = np.array([_centre(picture) for picture, _ in film_frames(deck)])
    steps = np.diff(centres[:, 0])
    whole = -0.03 * 128 / 0.8  # the window moves by 0.03 of 128 pixels, seen 1 / 0.8 times as large
    assert centres[-1, 0] - centres[0, 0] == pytest.approx(whole, abs=0.02)
    assert np.abs(steps - whole / 39).max() < 0.02
    assert np.ptp(centres[:, 1]) < 0.01


def test_a_camera_shows_its_windows_at_the_first_frame_and_the_last() -> None:
    picture = np.arange(64 * 36, dtype=np.uint8).reshape(36, 64)[..., None].repeat(3, 2)
    deck = _deck(Shot(1, picture, "", 1000, camera=ZOOM))
    frames = [np.asarray(frame) for frame, _ in film_frames(deck)]
    whole = Image.fromarray(picture)
    for frame, box in ((frames[0], (0, 0, 64, 36)), (frames[-1], (32, 9, 64, 27))):
        assert (frame == np.asarray(whole.resize((128, 72), Image.Resampling.LANCZOS, box=box))).all()


def test_the_camera_moves_on_through_a_dissolve() -> None:
    pan = Camera(start=(0, 0, 0.5), end=(0.5, 0, 0.5))
    ramp = np.tile(np.linspace(0, 250, 64, dtype=np.uint8)[None, :, None], (36, 1, 3))
    deck = _deck(Shot(1, ramp, "", 1000, camera=pan), Shot(2, ramp, "", 1000, camera=pan), transition_ms=400)
    middles = _middles(deck)
    assert middles[:16] == sorted(set(middles[:16]))
    assert middles[24:] == sorted(set(middles[24:]))
    assert window_at(pan, 0.5) == (0.25, 0, 0.5)


def test_a_camera_that_stands_still_cuts_out_what_it_sees() -> None:
    still = Camera(start=(0.5, 0.5, 0.5), end=(0.5, 0.5, 0.5))
    picture = np.zeros((36, 64, 3), np.uint8)
    picture[18:, 32:] = 200
    frames = [frame for frame, _ in film_frames(_deck(Shot(1, picture, "", 200, camera=still)))]
    assert all(frame is frames[0] for frame in frames)
    assert frames[0].getpixel((64, 36)) == (200, 200, 200)


def test_a_moving_panel_of_a_gif_or_webp_moves(tmp_path: Path) -> None:
    shots = (_plain(90, 700), Shot(2, _bright_spot(), "", 1030, camera=ZOOM), _plain(30, 555))
    deck = _deck(*shots)
    changes = moments(deck.film, 1000)
    assert changes == [[(0, 700)], [*((Fraction(k, 10), 100) for k in range(10)), (1, 30)], [(0, 555)]]
    frames = [np.asarray(frame) for frame in moving_frames(deck, (128, 72), changes)]
    assert len(frames) == 13
    assert all((a != b).any() for a, b in itertools.pairwise(frames))
    options = ExportOptions(size=(128, 72), captions="none")
    for path in export_film(Film(shots), ["gif", "webp"], tmp_path, options):
        with Image.open(path) as image:
            lasts = 0
            for k in range(image.n_frames):
                image.seek(k)
                image.load()
                lasts += image.info["duration"]
            assert (image.n_frames, image.size) == (13, (128, 72))
            assert abs(lasts - 2285) <= 5


def test_a_board_s_transitions_and_cameras_reach_the_film(tmp_path: Path) -> None:
    with Document.create(tmp_path / "a.board", new_board("A", ["Mia walks.", "She waves."])) as doc:
        first = doc.board.panels[0].id
        doc.apply(set_transition(first, FADE))
        doc.apply(set_camera(first, ZOOM))
        shot = plan_film(doc).shots[0]
    assert (shot.transition, shot.camera, shot.name, shot.notes) == (FADE, ZOOM, "", "")
