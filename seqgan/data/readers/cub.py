"""CUB-200-2011 birds with the captions of Reed et al., as AttnGAN, StackGAN and HDGAN lay them out.

    FOLDER/CUB_200_2011/{images/, images.txt, bounding_boxes.txt}
    FOLDER/text/CLASS/NAME.txt                              ten captions, one a line; or text_c10/
    FOLDER/{train,test}/{filenames,class_info}.pickle       150 and 50 classes

Birds are cropped to a box around them (sheet A.9 of AttnGAN). Where the pickles are missing, classes are split by the
lists of the captions' authors (trainvalclasses.txt, testclasses.txt), else by hash; dataset.json says which.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from seqgan.data.readers.entries import Box, Entry, Report, captions_of, check_name, find_one
from seqgan.data.readers.splits import ClassSplit
from seqgan.errors import DataError

PUBLISHED = 11_788
TEST_SHARE = 50 / 200
"""Classes that are published as test."""
CAPTIONS = 10
LICENCE = "pictures: research and education without profit, Caltech; captions: Reed et al. 2016"


def cub_entries(
    folder: Path, captions: int = CAPTIONS, report: Report | None = None, text: Path | None = None, seed: int = 0
) -> tuple[list[Entry], str]:
    """Entries of the set and how its classes were split; `text` is where captions and pickles lie, if elsewhere.

    Raises DataError where a file of the layout is missing, damaged, hostile, or does not fit the others.
    """
    report, places = report or Report(), [folder, *([text] if text else [])]
    birds = find_one(places, "CUB_200_2011", what="the published pictures")
    boxes = read_boxes(birds)
    written = find_one(places, "text", "text_c10", what="captions, one folder a class")
    split = ClassSplit.read(places, [name.split("/")[0] for name in boxes], TEST_SHARE, report, seed)
    named = split.names(boxes)
    return list(_entries(named, boxes, birds, written, captions, report)), split.told


def _entries(
    named: Sequence[tuple[str, str]], boxes: dict[str, Box], birds: Path, written: Path, captions: int, report: Report
) -> Iterator[Entry]:
    for name, split in named:
        if name not in boxes:
            report.add(f"{name}: images.txt and bounding_boxes.txt do not name it, left out")
            continue
        kind = name.split("/")[0]
        told = captions_of(name, written / f"{name}.txt", captions, report)
        if told:
            crop = partial(box_crop, boxes[name])
            yield Entry(name, split, told, birds / "images" / f"{name}.jpg", {"class": kind}, kind, crop)


def box_crop(box: Box, width: int, height: int) -> Box:
    """The part of a picture around a box (x, y, w, h): a square of 1.5 times its longer side, clipped to the picture.

    >>> box_crop((60, 27, 325, 304), 500, 335)
    (0, 0, 465, 335)
    """
    x, y, w, h = box
    reach = int(0.75 * max(w, h))
    across, down = int((2 * x + w) / 2), int((2 * y + h) / 2)
    return max(0, across - reach), max(0, down - reach), min(width, across + reach), min(height, down + reach)


def read_boxes(birds: Path) -> dict[str, Box]:
    """Name without ending to its box (x, y, w, h) in whole pixels, in the order of images.txt.

    Raises DataError where the two tables are missing, cut off, or of other numbers.
    """
    table = birds / "images.txt"
    names = {row[0]: check_name(row[1].rsplit(".", 1)[0], table) for row in _table(table, 2)}
    boxes = {row[0]: row[1:] for row in _table(birds / "bounding_boxes.txt", 5)}
    if lacking := sorted(names.keys() ^ boxes.keys()):
        raise DataError(f"{birds}: picture {lacking[0]} stands in one of images.txt and bounding_boxes.txt alone; one "
                        "of them is cut off, unpack the archive again")  # fmt: skip
    return {name: _box(boxes[number], birds) for number, name in names.items()}


def _box(row: Sequence[str], birds: Path) -> Box:
    try:
        x, y, w, h = (int(float(number)) for number in row)
    except ValueError:
        raise DataError(f"{birds / 'bounding_boxes.txt'} has a box {' '.join(row)!r}; expected four numbers") from None
    return x, y, w, h


def _table(path: Path, columns: int) -> list[list[str]]:
    try:
        rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeError) as error:
        raise DataError(f"{path} cannot be read ({error}); unpack the archive again") from None
    for number, row in enumerate(rows, start=1):
        if len(row) != columns:
            raise DataError(f"{path} line {number} has {len(row)} words, expected {columns}; unpack the archive again")
    return rows
