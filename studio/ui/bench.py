"""What the page Board costs, for short and long boards: CPU milliseconds of the thread that makes the page, and how
long it takes while the board is drawn.

    python -m studio.ui.bench --csv assets/bench/editor.csv

The page of a checkout is run by Streamlit's headless test, so what a browser does, and the way to it, is not in the
times; nor is what jobs do meanwhile. CPU time, because other programs make the clock on the wall tell of themselves;
but what a job of the editor takes from its page, that clock alone tells.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from seqgan import __version__
from seqgan.sampling.bench import cores, machine, save_row
from studio.document import Document, new_board, set_text
from studio.ui.components.views import VIEW, VIEWS

PANELS = (12, 200)
SIZE = (64, 112)
"""Height and width of the pictures."""
BOARD = "bench.board"
LOOK_AGAIN = 0.3
"""Seconds between two runs while the board is drawn, as of a browser."""
_ROOT = Path(__file__).resolve().parents[2]
_ALONE = "import sys; from studio.ui.bench import run_page; run_page(sys.argv[1], int(sys.argv[2]))"


def drawn_board(path: Path, panels: int) -> None:
    """Make a board of so many panels that the stage has drawn."""
    from studio.rendering import draw_board, open_engine

    with Document.create(path, new_board("Bench", [f"Mia walks {k} steps in the snow." for k in range(panels)])) as doc:
        draw_board(doc, open_engine("stage", size=SIZE))


def bench_view(view: str, board: Path, repeats: int) -> dict[str, float]:
    """Return the milliseconds of one view of a board, in two processes, one after the other.

    ``first_ms``: the longer of the first two runs after the program's start, before small pictures (and what the list
    is made with) are there and after; ``restarted_ms``: the same of a later start; ``steady_ms``: a run where nothing
    has changed; ``edited_ms``: the change of one panel's sentence and the run that shows it (medians);
    ``drawing_ms`` and ``drawing_most_ms``: the median and the longest run, by the clock, from the moment at which the
    installed model, which is not loaded yet, is asked to draw all panels until it has; what a server loads ahead
    is there by then.
    """
    with tempfile.TemporaryDirectory() as home:
        shutil.copytree(board, Path(home) / "boards" / BOARD)
        first, later = (_in_process(home, view, repeats) for _ in range(2))
    return {**first, "restarted_ms": later["first_ms"]}


def _in_process(home: str, view: str, repeats: int) -> dict[str, float]:
    command = [sys.executable, "-c", _ALONE, view, str(repeats)]
    environment = {**os.environ, "SEQGAN_HOME": home}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise RuntimeError(f"the page could not be run in a process of its own; it says:\n{done.stderr}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def run_page(view: str, repeats: int) -> None:
    """Run the page of the board of this home, and print the milliseconds as JSON."""
    from streamlit.testing.v1 import AppTest

    from studio.ui.state import desk

    times, clock = _timed_main()
    page = AppTest.from_file(str(_ROOT / "streamlit_app.py"), default_timeout=600)
    page.query_params["board"] = BOARD
    page.run()  # the page Story: what every page needs is loaded by then
    page.session_state[VIEW] = view
    page.switch_page("studio/ui/pages/board.py")

    def run() -> float:
        times.clear()
        clock.clear()
        page.run()
        if page.exception:
            raise RuntimeError(f"the page failed: {page.exception[0].message}")
        return times[0]

    first = run()
    while desk().thumbs.busy or desk().tables().pending:
        time.sleep(0.05)
    first = max(first, run())
    doc = desk().document(page.session_state["editor"].path)
    steady = [run() for _ in range(repeats)]
    edited = [_edit(doc, number) + run() for number in range(repeats)]
    drawing = _while_drawn(doc, run, clock)
    found = {
        "first_ms": first, "steady_ms": statistics.median(steady), "edited_ms": statistics.median(edited),
        "drawing_ms": statistics.median(drawing), "drawing_most_ms": max(drawing),
    }  # fmt: skip
    print(json.dumps({name: round(value, 1) for name, value in found.items()}))


def _timed_main() -> tuple[list[float], list[float]]:
    """Have the editor's script note the milliseconds of each of its runs, those too that ask for another one: of its
    thread, and of the clock."""
    from studio.ui import app

    shown, times, clock = app.main, [], []

    def timed() -> None:
        started, began = time.thread_time(), time.perf_counter()
        try:
            shown()
        finally:
            times.append(1000 * (time.thread_time() - started))
            clock.append(1000 * (time.perf_counter() - began))

    app.main = timed
    return times, clock


def _while_drawn(doc: Document, run: Callable[[], float], clock: list[float]) -> list[float]:
    """Have the installed model draw all panels, and return what the page's runs take by the clock until it has."""
    from studio.ui.drawing import submit_board
    from studio.ui.state import choices, desk

    desk().load_ahead()  # as a server does while the first page is read
    job, times = submit_board(desk(), doc, next(choice for choice in choices() if not choice.composed), "all"), []
    while job.is_busy:
        run()
        times += clock
        time.sleep(LOOK_AGAIN)
    return times


def _edit(doc: Document, number: int) -> float:
    panel = doc.board.panels[len(doc.board.panels) // 2].id
    started = time.thread_time()
    doc.apply(set_text(panel, f"Mia runs {number} steps on the beach."))
    return 1000 * (time.thread_time() - started)


def bench(panels: tuple[int, ...], repeats: int) -> Iterator[dict[str, Any]]:
    """Return a record for each view of a board of each length, as they come."""
    import streamlit

    about = {
        "machine": machine(), "cores": cores(), "python": platform.python_version(), "streamlit": streamlit.__version__,
        "seqgan": __version__, "protocol": f"CPU of the script's thread, pictures of 112x64, medians of {repeats}",
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        for count in panels:
            drawn_board(board := Path(folder) / f"{count}.board", count)
            for view in VIEWS:
                times = bench_view(view, board, repeats)
                yield {"date": time.strftime("%Y-%m-%d"), "view": view, "panels": count, **times, **about}


def main() -> None:
    """Measure, print, and add to a table."""
    parser = argparse.ArgumentParser(description="What the page Board costs: CPU milliseconds of a run of its script.")
    parser.add_argument("--panels", type=int, nargs="+", default=PANELS, help="panels of the boards (12 200)")
    parser.add_argument("--n", type=int, default=10, help="repeats; the median counts (10)")
    parser.add_argument("--csv", type=Path, help="add the results to this table")
    words = parser.parse_args()
    for record in bench(tuple(words.panels), words.n):
        print({name: value for name, value in record.items() if name in ("view", "panels") or name.endswith("_ms")})
        if words.csv is not None:
            save_row(record, words.csv)


if __name__ == "__main__":
    main()
