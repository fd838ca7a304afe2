"""Boards of Wonder Unit's Storyboarder: `.storyboarder`, JSON with the pictures in `images` beside it."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Any

from studio.errors import StoryError
from studio.stories.draft import Draft, DraftPanel, need_panels, plain_line, plain_lines

EXPECTED = 'a Storyboarder file: JSON with "boards"; save it again in Storyboarder'
LONGEST_MS = 24 * 3600 * 1000
_PICTURES = ("{stem}-posterframe.jpg", "{stem}.png", "{stem}-thumbnail.png")
"""The finished picture first, then the main layer of old files, then the small one."""


def read(data: bytes, name: str, folder: Path | None) -> Draft:
    """Read a board of Storyboarder; ``folder`` is where it lies, with ``images`` in it, or None.

    What is drawn is the action, or else the notes. Sounds, layers and cameras are left out, and noted.

    Raises:
        StoryError: if it is not JSON, or holds no boards.
    """
    whole = _json(data, name)
    boards = whole.get("boards")
    if not isinstance(boards, list) or not all(isinstance(board, dict) for board in boards):
        raise StoryError(f'{name} holds no list of boards under "boards"; expected {EXPECTED}')
    default = _milliseconds(whole.get("defaultBoardTiming"))
    panels: list[DraftPanel] = []
    missed: Counter[str] = Counter()
    for number, board in enumerate(boards, 1):
        panels.append(_panel(board, number, name, default, folder, missed))
    need_panels(panels, name, "boards with an action, a dialogue or a picture")
    return Draft(tuple(panels), _title(name), tuple(_told(missed)))


def _json(data: bytes, name: str) -> dict[str, Any]:
    try:
        whole = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise StoryError(f"{name} is no UTF-8 text (byte {error.start}); expected {EXPECTED}") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise StoryError(f"{name} is damaged at {place} ({error.msg}); expected {EXPECTED}") from error
    except (RecursionError, ValueError) as error:
        raise StoryError(f"{name} cannot be read ({error}); expected {EXPECTED}") from error
    if not isinstance(whole, dict):
        raise StoryError(f"{name} holds a {type(whole).__name__}; expected {EXPECTED}")
    return whole


def _panel(
    board: dict[str, Any], number: int, name: str, default: int | None, folder: Path | None, missed: Counter[str]
) -> DraftPanel:
    said = {key: _words(board, key, number, name) for key in ("dialogue", "action", "notes", "shot")}
    length = board.get("duration")
    duration = default if length is None else _milliseconds(length)
    if length is not None and duration is None:
        raise StoryError(f"{name}: board {number} lasts {length!r}; expected milliseconds as a number")
    missed.update(key for key in ("audio", "sg", "link") if board.get(key))
    if board.get("layers"):
        missed["layers"] += 1
    picture = _picture(board.get("url"), folder)
    if folder is not None and picture is None and board.get("url"):
        missed["picture"] += 1
    elif folder is None and board.get("url"):
        missed["folder"] += 1
    if not (said["action"] or said["notes"] or picture):
        missed["nothing"] += 1
    return DraftPanel(
        text=plain_line(said["action"] or said["notes"]),
        shot=plain_line(said["shot"]),
        dialogue=said["dialogue"],
        action=said["action"],
        notes=said["notes"],
        duration_ms=duration,
        picture=picture,
    )


def _words(board: dict[str, Any], key: str, number: int, name: str) -> str:
    found = board.get(key) or ""
    if not isinstance(found, str):
        raise StoryError(f"{name}: {key} of board {number} is a {type(found).__name__}; expected text")
    return plain_lines(found)


def _milliseconds(value: Any) -> int | None:
    """A number of milliseconds, which old files write as text; None for anything else."""
    try:
        found = round(float(value))
    except (TypeError, ValueError, OverflowError):
        return None
    return found if not isinstance(value, bool) and 0 <= found <= LONGEST_MS else None


def _picture(url: Any, folder: Path | None) -> Path | None:
    """The file of a board's picture, looked for in ``images`` alone: a name with a path in it names nothing."""
    if folder is None or not isinstance(url, str) or not re.fullmatch(r"[^/\\:\0]+\.\w+", url):
        return None
    images = (folder / "images").resolve()
    stem = PurePosixPath(url).stem
    for pattern in _PICTURES:
        path = images / pattern.format(stem=stem)
        if path.is_file() and path.resolve().parent == images:
            return path
    return None


def _title(name: str) -> str:
    """The file's name as words."""
    return plain_line(re.sub(r"[-_]+", " ", Path(name).stem))


def _told(missed: Counter[str]) -> list[str]:
    told = {
        "picture": "the pictures of {n} are not in images beside the file; those panels are to be drawn.",
        "folder": "pictures of {n} lie in images beside the file: import a zip of its folder, or studio board FILE.",
        "nothing": "{n} without action, notes or picture: write what is seen there.",
        "layers": "the layers of {n} were left out: their finished pictures count.",
        "audio": "the sounds of {n} were left out.",
        "sg": "the 3D shots of {n} were left out.",
        "link": "the links of {n} to a Photoshop file were left out.",
    }
    counts = {key: f"{n} board{'s' * (n != 1)}" for key, n in missed.items()}
    return [words.format(n=counts[key]) for key, words in told.items() if key in counts]
