"""Stories in other formats: each fixture as it is read, what was left out, and files that are not what they say."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from studio.document import Transition, shot_names
from studio.errors import StoryError
from studio.stories.draft import Draft, board_of, transition_of
from studio.stories.importing import ENDINGS, draft_from, read_draft

FILES = Path(__file__).parents[2] / "fixtures" / "stories"


def told(draft: Draft) -> list[dict[str, Any]]:
    """What each panel says, without what it does not."""
    return [{name: value for name, value in vars(panel).items() if value} for panel in draft.panels]


def test_text_is_read_as_before() -> None:
    draft = draft_from("Mia walks. She waves.".encode("utf-16"), "a.txt")
    assert told(draft) == [{"text": "Mia walks."}, {"text": "She waves."}]
    assert (draft.digest, draft.title, draft.told) == ("", "", "Mia walks. She waves.")


def test_markdown() -> None:
    draft = read_draft(FILES / "snow-day.md")
    assert draft.title == "Not this one? Yes, this one" and draft.logline == "A day of snow."
    assert told(draft) == [
        {"text": "Mia walks in the snow.", "scene": "Snow day · The garden"},
        {"text": "She waves to Pip, the penguin."},
        {"text": "Pip dances."},
        {"text": "They build a castle..."},
        {"text": "Mia sleeps.", "scene": "Inside"},
    ]
    wanted = ("author: Ada", "line 17: code", 'picture "A castle"', "line 27: a table", "line 31: HTML", "Nothing here")
    assert len(draft.notes) == len(wanted)
    assert all(words in note for words, note in zip(wanted, draft.notes, strict=True))
    assert len(read_draft(FILES / "snow-day.md", "line").panels) == 4
    assert len(read_draft(FILES / "snow-day.md", "scene").panels) == 2
    assert draft_from(b"# A day\n\nMia walks.", "a.md").title == "A day"


def test_a_screenplay() -> None:
    draft = read_draft(FILES / "snow-day.fountain")
    assert (draft.title, draft.logline) == ("Snow Day", "Two friends in the snow.")
    first, second, third, fourth, last = told(draft)
    notes = "Act one\nMia meets Pip.\nWide shot"
    assert first == {"text": "Mia walks in the snow.", "scene": "EXT. GARDEN - DAY", "shot": "1A", "notes": notes}
    said = "MIA: (laughing) Hello, Pip! Come here!\nPIP (O.S.): Squawk."
    assert second == {"text": "She waves to Pip.", "dialogue": said, "transition": Transition(kind="cut")}
    assert third["text"] == "Mia's room, night." and third["transition"] == Transition(kind="dissolve")
    assert third["dialogue"] == "PIP: I am cold.\nMIA: So am I.\n♪ Snow, snow, go away"
    assert fourth == {"text": "The stars come out.", "scene": "THE ROOF", "notes": "Burn to White."}
    assert last == {"text": "The end"}
    assert "Nobody eats" not in draft.told
    wanted = ("FADE IN:", "Burn to White.", "INT. NOWHERE - DAY", "Last words", "credit, author")
    assert len(draft.notes) == len(wanted)
    assert all(words in note for words, note in zip(wanted, draft.notes, strict=True))
    board = board_of(draft)
    assert [scene.title for scene in board.scenes] == ["EXT. GARDEN - DAY", "INT. MIA'S ROOM - NIGHT", "THE ROOF"]
    assert list(shot_names(board).values()) == ["1A", "1B", "2A", "3A", "3B"] and board.logline == draft.logline
    scenes = read_draft(FILES / "snow-day.fountain", "scene").panels
    assert len(scenes) == 3 and scenes[0].dialogue == said and scenes[0].shot == "1A"


def test_a_screenplay_of_speech_alone() -> None:
    (panel,) = told(draft := draft_from(b"MIA\nHello.\n\nFADE OUT.\n\nFADE IN:\n", "a.fountain"))
    assert panel == {"dialogue": "MIA: Hello.", "transition": Transition(kind="fade")}
    assert "panel 1: people speak, but nothing says what is seen" in draft.notes[0]


def test_a_table_of_shots() -> None:
    draft = read_draft(FILES / "shots.csv")
    assert told(draft) == [
        {
            "text": "Mia walks in the snow, slowly.", "shot": "1A", "dialogue": "Hello!", "notes": "cold\nand bright",
            "duration_ms": 2500, "transition": Transition(kind="dissolve", ms=800),
        },
        {"text": "She waves.", "shot": "1B", "action": "She waves.", "duration_ms": 3000},
        {"text": "Pip dances.", "shot": "2", "dialogue": '"Squawk"', "duration_ms": 2500},
        {"text": "It is night.", "shot": "3", "transition": Transition(kind="cut")},
    ]  # fmt: skip
    assert ["Camera" in draft.notes[0], 'line 6: there is no transition like "WIPE"' in draft.notes[1]] == [True, True]
    assert len(draft.notes) == 2


@pytest.mark.parametrize(
    ("written", "milliseconds"),
    [
        ("2.5", 2500), ("2,5", 2500), ("2.5 s", 2500), ("2500ms", 2500), ("0:02.5", 2500), ("1:00:00", 3_600_000),
        ("61:00", 3_660_000), ("0", 0), ("", None),
    ],
)  # fmt: skip
def test_durations_of_a_table(written: str, milliseconds: int | None) -> None:
    draft = draft_from(f"text;duration\nMia walks.;{written}\n".encode(), "a.csv")
    assert draft.panels[0].duration_ms == milliseconds and draft.notes == ()
    named = draft_from(b"\xef\xbb\xbfText\tDuration (ms)\nMia walks.\t700\n", "a.tsv")
    assert named.panels[0].duration_ms == 700


def test_a_duration_that_was_meant_otherwise_is_noted() -> None:
    draft = draft_from(b"text,duration\nMia walks.,2500\n", "a.csv")
    assert draft.panels[0].duration_ms == 2_500_000 and "write 2500 ms" in draft.notes[0]


@pytest.fixture
def boards(tmp_path: Path) -> Path:
    """A Storyboarder project with pictures of its first board, a broken one of its second, and a secret beside it."""
    images = tmp_path / "project" / "images"
    images.mkdir(parents=True)
    for name in ("board-1-AAAAA.png", "board-1-AAAAA-posterframe.jpg", "../../secret.png"):
        Image.new("RGB", (16, 9), "red").save(images / name)
    (images / "board-2-BBBBB.png").write_text("no picture")
    path = images.parent / "snow-day.storyboarder"
    path.write_bytes((FILES / "snow-day.storyboarder").read_bytes())
    return path


def test_a_board_of_storyboarder(boards: Path) -> None:
    draft = read_draft(boards)
    images = boards.parent / "images"
    assert draft.title == "snow day"
    assert told(draft) == [
        {
            "text": "Mia walks in the snow.", "shot": "1A", "dialogue": "MIA: Hello!",
            "action": "Mia walks in the snow.", "notes": "Wide.\nCold.",
            "duration_ms": 2500, "picture": images / "board-1-AAAAA-posterframe.jpg",
        },
        {
            "text": "Pip dances.", "shot": "1B", "notes": "Pip dances.", "duration_ms": 2001,
            "picture": images / "board-2-BBBBB.png",
        },
        {"shot": "2A", "duration_ms": 1000},
    ]  # fmt: skip
    notes = "\n".join(draft.notes)
    for words in (
        "pictures of 1 board are not in",
        "1 board without action",
        "layers of 1",
        "sounds of 1",
        "Photoshop",
    ):
        assert words in notes
    uploaded = draft_from(boards.read_bytes(), "snow-day.storyboarder")
    assert all(panel.picture is None for panel in uploaded.panels) and "pictures of 3 boards lie" in uploaded.notes[0]


@pytest.mark.parametrize("url", ["../../secret.png", "/etc/passwd.png", "a\\b.png", "..", 7, None, "link.png"])
def test_pictures_are_looked_for_beside_the_file_alone(boards: Path, url: object) -> None:
    (boards.parent / "images" / "link.png").symlink_to(boards.parent.parent / "secret.png")
    boards.write_text(json.dumps({"boards": [{"action": "Mia walks.", "url": url}]}))
    assert read_draft(boards).panels[0].picture is None


WRONG = [
    ("a.md", b"```\ncode\n```", "holds nothing to draw; expected paragraphs"),
    ("a.fountain", b"Title: X\n\nINT. ROOM - DAY\n", "holds nothing to draw; expected a screenplay"),
    ("a.csv", b"a,b\n1,2\n", 'begins with "a, b"; expected a first row with names such as text'),
    ("a.csv", b"text,duration\nMia.,soon\n", 'line 2: a duration of "soon" cannot be read; write seconds'),
    ("a.csv", b"text,duration\nMia.,99:00:00\n", "cannot be read"),
    ("a.csv", b"text,shot\nMia walks, slowly,2\n", "line 2 has 3 cells, expected 2 .* put quotes"),
    ("a.csv", b"text,Text\nMia,Max\n", "two columns of text"),
    ("a.csv", b'text\n"Mia\n', "expected a table with quotes in pairs"),
    ("a.csv", b"text,shot\n,1\n", "holds nothing to draw"),
    ("a.csv", b"text\n" + b"x" * 200_000, "field larger than field limit"),
    ("a.csv", b"PK\x03\x04", "is a zip"),
    ("a.csv", b"text\nMi\xffa\n", "is not UTF-8 text"),
    ("a.storyboarder", b"{", "damaged at line 1 column 2 .* expected a Storyboarder file"),
    ("a.storyboarder", b"[]", "holds a list"),
    ("a.storyboarder", b"\xff", "no UTF-8 text"),
    ("a.storyboarder", b"[" * 100_000, "cannot be read"),
    ("a.storyboarder", b'{"boards": {}}', 'no list of boards under "boards"'),
    ("a.storyboarder", b'{"boards": [5]}', "no list of boards"),
    ("a.storyboarder", b'{"boards": []}', "holds nothing to draw"),
    ("a.storyboarder", b'{"boards": [{"action": 5}]}', "action of board 1 is a int; expected text"),
    ("a.storyboarder", b'{"boards": [{"action": "x", "duration": "soon"}]}', "board 1 lasts 'soon'"),
    ("a.storyboarder", b'{"boards": [{"action": "x", "duration": 1e999}]}', "board 1 lasts inf"),
]


@pytest.mark.parametrize(("name", "data", "words"), WRONG)
def test_malformed_files_say_what_is_wrong(name: str, data: bytes, words: str) -> None:
    with pytest.raises(StoryError, match=words) as caught:
        draft_from(data, name)
    assert str(caught.value).startswith(name) and "\n" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(StoryError, match="is a folder"):
        read_draft(tmp_path / "folder.csv")
    with pytest.raises(StoryError, match="there is no file"):
        read_draft(tmp_path / "none.md")
    with pytest.raises(StoryError, match="mode 'word' is unknown"):
        draft_from(b"x", "a.md", "word")
    monkeypatch.setattr("studio.stories.importing.MAX_BYTES", 3)
    with pytest.raises(StoryError, match="larger than 3 bytes"):
        draft_from(b"Mia walks.", "a.md")


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_file_brings_a_reader_down(ending: str) -> None:
    """Cut and shuffled files are read or refused, whatever is in them."""
    chance = random.Random(ending)
    whole = b"".join(path.read_bytes() for path in sorted(FILES.iterdir()) if path.is_file())
    hostile = (b"[[" * 20, b"/*" * 3000, b"*_" * 20, b"> " * 200, b"\xee\x80\x800\xee\x80\x81 Mia walks.")
    for data in (*hostile, *(_shuffled(whole, chance) for _ in range(25))):
        try:
            assert draft_from(data, f"a.{ending}").panels
        except StoryError:
            continue


def _shuffled(whole: bytes, chance: random.Random) -> bytes:
    cuts = [sorted(chance.choices(range(len(whole)), k=2)) for _ in range(chance.randrange(1, 6))]
    return b"".join(whole[start:end] for start, end in cuts)[:2000]


@pytest.mark.parametrize(
    ("words", "kind"),
    [("SMASH CUT TO:", "cut"), ("Cross-fade", "dissolve"), ("dissolve", "dissolve"), ("FADE TO BLACK.", "fade")],
)
def test_transitions_by_their_names(words: str, kind: str) -> None:
    assert transition_of(words) == Transition.model_validate({"kind": kind})
    assert transition_of("WIPE TO:") is None and transition_of("dissolve 99999") == Transition(
        kind="dissolve", ms=99999
    )


def test_a_draft_becomes_a_board() -> None:
    draft = read_draft(FILES / "shots.csv")
    board = board_of(draft, "Shots", seed=3, cast={"Mia": "mia"})
    assert (board.title, board.seed, board.cast, board.imported) == ("Shots", 3, {"Mia": "mia"}, draft.digest)
    assert board.sentences == tuple(panel.text for panel in draft.panels) and len({p.seed for p in board.panels}) == 4
    assert board.panels[0].notes == "cold\nand bright" and board.panels[0].duration_ms == 2500
    assert [note.message for note in board.notes] == list(draft.notes)
    other = draft_from((FILES / "shots.csv").read_bytes().replace(b"Hello!", b"Hi!"), "shots.csv")
    assert other.told == draft.told and other.digest != draft.digest == read_draft(FILES / "shots.csv").digest
