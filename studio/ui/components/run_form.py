"""What is to be trained: recipe, data, images, and what else few people change."""

from __future__ import annotations

import streamlit as st

from studio.errors import StudioError
from studio.ui.state import desk
from studio.ui.tickets import Answer
from studio.ui.trainer import SYNTHETIC, Order, Recipe, begin, data_names, recipes
from studio.ui.words import plain

USUAL = "storygan_small"
"""The recipe that the form begins with: trained in an hour on a CPU."""
DEMO = Order(USUAL, SYNTHETIC, images=4000, name="demo")
"""A training that is over in about two minutes on a CPU: long enough to see curves and sheets come."""


def run_form() -> None:
    """Let a person start a training."""
    answer: Answer = desk().ask(("recipes",), recipes)
    if answer.pending:
        st.fragment(_wait, run_every=0.5)()
        return
    if answer.error:
        st.error(plain(answer.error))
        return
    order, recipe = _asked(answer.value)
    if st.button("Start", key="btn_start_run", type="primary", icon=":material/play_arrow:"):
        _begin(order, recipe)


def demo_button() -> None:
    """Offer a short training on data that is drawn on the spot, as soon as the recipes are read."""
    found: dict[str, Recipe] = desk().ask(("recipes",), recipes).value or {}
    icon = ":material/play_arrow:"
    if st.button("Start the demo run", key="btn_demo_run", icon=icon, disabled=DEMO.preset not in found):
        _begin(DEMO, found[DEMO.preset])


def _begin(order: Order, recipe: Recipe) -> None:
    try:
        folder = begin(order, recipe)
    except StudioError as error:
        st.error(plain(str(error)))
        return
    st.session_state["run_shown"] = folder
    st.rerun()


def _wait() -> None:
    st.caption(":material/hourglass_top: Reading the recipes…")
    if not desk().ask(("recipes",), recipes).pending:
        st.rerun()


def _asked(found: dict[str, Recipe]) -> tuple[Order, Recipe]:
    names = list(found)
    left, middle, right = st.columns([2, 2, 1])
    with left:
        first = names.index(USUAL) if USUAL in names else 0
        preset = st.selectbox("Recipe", names, index=first, key="sel_recipe", required=True)
        recipe = found[str(preset)]
        st.caption(plain(f"{recipe.about} ({recipe.origin})"))
    with middle:
        data = st.selectbox(
            "Data", data_names(), key="sel_data", accept_new_options=True, help="A data set's name, or its folder."
        )
        if data == SYNTHETIC:
            st.caption("A tiny set that is drawn on the spot, to try things out.")
    with right:
        images = st.number_input(
            "Images", min_value=1, value=recipe.images or 100_000, step=1000, key=f"num_images_{recipe.name}"
        )
    with st.expander("More", icon=":material/tune:"):
        name = st.text_input("Called", key="txt_run_name", placeholder=f"date-time-{recipe.name}", max_chars=80)
        init = st.text_input(
            "Start from the weights of", key="txt_run_init", placeholder="a model, or a checkpoint folder"
        )
        settings = st.text_area(
            "Settings, one a line", key="txt_run_settings", placeholder="training.batch=16", height=90
        )
    return Order(recipe.name, str(data or ""), int(images), name, settings, init), recipe
