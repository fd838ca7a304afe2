"""What sentence encoders are trained with: the joint embedding of pictures and captions, and published embeddings."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from seqgan.losses.means import Mean, mean


def joint_embedding_hinge(
    image: Tensor, sent: Tensor, classes: Tensor | None = None, margin: float = 1.0, mates: Tensor | None = None
) -> dict[str, Mean]:
    """The symmetric hinge of deep structured joint embeddings (Reed et al. 2016, eq. 2, by its convex surrogate).

    image (B, D) picture features, sent (B, D) sentences, pairs in the same row; a score is their inner product. Term
    "image": the own caption of a picture should score higher than every other one by `margin`; "text": the own picture
    of a caption likewise. Each is a mean over the pairs of the batch that are no match. Where classes (B,) are given,
    others of one class are no negatives; nor are the captions that mates (B, B) says may be said of a picture. A batch
    without negatives costs 0.
    """
    scores = image.float() @ sent.float().T  # (B, B), rows pictures, columns captions
    own, others = scores.diagonal(), ~torch.eye(len(scores), dtype=torch.bool, device=scores.device)
    if classes is not None:
        others &= classes[:, None] != classes[None]
    if mates is not None:
        others &= ~mates
    count = others.sum()
    return {
        "image": Mean.ratio(F.relu(margin - own[:, None] + scores)[others].sum(), count),
        "text": Mean.ratio(F.relu(margin - own[None] + scores)[others].sum(), count),
    }


def class_scores(queries: Tensor, members: Tensor, classes: Tensor, count: int) -> Tensor:
    """How near queries (Q, D) are to each of `count` classes: the mean of their inner products with its members.

    members (M, D) with classes (M,) int64. Returns (Q, count), -inf for a class without members; the argmax of a row is
    its class (Reed et al. 2016, eq. 3 with pictures as queries and sentences as members, eq. 4 the other way round).
    """
    sums = members.new_zeros(count, members.shape[1]).float().index_add_(0, classes, members.float())
    sizes = torch.bincount(classes, minlength=count)
    scores = queries.float() @ (sums / sizes.clamp(min=1)[:, None]).T  # (Q, count)
    return scores.masked_fill(sizes == 0, float("-inf"))


def distillation_terms(found: Tensor, published: Tensor) -> dict[str, Mean]:
    """How far sentences (B, D) are from published embeddings of the same captions (B, D), house: "mse", the squared
    difference, and "cosine", one less their cosine; means. The published ones take no gradient. Raises ValueError
    where shapes differ."""
    if found.shape != published.shape:
        raise ValueError(
            f"sentences are {tuple(found.shape)} and embeddings {tuple(published.shape)}; give the encoder the size of "
            "the embeddings, one row a caption"
        )
    found, published = found.float(), published.detach().float()
    return {
        "mse": mean((found - published).square()),
        "cosine": mean(1 - F.cosine_similarity(found, published, dim=1)),
    }
