"""Which captions are right and wrong for which pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from seqgan.data.pictures import Picture, PictureData, write_pictures
from seqgan.errors import DataError
from seqgan.text.encoders import TextFeatures
from seqgan.training.captions import CaptionFeatures, Captions, fewest_rivals
from tests.seqgan.tiny_pictures import tiny_pictures

RNG = np.random.default_rng(0)


def test_equal_captions_have_one_number(pictures: Path) -> None:
    captions = Captions(PictureData.open(pictures, "train"))
    assert len(captions.texts) == 8 + 2 * 8 * 2  # a name; two captions of each name in each style
    assert all(len(own) == 3 for own in captions.own)
    drawn = captions.draw(np.arange(64), RNG)
    assert all(number in own for number, own in zip(drawn, captions.own, strict=True))


def test_wrong_captions_are_none_of_the_pictures_own(pictures: Path) -> None:
    captions = Captions(PictureData.open(pictures, "train"))
    for near in (0.0, 1.0):
        for _ in range(5):
            wrong = captions.draw_wrong(np.arange(64), RNG, near)
            assert not any(number in own for number, own in zip(wrong, captions.own, strict=True))
    texts = [captions.texts[number] for number in captions.draw_wrong(np.arange(64), RNG, 1.0)]
    kin = sum(record["source"] in text for record, text in zip(captions_records(pictures), texts, strict=True))
    assert kin > 32  # most are of the same concept in the other style


def captions_records(pictures: Path) -> list[dict[str, str]]:
    return PictureData.open(pictures, "train").records


def test_by_class_a_class_mates_caption_is_not_wrong(tmp_path: Path) -> None:
    captions = Captions(PictureData.open(tiny_pictures(tmp_path / "c", mismatch="class"), "train"))
    for _ in range(5):
        wrong = [captions.texts[number] for number in captions.draw_wrong(np.arange(64), RNG, 0.5)]
        names = [record["labels"]["class"] for record in captions_records(tmp_path / "c")]
        assert not any(name in text for name, text in zip(names, wrong, strict=True))


def test_mates_of_a_batch(pictures: Path) -> None:
    data = PictureData.open(pictures, "train")
    captions = Captions(data)
    rows = np.array([0, 1, 4])  # two of one concept and style, then the other style
    named = captions.mates(rows, np.array([captions.own[row][0] for row in rows]))
    assert named.all()  # the bare name fits both styles
    styled = captions.mates(rows, np.array([captions.own[row][1] for row in rows]))
    assert styled.tolist() == [[True, True, False], [True, True, False], [False, False, True]]


def test_a_set_without_a_wrong_caption_is_refused(tmp_path: Path) -> None:
    about = {"name": "t", "size": [4, 4], "crop": [4, 4], "flip": False, "mismatch": "caption", "licence": "x"}
    write_pictures(
        tmp_path / "s", [Picture("a", "train", ("b",), np.zeros((4, 4, 3), np.uint8), {}, "a")], about, progress=False
    )
    with pytest.raises(DataError, match="no caption of another picture is wrong"):
        Captions(PictureData.open(tmp_path / "s", "train")).draw_wrong(np.array([0]), RNG)


def test_features_are_looked_up_and_cut_to_the_longest() -> None:
    class Reader:
        size = 2

        def __call__(self, captions: list[str]) -> TextFeatures:
            lengths = torch.tensor([len(text) for text in captions])
            mask = torch.arange(int(lengths.max())) >= lengths[:, None]
            words = (~mask).float()[:, None].expand(-1, 2, -1) * lengths[:, None, None]
            return TextFeatures(lengths[:, None].float().expand(-1, 2), words, mask)

    features = CaptionFeatures(["aaaa", "b", "cc"], Reader(), batch=2)
    found = features.take(np.array([2, 1]))
    assert found.sent_emb.tolist() == [[2, 2], [1, 1]]
    assert found.word_embs[:, 0].tolist() == [[2, 2], [1, 0]]
    assert found.pad_mask.tolist() == [[False, False], [False, True]]


def test_fewest_rivals_counts_different_captions() -> None:
    assert fewest_rivals([["a", "b"], ["A", "c"], ["d"]]) == 2
