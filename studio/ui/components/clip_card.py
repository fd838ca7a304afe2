"""Clips as a wall of small films: watch, star, download, send to the board."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from studio.document import Document, new_board
from studio.errors import DocumentError
from studio.ui.boards import called, file_stem, free_path, title_of
from studio.ui.clips import KINDS, as_kind, made_of, send_to_board, starred, toggle_star
from studio.ui.state import attempt, desk, document, editor, open_board, select, show_page
from studio.ui.words import plain


def clip_grid(paths: list[Path], key: str) -> None:
    """Show clips side by side, each going round without a sound."""
    if not paths:
        return
    stars = set(starred())
    grid = st.grid("auto", min_column_width=272, gap="small", key=f"clips_{key}")
    for path in paths:
        with grid.container(border=True, key=f"clip_{path.stem}", gap="xsmall"):
            _card(path, path in stars)


def _card(path: Path, is_starred: bool) -> None:
    made = made_of(path)
    text = str(made.get("text", ""))
    st.video(str(path), loop=True, autoplay=True, muted=True, alt=text or "A clip")
    st.text(text)
    st.caption(plain(f"seed {made.get('seed')} · motion {made.get('motion_seed')} · {_model(made)}"))
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.button(
            "Starred" if is_starred else "Star",
            key=f"btn_star_{path.stem}",
            icon=":material/star:",
            type="primary" if is_starred else "tertiary",
            on_click=attempt,
            args=(toggle_star, path),
        )
        for kind, name in KINDS.items():
            st.download_button(
                name,
                partial(as_kind, path, kind),  # made on the click, in another thread
                file_name=f"{file_stem(text) or 'clip'}-{path.stem.split('-')[-1]}.{kind}",
                mime="video/mp4" if kind == "mp4" else f"image/{kind}",
                key=f"btn_{kind}_{path.stem}",
                icon=":material/download:" if kind == "mp4" else None,
                on_click="ignore",
                type="tertiary",
            )
        sent = st.button("Send to board", key=f"btn_send_{path.stem}", icon=":material/view_cozy:", help=_help())
    if sent:
        _send(path, text)


def _model(made: dict) -> str:
    return str((made.get("model") or {}).get("name", "unknown"))


def _help() -> str:
    try:
        doc = document()
    except DocumentError:
        doc = None
    where = f"the board {plain(called(doc))}" if doc is not None else "a new board"
    return f"The clip becomes a new panel of {where}."


def _send(path: Path, text: str) -> None:
    """Make the clip a panel of the open board, or of a new one, and show it there."""
    attempt(_put, path, text)
    if editor().error:
        st.error(plain(editor().error))
        return
    show_page("board")


def _put(path: Path, text: str) -> None:
    doc = document()
    if doc is None:
        title = title_of([text]) if text else "Clips"
        doc = Document.create(free_path(title), new_board(title, []))
        desk().keep(doc)
        open_board(doc.path)
    select(send_to_board(doc, path))
