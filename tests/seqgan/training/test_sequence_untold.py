"""What captions leave untold: figures that can be counted by hand, and those of the theatre's judge on its clips."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from seqgan.checkpoints.format import find_model
from seqgan.cli.main import run
from seqgan.data.theatre.clips import LENGTH, prepare_clips
from seqgan.data.theatre.grammar import write_script
from seqgan.data.theatre.labels import LabelSpace
from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.prepare import story_rng
from seqgan.errors import CheckpointError, DataError, InputError
from seqgan.metrics.labels import f1_micro
from seqgan.metrics.story_figures import paired_interval
from seqgan.resources import asset
from seqgan.training.sequence_evaluate import find_judge
from seqgan.training.sequence_figures import Reference
from seqgan.training.story_judges import TheatreJudge, load_story_judge
from seqgan.training.story_report import carried_figures, pronoun_figures, seen_labels
from seqgan.training.untold_figures import owned, untold_figures

NAMES = {"characters": ("max", "mia"), "looks": ("max hat red", "mia hat red", "mia hat blue"), "props": ("kite",)}
SEED = 5


def _labels(**rows: list[list[int]]) -> dict[str, np.ndarray]:
    """One story of as many panels as there are rows."""
    return {group: np.array([each], np.uint8) for group, each in rows.items()}


TRUE = _labels(characters=[[0, 1], [0, 1], [1, 1]], looks=[[0, 1, 0], [0, 1, 0], [1, 1, 0]], props=[[0], [1], [0]])
UNTOLD = _labels(characters=[[0, 0], [0, 1], [1, 1]], looks=[[0, 0, 0], [0, 1, 0], [0, 1, 0]], props=[[0], [0], [0]])


def _figures(**seen: list[list[int]]) -> dict[str, float]:
    known = {**TRUE, **_labels(**seen)}
    return {name: each.of(np.arange(1)) for name, each in untold_figures(TRUE, known, UNTOLD, NAMES).items()}


def test_true_panels_are_right() -> None:
    assert _figures() == {"pronoun_character_f1": 1, "carried_attribute_accuracy": 1}


def test_only_panels_with_untold_characters_count_for_pronouns() -> None:
    assert _figures(characters=[[1, 0], [0, 1], [1, 1]])["pronoun_character_f1"] == 1
    assert _figures(characters=[[0, 1], [1, 1], [1, 0]])["pronoun_character_f1"] == pytest.approx(2 * 2 / (2 * 2 + 2))


def test_a_carried_look_is_right_where_its_actor_is_seen_and_all_its_looks_are() -> None:
    def carried(**seen: list[list[int]]) -> float:
        return _figures(**seen)["carried_attribute_accuracy"]

    assert carried(characters=[[0, 0], [0, 0], [0, 1]]) == 0.5
    assert carried(looks=[[0, 0, 0], [0, 1, 1], [1, 1, 0]]) == 0.5  # a second look beside the right one
    assert carried(looks=[[0, 0, 0], [0, 1, 0], [0, 1, 0]]) == 1  # what was told, or another's, does not count
    assert carried(looks=[[0, 1, 0], [0, 0, 1], [1, 0, 0]]) == 0


def test_without_untold_labels_or_a_judge_of_them_there_are_no_figures() -> None:
    assert untold_figures(TRUE, TRUE, {}, NAMES) == {}
    assert untold_figures(TRUE, {"props": TRUE["props"]}, UNTOLD, NAMES) == {}
    alone = {"characters": TRUE["characters"], "props": TRUE["props"]}
    assert untold_figures(alone, alone, UNTOLD, NAMES).keys() == {"pronoun_character_f1"}
    assert owned(NAMES["looks"], NAMES["characters"]).tolist() == [[1, 0], [0, 1], [0, 1]]
    assert owned((), ("mia",)).shape == (0, 1)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("theatre") / "clips"
    prepare_clips(asset("cast", "fluent"), out, {"train": 1, "test": 12}, seed=SEED, progress=False)
    return out


@pytest.fixture(scope="module")
def reference(clips: Path) -> Reference:
    return Reference.open(clips, "test", None, ("labels",), find_judge("theatre-judge", clips, ("test",), "cpu"))


def test_the_theatres_judge_sees_true_clips(reference: Reference) -> None:
    assert isinstance(reference.judge, TheatreJudge)
    data = reference.data
    seen = reference.judge.seen(data.frames)
    assert {group: each.shape for group, each in seen.items()} == {g: each.shape for g, each in data.labels.items()}
    assert all(each.dtype == np.uint8 for each in seen.values())
    for group, least in (("characters", 0.95), ("settings", 0.95), ("looks", 0.8), ("props", 0.95)):
        assert f1_micro(data.labels[group], seen[group]) > least, group
    with pytest.raises(InputError, match="pictures has shape"):
        reference.judge.seen(data.frames[:, :32])


def test_figures_agree_with_those_of_the_theatres_own_report(reference: Reference) -> None:
    judge, pack = reference.judge, CastPack.shipped()
    assert isinstance(judge, TheatreJudge)
    numbers = [int(record["id"].split("-")[1]) for record in reference.data.records]
    scripts = [write_script(pack, story_rng(SEED, "test", number), "test") for number in numbers]
    told = [each.to_dict() for script in scripts for each in script.told[:LENGTH]]
    space: LabelSpace = judge.judge.space
    encoded = [space.encode(panel.to_dict()) for script in scripts for panel in script.panels[:LENGTH]]
    targets = {group: np.stack([each[group] for each in encoded]) for group in space.groups}
    starts, everything = np.arange(0, len(told) + 1, LENGTH), np.arange(len(numbers))
    wrong = reference.truth.copy()
    wrong[::2] = wrong[1::2]  # so that figures lie between 0 and 1
    for drawn in (reference.truth, wrong):
        seen = seen_labels(judge.judge.logits(drawn.reshape(-1, *drawn.shape[2:])))
        figures = reference.figures(drawn)
        wanted = {**pronoun_figures(targets, seen, told, starts), **carried_figures(targets, seen, told, space)}
        for name in ("pronoun_character_f1", "carried_attribute_accuracy"):
            assert figures[name].of(everything) == pytest.approx(wanted[name]), name
    good, bad = reference.figures(reference.truth), reference.figures(wrong)
    for name in ("pronoun_character_f1", "carried_attribute_accuracy"):
        gap = paired_interval(good[name], bad[name], len(numbers))
        assert 0 < gap.low < gap.value < gap.high


def test_the_command_measures_the_judge_on_clips(clips: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", "theatre-judge", "--data", str(clips), "--split", "test", "--json", "-"]) == 0
    figures = json.loads(capsys.readouterr().out)["theatre-clips"]["real_test"]
    assert figures["character_f1"] > 0.95 and figures["pronoun_character_f1_low"] > 0.8
    assert "by pronouns alone" in figures["protocol"] and "labels by theatre-judge" in figures["protocol"]


def test_what_the_theatres_judge_must_not_see(clips: Path, sequences: Path, tmp_path: Path) -> None:
    known = load_story_judge("theatre-judge").info["trained_on"]
    about = json.loads((clips / "dataset.json").read_text())
    for name in (path for path in clips.iterdir() if path.name != "dataset.json"):
        (tmp_path / name.name).symlink_to(name)
    (tmp_path / "dataset.json").write_text(json.dumps(about | {"seed": known["seed"], "pack": known["pack"]}))
    with pytest.raises(DataError, match="trained on train, test_unseen of this data set"):
        find_judge("theatre-judge", tmp_path, ("train",), "cpu")
    assert find_judge("theatre-judge", tmp_path, ("test",), "cpu") is not None
    with pytest.raises(DataError, match="the data has"):
        find_judge("theatre-judge", sequences, ("test",), "cpu")
    groups = {**about["groups"], "characters": about["groups"]["characters"][::-1]}
    (tmp_path / "dataset.json").write_text(json.dumps(about | {"groups": groups}))
    with pytest.raises(DataError, match="the judge's characters are not those of the data"):
        find_judge("theatre-judge", tmp_path, ("test",), "cpu")
    with pytest.raises(CheckpointError, match="train story_judge"):
        load_story_judge(str(find_model("emoji-judge")))
