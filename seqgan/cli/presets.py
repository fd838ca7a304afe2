"""`seqgan presets`: the training recipes that have a name."""

from __future__ import annotations

from dataclasses import asdict

from seqgan.cli import options


def presets(as_json: options.Json = False) -> int:
    """List the training recipes."""
    from seqgan.presets import PRESETS

    lines = [f"{preset.name:28} {preset.kind:13} {preset.origin:9} {preset.about}" for preset in PRESETS]
    options.show([asdict(preset) for preset in PRESETS], as_json, lines)
    return 0
