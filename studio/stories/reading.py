"""A story as it comes: a file or typed text becomes clean Unicode, or is refused in one line."""

from __future__ import annotations

import codecs
import sys
import unicodedata
from pathlib import Path

from studio.errors import StoryError

MAX_CHARS = 1_000_000
MAX_BYTES = 4 * MAX_CHARS
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip, Word or OpenDocument file",
    b"\x1f\x8b": "a gzip file",
    b"\xd0\xcf\x11\xe0": "an old Word file",
    b"{\\rtf": "a rich text file",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
}
_LINE_ENDS = str.maketrans({"\x0b": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n\n", "\x0c": "\n\n", "\ufeff": ""})


def read_story_file(path: str | Path) -> str:
    """Return the text of a story file (UTF-8, with or without a byte order mark, or UTF-16); "-" reads the input.

    Raises:
        StoryError: if it is missing, a folder, unreadable, too large, binary or of another encoding.
    """
    if str(path) == "-":
        return decode_story(sys.stdin.buffer.read(MAX_BYTES + 1), "the input")
    return decode_story(story_bytes(Path(path), MAX_BYTES), str(path))


def story_bytes(path: Path, most: int) -> bytes:
    """The bytes of a story's file, no more than one over the most that is taken.

    Raises:
        StoryError: if it is missing, a folder or unreadable.
    """
    if path.is_dir():
        raise StoryError(f"{path} is a folder, expected a file with a story; name the file in it")
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except FileNotFoundError as error:
        raise StoryError(f"there is no file {path}; check the name, or use - for the input") from error
    except OSError as error:
        raise StoryError(f"{path} cannot be read ({error.strerror}); check its rights") from error


def decode_story(data: bytes, source: str = "the story") -> str:
    """Return bytes as clean text; ``source`` is what messages call them.

    Raises:
        StoryError: if they are too many, binary, of another encoding, empty, or hold control characters.
    """
    if len(data) > MAX_BYTES:
        raise StoryError(f"{source} is larger than {MAX_BYTES} bytes, too large for a story; cut it into several")
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            raise StoryError(f"{source} is {kind}, expected plain text; save the story as a .txt file")
    encoding, skip = _encoding(data)
    try:
        text = data[skip:].decode(encoding)
    except UnicodeDecodeError as error:
        found = f"byte 0x{data[skip + error.start]:02x} at {skip + error.start}"
        raise StoryError(f"{source} is not {encoding.upper()} text ({found}); save it as UTF-8") from error
    return clean_text(text, source)


def _encoding(data: bytes) -> tuple[str, int]:
    """The encoding and the length of the mark: by the mark, else UTF-16 where every other byte of the head is 0."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name, len(mark)
    head = data[:512]
    if len(head) >= 4 and len(data) % 2 == 0:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if odd * 4 > len(head) and even == 0:
            return "utf-16-le", 0
        if even * 4 > len(head) and odd == 0:
            return "utf-16-be", 0
    return "utf-8", 0


def clean_text(text: str, source: str = "the story") -> str:
    """Return text in normal form C with ``\\n`` line ends.

    Raises:
        StoryError: if it is empty, too long, or holds a control character or half a character.
    """
    if len(text) > MAX_CHARS:
        raise StoryError(f"{source} has {len(text)} characters, expected at most {MAX_CHARS}; cut it into several")
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_LINE_ENDS)
    for place, char in enumerate(text):
        if unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t":
            line = text.count("\n", 0, place) + 1
            raise StoryError(
                f"{source} holds the control character U+{ord(char):04X} in line {line}, expected plain text; remove it"
            )
    if not text.strip():
        raise StoryError(f"{source} is empty; write a few sentences: each becomes a panel")
    return unicodedata.normalize("NFC", text)
