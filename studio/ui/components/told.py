"""What a component of the page tells, each time once: a message that the page sends again is not acted on again."""

from __future__ import annotations

from typing import Any

import streamlit as st


def told(key: str, name: str) -> list[dict[str, Any]]:
    """Return the messages (each with an ``id`` that grows) that a component has told and that are new."""
    last = f"{key}_{name}_heard"
    sent = (st.session_state.get(key) or {}).get(name) or ()
    fresh = [each for each in sent if each["id"] > st.session_state.get(last, 0)]
    if fresh:
        st.session_state[last] = max(each["id"] for each in fresh)
    return fresh
