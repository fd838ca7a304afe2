"""Frozen judges that teach the labels of a story's panels, told in the panel's own sentence or not (house)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor

from seqgan.losses.labels import label_terms
from seqgan.losses.means import Mean, total
from seqgan.training.tasks.frame_losses import Teacher


@dataclass(frozen=True)
class StoryTeachers:
    """Judges of panels, and the columns of a data set's labels that each of their groups judges."""

    judges: Sequence[Teacher]
    columns: Mapping[str, slice]

    def term(self, panels: Tensor, shown: Tensor) -> Mean:
        """Mean over the judges of the cross-entropy of every label, there or not, added up over a panel; panels (N, 3,
        H, W) in [-1, 1], shown (N, K) of 0 and 1: what the true panels show."""
        targets = {group: shown[:, columns] for group, columns in self.columns.items()}
        found = (label_terms(judge.answers(panels), targets) for judge in self.judges)
        return (1 / len(self.judges)) * total(total(terms.values()) for terms in found)
