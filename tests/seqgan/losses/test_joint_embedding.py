"""The joint embedding of pictures and captions, and distillation, by hand."""

from __future__ import annotations

import pytest
import torch

from seqgan.losses.joint_embedding import class_scores, distillation_terms, joint_embedding_hinge

AXES = torch.eye(3)


def _values(terms: dict) -> dict[str, float]:
    return {name: term.value.item() for name, term in terms.items()}


def test_pairs_that_stand_apart_cost_nothing() -> None:
    assert _values(joint_embedding_hinge(AXES, AXES)) == {"image": 0, "text": 0}
    assert _values(joint_embedding_hinge(torch.zeros(3, 2), torch.zeros(3, 2))) == {"image": 1, "text": 1}
    assert _values(joint_embedding_hinge(AXES, AXES, margin=1.5)) == {"image": 0.5, "text": 0.5}


def test_both_directions_by_hand() -> None:
    image, sent = torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([[1.0, 0.5], [0.0, 3.0]])
    # scores: [[1, 0], [0.5, 3]]; a row's own against its others, a column's own against its others
    assert _values(joint_embedding_hinge(image, sent)) == pytest.approx({"image": 0.0, "text": (0.5 + 0) / 2})


def test_class_mates_are_no_negatives_and_one_pair_has_none() -> None:
    image, sent = torch.zeros(3, 2), torch.zeros(3, 2)
    mates = joint_embedding_hinge(image, sent, torch.tensor([0, 0, 1]))
    assert _values(mates) == {"image": 1, "text": 1}
    assert [int(term.parts[0][1]) for term in mates.values()] == [4, 4]
    assert _values(joint_embedding_hinge(image, sent, torch.tensor([5, 5, 5]))) == {"image": 0, "text": 0}
    assert _values(joint_embedding_hinge(image[:1], sent[:1])) == {"image": 0, "text": 0}


def test_classes_are_told_by_the_mean_of_their_members() -> None:
    members, classes = torch.tensor([[1.0, 0.0], [3.0, 0.0], [0.0, 1.0]]), torch.tensor([0, 0, 2])
    scores = class_scores(torch.tensor([[1.0, 0.0], [1.0, 3.0]]), members, classes, 4)
    assert scores.tolist() == [[2, -float("inf"), 0, -float("inf")], [2, -float("inf"), 3, -float("inf")]]
    assert scores.argmax(1).tolist() == [0, 2]


def test_distillation_measures_length_and_direction() -> None:
    published = torch.tensor([[3.0, 0.0], [0.0, 2.0]])
    assert _values(distillation_terms(published, published)) == pytest.approx({"mse": 0, "cosine": 0}, abs=1e-6)
    assert _values(distillation_terms(2 * published, published)) == pytest.approx(
        {"mse": 13 / 4, "cosine": 0}, abs=1e-6
    )
    assert _values(distillation_terms(-published, published))["cosine"] == pytest.approx(2)


def test_published_embeddings_take_no_gradient_and_must_fit() -> None:
    found, published = torch.randn(2, 3, requires_grad=True), torch.randn(2, 3, requires_grad=True)
    distillation_terms(found, published)["mse"].value.backward()
    assert found.grad is not None and published.grad is None
    with pytest.raises(ValueError, match=r"sentences are \(2, 3\) and embeddings \(2, 4\)"):
        distillation_terms(found, torch.zeros(2, 4))
