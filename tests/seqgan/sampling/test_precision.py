"""Every sampler draws in float32, or in bfloat16 where it is asked to: nearly the same pictures, by one network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seqgan.errors import InputError
from seqgan.sampling import ClipSampler, FrameSampler, StorySampler
from seqgan.sampling.drawing import Sampler
from tests.seqgan.sampling.clip_models import save_clip_model
from tests.seqgan.sampling.frame_models import save_frame_model

Case = tuple[Sampler, Callable[[Any], np.ndarray]]


@pytest.fixture(scope="module", params=["story", "frame", "clip", "clip of a frame"])
def case(request: pytest.FixtureRequest, tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A sampler, and how it draws one picture or clip."""
    folder = tmp_path_factory.mktemp("models")
    text = "a woman is juggling"
    if request.param == "story":
        return StorySampler.load(tiny, "cpu"), lambda it: next(it.draw(["Mia walks."], [1]))[1]
    if request.param == "frame":
        return FrameSampler.load(save_frame_model(folder / "birds"), "cpu"), lambda it: next(it.draw(["a bird"], [1]))[
            1
        ]
    more: dict[str, Any] = {}
    if request.param == "clip of a frame":
        more = {"gist": "frame", "frame_model": str(save_frame_model(folder / "birds"))}
    return ClipSampler.load(save_clip_model(folder / "scenes", **more), "cpu"), lambda it: next(it.draw([text], [1]))[1]


def test_bfloat16_is_another_rounding_of_the_same_picture(case: Case) -> None:
    sampler, draw = case
    exact, rounded = draw(sampler), draw(sampler.at("bfloat16"))
    away = np.abs(exact.astype(int) - rounded)
    assert away.max() > 0 and away.mean() < 0.25 * np.abs(exact - exact.mean()).mean()
    assert np.array_equal(draw(sampler), exact) and np.array_equal(draw(sampler.at("float32")), exact)


def test_it_shares_the_network(case: Case) -> None:
    sampler, _ = case
    other = sampler.at("bfloat16")
    assert (sampler.precision, other.precision) == ("float32", "bfloat16")
    assert other.generator is sampler.generator  # type: ignore[attr-defined]


def test_another_precision_is_refused_with_the_nearest(case: Case) -> None:
    with pytest.raises(InputError, match="'bfloat' does not exist; did you mean \"bfloat16\""):
        case[0].at("bfloat")


def test_a_knob_of_a_drawing_goes_first(tiny: Path) -> None:
    sampler = StorySampler.load(tiny, "cpu")

    def one(by: StorySampler, **knobs: object) -> np.ndarray:
        return next(by.draw(["Mia walks."], [1], knobs=knobs))[1]

    rounded = one(sampler.at("bfloat16"))
    assert np.array_equal(one(sampler, precision="bfloat16"), rounded)
    assert np.array_equal(one(sampler.at("bfloat16"), precision="float32"), one(sampler))
    with pytest.raises(InputError, match="precision 'exact' does not exist"):
        one(sampler, precision="exact")
