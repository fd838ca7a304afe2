"""The versions of a board: keep one under a name, look at those that were kept, restore one (undo takes that back)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st

from studio.document import Document, Panel, Version, read_version, restoring, shot_names
from studio.ui.actions import look_again
from studio.ui.components.first_field import begin_in
from studio.ui.pictures import CARD, blank, picture_of
from studio.ui.state import attempt, document, editor
from studio.ui.words import ago, count, plain

NAME = "txt_version"
UNNAMED = "Kept by hand"
LISTED, SHOWN, ROOMY = 30, 60, 12
"""Versions that are listed, panels of one that are shown, and those that need no bar to scroll."""


@st.dialog("Versions", width="medium", icon=":material/history:", on_dismiss=lambda: close())
def versions_dialog() -> None:
    """Show what was kept, and let the board be kept or restored."""
    doc = document()
    if doc is None or not editor().dialog:
        st.rerun()
    _keep_form(doc)
    begin_in(NAME)
    if editor().error:
        st.error(plain(editor().error))
        editor().error = ""
    found = list(reversed(doc.versions()))
    if not found:
        st.caption("No version is kept yet. One is kept by itself before every panel gets a new take, before a changed "
                   "story is taken over, and before a version is restored.")  # fmt: skip
    for path in found[:LISTED]:
        _listed(doc, look_at(path))
    if len(found) > LISTED:
        st.caption(f"and {len(found) - LISTED} older in the folder versions of the board")


def look_at(path: Path) -> Version:
    """Return what a version's file holds (read once for each state of the file)."""
    return _read(path, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=200)
def _read(path: Path, _written: int) -> Version:
    return read_version(path)


def close() -> None:
    """Leave the dialog."""
    editor().dialog = editor().looked_at = ""


# Keeping -------------------------------------------------------------------------------------------------------------


def _keep_form(doc: Document) -> None:
    form = st.form("form_version", border=False, clear_on_submit=True)
    with form, st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Keep the board as it is now",
            key=NAME,
            placeholder="First cut",
            max_chars=80,
            disabled=doc.read_only,
            width="stretch",
        )
        st.form_submit_button(
            "Keep", key="btn_keep", icon=":material/save:", on_click=_keep, args=(doc,), disabled=doc.read_only
        )


def _keep(doc: Document) -> None:
    attempt(doc.save_version, str(st.session_state.get(NAME) or "").strip() or UNNAMED)


# Looking and restoring -----------------------------------------------------------------------------------------------


def _listed(doc: Document, version: Version) -> None:
    """One version: its name, and below it what it holds while it is looked at."""
    name, looked_at = version.path.name, editor().looked_at == version.path.name
    held = count(len(version.board.panels), "panel") if version.board else ":red-badge[cannot be used]"
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            plain(version.name, 60),
            key=f"btn_version_{name}",
            icon=":material/expand_less:" if looked_at else ":material/expand_more:",
            on_click=_look,
            args=("" if looked_at else name,),
            type="tertiary",
        )
        st.caption(f"{held} · {ago(version.moment)}")
    if looked_at:
        with st.container(border=True, key="looked_at"):
            _held(doc, version)


def _look(name: str) -> None:
    editor().looked_at = name


def _held(doc: Document, version: Version) -> None:
    if version.board is None:
        st.error(plain(version.problem))
        return
    same = restoring(version.board).apply(doc.board) == doc.board
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.button(
            "Restore",
            key="btn_restore",
            type="primary",
            icon=":material/history:",
            on_click=restore,
            args=(doc, version),
            disabled=doc.read_only or same,
        )
        st.caption(_about(doc, version, same))
    with st.container(height="content" if len(version.board.panels) <= ROOMY else 380, border=False):
        grid = st.grid("auto", min_column_width=150, dense=True, gap="small", key="version_panels")
        names = shot_names(version.board)
        for number, panel in enumerate(version.board.panels[:SHOWN], 1):
            with grid.container(gap="xsmall"):
                _panel(doc, panel, number, names[panel.id])
        if len(version.board.panels) > SHOWN:
            st.caption(f"and {len(version.board.panels) - SHOWN} more")


def _about(doc: Document, version: Version, same: bool) -> str:
    if doc.read_only:
        return plain(f"This board can be looked at, not changed: {doc.read_only_reason}.")
    if same:
        return "The board is just so now."
    title = plain(version.board.title, 60) if version.board else ""
    return f"{title} · The board as it is now is kept as a version first, and undo (Z) takes this back."


def _panel(doc: Document, panel: Panel, number: int, name: str) -> None:
    said = panel.text or "Empty"
    st.image(picture_of(doc, panel, CARD) or blank(), width="stretch", alt=f"Panel {number} then: {said}")
    st.caption(f"**{plain(name)}** {plain(said, 90)}")


def restore(doc: Document, version: Version) -> None:
    """Make the board what it was; as it is now it is kept first."""
    attempt(doc.keep_before, f"Before {version.name} was restored")
    if not editor().error:
        attempt(doc.restore_version, version.path)
    if editor().error:
        return
    look_again(doc)
    close()
    editor().said = f"{plain(version.name, 60)} is restored. Undo (Z) takes that back."
