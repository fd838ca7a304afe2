"""What the buttons of the board page do. Each is a callback: it runs before the page is shown again."""

from __future__ import annotations

import streamlit as st

from seqgan.resources import home
from studio.document import (
    Command,
    Document,
    ModelRef,
    Panel,
    Take,
    default_duration_ms,
    delete_panel,
    duplicate_panel,
    insert_panel,
    lock,
    move_panel,
    pick_take,
    set_duration,
    set_model,
    set_text,
    set_title,
    star,
)
from studio.ui.drawing import Redrawn, submit_board, submit_edit
from studio.ui.engines import Choice
from studio.ui.following import watch
from studio.ui.live import LiveEdit
from studio.ui.settings import save
from studio.ui.state import attempt, choice, choice_of, desk, editor, marks_of, now, select
from studio.ui.tickets import BLOCK_SECONDS
from studio.ui.words import plain

EXPORTED_PANELS, EXPORTED_FORMATS = "txt_panels", "pills_formats"
"""The fields of the export dialog that another part of the page fills in."""


def apply(doc: Document, command: Command) -> None:
    """Do a command, or say why not."""
    attempt(doc.apply, command)


def undo(doc: Document) -> None:
    """Take back the last step."""
    attempt(doc.undo)
    look_again(doc)


def redo(doc: Document) -> None:
    """Do again what was taken back."""
    attempt(doc.redo)
    look_again(doc)


def retry(doc: Document) -> None:
    """Write what the disk refused, now that there may be room."""
    attempt(doc.retry)
    look_again(doc)


def look_again(doc: Document) -> None:
    """The sentence in the field follows the board; a panel that is gone is no longer selected."""
    state = editor()
    state.edit, state.delay, state.fresh = None, None, True
    if doc.board.panel(state.selected) is None:
        state.selected = ""


# Drawing -------------------------------------------------------------------------------------------------------------


def draw(doc: Document, panels: str | list[str], takes: int = 1) -> None:
    """Draw panels in the background; wait a moment, for they may be there at once."""

    def submit() -> None:
        if panels == "all" and any(panel.takes for panel in doc.board.panels):
            doc.keep_before("Before new takes of all panels")
        job = submit_board(desk(), doc, choice(), panels, takes, own_choices(doc, panels))
        watch(job).wait(BLOCK_SECONDS)

    attempt(submit)


def own_choices(doc: Document, panels: str | list[str]) -> dict[str, Choice]:
    """Return what draws the panels that have a model of their own, by its name."""
    asked = [panel for panel in doc.board.panels if isinstance(panels, str) or panel.id in panels]
    return {panel.model.name: choice_of(panel) for panel in asked if panel.model is not None}


def retake(doc: Document, panel: str) -> None:
    """Draw one panel once more, with a new seed (with the present one where a person keeps it)."""
    if editor().keep_seed:
        redraw(doc, panel)
        return
    editor().edit = None
    draw(doc, [panel])


def redraw(doc: Document, panel: str, seed: int | None = None) -> None:
    """Draw one panel once more with the seed of its picture, or with another one that is named."""
    present = doc.board.panel(panel)
    if present is None or not present.text.strip():
        return
    take = present.take
    if take is not None and seed in (None, take.seed) and _same(doc, present, take):
        st.toast("Nothing has changed: this seed gives the picture that is there.", icon=":material/info:")
        return
    editor().edit = None
    _submit(doc, _edit(doc, panel, seed), present.text)


def _same(doc: Document, panel: Panel, take: Take) -> bool:
    """Whether drawing a panel again with a take's seed would give the take's picture."""
    marks, picked = marks_of(doc)[panel.id], choice_of(panel)
    drawn_by = take.composed if picked.composed else take.model.name == picked.model
    return bool(drawn_by) and not marks.changed and not marks.context and doc.picture(take) is not None


def four_takes(doc: Document, panel: str) -> None:
    """Draw four more takes of one panel; the first of them is shown."""
    editor().edit = None
    draw(doc, [panel], takes=4)


def typed_seed(doc: Document, panel: str, key: str) -> None:
    """Draw a panel with the seed that was typed."""
    seed, present = st.session_state.get(key), doc.board.panel(panel)
    if seed is not None and present is not None and (present.take is None or int(seed) != present.take.seed):
        redraw(doc, panel, int(seed))


def choose_engine(key: str) -> None:
    """Draw with another engine from now on."""
    picked = st.session_state.get(key)
    if isinstance(picked, Choice):
        editor().choice = picked


def choose_model(doc: Document, panel_id: str, key: str) -> None:
    """Have a panel drawn by a model of its own, or as its board is; its picture is then marked as changed."""
    panel, picked = doc.board.panel(panel_id), st.session_state.get(key)
    name = (picked.model or picked.engine) if isinstance(picked, Choice) else ""
    if panel is not None and name != (panel.model.name if panel.model else ""):
        editor().edit = None
        apply(doc, set_model(ModelRef(name=name) if name else None, panel_id))


def typed(doc: Document, panel: str, key: str) -> None:
    """The sentence of a panel was typed: redraw it, and remember how long that took."""
    retell(doc, panel, str(st.session_state.get(key) or ""))


