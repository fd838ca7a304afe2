"""`studio serve`: the editor, in a browser on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from studio.errors import StudioError

ENTRY = Path(__file__).resolve().parent.parent / "entry.py"
"""The script that Streamlit runs; the wheel carries it as a file of the package."""


def serve(
    board: Annotated[Path | None, typer.Argument(metavar="[BOARD]", help="A board to open.")] = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port of the editor.")] = 8501,
    address: Annotated[
        str, typer.Option("--address", help="Address to listen on; localhost is this machine alone.")
    ] = ("localhost"),
    headless: Annotated[bool, typer.Option("--headless", help="Do not open a browser window.")] = False,
) -> int:
    """Open the editor in a browser; Ctrl-C ends it."""
    if board is not None and not board.exists():
        raise StudioError(f"there is no board {board}; make one with: studio board STORY.txt -o {board}")
    typer.echo(f"the editor: http://{address}:{port} (Ctrl-C ends it)")
    words = command(board, port, address, headless)
    if os.name == "posix":  # in this process's place: whoever ends it ends the editor, and leaves no server behind
        sys.stdout.flush()
        os.execv(words[0], words)
    try:
        return subprocess.call(words)
    except KeyboardInterrupt:  # the usual way to end it; Streamlit has had the same signal
        return 0


def command(board: Path | None, port: int, address: str, headless: bool) -> list[str]:
    """The command line that runs the editor; it asks Streamlit for no e-mail address and sends no statistics."""
    flags = {
        "global.minCachedMessageSize": "1e9",  # see .streamlit/config.toml
        "global.disableWidgetStateDuplicationWarning": "true",  # for the views, which keys choose
        "server.address": address,
        "server.port": str(port),
        "server.headless": str(headless).lower(),
        "server.showEmailPrompt": "false",
        "server.fileWatcherType": "none",
        "runner.magicEnabled": "false",  # in Python 3.11 it fails now and then (cpython #106905)
        "runner.postScriptGC": "false",  # with a model loaded it takes longer than the run before it
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "viewer",
        "client.showErrorDetails": "none",
        "logger.hideWelcomeMessage": "true",  # with it comes an advertisement, which lies over the page
    }
    words = [f"--{name}={value}" for name, value in flags.items()]
    last = [str(board.resolve())] if board is not None else []
    return [sys.executable, "-m", "streamlit", "run", str(ENTRY), *words, "--", *last]
