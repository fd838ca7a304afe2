"""The page Help: every page of the guide, its pictures, and links that lead on."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from seqgan.resources import asset
from studio.ui import guide
from studio.ui.guide import linked, pages, pieces, title


def test_every_page_of_the_guide_is_in_the_menu_and_shown(page: Callable) -> None:
    tab = page()
    tab.at.switch_page("studio/ui/pages/help.py")
    tab.run()
    found = pages()
    assert set(found) == {path.stem for path in asset("guide").glob("*.md")}
    for name, heading in found.items():
        tab.at.radio(key="guide").set_value(name)
        assert heading in tab.run().words


def test_links_and_mentions_lead_to_pages_that_are_there() -> None:
    known = {"data", "frames"}
    assert linked("See [the data](data.md#x), `frames.md`.", known, "&board=a") == (
        "See [the data](help?guide=data&board=a), [frames](help?guide=frames&board=a)."
    )
    for text in ("`README.md`", "[x](http://a.b/data.md)", "    cat data.md `data.md`", "```\n`data.md`\n```"):
        assert linked(text, known) == text
    targets = {
        target
        for name in pages()
        for piece in pieces(name)
        for target in re.findall(r"help\?guide=(\S+?)\)", piece.text)
    }
    assert targets and targets <= set(pages())


def test_pictures_are_pieces_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guide, "asset", lambda *_: tmp_path)
    (tmp_path / "snow.png").write_bytes(b"x")
    (tmp_path.parent / "secret.png").write_bytes(b"x")
    text = "# Snow\n\nBefore.\n\n![A snowy day](snow.png)\n\nAfter.\n\n![no](../secret.png)\n"
    (tmp_path / "snow.md").write_text(text)
    pieces.cache_clear()
    found = pieces("snow")
    assert [(piece.text[:7], piece.picture) for piece in found] == [
        ("# Snow\n", None), ("A snowy", tmp_path / "snow.png"), ("\n\nAfter", None),
    ]  # fmt: skip
    pieces.cache_clear()


def test_a_page_without_a_heading_has_its_name() -> None:
    assert title("text", "cast-pack") == "Cast pack" and title("# A b \ntext", "x") == "A b"
