"""Sound: decoding, the closed forms of ducking and fading, and the programs that speak."""

from __future__ import annotations

import os
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from studio.errors import ExportError
from studio.media import speech
from studio.media.sound import DUCKED, FALL, RATE, RISE, Soundtrack, decode
from studio.media.speech import find_speaker


def _wav(path: Path, sound: np.ndarray, rate: int = RATE) -> Path:
    """A WAV file of (samples,) or (samples, channels) int16."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if sound.ndim == 1 else sound.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(sound.astype("<i2").tobytes())
    return path


def test_a_wav_is_decoded_sample_by_sample(tmp_path: Path) -> None:
    sound = np.arange(-6000, 6000, dtype=np.int16).reshape(-1, 2)
    path = _wav(tmp_path / "a.wav", sound)
    assert (decode(path) == sound).all()
    assert (decode(path, 100) == sound[:100]).all()


def test_other_rates_are_converted_to_the_same_length(tmp_path: Path) -> None:
    tone = (9000 * np.sin(np.arange(22_050) * 2 * np.pi * 440 / 22_050)).astype(np.int16)
    heard = decode(_wav(tmp_path / "a.wav", tone, 22_050))
    assert heard.shape == (48_000, 2)
    assert np.abs(np.fft.rfft(heard[:, 0])).argmax() == 440


@pytest.mark.parametrize("content", [None, b"", b"no sound at all", b"RIFF\x24\0\0\0WAVEfmt "])
def test_what_is_no_sound_is_said(content, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ExportError, match=r"a\.wav holds no sound"):
        decode(path)


def test_an_empty_wav_is_said(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no sound"):
        decode(_wav(tmp_path / "a.wav", np.zeros(0, np.int16)))


def test_music_is_repeated_and_fades_out_at_the_end() -> None:
    music = np.stack([np.arange(1000), -np.arange(1000)], 1).astype(np.int16)
    sound = Soundtrack(10_000, music, volume=0.5)
    heard = np.concatenate([sound.block(at, 1000) for at in range(0, 10_000, 1000)], 1)
    expected = np.tile(music, (10, 1)).T / 32768 * 0.5 * ((10_000 - np.arange(10_000)) / 2500).clip(0, 1)
    assert np.abs(heard - expected).max() < 1e-7
    assert (sound.block(9_500, 500) == heard[:, 9_500:]).all()


def test_music_ducks_under_speech_and_comes_back() -> None:
    begins, length = 2 * RATE, RATE
    sound = Soundtrack(60 * RATE, np.full((10, 2), 8000, np.int16), ((begins, np.zeros((length, 2), np.int16)),), 0.8)
    ends = begins + length
    times = np.array([begins - FALL, begins - FALL // 2, begins, ends, ends + RISE // 2, ends + RISE])
    expected = [1, (1 + DUCKED) / 2, DUCKED, DUCKED, (1 + DUCKED) / 2, 1]
    assert sound.loudness(times) == pytest.approx([0.8 * each for each in expected])
    assert sound.block(begins, 4)[0] == pytest.approx(8000 / 32768 * 0.8 * DUCKED)


def test_speech_lies_where_it_begins_and_nothing_is_louder_than_full() -> None:
    loud = np.full((1500, 2), 32_000, np.int16)
    sound = Soundtrack(5000, loud, ((2000, loud),), volume=1)
    heard = np.concatenate([sound.block(at, 1000) for at in range(0, 5000, 1000)], 1)
    assert heard.max() == 1
    alone = np.concatenate([Soundtrack(5000, None, ((2000, loud),)).block(at, 1000) for at in range(0, 5000, 1000)], 1)
    assert np.flatnonzero(alone[0]).tolist() == list(range(2000, 3500))


# Programs that speak -------------------------------------------------------------------------------------------------


def _program(folder: Path, name: str, code: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of that name, alone on the PATH."""
    path = folder / name
    path.write_text(f"#!{sys.executable}\n{code}", encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return path


posix = pytest.mark.skipif(os.name == "nt", reason="a script with a first line of its own is a program on POSIX alone")


@posix
def test_the_text_goes_in_by_the_input_and_the_voice_as_one_word(tmp_path: Path, monkeypatch) -> None:
    code = f"""
import sys, wave
with open({str(tmp_path / "heard.txt")!r}, "w", encoding="utf-8") as file:
    file.write(repr(sys.argv[1:]) + sys.stdin.buffer.read().decode())
with wave.open(sys.argv[sys.argv.index("-w") + 1], "wb") as file:
    file.setnchannels(1); file.setsampwidth(2); file.setframerate(48000); file.writeframes(bytes(2 * 480))
"""
    _program(tmp_path, "espeak-ng", code, monkeypatch)
    assert find_speaker("-evil").speak("--version 兔子").shape == (480, 2)
    heard = (tmp_path / "heard.txt").read_text("utf-8")
    assert "'-v-evil'" in heard and heard.endswith("]--version 兔子")


@posix
@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            "import sys; print('no such voice', file=sys.stderr); sys.exit(2)",
            r'did not speak "Hi\.": no such voice; try',
        ),
        ("pass", "it ended with 0 and wrote no sound"),
        ("import sys; open(sys.argv[3], 'w').write('x')", "holds no sound"),
    ],
)
def test_a_program_that_fails_is_said(code, message, tmp_path: Path, monkeypatch) -> None:
    _program(tmp_path, "espeak-ng", code, monkeypatch)
    with pytest.raises(ExportError, match=message):
        find_speaker().speak("Hi.")


@posix
def test_a_program_that_does_not_end_is_stopped(tmp_path: Path, monkeypatch) -> None:
    _program(tmp_path, "espeak-ng", "import time; time.sleep(60)", monkeypatch)
    monkeypatch.setattr(speech, "PATIENCE_S", 0.5)
    with pytest.raises(ExportError, match="espeak-ng could not be run"):
        find_speaker().speak("Hi.")


def test_what_is_not_installed_says_how_to_install_it(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ExportError, match="narration needs espeak-ng, .*apt-get install espeak-ng"):
        find_speaker()
    with pytest.raises(ExportError, match=r"there is no voice nosuch\.onnx"):
        find_speaker("nosuch.onnx")
    voice = tmp_path / "amy.onnx"
    voice.write_bytes(b"")
    with pytest.raises(ExportError, match="narration needs piper"):
        find_speaker(str(voice))


@posix
def test_piper_speaks_with_a_voice_file(tmp_path: Path, monkeypatch) -> None:
    voice = tmp_path / "amy.onnx"
    voice.write_bytes(b"")
    wav = _wav(tmp_path / "said.wav", np.full(960, 77, np.int16))
    code = f"import shutil, sys\nassert sys.argv[2] == {str(voice)!r}\nshutil.copy({str(wav)!r}, sys.argv[4])"
    _program(tmp_path, "piper", code, monkeypatch)
    assert (find_speaker(str(voice)).speak("Hi.") == np.full((960, 2), 77)).all()
