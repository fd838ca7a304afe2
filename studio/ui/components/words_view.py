"""Which words the picture of the selected panel looked at, and where: shown when a person asks for it."""

from __future__ import annotations

import streamlit as st

from studio.document import Document, Panel, Take
from studio.rendering import Explained, Step, explain_take
from studio.rendering.animate import moved_take
from studio.rendering.explaining import why_not
from studio.ui.pictures import from_array
from studio.ui.state import attempt, choice_named, desk, editor
from studio.ui.tickets import BLOCK_SECONDS, Ticket
from studio.ui.words import plain


def words_view(doc: Document, panel: Panel) -> None:
    """Offer to show which words the picture looked at (of a clip, the picture that it moves), and show it."""
    take = moved_take(panel)
    asked = editor().explaining
    shown = take is not None and asked is not None and asked[0] == take.id
    st.button(
        "Hide the words" if shown else "Words it looked at",
        icon=":material/visibility_off:" if shown else ":material/frame_inspect:",
        key="btn_words",
        help="Where the model looked at which word of the sentence.",
        on_click=_hide if shown else _ask,
        args=() if take is None or shown else (take,),
        disabled=take is None or doc.picture(take) is None,
    )
    if take is not None and asked is not None and shown:
        _show(take, asked[1])


def _hide() -> None:
    editor().explaining = None


def _ask(take: Take) -> None:
    """Look into a take in the background; wait a moment, for it may be there at once."""
    choice = choice_named(take.model.name)

    def work(step: Step) -> Explained:
        if reason := why_not(take):
            return Explained((reason,))
        step.progress(0, 0, f"Loading {choice.model}")
        return explain_take(desk().engines.prepare(choice), take)

    def submit() -> None:
        ticket = Ticket(desk().jobs, desk().jobs.submit("Look into a picture", work))
        editor().explaining = (take.id, ticket)
        ticket.wait(BLOCK_SECONDS)

    attempt(submit)


def _show(take: Take, ticket: Ticket) -> None:
    job = ticket.look()
    if job is None or job.state == "cancelled":
        st.caption("This was forgotten; ask once more.")
    elif not job.is_finished:
        st.caption(":material/hourglass_top: Looking into the picture…")
    elif job.error:
        st.error(plain(job.error))
    elif isinstance(job.result, Explained):
        if job.result.sheet is not None:
            sheet = from_array(job.result.sheet, job.result.sheet.shape[1])
            with st.container(key="words"):
                st.image(sheet, width="stretch", alt=f"Words that take {take.number + 1} read")
        for line in job.result.said:
            st.caption(f":material/info: {plain(line)}")
