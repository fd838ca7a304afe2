"""Changes of a panel's words, place, length, camera and cast, as inspector, strip and tables ask for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from studio.document import (
    Camera,
    Document,
    Panel,
    Transition,
    duration_of,
    merge_panels,
    move_panel,
    name_scene,
    set_camera,
    set_cast,
    set_knobs,
    set_logline,
    set_transition,
    set_words,
    split_panel,
)
from studio.errors import DocumentError
from studio.ui.actions import apply, retell, set_length
from studio.ui.drawing import submit_given
from studio.ui.state import attempt, desk, editor, field_key, refill, select
from studio.ui.tickets import BLOCK_SECONDS

CAMERAS: dict[str, Camera | None] = {
    "Hold": None,
    "Zoom in": Camera(end=(0.15, 0.15, 0.7)),
    "Zoom out": Camera(start=(0.15, 0.15, 0.7)),
    "Pan left": Camera(start=(0.25, 0.125, 0.75), end=(0.0, 0.125, 0.75)),
    "Pan right": Camera(start=(0.0, 0.125, 0.75), end=(0.25, 0.125, 0.75)),
    "Pan up": Camera(start=(0.125, 0.25, 0.75), end=(0.125, 0.0, 0.75)),
    "Pan down": Camera(start=(0.125, 0.0, 0.75), end=(0.125, 0.25, 0.75)),
}
"""Moves over a still picture, by the windows that are seen first and last."""
TRANSITIONS = {"": "As the film", "cut": "Cut", "dissolve": "Dissolve", "fade": "Fade through black"}
STEP_MS = 500
"""What + and - change of a panel's length, in milliseconds."""
SHORTEST_MS = 100
VARIETY = "truncation"
"""The knob that says how large the noise may be that a picture is drawn from."""
MOST_VARIED = 2.0
"""The largest noise that models of stories and the stage are drawn from."""


# Words ---------------------------------------------------------------------------------------------------------------


def write(doc: Document, panel_id: str, name: str, key: str) -> None:
    """Keep what was typed as a panel's shot, dialogue, action or notes."""
    panel, text = doc.board.panel(panel_id), str(st.session_state.get(key) or "").strip()
    if panel is not None and text != getattr(panel, name):
        apply(doc, set_words(panel_id, **{name: text}))


def tell_logline(doc: Document, key: str) -> None:
    """Keep the story in a sentence."""
    logline = " ".join(str(st.session_state.get(key) or "").split())
    if logline != doc.board.logline:
        apply(doc, set_logline(logline))


def head_scene(doc: Document, panel_id: str, key: str) -> None:
    """Begin a scene at a panel, call the one that begins there otherwise, or have the one before go on."""
    if doc.board.panel(panel_id) is not None:
        command = name_scene(doc.board, panel_id, str(st.session_state.get(key) or ""))
        if command.commands:
            apply(doc, command)


def sentence_field(panel_id: str) -> str:
    """Return the name of the field in which a panel's sentence is typed."""
    return f"txt_sentence_{panel_id}"


def tell_shot(doc: Document, panel_id: str, key: str) -> None:
    """Rewrite a panel's sentence for the size of shot that was picked."""
    from seqgan.sampling import tell_shot

    _rewrite(doc, panel_id, key, tell_shot)


def tell_setting(doc: Document, panel_id: str, key: str) -> None:
    """Rewrite a panel's sentence for the setting that was picked."""
    from seqgan.sampling import tell_setting

    _rewrite(doc, panel_id, key, tell_setting)


def _rewrite(doc: Document, panel_id: str, key: str, told: Callable[[str, str], str]) -> None:
    """Tell a panel's sentence, as its field has it by now, in the way that was picked.

    The field has the new sentence at once; the board may get it a moment later, with its picture.
    """
    panel, picked, field = doc.board.panel(panel_id), str(st.session_state.get(key) or ""), sentence_field(panel_id)
    if panel is not None and picked:
        sentence = told(str(st.session_state.get(field_key(field), panel.text)), picked)
        refill(field, sentence)
        retell(doc, panel_id, sentence)


# Panels --------------------------------------------------------------------------------------------------------------


def step(doc: Document, by: int) -> None:
    """Work on the next panel, or the one before; on the first where none is selected."""
    panels, index = doc.board.panels, doc.board.index(editor().selected)
    if not panels:
        return
    select(panels[0 if index is None else min(max(index + by, 0), len(panels) - 1)].id)


