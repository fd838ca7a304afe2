"""What every writer promises, whatever the format: one suite over all of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio.errors import CancelledError, ExportError
from studio.export import FORMATS, ExportOptions, Progress, export_film, parse_formats
from studio.export.film_plan import Film, Shot
from studio.export.info import read_info

SMALL = ExportOptions(size=(320, 180), fps=12, moving_size=(320, 180))
PICTURES = ["mp4", "gif", "webp", "png", "pdf"]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("count", [1, 40])
def test_any_number_of_panels_is_written(kind, count, film_of, tmp_path) -> None:
    paths = export_film(film_of(count), [kind], tmp_path, SMALL)
    assert paths
    assert all(path.stat().st_size > 0 for path in paths)
    assert len(paths) == {"png": count, "otio": count + 1}.get(kind, 1)
    assert {path.relative_to(tmp_path).parts[0].split(".")[0] for path in paths} <= {"snow-day", "snow-day-panels"}


@pytest.mark.parametrize("kind", PICTURES)
def test_a_file_says_what_made_it(kind, film_of, tmp_path) -> None:
    path = export_film(film_of(2), [kind], tmp_path, SMALL)[0]
    info = read_info(path)
    assert info["made"]["title"] == "Snow & <day>"
    assert info["made"]["program"].startswith("Seqgan Studio")
    assert info["digital_source_type"].endswith("/trainedAlgorithmicMedia")
    panels = [info["made"]] if kind == "png" else info["made"]["panels"]
    assert panels[0]["text"] == "Panel 1 is here."
    assert panels[0]["take_seed"] == 7


@pytest.mark.parametrize("kind", PICTURES)
def test_composed_panels_say_so(kind, shot, tmp_path) -> None:
    composed = Shot(1, shot(0).picture, "x", 500, {"composed": True})
    path = export_film(Film((composed,)), [kind], tmp_path, SMALL)[0]
    assert read_info(path)["digital_source_type"].endswith("/composite")


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_film_gives_the_same_bytes(kind, film_of, tmp_path) -> None:
    first = export_film(film_of(2), [kind], tmp_path / "a", SMALL)[0].read_bytes()
    assert export_film(film_of(2), [kind], tmp_path / "b", SMALL)[0].read_bytes() == first


@pytest.mark.parametrize("kind", FORMATS)
def test_only_files_of_those_names_are_replaced(kind, film_of, tmp_path) -> None:
    (tmp_path / "mine.mp4").write_text("mine")
    old = export_film(film_of(2), [kind], tmp_path, SMALL)[0]
    old.write_text("old")
    export_film(film_of(2), [kind], tmp_path, SMALL)
    assert old.read_bytes() != b"old"
    assert (tmp_path / "mine.mp4").read_text() == "mine"
    assert not list(tmp_path.rglob(".*"))


@pytest.mark.parametrize("kind", [*PICTURES, "html", "zip", "otio"])
def test_a_panel_that_is_not_drawn_gives_a_card_and_a_note(kind, shot, tmp_path) -> None:
    progress = Progress()
    film = Film((shot(0), shot(1, drawn=False)), stem="f")
    assert export_film(film, [kind], tmp_path, SMALL, progress)
    assert progress.notes == ["panel 2 is not drawn yet: a card with its text stands in"]


@pytest.mark.parametrize("kind", PICTURES)
def test_a_lost_picture_is_named(kind, tmp_path) -> None:
    lost = Shot(3, tmp_path / "gone.png", "x", 500, {"drawn": True})
    damaged = tmp_path / "damaged.png"
    damaged.write_bytes(b"\x89PNG\r\n\x1a\nrubbish")
    progress = Progress()
    export_film(Film((lost, Shot(4, damaged, "y", 500))), [kind], tmp_path, SMALL, progress)
    assert [note.split(":")[0] for note in progress.notes] == [f"panel {n} has lost its picture file" for n in (3, 4)]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_folder_in_the_way_is_an_error_of_one_line(kind, film_of, tmp_path) -> None:
    target = tmp_path / ("snow-day-panels/001.png" if kind == "png" else f"snow-day.{kind}")
    target.mkdir(parents=True)
    with pytest.raises(ExportError, match="is a folder"):
        export_film(film_of(1), [kind], tmp_path, SMALL)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_where_the_folder_should_be_is_an_error(kind, film_of, tmp_path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(ExportError, match="a file is in the way"):
        export_film(film_of(1), [kind], tmp_path / "out", SMALL)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs /proc, a folder in which nobody can write")
def test_an_unwritable_folder_is_an_error(kind, film_of) -> None:
    with pytest.raises(ExportError, match=r"(?s)^(?!.*\n)"):
        export_film(film_of(1), [kind], "/proc/self", SMALL)


@pytest.mark.parametrize("kind", PICTURES)
@pytest.mark.skipif(os.name == "nt", reason="limits on file sizes are a matter of POSIX")
def test_a_full_disk_is_an_error_and_keeps_the_old_file(kind, film_of, tmp_path) -> None:
    import resource
    import signal

    old = export_film(film_of(1), [kind], tmp_path, SMALL)[0]
    before = old.read_bytes()
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (512, limits[1]))
    try:
        with pytest.raises(ExportError, match="the disk is full"):
            export_film(film_of(1), [kind], tmp_path, SMALL)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert old.read_bytes() == before
    assert not list(tmp_path.rglob(".*"))


@pytest.mark.parametrize("kind", [*PICTURES, "html", "zip", "otio"])
def test_stopping_leaves_nothing_half_written(kind, film_of, tmp_path) -> None:
    with pytest.raises(CancelledError):
        export_film(film_of(3), [kind], tmp_path, SMALL, Progress(cancelled=lambda: True))
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".png"] == []


KILLED = """
import os, sys
from pathlib import Path
from studio.export.writing import beside
with beside(Path(sys.argv[1])) as temporary:
    temporary.write_text("half")
    os._exit(9)
