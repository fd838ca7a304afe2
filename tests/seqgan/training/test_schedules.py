"""Learning-rate schedules at known places."""

import pytest

from seqgan.errors import ConfigError
from seqgan.training.loop import LoopOptions
from seqgan.training.schedules import halving, house_line, linear_decay, warm_up


def _rates(**settings: object) -> list[float]:
    options = LoopOptions(images=100, **settings)  # type: ignore[arg-type]
    return [options.rate(seen, epoch=10) for seen in (0, 50, 100)]


def test_a_run_is_told_its_schedule_by_name() -> None:
    assert _rates(schedule="constant") == [1.0, 1.0, 1.0]
    assert _rates(decay_from=0.5) == pytest.approx([1.0, 1.0, 0.05])
    assert _rates(schedule="linear", decay_from=0.0) == pytest.approx([1.0, 0.5, 0.0])
    assert _rates(schedule="halving", halve_every=5) == [1.0, 0.5, 0.25]
    assert _rates(schedule="halving", halve_every=5, warm_up=100) == [0.0, 0.25, 0.25]


def test_an_unknown_schedule_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match="halving"):
        LoopOptions(images=1, schedule="halvin")
    with pytest.raises(ConfigError, match=r"loop\.accumulate is 0"):
        LoopOptions(images=1, accumulate=0)


def test_the_house_line_ends_at_a_twentieth() -> None:
    assert [house_line(share, 0.5) for share in (0.0, 0.5, 1.0)] == pytest.approx([1.0, 1.0, 0.05])
    assert house_line(0.75, 0.5) == pytest.approx(0.525)
    assert house_line(1.2, 0.5) == pytest.approx(0.05)
    assert house_line(1.0, 1.0) == 1.0


def test_a_line_to_zero() -> None:
    assert [linear_decay(share) for share in (0.0, 0.25, 1.0, 1.5)] == pytest.approx([1.0, 0.75, 0.0, 0.0])
    assert [linear_decay(share, 0.5) for share in (0.4, 0.75, 1.0)] == pytest.approx([1.0, 0.5, 0.0])


def test_halving_steps_at_whole_intervals() -> None:
    assert [halving(epoch, 20) for epoch in (0, 19.99, 20, 39, 40, 119)] == [1, 1, 0.5, 0.5, 0.25, 0.5**5]
    with pytest.raises(ValueError, match="every is 0; expected a number of epochs above 0"):
        halving(3, 0)


def test_warm_up_rises_to_one_and_stays() -> None:
    assert [warm_up(seen, 1_000) for seen in (0, 250, 1_000, 9_000)] == [0.0, 0.25, 1.0, 1.0]
    with pytest.raises(ValueError, match="over is -1; expected a number of images above 0"):
        warm_up(3, -1)
