"""The sheet that explains a picture: which words count, how heat is made, what is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from seqgan.sampling.explain import explain_sheet, heat, most_attended, over, told
from seqgan.sampling.frame import Drawn
from seqgan.sampling.typeset import CELL, font, line_height, shortened, table, wrapped
from seqgan.text.captions import CaptionVocabulary


def _attention(words: int, side: int = 4) -> np.ndarray:
    """All places read the last word, but one that reads the first."""
    shares = np.full((words, side, side), 0.0, np.float32)
    shares[-1] = 1
    shares[:, 0, 0] = 0
    shares[0, 0, 0] = 1
    return shares


def test_words_are_ranked_by_what_they_have_above_four_times_an_even_share() -> None:
    assert most_attended(_attention(8)) == [7, 0, 1, 2, 3]
    assert most_attended(np.full((3, 2, 2), 1 / 3)) == [0, 1, 2]  # of few words none is above it
    weak, strong = np.full((10, 4, 4), 0.3, np.float32), np.zeros((10, 4, 4), np.float32)
    strong[4, 0, 0] = 0.9  # little in all, but above 4 / 10
    assert most_attended(np.where(np.arange(10)[:, None, None] == 4, strong, weak))[0] == 4


def test_heat_leaves_out_weak_shares_and_flat_maps() -> None:
    share = np.full((4, 4), 0.1, np.float32)
    assert not heat(share, 10, 8).any()  # below 2 / 10 everywhere, and flat
    share[0, 0] = 0.9
    warm = heat(share, 10, 4)
    assert warm[0, 0] == 1 and warm[3, 3] == 0 and warm.shape == (4, 4)
    assert heat(np.array([[0.4, 0.6]] * 2, np.float32), 2, 2).max() == 1  # two words never reach 2 / 2


def test_heat_colours_a_grey_picture() -> None:
    picture = np.full((2, 2, 3), 100, np.uint8)
    picture[..., 0] = 200
    laid = over(picture, np.array([[0.0, 1.0], [0.5, 0.0]], np.float32))
    assert laid.dtype == np.uint8 and laid[0, 1, 0] > laid[0, 0, 0] and laid[0, 1].sum() > laid[1, 0].sum()


def test_it_tells_what_was_read_ignored_and_cut() -> None:
    vocabulary = CaptionVocabulary(["<end>", "a", "red"])
    assert told(vocabulary.read("a red zork")) == ["read: a red", "ignored, for the model does not know them: zork"]
    assert told(vocabulary.read("a " * 26))[1] == "cut, for it reads 25 words: a"
    assert told(vocabulary.read("zork"))[0] == "read: nothing"
    whole = told(replace(vocabulary.read("zork " + 26 * "a "), whole=True))
    assert whole[1:3] == ["not known by themselves: zork", "beyond the 25 words that it reads one by one: a"]
    assert whole[3].startswith("read as a whole, too")


def test_a_sheet_has_a_block_a_picture() -> None:
    reading = CaptionVocabulary(["<end>", "a", "red", "bird"]).read("a red bird")
    pictures = {side: np.full((side, side, 3), 90, np.uint8) for side in (4, 8)}
    drawn = Drawn("a red bird", 3, reading, pictures, {4: _attention(3)})
    one, two = explain_sheet([drawn]), explain_sheet([drawn, drawn])
    assert one.shape[1] == two.shape[1] and two.shape[0] > 1.8 * one.shape[0] > 2 * CELL
    assert (one[0] == 255).all() and (one != 255).any()


def test_text_fits_its_width() -> None:
    lines = wrapped("a small bird with " + "w" * 80, 120, 12)
    assert len(lines) >= 2 and all(font(12).getlength(line) <= 120 for line in lines)
    assert shortened("bird", 200, 12) == "bird" and shortened("b" * 99, 40, 12).endswith("…")
    assert wrapped("", 50, 12) == [] and line_height(12) == 16


def test_a_table_is_as_large_as_its_rows() -> None:
    picture = np.zeros((8, 8, 3), np.uint8)
    plain, named = table([[picture] * 3] * 2, ["", ""], [""] * 3, 32), table([[picture]], ["row"], ["column"], 32)
    assert plain.shape == (2 * (32 + 8) + 32, 3 * 40 - 8 + 32, 3) and named.shape[0] > 32 + 8 + 32
