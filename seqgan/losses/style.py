"""The loss of the style encoder of GAN-CLS (Reed et al. 2016, eq. 6)."""

from __future__ import annotations

from torch import Tensor

from seqgan.losses.means import Mean


def style_loss(z: Tensor, found: Tensor) -> Mean:
    """E ||z - S(G(z, t))||^2: z (B, Dz) what a picture was drawn from, found (B, Dz) what the encoder read in it.

    Squares are summed over the numbers of z and averaged over pictures, as printed. The generator is frozen and in eval
    mode; z is standard normal, so that an encoder that says nothing (0) costs Dz.
    """
    if z.shape != found.shape:
        raise ValueError(f"noise is {tuple(z.shape)} and what was found {tuple(found.shape)}; expected equal shapes")
    return Mean.ratio((z.float() - found.float()).square().sum(), len(z))
