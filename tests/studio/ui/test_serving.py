"""Plain `streamlit run streamlit_app.py` in an empty home: on this machine only, and no e-mail asked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

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
