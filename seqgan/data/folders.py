"""Names of data sets and cast packs to folders, and what is wrong with a folder of either kind."""

from __future__ import annotations

from pathlib import Path

from seqgan.checks import nearest
from seqgan.data.clevr.prepare import write_synthetic
from seqgan.errors import DataError
from seqgan.resources import asset, home

SYNTHETIC = "synthetic"
SYNTHETIC_STORIES = 24
SYNTHETIC_PICTURES = {"train": 48, "val": 8, "test": 8}
STORY_KINDS = ("story", "judge")
CLIP_KINDS = ("clip", "clip_judge")
"""Kinds of tasks that train on the panels of stories, and on clips; others train on single pictures."""
CLIPS = f"{SYNTHETIC}-clips"


def data_folder(name: str, kind: str = "story") -> Path:
    """Return the folder of a data set: a path, a name under ``$SEQGAN_HOME/data``, or ``synthetic``.

    ``synthetic`` is a tiny set made on the spot the first time, for ``kind``, the kind of task that asks: theatre
    stories (64x112), stories of CLEVR-SV for ``storygan``, strolls of the cast for clips, flowers of the garden (64x64)
    for pictures.

    Raises:
        DataError: if there is no such data set; the message lists the known names.
    """
    path = Path(name).expanduser()
    if (path / "dataset.json").is_file():
        return path
    if name == SYNTHETIC:
        return _made(kind)
    if (home() / "data" / name / "dataset.json").is_file():
        return home() / "data" / name
    hint = nearest(name, [*data_names(), SYNTHETIC])
    raise DataError(f"there is no data set {name!r}, neither as a folder nor under {home() / 'data'}; {hint}")


def data_names() -> list[str]:
    """Return the names of the data sets under ``$SEQGAN_HOME/data``."""
    return sorted(path.parent.name for path in (home() / "data").glob("*/dataset.json"))


def cast_folder(name: str) -> Path:
    """Return the folder of a cast pack: a path, or the name of one that ships.

    Raises:
        DataError: if there is neither.
    """
    shipped = {path.parent.name: path.parent for path in asset("cast").glob("*/cast.yaml")}
    path = Path(name).expanduser()
    if name in shipped and not (path / "cast.yaml").is_file():
        return shipped[name]
    if path.is_dir():
        return path
    raise DataError(
        f"there is no cast pack {name!r}, neither as a folder nor among those that ship; ship: {', '.join(shipped)}"
    )


def check_folder(folder: Path) -> list[str]:
    """Return every problem of a cast pack or data set in words; [] if it is good.

    Raises:
        DataError: if the folder is neither.
    """
    from seqgan.data.check import check_data
    from seqgan.data.theatre.pack import check_pack

    if (folder / "cast.yaml").is_file():
        return check_pack(folder)
    if (folder / "dataset.json").exists() or (folder / "manifest.jsonl").exists():
        return check_data(folder)
    what = "holds neither of" if folder.is_dir() else "is no folder; expected one with"
    raise DataError(f"{folder} {what} cast.yaml (a cast pack) or dataset.json (a data set); name another folder")


def _made(kind: str) -> Path:
    """The synthetic set for a kind of task, made if it is not there."""
    if kind == "storygan":
        return _synthetic_clevr()
    kinds = {**dict.fromkeys(STORY_KINDS, (SYNTHETIC, _stories)), **dict.fromkeys(CLIP_KINDS, (CLIPS, _clips))}
    folder, make = kinds.get(kind, (f"{SYNTHETIC}-pictures", _pictures))
    if not (home() / "data" / folder / "dataset.json").is_file():
        make(home() / "data" / folder)
    return home() / "data" / folder


def _stories(folder: Path) -> None:
    from seqgan.data.theatre.prepare import prepare

    counts = {"train": SYNTHETIC_STORIES, "val": 4, "test": 4, "test_unseen": 4}
    prepare(asset("cast", "fluent"), folder, counts, progress=False)


def _pictures(folder: Path) -> None:
    from seqgan.data.garden.prepare import prepare_garden

    prepare_garden(folder, SYNTHETIC_PICTURES, progress=False)


def _clips(folder: Path) -> None:
    from seqgan.data.theatre.strolls import write_strolls

    write_strolls(folder, SYNTHETIC_PICTURES)


def _synthetic_clevr() -> Path:
    folder = home() / "data" / f"{SYNTHETIC}-clevr"
    write_synthetic(folder)
    return folder
