"""Settings: read strictly, changed by words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from seqgan.config import from_dict, keys, override, to_dict
from seqgan.errors import ConfigError


@dataclass(frozen=True)
class Rates:
    g: float = 2e-4
    d: float = 4e-4


@dataclass(frozen=True)
class Run:
    seed: int
    batch: int = 32
    lr: Rates = Rates()
    size: tuple[int, int] = (64, 112)
    names: tuple[str, ...] = ()
    device: Literal["auto", "cpu"] = "auto"
    limit: int | None = None
    either: int | float = 1
    on: bool = True
    open: dict[str, Any] = field(default_factory=dict)


def test_defaults_and_nested_values() -> None:
    run = from_dict(Run, {"seed": 1, "lr": {"g": 1}, "size": [32, 56], "names": ["a"]})
    assert run == Run(1, lr=Rates(g=1.0), size=(32, 56), names=("a",))
    assert isinstance(run.lr.g, float)


def test_round_trip() -> None:
    run = Run(3, limit=7, open={"a": {"b": 1}})
    assert from_dict(Run, to_dict(run)) == run


def test_override_in_order() -> None:
    run = override(Run(1), ["lr.d=1e-4", "batch=8", "batch=16", "size=[4, 7]", "limit=null", "on=false", "open.x=2"])
    assert run == Run(1, batch=16, lr=Rates(d=1e-4), size=(4, 7), on=False, open={"x": 2})


def test_keys_are_dotted() -> None:
    assert keys(Run(1))[:4] == ["seed", "batch", "lr.g", "lr.d"]


def test_an_int_stays_an_int_where_both_fit() -> None:
    assert isinstance(override(Run(1), ["either=3"]).either, int)
    assert override(Run(1), ["either=0.5"]).either == 0.5


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"seed": 1, "bacth": 2}, "'bacth' does not exist; did you mean \"batch\"?"),
        ({"seed": 1, "lr": {"gg": 2}}, "'lr.gg' does not exist; did you mean \"lr.g\"?"),
        ({}, "'seed' is missing"),
        ({"seed": "x"}, "'seed' is 'x' (str), expected int"),
        ({"seed": True}, "expected int"),
        ({"seed": 1, "lr": 3}, "expected a table"),
        ({"seed": 1, "lr": {"g": "fast"}}, "expected float"),
        ({"seed": 1, "size": [1, 2, 3]}, "expected 2 values"),
        ({"seed": 1, "size": "64"}, "expected tuple"),
        ({"seed": 1, "device": "cpi"}, 'did you mean "cpu"?'),
        ({"seed": 1, "limit": 1.5}, "expected int | None"),
        ({"seed": 1, "open": [1]}, "expected dict"),
    ],
)
def test_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        from_dict(Run, values)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("batch", "has no value"),
        ("=3", "has no value"),
        ("lr.gg=3", 'did you mean "lr.g"?'),
        ("batch.deep=3", "does not exist"),
        ("nonsense=3", "does not exist"),
        ("batch=[1", "cannot be read"),
        ("batch=", "expected int"),
    ],
)
def test_refused_words(word: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        override(Run(1), [word])
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
