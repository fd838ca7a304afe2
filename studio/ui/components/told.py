"""What a component of the page tells, each time once: a message that the page sends again is not acted on again."""

from __future__ import annotations

from typing import Any

import streamlit as st


def told(key: str, name: str) -> list[dict[str, Any]]:
    """Return the messages (each with an ``id`` that grows) that a component has told and that are new."""
    sent, last = (st.session_state.get(key) or {}).get(name) or (), last_told(key, name)
    fresh = [each for each in sent if each["id"] > last]
    if fresh:
        st.session_state[_last(key, name)] = max(each["id"] for each in fresh)
    return fresh


def last_told(key: str, name: str) -> float:
    """Return the ``id`` of the last message that was acted on, 0 before the first."""
    return float(st.session_state.get(_last(key, name), 0))


def _last(key: str, name: str) -> str:
    return f"{key}_{name}_heard"
