"""Plain `streamlit run streamlit_app.py` in an empty home: on this machine only, and no e-mail asked."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.runtime.pages_manager import PagesManager

from studio.cli.serve import ENTRY

ROOT = Path(__file__).resolve().parents[3]
LOOPBACK = {"0100007F", "00000000000000000000000001000000"}
"""127.0.0.1 and ::1 as the kernel writes them."""


def listening(port: int) -> set[str]:
    """The addresses on which something listens to a port, as the kernel writes them."""
    found = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        for line in table.read_text().splitlines()[1:] if table.exists() else []:
            _, local, _, state = line.split()[:4]
            address, number = local.split(":")
            if state == "0A" and int(number, 16) == port:
                found.add(address)
    return found


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads the kernel's table of sockets, which Linux has")
def test_it_listens_on_this_machine_only_and_asks_nothing(serve: Callable) -> None:
    with serve(terminal=True) as server:
        addresses = listening(server.port)
        said = server.said()
    assert addresses
    assert addresses <= LOOPBACK
    assert f"localhost:{server.port}" in said
    assert "mail" not in said.lower()
    assert "statistics" not in said.lower()


def test_the_first_page_loads_no_torch(tmp_path: Path) -> None:
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        f"at = AppTest.from_file({str(ROOT / 'streamlit_app.py')!r}, default_timeout=300).run(); "
        "assert not at.exception, at.exception; print('torch' in sys.modules)"
    )
    env = {**os.environ, "SEQGAN_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == "False"


@pytest.mark.parametrize("script", [ENTRY, ROOT / "streamlit_app.py"])
def test_a_board_s_address_may_be_the_first_that_is_opened(script: Path) -> None:
    """With a folder `pages` beside it Streamlit would show that address in its older way, until another was."""
    assert script.is_file() and not (script.parent / "pages").exists()
    assert PagesManager(str(script)).uses_pages_directory is not True


@pytest.mark.skipif(os.name != "posix", reason="elsewhere the server runs beside the command, which waits for it")
def test_whoever_ends_the_command_ends_the_server(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "studio", "serve", "--headless", "--port", str(port)]
    env = {**os.environ, "SEQGAN_HOME": str(tmp_path)}
    with subprocess.Popen(words, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        _until(lambda: _answers(port))
        server.terminate()
        server.wait(30)
    _until(lambda: not _answers(port))


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("localhost", port), 1):
        return True
    return False


def _until(true: Callable[[], bool], patience: float = 60.0) -> None:
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)
