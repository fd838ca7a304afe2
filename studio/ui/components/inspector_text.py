"""The words of the selected panel: its sentence, how it is understood, its shot and setting, and what people add."""

from __future__ import annotations

import streamlit as st

from studio.document import Document, Panel, beginnings, scene_of, shot_names
from studio.ui import actions, editing
from studio.ui.components.reading_view import marked
from studio.ui.components.split_button import split_button
from studio.ui.mentions import spoken
from studio.ui.reading import Member, places
from studio.ui.state import choice_of, desk, editor, field, on_change
from studio.ui.words import drawn_in, plain

LIVE = "500ms"
"""How long typing must pause before the sentence is drawn."""
MODES = {
    "Live": "The panel is drawn again when you stop typing.",
    "By hand": "What you type is kept; the panel is drawn when you say so.",
    "Locked": "What you type is kept; the picture stays until the panel is unlocked.",
}
SHOTS = {"close": "Close-up", "medium": "Medium shot", "far": "Wide shot"}
WORDS = {"dialogue": "Dialogue", "action": "Action", "notes": "Notes", "shot": "Shot number"}


def sentence(doc: Document, panel: Panel) -> None:
    """Show the field in which the panel is typed, and what came of it."""
    mode = _mode(doc, panel)
    _sentence(doc, panel, MODES[mode])
    st.markdown(_told(panel))


def text_group(doc: Document, panel: Panel) -> None:
    """Show how the sentence is understood, the menus that rewrite it, and what people add."""
    _understood(doc, panel)
    _given(panel)
    _scene(doc, panel)
    for name, label in WORDS.items():
        _words(doc, panel, name, label)
    _heading(doc, panel)
    split_button(doc, panel)


def _mode(doc: Document, panel: Panel) -> str:
    """Show when the panel is drawn, and return it."""
    present = "Locked" if panel.locked else "Live" if editor().live else "By hand"
    key, _ = field(f"mode_{panel.id}", present)
    st.segmented_control(
        "Drawing",
        list(MODES),
        default=present,
        required=True,
        key=key,
        disabled=doc.read_only,
        label_visibility="collapsed",
        **on_change(key, _set_mode, doc, panel),
    )
    return present


def _set_mode(doc: Document, panel: Panel, key: str) -> None:
    """Draw while typing, by hand, or (this panel) not at all."""
    picked = st.session_state.get(key)
    if (picked == "Locked") != panel.locked:
        actions.toggle_lock(doc, panel)
    if picked != "Locked":
        editor().live = picked == "Live"


def _sentence(doc: Document, panel: Panel, told: str) -> None:
    """The field: what is typed is on the board, and drawn, when typing pauses."""
    key, text = field(editing.sentence_field(panel.id), panel.text, ahead=True)
    st.text_input(
        "Sentence",
        text,
        key=key,
        live=LIVE,
        placeholder="Mia walks in the snow.",
        disabled=doc.read_only,
        help=told,
        **on_change(key, actions.typed, doc, panel.id),
    )


def _told(panel: Panel) -> str:
    """What is to say about the picture: how long it took, and its seed."""
    state = editor()
    if state.redrawing is not None:
        return ":small[:material/hourglass_top: drawing…]"
    words = []
    if state.delay is not None and state.delay[0] == panel.id:
        words.append(f":green[:material/bolt: **{drawn_in(state.delay[1])}**]")
    if panel.take is not None:
        words.append(f":gray[take {panel.take.number + 1} · seed {panel.take.seed} · {plain(panel.take.model.name)}]")
    return f":small[{' · '.join(words)}]" if words else ":small[:gray[Not drawn yet: write its sentence.]]"


def _understood(doc: Document, panel: Panel) -> None:
    """The sentence with its characters, words that are not known struck through, and what they were taken for."""
    notes = [note for note in doc.board.notes if note.panel == panel.id]
    members: dict[str, Member] = desk().members().value or {}
    people = {word: members[who].name for word, who in spoken(doc.board, members).items() if who in members}
    said = marked(panel.text, notes, people)
    if "<" in said:
        st.html(f'<p class="understood">{said}</p>')
    unknown = list(dict.fromkeys(note.word for note in notes if note.kind == "ignored" and note.word))
    if unknown:
        told = "is not a word" if len(unknown) == 1 else "are not words"
        st.caption(f":material/info: {plain(', '.join(unknown))} {told} that {plain(choice_of(panel).label)} knows")
    for note in notes:
        if note.message and (note.kind == "cast" or not note.word):
            st.caption(f":material/info: {plain(note.message)}")


def _given(panel: Panel) -> None:
    """What the present picture's sentence was turned into: the words that the model was really given."""
    if panel.take is None or not panel.take.prompt:
        return
    as_it_stands = panel.take.prompt == panel.text
    said = "the sentence as it stands" if as_it_stands else f"“{plain(panel.take.prompt)}”"
    st.caption(
        f":material/input: Drawn from {said}", help="What the model was given of the sentence when it drew this."
    )


def _scene(doc: Document, panel: Panel) -> None:
    """The menus that rewrite the sentence, where what draws knows the theatre's words."""
    if choice_of(panel).engine == "frame" or not panel.text.strip() or desk().members().value is None:
        return
    from seqgan.sampling import told_scene

    known = places()
    settings = ["", *known]
    setting, shot = told_scene(panel.text)
    keys = [field(f"sel_{name}_{panel.id}", now)[0] for name, now in (("shot", shot), ("setting", setting or ""))]
    left, right = st.columns(2)
    left.selectbox(
        "Shot size",
        list(SHOTS),
        list(SHOTS).index(shot),
        key=keys[0],
        format_func=SHOTS.__getitem__,
        disabled=doc.read_only,
        help="Rewrites the sentence.",
        **on_change(keys[0], editing.tell_shot, doc, panel.id),
    )
    right.selectbox(
        "Setting",
        settings,
        settings.index(setting or ""),
        key=keys[1],
        format_func=lambda name: known.get(name, "As before").capitalize(),
        disabled=doc.read_only,
        help="Rewrites the sentence. As before: where the panels before are.",
        **on_change(keys[1], editing.tell_setting, doc, panel.id),
    )


def _words(doc: Document, panel: Panel, name: str, label: str) -> None:
    key, text = field(f"txt_{name}_{panel.id}", str(getattr(panel, name)), ahead=True)
    st.text_input(
        label,
        text,
        key=key,
        live=LIVE,
        disabled=doc.read_only,
        placeholder=shot_names(doc.board)[panel.id] if name == "shot" else "",
        **on_change(key, editing.write, doc, panel.id, name),
    )


def _heading(doc: Document, panel: Panel) -> None:
    """The heading of the scene that begins at the panel."""
    begun, present = beginnings(doc.board).get(panel.id), scene_of(doc.board, panel)
    key, title = field(f"txt_scene_{panel.id}", begun.title if begun else "")
    st.text_input(
        "Scene that begins here",
        title,
        key=key,
        disabled=doc.read_only,
        placeholder=f"goes on: {present.title}" if present else "INT. KITCHEN - DAY",
        help="Its heading, for this panel and those behind it. Empty it to go on with the scene before.",
        **on_change(key, editing.head_scene, doc, panel.id),
    )
