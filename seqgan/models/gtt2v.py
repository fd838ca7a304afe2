"""Video generation from text (Li et al. 2018), in the house form: a gist, Text2Filter, a clip in three streams.

    text -> psi -> z_g -> gist -> Text2Filter -> g -> [g; psi; n] -> foreground, mask, background -> clip

The paper's code was never published; what the printed text leaves open is decided here. A gist is a first picture of
the clip: drawn by the CVAE, drawn by a frame generator of the core, or given. The gist's decoder, the background and
the frame discriminator are the very networks of the core; mask, foreground and background are those of VGAN (Vondrick
et al. 2016). Clips have 16 frames or a multiple of them, and 16 times the base grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from seqgan.layers.blocks import low_rank
from seqgan.layers.dynamic_filter import per_sample_conv2d
from seqgan.layers.init import init_dcgan
from seqgan.models.backdrop import SCENE
from seqgan.models.gan_cls import FrameDiscriminator, FrameGenerator
from seqgan.models.gtt2v_gist import Gist, GistCVAE, Palette, PictureEncoder, encoder_widths
from seqgan.models.gtt2v_sizes import HALVINGS, GTT2VSizes
from seqgan.text.encoders import WordEncoder


@dataclass(frozen=True)
class Clip:
    """A clip as it was drawn: frames (B, 3, T, H, W) in [-1, 1], its gist, and the streams they are mixed of:
    foreground (B, 3, T, H, W), mask (B, 1, T, H, W) in [0, 1], background (B, 3, H, W)."""

    frames: Tensor
    gist: Gist | None
    foreground: Tensor | None = None
    mask: Tensor | None = None
    background: Tensor | None = None


class Text2Filter(nn.Module):
    """Kernels made of the text, laid over the gist: one grouped convolution for the whole batch. The kernels come
    through `rank` numbers, for all of them would take most weights of the system, and have the variance of a fresh
    layer, or the response would be dead or drown all else (house)."""

    def __init__(self, sizes: GTT2VSizes) -> None:
        super().__init__()
        self.shape = (sizes.filters, 3, sizes.kernel, sizes.kernel)
        ins = 3 * sizes.kernel**2
        self.rank = nn.Sequential(nn.Linear(sizes.cond, sizes.rank), nn.LayerNorm(sizes.rank))
        self.kernels = nn.Linear(sizes.rank, sizes.filters * ins)
        nn.init.normal_(self.kernels.weight, 0.0, (sizes.rank * ins) ** -0.5)
        nn.init.zeros_(self.kernels.bias)

    def filters(self, cond: Tensor) -> Tensor:
        """f_g(t): cond (B, Dc) to kernels (B, F, 3, k, k)."""
        return self.kernels(self.rank(cond)).unflatten(1, self.shape)

    def forward(self, cond: Tensor, picture: Tensor) -> Tensor:
        """cond (B, Dc), picture (B, 3, H, W); returns responses (B, F, H, W)."""
        return per_sample_conv2d(picture.to(cond.dtype), self.filters(cond))


class ClipStreams(nn.Module):
    """G(z) = a(z) m(z) + (1 - a(z)) s(z) (VGAN): foreground m and mask a by 3-D transposed convolutions, a still
    background s by the core's frame generator, or one that is given. With skips, maps of a picture join every frame of
    the maps of their size."""

    def __init__(self, sizes: GTT2VSizes, ins: int) -> None:
        super().__init__()
        start, width = sizes.start, sizes.width
        self.grid = (start, sizes.frames >> HALVINGS, *sizes.base)
        self.project = low_rank(ins, start * (sizes.frames >> HALVINGS) * sizes.base[0] * sizes.base[1], sizes.cond)
        self.first = nn.Sequential(nn.BatchNorm3d(start), nn.ReLU())
        self.up = nn.Sequential(_up(start, 4 * width), _up(4 * width, 2 * width), _up(2 * width, width))
        self.heads = nn.ConvTranspose3d(width, 4, 4, 2, 1)
        decoded = sizes.background == "decoded"
        self.still = FrameGenerator(ins, 0, sizes.base, 4 * sizes.still, sizes.still) if decoded else None
        joined = zip(encoder_widths(sizes), (width, 2 * width, 4 * width, start), strict=True)
        self.skips = nn.ModuleList(nn.Conv2d(*each, 1) for each in joined) if sizes.skips else None
        self.apply(_init_clip)

    def forward(self, z: Tensor, gist: Gist | None, maps: Sequence[Tensor] = ()) -> Clip:
        """z (B, D), maps of the gist's encoder, the largest first, where there are skips; returns the clip and its
        streams."""
        x = self._joined(self.first(self.project(z).unflatten(1, self.grid)), maps, 3)  # (B, C, T/16, h, w)
        for k, up in enumerate(self.up):
            x = self._joined(up(x), maps, 2 - k)  # (B, C, T/8, 2h, 2w), then twice and again twice that
        x = self.heads(x).float().contiguous()  # (B, 4, T, 16h, 16w); streams are cut along the second axis
        foreground, mask = torch.tanh(x[:, :3]), torch.sigmoid(x[:, 3:])
        background = self._background(z, gist)
        return Clip(mixed(foreground, mask, background), gist, foreground, mask, background)

    def _joined(self, x: Tensor, maps: Sequence[Tensor], k: int) -> Tensor:
        """x (B, C, T', h', w') and, in every frame, map k (B, C', h', w') of the picture, if there are skips."""
        return x if self.skips is None else x + self.skips[k](maps[k])[:, :, None]

    def _background(self, z: Tensor, gist: Gist | None) -> Tensor:
        if self.still is not None:
            return self.still(z, z.new_zeros(len(z), 0))  # (B, 3, 16h, 16w)
        assert gist is not None, "sizes ask for one"
        return gist.picture


def mixed(foreground: Tensor, mask: Tensor, background: Tensor) -> Tensor:
    """a m + (1 - a) s: foreground (B, 3, T, H, W), mask (B, 1, T, H, W), background (B, 3, H, W); returns frames (B, 3,
    T, H, W). A mask of 0 gives the background in every frame, one of 1 the foreground."""
    return mask * foreground + (1 - mask) * background[:, :, None]


class GTT2VGenerator(nn.Module):
    """Words and two noises to a clip: `eps` decides the scene (the gist), `noise` the motion."""

    def __init__(self, sizes: GTT2VSizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.text = WordEncoder(sizes.vocabulary, sizes.embed, sizes.text)
        self.scene = WordEncoder(sizes.vocabulary, sizes.embed // 2, SCENE) if sizes.layered else None
        self.palette = Palette(sizes) if sizes.colours else None
        self.cond = nn.Sequential(nn.Linear(sizes.text, sizes.cond), nn.LeakyReLU(0.2))
        self.gist = GistCVAE(sizes) if sizes.gist == "cvae" else None
        self.text2filter = Text2Filter(sizes) if sizes.text2filter and sizes.clip else None
        reads = sizes.clip and sizes.gist != "none"
        self.read = PictureEncoder(sizes.filters if sizes.text2filter else 3, sizes) if reads else None
        told = sizes.cond + sizes.noise + (sizes.code if reads else 0)
        self.streams = ClipStreams(sizes, told) if sizes.clip else None

    def psi(self, tokens: Tensor, frozen: Tensor, clear: Tensor | None = None) -> Tensor:
        """The sentence vector psi(t): tokens (B, L) int64, frozen (B, 512), and the words that backdrop and palette
        read, `clear` (B, L), by default the same; returns (B, Dt)."""
        clear, parts = tokens if clear is None else clear, [self.text(tokens, frozen).sent_emb]
        if self.scene is not None:
            parts.append(self.scene(clear, frozen).sent_emb)
        if self.palette is not None:
            parts.append(self.palette(clear, frozen))
        return torch.cat(parts, 1)

    def told(self, psi: Tensor) -> tuple[Tensor, Tensor]:
        """psi (B, Dt); returns what all parts are told of the sentence (B, Dc), and what the layers of a gist read by
        themselves (B, Ds), nothing where it has none."""
        return self.cond(psi[:, : self.sizes.text]), psi[:, self.sizes.text :]

    def forward(self, psi: Tensor, eps: Tensor, noise: Tensor, first: Tensor | None = None) -> Clip:
        """psi (B, Dt), eps (B, Dz), noise (B, Dn). first (B, 3, H, W): the gist itself where the generator takes a
        given one; else what the CVAE encodes, as in training, None for a sample from the prior."""
        cond, own = self.told(psi)
        gist = self._gist(cond, own, eps, first)
        if self.streams is None:
            assert gist is not None, "sizes ask for one"
            return Clip(gist.picture[:, :, None].expand(-1, -1, self.sizes.frames, -1, -1), gist)
        if gist is None:
            return self.streams(torch.cat([cond, noise], 1), None)
        read, maps = self._read(cond, gist.picture)
        return self.streams(torch.cat([read, cond, noise], 1), gist, maps)

    def _gist(self, cond: Tensor, own: Tensor, eps: Tensor, first: Tensor | None) -> Gist | None:
        if self.gist is not None:
            return self.gist(cond, own, eps, first)
        return None if self.sizes.gist == "none" or first is None else Gist(first)

    def _read(self, cond: Tensor, picture: Tensor) -> tuple[Tensor, list[Tensor]]:
        """g_t (B, Dg): the gist through the text's filters, encoded; and the maps on the way to it."""
        assert self.read is not None, "there is a gist"
        return self.read.with_maps(picture if self.text2filter is None else self.text2filter(cond, picture))


