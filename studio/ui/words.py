"""Text on the page: what people wrote is escaped, what we say is short."""

from __future__ import annotations

import html
import re
import time

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~:$^=&])")


def plain(text: str, longest: int = 0) -> str:
    """Return text so that Markdown shows it as it is (labels, titles), cut to ``longest`` characters."""
    text = " ".join(text.split())
    if longest and len(text) > longest:
        text = text[: longest - 1].rstrip() + "…"
    return _MARKDOWN.sub(r"\\\1", text)


def safe(text: str) -> str:
    """Return text so that HTML shows it as it is."""
    return html.escape(text, quote=True)


def seconds(milliseconds: int) -> str:
    """Return a duration as people read it: "2.4 s"."""
    return f"{milliseconds / 1000:.1f} s"


def clock(milliseconds: int) -> str:
    """Return a length as minutes and seconds: "0:23"."""
    whole = round(milliseconds / 1000)
    return f"{whole // 60}:{whole % 60:02d}"


def count(number: int, noun: str) -> str:
    """Return "1 panel", "7 panels"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def drawn_in(seconds: float) -> str:
    """Return how long a drawing took: "drawn in 48 ms"."""
    return f"drawn in {seconds * 1000:.0f} ms" if seconds < 2 else f"drawn in {seconds:.1f} s"


def ago(moment: float) -> str:
    """Return when something was, in words: "just now", "12:04", "21 Nov 12:04"."""
    passed = time.time() - moment
    if passed < 60:
        return "just now"
    form = "%H:%M" if passed < 12 * 3600 else "%d %b %H:%M"
    return time.strftime(form, time.localtime(moment))
