"""The editor: its pages and what they share. `streamlit_app.py` and `entry.py` run :func:`main`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st
from PIL import Image, ImageDraw

from studio.ui.components.announcing import announce
from studio.ui.components.keys import keys_dialog
from studio.ui.components.queue_view import queue_elsewhere
from studio.ui.components.settings_dialog import settings_button, settings_dialog
from studio.ui.components.style import house_style
from studio.ui.state import editor, go_to, show_in_address

PAGES = Path(__file__).resolve().parent / "pages"


def main() -> None:
    """Show the page that is asked for; the board, where the editor was just opened with one."""
    st.set_page_config(page_title="Seqgan Studio", page_icon=icon(), layout="wide")
    state = editor()
    pages = {
        "story": st.Page(
            PAGES / "story.py",
            title="Story",
            icon=":material/edit_note:",
            url_path="story",
            default=True,
            help="Write a story, see how it is read, and have it drawn: each sentence becomes a panel.",
        ),
        "board": st.Page(
            PAGES / "board.py",
            title="Board",
            icon=":material/view_cozy:",
            url_path="board",
            help="The storyboard: edit a sentence and its panel is drawn again, pick among takes, export a film.",
        ),
        "clip": st.Page(
            PAGES / "clip.py",
            title="Clip",
            icon=":material/animation:",
            url_path="clip",
            help="One sentence becomes a short clip: four takes, to download or to send to the board.",
        ),
        "gallery": st.Page(
            PAGES / "gallery.py",
            title="Gallery",
            icon=":material/photo_library:",
            url_path="gallery",
            help="Every take of every board: search, star, use what made it once more.",
        ),
        "models": st.Page(
            PAGES / "models.py",
            title="Models",
            icon=":material/deployed_code:",
            url_path="models",
            help="What is installed: what each model draws, its figures and licence; add one, check one.",
        ),
        "train": st.Page(
            PAGES / "train.py",
            title="Train & runs",
            icon=":material/model_training:",
            url_path="train",
            help="Train a recipe, watch it learn, stop and resume it, compare runs.",
        ),
        "compare": st.Page(
            PAGES / "compare.py",
            title="Compare",
            icon=":material/compare:",
            url_path="compare",
            help="Two systems draw the same stories; people say which are better without knowing whose they are.",
        ),
        "help": st.Page(
            PAGES / "help.py", title="Help", icon=":material/help:", url_path="help", help="The guide to all of it."
        ),
    }
    page = st.navigation(list(pages.values()), position="top")
    house_style()
    begins, state.begun = not state.begun, True  # later the address is without the board after every change of page
    if show_in_address(state) and begins and page == pages["story"] and state.given is not None:
        go_to("board")
    if page != (asked := pages.get(state.go, page)):
        st.switch_page(asked)
    if page.url_path != state.page:  # a link that is clicked just as a dialog closes would bring it along
        state.page, state.dialog = page.url_path, ""
    if page != pages["board"]:
        announce()
    if page not in (pages["board"], pages["clip"], pages["models"]):  # those show it beside their own work
        queue_elsewhere()
    try:
        page.run()
    except Exception:  # else a page that fails would be the only one ever shown; Streamlit's own interruptions are none
        state.go = ""
        raise
    if page != pages["board"] or state.path is None:  # where a board is open its bar has the button
        settings_button()
    if state.dialog == "settings":
        settings_dialog()
    elif state.dialog == "keys":
        keys_dialog()
    state.go = ""  # not before: a message that the old page had sent may cut this run short and bring the old one back


@lru_cache(maxsize=1)
def icon() -> Image.Image:
    """Return the picture in the browser's tab, four panels; our own, for a named icon would come from the network."""
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    for place, colour in (((4, 10), "#c53a49"), ((36, 10), "#f2b134"), ((4, 36), "#3d8b6e"), ((36, 36), "#4472b8")):
        draw.rounded_rectangle((*place, place[0] + 24, place[1] + 18), 5, fill=colour)
    return image
