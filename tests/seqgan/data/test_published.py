"""Published embeddings beside the captions of a data set: by name, by order, and what does not fit."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seqgan.data.manifest import read_records
from seqgan.data.published import read_embeddings, read_published
from seqgan.errors import DataError
from tests.seqgan.tiny_pictures import tiny_pictures

LETTERS = "rgbyonplh"
MAP = np.random.default_rng(3).standard_normal((len(LETTERS), 6))


def embedding(caption: str) -> np.ndarray:
    """What the tests' publisher makes of a caption: its letters, counted and mixed."""
    return (np.array([caption.count(letter) for letter in LETTERS]) - 1.0) @ MAP


def write_embeddings(data: Path, path: Path, splits: tuple[str, ...] = ("train", "val"), protocol: int = 2) -> Path:
    """Embeddings of the captions of some splits in the order of the manifest, as the published file holds them."""
    records = [record for record in read_records(data) if record["split"] in splits]
    vectors = np.array([[embedding(caption) for caption in record["text"]] for record in records], np.float32)
    path.write_bytes(pickle.dumps(vectors, protocol))
    return path


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_pictures(tmp_path_factory.mktemp("published") / "tiny", 16)


def _pickled(path: Path, held: Any) -> Path:
    path.write_bytes(pickle.dumps(held, 2))
    return path


@pytest.mark.parametrize("splits", [("train", "val"), ("test",), ("train", "val", "test")])
def test_in_the_order_of_the_manifest_every_caption_has_its_own(
    data: Path, tmp_path: Path, splits: tuple[str, ...]
) -> None:
    published = read_published(write_embeddings(data, tmp_path / "file.pickle", splits), data)
    assert len(published.captions) == 3 * len(published.splits) and set(published.splits) == set(splits)
    assert published.vectors.dtype == np.float32 and published.vectors.shape == (len(published.captions), 6)
    for caption, vector in zip(published.captions, published.vectors, strict=True):
        np.testing.assert_allclose(vector, embedding(caption), rtol=1e-5, atol=1e-5)


def test_by_name_in_any_order_and_without_those_that_were_left_out(data: Path, tmp_path: Path) -> None:
    records = list(read_records(data))[:7]
    order = np.random.default_rng(0).permutation(len(records))
    vectors = np.array([[embedding(caption) for caption in record["text"]] for record in records], np.float32)
    names = [f"jpg/{records[row]['id']}".encode("latin-1") for row in order] + ["jpg/gone"]
    _pickled(tmp_path / "filenames.pickle", names)
    published = read_published(_pickled(tmp_path / "e.pickle", np.concatenate([vectors[order], vectors[:1]])), data)
    assert len(published.captions) == 21
    for caption, vector in zip(published.captions, published.vectors, strict=True):
        np.testing.assert_allclose(vector, embedding(caption), rtol=1e-5, atol=1e-5)


def test_what_is_held_out_is_of_other_pictures(data: Path, tmp_path: Path) -> None:
    learnt, held = read_published(write_embeddings(data, tmp_path / "file.pickle"), data).held_out()
    assert {learnt.splits[picture] for picture in learnt.pictures} == {"train"}
    assert {held.splits[picture] for picture in held.pictures} == {"val"} and len(held.captions) == 48
    learnt, held = read_published(write_embeddings(data, tmp_path / "test.pickle", ("test",)), data).held_out(0.1)
    assert len(held.captions) == len(held.vectors) == 6 and not set(held.pictures) & set(learnt.pictures)


def test_counts_that_do_not_fit_are_told(data: Path, tmp_path: Path) -> None:
    odd = _pickled(tmp_path / "odd.pickle", np.zeros((5, 3, 2), np.float32))
    with pytest.raises(DataError, match="of 5 pictures, the data set has 80 for training and validation and 16 for"):
        read_published(odd, data)
    few = _pickled(tmp_path / "few.pickle", np.zeros((16, 2, 2), np.float32))
    with pytest.raises(DataError, match="of 2 captions a picture, the data has up to 3; prepare it with --captions 2"):
        read_published(few, data)
    _pickled(tmp_path / "filenames.pickle", ["a", "b"])
    with pytest.raises(DataError, match=r"of 5 pictures, .*filenames.pickle names 2; get both anew"):
        read_published(odd, data)
    _pickled(tmp_path / "filenames.pickle", list("abcde"))
    with pytest.raises(DataError, match=r"no picture of the data set is in .*\(a, ...\), its own are red-ring-plain-0"):
        read_published(odd, data)


@pytest.mark.parametrize(
    ("held", "came"),
    [(np.zeros((3, 4)), r"array \(3, 4\)"), ({}, "dict"), ([[[1.0], [1.0, 2.0]]], "list"), ([], r"array \(0,\)"),
     (np.array([["a"]]), "ndarray")],
)  # fmt: skip
def test_what_is_no_table_of_embeddings_is_refused(tmp_path: Path, held: Any, came: str) -> None:
    with pytest.raises(DataError, match=f"holds a {came}; expected embeddings"):
        read_embeddings(_pickled(tmp_path / "file.pickle", held))


def test_lists_will_do_and_broken_numbers_will_not(tmp_path: Path) -> None:
    vectors = np.arange(12.0).reshape(2, 3, 2)
    assert np.array_equal(read_embeddings(_pickled(tmp_path / "list.pickle", vectors.tolist())), vectors)
    vectors[1, 1, 1] = np.nan
    with pytest.raises(DataError, match="numbers that are not finite"):
        read_embeddings(_pickled(tmp_path / "nan.pickle", vectors))


def test_a_data_set_of_another_kind_is_refused(data: Path, tmp_path: Path) -> None:
    about = json.loads((data / "dataset.json").read_text())
    (tmp_path / "dataset.json").write_text(json.dumps({**about, "kind": "story"}))
    with pytest.raises(DataError, match="holds story data; expected pictures"):
        read_published(tmp_path / "none.pickle", tmp_path)
