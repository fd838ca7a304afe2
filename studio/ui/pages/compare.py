"""The page Compare: which of two systems draws better stories, by people who do not know which is which."""

from pathlib import Path

import streamlit as st

from seqgan.registry import model_folders
from seqgan.sampling import draws
from studio.errors import StudioError
from studio.ui.components.rating import rating, results
from studio.ui.runs import run_folders
from studio.ui.studies import being_made, forget, make, studies, studies_folder
from studio.ui.trainer import data_names
from studio.ui.words import plain

LOOK_AGAIN = 1.0


def systems() -> list[str]:
    """What can be compared: checkpoints of runs, and installed models of stories."""
    runs = [str(path / "checkpoint") for path in run_folders() if (path / "checkpoint" / "config.json").is_file()]
    return [*runs, *(name for name, folder in model_folders().items() if draws(folder) == "story")]


def form() -> None:
    """Have the same stories drawn by two systems."""
    st.caption(
        "The same stories are drawn by both and laid out side by side, half of them with the first on the left. "
        "Whose side is whose stands in a file beside the study, and is told to nobody before the results."
    )
    found = systems()
    one, two, three, four = st.columns([3, 3, 2, 1])
    more = {"accept_new_options": True, "index": None, "placeholder": "A checkpoint, or a folder of boards"}
    first = one.selectbox("First system", found, key="sel_first", **more)
    second = two.selectbox("Second system", found, key="sel_second", **more)
    data = three.selectbox("Stories of", data_names(), key="sel_study_data", accept_new_options=True)
    count = four.number_input("Pairs", 1, 1000, 20, key="num_pairs")
    name = st.text_input("Called", key="txt_study_name", placeholder="study-date-time", max_chars=80, width=320)
    if st.button("Draw the pairs", key="btn_make_study", type="primary", icon=":material/brush:"):
        try:
            make(first or "", second or "", data or "", int(count), name)
        except StudioError as error:
            st.error(plain(str(error)))
            return
        st.rerun()


def under_way(expected: int) -> None:
    """The studies that are being drawn, and those that could not be."""
    found = being_made()
    for each in found:
        if not each.error:
            st.caption(f":material/hourglass_top: {plain(each.name)}: the pairs are being drawn…")
            continue
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.error(plain(each.error), title=plain(f"{each.name} could not be drawn"))
            st.button("Forget it", key=f"btn_forget_{each.name}", on_click=forget, args=(each.name,))
    if len(found) != expected:
        st.rerun()


def chosen() -> Path | None:
    """The study that a person works on."""
    found = studies()
    if not found:
        st.info("No study yet. Choose two systems above, or make one with seqgan study make.")
        st.caption(plain(f"Studies are kept in {studies_folder()}."))
        return None
    name = st.selectbox("Study", list(found), key="sel_study", persist_state="session", width=320)
    return found[name or next(iter(found))]


st.title("Compare two systems", anchor=False)
with st.expander("New study", icon=":material/compare:", expanded=not studies()):
    form()
waiting = being_made()
busy = any(not each.error for each in waiting)
st.fragment(under_way, run_every=LOOK_AGAIN if busy else None)(len(waiting))
folder = chosen()
if folder is not None:
    view = st.segmented_control("View", ["Rate", "Results"], key="seg_study", default="Rate", required=True)
    results(folder) if view == "Results" else rating(folder)
