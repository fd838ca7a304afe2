"""Captions are read as the released tokeniser reads them; what is not known, or too long, is said."""

import pytest

from seqgan.text.captions import LONGEST, CaptionVocabulary, caption_words


@pytest.mark.parametrize(
    ("caption", "words"),
    [
        (
            "This bird has a white-and-black crown, and it's small.",
            "this bird has a white and black crown and it s small",
        ),
        ("a caf\u00e9, 3\u00bd inches", "a caf 3 inches"),
        ("snake_case \ufffd\ufffdbird", "snake_case bird"),
        ("\u5154\u5b50 !!", ""),
    ],
)
def test_words_are_those_of_the_release(caption: str, words: str) -> None:
    assert caption_words(caption) == words.split()


def test_what_is_not_known_is_told_once_and_long_captions_are_cut() -> None:
    vocabulary = CaptionVocabulary(["<end>", "a", "red", "bird"])
    reading = vocabulary.read("A red zebra, a red ZEBRA, a bird <end>")
    assert reading.words == ("a", "red", "a", "red", "a", "bird") and reading.numbers == (1, 2, 1, 2, 1, 3)
    assert reading.ignored == ("zebra", "end") and reading.cut == ()
    assert vocabulary.read("").numbers == ()
    long = vocabulary.read("bird " * LONGEST + "red")
    assert len(long.numbers) == LONGEST and long.cut == ("red",)
