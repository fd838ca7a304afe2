"""Films with sound: lengths exact to the sample, panels that last as long as their speech; measured by FFmpeg."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import wave
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest

from studio.errors import CancelledError, ExportError
from studio.export import ExportOptions, Progress, export_film
from studio.export.film_plan import Film, Shot
from studio.export.narration import LEAD_MS, PAUSE_MS, with_sound
from studio.media.sound import RATE

SIZE = (128, 72)
STUB = f"""#!{sys.executable}
import sys, wave
words = len(sys.stdin.buffer.read().decode().split())
with wave.open(sys.argv[sys.argv.index("-w") + 1], "wb") as file:
    file.setnchannels(1); file.setsampwidth(2); file.setframerate(16000)
    file.writeframes(b"\\x00\\x10" * (16000 * words // 2))
"""

posix = pytest.mark.skipif(os.name == "nt", reason="a script with a first line of its own is a program on POSIX alone")


def _film(*texts: str, ms: int = 700) -> Film:
    picture = np.full((36, 64, 3), 120, np.uint8)
    return Film(tuple(Shot(k, picture, text, ms) for k, text in enumerate(texts, start=1)), stem="told")


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """Half a second of a tone of 440 Hz."""
    tone = (20_000 * np.sin(np.arange(RATE // 2) * 2 * np.pi * 440 / RATE)).astype("<i2")
    with wave.open(str(tmp_path / "music.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(tone.tobytes())
    return tmp_path / "music.wav"


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program espeak-ng that says half a second a word."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "espeak-ng").write_text(STUB, encoding="utf-8")
    (folder / "espeak-ng").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder / "espeak-ng"


def _probe(path: Path) -> dict[str, dict]:
    tool = shutil.which("ffprobe")
    if tool is None:
        pytest.skip("no ffprobe on this machine: the film's lengths were not measured by another program")
    words = [tool, "-v", "error", "-of", "json", "-show_streams", str(path)]
    streams = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)["streams"]
    return {stream["codec_type"]: stream for stream in streams}


def _heard(path: Path) -> np.ndarray:
    words = ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:a", "-f", "s16le", "-"]
    return np.frombuffer(subprocess.run(words, capture_output=True, check=True).stdout, "<i2").reshape(-1, 2)


@pytest.mark.parametrize("fps", [24, 7, 30])
def test_pictures_and_sound_are_equally_long(fps, music, tmp_path) -> None:
    film = _film("a", "b", "c", ms=777)
    options = ExportOptions(size=SIZE, fps=fps, music=music, captions="none")
    path = export_film(film, ["mp4"], tmp_path, options)[0]
    frames = round(3 * 777 * fps / 1000)
    streams = _probe(path)
    assert (streams["audio"]["codec_name"], streams["audio"]["sample_rate"]) == ("aac", "48000")
    assert int(streams["video"]["nb_frames"]) == frames
    assert float(streams["video"]["duration"]) == pytest.approx(frames / fps, abs=1e-6)
    assert float(streams["audio"]["duration"]) == pytest.approx(frames / fps, abs=0.0011)  # whole milliseconds
    assert float(streams["audio"]["start_time"]) == float(streams["video"]["start_time"]) == 0
    assert 0 <= len(_heard(path)) - round(frames * RATE / fps) < 1024 * 2  # AAC is decoded in whole frames


def test_music_is_heard_repeated_and_fades(music, tmp_path) -> None:
    options = ExportOptions(size=SIZE, fps=10, music=music, music_volume=0.8)
    path = export_film(_film("a", ms=4000), ["mp4"], tmp_path, options)[0]
    _probe(path)
    heard = _heard(path)[:, 0].astype(float)
    loud = [np.abs(heard[at * RATE // 10 :][: RATE // 10]).max() for at in (2, 12, 28, 34, 39)]
    assert loud[0] == pytest.approx(16_000, rel=0.1) and loud[1] == pytest.approx(16_000, rel=0.1)
    assert loud[2] > loud[3] > loud[4] > 0 and loud[4] < 2000
    assert np.abs(np.fft.rfft(heard[:RATE])).argmax() == 440


@posix
def test_panels_last_as_long_as_they_are_spoken(stub, tmp_path) -> None:
    film = _film("one", "one two three", "", "one two")
    film, sound = with_sound(film, ExportOptions(size=SIZE, narrate=True), Progress())
    quiet = LEAD_MS + PAUSE_MS
    assert [shot.duration_ms for shot in film.shots] == [500 + quiet, 1500 + quiet, 700, 1000 + quiet]
    assert sound is not None
    assert sound.samples == film.boundaries(24)[-1] * 2000
    starts = [(moment + LEAD_MS) * RATE // 1000 for moment in film.boundaries_ms()]
    assert [at for at, _ in sound.speech] == [starts[0], starts[1], starts[3]]
    assert [len(piece) for _, piece in sound.speech] == [24_000, 72_000, 48_000]


@posix
def test_speech_music_and_captions_go_together(stub, music, tmp_path) -> None:
    film = _film("one two", "three")
    options = ExportOptions(size=SIZE, fps=12, narrate=True, music=music, captions="soft")
    paths = export_film(film, ["mp4", "srt", "gif"], tmp_path, options)
    streams = _probe(paths[0])
    assert float(streams["video"]["duration"]) == 2.5
    assert float(streams["audio"]["duration"]) == 2.5
    assert float(streams["subtitle"]["duration"]) == 2.5
    assert "00:00:01,500 --> 00:00:02,500\nthree" in paths[1].read_text("utf-8")
    heard = _heard(paths[0])[:, 0].astype(float)
    spoken = heard[RATE // 4 : RATE]  # the stub says 4096 all the time, the music swings evenly around it
    assert spoken.mean() == pytest.approx(4096, abs=40) and abs(heard[: RATE // 10].mean()) < 40
    assert np.ptp(spoken) == pytest.approx(2 * 20_000 * 0.5 * 0.25, rel=0.15)
    again = export_film(film, ["mp4"], tmp_path / "again", options)[0]
    assert again.read_bytes() == paths[0].read_bytes()


def _played(timeline, folder: Path, samples: int) -> np.ndarray:
    """All that is heard of a timeline, added up sample by sample, (samples, 2)."""
    heard = np.zeros((samples, 2))
    for track in timeline.audio_tracks():
        for clip in track.find_clips():
            assert clip.media_reference.available_range == clip.source_range
            with wave.open(str(folder / unquote(clip.media_reference.target_url))) as file:
                assert (file.getframerate(), file.getnchannels()) == (RATE, 2)
                said = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
            at = track.range_of_child(clip)
            assert (at.start_time.rate, at.duration.value) == (RATE, len(said))
            heard[int(at.start_time.value) :][: len(said)] += said
    return heard


@posix
def test_a_timeline_sounds_like_the_film(stub, music, tmp_path) -> None:
    otio = pytest.importorskip("opentimelineio", reason="opentimelineio is not installed: no timeline was read back")
    film = _film("one two", "", "three", ms=777)
    options = ExportOptions(size=SIZE, fps=7, narrate=True, music=music)
    paths = export_film(film, ["otio"], tmp_path, options)
    assert [path.relative_to(tmp_path).as_posix() for path in paths[4:]] == [
        f"told-sounds/{name}.wav" for name in ("001", "003", "music")
    ]
    timeline = otio.adapters.read_from_file(str(paths[0]))
    assert [track.name for track in timeline.audio_tracks()] == ["Narration", "Music"]
    narration, under = timeline.audio_tracks()
    assert [clip.name for clip in narration.find_clips()] == ["1", "3"]
    slowed, sound = with_sound(film, options, Progress())
    starts = [narration.range_of_child(clip).start_time.value for clip in narration.find_clips()]
    assert starts == [(slowed.boundaries_ms()[k] + LEAD_MS) * RATE // 1000 for k in (0, 2)]
    (pictures,) = timeline.video_tracks()
    assert abs(under.duration().to_seconds() - pictures.duration().to_seconds()) <= 0.5 / RATE
    assert sound is not None
    mix = sound.block(0, sound.samples).T * 32768
    assert np.abs(_played(timeline, tmp_path, sound.samples) - mix).max() <= 0.51  # the music is rounded to a level
    again = export_film(film, ["otio"], tmp_path / "again", options)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in paths]


@pytest.mark.parametrize(("heard", "tracks"), [({}, []), ({"music": True}, ["Music"])])
def test_a_timeline_has_the_tracks_that_are_asked_for(heard, tracks, music, tmp_path) -> None:
    otio = pytest.importorskip("opentimelineio", reason="opentimelineio is not installed: no timeline was read back")
    options = ExportOptions(fps=12, music=music if heard else None)
    paths = export_film(_film("a", ms=2000), ["otio"], tmp_path, options)
    timeline = otio.adapters.read_from_file(str(paths[0]))
    assert [track.name for track in timeline.audio_tracks()] == tracks
    assert [path.name for path in paths[2:]] == ["music.wav"] * len(tracks)
    assert [track.duration().value for track in timeline.audio_tracks()] == [2 * RATE] * len(tracks)


@posix
def test_what_is_spoken_is_what_the_captions_say(stub) -> None:
    film = Film((Shot(1, None, "many words are here", 500, dialogue="one"),))
    told, _ = with_sound(film, ExportOptions(narrate=True, caption_of="dialogue"), Progress())
    assert told.duration_ms == 500 + LEAD_MS + PAUSE_MS


@posix
def test_speaking_is_stopped_between_panels(stub, tmp_path) -> None:
    with pytest.raises(CancelledError):
        export_film(_film("a"), ["mp4"], tmp_path, ExportOptions(narrate=True), Progress(cancelled=lambda: True))
    assert not list(tmp_path.glob("*.mp4"))


def test_bad_music_is_said_before_anything_is_written(tmp_path) -> None:
    with pytest.raises(ExportError, match=r"there is no music file .*gone\.mp3"):
        export_film(_film("a"), ["gif"], tmp_path, ExportOptions(music=tmp_path / "gone.mp3"))
    (tmp_path / "bad.mp3").write_text("no music")
    with pytest.raises(ExportError, match=r"bad\.mp3 holds no sound that can be read"):
        export_film(_film("a"), ["gif", "mp4"], tmp_path, ExportOptions(size=SIZE, music=tmp_path / "bad.mp3"))
    assert not list(tmp_path.glob("told*"))
    with pytest.raises(ExportError, match="volume of 2 is not 0 to 1"):
        ExportOptions(music_volume=2).checked()


def test_without_sound_there_is_no_track_of_it(tmp_path) -> None:
    assert set(_probe(export_film(_film("a"), ["mp4"], tmp_path, ExportOptions(size=SIZE))[0])) == {"video"}


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="no espeak-ng on this machine: no real speech was made")
def test_espeak_speaks(tmp_path) -> None:
    film = _film("Mia walks in the snow with her red umbrella.", "Hi.")
    options = ExportOptions(size=SIZE, fps=24, narrate=True, voice="en")
    path = export_film(film, ["mp4"], tmp_path, options)[0]
    heard = np.abs(_heard(path).astype(float)).max(1)
    told, sound = with_sound(film, options, Progress())
    assert told.shots[0].duration_ms > 2000 > told.shots[1].duration_ms
    assert sound is not None and 0 <= len(heard) - sound.samples < 2048
    assert heard[RATE // 4 : RATE].max() > 3000 and heard[: RATE // 10].max() < 50
    with pytest.raises(ExportError, match="espeak-ng did not speak"):
        export_film(film, ["mp4"], tmp_path, ExportOptions(narrate=True, voice="nosuch"))
