"""The export dialog: formats in, files out, with buttons to download them and the folder where they are."""

from __future__ import annotations

import io
import itertools
import mimetypes
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from studio.document import Document
from studio.export.options import FRAME_RATES, LONGEST_TRANSITION_MS, usual_grid
from studio.export.writing import add_member, in_folders
from studio.rendering import JobSnapshot
from studio.ui.actions import EXPORTED_FORMATS, EXPORTED_PANELS
from studio.ui.board_jobs import BoardJob
from studio.ui.components.queue_view import why_waiting
from studio.ui.exports import Exported, submit_export
from studio.ui.following import last_export
from studio.ui.state import attempt, desk, document, editor
from studio.ui.words import count, plain

FORMATS = {
    "mp4": "Film (MP4)",
    "gif": "Animated GIF",
    "pdf": "Contact sheet (PDF)",
    "png": "Panels (PNG)",
    "webp": "Animated WebP",
    "html": "Page (HTML)",
    "csv": "Shot list (CSV)",
    "otio": "Timeline (OTIO)",
    "zip": "All in one (ZIP)",
    "srt": "Captions (SRT)",
    "vtt": "Captions (VTT)",
}
SIZES = {
    "16:9": ((1280, 720), (1920, 1080), (854, 480)),
    "1:1": ((720, 720), (1080, 1080), (480, 480)),
    "9:16": ((720, 1280), (1080, 1920), (480, 854)),
}
CAPTIONS = {
    "burn": "Below the picture",
    "soft": "In the film, to be switched on",
    "srt": "In a subtitle file (SRT)",
    "vtt": "In a subtitle file (VTT)",
    "none": "None",
}
PAPERS = {"a4": "A4", "a4-upright": "A4, upright", "letter": "Letter", "letter-upright": "Letter, upright"}
TOLD = {"text": "Sentence", "dialogue": "Dialogue", "action": "Action", "notes": "Notes"}
PASSING = {"dissolve": "Dissolve", "cut": "Cut", "fade": "Through black"}
SOUNDS = ["wav", "mp3", "flac", "ogg", "m4a"]


@st.dialog("Export", width="medium", icon=":material/movie:", on_dismiss=lambda: setattr(editor(), "dialog", ""))
def export_dialog() -> None:
    """Choose formats, export, download."""
    doc = document()
    if doc is None or not any(panel.take for panel in doc.board.panels):
        st.write("Nothing is drawn yet. Draw the board first.")
        return
    formats, options = _choose()
    export = last_export(doc)
    if st.button(
        "Export",
        key="btn_export_now",
        type="primary",
        disabled=not formats or (export is not None and export.is_busy),
        icon=":material/movie:",
    ):
        attempt(submit_export, desk(), doc, formats, options)
        if editor().error:
            st.error(plain(editor().error))
    _outcome(doc)


def _choose() -> tuple[list[str], dict[str, Any]]:
    st.session_state.setdefault(EXPORTED_FORMATS, ["mp4"])
    formats = st.pills(
        "Formats",
        list(FORMATS),
        selection_mode="multi",
        format_func=FORMATS.__getitem__,
        key=EXPORTED_FORMATS,
        persist_state="session",
    )
    panels = st.text_input("Panels", placeholder="All, or like 2-5,9", key=EXPORTED_PANELS)
    left, middle, right = st.columns(3)
    shape = left.selectbox("Shape of the film", list(SIZES), key="sel_aspect")
    size = middle.selectbox("Size", SIZES[shape], format_func=lambda size: f"{size[0]} × {size[1]}", key="sel_size")
    captions = right.selectbox("Captions", list(CAPTIONS), format_func=CAPTIONS.__getitem__, key="sel_captions")
    with st.expander("More", key="more_export"):
        more = {**_choose_sheet(), **_choose_passing(), **_choose_sound()}
    return list(formats or []), {"panels": panels or None, "size": size, "captions": captions, **more}


def _choose_sheet() -> dict[str, Any]:
    left, middle, right = st.columns(3)
    paper = left.selectbox("Paper of the contact sheet", list(PAPERS), format_func=PAPERS.__getitem__, key="sel_paper")
    usual = "x".join(map(str, usual_grid(paper)))
    layout = middle.text_input("Columns x rows of it", key="txt_layout", placeholder=usual)
    caption_of = right.selectbox("Captions show", list(TOLD), format_func=TOLD.__getitem__, key="sel_caption_of")
    fields = st.multiselect(
        "Sheet and page print", list(TOLD), list(TOLD), format_func=TOLD.__getitem__, key="sel_fields"
    )
    return {"layout": layout, "paper": paper, "caption_of": caption_of, "fields": tuple(fields)}


