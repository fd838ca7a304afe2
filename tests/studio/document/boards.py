"""A board of three panels, its crash, and what another program does to it, for tests of documents."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from studio.document import Document, new_board


def make(folder: Path, name: str = "snow.board") -> Document:
    return Document.create(folder / name, new_board("Snow day", ["Mia walks.", "She waves.", "Max runs."]))


def crash(doc: Document) -> None:
    """Let go of the lock as a process does that dies: nothing is written."""
    assert doc._lock is not None
    doc._idle.cancel()
    doc._lock.release()


ELSEWHERE = """
import sys
from pathlib import Path
folder = Path(sys.argv[1])
if sys.argv[2] == "board.json":
    board = folder / "board.json"
    board.write_text(board.read_text().replace("Snow day", "Theirs"))
elif sys.argv[2] == "append":
    with (folder / "journal.jsonl").open("a") as journal:
        journal.write('{"n":2,"at":"","do":{"op":"set_board","values":{"title":"Theirs"}},'
                      '"inverse":{"op":"set_board","values":{"title":"A"}}}\\n')
elif sys.argv[2] == "remove":
    (folder / "journal.jsonl").unlink()
else:
    for name in ("journal.jsonl", "board.json"):
        (folder / name).write_bytes((folder / name).read_bytes())
"""


def elsewhere(doc: Document, change: str) -> None:
    """Another process that knows nothing of locks (a sync, an editor) changes the files of an open board."""
    subprocess.run([sys.executable, "-c", ELSEWHERE, doc.path, change], check=True)
