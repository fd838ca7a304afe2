"""Pictures as a story: each file is a panel with the picture on it, told by its name, or by what made it if we did.

draft = read_folder(Path("sketches"))           # in the order of their names, 2.png before 10.png
draft = read_pictures([Path("a.png"), Path("snow-day.mp4")])
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image

from studio.errors import StoryError
from studio.media.made_file import MadeFile, read_made_file
from studio.stories.draft import Draft, DraftPanel, plain_line
from studio.stories.made import EXPECTED, cast_of, model_of, panel_of, read_film, title_of

PICTURES = ("png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff")
FILMS = ("mp4",)
ENDINGS = (*PICTURES, *FILMS)
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
MOST = 2000
_NAMED = 5
"""Files that are left out and named one by one; more are counted."""


def read_folder(folder: Path, deep: bool = False) -> Draft:
    """Read the pictures in a folder, in the order of their names; ``deep``: in its folders too.

    Raises:
        StoryError: if there are none, or too many.
    """
    found = [path for path in (folder.rglob("*") if deep else folder.iterdir()) if path.is_file() and not _hidden(path)]
    pictures = in_order(path for path in found if _ending(path) in PICTURES)
    if not pictures:
        raise StoryError(
            f"{folder} is a folder without pictures ({', '.join(PICTURES[:4])} and the like), expected a file with a "
            "story or a folder of pictures; name the file in it"
        )
    left = in_order(set(found) - set(pictures))
    draft = read_pictures(pictures, folder.name)
    return replace(draft, notes=(*draft.notes, *_left_out(left)))


def read_pictures(paths: Sequence[Path], title: str = "") -> Draft:
    """Read picture files, a panel each in their order, or one film of ours, as many panels as it has.

    Args:
        paths: the files, at least one.
        title: of the board, where the files themselves do not agree on one.

    Raises:
        StoryError: if a film is not ours or stands among pictures, a file cannot be read, or there are too many.
    """
    if len(paths) > MOST:
        raise StoryError(f"{len(paths)} pictures came, at most {MOST} make a board; take them in parts")
    files = [(path, _said(path)) for path in paths]
    films = [path for path, file in files if _is_film(path, file)]
    if films and len(files) > 1:
        raise StoryError(f"{films[0].name} is a film among {len(files)} files; expected pictures: import it by itself")
    if films:
        ((path, file),) = files
        draft = read_film(path, file.made if file else None)
        return replace(draft, title=draft.title or title)
    if not any(map(_opens, paths)):
        raise StoryError(f"{paths[0].name} is no picture that can be read; expected {EXPECTED}")
    return _of_pictures(files, title)


def _opens(path: Path) -> bool:
    """Whether a file begins as a picture does; of several, one that does not is left out when it is taken."""
    try:
        with Image.open(path, formats=FORMATS):
            return True
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def in_order(paths: Iterable[Path]) -> list[Path]:
    """Sort files by name as people count: 2.png before 10.png, capital letters like small ones."""
    return sorted(paths, key=lambda path: (_counted(str(path.parent)), by_name(path)))


def by_name(path: Path) -> tuple[list[tuple[int, str]], str]:
    """What files of one folder are sorted by."""
    return _counted(path.name), path.name


def _counted(name: str) -> list[tuple[int, str]]:
    pieces = re.split(r"(\d+)", name.casefold())
    return [(int(piece), "") if number % 2 else (0, piece) for number, piece in enumerate(pieces)]


def _ending(path: Path) -> str:
    return path.suffix.lower().removeprefix(".")


def _hidden(path: Path) -> bool:
    return path.name.startswith(".") or path.name.lower() in ("thumbs.db", "desktop.ini") or "__MACOSX" in path.parts


def _said(path: Path) -> MadeFile | None:
    """What a file says of itself; None for a foreign or an empty one, which is looked at again when it is decoded."""
    try:
        return read_made_file(path)
    except FileNotFoundError as error:
        raise StoryError(f"there is no file {path}; check the name") from error
    except OSError as error:
        raise StoryError(f"{path} cannot be read ({error.strerror or error}); check its rights") from error
    except ValueError:  # an empty file
        return None


def _is_film(path: Path, file: MadeFile | None) -> bool:
    """Whether a file is shown frame by frame: every video, and an animation of ours."""
    if _ending(path) in FILMS or (file is not None and file.kind == "MP4"):
        return True
    return file is not None and file.kind in ("GIF", "WebP") and bool(file.made)


def _of_pictures(files: Sequence[tuple[Path, MadeFile | None]], title: str) -> Draft:
    made = [file.made for _, file in files if file is not None and file.made]
    titles = {title_of(each) for each in made} if len(made) == len(files) else set()
    cast = {name: who for each in made for name, who in cast_of(each).items()}
    models = {model.model_dump_json(): model for each in made if "given" not in each and (model := model_of(each))}
    return Draft(
        tuple(_panel(path, file) for path, file in files),
        titles.pop() if len(titles) == 1 else title,
        cast=cast,
        model=next(iter(models.values())) if len(models) == 1 else None,
    )


def _panel(path: Path, file: MadeFile | None) -> DraftPanel:
    """The panel of a picture: as its record tells it, else with its name as the sentence."""
    made = file.made if file is not None else None
    if not made or not isinstance(made.get("text"), str):
        return DraftPanel(text=_words(path), picture=path, picture_sha256=sha256_of(path))
    panel = panel_of(made)
    if made.get("drawn") is False:  # a card with the sentence stands in for it
        return panel
    return replace(panel, picture=path, picture_sha256=sha256_of(path), made=made)


def _words(path: Path) -> str:
    """A file's name as words, without the number that it was sorted by: 07_mia-walks.png is "mia walks"."""
    named = re.sub(r"^\d+[-_.]+(?=.)", "", path.stem)
    return plain_line(re.sub(r"[-_]+", " ", named)) or path.stem


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's bytes. Raises StoryError if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise StoryError(f"{path} cannot be read ({error.strerror or error}); check its rights") from error


def _left_out(paths: Sequence[Path]) -> list[str]:
    if not paths:
        return []
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    named = ", ".join(path.name for path in paths[:_NAMED])
    return [f"{named}{more} {'is no picture and was' if len(paths) == 1 else 'are no pictures and were'} left out."]