"""


def test_the_rest_of_a_killed_program_goes_with_the_next_writing(film_of, tmp_path) -> None:
    def killed(name: str) -> Path:
        before = set(tmp_path.iterdir())
        assert subprocess.run([sys.executable, "-c", KILLED, tmp_path / name], check=False).returncode == 9
        (left,) = set(tmp_path.iterdir()) - before
        return left

    long_ago, of_another, just_now = killed("snow-day.csv"), killed("walk.csv"), killed("snow-day.csv")
    for left in (long_ago, of_another):
        os.utime(left, (0, 0))
    export_film(film_of(2), ["csv"], tmp_path, SMALL)
    assert not long_ago.exists()
    assert of_another.exists()
    assert just_now.exists(), "it may still be written"


@pytest.mark.parametrize("kind", PICTURES)
def test_long_captions_and_upright_films_are_written(kind, shot, long_caption, tmp_path) -> None:
    options = ExportOptions(size=(180, 320), fps=6, moving_size=(90, 160))
    assert export_film(Film((shot(0, long_caption), shot(1, "W" * 300))), [kind], tmp_path, options)


def test_formats_are_read_once_each_in_order() -> None:
    assert parse_formats(" PDF,mp4,, pdf") == ["pdf", "mp4"]


@pytest.mark.parametrize(("text", "came"), [("avi", '"avi"'), ("", "nothing")])
def test_unknown_formats_list_the_known(text, came) -> None:
    with pytest.raises(ExportError, match=f"{came} is no format .* mp4"):
        parse_formats(text)


def test_a_film_without_panels_is_refused(tmp_path) -> None:
    with pytest.raises(ExportError, match="without panels"):
        export_film(Film(()), ["gif"], tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"size": (10, 720)}, "10x720"),
        ({"moving_size": (9000, 720)}, "9000x720"),
        ({"fps": 0}, "fps 0"),
        ({"layout": (0, 2)}, "layout 0x2"),
        ({"captions": "top"}, 'captions "top"'),
        ({"paper": "a5"}, 'paper "a5" is not one of a4, a4-upright'),
        ({"transition_ms": -1}, "-1 ms"),
    ],
)
def test_options_outside_their_range_are_refused(change, message) -> None:
    with pytest.raises(ExportError, match=message):
        ExportOptions(**change).checked()
