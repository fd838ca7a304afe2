"""Captions in every place they can go, in any script, read back by other programs."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from studio.errors import ExportError
from studio.export import ExportOptions, Progress, export_film, film_size, parse_fields
from studio.export.film_plan import Film, Shot
from studio.media.captions import draw_caption, fit
from studio.media.fonts import FontStack

OPTIONS = ExportOptions(size=(160, 90), fps=12, captions="soft")
SHOTS = (
    Shot(1, None, "One & <one>.", 1500, dialogue="Mia: hello!"),
    Shot(2, None, " ", 700, notes="quiet"),
    Shot(3, None, "兔子 --> here", 1001, action="hops"),
)


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"no {name} on this machine: nothing else read the captions back")
    return found


def _run(*words: str | Path) -> str:
    return subprocess.run([str(word) for word in words], capture_output=True, check=True).stdout.decode("utf-8")


def test_soft_captions_are_a_track_of_the_film_and_not_in_its_pictures(tmp_path: Path) -> None:
    paths = export_film(Film(SHOTS, stem="s"), ["mp4"], tmp_path, OPTIONS)
    assert [path.name for path in paths] == ["s.mp4"]
    shown = "stream=codec_name,codec_type,duration,nb_frames:stream_disposition=default"
    streams = json.loads(_run(_tool("ffprobe"), "-v", "error", "-of", "json", "-show_entries", shown, paths[0]))[
        "streams"
    ]
    assert [stream["codec_name"] for stream in streams] == ["h264", "mov_text"]
    assert streams[1]["disposition"]["default"] == 1
    read = _run(_tool("ffmpeg"), "-v", "error", "-i", paths[0], "-map", "0:s", "-f", "srt", "-")
    blocks = ["1\n00:00:00,000 --> 00:00:01,500\nOne & <one>.\n", "2\n00:00:02,200 --> 00:00:03,201\n兔子 --> here\n"]
    assert read.split("\n\n")[0] + "\n" == blocks[0]
    assert "00:00:02,200 --> 00:00:03,201" in read and "兔子" in read
    bare = export_film(
        Film(SHOTS, stem="bare"), ["mp4"], tmp_path, ExportOptions(size=(160, 90), fps=12, captions="none")
    )
    pictures = [_run_frames(path) for path in (paths[0], bare[0])]
    assert (pictures[0] == pictures[1]).all()


def _run_frames(path: Path) -> np.ndarray:
    words = [_tool("ffmpeg"), "-v", "error", "-i", str(path), "-map", "0:v", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    return np.frombuffer(subprocess.run(words, capture_output=True, check=True).stdout, np.uint8)


def test_vtt_is_what_ffmpeg_reads_as_the_same_captions(tmp_path: Path) -> None:
    options = ExportOptions(size=(160, 90), captions="vtt")
    paths = export_film(Film(SHOTS, stem="v"), ["gif"], tmp_path, options)
    assert [path.name for path in paths] == ["v.gif", "v.vtt"]
    text = paths[1].read_text("utf-8")
    assert text == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nOne &amp; &lt;one&gt;.\n"
        "\n00:00:02.200 --> 00:00:03.201\n兔子 --&gt; here\n"
    )
    read = _run(
        _tool("ffprobe"), "-v", "error", "-show_entries", "packet=pts_time,duration_time", "-of", "csv=p=0", paths[1]
    )
    assert read.split() == ["0.000000,1.500000", "2.200000,1.001000"]


@pytest.mark.parametrize(("kind", "said"), [("dialogue", "Mia: hello!"), ("action", "hops"), ("notes", "quiet")])
def test_other_words_of_a_panel_can_be_its_caption(kind, said, tmp_path: Path) -> None:
    options = ExportOptions(captions="srt", caption_of=kind)
    text = export_film(Film(SHOTS), ["srt"], tmp_path, options)[0].read_text("utf-8")
    assert text.count("-->") == 1 and text.endswith(f"\n{said}\n")


def test_an_arrow_in_a_caption_cannot_break_the_srt(tmp_path: Path) -> None:
    text = export_film(Film(SHOTS), ["srt"], tmp_path)[0].read_text("utf-8")
    assert text.endswith("2\n00:00:02,200 --> 00:00:03,201\n兔子 → here\n")


def test_what_no_font_draws_is_left_out_of_pictures_with_a_note(tmp_path: Path, monkeypatch) -> None:
    shipped = FontStack(FontStack.default().shipped, lambda _char: ())
    monkeypatch.setattr(FontStack, "default", classmethod(lambda _cls: shipped))
    progress = Progress()
    paths = export_film(Film(SHOTS[2:], stem="r"), ["mp4"], tmp_path, OPTIONS, progress)
    assert [path.name for path in paths] == ["r.mp4"]
    assert any("Chinese or Japanese: such captions are left out of the pictures" in note for note in progress.notes)


# Glyphs --------------------------------------------------------------------------------------------------------------


def _drawn(text: str, stack: FontStack) -> Image.Image:
    canvas = Image.new("RGB", (200, 100))
    draw_caption(canvas, fit(text, (200, 100), 48, 48, stack), (0, 0, 200, 100), (255, 255, 255), stack)
    return canvas


def _ink(picture: Image.Image) -> np.ndarray:
    """The drawn part alone, wherever it lies."""
    box = picture.getbbox()
    assert box is not None, "nothing was drawn"
    return np.asarray(picture.crop(box))


def test_a_rabbit_is_drawn_by_the_glyphs_of_a_font_that_has_it_and_never_as_boxes() -> None:
    stack = FontStack.default()
    if stack.missing("兔子"):
        pytest.skip("no font with Chinese on this machine (apt-get install fonts-droid-fallback): nothing to compare")
    runs = stack.runs("兔子")
    assert [run.text for run in runs] == ["兔子"]
    assert runs[0].face is not None and runs[0].face != stack.shipped
    font, _ = runs[0].face.at(48)
    straight = Image.new("RGB", (200, 100))
    ImageDraw.Draw(straight).text((20, 70), "兔子", font=font, fill="white", anchor="ls")
    rabbit, child, both = (_ink(_drawn(text, stack)) for text in ("兔", "子", "兔子"))
    assert both.shape == _ink(straight).shape and np.abs(both.astype(int) - _ink(straight)).mean() < 8
    assert rabbit.shape != child.shape or (rabbit != child).any()
    for face in (stack.shipped, runs[0].face):
        boxes = Image.new("RGB", (200, 100))
        ImageDraw.Draw(boxes).text((20, 70), "\U0010fffd", font=face.at(48)[0], fill="white", anchor="ls")
        if boxes.getbbox() is not None:
            assert _ink(boxes).shape != rabbit.shape or (_ink(boxes) != rabbit).any()


def test_a_rabbit_is_in_the_frames_of_the_film(tmp_path: Path) -> None:
    if FontStack.default().missing("兔子"):
        pytest.skip("no font with Chinese on this machine: nothing to compare")
    picture = np.full((64, 112, 3), 200, np.uint8)
    bands = []
    for k, words in enumerate(("兔子", "子兔", "")):
        film = Film((Shot(1, picture, words, 500), Shot(2, picture, "x", 500)), stem=str(k))
        with Image.open(export_film(film, ["webp"], tmp_path, ExportOptions(size=(320, 180)))[0]) as image:
            bands.append(np.asarray(image.convert("L").crop((0, 150, 320, 180)), int))
    assert all(np.abs(a - b).max() > 100 for a, b in zip(bands, bands[1:] + bands[:1], strict=True))


# Sizes ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("aspect", "size", "expected"),
    [
        (None, None, (1280, 720)),
        ("16:9", None, (1280, 720)),
        ("1:1", None, (720, 720)),
        ("9:16", None, (720, 1280)),
        ("16:9", (854, 480), (854, 480)),
        (None, (333, 100), (333, 100)),
    ],
)
def test_a_size_comes_from_the_aspect(aspect, size, expected) -> None:
    assert film_size(aspect, size) == expected


@pytest.mark.parametrize(
    ("aspect", "size", "message"),
    [("9:16", (1280, 720), "1280x720 is not 9:16; leave one of the two out, or write 720x1280"),
     ("1:1", (1, 0), "1x0 is not 1:1"), ("4:3", None, 'aspect "4:3" is not one of 16:9')],
)  # fmt: skip
def test_an_aspect_and_a_size_that_disagree_are_refused(aspect, size, message) -> None:
    with pytest.raises(ExportError, match=message):
        film_size(aspect, size)


def test_moving_pictures_have_the_film_s_shape(tmp_path: Path) -> None:
    sizes = {(1280, 720): (640, 360), (720, 1280): (360, 640), (720, 720): (360, 360), (160, 90): (160, 90)}
    assert {size: ExportOptions(size=size).small_size for size in sizes} == sizes
    picture = np.full((64, 112, 3), 200, np.uint8)
    for size in ((180, 320), (180, 180)):
        options = ExportOptions(size=size, fps=4)
        film = Film(
            (Shot(1, picture, "Mia walks.", 500), Shot(2, picture, "She waves.", 500)), stem=f"{size[0]}x{size[1]}"
        )
        for path in export_film(film, ["mp4", "webp"], tmp_path, options):
            shown = "stream=width,height" if path.suffix == ".mp4" else None
            if shown is None:
                with Image.open(path) as image:
                    assert image.size == size
            else:
                assert _run(
                    _tool("ffprobe"), "-v", "error", "-of", "csv=p=0", "-show_entries", shown, path
                ).split() == [f"{size[0]},{size[1]}"]


def test_fields_are_read_and_checked() -> None:
    assert parse_fields(" Text, notes,text") == ("text", "notes")
    assert parse_fields("") == ()
    with pytest.raises(ExportError, match='fields "colour" is not one of text, dialogue, action, notes'):
        ExportOptions(fields=("colour",)).checked()  # type: ignore[arg-type]
