"""The pictures of an imported draft become takes: a person's own, our own with what drew them, frames of films."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from studio.document import Document, Given, ModelRef, Panel, Take, context_hashes, input_hash, new_id, now
from studio.errors import DocumentError
from studio.media.film_frames import FilmFrame, FilmReader
from studio.rendering.given import give_picture, give_pixels, keep_take, read_picture
from studio.stories.draft import Draft
from studio.stories.made import cast_of, knobs_of, model_of, words_of
from studio.stories.pictures import sha256_of

if TYPE_CHECKING:
    import numpy as np

UNKNOWN = ModelRef(name="unknown")
"""What drew a picture whose record does not say."""
OTHER_CONTEXT = "elsewhere"
"""In place of the hash of a context: the picture was drawn after other sentences than those that stand before it."""


class Taker:
    """Takes the pictures of a draft onto the board that was made of it, panel by panel."""

    def __init__(self, doc: Document, draft: Draft) -> None:
        """``doc``: a board with a panel for each of the draft's, in their order."""
        self._doc, self._draft = doc, draft
        self._film: tuple[Path, FilmReader, str, str] | None = None
        self._contexts = context_hashes(doc.board)

    def take(self, number: int) -> str:
        """Take the picture of a panel (from 0), if it has one; return why it was left out, or ""."""
        panel, drafted = self._doc.board.panels[number], self._draft.panels[number]
        picture = drafted.picture
        if picture is None:
            return ""
        try:
            if isinstance(picture, FilmFrame):
                self._take_frame(panel, picture)
            elif drafted.made is not None:
                self._take_back(panel, picture, drafted.made, self._in_order(number))
            else:
                give_picture(self._doc, panel.id, picture)
        except DocumentError as error:
            path = picture.film if isinstance(picture, FilmFrame) else picture
            return str(error).replace(str(path), path.name)
        return ""

    def _take_frame(self, panel: Panel, frame: FilmFrame) -> None:
        """A frame is not the picture that was drawn, so it is a given one, with the film's mark."""
        import numpy as np

        if self._film is None or self._film[0] != frame.film:
            self._film = frame.film, FilmReader(frame.film), sha256_of(frame.film), _mark_of(frame.film)
        _, reader, sha256, mark = self._film
        try:
            pixels = np.array(reader.picture(frame))
        except OSError as error:
            raise DocumentError(str(error)) from error
        give_pixels(self._doc, panel.id, pixels, Given(file=frame.name, sha256=sha256, digital_source_type=mark))

    def _take_back(self, panel: Panel, path: Path, made: Mapping[str, Any], in_order: bool) -> None:
        """A picture of ours is the take that it was, of the panel's sentence."""
        _, pixels = read_picture(path)
        if isinstance(given := made.get("given"), Mapping):
            said = {key: str(given.get(key) or "") for key in ("file", "sha256")}
            mark = str(made.get("digital_source_type") or "")
            give_pixels(self._doc, panel.id, pixels, Given(**said, digital_source_type=mark))
        else:
            context = self._contexts[panel.id] if in_order else OTHER_CONTEXT
            keep_take(self._doc, panel, _take_of(panel, pixels, made, context), pixels)

    def _in_order(self, number: int) -> bool:
        """Whether what was told before a panel stands before it here too: the same story from its first panel on."""
        earlier = [panel.made or {} for panel in self._draft.panels[: number + 1]]
        stories = {str(made.get("story")) for made in earlier}
        return len(stories) == 1 and [made.get("number") for made in earlier] == list(range(1, number + 2))

    def __enter__(self) -> Taker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._film is not None:
            self._film[1].close()


def _mark_of(film: Path) -> str:
    from studio.media.made_file import read_made_file

    file = read_made_file(film)
    return (file.mark if file is not None else None) or ""


def _take_of(panel: Panel, pixels: np.ndarray, made: Mapping[str, Any], context: str) -> Take:
    """The record of a picture of ours; its ``media`` is filled in once the file is there."""
    model, knobs, versions = model_of(made), knobs_of(made), made.get("versions")
    return Take(
        id=new_id(),
        number=panel.next_take_number,
        media="0" * 64,
        size=(pixels.shape[1], pixels.shape[0]),
        seed=panel.seed if panel.first_seed is None else panel.first_seed,
        model=model or UNKNOWN,
        composed=made.get("composed") is True,
        knobs=knobs,
        text=panel.text,
        prompt=words_of(made, "prompt"),
        input_hash=input_hash(panel.text, cast_of(made), knobs, model),
        context_hash=context,
        device=words_of(made, "device"),
        versions={str(name): str(each) for name, each in versions.items()} if isinstance(versions, Mapping) else {},
        created=now(),
    )
