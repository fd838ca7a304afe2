"""Shot list, panels, captions and timeline, each read back by a program that had no part in writing it."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest

from studio.document.schema import Transition
from studio.export import ExportOptions, export_film
from studio.export.film_plan import Film, Shot

WORDS = 'Mia says: "Hello, 兔子; bye"'
SHOTS = (
    Shot(
        1, None, WORDS, 1500, name="1A", scene="INT. BARN <1>", dialogue='"Quoted", with\nanother line', notes="a;b\tc"
    ),
    Shot(2, None, " ", 700, counted="1B", transition=Transition(kind="fade", ms=250)),
    Shot(3, None, "1 <b>bold</b> & more", 61_001, name="007", made={"take_seed": 4294967295}),
)


def _run(name: str, *words: str | Path) -> bytes:
    """What a program prints; the test is skipped where it is not installed."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"no {name} on this machine: nothing else read the file back")
    return subprocess.run([found, *map(str, words)], capture_output=True, check=True).stdout


def test_pandas_reads_the_shot_list_as_it_was_told(tmp_path: Path) -> None:
    """By its own parser, as a program would that knows nothing of the table; it makes numbers of what looks so."""
    pandas = pytest.importorskip("pandas", reason="pandas is not installed: nothing else read the shot list")
    path = export_film(Film(SHOTS, stem="s"), ["csv"], tmp_path, ExportOptions(fps=25))[0]
    table = pandas.read_csv(path, engine="c", keep_default_na=False)
    assert list(table["number"]) == [1, 2, 3] and list(table["shot"]) == ["1A", "1B", "007"]
    assert list(table["scene"]) == ["INT. BARN <1>", "", ""]
    assert list(table["text"]) == [WORDS, "", "1 <b>bold</b> & more"]
    assert table["dialogue"][0] == '"Quoted", with\nanother line' and table["notes"][0].split() == ["a;b", "c"]
    assert list(table["seconds"]) == [1.5, 0.7, 61.001]
    assert list(table["start"]) == ["00:00:00:00", "00:00:01:13", "00:00:02:05"]
    assert list(table["end"][:2]) == list(table["start"][1:]) and table["end"][2] == "00:01:03:05"
    assert table["transition"][1] == "fade 250 ms" and str(table["seed"][2]) == "4294967295"


def test_ffmpeg_reads_the_panels_as_one_sequence_to_the_pixel(film_of: Callable[..., Film], tmp_path: Path) -> None:
    film = film_of(4)
    first = export_film(film, ["png"], tmp_path)[0]
    sequence = first.with_name("%03d.png")
    raw = _run("ffmpeg", "-v", "error", "-i", sequence, "-f", "rawvideo", "-pix_fmt", "rgb24", "-")
    pictures = np.stack([np.asarray(shot.picture) for shot in film.shots])
    assert (np.frombuffer(raw, np.uint8).reshape(pictures.shape) == pictures).all()


def test_ffmpeg_reads_the_captions_at_their_times(tmp_path: Path) -> None:
    path = export_film(Film(SHOTS, stem="s"), ["srt"], tmp_path)[0]
    shown = "packet=pts_time,duration_time"
    times = _run("ffprobe", "-v", "error", "-show_entries", shown, "-of", "csv=p=0", path).decode().split()
    assert times == ["0.000000,1.500000", "2.200000,61.001000"]
    read = _run("ffmpeg", "-v", "error", "-i", path, "-f", "webvtt", "-").decode("utf-8")
    assert WORDS in read.splitlines() and "00:02.200 --> 01:03.201" in read


def test_a_reader_of_json_finds_the_times_and_files_of_the_timeline(
    film_of: Callable[..., Film], tmp_path: Path
) -> None:
    pytest.importorskip("opentimelineio", reason="opentimelineio is not installed: there is no timeline to read")
    film, fps = film_of(3), 24
    options = ExportOptions(fps=fps, transition_ms=200)
    timeline = json.loads(export_film(film, ["otio", "png"], tmp_path, options)[0].read_text("utf-8"))
    (track,) = timeline["tracks"]["children"]
    assert track["kind"] == "Video"
    clips = [item for item in track["children"] if item["OTIO_SCHEMA"].startswith("Clip")]
    lengths = [_frames(clip["source_range"]["duration"], fps) for clip in clips]
    assert lengths == [end - start for start, end in itertools.pairwise(film.boundaries(fps))]
    for clip, shot in zip(clips, film.shots, strict=True):
        (media,) = clip["media_references"].values()
        assert tmp_path / unquote(media["target_url"]) == tmp_path / "snow-day-panels" / f"{shot.number:03d}.png"
        whole, used = media["available_range"], clip["source_range"]
        start = _frames(used["start_time"], fps)
        assert 0 <= start <= start + _frames(used["duration"], fps) <= _frames(whole["duration"], fps)


def test_scenes_and_logline_are_in_the_sheet_the_page_and_the_timeline(tmp_path: Path) -> None:
    film = Film(SHOTS, title="Barn", stem="s", logline="A calf & its <friend>.")
    pdf, page = export_film(film, ["pdf", "html"], tmp_path)
    words = _run("pdftotext", "-layout", pdf, "-").decode("utf-8")
    assert "A calf & its <friend>." in words and "1A INT. BARN <1>" in " ".join(words.split())
    said = page.read_text("utf-8")
    assert '<p dir="auto">A calf &amp; its &lt;friend&gt;.</p>' in said
    assert said.count("<h2") == 1 and '<h2 dir="auto">INT. BARN &lt;1&gt;</h2>' in said and "<span>1B</span>" in said
    pytest.importorskip("opentimelineio", reason="opentimelineio is not installed: there is no timeline to read")
    timeline = json.loads(export_film(film, ["otio"], tmp_path)[0].read_text("utf-8"))
    clips = [item for item in timeline["tracks"]["children"][0]["children"] if item["OTIO_SCHEMA"].startswith("Clip")]
    assert [clip["name"] for clip in clips] == ["1A", "1B", "007"]
    assert [[marker["name"] for marker in clip["markers"]] for clip in clips] == [["INT. BARN <1>", "a;b c"], [], []]


def _frames(time: dict, fps: int) -> int:
    """A time of OpenTimelineIO as frames."""
    assert time["rate"] == fps and time["value"] == int(time["value"])
    return int(time["value"])
