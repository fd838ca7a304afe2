"""Figures of a model as Markdown: what `seqgan evaluate` measured, in tables with their intervals."""

from __future__ import annotations

from typing import Any

from studio.ui.words import plain

LEFT_OUT = ("n", "seed", "panels", "captions")
"""Of the figures: counts, which stand below the table."""


def figures_table(splits: dict[str, dict[str, Any]]) -> str:
    """Return figures as a table in Markdown: a line a figure, its 95 % interval beside it where there is one."""
    names: dict[str, None] = {}
    for values in splits.values():
        names.update(dict.fromkeys(key for key, value in values.items() if _is_figure(key, value)))
    head = f"| | {' | '.join(map(plain, splits))} |\n|---|{'---:|' * len(splits)}"
    rows = [f"| {plain(name)} | {' | '.join(_figure(values, name) for values in splits.values())} |" for name in names]
    return "\n".join([head, *rows])


def _is_figure(key: str, value: Any) -> bool:
    part = key.endswith(("_low", "_high", "_std"))
    return isinstance(value, int | float) and not isinstance(value, bool) and key not in LEFT_OUT and not part


def _figure(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    if not isinstance(value, int | float):
        return ""
    low, high = values.get(f"{name}_low"), values.get(f"{name}_high")
    interval = f" [{low:.3f}, {high:.3f}]" if isinstance(low, float) and isinstance(high, float) else ""
    return plain((f"{value:,}" if isinstance(value, int) else f"{value:.4f}") + interval)
