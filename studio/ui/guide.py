"""The guide, as the page Help shows it: pages by name, in pieces of text and pictures, their links leading on."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from seqgan.resources import asset

FIRST = ("editor", "boards", "exporting", "clips", "frames", "pages", "cast-pack", "data", "training", "comparing")
"""Pages that the menu begins with, as far as they are there; the others follow by name."""
PARAMETER = "guide"
_PICTURE = re.compile(r"(?m)^!\[(?P<alt>[^\]\n]*)\]\((?P<file>[^)\s]+)\)[ \t]*$")
_LINK = re.compile(r"\[(?P<words>[^\]\n]+)\]\((?P<page>[\w-]+)\.md(?:#[\w-]*)?\)")
_NAMED = re.compile(r"`(?:assets/guide/)?(?P<page>[\w-]+)\.md`")
_CODE = re.compile(r"(?m)^(?: {4}.*|```[\s\S]*?^```[ \t]*)$")


class Piece(NamedTuple):
    """A part of a page: Markdown, or the file of a picture with its description."""

    text: str = ""
    picture: Path | None = None


def pages() -> dict[str, str]:
    """Return name -> title of the guide's pages, in the order of the menu."""
    found = {path.stem: title(path.read_text(encoding="utf-8"), path.stem) for path in asset("guide").glob("*.md")}
    order = sorted(found, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
    return {name: found[name] for name in order}


def title(text: str, name: str) -> str:
    """Return a page's first heading, else its name."""
    found = re.search(r"(?m)^# +(.+?) *$", text)
    return found.group(1) if found else name.replace("-", " ").capitalize()


@lru_cache(maxsize=32)
def pieces(name: str, others: str = "") -> tuple[Piece, ...]:
    """Return a page in pieces. ``others``: the rest of the address, which links keep ("&board=walk.board")."""
    folder = asset("guide")
    text = linked((folder / f"{name}.md").read_text(encoding="utf-8"), set(pages()), others)
    found, at = [], 0
    for match in _PICTURE.finditer(text):
        file = (folder / match["file"]).resolve()
        if file.is_relative_to(folder.resolve()) and file.is_file():
            found += [Piece(text[at : match.start()]), Piece(match["alt"], file)]
            at = match.end()
    return tuple(piece for piece in [*found, Piece(text[at:])] if piece.picture or piece.text.strip())


def linked(text: str, known: set[str], others: str = "") -> str:
    """Return a page whose links and mentions of other pages lead to them; examples of code stay as they are."""

    def to(match: re.Match[str]) -> str:
        page = match["page"]
        words = match.groupdict().get("words") or page
        return f"[{words}](help?{PARAMETER}={page}{others})" if page in known else match[0]

    parts, at = [], 0
    for code in _CODE.finditer(text):
        parts += [_NAMED.sub(to, _LINK.sub(to, text[at : code.start()])), code[0]]
        at = code.end()
    return "".join([*parts, _NAMED.sub(to, _LINK.sub(to, text[at:]))])
