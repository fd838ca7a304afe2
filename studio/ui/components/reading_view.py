"""How a story is read: its sentences, who is in each, who plays whom, and words that were mapped or left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import streamlit as st

from studio.document import Note as Kept
from studio.ui.reading import Member, Read
from studio.ui.state import desk, editor, field, on_change
from studio.ui.words import count, plain, safe

if TYPE_CHECKING:
    from seqgan.sampling import Note

SHOWN = 40
"""Sentences that the preview lists; a longer story says how many more there are."""
LOOK_AGAIN = 0.4
EMPTY = "Write a few sentences. Each sentence becomes a panel."


def reading_view(text: str) -> None:
    """Show how a story is read; where that takes a moment, the sentences come first and the rest follows."""
    if not text.strip():
        st.caption(EMPTY)
        return
    pending = _pending(text)

    def show() -> None:
        _show(text)
        if pending:
            st.caption(":material/hourglass_top: Reading names and unknown words…")
            if not _pending(text):
                st.rerun()

    st.fragment(show, run_every=LOOK_AGAIN if pending else None)()


def _pending(text: str) -> bool:
    split = desk().split(text)
    return split.pending or (not split.error and desk().read(split.value, editor().cast).pending)


def _show(text: str) -> None:
    """Show what is known so far."""
    split = desk().split(text)
    if split.error:
        st.warning(plain(split.error))
    if split.value is None:
        return
    sentences: tuple[str, ...] = split.value
    answer = desk().read(sentences, editor().cast)
    if answer.error:
        st.warning(plain(answer.error))
    read: Read | None = answer.value
    st.markdown(f"**{count(len(sentences), 'panel')}**")
    st.html(listed(sentences, read))
    if len(sentences) > SHOWN:
        st.caption(f"and {len(sentences) - SHOWN} more")
    if read is not None:
        cast_menus(read)
        _left_out(read)


def listed(sentences: tuple[str, ...], read: Read | None) -> str:
    """Return the sentences as a list in HTML, all text escaped, with the characters found in each."""
    items = []
    for number, sentence in enumerate(sentences[:SHOWN]):
        notes = [note for note in read.reading.notes if note.panel == number] if read else []
        who = [_name(read.members, name) for name in read.reading.mentions[number]] if read else []
        found = f" <small>{safe(', '.join(who))}</small>" if who else ""
        items.append(f"<li>{marked(sentence, notes)}{found}</li>")
    return f'<ol class="reading">{"".join(items)}</ol>'


def _name(members: dict[str, Member], who: str) -> str:
    return members[who].name if who in members else who


def marked(sentence: str, notes: Iterable[Note | Kept], people: Mapping[str, str] | None = None) -> str:
    """Return a sentence in HTML: words left out struck through, mapped ones with what they are taken for.

    ``people``: word, folded -> who it means; such words are highlighted.
    """
    kinds = {note.word.casefold(): note for note in notes if note.word and note.kind in ("mapped", "ignored")}
    people = people or {}
    words = sorted({*kinds, *people}, key=len, reverse=True)
    if not words:
        return safe(sentence)
    parts, end = [], 0
    for match in re.finditer(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", sentence, re.IGNORECASE):
        parts.append(safe(sentence[end : match.start()]))
        parts.append(_marked_word(match[0], kinds.get(match[0].casefold()), people.get(match[0].casefold(), "")))
        end = match.end()
    return "".join([*parts, safe(sentence[end:])])


def _marked_word(word: str, note: Note | Kept | None, who: str) -> str:
    if note is None:
        return f'<mark title="{safe(who)}">{safe(word)}</mark>'
    if note.kind == "ignored":
        return f"<s>{safe(word)}</s>"
    return f"<b>{safe(word)}</b> <small>→ {safe(note.meaning)}</small>"


def cast_menus(read: Read) -> None:
    """Show a menu for each name that the cast lacks: who plays it."""
    if not read.reading.cast:
        return
    st.markdown("**Cast**")
    ids = list(read.members)
    for name, who in read.reading.cast.items():
        key, _ = field(f"sel_cast_{name}", who)
        st.selectbox(
            f"{plain(name)} is played by",
            ids,
            ids.index(who),
            key=key,
            format_func=lambda each: f"{read.members[each].name}, {read.members[each].kind}",
            **on_change(key, _cast, name),
        )


def _cast(name: str, key: str) -> None:
    editor().cast[name] = str(st.session_state[key])


def _left_out(read: Read) -> None:
    ignored = sorted({note.word for note in read.reading.notes if note.kind == "ignored" and note.word})
    mapped = sum(1 for note in read.reading.notes if note.kind == "mapped")
    if ignored:
        verb = "is" if len(ignored) == 1 else "are"
        words = ", ".join(plain(word) for word in ignored[:12])
        st.caption(
            f":material/info: {count(len(ignored), 'word')} {verb} not in this cast's world and left out: {words}"
        )
    if mapped:
        st.caption(f":material/info: {count(mapped, 'unknown word')} taken for the nearest known one")
    for note in read.reading.notes:
        if not note.word and note.message:
            st.caption(f":material/info: {plain(note.message)}")
