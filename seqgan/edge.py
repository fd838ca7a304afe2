"""The edge between the commands and the shell, one for `seqgan` and `studio`: exit codes and one-line errors.

0 done · 1 the user's error · 2 wrong usage · 3 partly done · 130 interrupted
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from seqgan.errors import InterruptedRun, SeqganError

USER_ERROR, USAGE, PARTLY, INTERRUPTED = 1, 2, 3, 130


def run(
    app: Callable[..., Any],
    words: Sequence[str] | None = None,
    expected: tuple[type[Exception], ...] = (),
    stopped: tuple[type[Exception], ...] = (),
) -> int:
    """Run a typer app and return its exit code.

    Args:
        app: called with `args` and `standalone_mode=False`.
        words: the command line; None for that of the process.
        expected: errors, beside SeqganError, whose message is for the user; the others keep their traceback.
        stopped: errors that say that the user stopped it.
    """
    try:
        result = app(args=None if words is None else list(words), standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # `studio ... | head` is no fault
        return USER_ERROR
    except (KeyboardInterrupt, InterruptedRun, *stopped) as error:
        print(f"\ninterrupted{': ' * bool(str(error))}{error}", file=sys.stderr)
        return INTERRUPTED
    except (SeqganError, OSError, *expected) as error:
        return _told(error)
    except Exception as error:
        return _usage(error)


def _told(error: Exception) -> int:
    if os.environ.get("STUDIO_DEBUG") == "1":
        raise error
    message = str(error)
    if isinstance(error, OSError) and error.strerror:
        message = f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    print(f"error: {message}", file=sys.stderr)
    return USER_ERROR


def _usage(error: Exception) -> int:
    """Typer's own errors know how to show themselves; anything else is a fault of ours and keeps its traceback."""
    if type(error).__name__ == "Abort":
        print("\ninterrupted", file=sys.stderr)
        return INTERRUPTED
    show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
    if show is None or not isinstance(code, int):
        raise error
    show()
    return code
