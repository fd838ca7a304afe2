"""Speech from a program of this machine: espeak-ng, or piper where the voice is one of its files."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio.errors import ExportError
from studio.media.sound import decode

PATIENCE_S = 300
PIPER_VOICE = ".onnx"


@dataclass(frozen=True)
class Speaker:
    """A program that speaks: its path, and the words of its command line for a WAV file to write."""

    program: str
    arguments: Callable[[Path], list[str]]

    def speak(self, text: str) -> np.ndarray:
        """`text` spoken, (samples, 2) int16 at 48 kHz.

        Raises:
            ExportError: if the program fails or writes no sound.
        """
        with tempfile.TemporaryDirectory(prefix="studio-") as folder:
            wav = Path(folder) / "speech.wav"
            self._run(text, wav)
            return decode(wav)

    def _run(self, text: str, wav: Path) -> None:
        # The text goes in by the input: no sentence is ever taken for an option.
        command, name = [self.program, *self.arguments(wav)], Path(self.program).name
        try:
            done = subprocess.run(command, input=text.encode("utf-8"), capture_output=True, timeout=PATIENCE_S)
        except (OSError, subprocess.SubprocessError) as error:
            raise ExportError(
                f"{name} could not be run ({error}); install it again, or export without --narrate"
            ) from error
        if done.returncode or not wav.is_file():
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            reason = said[-1] if said else f"it ended with {done.returncode} and wrote no sound"
            raise ExportError(f'{name} did not speak "{text[:60]}": {reason}; try another voice')


def find_speaker(voice: str = "") -> Speaker:
    """The program that speaks with a voice: piper for a path that ends in .onnx, else espeak-ng.

    Raises:
        ExportError: if it is not installed, or the voice's file is not there.
    """
    if voice.lower().endswith(PIPER_VOICE):
        if not Path(voice).is_file():
            raise ExportError(
                f"there is no voice {voice}; give the path of a piper voice, or a name that espeak-ng has"
            )
        return Speaker(_installed("piper"), lambda wav: ["--model", voice, "--output_file", str(wav)])
    named = [f"-v{voice}"] if voice else []
    return Speaker(_installed("espeak-ng"), lambda wav: ["--stdin", "-w", str(wav), *named])


def _installed(name: str) -> str:
    program = shutil.which(name)
    if program is None:
        how = {"espeak-ng": "apt-get install espeak-ng, brew install espeak-ng", "piper": "pip install piper-tts"}[name]
        raise ExportError(
            f"narration needs {name}, which is not on this machine's PATH; install it ({how}) and try again"
        )
    return program
