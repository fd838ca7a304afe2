"""What was measured of a model, a table a data set, with how it was measured."""

from __future__ import annotations

from typing import Any

import streamlit as st

from studio.ui.figures import LEFT_OUT, figures_table
from studio.ui.words import plain


def show_figures(found: dict[str, dict[str, dict[str, Any]]]) -> None:
    """Show figures: data set -> split -> figure -> value."""
    for data, splits in found.items():
        st.markdown(f"**{plain(data)}**")
        st.markdown(figures_table(splits))
        for split, values in splits.items():
            counted = ", ".join(f"{values[key]:,} {key}" for key in LEFT_OUT if isinstance(values.get(key), int))
            st.caption(plain(f"{split}: {counted}. {values.get('protocol', '')}"))
