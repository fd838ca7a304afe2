"""Captions letter by letter."""

from __future__ import annotations

import subprocess
import sys

from seqgan.text.characters import ALPHABET, LENGTH, encode_chars


def test_the_alphabet_has_seventy_places_and_the_second_hyphen_counts() -> None:
    assert len(ALPHABET) == 70 and ALPHABET.count("-") == 2
    assert len(set(ALPHABET)) == 69
    assert encode_chars("-")[0] == ALPHABET.rindex("-") + 1 != ALPHABET.index("-") + 1


def test_small_and_capital_letters_are_one_and_unknown_ones_none() -> None:
    assert encode_chars("Az 09")[:6] == (1, 26, 70, 27, 36, 0)
    assert encode_chars("aéb")[:3] == (1, 0, 2)
    assert encode_chars("A red Flower.") == encode_chars("a RED flower.")


def test_every_caption_has_one_length() -> None:
    assert LENGTH == len(encode_chars("")) == len(encode_chars("a" * 500)) == 201
    assert encode_chars("a" * 500) == (1,) * 201
    assert not any(encode_chars("")) and not any(encode_chars("노란꽃"))


def test_it_is_free_of_torch() -> None:
    code = "import sys, seqgan.text.characters; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
