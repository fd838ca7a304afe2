"""What every import gives, whatever the format: a title, drafted panels, and notes on what was left out.

draft = read_draft("snow-day.fountain")          # studio.stories.importing
board = board_of(draft)                          # undrawn, each panel with a seed of its own
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from studio.document import (
    DEFAULT_BOARD_SEED,
    Board,
    Camera,
    ModelRef,
    Note,
    Panel,
    Scene,
    Transition,
    new_board,
    new_id,
)
from studio.errors import StoryError
from studio.media.film_frames import FilmFrame
from studio.stories.split import split_block, split_story

NOTE = "import"
"""Kind of the board's notes that an import makes; reading the story anew keeps them."""
_NEWER = frozenset({"picture_sha256", "made", "seed", "camera", "knobs", "model"})
"""Fields that came later: without them a draft has the digest that it had before there were any."""


@dataclass(frozen=True)
class DraftPanel:
    """A panel as a file tells it. ``text`` is what is drawn, ``scene`` the heading that it is the first panel of.

    ``duration_ms`` is None where the file says nothing, ``picture`` a file beside it, a frame of a film, or None;
    ``picture_sha256`` is the hash of that file where the draft is of pictures, ``made`` the record of what drew a
    picture of ours. ``first_seed`` is the seed of the picture that the file tells of, ``seed`` the panel's, or None;
    ``model`` is the one that the panel has for itself, None where it is drawn as its board is.
    """

    text: str = ""
    scene: str = ""
    shot: str = ""
    dialogue: str = ""
    action: str = ""
    notes: str = ""
    duration_ms: int | None = None
    transition: Transition | None = None
    picture: Path | FilmFrame | None = None
    first_seed: int | None = None
    picture_sha256: str = ""
    made: Mapping[str, Any] | None = None
    seed: int | None = None
    camera: Camera | None = None
    knobs: Mapping[str, Any] = field(default_factory=dict)
    model: ModelRef | None = None


@dataclass(frozen=True)
class Draft:
    """A story that was read: its panels in order, at least one; ``notes`` are whole sentences for people.

    ``story`` is the text as it was written, for formats that are nothing but text; else the panels' texts. ``cast``
    and ``model`` are those of the files of ours that it was read from; ``logline`` is the story in a sentence.
    """

    panels: tuple[DraftPanel, ...]
    title: str = ""
    notes: tuple[str, ...] = ()
    story: str = ""
    cast: Mapping[str, str] = field(default_factory=dict)
    model: ModelRef | None = None
    logline: str = ""

    @property
    def told(self) -> str:
        """The story as text."""
        return self.story or "\n".join(panel.text for panel in self.panels if panel.text)

    @property
    def digest(self) -> str:
        """The sha256 of all that was drafted, "" for mere text: equal drafts make the same board."""
        if self.story:
            return ""
        plain = [_digested(panel) for panel in self.panels]
        return hashlib.sha256(json.dumps([self.title, plain], sort_keys=True, default=_plain).encode()).hexdigest()


def _digested(panel: DraftPanel) -> dict[str, Any]:
    whole = {**asdict(panel), "picture": panel.picture and panel.picture.name}
    return {name: value for name, value in whole.items() if value or name not in _NEWER}


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json")


def typed(text: str, mode: str = "sentence") -> Draft:
    """Return mere text as a draft: a panel a sentence, line or scene. Raises as :func:`split_story`."""
    return Draft(tuple(DraftPanel(piece) for piece in split_story(text, mode)), story=text)


def board_of(
    draft: Draft,
    title: str = "",
    *,
    seed: int = DEFAULT_BOARD_SEED,
    split: str = "sentence",
    cast: Mapping[str, str] | None = None,
) -> Board:
    """Return a draft as an undrawn board, called ``title`` or as the draft says; pictures are not taken in here."""
    texts = [panel.text for panel in draft.panels]
    cast = {**draft.cast, **(cast or {})}
    board = new_board(draft.title or title, texts, story=draft.told, seed=seed, split=split, cast=cast)
    panels, scenes = list[Panel](), list[Scene]()
    for panel, drafted in zip(board.panels, draft.panels, strict=True):
        if drafted.scene:
            scenes.append(Scene(id=new_id(), title=drafted.scene))
        panels.append(panel.model_copy(update={**_told(drafted), "scene_id": scenes[-1].id if scenes else ""}))
    notes = tuple(Note(kind=NOTE, message=message) for message in draft.notes)
    told = {"logline": draft.logline, "notes": notes, "imported": draft.digest, "model": draft.model}
    return board.model_copy(update={"panels": tuple(panels), "scenes": tuple(scenes), **told})


