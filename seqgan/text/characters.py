"""Captions as char-CNN-RNN reads them (Reed et al. 2016): letter by letter. Free of torch.

codes = encode_chars("This flower is white.")   # 201 numbers from 0 to 70
"""

from __future__ import annotations

from seqgan.text.captions import CaptionReading, caption_words

ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789-,;.!?:'\"/\\|_@#$%^&*~`+-=<>()[]{} "
"""The characters that are known, in the order of their numbers, which begin with 1; 0 is any other, and padding. The
hyphen stands in two places, as released, and has the number of the second."""
LENGTH = 201
"""Characters of a caption that are read; the rest of a longer one is cut, a shorter one is padded."""
_NUMBERS = {character: number for number, character in enumerate(ALPHABET, 1)}


def encode_chars(caption: str) -> tuple[int, ...]:
    """The numbers of a caption's characters, LENGTH of them, capitals read as small letters.

    A caption that holds nothing known (empty, or of another script) is all 0: whoever reads captions asks with `any`
    and says so, the encoder has nothing to go by.
    """
    codes = [_NUMBERS.get(character, 0) for character in caption.lower()[:LENGTH]]
    return tuple(codes + [0] * (LENGTH - len(codes)))


class CharReading:
    """Reads captions for char-CNN-RNN as `CaptionVocabulary` does for encoders of words; it knows every word."""

    def read(self, caption: str) -> CaptionReading:
        """The characters of one caption as numbers, LENGTH of them; none where it has no word of Latin letters or
        digits."""
        kept, cut = caption_words(caption[:LENGTH]), caption_words(caption[LENGTH:])
        return CaptionReading(tuple(kept), encode_chars(caption) if kept else (), (), tuple(cut))
