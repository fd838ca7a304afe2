"""GIF, WebP, PNG, PDF and SRT, each read back by another reader where there is one."""

from __future__ import annotations

import io
import itertools
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from PIL import Image

from studio.export import ExportOptions, Paper, Progress, export_film
from studio.export.cues import clock
from studio.export.deck import Deck
from studio.export.film_plan import Film, Shot
from studio.export.gif import with_xmp
from studio.export.screening import moments, moving_frames
from studio.media.fonts import Face, FontStack

OPTIONS = ExportOptions(size=(320, 180), moving_size=(320, 180))
TAMIL = "மியா நடக்கிறாள்."


def _durations(path) -> list[int]:
    with Image.open(path) as image:
        return [image.seek(k) or image.info["duration"] for k in range(image.n_frames)]


def test_gif_durations_add_up_without_drift(film_of, tmp_path) -> None:
    film = film_of(7)
    durations = _durations(export_film(film, ["gif"], tmp_path, OPTIONS)[0])
    assert durations == [10 * (b - a) for a, b in zip(film.boundaries(100), film.boundaries(100)[1:], strict=False)]
    assert abs(sum(durations) - film.duration_ms) <= 5


def test_a_gif_s_frames_and_their_lengths_are_those_that_ffprobe_reads(film_of, tmp_path) -> None:
    probe = shutil.which("ffprobe")
    if probe is None:
        pytest.skip("no ffprobe on this machine: the GIF's frames were not counted by another program")
    film = film_of(7)
    path = export_film(film, ["gif"], tmp_path, OPTIONS)[0]
    shown = "stream=codec_name,width,height,nb_read_frames:packet=pts_time,duration_time"
    words = [probe, "-v", "error", "-of", "json", "-count_frames", "-show_entries", shown, str(path)]
    read = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)
    assert read["streams"] == [{"codec_name": "gif", "width": 320, "height": 180, "nb_read_frames": "7"}]
    edges = film.boundaries(100)
    times = [
        tuple(round(100 * float(each[name])) for name in ("pts_time", "duration_time")) for each in read["packets"]
    ]
    assert times == [(start, end - start) for start, end in itertools.pairwise(edges)]


def test_gif_loops_and_keeps_its_colours(film_of, tmp_path) -> None:
    film = film_of(3)
    path = export_film(film, ["gif"], tmp_path, OPTIONS)[0]
    deck = Deck(film, OPTIONS, Progress(), FontStack.default())
    with Image.open(path) as image:
        assert image.info["loop"] == 0
        assert json.loads(image.info["comment"])["title"] == film.title
        for k, frame in enumerate(moving_frames(deck, (320, 180), moments(film, 100))):
            image.seek(k)
            assert np.abs(np.asarray(image.convert("RGB"), float) - np.asarray(frame, float)).mean() < 6


def test_gif_xmp_is_an_application_extension() -> None:
    plain = io.BytesIO()
    Image.new("P", (4, 4)).save(plain, "GIF")
    with Image.open(io.BytesIO(with_xmp(plain.getvalue(), b"<x:xmpmeta/>"))) as image:
        assert image.n_frames == 1


def test_webp_durations_are_the_film_s(film_of, tmp_path) -> None:
    film = film_of(4)
    path = export_film(film, ["webp"], tmp_path, OPTIONS)[0]
    with Image.open(path) as image:
        seen = []
        for k in range(image.n_frames):
            image.seek(k)
            image.load()
            seen.append(image.info["duration"])
    assert seen == [shot.duration_ms for shot in film.shots]


def test_png_panels_are_the_pictures_pixel_for_pixel(film_of, tmp_path) -> None:
    film = film_of(2)
    for path, shot in zip(export_film(film, ["png"], tmp_path, OPTIONS), film.shots, strict=True):
        assert path.name == f"{shot.number:03d}.png"
        with Image.open(path) as image:
            assert (np.asarray(image) == shot.picture).all()
            assert "DigitalSourceType" in image.info["XML:com.adobe.xmp"]
            assert image.info["Title"] == shot.text


def test_srt_times_are_the_film_s(tmp_path) -> None:
    shots = (Shot(1, None, "One.\nStill one.", 1500), Shot(2, None, "  ", 700), Shot(3, None, "Three.", 61_001))
    text = export_film(Film(shots, stem="s"), ["srt"], tmp_path)[0].read_text("utf-8")
    assert text == ("1\n00:00:00,000 --> 00:00:01,500\nOne. Still one.\n\n2\n00:00:02,200 --> 00:01:03,201\nThree.\n")
    assert clock(3_600_000 * 101 + 1, ",") == "101:00:00,001"


PAGES = [(1, (3, 2), 1), (6, (3, 2), 1), (7, (3, 2), 2), (40, (2, 2), 10)]


@pytest.mark.parametrize(("count", "layout", "pages"), PAGES)
def test_pdf_has_as_many_pages_as_it_needs(count, layout, pages, film_of, tmp_path) -> None:
    path = export_film(film_of(count), ["pdf"], tmp_path, ExportOptions(layout=layout))[0]
    data = path.read_bytes()
    assert len(re.findall(rb"/Type /Page\b", data)) == pages
    assert b"/FontFile2" in data and b"/Subtype /XML" in data


