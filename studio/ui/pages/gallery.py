"""The page Gallery: every take of every board, to be found again, starred, and used once more."""

import streamlit as st

from seqgan.resources import home
from studio.ui.components.gallery_card import HELP, card, use
from studio.ui.gallery import Gallery, Query, days_ago, known_boards
from studio.ui.state import desk, editor, go_to
from studio.ui.taking_over import SUFFIXES, WAYS, Recipe, Way, read_recipes
from studio.ui.tickets import BLOCK_SECONDS, Ticket
from studio.ui.uploads import read_once
from studio.ui.words import count, plain

PAGE = 24
WHEN = {"Any time": None, "Today": 0, "7 days": 6, "30 days": 29}
LOOK_AGAIN = 0.3

gallery = Gallery(home() / "gallery.sqlite")


def bring_up_to_date() -> bool:
    """Have the boards that changed read in the background; return whether that is still under way."""
    boards = known_boards(editor().given)
    ticket: Ticket | None = st.session_state.get("gallery_job")
    if (ticket is None or not ticket.is_busy) and gallery.stale(boards):
        queue = desk().asked
        number = queue.submit("Read boards", lambda _step: gallery.refresh(boards), "gallery")
        ticket = st.session_state["gallery_job"] = Ticket(queue, number)
        job = ticket.wait(BLOCK_SECONDS)
        if job is not None and job.state == "failed":
            st.error(plain(f"the index of the gallery could not be written: {job.error}"))
            return False
    return ticket is not None and ticket.is_busy


def wait_for_boards() -> None:
    """Say that boards are being read, and look again until they are."""
    st.caption(":material/hourglass_top: Reading boards that changed…")
    ticket: Ticket | None = st.session_state.get("gallery_job")
    if ticket is None or not ticket.is_busy:
        st.rerun()


def filters() -> Query:
    """Let a person say what is looked for."""
    boards, models = gallery.boards(), gallery.models()
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        words = st.text_input(
            "Search", key="txt_gallery", live="0.5s", icon=":material/search:", placeholder="snow", width="stretch"
        )
        board = st.selectbox(
            "Board", ["", *boards], key="sel_gallery_board", format_func=lambda path: boards.get(path, "All"), width=200
        )
        model = st.selectbox(
            "Drawn by", ["", *models], key="sel_gallery_model", format_func=lambda name: name or "All", width=180
        )
        when = st.segmented_control("When", list(WHEN), key="seg_gallery_when", default="Any time", required=True)
        starred = st.toggle("Starred", key="tgl_gallery_starred")
    days = WHEN[when or "Any time"]
    return Query(words or "", board or "", model or "", starred, 0.0 if days is None else days_ago(days))


def wall(query: Query) -> None:
    """Show what was found, a page at a time."""
    total = gallery.search(query, limit=0).total
    st.caption(count(total, "take"))
    if not total:
        nothing(query)
        return
    if st.session_state.get("gallery_query") != query:  # what is looked for begins on the first page
        st.session_state.update({"gallery_query": query, "num_gallery": 1})
    pages = -(-total // PAGE)
    with st.container(key="gallery_pages"):
        number = min(st.pagination(pages, key="num_gallery"), pages) if pages > 1 else 1
    grid = st.grid("auto", min_column_width=230, dense=True, gap="small", key="gallery")
    for take in gallery.search(query, PAGE, (number - 1) * PAGE).takes:
        with grid.container(border=True, key=f"card_{take.key}", gap="xsmall", height="stretch"):
            card(take)


def nothing(query: Query) -> None:
    """Say why the wall is empty, and what to do."""
    if query != Query():
        st.info("No take fits. Search for fewer words, or take a filter away.")
        return
    st.info("Nothing is drawn yet. Everything you draw appears here, with its seed and settings.")
    st.button(
        "Tell a story",
        type="primary",
        icon=":material/edit_note:",
        key="btn_gallery_story",
        on_click=go_to,
        args=("story",),
    )


def dropped() -> None:
    """A file of ours: what made it can be used as that of a take."""
    file = st.file_uploader("A picture or film of yours", type=list(SUFFIXES), key="up_gallery", help=HELP)
    if file is None:
        return
    answer = read_once(file, read_recipes)
    if answer.error:
        st.error(plain(answer.error))
    recipes = answer.value
    if recipes is None:
        return
    for recipe in recipes[:12]:
        seed = "not recorded" if recipe.seed is None else str(recipe.seed)
        st.markdown(f"{plain(recipe.text, 120)} :small[:gray[{plain(recipe.model, 30)} · seed {seed}]]")
    if len(recipes) > 12:
        st.caption(f"and {len(recipes) - 12} more")
    with st.container(horizontal=True, gap="small"):
        for way, label in WAYS.items():
            _button(way, label, recipes)


def _button(way: Way, label: str, recipes: list[Recipe]) -> None:
    lacking = way == "seed" and any(recipe.seed is None for recipe in recipes)
    st.button(label, key=f"btn_file_{way}", on_click=use, args=(recipes, way), disabled=lacking)


st.title("Gallery", anchor=False)
if editor().error:
    st.error(plain(editor().error))
    editor().error = ""
if bring_up_to_date():
    st.fragment(wait_for_boards, run_every=LOOK_AGAIN)()
for problem in gallery.problems():
    st.warning(plain(problem))
with st.expander("Use a file", icon=":material/upload_file:"):
    dropped()
wall(filters())
