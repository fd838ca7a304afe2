"""Reading `cast.yaml` patiently: every problem is collected in words, and reading goes on with a harmless value."""

from __future__ import annotations

import difflib
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

from seqgan.data.theatre.world import ACTIONS

MAX_SIDE = 4096
"""Longest side of a picture in pixels; larger files are refused before they are decoded."""
_SECTIONS = ("format", "name", "title", "licence", "attribution", "poses", "characters", "settings", "props", "marks")
_ID = re.compile(r"[a-z][a-z0-9_-]*")


class _UniqueKeys(yaml.SafeLoader):
    """Safe YAML in which the same key twice is an error, as it would silently hide the first entry."""


def _mapping(loader: _UniqueKeys, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.tag != "tag:yaml.org,2002:merge" and key.value in seen:
            raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} stands there twice", key.start_mark)
        seen.add(str(key.value))
    loader.flatten_mapping(node)
    return loader.construct_mapping(node, deep=True)


_UniqueKeys.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


class PackReader:
    """Reads values of one pack folder; what is wrong goes to `problems`, one sentence each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []
        self._seen: dict[Path, bool] = {}

    def problem(self, where: str, what: str) -> None:
        """Note a problem of the entry `where` (dotted, as in `characters.anna.name`)."""
        self.problems.append(f"{self.folder / 'cast.yaml'}: {where or 'the file'} {what}")

    def document(self, version: int) -> dict[str, Any] | None:
        """Return the parsed file, or None (with the problem noted) where nothing more can be read."""
        path = self.folder / "cast.yaml"
        if not path.is_file():
            kind = "is not a folder" if not self.folder.is_dir() else "has no cast.yaml"
            self.problems.append(f"{self.folder} {kind}; a cast pack is a folder with cast.yaml and pictures")
            return None
        try:
            data = yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeys)  # a SafeLoader
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            self.problems.append(f"{path}: {_yaml_words(error)}")
            return None
        if not isinstance(data, dict):
            self.problem("", "holds no mapping; expected format, characters, settings and props")
            return None
        if data.get("format") != version:
            self.problem("format", f"is {data.get('format')!r}; write `format: {version}`")
        self.known_keys(data, "", _SECTIONS)
        return data

    def entries(self, data: dict[str, Any], section: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield (id, entry) of a section, skipping those that are no mapping."""
        found = data.get(section) or {}
        if not isinstance(found, dict):
            self.problem(section, f"is {type(found).__name__}; expected a mapping of ids")
            return
        for key, entry in found.items():
            if not isinstance(key, str) or not _ID.fullmatch(key):
                self.problem(f"{section}.{key}", "is no id; use small letters, digits, - and _, a letter first")
            elif not isinstance(entry, dict):
                self.problem(f"{section}.{key}", f"is {entry!r}; expected a mapping")
            else:
                yield key, entry

    def actions(self, entry: dict[str, Any], where: str) -> Iterator[tuple[str, object]]:
        """Yield (action, value) of a character's pictures, checking the names and that `stand` is there."""
        found = entry.get("pictures")
        if not isinstance(found, dict) or "stand" not in found:
            self.problem(f"{where}.pictures", "has no `stand`; add `stand: FILE`, which other actions fall back to")
        for action, value in (found if isinstance(found, dict) else {}).items():
            if action in ACTIONS:
                yield action, value
            else:
                self.problem(f"{where}.pictures.{action}", f"is an unknown action{_near(str(action), ACTIONS)}")

    def known_keys(self, entry: dict[str, Any], where: str, known: tuple[str, ...]) -> None:
        """Note every key of `entry` that is not in `known`, with the nearest one."""
        for key in entry:
            if key not in known:
                self.problem(f"{where}.{key}".lstrip("."), f"is an unknown key{_near(str(key), known)}")

    def text(self, entry: dict[str, Any], where: str, key: str, default: str | None = None) -> str:
        """Return a non-empty text; without `default` the key is required."""
        value = entry.get(key, default)
        if isinstance(value, str) and (value.strip() or default is not None):
            return value.strip()
        self.problem(f"{where}.{key}".lstrip("."), f"is {value!r}; give a text")
        return default or ""

    def words(self, entry: dict[str, Any], where: str, key: str) -> tuple[str, ...]:
        """Return a list of texts, () where the key is missing."""
        value = entry.get(key) or []
        if isinstance(value, list) and all(isinstance(word, str) and word.strip() for word in value):
            return tuple(word.strip() for word in value)
        self.problem(f"{where}.{key}".lstrip("."), f"is {value!r}; give a list of texts such as [one, two]")
        return ()

    def choice(self, entry: dict[str, Any], where: str, key: str, allowed: tuple[str, ...], default: str) -> str:
        """Return one of `allowed`."""
        value = entry.get(key, default)
        if value not in allowed:
            self.problem(f"{where}.{key}", f"is {value!r}; expected one of {', '.join(allowed)}")
            return default
        return value

    def flag(self, entry: dict[str, Any], where: str, key: str) -> bool:
        """Return true or false, false where the key is missing."""
        value = entry.get(key, False)
        if not isinstance(value, bool):
            self.problem(f"{where}.{key}", f"is {value!r}; expected true or false")
        return value is True

    def number(self, entry: dict[str, Any], where: str, key: str, default: float, low: float, high: float) -> float:
        """Return a number in [low, high]."""
        value = entry.get(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            self.problem(f"{where}.{key}", f"is {value!r}; expected a number from {low} to {high}")
            return default
        return float(value)

    def place(self, entry: dict[str, Any], where: str, key: str) -> tuple[float, float, float, float] | None:
        """Return [x, y, width, angle], the angle 0 where it is left out; None where the key is missing."""
        value = self._numbers(entry, where, key, (3, 4), "[x, y, width, angle], x and y between 0 and 1")
        return None if value is None else (value[0], value[1], value[2], value[3] if len(value) > 3 else 0.0)

    def colour(self, entry: dict[str, Any], where: str, key: str) -> tuple[int, int, int] | None:
        """Return a colour written as "#8a5cf0"; None where the key is missing."""
        value = entry.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not re.fullmatch("#[0-9a-fA-F]{6}", value):
            self.problem(f"{where}.{key}", f'is {value!r}; expected a colour such as "#8a5cf0", with the quotes')
            return None
        return (int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16))

    def point(self, entry: dict[str, Any], where: str, key: str) -> tuple[float, float] | None:
        """Return [x, y]; None where the key is missing."""
        value = self._numbers(entry, where, key, (2,), "[x, y], both between 0 and 1")
        return None if value is None else (value[0], value[1])

    def _numbers(
        self, entry: dict[str, Any], where: str, key: str, counts: tuple[int, ...], expected: str
    ) -> list[float] | None:
        value = entry.get(key)
        if value is None:
            return None
        good = isinstance(value, list) and len(value) in counts and all(type(v) in (int, float) for v in value)
        if not good or not all(0 <= v <= 1 for v in value[:2]):
            self.problem(f"{where}.{key}", f"is {value!r}; expected {expected}")
            return None
        return [float(v) for v in value]

    def distinct_names(self, names: dict[str, str]) -> None:
        """Note characters of the same name (upper and lower case alike)."""
        first: dict[str, str] = {}
        for key, name in names.items():
            other = first.setdefault(name.lower(), key)
            if name and other != key:
                self.problem(f"characters.{key}.name", f"is {name!r}, as is that of {other}; give each its own name")

    def picture(self, entry: dict[str, Any], where: str, key: str) -> Path:
        """Return the path of a picture after checking that it is inside the folder, readable and not too large."""
        value = entry.get(key)
        if not isinstance(value, str) or not value.strip():
            self.problem(f"{where}.{key}", f"is {value!r}; give the name of a picture in the folder")
            return self.folder
        path = self.folder / value
        if Path(value).is_absolute() or not path.resolve().is_relative_to(self.folder.resolve()):
            self.problem(f"{where}.{key}", f"is {value!r}, outside the folder; copy the picture into it")
        elif path not in self._seen:
            self._seen[path] = True
            wrong = _picture_fault(path)
            if wrong:
                self.problem(f"{where}.{key}", f"names {value!r}, {wrong}")
        return path


def _picture_fault(path: Path) -> str:
    """Say what is wrong with a picture file, or ''."""
    if not path.is_file():
        return "which is missing; add the file or correct the name"
    try:
        with warnings.catch_warnings():
            # Pillow warns of huge pictures; the limit below says it better.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(path)
        with image:
            if max(image.size) > MAX_SIDE:
                width, height = image.size
                return f"which has {width}x{height} pixels; make it {MAX_SIDE} or less on its longer side"
            if image.format not in ("PNG", "WEBP"):
                return f"which is {image.format}; save it as PNG or WebP"
            image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        return f"which cannot be read as a picture ({error}); save it again as PNG or WebP"
    return ""


def _near(word: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(word, known, 1)
    return f"; did you mean {close[0]}?" if close else f"; expected one of {', '.join(known)}"


def _yaml_words(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{place}{getattr(error, 'problem', None) or error}; correct it and try again"
