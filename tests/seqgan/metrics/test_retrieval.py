"""R-precision, R@k, similarity and ranking share: fair ties, honest distractors, chance, closed forms."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from seqgan.errors import InputError
from seqgan.metrics.retrieval import (
    Gallery,
    distractors,
    own_first,
    r_precision,
    ranking_share,
    recall_at,
    vs_similarity,
)


def _numbered(pictures: int, captions: int = 2) -> list[tuple[str, ...]]:
    return [tuple(f"picture {n} caption {k}" for k in range(captions)) for n in range(pictures)]


def test_a_gallery_is_all_captions_of_all_pictures() -> None:
    gallery = Gallery.of([("a", "b"), (), ("c",)], classes=np.array([5, 6, 7]))
    assert gallery.captions == ("a", "b", "c")
    assert gallery.owners.tolist() == [0, 0, 2]
    assert gallery.classes is not None
    assert gallery.classes.tolist() == [5, 5, 7]


def test_distractors_differ_and_belong_to_others() -> None:
    gallery = Gallery.of(_numbered(70))
    own = np.arange(0, 140, 2)
    rows = distractors(gallery, own)
    assert rows.shape == (70, 99)
    assert all(len(set(row)) == 99 for row in rows.tolist())
    assert (gallery.owners[rows] != gallery.owners[own][:, None]).all()
    all_others = distractors(gallery, own, count=138)
    assert [sorted(row) for row in all_others.tolist()] == [
        [row for row in range(140) if row // 2 != picture] for picture in range(70)
    ]


def test_every_other_caption_is_drawn_equally_often() -> None:
    gallery = Gallery.of(_numbered(20, 1))
    counts = np.bincount(distractors(gallery, np.zeros(4000), count=5).ravel(), minlength=20)
    assert counts[0] == 0
    assert np.abs(counts[1:] - 4000 * 5 / 19).max() < 150  # about five standard deviations


def test_strings_that_a_picture_has_itself_are_no_distractors_whoever_else_has_them() -> None:
    captions = [("a red bird", "a bird"), ("A  red bird ", "a blue bird"), ("a bird", "a flower"), ("a blue bird",)]
    gallery = Gallery.of(captions)  # rows 0 1, 2 3, 4 5, 6
    rows = distractors(gallery, np.array([0, 6]), count=2, seed=1)
    assert {gallery.captions[row] for row in rows[0]} == {"a blue bird", "a flower"}
    with pytest.raises(InputError, match="3 distractors were asked of 2 fitting strings"):
        distractors(gallery, np.array([0]), count=3)


def test_distractors_of_other_classes() -> None:
    captions = [("x", "shared"), ("y",), ("z", "shared"), ("v",), ("w",)]
    gallery = Gallery.of(captions, classes=np.array([0, 0, 1, 1, 2]))
    rows = distractors(gallery, np.array([0]), count=3, other_classes=True)
    assert {gallery.captions[row] for row in rows[0]} == {"z", "v", "w"}  # "shared" fits the picture's own class
    with pytest.raises(InputError, match="without classes"):
        distractors(Gallery.of(captions), np.array([0]), count=1, other_classes=True)
    with pytest.raises(InputError, match="no class"):
        Gallery.of(captions, classes=np.array([0, 0, -1, 1, 2]))


def test_a_draw_depends_on_seed_and_number_alone() -> None:
    gallery, own = Gallery.of(_numbered(100)), np.arange(100)
    rows = distractors(gallery, own, count=20, seed=5)
    np.testing.assert_array_equal(rows[:10], distractors(gallery, own[:10], count=20, seed=5))
    assert (rows != distractors(gallery, own, count=20, seed=6)).any()
    assert (rows[0] != rows[1]).any()


@pytest.mark.parametrize("score", ["cosine", "dot"])
def test_codes_of_a_constant_encoder_are_at_chance_or_nothing(score: str) -> None:
    own, rivals = np.zeros(50, np.int64), np.tile(np.arange(1, 100), (50, 1))
    pictures = np.tile(np.random.default_rng(0).standard_normal(37), (50, 1))
    sentences = np.tile(np.random.default_rng(1).standard_normal(37), (100, 1)) * 1e3
    fair = r_precision(pictures, sentences, own, rivals, score=score)  # type: ignore[arg-type]
    assert fair == pytest.approx((0.01, 0))
    strict = r_precision(pictures, sentences, own, rivals, score=score, ties="strict")  # type: ignore[arg-type]
    assert strict == (0, 0)


def test_codes_of_a_perfect_encoder_always_win() -> None:
    gallery = Gallery.of(_numbered(120, 1))
    codes = np.random.default_rng(0).standard_normal((120, 16))
    rivals = distractors(gallery, np.arange(120))
    assert r_precision(torch.from_numpy(codes).float(), codes, np.arange(120), rivals, ties="strict") == (1, 0)
    assert recall_at(codes, codes, np.arange(120)) == {"r@1": 1.0, "r@5": 1.0, "r@10": 1.0}


def test_random_codes_are_at_chance() -> None:
    rng, count = np.random.default_rng(0), 4000
    gallery = Gallery.of(_numbered(count, 1))
    pictures, sentences = rng.standard_normal((count, 8)), rng.standard_normal((count, 8))
    own = np.arange(count)
    mean, std = r_precision(pictures, sentences, own, distractors(gallery, own))
    assert mean == pytest.approx(0.01, abs=4 * (0.01 * 0.99 / count) ** 0.5)
    assert 0 < std < 0.02
    found = recall_at(pictures, sentences, own, ranks=(1, count // 2, count))
    assert found[f"r@{count // 2}"] == pytest.approx(0.5, abs=0.04)
    assert found[f"r@{count}"] == 1


def test_ties_count_by_their_number() -> None:
    sentences = np.array([[1.0, 0], [1, 0], [0, 1], [1, 0]])
    pictures, own = np.array([[1.0, 0], [1, 0], [0, 1]]), np.array([0, 0, 0])
    rivals = np.array([[1, 2], [1, 3], [1, 2]])
    np.testing.assert_allclose(own_first(pictures, sentences, own, rivals), [1 / 2, 1 / 3, 0])
    np.testing.assert_allclose(own_first(pictures, sentences, own, rivals, ties="strict"), [0, 0, 0])
    found = recall_at(pictures, sentences, own, ranks=(1, 2, 3, 4))
    assert found == pytest.approx({"r@1": 2 / 9, "r@2": 5 / 9, "r@3": 8 / 9, "r@4": 1})


def test_dot_and_cosine_rank_by_length_and_by_direction() -> None:
    pictures, sentences = np.array([[1.0, 0.0]]), np.array([[1.0, 0.0], [5.0, 5.0]])
    assert own_first(pictures, sentences, np.array([0]), np.array([[1]])) == [1]
    assert own_first(pictures, sentences, np.array([0]), np.array([[1]]), score="dot") == [0]


def test_folds_are_all_pictures_drawn_by_seed() -> None:
    sentences, own = np.eye(4), np.zeros(33, np.int64)
    pictures = np.where(np.arange(33)[:, None] < 11, np.eye(4)[0], np.eye(4)[1])
    rivals = np.tile([1, 2], (33, 1))
    first = r_precision(pictures, sentences, own, rivals, folds=3)
    assert first.mean == pytest.approx(1 / 3)
    assert first.std < 0.3  # in the order given the folds would be 1, 0 and 0
    assert first == r_precision(pictures, sentences, own, rivals, folds=3)
    assert first.std != r_precision(pictures, sentences, own, rivals, folds=3, seed=2).std


def test_similarity_of_pairs() -> None:
    pictures, sentences = np.array([[3.0, 0], [1, 1], [0, 0]]), np.array([[2.0, 0], [0, 5], [1, 0]])
    values = [1, 0.5**0.5, 0]
    assert vs_similarity(pictures, sentences) == pytest.approx((np.mean(values), np.std(values)))


def test_ranking_share_counts_ties_half() -> None:
    assert ranking_share(torch.tensor([2.0, 1, 0, 3]), np.array([1.0, 1, 1, 2])) == 0.625
    assert ranking_share(np.zeros((5, 2)), np.zeros((5, 2))) == 0.5
    with pytest.raises(InputError, match="expected the same"):
        ranking_share(np.zeros(3), np.zeros(2))
    with pytest.raises(InputError, match="not empty"):
        ranking_share(np.zeros(0), np.zeros(0))


def test_tables_that_do_not_fit_are_refused() -> None:
    codes, own, rivals = np.ones((4, 3)), np.arange(4), np.zeros((4, 2))
    with pytest.raises(InputError, match="own has shape"):
        own_first(codes, codes, own + 1, rivals)
    with pytest.raises(InputError, match="rivals has shape"):
        own_first(codes, codes, own, own)
    with pytest.raises(InputError, match="3 rows of rivals came for 4 pictures"):
        own_first(codes, codes, own, rivals[:3])
    with pytest.raises(InputError, match="codes of one width"):
        recall_at(codes, codes[:, :2], own)
    with pytest.raises(InputError, match="3 own captions came"):
        recall_at(codes, codes, own[:3])
    with pytest.raises(InputError, match="expected pairs"):
        vs_similarity(codes[:3], codes)
    with pytest.raises(InputError, match="score 'cos' does not exist"):
        recall_at(codes, codes, own, score="cos")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="ties"):
        own_first(codes, codes, own, rivals, ties="fair")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="NaN"):
        own_first(codes * np.nan, codes, own, rivals)
    with pytest.raises(InputError, match=r"number \[1, 2\]"):
        Gallery(("a", "b"), np.zeros(1))