def _told(drafted: DraftPanel) -> dict[str, Any]:
    names = ("shot", "dialogue", "action", "notes", "duration_ms", "transition", "first_seed", "camera", "model")
    told = {name: getattr(drafted, name) for name in names}
    seed = {} if drafted.seed is None else {"seed": drafted.seed}
    return {**told, **seed, "knobs": dict(drafted.knobs)}


# For the readers -----------------------------------------------------------------------------------------------------


def lines(*texts: str) -> str:
    """Return the texts that say something, one a line."""
    return "\n".join(text for text in texts if text)


def plain_line(text: str) -> str:
    """Return a text on one line, without what cannot be printed."""
    return " ".join("".join(char for char in text if char.isprintable() or char.isspace()).split())


def plain_lines(text: str) -> str:
    """The same, keeping its lines."""
    return lines(*(plain_line(line) for line in text.splitlines()))


def divided(blocks: Iterable[DraftPanel], mode: str) -> tuple[DraftPanel, ...]:
    """Cut blocks of text into panels: each sentence ("sentence"), each block ("line"), or each scene whole ("scene").

    What stands before a block (scene, shot, notes) goes to its first panel, what follows it (dialogue, transition) to
    its last.
    """
    if mode == "scene":
        return tuple(map(_whole, _scenes(blocks)))
    return tuple(panel for block in blocks for panel in _cut(block, mode))


def _cut(block: DraftPanel, mode: str) -> list[DraftPanel]:
    pieces = split_block(block.text, mode) or [""]
    panels = [DraftPanel(text=piece) for piece in pieces]
    panels[0] = replace(panels[0], scene=block.scene, shot=block.shot, notes=block.notes)
    panels[-1] = replace(panels[-1], dialogue=block.dialogue, transition=block.transition)
    return panels


def _scenes(blocks: Iterable[DraftPanel]) -> list[list[DraftPanel]]:
    scenes: list[list[DraftPanel]] = []
    for block in blocks:
        if block.scene or not scenes:
            scenes.append([])
        scenes[-1].append(block)
    return scenes


def _whole(scene: Sequence[DraftPanel]) -> DraftPanel:
    return DraftPanel(
        text=" ".join(plain_line(block.text) for block in scene if block.text.strip()),
        scene=scene[0].scene,
        shot=scene[0].shot,
        dialogue=lines(*(block.dialogue for block in scene)),
        notes=lines(*(block.notes for block in scene)),
        transition=scene[-1].transition,
    )


def transition_of(words: str) -> Transition | None:
    """Return the transition that words mean ("CUT TO:", "dissolve", "FADE OUT."), or None for one that we do not have.

    Milliseconds may follow: "dissolve 800".
    """
    named = re.sub(r"[^A-Z]+", " ", words.upper())
    kinds = (("dissolve", r"DISSOLVE|CROSS ?FADE|MIX"), ("fade", r"\bFADE"), ("cut", r"\bCUT\b"))
    kind = next((kind for kind, pattern in kinds if re.search(pattern, named)), None)
    if kind is None:
        return None
    found = re.search(r"(\d{1,5})", words)
    return Transition.model_validate({"kind": kind, **({"ms": int(found.group(1))} if found else {})})


def need_panels(panels: Sequence[DraftPanel], name: str, expected: str) -> None:
    """Raise StoryError where a file gave nothing to draw."""
    if not any(panel.text or panel.picture or panel.dialogue for panel in panels):
        raise StoryError(f"{name} holds nothing to draw; expected {expected}")
