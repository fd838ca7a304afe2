"""Which name of each label group a clip has, where it has exactly one; what figures of clips count.

dataset.json may say under "counted" which names of a group take part in figures, {"actions": ["waving", ...]}, such as
those of actions that many personas have; of other groups all names do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from seqgan.checks import check_choice
from seqgan.data.manifest import Record
from seqgan.data.sequences import SequenceData
from seqgan.errors import ConfigError, DataError

CELL = ("personas", "actions")
"""The groups that make a cell; clips of one cell are near in looks and motion, and so are counted as one unit."""


def counted(about: Record, group: str) -> tuple[str, ...]:
    """The names of a group that figures are over. Raises DataError for one that the group does not have."""
    known = about["groups"][group]
    wanted = about.get("counted", {}).get(group, known)
    if strange := sorted(set(wanted) - set(known)):
        raise DataError(f"{about['name']} counts the {group} {', '.join(strange)}, which `groups` does not name; "
                        "prepare the data set again")  # fmt: skip
    return tuple(wanted)


def names_of(data: SequenceData, group: str, names: Sequence[str]) -> np.ndarray:
    """Which of `names` each clip has, (C,) int64: -1 where it has none of a group's names, several, or another."""
    labels, known = data.labels[group], list(data.about["groups"][group])
    rows = np.full(len(known), -1)
    rows[[known.index(name) for name in names]] = np.arange(len(names))
    return np.where(labels.sum(1) == 1, rows[labels.argmax(1)], -1).astype(np.int64)


def judged_groups(data: SequenceData, wanted: Sequence[str] = ()) -> dict[str, tuple[str, ...]]:
    """Group -> counted names, of the groups asked for, or of all in which clips have one name of several.

    Raises ConfigError for a group that the data does not have or that tells nothing apart, DataError where no group
    does.
    """
    for group in wanted:
        check_choice("label group", group, data.about["groups"], ConfigError)
    every = {group: counted(data.about, group) for group in sorted(wanted or data.about["groups"])}
    apart = {group: names for group, names in every.items() if len(set(_told(data, group, names))) > 1}
    if missing := sorted(set(wanted) - set(apart)):
        raise ConfigError(f"the training clips of {data.about['name']} do not tell {missing[0]} apart: each needs one "
                          "name, and two clips different ones; leave it out of groups")  # fmt: skip
    if not apart:
        raise DataError(f"no label group of {data.about['name']} tells its clips apart; a judge needs clips of one "
                        "name each")  # fmt: skip
    return apart


def _told(data: SequenceData, group: str, names: Sequence[str]) -> list[int]:
    """Names that clips are told by."""
    found = names_of(data, group, names) if names else np.zeros(0, np.int64)
    return found[found >= 0].tolist()


def cells_of(data: SequenceData) -> np.ndarray:
    """A number a clip, (C,) int64, equal in clips of one cell; where the data has no such groups, each is its own."""
    groups: Mapping[str, np.ndarray] = {group: data.labels[group] for group in CELL if group in data.labels}
    if not groups:
        return np.arange(len(data.clips))
    return np.unique(np.concatenate(list(groups.values()), 1), axis=0, return_inverse=True)[1].reshape(-1)
