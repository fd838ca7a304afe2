"""Figures of clips: motion, flicker, warp error, stillness, diversity, and accuracy by cells (arrays, no models).

Clips are (N, T, H, W, C), uint8 or floats in [0, 1], T of 3 or more; differences are shares of full brightness. Of
motion no value is good in itself, and a frozen clip has the smoothest there is: real clips' figures stand beside all.
Sources: Lai et al. 2018 (warp error), Sundaram et al. 2010 (what is hidden); the others are the house's.
"""

from __future__ import annotations

import math

import numpy as np

from seqgan.errors import InputError
from seqgan.metrics.bootstrap import Interval, difference_interval, mean_interval, resampled_interval
from seqgan.metrics.neighbours import squared_distances
from seqgan.opencv import cv2

FROZEN = 0.1
"""Of the median change of real clips: what changes less stands still."""
FLICKERING = 0.95
"""The quantile of real clips' flicker above which a clip flickers: so do 5 % of the real ones."""
STILL = 20 / 255
"""A pixel is still that never differs by more from its mean over the clip, in any channel."""
HIDDEN = (0.01, 0.5)
"""A pixel is hidden where flow there and back differ by more, squared, than this share of both, squared, plus that."""


# Motion --------------------------------------------------------------------------------------------------------------


def change(clips: np.ndarray) -> np.ndarray:
    """Mean |x[t+1] - x[t]| of each clip, (N,) in [0, 1]."""
    return np.array([np.abs(np.diff(clip, axis=0)).mean() for clip in map(_unit, _checked(clips))])


def second_change(clips: np.ndarray) -> np.ndarray:
    """Mean |x[t+1] - 2 x[t] + x[t-1]| of each clip, (N,) in [0, 2]: large where what changes changes back."""
    return np.array([np.abs(np.diff(clip, 2, axis=0)).mean() for clip in map(_unit, _checked(clips))])


def detail(clips: np.ndarray) -> np.ndarray:
    """Mean |difference| of pixels that lie side by side, and one above the other, of each clip, (N,) in [0, 1]: small
    where frames are blurred."""
    units = [_unit(clip) for clip in _checked(clips)]
    return np.mean([[np.abs(np.diff(clip, axis=axis)).mean() for axis in (1, 2)] for clip in units], 1)


def log_ratio(ours: np.ndarray, real: np.ndarray) -> float:
    """|log| of the ratio of two means, 0 for equal ones; nan where one is 0, as of frozen clips."""
    first, second = float(np.mean(ours)), float(np.mean(real))
    return abs(math.log(first / second)) if first > 0 and second > 0 else float("nan")


def frozen_share(changes: np.ndarray, real: np.ndarray, share: float = FROZEN) -> float:
    """Share of clips whose `change` (N,) is below `share` of the median of real clips' (M,)."""
    return float((changes < share * np.median(real)).mean())


def flickering_share(
    clips: tuple[np.ndarray, np.ndarray], real: tuple[np.ndarray, np.ndarray], quantile: float = FLICKERING
) -> float:
    """Share of clips whose second change is more, for their change, than in all but few real clips.

    Both are (`change`, `second_change`) a clip. Their ratio is 2 at the most, for what changes back at once; a clip
    that does not change does not flicker.
    """
    ours, theirs = (second / np.maximum(first, 1e-12) for first, second in (clips, real))
    return float((ours > np.quantile(theirs, quantile)).mean())


def warp_error(clips: np.ndarray) -> np.ndarray:
    """Mean squared difference of each frame to the one before it, warped by the flow between both, (N,) in [0, 1].

    Flow by OpenCV's DIS (medium) on grey frames, checked there and back: hidden pixels are left out. nan where all are.
    """
    clips, flow = _checked(clips), cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    if min(clips.shape[2:4]) < 16:
        raise InputError(f"frames are {clips.shape[2]} x {clips.shape[3]}; flow needs 16 pixels a side or more")
    return np.array([_clip_warp_error(_unit(clip), flow) for clip in clips])


def _clip_warp_error(clip: np.ndarray, flow: cv2.DISOpticalFlow) -> float:
    grey = np.rint(clip.mean(-1) * 255).astype(np.uint8)
    pairs = [_pair_error(clip[t : t + 2], grey[t : t + 2], flow) for t in range(len(clip) - 1)]
    known = [error for error in pairs if not math.isnan(error)]
    return float(np.mean(known)) if known else float("nan")


def _pair_error(frames: np.ndarray, grey: np.ndarray, flow: cv2.DISOpticalFlow) -> float:
    """Of two frames (2, H, W, C) and their grey forms."""
    if (grey[0] == grey[1]).all():
        return float(((frames[1] - frames[0]) ** 2).mean())  # nothing moves, which flow may see otherwise
    back, there = (flow.calc(grey[a], grey[b], None) for a, b in ((1, 0), (0, 1)))  # type: ignore[call-overload]
    warped = _moved(frames[0], back)
    seen = _seen(back, _moved(there, back))
    return float(((warped - frames[1]) ** 2)[seen].mean()) if seen.any() else float("nan")


