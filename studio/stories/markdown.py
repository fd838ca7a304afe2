"""Markdown: headings become the title and scenes, paragraphs and list items what is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from studio.stories.draft import Draft, DraftPanel, divided, need_panels, plain_line

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOLD = re.compile(r"^(title|logline):[ \t]*(.+)$", re.MULTILINE | re.IGNORECASE)
_LEFT_OUT = {"fence": "code", "code_block": "code", "html_block": "HTML", "table_open": "a table"}
_ADVICE = {"a table": " (save it as a .csv file to read it)"}


@dataclass
class _Reading:
    title: str = ""
    logline: str = ""
    headings: list[str] = field(default_factory=list)
    blocks: list[DraftPanel] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def heading(self, level: int, text: str) -> None:
        if level == 1 and not self.title and not self.blocks and not self.headings:
            self.title = text
        elif text:
            self.headings.append(text)

    def paragraph(self, text: str) -> None:
        if text:
            self.blocks.append(DraftPanel(text=text, scene=" · ".join(self.headings)))
            self.headings = []


def read(text: str, name: str, mode: str) -> Draft:
    """Read Markdown (CommonMark). Code, HTML, tables and pictures are left out, and noted.

    Raises:
        StoryError: if it holds no sentence.
    """
    reading = _Reading()
    if front := _FRONT.match(text):
        text = "\n" * front.group().count("\n") + text[front.end() :]
        told = {key.lower(): plain_line(said.strip().strip("\"'")) for key, said in _TOLD.findall(front.group(1))}
        reading.title, reading.logline = told.get("title", ""), told.get("logline", "")
        if rest := [line for line in front.group(1).splitlines() if line.strip() and not _TOLD.match(line)]:
            reading.notes.append(
                f'line 1: "{plain_line(rest[0])}" stands before the text; all but title and logline is left out.'
            )
    _walk(MarkdownIt("commonmark").enable("table").parse(text), reading)
    if reading.headings:
        reading.notes.append(f'nothing follows the heading "{reading.headings[-1]}" at the end; it was left out.')
    panels = divided(reading.blocks, mode)
    need_panels(panels, name, "paragraphs or lists: each sentence becomes a panel")
    return Draft(panels, reading.title, tuple(reading.notes), logline=reading.logline)


def _walk(tokens: list[Token], reading: _Reading) -> None:
    opened = ""
    inside_table = False
    for token in tokens:
        line = token.map[0] + 1 if token.map else 0
        if token.type in ("table_open", "table_close"):
            inside_table = token.type == "table_open"
        if what := _LEFT_OUT.get(token.type):
            reading.notes.append(f"line {line}: {what} was left out{_ADVICE.get(what, '')}.")
        if token.type.endswith("_open"):
            opened = token.tag
        if token.type != "inline" or inside_table:
            continue
        text = plain_line("".join(_words(token.children or [], line, reading.notes)))
        if re.fullmatch(r"h\d", opened):
            reading.heading(int(opened[1]), text)
        else:
            reading.paragraph(text)


def _words(children: list[Token], line: int, notes: list[str]) -> Iterator[str]:
    """The words of a paragraph without its marks."""
    for child in children:
        if child.type in ("text", "code_inline"):
            yield child.content
        elif child.type in ("softbreak", "hardbreak"):
            yield " "
        elif child.type == "image":
            notes.append(f'line {line}: the picture "{child.content}" was left out (give it to its panel).')
        elif child.type == "html_inline":
            notes.append(f"line {line}: the HTML {child.content} was left out.")
