"""Published weight initialisations."""

from __future__ import annotations

from torch import nn


def init_dcgan(module: nn.Module) -> None:
    """Convolutions N(0, 0.02), batch norm N(1, 0.02), biases 0 (Radford et al. 2016); for `Module.apply`."""
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
    else:
        return
    if module.bias is not None:
        nn.init.zeros_(module.bias)


def init_normal(module: nn.Module) -> None:
    """As `init_dcgan`, linear layers and the norms behind them too (StackGAN and StoryGAN, as released)."""
    if isinstance(module, nn.Linear):
        nn.init.normal_(module.weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm1d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)
    init_dcgan(module)
