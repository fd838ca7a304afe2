"""The page Story: write, see how it is read, draw."""

import secrets

import streamlit as st

from studio.ui import actions
from studio.ui.components.import_button import import_button, said_of_import, take_up_import, wait_for_import
from studio.ui.components.live_text import commit_on_pause
from studio.ui.components.reading_view import EMPTY, reading_view
from studio.ui.components.shelf import recent_boards
from studio.ui.components.toolbar import engine_menu
from studio.ui.editor import Order
from studio.ui.state import attempt, desk, document, editor, open_board, show_page
from studio.ui.stories import board_from, examples, load_draft, save_draft, tell_anew
from studio.ui.words import plain

STORY = "txt_story"


def write(text: str) -> None:
    """Put a story into the field; what a person wrote there is put aside."""
    before, state = str(st.session_state.get(STORY) or ""), editor()
    if before.strip() and before not in (text, *(example.text for example in examples())):
        state.put_aside = before
    st.session_state[STORY] = text
    state.cast, state.imported = {}, None
    save_draft(text)


def surprise() -> None:
    """Ask the grammar for a story; it is taken up as soon as it is there."""
    editor().surprise = 1 + secrets.randbelow(2**31)


def take_up_surprise() -> None:
    """Put the grammar's story into the field, once it is written."""
    state = editor()
    if not state.surprise:
        return
    answer = desk().surprise(state.surprise)
    if not answer.pending:
        state.surprise = 0
        write(answer.value) if answer.value else setattr(state, "error", answer.error)


def wait_for_surprise() -> None:
    """Look again until the story is there."""
    st.caption(":material/hourglass_top: Thinking of a story…")
    if not desk().surprise(editor().surprise).pending:
        st.rerun()


def order(update: bool) -> None:
    """Ask for a board of the story, or that the open one tells it, and for its pictures."""
    editor().ordered = Order(str(st.session_state.get(STORY) or ""), update)


def take_up_order() -> bool:
    """Make the board that was asked for, once the sentences of its story are known; return whether it was made."""
    state = editor()
    if state.ordered is None or desk().split(state.ordered.story).pending:
        return False
    order, state.ordered = state.ordered, None
    attempt(_draw, order)
    return not state.error


def _draw(order: Order) -> None:
    state = editor()
    doc = document() if order.update else None
    if doc is None:
        doc = board_from(order.story, state.cast)
        desk().keep(doc)
        open_board(doc.path)
        state.story_board = doc.path
    elif doc.board.story != order.story or not state.cast.items() <= doc.board.cast.items():
        tell_anew(doc, order.story, state.cast)
    actions.draw(doc, "changed")
    state.put_aside = ""


def wait_for_order() -> None:
    """Look again until the sentences are known."""
    st.caption(":material/hourglass_top: Reading the story: the first one after a start takes some seconds…")
    ordered = editor().ordered
    if ordered is None or not desk().split(ordered.story).pending:
        st.rerun()


if take_up_import(write) or take_up_order():
    show_page("board")
take_up_surprise()
if STORY not in st.session_state:
    st.session_state[STORY] = load_draft()
left, right = st.columns([3, 2], gap="large")
with left:
    st.title("Tell a story", anchor=False)
    st.caption(EMPTY)
    story = st.text_area(
        "Story",
        key=STORY,
        height=260,
        label_visibility="collapsed",
        placeholder="Mia walks in the snow. She waves to Pip the penguin. They build a castle…",
        persist_state="session",
    )
    commit_on_pause(STORY)
    save_draft(story)
    with st.container(horizontal=True, gap="small"):
        st.button("Surprise me", icon=":material/casino:", key="btn_surprise", on_click=surprise)
        import_button()
        for number, example in enumerate(examples()):
            st.button(plain(example.title), key=f"btn_example_{number}", on_click=write, args=(example.text,))
        if editor().put_aside not in ("", story):
            st.button(
                "Back to what I wrote",
                icon=":material/undo:",
                key="btn_put_back",
                on_click=write,
                args=(editor().put_aside,),
                type="tertiary",
            )
    if editor().surprise:
        st.fragment(wait_for_surprise, run_every=0.3)()
    if editor().error:
        st.error(plain(editor().error))
        editor().error = ""
    if editor().importing is not None:
        st.fragment(wait_for_import, run_every=0.3)()
    said_of_import()
    st.space("small")
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        picked = engine_menu("sel_story_engine")
        ready = bool(story.strip()) and editor().ordered is None
        mine = document() is not None and editor().story_board == editor().path
        st.button(
            "Draw storyboard",
            type="primary",
            icon=":material/brush:",
            key="btn_make",
            on_click=order,
            args=(False,),
            disabled=not ready,
        )
        if mine:
            st.button(
                "Update the board",
                icon=":material/sync:",
                key="btn_update",
                on_click=order,
                args=(True,),
                disabled=not ready,
            )
    if editor().ordered is not None:
        st.fragment(wait_for_order, run_every=0.3)()
    if picked.composed:
        st.caption("The stage puts panels together from drawn art. They are marked: composed, not generated.")
with right:
    reading_view(story)
    st.space("medium")
    st.markdown("**Boards**")
    if not recent_boards(6):
        st.caption("Your boards will be listed here.")
