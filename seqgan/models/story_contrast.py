"""One space for panels and sentences, where a contrastive loss compares them."""

from __future__ import annotations

from torch import Tensor, nn

WIDTH = 128


class PanelSentenceSpace(nn.Module):
    """Two linear maps: of a frame discriminator's features, averaged over places, and of sentences (house).

    It learns on real panels, as the discriminators do, and holds still while the generator learns from it.
    """

    def __init__(self, features: int, text: int, width: int = WIDTH) -> None:
        super().__init__()
        self.panel, self.sentence = nn.Linear(features, width), nn.Linear(text, width)

    def forward(self, features: Tensor, sentences: Tensor) -> tuple[Tensor, Tensor]:
        """features (N, C, h, w), sentences (N, Dt); returns panels and sentences, (N, D) each."""
        return self.panel(features.float().mean((2, 3))), self.sentence(sentences)
