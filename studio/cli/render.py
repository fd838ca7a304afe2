"""`studio render`: a board becomes a film, moving and still pictures, and a contact sheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from studio.cli import options
from studio.cli.console import Console, Interruptible

if TYPE_CHECKING:
    from studio.export import ExportOptions

ALL_FORMATS = "mp4,gif,png,pdf"


@options.takes_export
def render(
    board: options.BoardPath,
    out: options.OutFolder,
    export: options.Export,
    to: options.To = "mp4",
    as_json: options.Json = False,
) -> int:
    """Export a board as film, pictures, contact sheet and more.

    Writes DIR/STEM.mp4 and so on, a file a format, and DIR/STEM-panels/001.png; replaces only files of those names.
    With --panels 2-4 they are called DIR/STEM-part-2-4.mp4 and so on.
    """
    require_board(board)
    console = Console(as_json)
    chosen = export.read()
    with console.progress():
        paths, code = export_board(console, board, to, out, chosen)
    console.result({"board": str(board), "files": [str(path) for path in paths]}, summary(paths))
    return code


def require_board(path: Path) -> None:
    """Say what to do about a path that is no board: the likely slip is to hand in the story itself.

    Raises:
        DocumentError: if nothing is there, or a file that is no .boardz.
    """
    from studio.errors import DocumentError

    if path.is_dir() or (path.is_file() and path.suffix.lower() == ".boardz"):
        return
    came = "a file" if path.exists() else "not there"
    make = "studio board STORY.txt -o NAME.board"
    raise DocumentError(
        f"{path} is {came}, expected a board (a folder NAME.board, or NAME.boardz); make one with: {make}"
    )


def export_board(console: Console, board: Path, to: str, out: Path, chosen: ExportOptions) -> tuple[list[Path], int]:
    """Export and return the files and the exit code: 3 if a panel had no picture."""
    from seqgan import edge
    from studio.export import Progress, export, parse_formats

    with Interruptible() as stop:
        progress = Progress(on_step=console.step, cancelled=stop)
        paths = export(board, parse_formats(to), out, chosen, progress)
    for note in progress.notes:
        console.note(note)
    return paths, edge.PARTLY if progress.missing else 0


def summary(paths: list[Path]) -> list[str]:
    """One line a file; panels, and sounds, as one line for the first and last."""
    from studio.export.writing import in_folders

    alone, folders = in_folders(paths)
    return [str(path) for path in alone] + [_of_folder(files) for files in folders]


def _of_folder(files: list[Path]) -> str:
    if len(files) == 1:
        return str(files[0])
    return f"{files[0]} to {files[-1].name} ({len(files)} {files[0].parent.name.rpartition('-')[2]})"
