"""The gist of a clip: a first picture, drawn of the text by a conditional VAE, in one piece or in two layers."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from seqgan.layers.blocks import low_rank
from seqgan.models.backdrop import SCENE, Backdrop
from seqgan.models.gan_cls import FrameGenerator
from seqgan.models.gtt2v_sizes import HALVINGS, GTT2VSizes
from seqgan.text.captions import HIDDEN
from seqgan.text.encoders import FROZEN_SIZE

SPREAD = 0.6
"""Standard deviation of a palette's colours to begin with, before their tanh."""
LOOKS = 4
"""Numbers of a frozen vector that colours are read from."""
SHARP = 8.0
"""Of the shares that a figure has of its colours, so that one can have nearly all of a pixel."""


@dataclass(frozen=True)
class Gist:
    """A gist: picture (B, 3, H, W) in [-1, 1], and the Gaussians of its code, posterior and prior: mu and logvar (B,
    Dz) each, None where nothing was encoded or nothing is drawn; and the backdrop (B, 3, H, W) of one drawn in two
    layers."""

    picture: Tensor
    posterior: tuple[Tensor, Tensor] | None = None
    prior: tuple[Tensor, Tensor] | None = None
    backdrop: Tensor | None = None


class GistCVAE(nn.Module):
    """The conditional VAE of a first frame: q(z | frame, text), p(z | text), and the core's frame generator for
    p(frame | z, text)."""

    def __init__(self, sizes: GTT2VSizes) -> None:
        super().__init__()
        self.latent = sizes.latent
        self.eta = nn.Sequential(PictureEncoder(3, sizes), nn.LeakyReLU(0.2))
        self.posterior = nn.Linear(sizes.code + sizes.cond, 2 * sizes.latent)
        hidden = nn.Linear(sizes.cond, sizes.code)
        ends = nn.Linear(sizes.code, 2 * sizes.latent)
        self.prior = nn.Sequential(hidden, nn.ReLU(), ends) if sizes.prior == "text" else None
        self.colours = sizes.colours
        outs = (sizes.colours or 3) + (1 if sizes.layered else 0)
        self.decoder = FrameGenerator(
            sizes.cond, sizes.latent, sizes.base, 4 * sizes.still, sizes.still, outs=outs
        )  # fmt: skip
        self.backdrop = Backdrop(sizes.backdrop, sizes.size) if sizes.layered else None

    def forward(self, cond: Tensor, own: Tensor, eps: Tensor, first: Tensor | None) -> Gist:
        """cond (B, Dc), own (B, Ds), what a backdrop alone reads and the colours of a palette, eps (B, Dz); from the
        posterior of a frame `first` (B, 3, H, W), or from the prior."""
        prior = self._prior(cond)
        posterior = None if first is None else self._posterior(cond, first)
        mu, logvar = posterior or prior
        z = mu + (logvar / 2).exp() * eps  # (B, Dz)
        drawn = self.decoder(cond, z)  # (B, 3, H, W), in two layers (B, 4 or K + 1, H, W)
        if self.backdrop is None:
            return Gist(drawn, posterior, prior)
        cover, backdrop = (1 + drawn[:, -1:]) / 2, self.backdrop(own[:, :SCENE])
        figure = coloured(drawn[:, :-1], own[:, SCENE:]) if self.colours else drawn[:, :-1]
        picture = cover * figure + (1 - cover) * backdrop.detach()  # or it would draw figures, and itself less well
        return Gist(picture, posterior, prior, backdrop)

    def _posterior(self, cond: Tensor, first: Tensor) -> tuple[Tensor, Tensor]:
        mu, logvar = self.posterior(torch.cat([self.eta(first), cond], 1)).float().chunk(2, 1)
        return mu, logvar

    def _prior(self, cond: Tensor) -> tuple[Tensor, Tensor]:
        if self.prior is None:
            nothing = cond.new_zeros(len(cond), self.latent).float()
            return nothing, nothing
        mu, logvar = self.prior(cond).float().chunk(2, 1)
        return mu, logvar


class Palette(nn.Module):
    """Colours that words add up to (house): a word moves each colour by itself, whatever else is said, so that who has
    dark skin when juggling has it when dancing, too. What has no known word is read by its frozen vector."""

    def __init__(self, sizes: GTT2VSizes) -> None:
        super().__init__()
        self.usual = nn.Parameter(torch.randn(3 * sizes.colours) * SPREAD)
        self.words = nn.Embedding(sizes.vocabulary, 3 * sizes.colours)
        self.frozen = low_rank(FROZEN_SIZE, 3 * sizes.colours, LOOKS)
        nn.init.normal_(self.words.weight, 0.0, SPREAD / 10)

    def forward(self, tokens: Tensor, frozen: Tensor) -> Tensor:
        """tokens (B, L) int64, frozen (B, 512); returns colours (B, 3 K) before their tanh, channel by channel."""
        known = (tokens > HIDDEN)[:, :, None]
        told = (self.words(tokens) * known).sum(1)  # (B, 3 K)
        return self.usual + torch.where(known.any(1), told, self.frozen(frozen))


def coloured(shares: Tensor, colours: Tensor) -> Tensor:
    """shares (B, K, H, W) in [-1, 1], the largest of them nearly alone, of colours (B, 3 K); returns pictures (B, 3, H,
    W) in [-1, 1]."""
    parts = torch.softmax(SHARP * shares, 1)  # (B, K, H, W)
    return torch.einsum("bkhw,bck->bchw", parts, torch.tanh(colours.float()).unflatten(1, (3, -1)))


class PictureEncoder(nn.Sequential):
    """A picture (B, ins, H, W) halved four times, then as a row (B, code)."""

    def __init__(self, ins: int, sizes: GTT2VSizes) -> None:
        wide, grid = (ins, *encoder_widths(sizes)), sizes.base[0] * sizes.base[1]
        halves = [layer for k in range(HALVINGS) for layer in _half(wide[k], wide[k + 1], norm=k > 0)]
        super().__init__(*halves, nn.Flatten(), nn.Linear(wide[-1] * grid, sizes.code))

    def with_maps(self, picture: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The row, and the four maps before it, (B, C, H/2, W/2) to (B, 4C, H/16, W/16)."""
        x, maps = picture, list[Tensor]()
        for layer in self:
            x = layer(x)
            if isinstance(layer, nn.LeakyReLU):
                maps.append(x)
        return x, maps


def encoder_widths(sizes: GTT2VSizes) -> tuple[int, int, int, int]:
    """Channels of the maps of a picture's encoder, the largest map first."""
    return sizes.still, 2 * sizes.still, 3 * sizes.still, 4 * sizes.still


def _half(ins: int, outs: int, norm: bool) -> list[nn.Module]:
    layers: list[nn.Module] = [nn.Conv2d(ins, outs, 4, 2, 1, bias=not norm)]
    return [*layers, *([nn.BatchNorm2d(outs)] if norm else []), nn.LeakyReLU(0.2)]
