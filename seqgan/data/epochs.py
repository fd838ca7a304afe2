"""Which samples a step sees: a function of the step's number alone, so that resume is exact."""

from __future__ import annotations

import numpy as np

from seqgan.errors import DataError


class Epochs:
    """Epoch e is a permutation of `count` samples seeded by (seed, e); its last partial batch joins the next epoch.

    Raises DataError where there are fewer samples than a batch takes.
    """

    def __init__(self, count: int, batch: int, seed: int) -> None:
        if count < batch:
            raise DataError(f"the data has {count} samples, a batch takes {batch}; prepare more, or set training.batch")
        self.count, self.batch, self.seed = count, batch, seed
        self._kept: tuple[int, np.ndarray] = (-1, np.empty(0, np.int64))

    def numbers(self, step: int) -> np.ndarray:
        """The samples of a step, (batch,) int64."""
        places = np.arange(step * self.batch, (step + 1) * self.batch)
        pairs = zip(places // self.count, places % self.count, strict=True)
        return np.array([self._order(int(epoch))[place] for epoch, place in pairs])

    def _order(self, epoch: int) -> np.ndarray:
        if self._kept[0] != epoch:
            self._kept = (epoch, np.random.default_rng([self.seed, epoch]).permutation(self.count))
        return self._kept[1]
