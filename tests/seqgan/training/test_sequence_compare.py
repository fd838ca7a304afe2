"""The comparison: the same stories, paired differences, one file that needs nothing beside it."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from seqgan.cli.main import run
from seqgan.data.sequences import SequenceData
from seqgan.errors import ConfigError
from seqgan.training.sequence_compare import compare, data_uri, titles
from seqgan.training.sequence_systems import system_of


@pytest.fixture(scope="module")
def systems(sequences: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Boards of two systems: the truth, and the truth with its first panel in place of all."""
    folder, data = tmp_path_factory.mktemp("systems"), SequenceData.open(sequences, "test")
    for name in ("right", "frozen"):
        (folder / name).mkdir()
        for number, story in enumerate(data.stories):
            panels = np.asarray(data.frames[data.middle[story if name == "right" else story[[0, 0, 0]]]])
            Image.fromarray(panels.reshape(-1, 24, 3)).save(folder / name / f"{number:06d}.png")
    return [str(folder / name) for name in ("frozen", "right")]


def test_differences_are_paired_and_their_sign_is_right(sequences: Path, systems: list[str], story_judge: Path) -> None:
    found = compare(systems, system_of, sequences, metrics=("ssim", "labels"), judge=str(story_judge))
    assert found.names == ("frozen", "right")
    gap = found.differences()["ssim"][0]
    ours, theirs = found.intervals()["ssim"]
    assert gap.value == pytest.approx(theirs.value - ours.value) and theirs.value == pytest.approx(1)
    assert gap.low > 0 and found.differences()["character_f1"][0].low > 0


def test_one_file_shows_everything(sequences: Path, systems: list[str], story_judge: Path, tmp_path: Path) -> None:
    out = tmp_path / "reports" / "two.html"
    words = ["compare", *systems, "--data", str(sequences), "--split", "test", "--html", str(out), "--n", "20",
             "--shown", "3", "--metrics", "ssim,labels", "--judge", str(story_judge)]  # fmt: skip
    assert run(words) == 0
    text = out.read_text(encoding="utf-8")
    assert "right - frozen" in text and 'class="better"' in text and 'class="worse"' not in text
    assert "test0-0" in text and text.count("<section>") == 3 and text.count("<img") == 9
    assert not re.search(r"(src|href)=\"(?!data:)", text) and "<script" not in text
    picture = re.search(r"base64,([^\"]+)", text)
    assert picture is not None
    with Image.open(io.BytesIO(base64.b64decode(picture.group(1)))) as board:
        assert board.size == (3 * 24 + 2 * 2, 24)


def test_names_are_short_where_that_tells_them_apart() -> None:
    assert titles(["runs/a/checkpoint", "models/b"]) == ("a", "b")
    assert titles(["x/a", "y/a"]) == ("x/a", "y/a")


def test_what_cannot_be_compared(sequences: Path, systems: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ConfigError, match="two or more"):
        compare(systems[:1], system_of, sequences)
    words = ["compare", *systems, "emoji-attngan", "--data", str(sequences), "--html", "x.html", "--metrics", "ssim"]
    assert run(words) == 1
    assert "draws no stories of clips" in capsys.readouterr().err
    assert data_uri(np.zeros((2, 4, 4, 3), np.uint8)).startswith("data:image/png;base64,")