def place(doc: Document, panel: str, index: int) -> None:
    """Move a panel so that it stands at ``index`` (from 0)."""
    if doc.board.index(panel) not in (None, index):
        apply(doc, move_panel(doc.board, panel, index))


def split(doc: Document, panel_id: str, at: int | None = None) -> None:
    """Cut a panel in two: before character ``at``, else where its second sentence begins."""
    from studio.stories.split import sentence_ends

    def cut() -> None:
        panel = doc.board.panel(panel_id)
        ends = [at] if at is not None else sentence_ends(panel.text) if panel is not None else []
        if not ends:
            raise DocumentError("this panel has one sentence; put the cursor where the second panel is to begin")
        doc.apply(split_panel(doc.board, panel_id, ends[0]))

    attempt(cut)
    editor().edit, editor().fresh = None, True


def merge(doc: Document, panel_id: str) -> None:
    """Make one panel of a panel and the next; it is the one that is worked on."""
    attempt(lambda: doc.apply(merge_panels(doc.board, panel_id)))
    if editor().selected and not editor().error:
        select(panel_id)


def replace(doc: Document, panel_id: str, key: str) -> None:
    """Show a person's own picture in a panel; what was drawn stays among its takes."""
    file = st.session_state.get(key)
    if file is None:
        return

    def submit() -> None:
        state = editor()
        state.edit, state.redrawing = None, submit_given(desk(), doc, panel_id, file.getvalue(), file.name)
        state.redrawing.wait(BLOCK_SECONDS)

    attempt(submit)


# Time and camera -----------------------------------------------------------------------------------------------------


def lengthen(doc: Document, panel_id: str, by: int) -> None:
    """Show a panel longer (or shorter) by so many milliseconds."""
    panel = doc.board.panel(panel_id)
    if panel is not None:
        set_length(doc, panel_id, max(SHORTEST_MS, duration_of(panel) + by))


def pass_on(doc: Document, panel_id: str, kind: str, milliseconds: int | None) -> None:
    """Say how a panel passes to the next one ("": as the film does)."""
    wanted = Transition.model_validate({"kind": kind, "ms": milliseconds or 500}) if kind else None
    panel = doc.board.panel(panel_id)
    if panel is not None and wanted != panel.transition:
        apply(doc, set_transition(panel_id, wanted))


def camera_name(panel: Panel) -> str:
    """Return what a panel's camera move is called, "Own" for one that is none of ours."""
    return next((name for name, camera in CAMERAS.items() if camera == panel.camera), "Own")


def move_camera(doc: Document, panel_id: str, key: str) -> None:
    """Pan or zoom over a panel as picked."""
    picked = str(st.session_state.get(key))
    if picked in CAMERAS:
        apply(doc, set_camera(panel_id, CAMERAS[picked]))


# Knobs ---------------------------------------------------------------------------------------------------------------


def variety(knobs: Mapping[str, Any]) -> float:
    """Return how varied knobs have pictures, from 0 to ``MOST_VARIED``, which it is where they do not say."""
    try:
        wanted = float(knobs.get(VARIETY, MOST_VARIED))
    except (TypeError, ValueError):
        return MOST_VARIED
    return max(wanted, 0.0) if wanted < MOST_VARIED else MOST_VARIED


def vary(doc: Document, panel_id: str, key: str) -> None:
    """Draw a panel with another variety; as the board has it is not stored."""
    panel = doc.board.panel(panel_id)
    if panel is not None:
        _set_variety(doc, panel.knobs, variety(doc.board.knobs), key, panel_id)


def vary_board(doc: Document, key: str) -> None:
    """Draw all panels but those that have a variety of their own with another one; the usual one is not stored."""
    _set_variety(doc, doc.board.knobs, MOST_VARIED, key)


def _set_variety(doc: Document, present: Mapping[str, Any], usual: float, key: str, panel: str | None = None) -> None:
    wanted = float(st.session_state.get(key) or 0.0)
    knobs = {name: value for name, value in present.items() if name != VARIETY}
    if wanted != usual:
        knobs[VARIETY] = wanted
    if knobs != present:
        editor().edit = None
        apply(doc, set_knobs(knobs, panel))


# Cast ----------------------------------------------------------------------------------------------------------------


def recast(doc: Document, name: str, key: str) -> None:
    """Have somebody else play a name; the panels that tell of it are then marked as changed."""
    who = str(st.session_state.get(key) or "")
    if who and doc.board.cast.get(name) != who:
        editor().edit = None
        apply(doc, set_cast({**doc.board.cast, name: who}))
