"""Whether the camera stands still, or moves smoothly, between two frames, and whether anything moves before it.

    pair = measure(look(before), look(after))
    problem(pair)                     # "", or why no clip goes across these two

Camera: SIFT points, matched through FLANN (5 trees, 50 checks) by Lowe's ratio 0.7, and a homography by RANSAC with a
threshold of 5 pixels, as VGAN's published stabiliser has them (Vondrick et al. 2016). GTT2V filters by such points and
prints no thresholds (Li et al. 2018, section 4); those of `problem` are the house's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seqgan.opencv import cv2

MEASURED = 160
"""Short side of the pictures that are compared, in pixels."""
RATIO, REPROJECTION = 0.7, 5.0
TREES: dict[str, bool | int | float | str] = {"algorithm": 1, "trees": 5}
CHECKS: dict[str, bool | int | float | str] = {"checks": 50}
MATCHES = 10
"""Good matches, and points that agree with the homography, at least."""
AGREE = 0.4
"""Share of the good matches that agree with the homography, at least."""
MOVED = 0.05
"""Of the diagonal: how far a corner may move from frame to frame."""
FLASH = 30.0
"""Of 255: by how much the mean brightness may jump from frame to frame."""
LEVELS = 12
"""Of 255: smaller changes of a pixel are noise."""
FROZEN = 0.002
"""Share of the pixels; where fewer ever change, a clip stands still."""


@dataclass(frozen=True)
class Look:
    """A frame as it is compared: grey uint8 (H, W), SIFT points float32 (n, 2) and descriptors (n, 128)."""

    grey: np.ndarray
    points: np.ndarray
    descriptors: np.ndarray


@dataclass(frozen=True)
class Pair:
    """What two frames in a row measure; `matches`, `inliers` and `moved` are None where the camera was not looked at.

    matches: good matches; inliers: those that agree with the homography; moved: the most that a corner moves, as a
    share of the diagonal; flash: the jump of the mean brightness, of 255.
    """

    matches: int | None
    inliers: int | None
    moved: float | None
    flash: float


def use_one_thread() -> None:
    """Let OpenCV use one thread in this process: videos are done side by side."""
    cv2.setNumThreads(1)


def look(picture: np.ndarray, camera: bool = True) -> Look:
    """Look at a picture, uint8 (H, W, 3); its points are found only where the camera matters."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    points, descriptors = cv2.SIFT.create().detectAndCompute(grey, None) if camera else ((), None)
    places = np.array([point.pt for point in points], np.float32).reshape(-1, 2)
    return Look(grey, places, np.zeros((0, 128), np.float32) if descriptors is None else descriptors)


def measure(before: Look, after: Look, camera: bool = True) -> Pair:
    """Compare two frames of one size. The same frame twice has moved nowhere, however few points it has."""
    flash = abs(float(after.grey.mean()) - float(before.grey.mean()))
    if not camera:
        return Pair(None, None, None, flash)
    if np.array_equal(before.grey, after.grey):
        return Pair(max(MATCHES, len(before.points)), max(MATCHES, len(before.points)), 0.0, flash)
    chosen = _good_matches(before.descriptors, after.descriptors)
    if len(chosen) < 4:
        return Pair(len(chosen), 0, 1.0, flash)
    source, target = before.points[chosen[:, 0]], after.points[chosen[:, 1]]
    homography, agree = cv2.findHomography(source, target, cv2.RANSAC, REPROJECTION)
    if homography is None:
        return Pair(len(chosen), 0, 1.0, flash)
    return Pair(len(chosen), int(agree.sum()), _corners_moved(homography, before.grey.shape), flash)


def _good_matches(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Rows of descriptors that belong together, int (n, 2): the nearest is clearly nearer than the second."""
    if len(before) < 2 or len(after) < 2:
        return np.zeros((0, 2), np.int64)
    cv2.setRNGSeed(0)  # FLANN's trees are random: what is kept must not hang on what was looked at before
    pairs = cv2.FlannBasedMatcher(TREES, CHECKS).knnMatch(before, after, k=2)
    good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < RATIO * pair[1].distance]
    return np.array([(match.queryIdx, match.trainIdx) for match in good], np.int64).reshape(-1, 2)


def _corners_moved(homography: np.ndarray, shape: Sequence[int]) -> float:
    """The most that one of the four corners moves, as a share of the diagonal; 1 at most."""
    height, width = shape[0], shape[1]
    corners = np.array([[(0, 0), (width, 0), (width, height), (0, height)]], np.float64)
    moved = np.linalg.norm(cv2.perspectiveTransform(corners, homography) - corners, axis=-1).max()
    return min(1.0, float(moved) / float(np.hypot(height, width)))


def problem(pair: Pair) -> str:
    """Why no clip goes across two frames: "flash", "camera" or "few points"; "" where one may."""
    if pair.flash > FLASH:
        return "flash"
    if pair.matches is None or pair.inliers is None or pair.moved is None:
        return ""
    if pair.matches < MATCHES:
        return "few points"
    steady = pair.inliers >= max(MATCHES, AGREE * pair.matches) and pair.moved < MOVED
    return "" if steady else "camera"


def changing(first: np.ndarray, others: Sequence[np.ndarray]) -> float:
    """The largest share of grey pixels, uint8 (H, W), that differ from the first frame in one of the others."""
    return max((float((cv2.absdiff(first, other) > LEVELS).mean()) for other in others), default=0.0)
