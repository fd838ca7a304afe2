"""Words of motion: what they draw is what is measured."""

from __future__ import annotations

import numpy as np
import pytest

from seqgan.data.digits.motion import MOTIONS, UNIT, bounced, drawn_path, measured_motion

ROOM = 36


def _frames(path: np.ndarray, side: int = 28) -> np.ndarray:
    """A white square along a path, (F, 64, 64, 3)."""
    frames = np.zeros((len(path), 64, 64, 3), np.uint8)
    for frame, (y, x) in zip(frames, path, strict=True):
        frame[y : y + side, x : x + side] = 255
    return frames


@pytest.mark.parametrize("words", MOTIONS)
@pytest.mark.parametrize("frames", [8, 16, 32])
def test_words_are_what_is_seen(words: str, frames: int) -> None:
    for seed in range(60):
        path = drawn_path(words, np.random.default_rng(seed), frames, ROOM)
        assert path.min() >= 0 and path.max() <= ROOM
        assert measured_motion(_frames(path)) == words


def test_left_and_right_is_horizontal_and_up_and_down_vertical() -> None:
    across = drawn_path("left and right", np.random.default_rng(0), 16, ROOM)
    assert np.ptp(across[:, 1]) > 20 and np.ptp(across[:, 0]) == 0
    along = drawn_path("up and down", np.random.default_rng(0), 16, ROOM)
    assert np.ptp(along[:, 0]) > 20 and np.ptp(along[:, 1]) == 0
    first = {words: drawn_path(words, np.random.default_rng(0), 16, ROOM)[:2] for words in list(MOTIONS)[2:]}
    assert first["left then right"][1, 1] < first["left then right"][0, 1]
    assert first["up then down"][1, 0] < first["up then down"][0, 0]
    assert first["right then left"][1, 1] > first["right then left"][0, 1]
    assert first["down then up"][1, 0] > first["down then up"][0, 0]


def test_to_and_fro_begins_in_either_direction() -> None:
    starts = {tuple(np.sign(np.diff(drawn_path("left and right", np.random.default_rng(seed), 16, ROOM)[:2, 1])))
              for seed in range(30)}  # fmt: skip
    assert {(-1,), (1,)} <= starts


def test_walls_reflect_exactly() -> None:
    assert bounced(0, 12 * UNIT, 13, 3 * UNIT).tolist() == [0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0]
    assert bounced(2 * UNIT, -4 * UNIT, 5, 3 * UNIT).tolist() == [2, 1, 0, 1, 2]
    assert bounced(UNIT, -3 * UNIT, 3, 10 * UNIT).tolist() == [1, 1, 2]  # to the wall and half a pixel back, rounded


def test_less_than_a_turn_is_told_as_it_is() -> None:
    still = np.repeat([[5, 7]], 6, axis=0)
    assert measured_motion(_frames(still)) == "still"
    assert measured_motion(np.zeros((4, 8, 8, 3))) == "still"
    moving = still + np.arange(6)[:, None] * (0, 2)
    assert measured_motion(_frames(moving)) == "right"
    assert measured_motion(_frames(moving[::-1])) == "left"
    assert measured_motion(_frames(moving[:, ::-1])) == "down"