def _moved(picture: np.ndarray, flow: np.ndarray) -> np.ndarray:
    """What lies where `flow` (H, W, 2) leads from each pixel, of a picture (H, W, C)."""
    height, width = flow.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    found = cv2.remap(np.ascontiguousarray(picture), x + flow[..., 0], y + flow[..., 1], cv2.INTER_LINEAR,
                      borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
    return found.reshape(picture.shape)


def _seen(back: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Where flow back (H, W, 2) and flow there, read where it leads, undo each other, (H, W) bool."""
    share, least = HIDDEN
    both = (back**2).sum(-1) + (there**2).sum(-1)
    return ((back + there) ** 2).sum(-1) <= share * both + least


def still_difference(clips: np.ndarray, real: np.ndarray) -> np.ndarray:
    """Mean |difference| of each clip to its real one (N, T, H, W, C) over the pixels where the latter is still, (N,)
    in [0, 1]; nan where it has none. Raises InputError for other shapes."""
    if clips.shape != real.shape:
        raise InputError(f"clips are {clips.shape}, real ones {real.shape}; expected the same, each beside its own")
    return np.array([_still(*pair) for pair in zip(map(_unit, _checked(clips)), map(_unit, real), strict=True)])


def _still(clip: np.ndarray, real: np.ndarray) -> float:
    still = np.abs(real - real.mean(0)).max((0, 3)) <= STILL  # (H, W)
    return float(np.abs(clip - real)[:, still].mean()) if still.any() else float("nan")


# Diversity -----------------------------------------------------------------------------------------------------------


def diversity(features: np.ndarray, kinds: np.ndarray) -> tuple[float, float]:
    """Mean distance of features (N, d) of clips of different kinds, and of the same kind, such as of one caption drawn
    from several seeds; nan where there is no such pair.

    A collapsed generator draws other captions as near as its own. Raises InputError for unequal lengths.
    """
    if len(features) != len(kinds):
        raise InputError(f"{len(features)} features and {len(kinds)} kinds came; give one of each a clip")
    rows = np.asarray(features, np.float64)
    apart = np.sqrt(squared_distances(rows, rows))
    same = np.equal.outer(kinds, kinds)
    other = ~np.eye(len(rows), dtype=bool)
    across, within = (apart[pairs & other] for pairs in (~same, same))
    return tuple(float(each.mean()) if len(each) else float("nan") for each in (across, within))  # type: ignore[return-value]


# Accuracy by cells ---------------------------------------------------------------------------------------------------


def cell_shares(right: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Share that is right in each cell (U,), in the order of the cells' numbers, of answers (N,) and cells (N,)."""
    if len(right) != len(cells) or not len(cells):
        raise InputError(
            f"{len(right)} answers and {len(cells)} cells came; give one of each a clip, one clip at least"
        )
    every, place = np.unique(cells, return_inverse=True)
    return np.bincount(place, np.asarray(right, float), len(every)) / np.bincount(place, minlength=len(every))


def cell_accuracy(right: np.ndarray, cells: np.ndarray) -> Interval:
    """Mean over cells of the share that is right, with a bootstrap interval over cells."""
    return mean_interval(cell_shares(right, cells))


def cell_difference(first: np.ndarray, second: np.ndarray, cells: np.ndarray) -> Interval:
    """How much more often the first system is right than the second, cells drawn in pairs; right (N,) of both are of
    the same clips."""
    return difference_interval(cell_shares(first, cells), cell_shares(second, cells))


def balanced_interval(true: np.ndarray, predicted: np.ndarray, cells: np.ndarray) -> Interval:
    """Balanced accuracy of classes (N,), all of them known, with a bootstrap interval over cells (N,)."""
    classes, units = np.unique(true, return_inverse=True)[1], np.unique(cells, return_inverse=True)[1]
    counts = np.zeros((units.max() + 1, classes.max() + 1, 2))
    np.add.at(counts, (units, classes), np.stack([true == predicted, np.ones(len(true))], 1))

    def figure(rows: np.ndarray) -> float:
        right, all_of = counts[rows].sum(0).T
        return float((right[all_of > 0] / all_of[all_of > 0]).mean())

    return resampled_interval(figure, len(counts))


def _checked(clips: np.ndarray) -> np.ndarray:
    if clips.ndim != 5 or clips.shape[1] < 3 or not len(clips):
        raise InputError(f"clips are {clips.shape}; expected (N, T, H, W, C) with T of 3 or more, one clip at least")
    return clips


def _unit(clip: np.ndarray) -> np.ndarray:
    """A clip as float32 in [0, 1]."""
    return clip.astype(np.float32) / 255 if clip.dtype == np.uint8 else clip.astype(np.float32)
