"""A preference study: pairs of boards shown blind, three questions, answers in a plain file. Free of torch.

    study = read_study(Path("study"))
    asked(Path("study"), study, "Ada")        # pairs in Ada's order, each with what she answered before
    report_study(Path("study"))               # seqgan study report

The folder holds study.json (pairs and sentences, nothing of systems), boards/ and answers.jsonl; which side is whose
stands in `FOLDER.key.json` beside the folder, so that the folder can be handed to raters.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from seqgan.errors import DataError
from seqgan.metrics.preference import Preference, preference
from seqgan.metrics.study_answers import read_answers

FORMAT = 1
QUESTIONS = {
    "visual_quality": "Whose pictures look better?",
    "consistence": "In whose pictures do characters and background stay themselves from panel to panel?",
    "relevance": "Whose pictures show better what the sentences say?",
}


def key_path(folder: Path) -> Path:
    """Where the key of a study lies: beside its folder."""
    return folder.with_name(f"{folder.resolve().name}.key.json")


def read_study(folder: Path) -> dict[str, Any]:
    """study.json. Raises DataError where the folder is no study."""
    return _read(folder / "study.json", "a folder of seqgan study make")


def asked(folder: Path, study: Mapping[str, Any], rater: str) -> list[dict[str, Any]]:
    """The pairs of a study in a rater's own order, each with what the rater answered before."""
    pairs = {pair["id"]: pair for pair in study["pairs"]}
    order = np.random.default_rng([study["seed"], crc32(rater.encode())]).permutation(sorted(pairs))
    given: dict[str, dict[str, str]] = {}
    for (who, pair, question), answer in read_answers(folder)[0].items():
        if who == rater:
            given.setdefault(pair, {})[question] = answer
    return [{**pairs[str(name)], "answers": given.get(str(name), {})} for name in order]


def _read(path: Path, expected: str) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read ({error}); expected {expected}") from error
    if not isinstance(record, dict) or "pairs" not in record:
        raise DataError(f"{path} has no pairs; expected {expected}")
    return record


def report_study(folder: Path) -> dict[str, Any]:
    """Preferences by question, of all answers so far: {"systems", "raters", "broken", "questions": {name: Preference}}.

    Raises DataError where the study or its key is missing, or nobody has answered yet.
    """
    study, key = read_study(folder), _read(key_path(folder), "the key that was written beside the study")
    answers, broken = read_answers(folder)
    votes: dict[str, list[tuple[str, str]]] = {question: [] for question in study["questions"]}
    for (_, pair, question), answer in answers.items():
        if pair in key["pairs"] and question in votes:
            votes[question].append((pair, _choice(key["pairs"][pair], answer)))
    found: dict[str, Preference] = {question: preference(each) for question, each in votes.items() if each}
    if not found:
        raise DataError(f"{folder} has no answer yet; open the page with seqgan study serve {folder}")
    raters = len({rater for rater, _, _ in answers})
    return {"systems": key["systems"], "raters": raters, "broken": broken, "questions": found}


def _choice(sides: dict[str, int], answer: str) -> str:
    return "undecided" if answer == "undecided" else ("first", "second")[sides[answer]]


def report_lines(report: dict[str, Any]) -> list[str]:
    """A report as text, in the published form and with intervals."""
    first, second = report["systems"]
    lines = [f"{first} / {second} / undecided, percent; {report['raters']} raters"]
    for question, found in report["questions"].items():
        low, high = 100 * found.first.low, 100 * found.first.high
        lines.append(f"{question:16} {found.line()}   {first}: {low:.2f} to {high:.2f}; {found.pairs} pairs, "
                     f"{found.answers} answers")  # fmt: skip
    if report["broken"]:
        lines.append(f"{report['broken']} lines of answers.jsonl could not be read and were left out")
    return lines
