"""Every epoch shows every sample once, in an order of its own."""

import numpy as np

from seqgan.data.epochs import Epochs


def test_every_epoch_shows_every_sample_once_in_its_own_order() -> None:
    epochs = Epochs(count=7, batch=3, seed=1)
    seen = np.concatenate([epochs.numbers(step) for step in range(7)])
    one, two, three = seen.reshape(3, 7)
    assert sorted(one) == sorted(two) == sorted(three) == list(range(7))
    assert one.tolist() != two.tolist()


def test_a_step_knows_its_samples_without_those_before() -> None:
    whole = [Epochs(5, 2, 3).numbers(step).tolist() for step in range(9)]
    again = Epochs(5, 2, 3)
    assert [again.numbers(step).tolist() for step in reversed(range(9))] == whole[::-1]
    assert whole != [Epochs(5, 2, 4).numbers(step).tolist() for step in range(9)]
