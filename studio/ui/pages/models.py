"""The page Models: what is installed, what each model is, adding one, and whether it is whole."""

import tempfile
from pathlib import Path

import streamlit as st

from seqgan.registry import model_folders
from seqgan.resources import assets_root, home
from seqgan.sampling import draws
from studio.ui.components.model_card import model_card
from studio.ui.components.model_jobs import show_job, start_adding, tickets, under_way
from studio.ui.components.queue_view import queue_view
from studio.ui.words import count, plain

LOOK_AGAIN = 0.5
ORDER = ("story", "frame", "clip", "")
SHIPPED = (
    "Only the models that come with the program are installed. They are small and draw within a second or so on a CPU, "
    "so that you can try everything. Add a model of your own above."
)


def add() -> None:
    """A model from a folder of this machine, or from a zip."""
    st.caption(
        plain(f"A model is a folder with config.json and model.safetensors. It is copied to {home() / 'models'}.")
    )
    path = st.text_input("Folder or zip on this machine", key="txt_model_path", placeholder="runs/draw/checkpoint")
    file = st.file_uploader("or a zip of it", type=["zip"], key="up_model")
    name = st.text_input("Called (as the folder or zip, where this is empty)", key="txt_model_name", max_chars=64)
    ready = bool(path.strip()) or file is not None
    if not st.button("Add", key="btn_add_model", icon=":material/add:", type="primary", disabled=not ready):
        return
    if file is None:
        start_adding(Path(path.strip()).expanduser(), name)
    else:
        scratch = tempfile.TemporaryDirectory()
        zipped = Path(scratch.name) / "model.zip"
        zipped.write_bytes(file.getbuffer())
        start_adding(zipped, name or Path(file.name).stem, scratch)
    st.rerun()


def page(expected: bool) -> None:
    """Show the models; ``expected``: whether a check was under way when this piece of the page was set to refresh."""
    busy = under_way()
    show_job(tickets().get(""), "Checking the model before it is added")
    found = model_folders()
    kinds = {name: draws(folder) for name, folder in found.items()}
    st.caption(f"{count(len(found), 'model')} installed")
    if not found:
        st.info("No model is installed. Add one, train one (Train & runs), or draw with the stage.")
    elif all(folder.is_relative_to(assets_root()) for folder in found.values()):
        st.info(SHIPPED)
    for name in sorted(found, key=lambda name: (ORDER.index(kinds[name]), name)):
        model_card(name, found[name])
    if busy != expected:
        st.rerun()


st.title("Models", anchor=False)
with st.expander("Add a model", icon=":material/add_box:"):
    add()
busy = under_way()
queue_view(busy)
st.fragment(page, run_every=LOOK_AGAIN if busy else None)(busy)
