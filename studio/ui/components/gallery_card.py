"""A take in the gallery: picture, sentence, where it is from, and what can be done with it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st
from PIL import Image

from studio.document import Batch, Command, star, star_take
from studio.ui.gallery import Found
from studio.ui.pictures import CARD, blank, jpeg
from studio.ui.state import attempt, choices, desk, document, editor, go_to, open_board, select
from studio.ui.taking_over import WAYS, Recipe, Way, take_over
from studio.ui.words import ago, plain

OPEN = "open"
HELP = (
    "Use all: a new panel with its sentence, model, knobs and seed. Use seed: a new panel with its seed, and the "
    "sentence of the selected panel if there is one. Remix: its sentence, model and knobs with a new seed."
)


def card(take: Found) -> None:
    """Show one take."""
    picture = thumb(take.media, CARD)
    st.image(picture or blank(), width="stretch", alt=f"{take.text} ({take.model}, seed {take.seed})")
    badge = " :violet-badge[composed]" * take.composed + " :blue-badge[clip]" * (take.kind == "clip")
    badge += " :red-badge[picture missing]" * (picture is None)
    st.text(take.text or "An empty panel.")
    where = f":small[:gray[{plain(take.title, 40)} · panel {take.place} · {ago(take.created)}]]"
    st.markdown(f"{where}  \n:small[:gray[{plain(take.model, 30)} · seed {take.seed}]]{badge}")
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        _buttons(take)


def _buttons(take: Found) -> None:
    st.button(
        "Unstar" if take.starred else "Star",
        key=f"btn_star_{take.key}",
        icon=":material/kid_star:" if take.starred else ":material/star_border:",
        on_click=toggle_star,
        args=(take,),
        type="primary" if take.starred else "tertiary",
    )
    key = f"btn_use_{take.key}"
    ways = {**WAYS, OPEN: "Open its board"}
    st.menu_button(
        "Use",
        list(ways),
        key=key,
        format_func=ways.__getitem__,
        on_click=_picked,
        args=(take, key),
        help=HELP,
        type="tertiary",
    )


def _picked(take: Found, key: str) -> None:
    way = st.session_state.get(key)
    if way == OPEN:
        attempt(_open, take)
    elif way in WAYS:
        use([Recipe(take.text, take.seed, take.set_knobs, take.model)], way)


def _open(take: Found) -> None:
    open_board(Path(take.board))
    select(take.panel)
    go_to("board")


def use(recipes: list[Recipe], way: Way) -> None:
    """Take over what made pictures into the open board, and go there."""
    doc = document()
    if doc is None:
        editor().error = "no board is open that a panel could be added to; open one first (Use, Open its board)"
        return
    models = {each.model or each.engine for each in choices()}
    command, first = take_over(doc.board, recipes, way, editor().selected, models)
    attempt(doc.apply, command)
    if not editor().error:
        select(first)
        go_to("board")


def toggle_star(take: Found) -> None:
    """Star a take in its board, or take the star away."""

    def change() -> None:
        doc = desk().document(Path(take.board))
        commands: list[Command] = [star_take(take.panel, take.take, not take.starred)]
        panel = doc.board.panel(take.panel)
        if take.starred and panel is not None and panel.starred:  # the panel's star counts for the picture it shows
            commands.append(star(take.panel, False))
        doc.apply(Batch(label="Star", commands=tuple(commands)))

    attempt(change)


def thumb(path: str, width: int) -> bytes | None:
    """Return a picture, or the first frame of a clip, as JPEG of that width; None where it is missing or damaged."""
    try:
        return _thumb(path, width)
    except (OSError, ValueError, Image.DecompressionBombError):  # not remembered: its board may be put back
        return None


@lru_cache(maxsize=500)
def _thumb(path: str, width: int) -> bytes:
    if path.endswith(".mp4"):
        return jpeg(_first_frame(path), width)
    with Image.open(path) as image:
        return jpeg(image.convert("RGB"), width)


def _first_frame(path: str) -> Image.Image:
    """Raises OSError or ValueError where there is none."""
    import av
    import av.error

    try:
        with av.open(path, "r") as clip:
            frame = next(clip.decode(video=0), None)
    except av.error.FFmpegError as error:
        raise ValueError(str(error)) from error
    if frame is None:
        raise ValueError(f"{path} has no frame")
    return frame.to_image()
