"""Work shared among processes: in order, begun once a process."""

from __future__ import annotations

from functools import partial

import pytest

from seqgan.data import workers
from seqgan.data.workers import mapped
from seqgan.errors import DataError


@pytest.mark.parametrize("count", [1, 2])
def test_results_come_in_order_however_many_work(count: int) -> None:
    with mapped(partial, (pow, 2), range(9), count, 2) as made:
        assert list(made) == [2**power for power in range(9)]


def test_a_worker_must_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers._Process, "make", None)
    with pytest.raises(DataError, match="before it was started"):
        workers._Process.run(("train", 0))
