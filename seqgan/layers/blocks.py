"""Blocks of the frame generators and discriminators."""

from __future__ import annotations

from torch import nn

from seqgan.layers.upsample import UpsampleConv2d


def low_rank(ins: int, outs: int, rank: int) -> nn.Sequential:
    """A linear map through `rank` numbers: where inputs vary in few ways, a share of the weights does the work."""
    return nn.Sequential(nn.Linear(ins, rank, bias=False), nn.Linear(rank, outs))


def up_block(ins: int, outs: int) -> nn.Sequential:
    """Twice the size: transposed convolution 4/2/1, batch norm, ReLU (DCGAN)."""
    return nn.Sequential(nn.ConvTranspose2d(ins, outs, 4, 2, 1, bias=False), nn.BatchNorm2d(outs), nn.ReLU())


def same_block(ins: int, outs: int) -> nn.Sequential:
    """The same size: convolution 3/1/1, batch norm, ReLU."""
    return nn.Sequential(nn.Conv2d(ins, outs, 3, 1, 1, bias=False), nn.BatchNorm2d(outs), nn.ReLU())


def down_block(ins: int, outs: int) -> nn.Sequential:
    """Half the size: spectrally normalised convolution 4/2/1, leaky ReLU 0.2; no batch norm, so that pairs of one
    batch do not see each other."""
    convolution = nn.utils.parametrizations.spectral_norm(nn.Conv2d(ins, outs, 4, 2, 1))
    return nn.Sequential(convolution, nn.LeakyReLU(0.2))


def conv3(ins: int, outs: int) -> nn.Conv2d:
    """The same size: convolution 3/1/1 without bias."""
    return nn.Conv2d(ins, outs, 3, 1, 1, bias=False)


def nearest_block(ins: int, outs: int) -> nn.Sequential:
    """Twice the size: nearest upsampling and convolution in one layer, batch norm, ReLU; the first place of the
    released block held the upsampling."""
    return nn.Sequential(nn.Identity(), UpsampleConv2d(ins, outs), nn.BatchNorm2d(outs), nn.ReLU(True))


def same_block_leaky(ins: int, outs: int) -> nn.Sequential:
    """The same size: convolution 3/1/1, batch norm, leaky ReLU 0.2; of the released discriminators."""
    return nn.Sequential(conv3(ins, outs), nn.BatchNorm2d(outs), nn.LeakyReLU(0.2, True))


def down_block_leaky(ins: int, outs: int) -> nn.Sequential:
    """Half the size: convolution 4/2/1, batch norm, leaky ReLU 0.2; of the released discriminators."""
    return nn.Sequential(nn.Conv2d(ins, outs, 4, 2, 1, bias=False), nn.BatchNorm2d(outs), nn.LeakyReLU(0.2, True))


def halving_trunk(width: int, count: int) -> nn.Sequential:
    """A picture halved `count` times, to `width` channels and then twice as many each time; no norm after the first."""
    layers: list[nn.Module] = [nn.Conv2d(3, width, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, True)]
    for k in range(count - 1):
        layers += down_block_leaky(width << k, width << (k + 1))
    return nn.Sequential(*layers)
