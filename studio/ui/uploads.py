"""Files that people hand in to a page: what is in them is worked out once, not with every run of the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

T = TypeVar("T")


def read_once(file: UploadedFile, read: Callable[[str, bytes], T]) -> T:
    """Return what ``read(name, bytes)`` makes of a file; it is asked again for another file. Raises what it raises."""
    name = f"read_by_{read.__name__}"
    known = st.session_state.get(name)
    if known is None or known[0] != file.file_id:
        known = st.session_state[name] = (file.file_id, read(file.name, file.getvalue()))
    return known[1]
