"""Shot list, page, timeline and archive: read back by csv, a browser, OpenTimelineIO, json and a board's own reader."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
from PIL import Image

from studio.document import Document, ModelRef, Take, new_board, new_id, set_duration
from studio.document.archive import open_board, pack_board
from studio.document.edits import add_take, set_camera, set_text, set_transition, set_words
from studio.document.schema import Camera, Transition
from studio.errors import ExportError
from studio.export import ExportOptions, export, export_film
from studio.export.csv import timecode
from studio.export.film_plan import Film, Shot
from studio.export.info import read_info
from studio.rendering.pictures import encode_png

EVIL = '<script>alert(1)</script> "x" & <img src=http://example.org/p.png onerror=alert(2)>'
FADE, DISSOLVE = Transition(kind="fade", ms=500), Transition(kind="dissolve", ms=500)


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """A board of three panels of 2 s, each with two takes, with words, a camera and transitions."""
    path = tmp_path / "Snow day.board"
    with Document.create(path, new_board("Snow day", ["Mia walks.", "She waves.", "The end."], seed=5)) as doc:
        for k, panel in enumerate(doc.board.panels):
            for take in range(2):
                picture = np.full((64, 112, 3), 40 + 70 * k + take, np.uint8)
                media = doc.add_media(encode_png(picture, {"program": "x"}))
                made = Take(id=new_id(), media=media, size=(112, 64), seed=11 + k, model=ModelRef(name="theatre-64"))
                doc.apply(add_take(panel.id, made))
            doc.apply(set_duration(panel.id, 2000))
        first, second, _ = (panel.id for panel in doc.board.panels)
        doc.apply(set_words(first, shot="1A", dialogue='Mia: "Hi", all', action="walks", notes="Wide shot"))
        doc.apply(set_camera(first, Camera(end=(0.25, 0.25, 0.5))))
        doc.apply(set_transition(first, DISSOLVE))
        doc.apply(set_transition(second, FADE))
    return path


# CSV -----------------------------------------------------------------------------------------------------------------


def test_the_shot_list_is_a_table(board, tmp_path) -> None:
    path = export(board, ["csv"], tmp_path)[0]
    assert path.name == "Snow day.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["shot"] for row in rows] == ["1A", "2", "3"]
    assert (rows[0]["dialogue"], rows[0]["action"], rows[0]["notes"]) == ('Mia: "Hi", all', "walks", "Wide shot")
    assert [(row["start"], row["end"]) for row in rows][1] == ("00:00:02:00", "00:00:04:00")
    assert [row["transition"] for row in rows] == ["dissolve 500 ms", "fade 500 ms", "(cut)"]
    assert [(row["seconds"], row["seed"], row["model"]) for row in rows][2] == ("2.000", "13", "theatre-64")


def test_timecodes_count_frames() -> None:
    assert [timecode(frame, 24) for frame in (0, 23, 24, 24 * 3600 * 11 + 25)] == [
        "00:00:00:00", "00:00:00:23", "00:00:01:00", "11:00:01:01",
    ]  # fmt: skip


@pytest.mark.parametrize("start", list("=+-@"))
def test_no_cell_is_a_formula(start, tmp_path) -> None:
    path = export_film(Film((Shot(1, None, f"{start}1+1\nsecond, line", 900),)), ["csv"], tmp_path)[0]
    row = next(iter(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))))
    assert row["text"] == f"'{start}1+1 second, line"


# HTML ----------------------------------------------------------------------------------------------------------------


class _Page(HTMLParser):
    """Tags, addresses and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") for name, _ in attrs)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_holds_its_pictures_and_its_words(board, tmp_path) -> None:
    path = export(board, ["html"], tmp_path)[0]
    page = _Page(path.read_text("utf-8"))
    assert page.tags.count("figure") == page.tags.count("img") == 3
    assert "script" not in page.tags and "link" not in page.tags
    for k, address in enumerate(page.addresses):
        head, packed = address.split(",")
        assert head == "data:image/jpeg;base64"
        picture = tmp_path / f"{k}.jpg"
        picture.write_bytes(base64.b64decode(packed))
        with Image.open(picture) as image:
            assert image.size == (640, 366)
            assert np.abs(np.asarray(image, int) - (41 + 70 * k)).max() <= 3
        assert read_info(picture)["made"]["take_seed"] == 11 + k
    words = " ".join(page.text.split())
    for expected in (
        "1A 2.0 s Mia walks.",
        'Dialogue Mia: "Hi", all',
        "Notes Wide shot",
        "3 panels, 6.0 s",
        "generated",
    ):
        assert expected in words


