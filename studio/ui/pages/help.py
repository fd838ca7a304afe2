"""The page Help: the guide."""

from urllib.parse import quote

import streamlit as st

from studio.ui.guide import PARAMETER, pages, pieces
from studio.ui.state import BOARD_PARAMETER
from studio.ui.words import plain

found = pages()
left, right = st.columns([1, 3], gap="large")
with left:
    st.markdown("**Guide**")
    name = st.radio(
        "Pages", list(found), format_func=found.__getitem__, key=PARAMETER, bind="query-params",
        label_visibility="collapsed",
    )  # fmt: skip
with right, st.container(key="guide_text"):
    board = st.query_params.get(BOARD_PARAMETER, "")
    for piece in pieces(name or next(iter(found)), f"&{BOARD_PARAMETER}={quote(board)}" if board else ""):
        if piece.picture is not None:
            st.image(piece.picture, alt=piece.text, caption=plain(piece.text))
        else:
            st.markdown(piece.text)
