"""Where files are: the assets that ship with the package, and the user's own folder.

from seqgan.resources import asset, home

asset("cast", "fluent")      # in a checkout and in an installed wheel alike
home() / "data"              # $SEQGAN_HOME/data, by default ~/.cache/seqgan/data
"""

from __future__ import annotations

import os
from pathlib import Path

from seqgan.errors import DataError

_PACKAGE = Path(__file__).resolve().parent


def assets_root() -> Path:
    """Return the folder of shipped assets: ``assets/`` of a checkout, else ``seqgan/_assets`` of a wheel.

    Raises:
        DataError: if neither folder exists (a broken installation).
    """
    for folder in (_PACKAGE.parent / "assets", _PACKAGE / "_assets"):
        if folder.is_dir() and (folder / "fonts").is_dir():
            return folder
    raise DataError(
        f"the shipped assets were looked for in {_PACKAGE.parent / 'assets'} and {_PACKAGE / '_assets'} "
        "and are in neither; install seqgan-studio again"
    )


def asset(*parts: str) -> Path:
    """Return the path of a shipped file or folder, e.g. ``asset("fonts", "DejaVuSans.ttf")``.

    Raises:
        DataError: if it does not exist; the message lists its neighbours.
    """
    root = assets_root()
    path = root.joinpath(*parts)
    if not path.resolve().is_relative_to(root.resolve()):
        raise DataError(f"asset {'/'.join(parts)!r} lies outside {root}; give a path inside it")
    if path.exists():
        return path
    near = next(parent for parent in path.parents if parent.is_dir())
    names = ", ".join(sorted(child.name for child in near.iterdir())) or "nothing"
    raise DataError(f"no asset {'/'.join(parts)!r} is shipped; {near} holds {names}")


def home() -> Path:
    """Return the user's seqgan folder: ``$SEQGAN_HOME``, by default ``~/.cache/seqgan`` (it may not exist yet)."""
    named = os.environ.get("SEQGAN_HOME", "").strip()
    return Path(named).expanduser() if named else Path.home() / ".cache" / "seqgan"
