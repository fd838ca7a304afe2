"""Oxford-102 flowers with the captions of Reed et al., as StackGAN, HDGAN and TAC-GAN lay them out.

    FOLDER/jpg/image_00001.jpg                       8,189 pictures; class folders below jpg/ will do as well
    FOLDER/text_c10/class_00001/image_06734.txt      ten captions, one a line; or text/
    FOLDER/{train,test}/filenames.pickle             "jpg/image_00001": 82 and 20 classes
    FOLDER/imagelabels.mat                           needed only where captions lie in no class folders

Where the pickles are missing, classes are split by the lists of the captions' authors (testclasses.txt), else by hash;
dataset.json says which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from seqgan.data.readers.entries import PICTURES, Entry, Report, captions_of, find_one
from seqgan.data.readers.splits import ClassSplit
from seqgan.errors import DataError

PUBLISHED = 8_189
TEST_SHARE = 20 / 102
"""Classes that are published as test."""
CAPTIONS = 10
LICENCE = "pictures: gathered from the web for research, Oxford VGG; captions: Reed et al. 2016"


def oxford102_entries(
    folder: Path, captions: int = CAPTIONS, report: Report | None = None, text: Path | None = None, seed: int = 0
) -> tuple[list[Entry], str]:
    """Entries of the set and how its classes were split; `text` is where captions and pickles lie, if elsewhere.

    Raises DataError where a file of the layout is missing, damaged, hostile, or does not fit the others.
    """
    report, places = report or Report(), [folder, *([text] if text else [])]
    files = _files(find_one(places, "jpg", what="the published pictures"))
    written = find_one(places, "text_c10", "text", what="captions, one folder a class")
    texts = {path.stem: path for path in sorted(written.rglob("image_*.txt"))}
    kinds = _classes(files, texts, written, places)
    split = ClassSplit.read(places, kinds.values(), TEST_SHARE, report, seed)
    named = [(name.rsplit("/", 1)[-1], part) for name, part in split.names(files, kinds)]
    for name in sorted(files.keys() - {name for name, _ in named}):
        report.add(f"{name}: {'no caption and no class' if name not in kinds else 'no list'} names it, left out")
    return list(_entries(named, files, texts, kinds, captions, report)), split.told


def _entries(
    named: Sequence[tuple[str, str]], files: Mapping[str, Path], texts: Mapping[str, Path], kinds: Mapping[str, str],
    captions: int, report: Report,
) -> Iterator[Entry]:  # fmt: skip
    for name, split in named:
        if name not in texts or name not in kinds:
            report.add(f"{name}: has no text file, left out")
            continue
        told = captions_of(name, texts[name], captions, report)
        if told:
            file = files.get(name, Path("jpg") / f"{name}.jpg")
            yield Entry(name, split, told, file, {"class": kinds[name]}, kinds[name])


def _files(folder: Path) -> dict[str, Path]:
    files = {path.stem: path for path in sorted(folder.rglob("image_*")) if path.suffix.lower() in PICTURES}
    if not files:
        raise DataError(f"{folder} holds no image_00001.jpg and the like; unpack 102flowers.tgz there")
    return files


def _classes(
    files: Mapping[str, Path], texts: Mapping[str, Path], written: Path, places: Sequence[Path]
) -> dict[str, str]:
    """Picture to class, by the folders of the captions, else of the pictures, else by imagelabels.mat."""
    for found, top in ((texts, written.name), (files, "jpg")):
        kinds = {name: path.parent.name for name, path in found.items()}
        if kinds and top not in kinds.values():
            return kinds
    labels = read_labels(find_one(places, "imagelabels.mat", what="the classes, as no folder tells them"))
    numbers = {name: int(digits) for name in files if (digits := name.rpartition("_")[2]).isdigit()}
    if beyond := [name for name, number in numbers.items() if not 1 <= number <= len(labels)]:
        raise DataError(f"imagelabels.mat has {len(labels)} classes of pictures, none for {beyond[0]}; get it anew")
    return {name: f"class_{labels[number - 1]:05d}" for name, number in numbers.items()}


def read_labels(path: Path) -> np.ndarray:
    """The class of every picture in imagelabels.mat, (N,) whole numbers from 1.

    Raises DataError for a damaged file, and where scipy, which reads it, is not installed.
    """
    try:
        from scipy.io import loadmat
    except ImportError:
        raise DataError(f"{path} needs scipy to be read: pip install 'seqgan-studio[eval]', or lay the captions out in "
                        "class folders as text_c10/class_00001/image_06734.txt") from None  # fmt: skip
    try:
        return np.asarray(loadmat(str(path), variable_names=["labels"])["labels"]).reshape(-1).astype(np.int64)
    except Exception as error:  # a damaged file fails in any way it likes
        raise DataError(f"{path} is no table of labels ({type(error).__name__}: {error}); get it anew") from None
