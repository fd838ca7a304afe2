"""Fountain screenplays (fountain.io): action is drawn, speech is the dialogue of the panel that it follows.

Scene headings begin scenes; sections, synopses and notes go to the notes of the next panel, scene numbers to its shot;
transitions say how a panel passes to the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from fountain import ElementType, FountainElement, FountainParser

from studio.stories.draft import (
    Draft,
    DraftPanel,
    divided,
    lines,
    need_panels,
    plain_line,
    plain_lines,
    transition_of,
)

_MARK = re.compile("\ue000(\\d+)\ue001")
"""Stands for a note within the text while the screenplay is parsed: the parser drops notes that stand within a line."""
_INSIDE = re.compile(r"^(?:INT\.?/EXT|EXT\.?/INT|I/E|INT|EXT|EST)[. ]+", re.IGNORECASE)


@dataclass
class _Reading:
    remarks: list[str]
    names: frozenset[str]
    blocks: list[DraftPanel] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    heading: str = ""
    shot: str = ""
    begun: bool = True

    def clean(self, text: str) -> tuple[str, str]:
        """A text without the marks, and the notes that they stand for."""
        found = [self.remarks[int(number)] for number in _MARK.findall(text)]
        return _MARK.sub("", text), lines(*found)

    def scene(self, element: FountainElement) -> None:
        self._unused()
        self.heading, remark = self.clean(element.text)
        self.shot = str(element.metadata.get("scene_number") or "")
        self.before += [remark] if remark else []
        self.begun = False

    def action(self, element: FountainElement) -> None:
        text, remark = self.clean(element.text)
        if text.strip():
            self._block(self._in_case(plain_line(text)), remark)
        elif self.blocks and self.begun:
            self.blocks[-1] = replace(self.blocks[-1], notes=lines(self.blocks[-1].notes, remark))
        else:
            self.before.append(remark)

    def _in_case(self, text: str) -> str:
        """A text as sentences are written: screenplays shout who appears, and whole lines now and then."""
        if text.isupper() and len(text.split()) > 1:
            text = text.capitalize()
        return re.sub(r"[^\W\d_]{2,}", lambda word: word[0].title() if word[0].upper() in self.names else word[0], text)

    def speech(self, text: str) -> None:
        """Let somebody speak in the panel that was last; a scene that begins so gets one of its place."""
        text, remark = self.clean(text)
        if not self.begun or not self.blocks:
            self._block(_place(self.heading), "")
        last = self.blocks[-1]
        said = {"dialogue": lines(last.dialogue, plain_lines(text)), "notes": lines(last.notes, remark)}
        self.blocks[-1] = replace(last, **said)

    def transition(self, element: FountainElement) -> None:
        words, remark = self.clean(element.text)
        way = transition_of(words)
        self.before += [remark] if remark else []
        if not self.blocks:
            self.notes.append(f'line {element.line_number}: "{words}" has no panel before it; it was left out.')
        elif way is None:
            self.notes.append(f'line {element.line_number}: there is no transition like "{words}"; it is in the notes.')
            self.blocks[-1] = replace(self.blocks[-1], notes=lines(self.blocks[-1].notes, words))
        elif self.blocks[-1].transition is None:  # FADE OUT. and FADE IN: are one fade
            self.blocks[-1] = replace(self.blocks[-1], transition=way)

    def end(self) -> None:
        self._unused()
        if self.before:
            self.notes.append(f'nothing follows "{self.before[-1]}" at the end; it was left out.')

    def _block(self, text: str, remark: str) -> None:
        scene = "" if self.begun else self.heading
        notes = lines(*self.before, remark)
        self.blocks.append(DraftPanel(text, scene, "" if self.begun else self.shot, notes=notes))
        self.before, self.begun = [], True

    def _unused(self) -> None:
        if not self.begun:
            self.notes.append(f'nothing happens in the scene "{self.heading}"; it was left out.')


def read(text: str, name: str, mode: str) -> Draft:
    """Read a screenplay in Fountain.

    Raises:
        StoryError: if it holds neither action nor dialogue.
    """
    text, remarks = _marked(re.sub("[\ue000\ue001]", "", text))
    document = FountainParser().parse(text)
    reading = _Reading(remarks, frozenset(word for name in document.get_characters() for word in name.upper().split()))
    speaker: list[str] = []
    for element in [*document.elements, None]:
        if element is not None and element.type in (ElementType.PARENTHETICAL, ElementType.DIALOGUE):
            speaker.append(element.text)
            continue
        if speaker:
            reading.speech(_speech(speaker))
            speaker = []
        if element is not None and element.type is ElementType.CHARACTER:
            speaker = [_name(element)]
        elif element is not None:
            _take_up(element, reading)
    reading.end()
    panels = divided(reading.blocks, mode)
    need_panels(panels, name, "a screenplay with action: INT. ROOM - DAY, an empty line, and what happens")
    _tell_blank(panels, reading.notes)
    title = plain_line(re.sub(r"[*_]", "", _MARK.sub("", str(document.metadata.get("title") or ""))))
    logline = plain_line(_MARK.sub("", str(document.metadata.get("logline") or "")))
    if others := [key for key in document.metadata if key not in ("title", "logline")]:
        reading.notes.append(f"of the title page, {', '.join(map(str, others))} had no place and was left out.")
    return Draft(panels, title, tuple(reading.notes), logline=logline)


def _take_up(element: FountainElement, reading: _Reading) -> None:
    kind = element.type
    if kind is ElementType.SCENE_HEADING:
        reading.scene(element)
    elif kind in (ElementType.ACTION, ElementType.CENTERED):
        reading.action(element)
    elif kind is ElementType.LYRICS:
        reading.speech(f"♪ {element.text}")
    elif kind is ElementType.TRANSITION:
        reading.transition(element)
    elif kind in (ElementType.SECTION, ElementType.SYNOPSIS):
        reading.before.append(lines(*reading.clean(element.text)))
    elif kind is ElementType.DUAL_DIALOGUE:
        two: dict[str, Any] = dict(element.metadata)
        for side in ("left", "right"):
            said = [part.text for part in two[f"{side}_dialogue"]]
            reading.speech(_speech([_name(two[f"{side}_character"]), *said]))
    elif kind is not ElementType.PAGE_BREAK:
        reading.notes.append(f'line {element.line_number}: "{element.text}" ({kind.value}) was left out.')


def _name(element: FountainElement) -> str:
    extension = element.metadata.get("extension")
    return f"{element.text} ({extension})" if extension else element.text


def _speech(parts: list[str]) -> str:
    """A name and what is said, on one line."""
    return f"{parts[0]}: {' '.join(' '.join(part.split()) for part in parts[1:])}".rstrip(" :")


def _place(heading: str) -> str:
    """What to draw of a scene in which people only speak: the place, as a phrase ("Mia's room, night.")."""
    place = _INSIDE.sub("", heading).strip().lower()
    place = re.sub(r"\s+-+\s+", ", ", place)
    return f"{place[0].upper()}{place[1:]}." if place else ""


def _tell_blank(panels: tuple[DraftPanel, ...], notes: list[str]) -> None:
    blank = [str(number) for number, panel in enumerate(panels, 1) if not panel.text]
    if blank:
        notes.append(f"panel {', '.join(blank)}: people speak, but nothing says what is seen; write a sentence there.")


def _marked(text: str) -> tuple[str, list[str]]:
    """Take out what is commented out, and put a mark in the place of every note; return the notes too.

    Openings that are never closed are text; the parser would look for their end again and again.
    """
    text = "".join(piece for piece, inside in _pieces(text, "/*", "*/") if not inside).replace("/*", "/ *")
    remarks: list[str] = []
    kept: list[str] = []
    for piece, inside in _pieces(text, "[[", "]]"):
        kept.append(f"\ue000{len(remarks)}\ue001" if inside else piece.replace("[[", "["))
        remarks += [plain_line(piece)] if inside else []
    return "".join(kept), remarks


def _pieces(text: str, opening: str, closing: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a text, and whether each stands between an opening and its closing."""
    place = 0
    while (start := text.find(opening, place)) >= 0 and (end := text.find(closing, start + len(opening))) >= 0:
        yield text[place:start], False
        yield text[start + len(opening) : end], True
        place = end + len(closing)
    yield text[place:], False