def test_the_page_prints_the_fields_that_are_asked_for(board, tmp_path) -> None:
    text = _Page(export(board, ["html"], tmp_path, ExportOptions(fields=("notes",)))[0].read_text("utf-8")).text
    assert "Wide shot" in text and "Mia walks." not in text


@pytest.mark.browser
def test_nothing_in_the_page_runs_or_asks_the_network(tmp_path) -> None:
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("no Chromium on this machine: the page was not opened in a browser")
    from playwright.sync_api import sync_playwright

    picture = np.full((64, 112, 3), 90, np.uint8)
    shot = Shot(1, picture, EVIL, 900, name=EVIL, dialogue=EVIL, action="兔子", notes=EVIL)
    path = export_film(Film((shot, shot), title=EVIL, stem="evil"), ["html"], tmp_path)[0]
    asked: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page()
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("dialog", lambda dialog: asked.append(dialog.message))
        tab.goto(path.as_uri())
        tab.wait_for_function("[...document.images].every(image => image.complete)")
        assert tab.evaluate("[...document.images].map(image => image.naturalWidth)") == [640, 640]
        assert tab.title() == EVIL
        assert tab.locator("figcaption .notes").first.inner_text() == f"Notes {EVIL}"
        printed = tab.pdf()
        browser.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert len(re.findall(rb"/Type /Page\b", printed)) == 1


# OpenTimelineIO ------------------------------------------------------------------------------------------------------


def test_the_timeline_is_read_by_opentimelineio(board, tmp_path) -> None:
    otio = pytest.importorskip(
        "opentimelineio", reason="opentimelineio is not installed: the timeline was not read back"
    )
    paths = export(board, ["otio", "png"], tmp_path, ExportOptions(fps=24))
    assert [path.name for path in paths] == ["Snow day.otio", "001.png", "002.png", "003.png"]
    timeline = otio.adapters.read_from_file(str(paths[0]))
    (track,) = timeline.video_tracks()
    assert track.duration() == otio.opentime.RationalTime(144, 24)
    clips = list(timeline.find_clips())
    assert [clip.name for clip in clips] == ["1A", "2", "3"]
    assert [track.range_of_child(clip).start_time.value for clip in clips] == [0, 48, 96]
    for clip, path in zip(clips, paths[1:], strict=True):
        assert (tmp_path / unquote(clip.media_reference.target_url)) == path
        available, used = clip.media_reference.available_range, clip.source_range
        assert available.start_time <= used.start_time
        assert available.end_time_exclusive() >= used.end_time_exclusive()
    dissolve, fade = (item for item in track if isinstance(item, otio.schema.Transition))
    assert (dissolve.transition_type, fade.transition_type) == ("SMPTE_Dissolve", "Custom_Transition")
    assert (dissolve.in_offset.value, dissolve.out_offset.value) == (6, 6)
    before, after = track.trimmed_range_of_child(clips[0]), clips[1].media_reference.available_range
    assert before.duration.value == 48 and after.duration.value == 6 + 48 + 6
    assert [marker.name for marker in clips[0].markers] == ["Wide shot"]


def test_the_timeline_is_plain_json(board, tmp_path) -> None:
    pytest.importorskip("opentimelineio", reason="opentimelineio is not installed: there is no timeline to read")
    data = json.loads(export(board, ["otio"], tmp_path, ExportOptions(panels="1,3"))[0].read_text("utf-8"))
    assert data["OTIO_SCHEMA"].startswith("Timeline") and data["metadata"]["seqgan"]["seed"] == 5
    items = data["tracks"]["children"][0]["children"]
    assert [item["OTIO_SCHEMA"].split(".")[0] for item in items] == ["Clip", "Transition", "Clip"]
    made = items[0]["metadata"]["seqgan"]
    assert (made["text"], made["dialogue"], made["take_seed"]) == ("Mia walks.", 'Mia: "Hi", all', 11)
    assert made["camera"]["end"] == [0.25, 0.25, 0.5]


