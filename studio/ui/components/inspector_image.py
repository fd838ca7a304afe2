"""The picture of the selected panel: its seed, more takes, a picture of one's own, and all takes to pick from."""

from __future__ import annotations

import secrets

import streamlit as st

from studio.document import Document, Panel, Take, knobs_of
from studio.ui import actions, editing
from studio.ui.components.variety_button import variety_slider
from studio.ui.engines import MISSING, Choice
from studio.ui.pictures import THUMB, blank
from studio.ui.state import choice, choice_of, choices, desk, editor, field, on_change
from studio.ui.statuses import COMPOSED
from studio.ui.words import plain

SHOWN_TAKES = 8
LARGEST_SEED = 2**32 - 1


def image_group(doc: Document, panel: Panel) -> None:
    """Show what there is of pictures, and how to get others."""
    _takes(doc, panel)
    _seed(doc, panel)
    _more(doc, panel)
    _model(doc, panel)
    _advanced(doc, panel)
    _upload(doc, panel)


def _seed(doc: Document, panel: Panel) -> None:
    """The seed as a number that can be typed, the dice, and whether a retake keeps it."""
    off = doc.read_only or not panel.text.strip()
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        seed = panel.take.seed if panel.take else None
        key, shown = field(f"num_seed_{panel.id}_{panel.current_take}", seed, ahead=True)  # its picture may be to come
        st.number_input(
            "Seed",
            value=shown,
            min_value=0,
            max_value=max(LARGEST_SEED, seed or 0),
            step=1,
            key=key,
            disabled=off,
            width=170,
            help="The same sentence, seed and model give the same picture.",
            **on_change(key, actions.typed_seed, doc, panel.id, shows=lambda: _present_take(doc, panel)),
        )
        st.button(
            "Dice",
            icon=":material/casino:",
            key="btn_dice",
            help="Draw with a seed by chance.",
            on_click=_throw,
            args=(doc, panel.id),
            disabled=off,
        )
        st.toggle(
            "Keep",
            value=editor().keep_seed,
            key="tog_keep",
            on_change=lambda: setattr(editor(), "keep_seed", bool(st.session_state.get("tog_keep"))),
            help="A retake keeps this seed: only what you changed in the words changes the picture.",
        )


def _present_take(doc: Document, panel: Panel) -> str | None:
    present = doc.board.panel(panel.id)
    return None if present is None else present.current_take


def _throw(doc: Document, panel: str) -> None:
    actions.redraw(doc, panel, secrets.randbelow(LARGEST_SEED + 1))


def _more(doc: Document, panel: Panel) -> None:
    off = doc.read_only or not panel.text.strip()
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Four takes",
            icon=":material/grid_view:",
            key="btn_four",
            on_click=actions.four_takes,
            args=(doc, panel.id),
            disabled=off,
        )
        st.button(
            "Same seed",
            icon=":material/history:",
            key="btn_same",
            help="Draw the sentence as it is now with the seed of this picture.",
            on_click=actions.redraw,
            args=(doc, panel.id),
            disabled=off or panel.take is None,
        )


def _model(doc: Document, panel: Panel) -> None:
    """What draws this panel: what draws the board, or a model of its own."""
    present = "" if panel.model is None else choice_of(panel)
    lost = [present] if isinstance(present, Choice) and present.engine == MISSING else []
    key, models = field(f"sel_model_{panel.id}", present)[0], ["", *choices(), *lost]
    as_the_board = f"As the board: {choice().label}"
    st.selectbox(
        "Model of this panel",
        models,
        models.index(present),
        key=key,
        format_func=lambda each: each.label if isinstance(each, Choice) else as_the_board,
        disabled=doc.read_only,
        help="Another model for this panel alone. It reads the story as it is written; the other panels do not change. "
        "The picture stays until you draw it again.",
        **on_change(key, actions.choose_model, doc, panel.id),
    )
    if lost:
        st.warning(f"{plain(lost[0].model)} is not installed: add it on the page Models, or choose another here.")


def _advanced(doc: Document, panel: Panel) -> None:
    """What few people need: how far the picture may be from what is usual."""
    with st.popover("Advanced", icon=":material/tune:"):
        knobs = knobs_of(doc.board, panel)
        variety_slider("Variety", f"sld_variety_{panel.id}", doc, knobs, editing.vary, doc, panel.id)
        if editing.VARIETY in panel.knobs:
            st.caption(f"Its own: the board has {editing.variety(doc.board.knobs):g}.")


def _upload(doc: Document, panel: Panel) -> None:
    """A picture of one's own instead; it is a take like the others."""
    key = f"upl_{panel.id}_{len(panel.takes)}"
    st.file_uploader(
        "Replace by a picture",
        type=["png", "jpg", "jpeg", "webp"],
        key=key,
        on_change=editing.replace,
        args=(doc, panel.id, key),
        disabled=doc.read_only,
    )


def _takes(doc: Document, panel: Panel) -> None:
    """All pictures of the panel, the newest first; the one that is shown has the marked button."""
    if len(panel.takes) < 2:
        return
    st.caption(f"Takes ({len(panel.takes)})")
    shown = panel.takes[: -SHOWN_TAKES - 1 : -1]
    with st.container(horizontal=True, gap="small", key="takes"):
        for take, picture in zip(shown, desk().thumbs.of(doc, shown, THUMB), strict=True):
            with st.container(width=96, gap="xsmall"):
                _take(doc, panel, take, picture or blank())
    if len(panel.takes) > SHOWN_TAKES:
        older = {take.id: take for take in panel.takes[:-SHOWN_TAKES]}
        st.menu_button(
            "Older takes",
            list(older),
            key="btn_older",
            format_func=lambda name: f"Take {older[name].number + 1}",
            on_click=lambda: actions.pick(doc, panel.id, str(st.session_state.get("btn_older"))),
            type="tertiary",
            disabled=doc.read_only,
        )


def _take(doc: Document, panel: Panel, take: Take, picture: bytes) -> None:
    current = take.id == panel.current_take
    st.image(picture, width="stretch", alt=f"Take {take.number + 1}")
    st.button(
        f"{take.number + 1}",
        key=f"btn_take_{take.id}",
        help=f"Take {take.number + 1}: seed {take.seed}, {plain(take.model.name)}{f', {COMPOSED}' * take.composed}",
        icon=":material/check:" if current else None,
        on_click=actions.pick,
        args=(doc, panel.id, take.id),
        disabled=current or doc.read_only,
        width="stretch",
    )
