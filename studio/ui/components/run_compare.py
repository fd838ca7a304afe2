"""Two to four runs beside each other: curves over one another, settings that differ, last figures."""

from __future__ import annotations

import streamlit as st

from studio.ui.components.run_charts import COLOURS, charts
from studio.ui.components.run_view import badge
from studio.ui.runs import Run, curves, differences
from studio.ui.words import plain, safe

MOST = 4


def run_compare(runs: list[Run]) -> None:
    """Show runs beside each other."""
    for run, colour in zip(runs, COLOURS, strict=False):
        dot = f'<span style="color:{colour}">●</span> {safe(run.name)}'
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.html(dot)
            st.markdown(f"{badge(run)} :small[:gray[{run.seen:,} of {run.asked:,} images]]")
    charts(runs, "pil_compare")
    names = [run.name for run in runs]
    st.markdown("**Last figures**")
    st.markdown(table(names, last_figures(runs)) if last_figures(runs) else "None yet.")
    st.markdown("**Settings that differ**")
    found = differences(runs)
    st.markdown(table(names, found) if found else "None: they differ in nothing but chance and how far they are.")


def last_figures(runs: list[Run]) -> dict[str, list[str]]:
    """Return the last value of every curve: name -> one a run, "" where it has none."""
    found = [curves(run.path) for run in runs]
    names = dict.fromkeys(name for terms in found for name in terms)
    return {name: [f"{terms[name][-1][1]:.5g}" if name in terms else "" for terms in found] for name in names}


def table(heads: list[str], rows: dict[str, list[str]]) -> str:
    """Return a table in Markdown; every cell is shown as it is written."""
    lines = [f"| | {' | '.join(map(plain, heads))} |", f"|---|{'---|' * len(heads)}"]
    return "\n".join([*lines, *(f"| {plain(name)} | {' | '.join(map(plain, row))} |" for name, row in rows.items())])