def test_without_opentimelineio_it_says_what_to_install(tmp_path) -> None:
    code = f"""
import sys; sys.modules["opentimelineio"] = None
from studio.cli.main import run
from studio.document import Document, new_board
Document.create({str(tmp_path / "a.board")!r}, new_board("A", ["Mia walks."])).close()
sys.exit(run(["render", {str(tmp_path / "a.board")!r}, "-o", {str(tmp_path / "out")!r}, "--to", "gif,otio"]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install opentimelineio" in done.stderr
    assert not (tmp_path / "out").exists()


# ZIP -----------------------------------------------------------------------------------------------------------------


def test_the_archive_holds_panels_list_captions_and_the_board(board, tmp_path) -> None:
    path = export(board, ["zip"], tmp_path)[0]
    with zipfile.ZipFile(path) as pack:
        assert pack.testzip() is None
        pack.extractall(tmp_path / "out")
    folder = tmp_path / "out" / "Snow day"
    assert {entry.name for entry in folder.iterdir()} == {
        "Snow day-panels", "Snow day.board", "Snow day.csv", "Snow day.srt",
    }  # fmt: skip
    assert sorted(entry.name for entry in (folder / "Snow day-panels").iterdir()) == ["001.png", "002.png", "003.png"]
    with open_board(folder / "Snow day.board") as doc, Document.open(board, read_only=True) as before:
        assert doc.board == before.board and not doc.read_only
        assert all(doc.picture(take) for panel in doc.board.panels for take in panel.takes)


def test_unzip_reads_the_archive_and_the_shared_board_to_the_byte(board, tmp_path) -> None:
    unzip = shutil.which("unzip")
    if unzip is None:
        pytest.skip("no unzip on this machine: the archives were not read by another program")
    for path in (export(board, ["zip"], tmp_path)[0], pack_board(board, tmp_path / "Snow day.boardz")):
        tested = subprocess.run([unzip, "-t", str(path)], capture_output=True, text=True, check=True)
        assert f"No errors detected in compressed data of {path}." in tested.stdout
        folder = tmp_path / f"of {path.suffix}"
        subprocess.run([unzip, "-q", str(path), "-d", str(folder)], capture_output=True, check=True)
        files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
        with zipfile.ZipFile(path) as pack:
            assert {name: file.read_bytes() for name, file in files.items()} == {
                name: pack.read(name) for name in pack.namelist()
            }
        (media,) = {file.parents[1] for file in files.values() if file.parents[1].name == "media"}
        assert sorted(file.read_bytes() for file in media.rglob("*.png")) == sorted(
            file.read_bytes() for file in (board / "media").rglob("*.png")
        )


def test_the_archive_of_a_selection_holds_no_more_than_the_selection(board, tmp_path) -> None:
    with zipfile.ZipFile(export(board, ["zip"], tmp_path, ExportOptions(panels="2"))[0]) as pack:
        assert [Path(name).name for name in pack.namelist()] == [
            "002.png",
            "Snow day-part-2.csv",
            "Snow day-part-2.srt",
        ]


def test_the_archive_keeps_the_board_of_its_moment_and_no_secrets(board, tmp_path) -> None:
    from studio.export.film_plan import plan_film

    with Document.open(board) as doc:
        film = plan_film(doc)
        doc.apply(set_text(doc.board.panels[0].id, "Something else."))
        lost = doc.picture(doc.board.panels[2])
        assert lost is not None
        (tmp_path / "secret.txt").write_text("secret")
        lost.unlink()
        lost.symlink_to(tmp_path / "secret.txt")
        path = export_film(film, ["zip"], tmp_path)[0]
    with zipfile.ZipFile(path) as pack:
        name = next(name for name in pack.namelist() if name.endswith("board.json"))
        assert json.loads(pack.read(name))["panels"][0]["text"] == "Mia walks."
        assert not any(b"secret" in pack.read(name) for name in pack.namelist())
        assert "journal.jsonl" not in "".join(pack.namelist())


def test_a_board_and_its_zip_give_the_same_bytes(board, tmp_path) -> None:
    again = pack_board(board, tmp_path / "b" / "Snow day.boardz")
    for kind in ("zip", "html", "csv"):
        first, second = (export(path, [kind], tmp_path / kind / path.suffix)[0] for path in (board, again))
        assert first.read_bytes() == second.read_bytes()


def test_unknown_formats_name_all_that_there_are(board, tmp_path) -> None:
    with pytest.raises(ExportError, match="vtt, csv, html, otio, zip"):
        export(board, ["doc"], tmp_path)
