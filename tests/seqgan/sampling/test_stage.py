"""The stage sampler: torch-free, any size, any pack, marked as composed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from seqgan.data.theatre.pack import CastPack
from seqgan.errors import DataError, InputError
from seqgan.sampling import StageSampler, panel_noise

STORY = ["Mia walks in the snow.", "She waves.", "Cleo the cat sleeps."]


@pytest.fixture(scope="module")
def sampler() -> StageSampler:
    return StageSampler(size=(64, 112))


def test_it_says_that_it_composes(sampler: StageSampler) -> None:
    assert sampler.info["composed"] is True and sampler.info["name"] == "stage"
    assert sampler.info["weights_sha256"] == CastPack.shipped().digest()


@pytest.mark.parametrize("size", [(16, 16), (72, 128), (90, 51)])
def test_any_size(size: tuple[int, int]) -> None:
    [(number, picture)] = StageSampler(size).draw(["Mia walks."], [1])
    assert number == 0 and picture.shape == (*size, 3) and picture.dtype == np.uint8


def test_pictures_are_the_stage_s_own(sampler: StageSampler) -> None:
    """What is drawn is what the story says: the same panel put on the stage by hand."""
    from seqgan.data.theatre.stage import Stage
    from seqgan.data.theatre.world import Actor, Look, Panel

    panel = Panel((Actor("mia", "walk", "middle", Look()),), "snow", "day", "clear", (), "medium")
    noise = np.clip(panel_noise(5, "stage", 16), -2, 2)
    expected = Stage(sampler.pack, (64, 112)).draw(panel, noise)
    [(_, picture)] = sampler.draw(["Mia walks in the snow."], [5])
    np.testing.assert_array_equal(picture, expected)


def test_pronouns_stand_for_whom_they_mean(sampler: StageSampler) -> None:
    said, meant = (dict(sampler.draw([STORY[0], second], [1, 2]))[1] for second in ("She waves.", "Mia waves."))
    np.testing.assert_array_equal(said, meant)


def test_wrong_sizes_and_packs(tmp_path: Path) -> None:
    for size in ((8, 64), (64, 5000), (0, 0)):
        with pytest.raises(InputError, match="expected 16 to 4096 pixels a side"):
            StageSampler(size)
    with pytest.raises(DataError):
        StageSampler(pack=tmp_path)


def test_a_pack_of_one_picture(tmp_path: Path) -> None:
    Image.new("RGBA", (40, 60), (200, 30, 30, 255)).save(tmp_path / "zoe.png")
    (tmp_path / "cast.yaml").write_text(
        "format: 1\nname: mine\ncharacters:\n  zoe: {name: Zoe, kind: girl, pronoun: she, pictures: {stand: zoe.png}}\n"
    )
    sampler = StageSampler((64, 112), tmp_path)
    assert sampler.info["name"] == "stage:mine"
    [(_, picture), (_, other)] = sampler.draw(["Zoe jumps.", "It rains."], [1, 2])
    red = (picture[..., 0] > 150) & (picture[..., 1] < 80)
    assert red.mean() > 0.02 and not ((other[..., 0] > 150) & (other[..., 1] < 80)).any()


def test_no_torch_is_loaded() -> None:
    code = (
        "import sys; from seqgan.sampling import StageSampler, import_spacy, read_story, surprise, panel_noise;"
        "assert 'torch' not in sys.modules, 'importing';"
        "list(StageSampler((64, 112)).draw(['Mia walks.'], [1]));"
        "import_spacy().blank('en');"
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "False", done.stderr
