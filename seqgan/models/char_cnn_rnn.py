"""char-CNN-RNN (Reed et al. 2016, CVPR): the sentence encoder of GAN-CLS, StackGAN and HDGAN, over characters.

Three convolutions shorten 201 characters to a few steps, a recurrent layer reads these, and the mean of its states
becomes the sentence. Two forms were released: birds (and COCO), 18 steps and a GRU; flowers, one more pooling, 8 steps
and a plain recurrent layer with ReLU. House: torch's GRU, whose gates have one more bias; convolutions of He's
initialisation, without which all captions begin as one; trained from scratch by `seqgan.losses.joint_embedding`, as the
published files are Torch7's.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.checks import check_choice
from seqgan.errors import ConfigError
from seqgan.text.characters import ALPHABET, LENGTH

FORMS = ("birds", "flowers")


@dataclass(frozen=True)
class CharTextSizes:
    """Every size of the encoder; the released ones are the defaults. The last of the `channels` is also the size of the
    recurrent layer; `form` is birds or flowers."""

    text: int = 1024
    channels: tuple[int, int, int] = (384, 512, 512)
    form: str = "birds"

    def __post_init__(self) -> None:
        check_choice("form of the encoder", self.form, FORMS, ConfigError)


class CharTextEncoder(nn.Module):
    """Characters to a sentence."""

    def __init__(self, sizes: CharTextSizes) -> None:
        super().__init__()
        self.sizes, (first, second, last) = sizes, sizes.channels
        flowers = sizes.form == "flowers"
        self.convolutions = nn.Sequential(
            nn.Conv1d(len(ALPHABET), first, 4), nn.ReLU(True), nn.MaxPool1d(3),
            nn.Conv1d(first, second, 4), nn.ReLU(True), nn.MaxPool1d(3),
            nn.Conv1d(second, last, 4), nn.ReLU(True), nn.MaxPool1d(3, 2) if flowers else nn.Identity(),
        )  # fmt: skip
        plain = nn.RNN(last, last, nonlinearity="relu", batch_first=True) if flowers else None
        self.recurrent = plain or nn.GRU(last, last, batch_first=True)
        self.sentence = nn.Linear(last, sizes.text)
        self.convolutions.apply(_init)

    def forward(self, chars: Tensor) -> Tensor:
        """chars (B, 201) int64, numbers of characters as `encode_chars` gives them; returns sentences (B, Dt).
        Raises ValueError for another length."""
        if chars.dim() != 2 or chars.shape[1] != LENGTH:
            raise ValueError(f"characters are {tuple(chars.shape)}; expected (B, {LENGTH}), see encode_chars")
        hot = F.one_hot(chars, len(ALPHABET) + 1)[..., 1:]  # (B, 201, 70), an unknown character all 0
        steps = self.convolutions(hot.transpose(1, 2).to(self.sentence.weight.dtype))  # (B, C, 18), flowers (B, C, 8)
        states, _ = self.recurrent(steps.transpose(1, 2))  # (B, 18, C)
        return self.sentence(states.mean(1)).float()  # (B, Dt)


def _init(module: nn.Module) -> None:
    """Normal weights that keep the variance behind a ReLU (He et al. 2015); of characters one input of 70 is not 0."""
    if isinstance(module, nn.Conv1d):
        inputs = 1 if module.in_channels == len(ALPHABET) else module.in_channels
        nn.init.normal_(module.weight, 0.0, (2 / (inputs * module.kernel_size[0])) ** 0.5)
        assert module.bias is not None
        nn.init.zeros_(module.bias)
