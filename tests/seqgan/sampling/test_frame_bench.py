"""The bench of generators: a row whose figures fit together, the same picture in both forms, names that are told."""

import json
from pathlib import Path

import pytest

from seqgan.cli.main import run
from seqgan.errors import CheckpointError, InputError
from seqgan.sampling.frame_bench import bench_frame
from tests.seqgan.sampling.clip_models import save_clip_model


def test_a_row_of_the_frame_bench() -> None:
    record = bench_frame("gan_cls", 1, 2)
    assert record["of_plain"] == pytest.approx(record["seconds"] / record["plain_seconds"], rel=0.1)
    assert record["size"] == [64, 64] and record["parameters"] == 4_756_736
    assert 0 <= record["difference"] < 0.1 and record["gflop"] > 0 and record["share_of_peak"] > 0


def test_a_story_is_drawn_in_one_pass() -> None:
    record = bench_frame("storygan_clevr", 1, 1)
    assert record["size"] == [64, 64] and 0 <= record["difference"] < 0.1 and record["of_plain"] > 0


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench", "frame", "gan_cls", "--n", "1", "--threads", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "gan_cls"


@pytest.mark.parametrize("name", ["attngan_birds", "theatre-64", "theatre-judge"])
def test_what_draws_no_frames_is_told(name: str) -> None:
    with pytest.raises(CheckpointError, match="is no generator that can be timed"):
        bench_frame(name)


def test_counts_are_checked() -> None:
    with pytest.raises(InputError, match="repeats is 0"):
        bench_frame("gan_cls", 1, 0)


def test_a_clip_is_timed_at_its_own_and_at_another_length(tmp_path: Path) -> None:
    drawer = save_clip_model(tmp_path / "tiny", reads_vectors=False, background="gist", backdrop=2)
    own, longer = (bench_frame(str(drawer), threads=1, repeats=1, frames=frames) for frames in (None, 32))
    assert own["size"] == [16, 32, 48] and longer["size"] == [32, 32, 48]
    assert own["memory_mib"] > 50 and own["difference"] <= 1 and longer["gflop"] >= own["gflop"]


def test_what_draws_no_clips_has_no_length() -> None:
    with pytest.raises(InputError, match="leave --frames out"):
        bench_frame("attngan_bird", frames=16)
