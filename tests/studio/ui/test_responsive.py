"""Pages keep answering while jobs work: threads take turns often, and PyTorch's libraries are in the process before it
is imported."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.ui import responsive, state

LOADED = """
from pathlib import Path
from studio.ui.responsive import load_torch
def there():
    return "libtorch_cpu.so" in Path("/proc/self/maps").read_text()
before = there()
load_torch()
print(before, there(), __import__("sys").modules.get("torch") is None)
import torch
print(torch.ones(2).sum().item())
"""

AHEAD = """
import sys
from pathlib import Path
from studio.ui.desk import Desk
from studio.ui.engines import Choice
desk = Desk(Path(sys.argv[1]))
desk.load_ahead()
ahead = set(sys.modules)
engine = desk.engines.prepare(Choice("gan", "theatre-64"))
engine.read(["Mia walks in the snow."])
next(iter(engine.draw(["Mia walks in the snow."], [0])))
late = {name.partition(".")[0] for name in set(sys.modules) - ahead}
print(sorted(late & {"torch", "spacy", "thinc", "pandas", "numpy", "PIL", "streamlit"}))
desk.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems import them as ever")
def test_the_libraries_are_there_before_the_import_which_works_as_ever() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("False True True\n2.0\n", 0), done.stderr


@pytest.mark.parametrize("found", ["nothing", "another layout"])
def test_where_they_are_not_found_the_import_is_left_to_it(
    found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = None if found == "nothing" else importlib.util.spec_from_file_location("torch", tmp_path / "__init__.py")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: spec)
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    responsive.load_torch()
    assert "torch" not in sys.modules


def test_what_is_loaded_ahead_is_all_that_a_drawing_would_wait_for(tmp_path: Path) -> None:
    """Imports hold up pages: none of a large package may be left for the moment at which somebody draws."""
    done = subprocess.run([sys.executable, "-c", AHEAD, tmp_path], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr


def test_threads_of_the_editor_take_turns_often(page: Callable[..., object]) -> None:
    sys.setswitchinterval(0.005)
    state._desk.clear()
    page()
    assert sys.getswitchinterval() == pytest.approx(responsive.SWITCH_SECONDS)
