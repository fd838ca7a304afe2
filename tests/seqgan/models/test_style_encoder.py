"""The style encoder: shapes, and that it finds the noise of a generator that can be inverted."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from seqgan.errors import ConfigError
from seqgan.losses.style import style_loss
from seqgan.models.style_encoder import StyleEncoder, StyleEncoderSizes
from seqgan.registry import build

SMALL = StyleEncoderSizes(z=2, width=8, size=8)


class Painter(nn.Module):
    """A toy generator: noise sets red above and green below, the text sets blue."""

    def forward(self, z: Tensor, sent: Tensor) -> Tensor:
        """z (B, 2), sent (B, 1); returns (B, 3, 8, 8)."""
        image = torch.zeros(len(z), 3, 8, 8)
        image[:, 0, :4] = torch.tanh(z[:, 0] / 2)[:, None, None]
        image[:, 1, 4:] = torch.tanh(z[:, 1] / 2)[:, None, None]
        image[:, 2] = torch.tanh(sent)[:, :, None]
        return image


@pytest.mark.parametrize("size", [8, 16, 64, 128])
@pytest.mark.parametrize("batch", [1, 2])
@torch.inference_mode()
def test_every_size_is_read(size: int, batch: int) -> None:
    encoder = StyleEncoder(StyleEncoderSizes(z=5, width=2, size=size)).eval()
    images = torch.rand(batch, 3, size, size) * 2 - 1
    styles = encoder(image=images)
    assert styles.shape == (batch, 5)
    torch.testing.assert_close(encoder(images[:1]), styles[:1], rtol=1e-4, atol=1e-5)


def test_it_recovers_the_noise_whatever_the_text_says() -> None:
    torch.manual_seed(0)
    encoder, painter = StyleEncoder(SMALL), Painter()
    optimizer = torch.optim.Adam(encoder.parameters(), 3e-3)
    for step in range(200):
        for group in optimizer.param_groups:
            group["lr"] = 3e-3 * (1 - step / 200)
        z, sent = torch.randn(64, 2), torch.randn(64, 1)
        optimizer.zero_grad()
        style_loss(z, encoder(painter(z, sent))).value.backward()
        optimizer.step()
    encoder.eval()
    with torch.inference_mode():
        z, sent = torch.randn(256, 2), torch.randn(256, 1)
        found = encoder(painter(z, sent))
        assert style_loss(z, found).value.item() / 2 < 0.05  # of the variance 1 that z has
        assert (found - encoder(painter(z, sent.flip(0)))).square().mean().item() < 0.05


def test_what_does_not_go_is_refused() -> None:
    with pytest.raises(ConfigError, match="24 pixels a side"):
        StyleEncoder(StyleEncoderSizes(size=24))
    with pytest.raises(ValueError, match=r"pictures are \(1, 3, 16, 16\); expected \(B, 3, 8, 8\)"):
        StyleEncoder(SMALL)(torch.zeros(1, 3, 16, 16))


def test_the_registry_builds_it() -> None:
    built = build("style_encoder", {"z": 2, "width": 8, "size": 8})
    assert isinstance(built, StyleEncoder) and built.sizes == SMALL
