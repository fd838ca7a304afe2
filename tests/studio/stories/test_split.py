"""Stories to sentences: quotes, ellipses, abbreviations, scripts; and what is refused."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.errors import StoryError
from studio.stories.reading import MAX_BYTES, MAX_CHARS, decode_story
from studio.stories.split import read_story_file, split_paragraph, split_story

SENTENCES: list[tuple[str, list[str]]] = [
    ("One", ["One"]),
    ("Mia walks in the snow. She waves. Max runs!", ["Mia walks in the snow.", "She waves.", "Max runs!"]),
    ("A hard-wrapped\nstory goes on.\nIt ends.", ["A hard-wrapped story goes on.", "It ends."]),
    ("A title\n\nMia walks.\n  \nThe end", ["A title", "Mia walks.", "The end"]),
    ("Mia walks\nMax runs\nThe end", ["Mia walks", "Max runs", "The end"]),
    # quotes
    ('"Stop!" cries Max. "Wait for me!"', ['"Stop!" cries Max.', '"Wait for me!"']),
    ('Mia walks. "Hello! Come in!" said Max. She came.', ["Mia walks.", '"Hello! Come in!" said Max.', "She came."]),
    ("Max asks: “Where? I want her!” The owl sleeps.", ["Max asks: “Where? I want her!”", "The owl sleeps."]),
    ("„Halt! Wer da?“ ruft Max. Mia lacht.", ["„Halt! Wer da?“ ruft Max.", "Mia lacht."]),
    ("« Stop ! » dit Max. Elle rit.", ["« Stop ! » dit Max.", "Elle rit."]),
    ("'Stop!' said Mia. 'I can't.'", ["'Stop!' said Mia.", "'I can't.'"]),
    ('He said "no. She left. The end came. It rained. All slept. And more.',
     ['He said "no.', "She left.", "The end came.", "It rained.", "All slept.", "And more."]),
    # ellipses
    ("She waited... and waited. Then…  she left.", ["She waited... and waited.", "Then… she left."]),
    ("She waited... Then she left. Wait… Max came.", ["She waited...", "Then she left.", "Wait…", "Max came."]),
    # abbreviations
    ("Dr. Owl met Mrs. Cat and Prof. Pig. They sang.", ["Dr. Owl met Mrs. Cat and Prof. Pig.", "They sang."]),
    ("At 3 p.m. Mia left. At 4 p.m. the owl slept.", ["At 3 p.m. Mia left.", "At 4 p.m. the owl slept."]),
    ("Mia has cats, dogs, etc. She waves, etc. and sings.", ["Mia has cats, dogs, etc.", "She waves, etc. and sings."]),
    ("She met J. Smith. He said no. She left No. 5.", ["She met J. Smith.", "He said no.", "She left No. 5."]),
    ("Mia has 3.5 apples. 2 fall.", ["Mia has 3.5 apples.", "2 fall."]),
    # punctuation
    ("Hi!Max runs. Mia jumps!!! Wow?!", ["Hi!", "Max runs.", "Mia jumps!!!", "Wow?!"]),
    ("*** \n\n Mia jumps. \n\n ---", ["Mia jumps."]),
    ("Mia (she is small.) sleeps. [Music.] It ends.", ["Mia (she is small.) sleeps.", "[Music.]", "It ends."]),
    # scripts
    ("小猫走路。小狗跑！它们睡觉？", ["小猫走路。", "小狗跑！", "它们睡觉？"]),
    ("她来了。“你好。”她说。", ["她来了。", "“你好。”她说。"]),
    ("夜になる。「こんにちは。元気？」と猫が言う。", ["夜になる。", "「こんにちは。元気？」と猫が言う。"]),
    ("El gato duerme. ¿Dónde está? ¡Allí!", ["El gato duerme.", "¿Dónde está?", "¡Allí!"]),
    ("Она идёт. Он спит.", ["Она идёт.", "Он спит."]),
    ("बिल्ली चलती है। वह सोती है।", ["बिल्ली चलती है।", "वह सोती है।"]),
    ("🐱🎂", ["🐱🎂"]),
    ("The cat 🐱 runs. 🎂! 👩‍🚀 flies.", ["The cat 🐱 runs.", "🎂!", "👩‍🚀 flies."]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SENTENCES, ids=range(len(SENTENCES)))
def test_sentences(text: str, expected: list[str]) -> None:
    assert split_story(text) == expected


def test_lines_and_scenes() -> None:
    text = "Mia walks. She waves.\r\n\r\nMax runs.\rHe jumps.\n \n\n"
    assert split_story(text, "line") == ["Mia walks. She waves.", "Max runs.", "He jumps."]
    assert split_story(text, "scene") == ["Mia walks. She waves.", "Max runs. He jumps."]
    with pytest.raises(StoryError, match="split mode 'word' is unknown; expected one of sentence, line, scene"):
        split_story(text, "word")


def test_five_hundred_sentences() -> None:
    story = " ".join(f"Mia walks {k} steps in the snow." for k in range(500))
    assert len(split_story(story)) == 500


PARTS = """Mia Dr. Owl runs... said " “ ” ' ( ) … ! ? . J. 3 p.m. 雪。 🐱 and ¿ no."""
WORDS = st.lists(st.sampled_from(PARTS.split()), max_size=20)