def retell(doc: Document, panel: str, sentence: str) -> None:
    """Give a panel another sentence; it is drawn again where drawing is live, unless the panel is locked or shows a
    person's own picture."""
    state, text = editor(), " ".join(sentence.split())
    present = doc.board.panel(panel)
    if present is None or text == present.text:
        return
    if not state.live or present.locked or (present.take is not None and present.take.given is not None):
        state.edit, state.delay = None, None
        apply(doc, set_text(panel, text))
        return
    if state.edit is None or state.edit.panel != panel:
        state.edit = _edit(doc, panel)
    _submit(doc, state.edit, text)


def _edit(doc: Document, panel: str, seed: int | None = None) -> LiveEdit:
    return LiveEdit(panel, dict(doc.board.cast), seed=seed, main_reads=choice().engine != "frame")


def _submit(doc: Document, edit: LiveEdit, text: str) -> None:
    """Queue a redraw; wait a moment, for it may be there at once."""
    state, began = editor(), now()
    panel = doc.board.panel(edit.panel)
    picked = choice() if panel is None else choice_of(panel)

    def submit() -> None:
        state.redrawing = submit_edit(desk(), doc, picked, edit, text, lambda: now() - began)
        state.redrawing.wait(BLOCK_SECONDS)

    attempt(submit)


def collect_redraw() -> None:
    """Take up what the last redraw has to say, once it is over."""
    state = editor()
    if state.redrawing is None or state.redrawing.is_busy:
        return
    job, state.redrawing = state.redrawing.look(), None
    if job is not None and job.state == "cancelled":
        state.delay = None
    elif job is not None and isinstance(job.result, Redrawn):
        state.delay = (job.result.panel, job.result.seconds, job.result.preview)
        state.redrawing = job.result.loading
    elif job is not None and job.error:
        state.error = job.error


# Panels --------------------------------------------------------------------------------------------------------------


def add_panel(doc: Document, index: int) -> None:
    """Put an empty panel in and work on it."""
    command = insert_panel(doc.board, index, "")
    apply(doc, command)
    if doc.board.panel(command.panel.id) is not None:
        select(command.panel.id)


def move(doc: Document, panel: str, by: int) -> None:
    """Move a panel to the left or right."""
    index = (doc.board.index(panel) or 0) + by
    if 0 <= index < len(doc.board.panels):
        apply(doc, move_panel(doc.board, panel, index))


def remove(doc: Document, panel: str) -> None:
    """Delete a panel; its neighbour is worked on next. Undo brings it back with its pictures."""
    index = doc.board.index(panel)
    apply(doc, delete_panel(panel))
    if index is not None and doc.board.panel(panel) is None:
        st.toast(f"Panel {index + 1} is deleted. Undo (Z) brings it back.", icon=":material/delete:")
    rest = doc.board.panels
    if index is not None and editor().selected == panel:
        select(rest[min(index, len(rest) - 1)].id if rest else "")


def duplicate(doc: Document, panel: str) -> None:
    """Put a copy behind a panel."""
    attempt(lambda: doc.apply(duplicate_panel(doc.board, panel)))


def toggle_star(doc: Document, panel: Panel) -> None:
    """Star a panel, or take the star away."""
    apply(doc, star(panel.id, not panel.starred))


def toggle_lock(doc: Document, panel: Panel) -> None:
    """Lock a panel against being drawn with the others, or unlock it."""
    apply(doc, lock(panel.id, not panel.locked))


def pick(doc: Document, panel: str, take: str) -> None:
    """Show another take."""
    editor().edit = None
    apply(doc, pick_take(panel, take))


def retime(doc: Document, panel: str, key: str) -> None:
    """Show a panel for so many seconds; the length that its words suggest is not stored."""
    set_length(doc, panel, round(float(st.session_state.get(key) or 0) * 1000))


def set_length(doc: Document, panel_id: str, milliseconds: int) -> None:
    """Show a panel for so long (0: as its words suggest)."""
    panel = doc.board.panel(panel_id)
    if panel is None:
        return
    wanted = None if milliseconds in (0, default_duration_ms(panel.text)) else milliseconds
    if wanted != panel.duration_ms:
        apply(doc, set_duration(panel.id, wanted))


def rename(doc: Document, key: str) -> None:
    """Call the board something else."""
    title = " ".join(str(st.session_state.get(key) or "").split())
    if title and title != doc.board.title:
        apply(doc, set_title(title))


def export_panel(number: int) -> None:
    """Open the export dialog for one panel, counted from 1: its picture, unless more is chosen there."""
    st.session_state.update({EXPORTED_PANELS: str(number), EXPORTED_FORMATS: ["png"]})
    show_dialog("export")


def settle(**values: object) -> None:
    """Settle something for good; where the disk refuses it holds until the editor ends, and that is said."""
    attempt(lambda: save(home(), **values))
    if editor().error:
        st.toast(f"It holds for now, but is not kept: {plain(editor().error)}", icon=":material/error:")


def show_dialog(name: str) -> None:
    """Open a dialog: it belongs to the whole page, not to the piece of it that refreshes itself."""
    editor().dialog = name
    st.rerun()