PAPERS = {"a4": (841.89, 595.28), "a4-upright": (595.28, 841.89), "letter": (792, 612), "letter-upright": (612, 792)}


@pytest.mark.parametrize("paper", PAPERS)
def test_pdf_is_for_the_paper_that_is_asked_for(paper, film_of, tmp_path) -> None:
    assert get_args(Paper) == tuple(PAPERS)
    path = export_film(film_of(3), ["pdf"], tmp_path, ExportOptions(layout=(1, 2), paper=paper))[0]
    box = re.search(rb"/MediaBox \[ 0 0 (\S+) (\S+) \]", path.read_bytes())
    assert box is not None
    assert tuple(map(float, box.groups())) == pytest.approx(PAPERS[paper], abs=0.01)
    assert "2/2" in _pdf_words(path)


@pytest.mark.parametrize(("paper", "pages"), [("letter", 2), ("a4-upright", 1)])
def test_pdf_has_the_usual_rows_of_its_paper(paper, pages, film_of, tmp_path) -> None:
    path = export_film(film_of(8), ["pdf"], tmp_path, ExportOptions(paper=paper))[0]
    assert len(re.findall(rb"/Type /Page\b", path.read_bytes())) == pages


def test_pdf_text_can_be_read(long_caption, tmp_path) -> None:
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("no pdftotext on this machine: the PDF's text was not read back")
    film = Film((Shot(1, None, long_caption, 2300), Shot(2, None, "Naïve café, 12 €", 1500)), title="Snow day")
    path = export_film(film, ["pdf"], tmp_path)[0]
    text = subprocess.run([reader, str(path), "-"], capture_output=True, check=True).stdout.decode("utf-8")
    words = " ".join(text.split())
    for expected in (long_caption, "Naïve café, 12 €", "2.3 s", "2 panels, 3.8 s", "1/1", "Seqgan Studio"):
        assert expected in words


def _pdf_words(path: Path) -> str:
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("no pdftotext on this machine: the PDF's text was not read back")
    text = subprocess.run([reader, str(path), "-"], capture_output=True, check=True).stdout.decode("utf-8")
    return " ".join(text.split())


TOLD = (
    Shot(1, None, "Mia walks.", 1500, name="1A", dialogue="Hello there!", action="She waves.", notes="Wide shot."),
    Shot(2, None, "The end.", 1500, dialogue="Goodbye!"),
)


@pytest.mark.parametrize("layout", [(3, 2), (1, 1), (2, 4)])
def test_pdf_prints_what_is_told_of_a_panel(layout, tmp_path) -> None:
    words = _pdf_words(export_film(Film(TOLD), ["pdf"], tmp_path, ExportOptions(layout=layout))[0])
    for expected in (
        "1A",
        "Mia walks.",
        "Dialogue: Hello there!",
        "Action: She waves.",
        "Notes: Wide shot.",
        "Goodbye!",
    ):
        assert expected in words


def test_pdf_prints_only_the_fields_that_are_asked_for(tmp_path) -> None:
    words = _pdf_words(export_film(Film(TOLD), ["pdf"], tmp_path, ExportOptions(fields=("notes",)))[0])
    assert "Notes: Wide shot." in words
    # The card that stands in for a picture is no text of the page.
    assert not {"Mia walks.", "Hello there!", "She waves."} & {
        words[k : k + n] for k in range(len(words)) for n in (10, 12)
    }


def test_pdf_of_a_selection_has_those_panels_alone(tmp_path) -> None:
    words = _pdf_words(export_film(Film(TOLD[1:]), ["pdf"], tmp_path)[0])
    assert "Dialogue: Goodbye!" in words and "Mia" not in words and "1 panel, 1.5 s" in words


def test_scripts_that_no_font_has_go_to_the_srt(tmp_path, monkeypatch) -> None:
    shipped = FontStack(FontStack.default().shipped, lambda _char: ())
    monkeypatch.setattr(FontStack, "default", classmethod(lambda _cls: shipped))
    progress = Progress()
    film = Film((Shot(1, None, TAMIL, 900), Shot(2, None, TAMIL + " Mia.", 900)), stem="tamil")
    paths = export_film(film, ["mp4", "gif", "pdf"], tmp_path, OPTIONS, progress)
    assert [path.name for path in paths] == ["tamil.mp4", "tamil.gif", "tamil.pdf", "tamil.srt"]
    assert TAMIL in paths[-1].read_text("utf-8")
    warnings = [note for note in progress.notes if "no font" in note]
    assert len(warnings) == 1
    assert "Tamil" in warnings[0] and "tamil.srt" in warnings[0]


def test_a_font_of_the_system_stands_in(tmp_path, monkeypatch) -> None:
    # DejaVu Sans Bold plays the system's font for characters that a narrower shipped font would lack.
    from seqgan.resources import asset

    bold = Face(asset("fonts", "DejaVuSans-Bold.ttf"))
    stack = FontStack(Face(tmp_path / "none.ttf"), lambda _char: (bold,))
    monkeypatch.setattr(FontStack, "default", classmethod(lambda _cls: stack))
    assert [run.face for run in stack.runs("Mia walks.")] == [bold]
    assert stack.missing("Mia walks.") == ""
