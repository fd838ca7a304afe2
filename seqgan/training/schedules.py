"""Learning-rate schedules: factors on the base rate, pure functions of how far a run has come.

`share` is images seen of images asked for, 0 to 1; epochs and images count from the start and may be fractions.
"""

from __future__ import annotations


def house_line(share: float, decay_from: float) -> float:
    """1 until `decay_from` of the run, then a straight line to 1/20 at its end (house)."""
    return linear_decay(share, decay_from, 0.05)


def linear_decay(share: float, decay_from: float = 0.0, end: float = 0.0) -> float:
    """1 until `decay_from` of the run, then a straight line to `end`, by default to zero, at its end."""
    if share <= decay_from:
        return 1.0
    return 1.0 - (1.0 - end) * min((share - decay_from) / max(1 - decay_from, 1e-9), 1.0)


def halving(epoch: float, every: float) -> float:
    """Half the rate after every `every` epochs: 20 in the code of StoryGAN and of StackGAN, 100 in that of GAN-CLS
    (birds) and HDGAN.

    Raises ValueError for an interval that is not positive.
    """
    _positive("every", every, "epochs")
    return 0.5 ** int(epoch // every)


def warm_up(seen: float, over: float) -> float:
    """A straight line from 0 to 1 over the first `over` images (or steps), then 1; multiply it with any other.

    Raises ValueError for a length that is not positive.
    """
    _positive("over", over, "images")
    return min(seen / over, 1.0)


def _positive(name: str, value: float, unit: str) -> None:
    if not value > 0:
        raise ValueError(f"{name} is {value}; expected a number of {unit} above 0")