class ClipDiscriminator(nn.Module):
    """Is this clip real, and does it show this text? A 3-D trunk, the text joined late, two heads; logits only."""

    def __init__(self, sizes: GTT2VSizes) -> None:
        super().__init__()
        width, grid = sizes.d_width, (sizes.frames >> HALVINGS, *sizes.base)
        top, self.grid = 6 * width, grid
        self.trunk = nn.Sequential(_down(3, width), _down(width, 2 * width), _down(2 * width, 4 * width),
                                   _down(4 * width, top))  # fmt: skip
        self.cond = nn.Linear(sizes.psi, 2 * width)
        self.joint = nn.Sequential(nn.Conv3d(top + 2 * width, top, 1), nn.LeakyReLU(0.2))
        self.match_head = nn.Conv3d(top, 1, grid)
        self.realism_head = nn.Conv3d(top, 1, grid)
        self.apply(_init_clip)

    def encode(self, clips: Tensor) -> Tensor:
        """clips (B, 3, T, 16h, 16w) in [-1, 1]; returns features (B, 6W, T/16, h, w)."""
        return self.trunk(clips)

    def match(self, features: Tensor, psi: Tensor) -> Tensor:
        """features (B, 6W, T/16, h, w), psi (B, Dt); returns logits (B,)."""
        tiled = self.cond(psi)[:, :, None, None, None].expand(-1, -1, *self.grid)
        joined = self.joint(torch.cat([features, tiled.to(features.dtype)], 1))
        return self.match_head(joined).flatten().float()

    def realism(self, features: Tensor) -> Tensor:
        """features (B, 6W, T/16, h, w); returns logits (B,)."""
        return self.realism_head(features).flatten().float()


