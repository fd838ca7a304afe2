"""A model in the list: samples, what it draws, what it was trained on, figures, card, and what can be done with it."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st
from PIL import Image

from seqgan.sampling import draws
from studio.errors import StudioError
from studio.rendering import models
from studio.ui.components.figures_view import show_figures
from studio.ui.components.model_jobs import show_job, tickets
from studio.ui.pictures import jpeg
from studio.ui.state import desk
from studio.ui.tickets import Ticket
from studio.ui.words import plain

DRAWS = {
    "story": "Stories: one panel a sentence, from the whole story so far",
    "frame": "Pictures of captions, each from its sentence alone",
    "clip": "Clips of captions",
    "": "Draws nothing itself: a judge or an encoder that others need",
}
WIDE = 640


def model_card(name: str, folder: Path) -> None:
    """Show one model."""
    with st.container(border=True, key=f"model_{name}"):
        left, right = st.columns([1, 2], gap="medium")
        with right:
            st.markdown(f"## {plain(name)}")
            try:
                _facts(folder)
            except StudioError as error:
                st.error(plain(str(error)))
                return
            _buttons(name, folder)
            _result(name)
            _more(name, folder)
        with left:
            picture = _samples(str(folder / models.SAMPLES), _saved(folder / models.SAMPLES))
            if picture is not None:
                st.image(picture, width="stretch", alt=f"Samples of {name}")
            else:
                st.caption("No samples came with it.")


def _facts(folder: Path) -> None:
    about, config = models.described(folder), models.read_config(folder)
    st.markdown(DRAWS[draws(folder)])
    lines = [f"Trained on {_trained_on(about.get('trained_on'))}"]
    if isinstance(seen := about.get("images_seen"), int):
        lines[0] += f", {seen:,} images seen"
    size = config.get("size")
    pixels = f"{size[1]} x {size[0]} pixels · " if isinstance(size, list) and len(size) == 2 else ""
    numbers = _parameters(str(folder), _saved(folder / models.WEIGHTS))
    lines.append(f"{pixels}{numbers / 1e6:.1f} M parameters · {about['bytes'] / 2**20:.1f} MiB")
    lines.append(f"Recipe {about.get('preset', 'unknown')} ({about.get('origin', 'unknown')})")
    lines.append(f"Licence: {about.get('licence', 'not stated: ask who made it')}")
    st.markdown("  \n".join(f":small[{plain(line)}]" for line in lines))


def _trained_on(about: Any) -> str:
    if not isinstance(about, dict):
        return "data that its config does not name"
    pack = about.get("pack")
    name = about.get("name") or (f"the cast {pack.get('name')}" if isinstance(pack, dict) else "data without a name")
    counts = about.get("counts")
    train = counts.get("train") if isinstance(counts, dict) else None
    return f"{name} ({train:,} in training)" if isinstance(train, int) else str(name)


# Doing ---------------------------------------------------------------------------------------------------------------


def _buttons(name: str, folder: Path) -> None:
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Verify",
            key=f"btn_verify_{name}",
            icon=":material/verified:",
            on_click=_verify,
            args=(name, folder),
            disabled=busy(name),
            help="Compares the weights with the hash in its figures, loads it and draws one picture.",
        )
        if desk().engines.loaded(name):
            st.button(
                "Unload",
                key=f"btn_unload_{name}",
                icon=":material/eject:",
                on_click=desk().engines.unload,
                args=(name,),
                help="Frees its memory; the next drawing loads it again.",
            )


def busy(name: str) -> bool:
    """Whether a model is being checked."""
    return name in tickets() and tickets()[name].is_busy


def _verify(name: str, folder: Path) -> None:
    queue = desk().jobs
    tickets()[name] = Ticket(queue, queue.submit(f"Verify {name}", lambda _step: models.verify(folder, name)))


def _result(name: str) -> None:
    show_job(tickets().get(name), f"Checking {name}")


# Details -------------------------------------------------------------------------------------------------------------


def _more(name: str, folder: Path) -> None:
    found = models.figures(folder)
    if found:
        part = st.expander("Figures", key=f"exp_figures_{name}", on_change="rerun")
        if part.open:
            with part:
                show_figures(found)
    if (folder / models.CARD).is_file():
        part = st.expander("Card", key=f"exp_card_{name}", on_change="rerun")
        if part.open:
            with part:
                st.markdown(tame((folder / models.CARD).read_text(encoding="utf-8", errors="replace")))


def tame(card: str) -> str:
    """Return a card whose pictures are not fetched from anywhere, whose settings do not fill the page, and whose
    headings stand below that of its model."""
    card = re.sub(r"!\[", r"!\\[", card)
    card = re.sub(r"(?m)^(#{1,4}) ", r"##\1 ", card)
    return re.sub(r"(?m)^ {4}(\{.{200}).*$", r"    \1…", card)


def _saved(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


@lru_cache(maxsize=64)
def _parameters(folder: str, _saved: float) -> int:
    return models.parameters(Path(folder))


@lru_cache(maxsize=64)
def _samples(path: str, _saved: float) -> bytes | None:
    try:
        with Image.open(path) as image:
            return jpeg(image.convert("RGB"), WIDE)
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
