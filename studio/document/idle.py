"""Something is done once a while has passed in which nothing happened."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from weakref import WeakMethod


class Idle:
    """Calls a method, in a thread of its own, so many seconds after the last :meth:`busy`.

    The thread is there only while somebody waits, and ends with the program. The object whose method it is may go
    meanwhile: it is not kept.
    """

    def __init__(self, seconds: float, rested: Callable[[], object]) -> None:
        self._seconds = seconds
        self._rested = WeakMethod(rested)
        self._mutex = threading.Lock()
        self._timer: threading.Timer | None = None
        self._last = 0.0

    def busy(self) -> None:
        """Something happened: begin to wait, or go on waiting from now."""
        with self._mutex:
            self._last = time.monotonic()
            if self._timer is None:
                self._wait(self._seconds)

    def cancel(self) -> None:
        """Wait no more; a call that has begun is not stopped."""
        with self._mutex:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def _wait(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._look)
        self._timer.daemon = True
        self._timer.start()

    def _look(self) -> None:
        """The time is up: call the method, or wait for the rest where something happened meanwhile."""
        with self._mutex:
            if self._timer is not threading.current_thread():
                return  # it was cancelled just now
            left = self._last + self._seconds - time.monotonic()
            if left > 0:
                self._wait(left)
                return
            self._timer = None
        if (rested := self._rested()) is not None:
            rested()
