"""Wrapping, fitting and drawing of captions."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from studio.media.captions import CLOSING, draw_caption, fit, line_height, one_line, width_of, wrap
from studio.media.fonts import FontStack

STACK = FontStack.default()
SENTENCE = "Mia walks in the snow with her red umbrella, and the old owl Otto looks on from his tree."
LONG_WORDS = "Donaudampfschifffahrtsgesellschaft " * 3
STORIES = [SENTENCE, "Hi.", "W" * 90, "a " * 200, LONG_WORDS, "你好，" * 40, "x\u0301" * 90]


@pytest.mark.parametrize("text", STORIES)
@pytest.mark.parametrize("width", [60, 200, 900])
def test_no_line_is_too_wide_and_no_letter_is_lost(text, width) -> None:
    lines = wrap(text, width, 20, STACK)
    assert all(width_of(line, 20, STACK) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_lines_break_at_blanks_first() -> None:
    assert " ".join(wrap(SENTENCE, 300, 20, STACK)) == SENTENCE


def test_cjk_breaks_between_characters_and_never_before_a_stop() -> None:
    lines = wrap("米娅走在雪地里，她笑了。猫头鹰看着她。", 110, 20, STACK)
    assert len(lines) > 2
    assert not any(line[0] in CLOSING for line in lines)


def test_joined_emoji_stay_together() -> None:
    family = "👩\u200d👩\u200d👧"
    assert all(line in ("", family) for line in wrap(family * 6, 80, 20, STACK) if len(line) == len(family))
    assert not any(line.startswith("\u200d") for line in wrap(family * 6, 80, 20, STACK))


def test_two_lines_are_of_like_length() -> None:
    lines = fit("The quick brown fox jumps over the lazy dogs now", (480, 60), 20, 12, STACK).lines
    widths = [width_of(line, 20, STACK) for line in lines]
    assert len(lines) == 2
    assert min(widths) > 0.7 * max(widths)


def test_a_caption_is_shrunk_before_it_is_cut() -> None:
    easy = fit("Mia walks.", (400, 60), 20, 12, STACK)
    assert (easy.size, easy.lines, easy.cut) == (20, ("Mia walks.",), False)
    shrunk = fit(SENTENCE, (400, 2 * line_height(20)), 20, 12, STACK)
    assert shrunk.size < 20 and not shrunk.cut
    cut = fit(SENTENCE * 9, (480, 2 * line_height(20)), 20, 12, STACK)
    assert cut.cut and cut.size == 12 and cut.lines[-1].endswith("…")


@pytest.mark.parametrize("text", STORIES)
@pytest.mark.parametrize("box", [(300, 52), (90, 30), (900, 26)])
def test_nothing_is_drawn_outside_its_box(text, box) -> None:
    canvas = Image.new("RGB", (box[0] + 40, box[1] + 40))
    caption = fit(text, box, 20, 12, STACK)
    draw_caption(canvas, caption, (20, 20, 20 + box[0], 20 + box[1]), (255, 255, 255), STACK)
    inked = np.argwhere(np.asarray(canvas).any(-1))
    assert len(inked) or STACK.missing(text)
    inked = inked if len(inked) else np.array([[20, 20]])
    assert inked.min() >= 18 and (inked.max(0) <= (22 + box[1], 22 + box[0])).all()


def test_text_becomes_one_line_without_control_characters() -> None:
    assert one_line(" a\tb\r\nc\x07\x00d \u2028 e ") == "a b cd e"
