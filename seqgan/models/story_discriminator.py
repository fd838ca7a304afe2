"""The story discriminator: do these frames, in this order, tell these sentences?"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from seqgan.layers.blocks import down_block
from seqgan.layers.init import init_dcgan


class StoryDiscriminator(nn.Module):
    """StoryGAN's D_S = sigmoid(w'(E_img(X) * E_txt(S)) + b), house form: the products of the panels pass a GRU.

    So it sees the order of any number of panels (the Pororo code averages over frames and is blind to it). Frames are
    read at half their size: it judges the story, the frame discriminator the detail.
    """

    def __init__(self, sent: int, base: tuple[int, int], width: int, size: int) -> None:
        super().__init__()
        self.trunk = nn.Sequential(down_block(3, width), down_block(width, 2 * width), down_block(2 * width, 4 * width))
        self.image = nn.Linear(4 * width * base[0] * base[1], size)
        self.text = nn.Linear(sent, size)
        self.order = nn.GRU(size, size, batch_first=True)
        self.match_head = nn.Linear(size, 1)
        self.apply(init_dcgan)

    def encode(self, frames: Tensor) -> Tensor:
        """frames (B, 3, T, 16h, 16w); returns features (B, T, size)."""
        batch, _, count, height, width = frames.shape
        small = F.avg_pool2d(frames.transpose(1, 2).reshape(batch * count, 3, height, width), 2)
        return self.image(self.trunk(small).flatten(1)).reshape(batch, count, -1)

    def match(self, features: Tensor, sent_emb: Tensor, panel_mask: Tensor) -> Tensor:
        """features (B, T, size), sent_emb (B, T, Dt), panel_mask (B, T), True = a panel; returns logits (B,)."""
        product = features.float() * torch.tanh(self.text(sent_emb).float())  # (B, T, size)
        packed = pack_padded_sequence(product, panel_mask.sum(1).cpu(), batch_first=True, enforce_sorted=False)
        _, last = self.order(packed)  # (1, B, size)
        return self.match_head(last[0]).flatten().float()
