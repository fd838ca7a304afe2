"""A pair of boards, shown blind, with the questions of the study; answers are on the disk as soon as they are given."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st
from PIL import Image

from seqgan.errors import SeqganError
from studio.ui.pictures import blank, jpeg
from studio.ui.words import plain

CHOICES = ("left", "undecided", "right")
WIDE = 900


def rating(folder: Path) -> None:
    """Ask a person about one pair after the other."""
    from seqgan.sampling import asked, check_rater, read_study

    try:
        study = read_study(folder)
        name = st.text_input("Your name", key="txt_rater", max_chars=80, persist_state="session", width=320)
        if not name.strip():
            st.caption(
                "Two boards of the same story are shown side by side, again and again. Say which of them is better in "
                "each respect; undecided is an answer too. You may stop at any time: the same name goes on there."
            )
            return
        rater = check_rater(name)
        pairs = asked(folder, study, rater)
    except SeqganError as error:
        st.error(plain(str(error)))
        return
    place = _place(f"{folder}:{rater}", pairs, study["questions"])
    if place >= len(pairs):
        _done(f"{folder}:{rater}")
        return
    _pair(folder, study, rater, pairs, place)


def _place(key: str, pairs: list[dict[str, Any]], questions: dict[str, str]) -> int:
    """The pair that is shown: at first the first one that is not answered."""
    places = st.session_state.setdefault("rating_places", {})
    if key not in places:
        places[key] = next((k for k, pair in enumerate(pairs) if len(pair["answers"]) < len(questions)), len(pairs))
    return places[key]


def _go(key: str, place: int) -> None:
    st.session_state["rating_places"][key] = place


def _done(key: str) -> None:
    st.success("That was all. Thank you!")
    st.button("Look at your answers again", key="btn_rate_again", on_click=_go, args=(key, 0))


def _pair(folder: Path, study: dict[str, Any], rater: str, pairs: list[dict[str, Any]], place: int) -> None:
    pair, questions = pairs[place], study["questions"]
    answered = sum(len(each["answers"]) == len(questions) for each in pairs)
    st.progress(answered / len(pairs), text=f"Pair {place + 1} of {len(pairs)} · {answered} answered")
    st.markdown("\n".join(f"{number}. {plain(text)}" for number, text in enumerate(pair["texts"], 1)))
    for column, side in zip(st.columns(2, gap="medium"), ("left", "right"), strict=True):
        with column:
            st.markdown(f"**{side.capitalize()}**")
            path = folder / "boards" / f"{pair['id']}-{side}.png"
            st.image(_board(str(path)) or blank(), width="stretch", alt=f"{side} board")
    chosen = {name: _question(rater, pair, name, words) for name, words in questions.items()}
    _buttons(folder, study, rater, pair, chosen, place)


def _question(rater: str, pair: dict[str, Any], name: str, words: str) -> str | None:
    return st.segmented_control(
        words,
        CHOICES,
        default=pair["answers"].get(name),
        key=f"seg_{rater}_{pair['id']}_{name}",
        format_func=str.capitalize,
    )


def _buttons(
    folder: Path, study: dict[str, Any], rater: str, pair: dict[str, Any], chosen: dict[str, str | None], place: int
) -> None:
    key = f"{folder}:{rater}"
    with st.container(horizontal=True, gap="small"):
        st.button("Back", key="btn_rate_back", on_click=_go, args=(key, place - 1), disabled=place == 0)
        ready = all(chosen.values())
        if st.button("Save and go on", key="btn_rate_save", type="primary", disabled=not ready):
            _save(folder, study, {"rater": rater, "pair": pair["id"], "answers": chosen}, place)


def _save(folder: Path, study: dict[str, Any], said: dict[str, Any], place: int) -> None:
    from seqgan.sampling import add_answers, check_answers

    try:
        add_answers(folder, check_answers(said, study))
    except (SeqganError, OSError) as error:  # a full disk: the page keeps the answers and says so
        st.error(plain(f"not saved: {error}; try again"))
        return
    _go(f"{folder}:{said['rater']}", place + 1)
    st.rerun()


@lru_cache(maxsize=32)
def _board(path: str) -> bytes | None:
    try:
        with Image.open(path) as image:
            return jpeg(image.convert("RGB"), WIDE)
    except (OSError, ValueError, Image.DecompressionBombError):
        return None


# What came of it -----------------------------------------------------------------------------------------------------


def results(folder: Path) -> None:
    """Show the shares of both systems and of "undecided", with their intervals."""
    from seqgan.sampling import report_study

    try:
        found = report_study(folder)
    except SeqganError as error:
        st.info(plain(str(error)))
        return
    raters = f"{found['raters']} rater{'s' * (found['raters'] != 1)}"
    st.markdown(results_table(found["systems"], found["questions"]))
    st.caption(f"Percent, with 95 % Wilson intervals over pairs; {raters}, whose answers to a pair are averaged.")
    if found["broken"]:
        st.warning(f"{found['broken']} lines of answers.jsonl could not be read and were left out.")


def results_table(systems: list[str], questions: dict[str, Any]) -> str:
    """Return a report as a table in Markdown, a line a question."""
    heads = [*map(plain, systems), "undecided", "pairs", "answers"]
    lines = [f"| | {' | '.join(heads)} |", f"|---|{'---:|' * len(heads)}"]
    for name, found in questions.items():
        cells = [_percent(share) for share in (found.first, found.second, found.undecided)]
        cells += [str(found.pairs), str(found.answers)]
        lines.append(f"| {plain(name.replace('_', ' '))} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _percent(share: Any) -> str:
    return plain(f"{100 * share.value:.1f} ({100 * share.low:.1f} to {100 * share.high:.1f})")
