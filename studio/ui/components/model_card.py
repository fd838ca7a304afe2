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
from studio.ui.desk import Ticket
from studio.ui.pictures import jpeg
from studio.ui.state import desk
from studio.ui.words import plain

DRAWS = {
    "story": "Stories: one panel a sentence, from the whole story so far",
    "frame": "Pictures of captions, each from its sentence alone",
    "clip": "Clips of captions",
    "": "Draws nothing itself: a judge or an encoder that others need",
}
WIDE = 640
_LEFT_OUT = ("n", "seed", "panels", "captions")
"""Of the figures: counts, which stand below the table."""


def model_card(name: str, folder: Path) -> None:
    """Show one model."""
    with st.container(border=True, key=f"model_{name}"):
        left, right = st.columns([1, 2], gap="medium")
        with right:
            st.markdown(f"##### {plain(name)}")
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
        if desk().loaded(name):
            st.button(
                "Unload",
                key=f"btn_unload_{name}",
                icon=":material/eject:",
                on_click=desk().unload,
                args=(name,),
                help="Frees its memory; the next drawing loads it again.",
            )


def tickets() -> dict[str, Ticket]:
    """The checks of this tab, by model; under "" the model that is being added."""
    return st.session_state.setdefault("model_jobs", {})


def busy(name: str) -> bool:
    """Whether a model is being checked."""
    return name in tickets() and tickets()[name].is_busy


def _verify(name: str, folder: Path) -> None:
    queue = desk().jobs
    tickets()[name] = Ticket(queue, queue.submit(f"Verify {name}", lambda _step: models.verify(folder, name)))


def _result(name: str) -> None:
    show_job(tickets().get(name), f"Checking {name}")


def show_job(ticket: Ticket | None, title: str) -> None:
    """Say how a check is going, or what came of it."""
    job = ticket.look() if ticket is not None else None
    if job is None:
        return
    if not job.is_finished:
        st.caption(f":material/hourglass_top: {plain(title)}…")
    elif job.state == "failed":
        st.error(plain(job.error))
    elif isinstance(job.result, models.Verified):
        st.success(plain(job.result.told))


# Details -------------------------------------------------------------------------------------------------------------


def _more(name: str, folder: Path) -> None:
    found = models.figures(folder)
    if found:
        part = st.expander("Figures", key=f"exp_figures_{name}", on_change="rerun")
        if part.open:
            with part:
                _figures(found)
    if (folder / models.CARD).is_file():
        part = st.expander("Card", key=f"exp_card_{name}", on_change="rerun")
        if part.open:
            with part:
                st.markdown(tame((folder / models.CARD).read_text(encoding="utf-8", errors="replace")))


def _figures(found: dict[str, dict[str, dict[str, Any]]]) -> None:
    for data, splits in found.items():
        st.markdown(f"**{plain(data)}**")
        st.markdown(figures_table(splits))
        for split, values in splits.items():
            counted = ", ".join(f"{values[key]:,} {key}" for key in _LEFT_OUT if isinstance(values.get(key), int))
            st.caption(plain(f"{split}: {counted}. {values.get('protocol', '')}"))


def figures_table(splits: dict[str, dict[str, Any]]) -> str:
    """Return figures as a table in Markdown: a line a figure, its 95 % interval beside it where there is one."""
    names: dict[str, None] = {}
    for values in splits.values():
        names.update(dict.fromkeys(key for key, value in values.items() if _is_figure(key, value)))
    head = f"| | {' | '.join(map(plain, splits))} |\n|---|{'---:|' * len(splits)}"
    rows = [f"| {plain(name)} | {' | '.join(_figure(values, name) for values in splits.values())} |" for name in names]
    return "\n".join([head, *rows])


def _is_figure(key: str, value: Any) -> bool:
    part = key.endswith(("_low", "_high", "_std"))
    return isinstance(value, int | float) and not isinstance(value, bool) and key not in _LEFT_OUT and not part


def _figure(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    if not isinstance(value, int | float):
        return ""
    low, high = values.get(f"{name}_low"), values.get(f"{name}_high")
    interval = f" [{low:.3f}, {high:.3f}]" if isinstance(low, float) and isinstance(high, float) else ""
    return plain((f"{value:,}" if isinstance(value, int) else f"{value:.4f}") + interval)


def tame(card: str) -> str:
    """Return a card whose pictures are not fetched from anywhere, and whose settings do not fill the page."""
    card = re.sub(r"!\[", r"!\\[", card)
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