@settings(max_examples=150, deadline=None)
@given(WORDS.map(" ".join))
def test_nothing_is_lost_or_added(text: str) -> None:
    assert "".join(split_paragraph(text)) == text


def test_the_same_sentences_again() -> None:
    """Splitting what was split changes nothing: a board's panels can be told again."""
    for text, expected in SENTENCES:
        for sentence in expected:
            assert "".join(split_story(sentence)).replace(" ", "") == sentence.replace(" ", ""), text


# Refusals ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "  \n\t ", "\ufeff"])
def test_an_empty_story(text: str) -> None:
    with pytest.raises(StoryError, match="the story is empty; write a few sentences"):
        split_story(text)


@pytest.mark.parametrize("text", ["...", "?!", "***\n---"])
def test_a_story_without_words(text: str) -> None:
    with pytest.raises(StoryError, match="the story has no words"):
        split_story(text)


@pytest.mark.parametrize(
    ("char", "name"), [("\0", "U+0000"), ("\x1b", "U+001B"), ("\x07", "U+0007"), ("\ud800", "U+D800")]
)
def test_control_characters(char: str, name: str) -> None:
    with pytest.raises(StoryError, match=f"holds the control character {name[:1]}\\{name[1:]} in line 2.*remove it"):
        split_story(f"Mia walks.\nShe{char} waves.")


def test_a_story_that_is_too_long() -> None:
    with pytest.raises(StoryError, match=f"has {MAX_CHARS + 1} characters, expected at most {MAX_CHARS}"):
        split_story("a" * (MAX_CHARS + 1))


# Files ---------------------------------------------------------------------------------------------------------------

STORY = "Mia walks. 兔子 waves."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "story.txt"
    text = "Mia walks in the snow. " * 3 if encoding in ("utf-16-le", "utf-16-be") else STORY
    path.write_bytes(text.replace(". ", ".\r\n").encode(encoding))
    assert read_story_file(path) == text.replace(". ", ".\n")


def test_typographic_spaces_and_line_ends() -> None:
    assert decode_story("Mia\u00a0walks.\u2028She waves.\x0cMax\u2029e\u0301nd".encode()) == (
        "Mia\u00a0walks.\nShe waves.\n\nMax\n\n\u00e9nd"
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n", "is a PNG picture, expected plain text"),
        (b"%PDF-1.7", "is a PDF, expected"),
        (b"PK\x03\x04word", "is a zip, Word or"),
        (b"caf\xe9 au lait", r"is not UTF-8 text \(byte 0xe9 at 3\); save it as UTF-8"),
        (b"\xff\xfeM\0i\0", None),
        (b"\xff\xfeM\0i\0a", "is not UTF-16-LE text"),
        (b"a\0b", r"control character U\+0000"),
        (bytes(range(256)), "is not UTF-8 text"),
        (b"a" * (MAX_BYTES + 1), "too large for a story"),
    ],
)
def test_what_is_no_story(tmp_path: Path, data: bytes, words: str | None) -> None:
    path = tmp_path / "story.txt"
    path.write_bytes(data)
    if words is None:
        assert read_story_file(path) == "Mi"
        return
    with pytest.raises(StoryError, match=words) as caught:
        read_story_file(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(StoryError, match="is a folder, expected a file"):
        read_story_file(tmp_path)
    with pytest.raises(StoryError, match=r"there is no file .*none.txt; check the name"):
        read_story_file(tmp_path / "none.txt")


def test_the_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(STORY.encode())))
    assert read_story_file("-") == STORY
