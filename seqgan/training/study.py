"""The preference study of the StoryGAN paper: pairs of boards shown blind, three questions, answers in a plain file.

    make_study(("a", "b"), load, Path("data/clevr-sv"), "test", 100, 0, Path("study"))   # seqgan study make
    report_study(Path("study"))                                                          # seqgan study report

The folder holds study.json (pairs and sentences, nothing of systems), boards/ and answers.jsonl; which side is whose
stands in `FOLDER.key.json` beside the folder, so that the folder can be handed to raters.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from seqgan.checks import check_range
from seqgan.data.sequences import SequenceData
from seqgan.errors import ConfigError, DataError
from seqgan.metrics.preference import Preference, preference
from seqgan.training.sequence_compare import board_png
from seqgan.training.sequence_systems import DrawsStories, draw_stories
from seqgan.training.study_answers import read_answers

FORMAT = 1
QUESTIONS = {
    "visual_quality": "Whose pictures look better?",
    "consistence": "In whose pictures do characters and background stay themselves from panel to panel?",
    "relevance": "Whose pictures show better what the sentences say?",
}


def make_study(
    systems: tuple[str, str], load: Callable[[str, SequenceData], DrawsStories], data: Path, split: str, n: int,
    seed: int, out: Path,
) -> dict[str, Any]:  # fmt: skip
    """Draw `n` stories with both systems and write the study; returns study.json's record.

    Half of the pairs, chosen by `seed`, have the first system left. Raises DataError where the folder has other files
    or answers already, ConfigError for a number of stories that the split does not have.
    """
    stories = SequenceData.open(data, split)
    check_range("the number of stories", n, 1, len(stories), ConfigError)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise DataError(f"{out} holds files; give a new folder, so that no answer is lost")
    numbers = np.unique(np.linspace(0, len(stories) - 1, n).astype(int)).tolist()
    rng = np.random.default_rng(seed)
    turned = rng.permutation(np.arange(len(numbers)) % 2 == 1)
    drawn = [draw_stories(load(name, stories), stories, numbers, seed) for name in systems]
    (out / "boards").mkdir(parents=True)
    pairs, key = [], {}
    for row in rng.permutation(len(numbers)).tolist():
        pair = f"{len(pairs) + 1:03d}"
        sides = (1, 0) if turned[row] else (0, 1)
        for side, system in zip(("left", "right"), sides, strict=True):
            (out / "boards" / f"{pair}-{side}.png").write_bytes(board_png(drawn[system][row]))
        texts = [stories.captions[clip][0] for clip in stories.stories[numbers[row]]]
        pairs.append({"id": pair, "texts": texts})
        key[pair] = {"left": sides[0], "right": sides[1], "story": stories.records[numbers[row]]["id"]}
    study = {"format": FORMAT, "questions": QUESTIONS, "seed": seed, "pairs": pairs}
    about = {"systems": list(systems), "data": stories.about["name"], "data_hash": stories.about["hash"],
             "split": split, "seed": seed, "pairs": key}  # fmt: skip
    _write(key_path(out), about)
    _write(out / "study.json", study)
    return study


def _write(path: Path, record: dict[str, Any]) -> None:
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def key_path(folder: Path) -> Path:
    """Where the key of a study lies: beside its folder."""
    return folder.with_name(f"{folder.resolve().name}.key.json")


def read_study(folder: Path) -> dict[str, Any]:
    """study.json. Raises DataError where the folder is no study."""
    return _read(folder / "study.json", "a folder of seqgan study make")


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
