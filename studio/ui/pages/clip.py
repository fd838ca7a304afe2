"""The page Clip: one sentence becomes a short clip, in four takes."""

from typing import Any

import streamlit as st

from seqgan.resources import home
from seqgan.sampling import clip_models
from studio.ui.clips import (
    clips_folder,
    last_run,
    latest,
    starred,
    submit_clips,
    unread_words,
    uploaded,
    wants_picture,
)
from studio.ui.components.clip_card import clip_grid
from studio.ui.components.queue_view import queue_view, why_waiting
from studio.ui.orders import Asked, Enclosed
from studio.ui.state import attempt, desk, editor
from studio.ui.tickets import BLOCK_SECONDS
from studio.ui.uploads import read_once
from studio.ui.words import plain

LOOK_AGAIN = 0.3  # seconds between two looks at clips that are being drawn
LARGEST_SEED = 2**32 - 1
SECONDS = (1.0, 12.0)
"""Shortest and longest clip: beyond, what moves is a blur or stands still."""
SIZES = (0, 1, 2, 4, 8)
"""How many times pictures are enlarged; 0: as is good to watch."""
VARIED = {"scene": "the scene", "motion": "the motion alone"}


def no_models() -> None:
    """Nothing here draws clips: say what to do."""
    st.info("No model that draws clips is installed.")
    st.write("Train one, and copy its checkpoint folder to where models are kept:")
    st.code(
        "seqgan train t2v --data DATA --run-dir runs/t2v\n"
        f"cp -r runs/t2v/checkpoint {home() / 'models' / 't2v'}",
        language=None,
        wrap_lines=True,
    )  # fmt: skip
    st.caption(
        "`--data synthetic` is a tiny set made on the spot, to try it out. The guide *Clips from text* says more."
    )


def ask(models: list[str]) -> Asked:
    """The fields, and what they ask for."""
    text = st.text_input(
        "Sentence",
        key="txt_clip",
        placeholder="A woman is juggling on the beach.",
        persist_state="session",
        max_chars=300,
    )
    one, two, three, four = st.columns([3, 2, 2, 3], vertical_alignment="bottom")
    model = one.selectbox("Drawn by", models, key="sel_clip_model", persist_state="session")
    seed = two.number_input("Seed", 0, LARGEST_SEED, 0, key="num_clip_seed", persist_state="session")
    motion = three.number_input(
        "Motion seed",
        0,
        LARGEST_SEED,
        None,
        key="num_clip_motion",
        placeholder="as the seed",
        help="The seed decides the scene, the motion seed how it moves.",
        persist_state="session",
    )
    numbers = {"seed": int(seed), "motion_seed": None if motion is None else int(motion), **length_and_size()}
    if wants_picture(model):
        return Asked(text.strip(), model, varied="motion", first=picture(), **numbers)
    varied = four.segmented_control(
        "The takes differ in",
        list(VARIED),
        default="scene",
        required=True,
        format_func=VARIED.__getitem__,
        key="seg_clip_varied",
        persist_state="session",
    )
    return Asked(text.strip(), model, varied="motion" if varied == "motion" else "scene", **numbers)


def length_and_size() -> dict[str, Any]:
    """How long the clips are, and how large."""
    one, two, _ = st.columns([2, 2, 6], vertical_alignment="bottom")
    seconds = one.number_input(
        "Seconds, about",
        *SECONDS,
        None,
        0.5,
        key="num_clip_seconds",
        placeholder="as the model learnt",
        help="A model draws so many frames and no more: in a longer clip others are put between them.",
        persist_state="session",
    )
    enlarged = two.selectbox(
        "Size",
        SIZES,
        format_func=lambda times: f"{times} times as drawn" if times else "Good to watch",
        key="sel_clip_size",
        help="Models draw small pictures; these are enlarged.",
        persist_state="session",
    )
    return {"seconds": seconds, "enlarged": enlarged or None}


def picture() -> Enclosed | None:
    """The picture that is to move, or None."""
    given = st.file_uploader("A picture that is to move", ["png", "jpg", "jpeg", "webp"], key="up_clip")
    if given is None:
        return None
    answer = read_once(given, uploaded)
    if answer.error:
        st.error(plain(answer.error))
    return answer.value


def generate(asked: Asked) -> None:
    """Draw the takes in the background; wait a moment, for they may be there at once. A second click before the page
    has heard of the first asks for nothing more."""

    def submit() -> None:
        submit_clips(desk(), asked).wait(BLOCK_SECONDS)

    if not busy():
        attempt(submit)


def busy() -> bool:
    """Whether clips are being drawn."""
    ticket = last_run(desk())
    return ticket is not None and ticket.is_busy


def progress() -> None:
    """How far the clips are, or why there are none."""
    ticket = last_run(desk())
    job = ticket.look() if ticket is not None else None
    if job is None:
        return
    if not job.is_finished:
        with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
            words = f"{job.done} of {job.total} takes drawn{job.message}" if job.total else why_waiting(job)
            st.progress(job.done / job.total if job.total else 0.0, text=plain(words))
            st.button("Cancel", key="btn_cancel_clips", icon=":material/stop:", on_click=ticket.cancel)  # type: ignore[union-attr]
    elif job.state == "failed":
        st.error(plain(job.error), title="No clip was drawn")


def results(expected: bool) -> None:
    """The takes as they come, then the clips with a star; ``expected``: whether work was under way before."""
    under_way = busy()
    if editor().error:
        st.error(plain(editor().error))
    progress()
    new = latest()
    clip_grid(new, "new")
    if new and (unread := unread_words(new[0])):
        st.caption(f":material/info: {plain(unread)}")
    kept = [path for path in starred() if path not in new]
    if kept:
        st.markdown("**Starred**")
        clip_grid(kept, "kept")
    if new:
        st.caption(f"All clips are kept in {plain(str(clips_folder()))}.")
    if under_way != expected:
        st.rerun()


st.title("A sentence becomes a clip", anchor=False)
if not (found := clip_models()):
    no_models()
else:
    wanted = ask(found)
    missing = not wanted.text or (wants_picture(wanted.model) and wanted.first is None)
    st.button(
        "Generate",
        type="primary",
        icon=":material/animation:",
        key="btn_generate",
        on_click=generate,
        args=(wanted,),
        disabled=missing or busy(),
    )
    under_way = busy()
    queue_view(under_way)
    st.fragment(results, run_every=LOOK_AGAIN if under_way else None)(under_way)
