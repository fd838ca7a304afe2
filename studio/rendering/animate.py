"""A panel's picture moves: a model of clips animates it, and the clip becomes a take of the panel.

    sampler = open_clips(moving=True)
    take = animate_panel(doc, sampler, panel.id)

The clip says what its picture says, so it has the picture's seed and marks; its ``parent_take`` is that picture, and
its knobs say how it moves: ``motion_seed``, ``fps``, ``interpolated`` and ``enlarged``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.document import Document, Panel, Take, add_take, new_id, now, take_seed
from studio.document.commands import require
from studio.document.made import metadata_for, model_ref
from studio.errors import CancelledError, EngineError
from studio.export.moving import check_moving
from studio.media.frames import flatten
from studio.media.metadata import source_type
from studio.media.moving import CLIP_SUFFIX, enlargement, even_size, open_still
from studio.rendering.clips import encode_clip, watchable
from studio.rendering.engine_errors import engine_errors
from studio.rendering.knobs import settled
from studio.rendering.pictures import versions_in_use

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

    from seqgan.sampling import ClipSampler
    from seqgan.sampling.clip import DrawnClip

SMOOTH = 2
"""So many times the frames of the model, by optical flow between them."""


def animate_panel(
    doc: Document,
    sampler: ClipSampler,
    panel_id: str,
    *,
    text: str = "",
    motion_seed: int | None = None,
    smooth: int = SMOOTH,
    take_id: str = "",
    cancelled: Callable[[], bool] = lambda: False,
) -> Take:
    """Animate a panel's picture, and show the clip as its newest take.

    Args:
        doc: an open board.
        sampler: of a model that moves the pictures it is given.
        panel_id: whose picture moves; where a clip is picked, the picture that it moves does so anew.
        text: what happens; the panel's sentence by default.
        motion_seed: 0 or more; by default it follows from the panel's seed and the take's number.
        smooth: how many times the model's frames, 1 to 8.
        take_id: the id of the clip's take, one that no other has; a new one by default.
        cancelled: asked between the steps.

    Raises:
        EngineError: if there is no picture or no text to animate, the model moves none, or it fails.
        ExportError: if so many frames of the model a second are more than a film can have.
        DocumentError: if the board is read-only or the disk refuses.
        CancelledError: if it was stopped; the panel is then as it was.
    """
    doc.must_write()
    started = time.perf_counter()
    panel = require(doc.board, panel_id)
    source, pixels = _picture(doc, panel)
    caption = text.strip() or panel.text.strip() or source.text
    motion = take_seed(panel.seed, panel.next_take_number) if motion_seed is None else motion_seed
    check_moving(Path(f"clip{CLIP_SUFFIX}"), sampler.fps, smooth)
    drawn = _draw(sampler, caption, source.seed, motion, pixels)
    _check(cancelled, doc, panel)
    take, pictures = _shown(sampler, panel, source, drawn, smooth, take_id or new_id())
    _check(cancelled, doc, panel)
    data = encode_clip(pictures, take.knobs["fps"], _made(doc, panel, take, source), caption)
    _check(cancelled, doc, panel)
    update = {"media": doc.add_media(data, take.suffix), "seconds": round(time.perf_counter() - started, 4)}
    take = take.model_copy(update=update)
    doc.apply(add_take(panel.id, take))
    return take


def moved_take(panel: Panel) -> Take | None:
    """The take whose picture is animated: the picked one, or the picture that a picked clip moves; None without one."""
    take = panel.take
    if take is None or take.kind == "image":
        return take
    return next((each for each in panel.takes if each.id == take.parent_take), take)


def _picture(doc: Document, panel: Panel) -> tuple[Take, np.ndarray]:
    """The take to animate and its picture, uint8 (H, W, 3); of a clip that moves no take of this panel, its first
    frame."""
    import numpy as np

    source = moved_take(panel)
    path = doc.picture(source) if source is not None else None
    if source is None or path is None:
        raise EngineError(f"panel {_number(doc, panel)} has no picture to animate; draw it first")
    try:
        return source, np.array(flatten(open_still(path)))
    except OSError as error:
        raise EngineError(f"{error}; draw panel {_number(doc, panel)} again first") from error


def _draw(sampler: ClipSampler, caption: str, seed: int, motion: int, pixels: np.ndarray) -> DrawnClip:
    if not sampler.moves_pictures:
        raise EngineError(
            f"{sampler.info['name']} does not move a given picture; train one that does (seqgan train t2v_picture "
            "--data DATA) and name its folder: --model DIR"
        )
    with engine_errors(str(sampler.device)):
        return sampler.explain(caption, seed, motion, pixels)


def _shown(
    sampler: ClipSampler, panel: Panel, source: Take, drawn: DrawnClip, smooth: int, take_id: str
) -> tuple[Take, list[Image.Image]]:
    """The take as far as it is known before its file is written, and the pictures of the film."""
    shown = {"fps": smooth * sampler.fps, "interpolated": smooth, "enlarged": enlargement(drawn.frames)}
    pictures = watchable(drawn.frames, shown)
    inherited: dict[str, Any] = {key: getattr(source, key) for key in ("seed", "input_hash", "context_hash")}
    take = Take(
        id=take_id,
        number=panel.next_take_number,
        kind="clip",
        media="0" * 64,
        size=even_size(pictures[0]),
        model=model_ref(sampler.info),
        knobs={"motion_seed": drawn.motion_seed, **shown, **settled(sampler.precision)},
        text=drawn.caption,
        prompt=" ".join(drawn.reading.words),
        device=str(sampler.device),
        versions=dict(versions_in_use(False)),
        created=now(),
        parent_take=source.id,
        **inherited,
    )
    return take, pictures


def _made(doc: Document, panel: Panel, take: Take, source: Take) -> dict[str, Any]:
    """The record of the clip's file: a network moved what may have been composed."""
    mark = source_type([source.composed, False])
    first = {"sha256": source.media, "model": source.model.model_dump(mode="json"), "composed": source.composed}
    return {**metadata_for(doc.board, panel, take), "kind": "clip", "first": first, "digital_source_type": mark}


def _check(cancelled: Callable[[], bool], doc: Document, panel: Panel) -> None:
    if cancelled():
        raise CancelledError(f"animating panel {_number(doc, panel)} was stopped; its takes are as they were")


def _number(doc: Document, panel: Panel) -> int:
    return (doc.board.index(panel.id) or 0) + 1