class GTT2VDiscriminators(nn.Module):
    """Of clips, and of single frames: the latter is the core's."""

    def __init__(self, sizes: GTT2VSizes) -> None:
        super().__init__()
        self.clip = ClipDiscriminator(sizes)
        self.frame = FrameDiscriminator(sizes.psi, sizes.base, sizes.d_width)


def _up(ins: int, outs: int) -> nn.Sequential:
    """Twice the length and size: 3-D transposed convolution 4/2/1, batch norm, ReLU (VGAN)."""
    return nn.Sequential(nn.ConvTranspose3d(ins, outs, 4, 2, 1, bias=False), nn.BatchNorm3d(outs), nn.ReLU())


def _down(ins: int, outs: int) -> nn.Sequential:
    """Half the length and size: spectrally normalised 3-D convolution 4/2/1, leaky ReLU 0.2; no batch norm, as in the
    core's frame discriminator."""
    convolution = nn.utils.parametrizations.spectral_norm(nn.Conv3d(ins, outs, 4, 2, 1))
    return nn.Sequential(convolution, nn.LeakyReLU(0.2))


def _init_clip(module: nn.Module) -> None:
    """As `init_dcgan`, of 3-D layers."""
    if isinstance(module, (nn.Conv3d, nn.ConvTranspose3d)):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm3d):
        nn.init.normal_(module.weight, 1.0, 0.02)
    else:
        init_dcgan(module)
        return
    if module.bias is not None:
        nn.init.zeros_(module.bias)
