"""The answers of a study: one JSON line each, only ever added to; of several to the same question the last holds.

A line that cannot be read (a machine that lost power while writing) costs that line and no other.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from seqgan.errors import InputError

FILE = "answers.jsonl"
CHOICES = ("left", "right", "undecided")
LONGEST = 80
"""Letters of a rater's name."""
_WRITING = threading.Lock()
Answers = dict[tuple[str, str, str], str]
"""(rater, pair, question) -> answer."""


def check_answers(said: Any, study: Mapping[str, Any]) -> list[dict[str, str]]:
    """What a page sent, as lines to write. Raises InputError that tells the rater what is wrong; nothing is written."""
    if not isinstance(said, dict):
        raise InputError("an answer is no table; load the page again")
    rater = check_rater(said.get("rater"))
    pair, answers = said.get("pair"), said.get("answers")
    if pair not in [each["id"] for each in study["pairs"]]:
        raise InputError(f"there is no pair {str(pair)[:20]!r}; load the page again")
    if not isinstance(answers, dict) or set(answers) != set(study["questions"]):
        raise InputError("not every question has an answer; choose left, undecided or right for each")
    if strange := [each for each in answers.values() if each not in CHOICES]:
        raise InputError(f"{str(strange[0])[:20]!r} is no answer; choose left, undecided or right")
    return [{"rater": rater, "pair": str(pair), "question": question, "answer": str(answer)}
            for question, answer in answers.items()]  # fmt: skip


def check_rater(name: Any) -> str:
    """A rater's name, trimmed. Raises InputError for none or a very long one."""
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= LONGEST or not name.isprintable():
        raise InputError(f"a name of 1 to {LONGEST} letters is needed, so that your answers are found again")
    return name.strip()


def add_answers(folder: Path, lines: list[dict[str, str]]) -> None:
    """Add lines to the file, on the disk before this returns."""
    path = folder / FILE
    with _WRITING:
        _append(path, lines)


def _append(path: Path, lines: list[dict[str, str]]) -> None:
    half = path.is_file() and path.stat().st_size > 0 and path.read_bytes()[-1:] != b"\n"
    text = "\n" * half + "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def read_answers(folder: Path) -> tuple[Answers, int]:
    """All answers, and how many lines could not be read."""
    answers: Answers = {}
    broken = 0
    for line in _lines(folder / FILE):
        try:
            said = json.loads(line)
            rater, pair, question, answer = (said[name] for name in ("rater", "pair", "question", "answer"))
        except (ValueError, KeyError, TypeError):
            broken += 1
            continue
        if answer not in CHOICES or not all(isinstance(each, str) for each in (rater, pair, question)):
            broken += 1
            continue
        answers[rater, pair, question] = answer
    return answers, broken


def _lines(path: Path) -> Iterator[str]:
    if path.is_file():
        yield from (line for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip())
