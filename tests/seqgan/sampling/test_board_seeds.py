"""An evaluation draws what a board would: the seeds are those that boards record."""

from __future__ import annotations

import pytest

from seqgan.errors import InputError
from seqgan.sampling.noise import board_seeds
from studio.document.seeds import panel_seed, take_seed


@pytest.mark.parametrize(("seed", "take"), [(0, 0), (7, 2)])
def test_seeds_are_those_of_a_board(seed: int, take: int) -> None:
    assert board_seeds(seed, 4, take) == [take_seed(panel_seed(seed, ordinal), take) for ordinal in range(4)]


def test_more_panels_leave_the_first_alone() -> None:
    assert board_seeds(0, 9)[:3] == board_seeds(0, 3)
    assert len(set(board_seeds(0, 100))) == 100


def test_negative_numbers_are_refused() -> None:
    with pytest.raises(InputError, match="board seed -1"):
        board_seeds(-1, 3)
