"""Settings as frozen dataclasses: read strictly from plain dictionaries, changed by ``a.b=c`` words.

    @dataclass(frozen=True)
    class Rates:
        g: float = 2e-4
        d: float = 2e-4

    @dataclass(frozen=True)
    class Run:
        batch: int = 32
        lr: Rates = Rates()

    run = from_dict(Run, {"batch": 16, "lr": {"g": 1e-4}})
    run = override(run, ["lr.d=4e-4", "batch=8"])
    to_dict(run)

An unknown key fails with the nearest one; a value of the wrong type fails with what came and what was expected.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from seqgan.checks import nearest
from seqgan.errors import ConfigError

T = TypeVar("T")


def from_dict(kind: type[T], values: Mapping[str, Any], where: str = "") -> T:
    """Build the dataclass ``kind`` from ``values``; nested dataclasses, tuples, lists, dicts and optionals included.

    Args:
        kind: a dataclass.
        values: keys are its fields; absent ones take their defaults.
        where: dotted path of ``values`` in a larger configuration, for messages.

    Raises:
        ConfigError: for an unknown or missing key, or a value of the wrong type.
    """
    if not isinstance(values, Mapping):
        raise ConfigError(f"{where or kind.__name__} is {_show(values)}, expected a table of settings")
    hints = typing.get_type_hints(kind)
    fields = {field.name: field for field in dataclasses.fields(kind) if field.init}  # type: ignore[arg-type]
    for key in values:
        if key not in fields:
            raise ConfigError(f"setting {_join(where, key)!r} does not exist; {_nearest_path(where, key, fields)}")
    for name, field in fields.items():
        if name not in values and _is_required(field):
            raise ConfigError(f"setting {_join(where, name)!r} is missing; give it a value")
    return kind(**{key: convert(value, hints[key], _join(where, key)) for key, value in values.items()})


def to_dict(settings: Any) -> dict[str, Any]:
    """Return a dataclass as plain dictionaries, lists and scalars, ready for JSON or YAML."""
    return {field.name: _plain(getattr(settings, field.name)) for field in dataclasses.fields(settings) if field.init}


def override(settings: T, words: Sequence[str]) -> T:
    """Return ``settings`` with ``a.b=c`` words applied in order; values are read as YAML.

    Raises:
        ConfigError: for a word without ``=``, an unknown key, or a value of the wrong type.
    """
    values = to_dict(settings)
    for word in words:
        path, equals, text = word.partition("=")
        if not equals or not path.strip():
            raise ConfigError(f"setting {word!r} has no value; write it as KEY=VALUE, e.g. batch=16")
        _put(settings, values, path.strip().split("."), _read_value(word, text))
    return from_dict(type(settings), values)


def keys(settings: Any, where: str = "") -> list[str]:
    """Return the dotted names of all settings, in order."""
    names: list[str] = []
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        path = _join(where, field.name)
        names += keys(value, path) if dataclasses.is_dataclass(value) else [path]
    return names


def convert(value: Any, hint: Any, where: str) -> Any:
    """Return ``value`` as ``hint`` asks, changing only what loses nothing (int or "1e-4" to float, list to tuple).

    Raises:
        ConfigError: if it does not fit.
    """
    origin = typing.get_origin(hint)
    if hint is Any:
        return value
    if origin in (typing.Union, types.UnionType):
        return _convert_union(value, hint, where)
    if origin is typing.Literal:
        return _convert_literal(value, hint, where)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return value if isinstance(value, hint) else from_dict(hint, value, where)
    if origin in (tuple, list) or hint in (tuple, list):
        return _convert_sequence(value, hint, where)
    if origin is dict or hint is dict:
        return _convert_dict(value, hint, where)
    return _convert_scalar(value, hint, where)


def _convert_union(value: Any, hint: Any, where: str) -> Any:
    members = typing.get_args(hint)
    if value is None and type(None) in members:
        return None
    # An exact type wins, so that 3 stays an int in "int | float".
    for member in sorted(members, key=lambda member: type(value) is not member):
        try:
            return convert(value, member, where)
        except ConfigError:
            continue
    raise _mismatch(value, hint, where)


def _convert_literal(value: Any, hint: Any, where: str) -> Any:
    choices = typing.get_args(hint)
    if value in choices:
        return value
    raise ConfigError(f"setting {where!r} is {_show(value)}; {nearest(str(value), map(str, choices))}")


def _convert_sequence(value: Any, hint: Any, where: str) -> Any:
    kind = typing.get_origin(hint) or hint
    if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
        raise _mismatch(value, hint, where)
    inner = typing.get_args(hint)
    if kind is tuple and inner and inner[-1] is not Ellipsis:
        if len(inner) != len(value):
            raise ConfigError(f"setting {where!r} is {_show(value)}, expected {len(inner)} values")
        return tuple(convert(item, kind_, f"{where}[{i}]") for i, (item, kind_) in enumerate(zip(value, inner)))  # noqa: B905
    element = inner[0] if inner else Any
    return kind(convert(item, element, f"{where}[{i}]") for i, item in enumerate(value))


def _convert_dict(value: Any, hint: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise _mismatch(value, hint, where)
    key_hint, value_hint = typing.get_args(hint) or (Any, Any)
    return {convert(k, key_hint, where): convert(v, value_hint, _join(where, str(k))) for k, v in value.items()}


def _convert_scalar(value: Any, hint: Any, where: str) -> Any:
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hint is float and isinstance(value, str):  # YAML reads 1e-4 as text
        try:
            return float(value)
        except ValueError:
            raise _mismatch(value, hint, where) from None
    if not isinstance(hint, type) or (isinstance(value, hint) and not (hint is int and isinstance(value, bool))):
        return value
    raise _mismatch(value, hint, where)


def _put(settings: Any, values: dict[str, Any], path: list[str], value: Any) -> None:
    """Set ``value`` at ``path``; an unknown step fails with the nearest of all dotted names."""
    here = values
    for step in path[:-1]:
        here = here.get(step) if isinstance(here, dict) else None  # type: ignore[assignment]
    if isinstance(here, dict) and (path[-1] in here or _is_open_table(settings, path)):
        here[path[-1]] = value
        return
    name = ".".join(path)
    raise ConfigError(f"setting {name!r} does not exist; {nearest(name, keys(settings))}")


def _is_open_table(settings: Any, path: list[str]) -> bool:
    """Tell whether the parent of ``path`` is a plain dict, which takes any key."""
    for step in path[:-1]:
        settings = settings.get(step) if isinstance(settings, dict) else getattr(settings, step, None)
    return isinstance(settings, dict)


def _read_value(word: str, text: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text) if text.strip() else ""
    except yaml.YAMLError:
        raise ConfigError(f"the value of {word!r} cannot be read; quote it, e.g. KEY='\"TEXT\"'") from None


def _is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return to_dict(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _nearest_path(where: str, key: str, fields: Mapping[str, Any]) -> str:
    return nearest(_join(where, key), [_join(where, name) for name in fields])


def _join(where: str, key: str) -> str:
    return f"{where}.{key}" if where else str(key)


def _show(value: Any) -> str:
    text = repr(value)
    return f"{text if len(text) <= 60 else text[:57] + '...'} ({type(value).__name__})"


def _mismatch(value: Any, hint: Any, where: str) -> ConfigError:
    name = hint.__name__ if isinstance(hint, type) and not typing.get_args(hint) else str(hint).replace("typing.", "")
    return ConfigError(f"setting {where!r} is {_show(value)}, expected {name}")
