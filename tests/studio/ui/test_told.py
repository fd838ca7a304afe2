"""What a component tells is acted on once, and nothing of it is lost."""

from __future__ import annotations

import pytest
import streamlit as st

from studio.ui.components.told import told


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict:
    """The state of a tab, as a plain dictionary."""
    state: dict = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


def test_nothing_is_told_before_anything_happened(session: dict) -> None:
    assert told("keys", "pressed") == []
    session["keys"] = {"pressed": None}
    assert told("keys", "pressed") == []


def test_each_message_comes_once_and_those_that_were_overtaken_come_too(session: dict) -> None:
    first, second, third = ({"id": number, "key": key} for number, key in ((1.5, "D"), (2.0, "N"), (7.25, "Delete")))
    session["keys"] = {"pressed": [first]}
    assert told("keys", "pressed") == [first]
    assert told("keys", "pressed") == []
    session["keys"] = {"pressed": [first, second, third]}
    assert told("keys", "pressed") == [second, third]
    session["strip"] = {"pressed": [first]}
    assert told("strip", "pressed") == [first]
