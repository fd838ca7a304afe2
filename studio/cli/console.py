"""What commands say: results on stdout; progress and notes on stderr, a bar for people, JSON lines for programs."""

from __future__ import annotations

import contextlib
import json
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

import typer


class Console:
    """Tells a person (a terminal) or a program (anything else) how far a command is.

    Args:
        as_json: print the result as one JSON object instead of lines.
    """

    def __init__(self, as_json: bool = False) -> None:
        self.as_json = as_json
        self._terminal = sys.stderr.isatty()
        self._bar: Any = None
        self._tasks: dict[str, Any] = {}
        self._told: dict[str, int] = {}
        self._notes: dict[str, None] = {}

    @property
    def notes(self) -> list[str]:
        """What was noted, each once."""
        return list(self._notes)

    def note(self, message: str) -> None:
        """Say something that is neither the result nor an error, once."""
        if message in self._notes:
            return
        self._notes[message] = None
        self._say("note", {"message": message}, f"note: {message}")

    def step(self, what: str, done: int, total: int, **more: Any) -> None:
        """One step of `what` is done; programs hear of at most ten steps of a long row."""
        if self._terminal and self._bar is not None:
            task = self._tasks.get(what)
            if task is None:
                task = self._tasks[what] = self._bar.add_task(what, total=total)
            self._bar.update(task, completed=done)
            return
        tenth = done * 10 // max(total, 1)
        if more or tenth != self._told.get(what):
            self._told[what] = tenth
            self._say("progress", {"what": what, "done": done, "total": total, **more}, "")

    def result(self, record: dict[str, Any], lines: list[str]) -> None:
        """Print the result: the record with its notes as JSON if asked for, else the lines."""
        if self.as_json:
            typer.echo(json.dumps({**record, "notes": self.notes}, ensure_ascii=False, indent=1, default=str))
        else:
            for line in lines:
                typer.echo(line)

    def _say(self, event: str, record: dict[str, Any], line: str) -> None:
        if not self._terminal:
            print(json.dumps({"event": event, **record}, ensure_ascii=False), file=sys.stderr, flush=True)
        elif line and self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False)
        elif line:
            print(line, file=sys.stderr)

    @contextlib.contextmanager
    def progress(self) -> Iterator[None]:
        """Show a bar meanwhile, on a terminal."""
        if not self._terminal:
            yield
            return
        from rich.console import Console as RichConsole
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description:>8}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=RichConsole(stderr=True)) as self._bar:
            try:
                yield
            finally:
                self._tasks.clear()
        self._bar = None


class Interruptible:
    """While it is entered, Ctrl-C or SIGTERM asks to stop after the current step; Ctrl-C after that stops at once."""

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[int, Any] = {}

    def __call__(self) -> bool:
        """Whether someone asked to stop."""
        return self.asked

    def __enter__(self) -> Interruptible:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._interrupt)
        return self

    def __exit__(self, *_error: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, signal.SIG_DFL if before is None else before)
        self._before.clear()

    def _interrupt(self, number: int, _frame: FrameType | None) -> None:
        # Schedulers and `timeout` may send SIGTERM twice, to the process and to its group: that is no impatience.
        if self.asked and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.asked = True
