"""The export dialog: formats in, files out, with buttons to download them and the folder where they are."""

from __future__ import annotations

import io
import mimetypes
import zipfile
from pathlib import Path

import streamlit as st

from studio.document import Document
from studio.rendering import JobSnapshot
from studio.ui.drawing import Exported, submit_export
from studio.ui.state import attempt, desk, document, editor
from studio.ui.words import count, plain

FORMATS = {"mp4": "Film (MP4)", "gif": "Animated GIF", "pdf": "Contact sheet (PDF)", "png": "Panels (PNG)"}
SIZES = {(1280, 720): "1280 × 720", (1920, 1080): "1920 × 1080", (854, 480): "854 × 480"}
CAPTIONS = {"burn": "Below the picture", "srt": "In a subtitle file", "none": "None"}


@st.dialog("Export", width="medium", icon=":material/movie:", on_dismiss=lambda: setattr(editor(), "dialog", ""))
def export_dialog() -> None:
    """Choose formats, export, download."""
    doc = document()
    if doc is None or not any(panel.take for panel in doc.board.panels):
        st.write("Nothing is drawn yet. Draw the board first.")
        return
    formats, options = _choose()
    ticket = editor().exporting
    if st.button(
        "Export",
        key="btn_export_now",
        type="primary",
        disabled=not formats or (ticket is not None and ticket.is_busy),
        icon=":material/movie:",
    ):
        attempt(lambda: setattr(editor(), "exporting", submit_export(desk(), doc, formats, options)))
        if editor().error:
            st.error(plain(editor().error))
    _outcome(doc)


def _choose() -> tuple[list[str], dict[str, object]]:
    formats = st.pills(
        "Formats",
        list(FORMATS),
        selection_mode="multi",
        default=["mp4"],
        format_func=FORMATS.__getitem__,
        key="pills_formats",
        persist_state="session",
    )
    left, right = st.columns(2)
    size = left.selectbox("Size of the film", list(SIZES), format_func=SIZES.__getitem__, key="sel_size")
    captions = right.selectbox("Captions", list(CAPTIONS), format_func=CAPTIONS.__getitem__, key="sel_captions")
    return list(formats or []), {"size": size, "captions": captions}


def _outcome(doc: Document) -> None:
    """The running export, looked at twice a second, or what came of the last one."""
    ticket = editor().exporting
    if ticket is None:
        return
    under_way = ticket.is_busy

    def show() -> None:
        job = ticket.look()
        if job is None:
            return
        if not job.is_finished:
            _progress(job)
        elif under_way:
            st.rerun(scope="app")  # the buttons of the dialog come back
        else:
            _result(doc, job)

    st.fragment(show, run_every=0.5 if under_way else None)()


def _progress(job: JobSnapshot) -> None:
    text = f"{job.message.upper()} {job.done} of {job.total}" if job.total else "Starting"
    st.progress(min(1.0, job.done / job.total) if job.total else 0.0, text=plain(text))
    ticket = editor().exporting
    if st.button("Cancel", key="btn_export_cancel", icon=":material/stop:") and ticket is not None:
        ticket.cancel()


def _result(doc: Document, job: JobSnapshot) -> None:
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
    """Show a button for each file (one for all panels), and where they are."""
    panels = [path for path in files if path.parent.name.endswith("-panels")]
    for path in files:
        if path not in panels:
            _download(path.name, path.read_bytes, mimetypes.guess_type(path.name)[0] or "application/octet-stream")
    if panels:
        _download(f"{panels[0].parent.name}.zip", lambda: zipped(panels), "application/zip")
    folder = next((path.parent for path in files if path not in panels), panels[0].parent if panels else doc.path)
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
    """Return files in one archive (pictures are stored as they are: they do not get smaller)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in files:
            archive.write(path, path.name)
    return buffer.getvalue()
