"""Two to four runs beside each other: curves over one another, newest sheets, last figures, settings that differ."""

from __future__ import annotations

import streamlit as st

from studio.ui.components.run_charts import COLOURS, charts
from studio.ui.components.run_view import badge, images_seen, sheet_picture
from studio.ui.runs import Run, curves, differences, sheets
from studio.ui.words import plain, safe

MOST = 4
SHEET_WIDTH = 240
"""Least width of a sheet beside others, in pixels of the page."""


def run_compare(runs: list[Run]) -> None:
    """Show runs beside each other."""
    for run, colour in zip(runs, COLOURS, strict=False):
        dot = f'<span style="color:{colour}">●</span> {safe(run.name)}'
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.html(dot)
            st.markdown(f"{badge(run)} :small[:gray[{run.seen:,} of {run.asked:,} images]]")
    charts(runs, "pil_compare")
    _sheets(runs)
    names = [run.name for run in runs]
    st.markdown("**Last figures**")
    st.markdown(table(names, last_figures(runs)) if last_figures(runs) else "None yet.")
    st.markdown("**Settings that differ**")
    found = differences(runs)
    st.markdown(table(names, found) if found else "None: they differ in nothing but chance and how far they are.")


def _sheets(runs: list[Run]) -> None:
    """The newest sheet of each run, all of one width: rows of the same stories are then beside each other."""
    st.markdown("**Newest sheets**")
    if len({(run.options.get("preset"), str(run.options.get("data"))) for run in runs}) == 1:
        st.caption("Row by row of the same validation examples: these runs train the same recipe on the same data.")
    grid = st.grid("auto", min_column_width=SHEET_WIDTH, gap="small", key="grid_sheets")
    for run in runs:
        with grid.container(gap="xsmall"):
            _newest_sheet(run)


def _newest_sheet(run: Run) -> None:
    found = sheets(run.path)
    picture = sheet_picture(found[-1]) if found else None
    if picture is None:
        why = "its newest sheet cannot be read" if found else "no sheet of samples yet"
        st.caption(f"**{plain(run.name)}**: {why}")
        return
    at = f"at {images_seen(found[-1]):,} images"
    st.image(picture, width="stretch", alt=f"newest sheet of {run.name}, {at}")
    st.caption(f"**{plain(run.name)}**, {at}")


def last_figures(runs: list[Run]) -> dict[str, list[str]]:
    """Return the last value of every curve: name -> one a run, "" where it has none."""
    found = [curves(run.path) for run in runs]
    names = dict.fromkeys(name for terms in found for name in terms)
    return {name: [f"{terms[name][-1][1]:.5g}" if name in terms else "" for terms in found] for name in names}


def table(heads: list[str], rows: dict[str, list[str]]) -> str:
    """Return a table in Markdown; every cell is shown as it is written."""
    lines = [f"| | {' | '.join(map(plain, heads))} |", f"|---|{'---|' * len(heads)}"]
    return "\n".join([*lines, *(f"| {plain(name)} | {' | '.join(map(plain, row))} |" for name, row in rows.items())])
