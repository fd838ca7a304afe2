"""Panels that move: the selected one's clip, the button that animates it, and what is told of that."""

from __future__ import annotations

import streamlit as st

from seqgan.resources import home
from studio.document import Document, Panel, Take
from studio.rendering import JobSnapshot
from studio.ui.board_jobs import ANIMATION
from studio.ui.clips import moving_models, submit_animation
from studio.ui.components.card import alt_text, shown_pictures
from studio.ui.components.queue_view import why_waiting
from studio.ui.drawing import preview_key
from studio.ui.following import watch
from studio.ui.pictures import STAGE, clip_of
from studio.ui.state import attempt, desk, editor
from studio.ui.tickets import BLOCK_SECONDS
from studio.ui.words import plain


def stage(doc: Document, panel: Panel, number: int) -> None:
    """Show the picture of a panel, large, or its clip, which goes round without a sound."""
    clip = None if preview_key(doc, panel.id) in desk().previews else clip_of(doc, panel)
    if clip is None:
        st.image(shown_pictures(doc, [panel], STAGE)[0], width="stretch", alt=alt_text(number, panel))
    else:
        st.video(str(clip), loop=True, autoplay=True, muted=True, alt=alt_text(number, panel))


def animate_button(doc: Document, panel: Panel) -> None:
    """Offer to animate the picture of a panel; where nothing can, say what is missing."""
    models = moving_models()
    animates = bool(desk().board_jobs.under_way(doc, ANIMATION))
    disabled = doc.read_only or not models or doc.picture(panel) is None or animates
    words = {"icon": ":material/animation:", "disabled": disabled, "help": _help(models)}
    if len(models) < 2:
        st.button("Animate this panel", key="btn_animate", on_click=_animate, args=(doc, panel.id, *models), **words)
        return
    key = "btn_animate_by"
    st.menu_button(
        "Animate this panel",
        models,
        key=key,
        format_func=plain,
        on_click=lambda: _animate(doc, panel.id, str(st.session_state.get(key))),
        **words,
    )


def _help(models: list[str]) -> str:
    if models:
        return (
            "A clip of this picture becomes a take of the panel, and films play it. The picture stays among its takes."
        )
    folder = plain(str(home() / "models"))
    return (
        "No model that moves a picture is installed. Train one with `seqgan train t2v_picture` and copy its checkpoint "
        f"folder into {folder}."
    )


def _animate(doc: Document, panel: str, model: str) -> None:
    def submit() -> None:
        editor().edit = None
        watch(submit_animation(desk(), doc, model, panel)).wait(BLOCK_SECONDS)

    attempt(submit)


def animation_line(job: JobSnapshot) -> str:
    """Return how far an animation is."""
    return job.message or why_waiting(job)


def animated(job: JobSnapshot) -> None:
    """Show what came of an animation."""
    if job.state == "failed":
        st.error(plain(job.error), title="The panel was not animated")
        with st.expander("Details"):
            st.code(job.details, language=None)
    elif job.state == "cancelled":
        st.info("Stopped. The panel is as it was.")
    elif isinstance(job.result, Take):
        st.caption(f":material/check: Animated in {job.result.seconds:.1f} s by {plain(job.result.model.name)}")
