"""Which of the data's clusters of panels a frame belongs to, read off what a discriminator sees."""

from __future__ import annotations

from torch import Tensor, nn


class ClusterHead(nn.Module):
    """A linear map of a frame discriminator's features, averaged over places (house).

    It learns on real panels, as the discriminators do, and holds still while the generator learns from it.
    """

    def __init__(self, features: int, clusters: int) -> None:
        super().__init__()
        self.name = nn.Linear(features, clusters)

    def forward(self, features: Tensor) -> Tensor:
        """features (N, C, h, w); returns a logit a cluster, (N, K)."""
        return self.name(features.float().mean((2, 3)))
