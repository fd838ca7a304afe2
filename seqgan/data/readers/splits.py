"""How published sets say which class is for training and which for testing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from seqgan.data.readers.entries import Report, by_hash, read_names, read_numbers
from seqgan.errors import DataError

PICKLES = "filenames.pickle of train and test"
LISTS = ("testclasses.txt", "trainvalclasses.txt")


@dataclass(frozen=True)
class ClassSplit:
    """A split by class: names with their split where pickles list them, else the classes of the test split."""

    told: str
    listed: tuple[tuple[str, str], ...] = ()
    test: frozenset[str] = frozenset()

    @classmethod
    def read(
        cls, places: Sequence[Path], classes: Iterable[str], test_share: float, report: Report, seed: int = 0
    ) -> ClassSplit:
        """Read the split from pickles, else from class lists, else make one by hash, which goes into the report.

        Raises DataError for a damaged or hostile pickle, and one of train and test without the other.
        """
        if (listed := read_listed(places, ("train", "test"))) is not None:
            return cls(PICKLES, tuple(listed))
        known = set(classes)
        for place in places:
            if (place / LISTS[0]).is_file():
                named = frozenset((place / LISTS[0]).read_text(encoding="utf-8").split()) & known
                return cls(LISTS[0], test=_some(named, known, place / LISTS[0]))
        report.add(f"{places[0]} has neither train/filenames.pickle nor {LISTS[0]}: classes were split by hash, not as "
                   "published")  # fmt: skip
        count = min(max(1, round(len(known) * test_share)), len(known) - 1)
        return cls("hash of the class, not as published", test=frozenset(by_hash(known, seed)[:count]))

    def names(self, known: Mapping[str, object], class_of: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
        """Every name with its split; without `class_of` a name begins with its class and a slash."""
        if self.listed:
            return list(self.listed)
        kinds = class_of or {name: name.split("/")[0] for name in known}
        return [(name, "test" if kinds[name] in self.test else "train") for name in known if name in kinds]


def _some(named: frozenset[str], known: set[str], path: Path) -> frozenset[str]:
    if not named or named == known:
        raise DataError(f"{path} names {'no class' if not named else 'every class'} of the set; get the list of the "
                        "captions' authors")  # fmt: skip
    return named


def read_listed(places: Iterable[Path], splits: Sequence[str]) -> list[tuple[str, str]] | None:
    """(name, split) of the filenames.pickle of each split, None where there is none at all.

    Raises DataError where one is missing and another is there, a name stands in two, or class_info.pickle, if it is
    there, gives a class two numbers or two classes one.
    """
    for place in places:
        found = {split: place / split / "filenames.pickle" for split in splits}
        there = [path for path in found.values() if path.is_file()]
        if there and len(there) < len(found):
            lacking = next(path for path in found.values() if path not in there)
            raise DataError(f"{lacking} is missing, though {there[0]} is there; get both of the official repository")
        if there:
            listed = [(name, split) for split, path in found.items() for name in read_names(path)]
            _check_twice(listed, place)
            _check_numbers(found, place)
            return listed
    return None


def _check_twice(listed: Sequence[tuple[str, str]], place: Path) -> None:
    splits: dict[str, str] = {}
    for name, split in listed:
        if name in splits:
            raise DataError(f"{place}: {name} stands twice, in {splits[name]} and {split}; get filenames.pickle anew")
        splits[name] = split


def _check_numbers(found: Mapping[str, Path], place: Path) -> None:
    """That class_info.pickle, where there is one, gives each class folder one number and each number one folder."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for path in found.values():
        info = path.with_name("class_info.pickle")
        if info.is_file():
            names = read_names(path)
            for name, number in zip(names, read_numbers(info, len(names)), strict=True):
                numbers[name.rpartition("/")[0]].add(number)
    if len(numbers) > 1 and (odd := [name for name, each in numbers.items() if len(each) > 1]):
        raise DataError(f"{place}: class_info.pickle gives {odd[0]} several numbers; it is of another list of names")
