"""Download one file from a publisher's own address, going on where a broken connection stopped.

download("https://www.robots.ox.ac.uk/~vgg/data/flowers/102/102flowers.tgz", Path("102flowers.tgz"), 344_862_509)
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse
from pathlib import Path

from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from seqgan.errors import DataError

TRIES = 4
PAUSE = 2.0
"""Seconds before the second try; each further pause is twice as long."""
TIMEOUT = 60.0
"""Seconds without a byte after which a connection counts as broken."""
ENOUGH = 1.5
"""A file that grows beyond this many times its recorded size is another one."""
_CHUNK = 1 << 18


class _Broken(Exception):
    """A connection that ended early; another try may go on from there."""


def download(url: str, path: Path, size: int, say: Callable[[str], None] = print) -> Path:
    """Download `url` as `path`; what came before a broken connection stays beside it as `.part` and is gone on from.

    Args:
        url: an http or https address.
        path: the file to make.
        size: the recorded size in bytes; much larger files are refused.
        say: told what happens.

    Raises:
        DataError: for an address that answers with an error, a file that is too large, a connection that broke TRIES
            times; the same call goes on where this one stopped.
    """
    if not url.startswith(("http://", "https://")):
        raise DataError(f"{url} is no http address; put the table of sources right")
    part = path.with_name(path.name + ".part")
    for tried in range(1, TRIES + 1):
        try:
            _go_on(url, part, size)
            return part.replace(path)
        except _Broken as error:
            came = part.stat().st_size if part.is_file() else 0
            if tried == TRIES:
                raise DataError(f"{url} broke off {TRIES} times, last after {came} bytes ({error}); run the same "
                                f"command to go on from there, or name a folder that holds {path.name} with --from"
                                ) from None  # fmt: skip
            say(f"The connection broke after {came} bytes ({error}); going on.")
            time.sleep(PAUSE * 2 ** (tried - 1))
        except OSError as error:
            raise DataError(f"{part} cannot be written ({error}); make room, or choose another --out") from None
    raise AssertionError  # the last try returns or raises


def _go_on(url: str, part: Path, size: int) -> None:
    """Append to `part` what it lacks. Raises _Broken where the connection ends early."""
    start = part.stat().st_size if part.is_file() else 0
    request = urllib.request.Request(url, headers={"User-Agent": "seqgan", **_range(start)})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
            _save(response, part, start if response.status == 206 else 0, size, url)
    except urllib.error.HTTPError as error:
        _answered(error, url, part, start)
    except (urllib.error.URLError, HTTPException, TimeoutError, ConnectionError) as error:
        raise _Broken(str(getattr(error, "reason", error)) or type(error).__name__) from None


def _range(start: int) -> dict[str, str]:
    return {"Range": f"bytes={start}-"} if start else {}


def _answered(error: urllib.error.HTTPError, url: str, part: Path, start: int) -> None:
    """What an error of the server means: nothing more to come, try again, or give up."""
    error.close()
    if error.code == 416 and start:  # nothing beyond what is there; if it is not the whole, its hash will tell
        if error.headers.get("Content-Range", "").rpartition("/")[2] == str(start):
            return
        part.unlink()
        raise _Broken("what came before does not fit, starting anew")
    if error.code in (408, 429) or error.code >= 500:
        raise _Broken(f"the server answers {error.code} {error.reason}")
    raise DataError(f"{url} answers {error.code} {error.reason}; see whether its publisher moved it, or name a folder "
                    "that holds the file with --from")  # fmt: skip


def _save(response: HTTPResponse, part: Path, start: int, size: int, url: str) -> None:
    """Write an answer to `part` from `start` on."""
    length = response.headers.get("Content-Length")
    whole = start + int(length) if length else None
    if max(whole or 0, start) > ENOUGH * size + _CHUNK:
        raise DataError(f"{url} gives {whole} bytes, about {size} were recorded; see whether it is another file")
    with part.open("ab" if start else "wb") as file, _bar() as bar:
        task = bar.add_task(part.stem, total=whole or size, completed=start)
        came = start + _copy(response, file.write, bar, task, int(ENOUGH * size) + _CHUNK - start)
    if came > ENOUGH * size + _CHUNK:
        part.unlink()
        raise DataError(f"{url} gives more than {came - 1} bytes, about {size} were recorded; it is another file")
    if whole is not None and came < whole:
        raise _Broken(f"{whole - came} bytes are missing")


def _copy(response: HTTPResponse, write: Callable[[bytes], object], bar: Progress, task: TaskID, most: int) -> int:
    """Bytes copied, at most one chunk more than `most`."""
    came = 0
    while came <= most and (chunk := response.read(_CHUNK)):
        write(chunk)
        came += len(chunk)
        bar.update(task, advance=len(chunk))
    return came


def _bar() -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn(),
                    transient=True)  # fmt: skip
