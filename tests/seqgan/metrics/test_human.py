"""Human rank tables: averages, ties, intervals, and every kind of broken row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import scipy.stats

from seqgan.errors import DataError
from seqgan.metrics.human import _places, human_ranks, read_ballots

HEAD = "rater,item,system,rank\n"


def _write(folder: Path, text: str, head: str = HEAD) -> Path:
    path = folder / "ranks.csv"
    path.write_text(head + text, encoding="utf-8")
    return path


def _table(ranks: np.ndarray, systems: tuple[str, ...]) -> str:
    """CSV of ranks (raters, items, systems)."""
    return "".join(
        f"r{rater},i{item},{system},{ranks[rater, item, k]}\n"
        for rater, item in np.ndindex(ranks.shape[:2])
        for k, system in enumerate(systems)
    )


def test_average_ranks_best_first(tmp_path: Path) -> None:
    text = "ann,1,gan,3\nann,1,stack,2\nann,1,attn,1\nbo,1,gan,3\nbo,1,stack,1\nbo,1,attn,2\nann,2,gan,2\n"
    found = human_ranks(_write(tmp_path, text + "ann,2,stack,3\nann,2,attn,1\n"))
    assert list(found.systems) == ["attn", "stack", "gan"]
    assert [each.value for each in found.systems.values()] == pytest.approx([4 / 3, 2, 8 / 3])
    assert (found.raters, found.items, found.ballots) == (2, 2, 3)
    assert all(each.low <= each.value <= each.high for each in found.systems.values())


def test_ties_share_their_places_however_they_are_written() -> None:
    for ranks in ([1, 1, 3], [1, 1, 2], [1.5, 1.5, 3], [2, 2, 3]):
        assert _places(np.array(ranks, float)).tolist() == [1.5, 1.5, 3]
    rng = np.random.default_rng(0)
    for _ in range(20):
        ranks = rng.integers(1, 6, size=7)
        np.testing.assert_array_equal(_places(ranks), scipy.stats.rankdata(ranks))


def test_raters_of_one_mind_leave_no_doubt(tmp_path: Path) -> None:
    found = human_ranks(_write(tmp_path, _table(np.tile([2, 1], (4, 5, 1)), ("a", "b"))))
    assert found.systems == {"b": (1, 1, 1), "a": (2, 2, 2)}


def test_many_opinions_of_few_people_are_few_opinions(tmp_path: Path) -> None:
    stubborn = np.array([[1, 2]] * 3 + [[2, 1]] * 3)[:, None].repeat(20, axis=1)  # each rater says one thing 20 times
    mixed = stubborn.reshape(-1, 2)[np.random.default_rng(0).permutation(120)].reshape(stubborn.shape)
    widths = []
    for ranks in (stubborn, mixed):
        first = human_ranks(_write(tmp_path, _table(ranks, ("a", "b")))).systems["a"]
        assert first.value == 1.5
        widths.append(first.high - first.low)
    assert widths[0] > 2 * widths[1]


def test_the_seed_fixes_the_interval(tmp_path: Path) -> None:
    ranks = np.random.default_rng(1).permuted(np.tile([1, 2, 3], (5, 8, 1)), axis=2)
    path = _write(tmp_path, _table(ranks, ("a", "b", "c")))
    assert human_ranks(path, seed=4) == human_ranks(path, seed=4)
    assert human_ranks(path, seed=4) != human_ranks(path, seed=5)


def test_tables_of_spreadsheets_are_read(tmp_path: Path) -> None:
    path = tmp_path / "ranks.csv"
    path.write_text(
        'item,rank,rater,system,remark\r\n"a bird, red",1, ann ,x,nice\r\n\r\n"a bird, red",2,ann,y,\r\n',
        encoding="utf-8-sig",
        newline="",
    )
    assert read_ballots(path) == {("ann", "a bird, red"): {"x": 1, "y": 2}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ann,1,x,first\n", "line 2 has rank 'first'"),
        ("ann,1,x,1\nann,1,y,0\n", "line 3 has rank '0'"),
        ("ann,1,x,nan\n", "rank 'nan'"),
        ("ann,1,x,inf\n", "rank 'inf'"),
        ("ann,1,x\n", "line 2 has rank ''"),
        (",1,x,1\n", "line 2 lacks a rater, item or system"),
        ("ann,a bird, red,x,1\n", "line 2 has more fields"),
        ("ann,1,x,1\nann,1,x,2\n", "line 3 ranks 'x' a second time for 'ann' and '1'"),
        ("ann,1,x,1\nann,1,y,2\nbo,1,x,1\n", "'bo' did not rank y for '1'"),
        ("ann,1,x,1\nann,1,y,3\n", "'ann' gave rank 3 of 2 for '1'"),
        ("ann,1,x,1\n", "ranks 1 systems; expected two or more"),
        ("", "ranks 0 systems"),
        ('ann,1,"x"y,1\n', "cannot be read"),
    ],
)
def test_broken_tables_are_refused_by_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        human_ranks(_write(tmp_path, text))


def test_files_that_are_no_tables_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no column rater, item, rank"):
        human_ranks(_write(tmp_path, "", head="rater;item,system\n"))
    with pytest.raises(DataError, match="has no column rater, item, system, rank"):
        human_ranks(_write(tmp_path, "", head=""))
    with pytest.raises(DataError, match="cannot be read"):
        human_ranks(tmp_path / "missing.csv")
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00rater")
    with pytest.raises(DataError, match="cannot be read"):
        human_ranks(tmp_path / "x.csv")
