"""Curves of runs: a small chart a term, one line a run, drawn from the log."""

from __future__ import annotations

from typing import Any

import streamlit as st

from studio.ui.runs import Curve, Run, curves
from studio.ui.state import desk
from studio.ui.words import plain

FIRST = 6
"""Charts that are shown before somebody chooses."""
POINTS = 400
"""Points of a line: more cannot be seen."""
COLOURS = ["#4472b8", "#c53a49", "#3d8b6e", "#b57a12"]
HEIGHT = 170


def charts(runs: list[Run], key: str) -> None:
    """Show the curves of runs over each other; the page looks again until :meth:`Desk.tables` are ready."""
    found = {run.name: curves(run.path) for run in runs}
    names = list(dict.fromkeys(name for terms in found.values() for name in terms))
    if not names:
        st.caption("Curves will be drawn here as soon as there are figures.")
        return
    if desk().tables().pending:
        st.caption(":material/hourglass_top: Getting ready to draw curves…")
        return
    shown = (
        st.pills("Curves", names, selection_mode="multi", default=_first(names), key=key) if len(names) > 1 else names
    )
    grid = st.grid("auto", min_column_width=280, gap="small", key=f"grid_{key}")
    for name in shown or ():
        lines = {run: terms[name] for run, terms in found.items() if name in terms}
        with grid.container(gap="xsmall"):
            last = " · ".join(f"{values[-1][1]:.4g}" for values in lines.values())
            st.markdown(f":small[**{plain(name)}** {plain(last)}]")
            st.vega_lite_chart(chart(lines), width="stretch", height=HEIGHT, key=f"chart_{key}_{name}")


def _first(names: list[str]) -> list[str]:
    """Scores first, for they say how good it is; losses say how it is going."""
    return sorted(names, key=lambda name: (name != "val score", names.index(name)))[:FIRST]


def chart(lines: dict[str, Curve]) -> dict[str, Any]:
    """Return a chart in Vega-Lite of values against images seen, a line a run."""
    values = [{"images": x, "value": y, "run": run} for run, line in lines.items() for x, y in thinned(line)]
    colour: dict[str, Any] = {"value": COLOURS[0]}
    if len(lines) > 1:
        scale = {"domain": list(lines), "range": COLOURS[: len(lines)]}
        colour = {"field": "run", "type": "nominal", "scale": scale, "legend": None}
    x = {"field": "images", "type": "quantitative", "title": None, "axis": {"format": "~s", "tickCount": 4}}
    y = {"field": "value", "type": "quantitative", "title": None, "scale": {"zero": False}, "axis": {"tickCount": 4}}
    tips = [{"field": name, "type": kind} for name, kind in (("run", "nominal"), ("images", "quantitative"))]
    tips.append({"field": "value", "type": "quantitative", "format": ".5~g"})
    mark = {"type": "line", "interpolate": "linear", "strokeWidth": 1.6, "point": len(values) < 3}
    return {"data": {"values": values}, "mark": mark, "encoding": {"x": x, "y": y, "color": colour, "tooltip": tips}}


def thinned(line: Curve) -> Curve:
    """Return at most about ``POINTS`` points of a line, the last one among them."""
    step = -(-len(line) // POINTS)
    return [*line[:-1:step], line[-1]]