def _choose_passing() -> dict[str, Any]:
    left, middle, right = st.columns(3)
    kind = left.selectbox("From panel to panel", list(PASSING), format_func=PASSING.__getitem__, key="sel_transition")
    ms = middle.number_input("Milliseconds of that", 0, LONGEST_TRANSITION_MS, 300, 50, key="num_transition_ms")
    fps = right.number_input("Frames a second", *FRAME_RATES, 24, key="num_fps")
    return {"transition": kind, "transition_ms": int(ms), "fps": int(fps)}


def _choose_sound() -> dict[str, Any]:
    music = st.file_uploader("Music", SOUNDS, key="file_music")
    volume = st.slider("Loudness of the music", 0.0, 1.0, 0.5, 0.05, key="sld_volume", disabled=music is None)
    left, right = st.columns(2, vertical_alignment="bottom")
    narrate = left.toggle("Speak the captions", key="tgl_narrate", help="Panels then last as long as that takes.")
    voice = right.text_input("Voice", placeholder="The usual one, or like en-gb", key="txt_voice", disabled=not narrate)
    return {"music": music, "music_volume": volume, "narrate": narrate, "voice": voice}


def _outcome(doc: Document) -> None:
    """The running export, looked at twice a second, or what came of the last one."""
    export = last_export(doc)
    if export is None:
        return
    under_way = export.is_busy

    def show() -> None:
        job = export.look()
        if job is None:
            return
        if not job.is_finished:
            _progress(export, job)
        elif under_way:
            st.rerun(scope="app")  # the buttons of the dialog come back
        else:
            desk().board_jobs.tell(export)  # the tray need not
            result(doc, job)

    st.fragment(show, run_every=0.5 if under_way else None)()


def progress_line(job: JobSnapshot) -> str:
    """Return how far an export is: "MP4 312 of 1200"."""
    if job.state == "queued":
        return why_waiting(job)
    return f"{job.message.upper()} {job.done} of {job.total}" if job.total else "Starting"


def _progress(export: BoardJob, job: JobSnapshot) -> None:
    st.progress(min(1.0, job.done / job.total) if job.total else 0.0, text=plain(progress_line(job)))
    st.button("Cancel", key="btn_export_cancel", icon=":material/stop:", on_click=export.cancel)


def result(doc: Document, job: JobSnapshot) -> None:
    """Show what came of an export: its files, or why there are none."""
    if job.state == "failed":
        st.error(plain(job.error), title="Nothing was exported")
        return
    if not isinstance(job.result, Exported):
        st.info("The export was stopped. Files that were there are kept.")
        return
    if job.result.missing:
        st.warning(f"{count(len(job.result.missing), 'panel')} without a picture: the film shows the words alone.")
    for note in job.result.notes:
        st.caption(f":material/info: {plain(note)}")
    downloads(doc, job.result.files)


def downloads(doc: Document, files: tuple[Path, ...]) -> None:
    """Show a button for each file (one for all panels, one for all sounds), and where they are."""
    alone, folders = in_folders(files)
    for path in alone:
        _download(path.name, path.read_bytes, mimetypes.guess_type(path.name)[0] or "application/octet-stream")
    for held in folders:
        _download(f"{held[0].parent.name}.zip", partial(zipped, held), "application/zip")
    folder = next((path.parent for path in (*alone, *itertools.chain(*folders))), doc.path)
    st.caption("Saved in")
    st.code(str(folder), language=None, wrap_lines=True)


def _download(name: str, data: object, mime: str) -> None:
    st.download_button(
        plain(name),
        data,  # type: ignore[arg-type]  # read on the click, in another thread
        file_name=name,
        mime=mime,
        key=f"btn_download_{name}",
        icon=":material/download:",
        on_click="ignore",
    )


def zipped(files: list[Path]) -> bytes:
    """Return files in one archive; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in files:
            add_member(archive, path.name, path.read_bytes())
    return buffer.getvalue()
