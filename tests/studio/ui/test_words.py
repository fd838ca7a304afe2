"""Text on the page is escaped; numbers read well."""

from __future__ import annotations

import time

import pytest

from studio.ui.components.reading_view import listed, marked
from studio.ui.words import ago, clock, count, drawn_in, plain, safe, seconds


def test_markdown_is_shown_as_it_is() -> None:
    assert plain("![x](a) *so* :red[no] $x$") == r"\!\[x\]\(a\) \*so\* \:red\[no\] \$x\$"
    assert plain("two\nlines") == "two lines"
    assert plain("a" * 100, 10) == "a" * 9 + "…"


def test_html_is_shown_as_it_is() -> None:
    assert safe("<b title='x'>&") == "&lt;b title=&#x27;x&#x27;&gt;&amp;"


def test_numbers_read_well() -> None:
    assert (seconds(2400), clock(83_000), count(1, "panel"), count(2, "panel")) == (
        "2.4 s",
        "1:23",
        "1 panel",
        "2 panels",
    )
    assert (drawn_in(0.0483), drawn_in(3.21)) == ("drawn in 48 ms", "drawn in 3.2 s")
    assert ago(time.time()) == "just now"
    assert ":" in ago(time.time() - 3600)
    assert len(ago(0).split()) == 3


class _Note:
    def __init__(self, kind: str, word: str, meaning: str = "") -> None:
        self.kind, self.word, self.meaning, self.panel, self.message = kind, word, meaning, 0, ""


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ([], "A &lt;i&gt; bunny runs quickly."),
        ([_Note("ignored", "quickly")], "A &lt;i&gt; bunny runs <s>quickly</s>."),
        ([_Note("mapped", "Bunny", "rabbit<")], "A &lt;i&gt; <b>bunny</b> <small>→ rabbit&lt;</small> runs quickly."),
        ([_Note("cast", "runs", "mia")], "A &lt;i&gt; bunny runs quickly."),
    ],
)
def test_words_are_marked_and_escaped(notes: list[_Note], expected: str) -> None:
    assert marked("A <i> bunny runs quickly.", notes) == expected  # type: ignore[arg-type]


def test_the_list_escapes_every_sentence() -> None:
    assert "<script>" not in listed(("<script>alert(1)</script>",), None)
    assert listed(tuple("ab"), None) == '<ol class="reading"><li>a</li><li>b</li></ol>'
