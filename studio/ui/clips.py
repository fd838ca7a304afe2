"""Clips in the editor: panels are animated, sentences become clips, clips become panels. No page waits for it.

The clips of sentences are kept in ``$SEQGAN_HOME/clips``, each an MP4 that says what made it; those of one run share
the beginning of their names.
"""

from __future__ import annotations

import json
import tempfile
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqgan.registry import find_model, model_folders
from seqgan.resources import home
from seqgan.sampling import clip_models, decode_picture, needs_picture
from studio.document import (
    Batch,
    Document,
    ModelRef,
    Take,
    add_take,
    context_hash,
    input_hash,
    insert_panel,
    new_id,
    now,
)
from studio.document.files import write_atomic
from studio.errors import EngineError, ExportError
from studio.export.info import read_info
from studio.export.moving import FASTEST_GIF, write_moving
from studio.export.options import FRAME_RATES
from studio.media.moving import ClipReader, enlargement
from studio.rendering import Step
from studio.rendering.animate import SMOOTH, animate_panel
from studio.rendering.clips import First, SingleClip, draw_clips, encode_clip, open_clips, watchable
from studio.rendering.pictures import picture_bytes
from studio.ui.board_jobs import ANIMATION, BoardJob
from studio.ui.boards import called, saved_at
from studio.ui.desk import Desk
from studio.ui.engines import Engines
from studio.ui.orders import TAKES, Animation, Asked, Clips, Enclosed
from studio.ui.responsive import load_torch
from studio.ui.tickets import Ticket

if TYPE_CHECKING:
    from seqgan.sampling import ClipSampler

MOST_BETWEEN = 8
"""By how many times the frames of a clip are multiplied at most: more of them only blur."""
LARGEST = 2048
"""Longer side of a clip that was enlarged at most, in pixels: a second of more takes gigabytes while it is written."""
KINDS = {"mp4": "MP4", "gif": "GIF", "webp": "WebP"}
"""What a clip can be downloaded as."""


# Models --------------------------------------------------------------------------------------------------------------


def moving_models() -> list[str]:
    """Return the names of the installed models that move a picture."""
    return clip_models(moving=True)


def wants_picture(model: str) -> bool:
    """Return whether a model draws nothing without a picture to move."""
    return needs_picture(model_folders()[model])


def sampler_of(model: str, engines: Engines) -> ClipSampler:
    """Return a model of clips, loaded (seconds: only in a job), where and how ``engines`` draw.

    Raises:
        CheckpointError: if it is missing or damaged.
    """
    return _sampler(model, engines.device, saved_at(find_model(model))).at(engines.precision)


@lru_cache(maxsize=1)
def _sampler(model: str, device: str, _saved: float) -> ClipSampler:
    load_torch()
    return open_clips(model, device)


# A panel -------------------------------------------------------------------------------------------------------------


def submit_animation(desk: Desk, doc: Document, model: str, panel: str) -> BoardJob:
    """Queue the animating of a panel's picture; the job's result is the take."""
    return queue_animation(desk, doc, Animation(board=doc.path, model=model, panel=panel))


def queue_animation(desk: Desk, doc: Document, order: Animation) -> BoardJob:
    """Queue the animating of a picture of an open board; return the job."""
    model, panel = order.model, order.panel

    def work(step: Step) -> Take:
        number = (doc.board.index(panel) or 0) + 1
        step.progress(0, 0, f"Panel {number}: loading {model}")
        sampler = sampler_of(model, desk.engines)
        step.check()
        step.progress(0, 0, f"Panel {number} begins to move")
        return animate_panel(doc, sampler, panel, take_id=order.id, cancelled=step.cancelled)

    title = f"Animate panel {(doc.board.index(panel) or 0) + 1} of {called(doc)}"
    ticket = Ticket(desk.jobs, desk.jobs.submit(title, work, f"animate {doc.path} {panel}", order))
    return desk.board_jobs.add(ANIMATION, doc, ticket)


# A sentence ----------------------------------------------------------------------------------------------------------


def uploaded(name: str, data: bytes) -> Enclosed:
    """Return a picture that a person gave to begin with. Raises InputError for a file that is no picture."""
    decode_picture(data, name)
    return Enclosed.of(name, data)


def submit_clips(desk: Desk, asked: Asked) -> Ticket:
    """Queue the drawing of a sentence's takes; each is kept as soon as it is drawn, and the job's result are they."""
    return queue_clips(desk, Clips(asked=asked))


def queue_clips(desk: Desk, order: Clips) -> Ticket:
    """Queue the drawing of those takes of an order that are not there yet."""
    asked = order.asked

    def work(step: Step) -> tuple[Path, ...]:
        lacking = clips_to_draw(order)
        step.progress(TAKES - len(lacking), TAKES, f" · loading {asked.model}")
        sampler = sampler_of(asked.model, desk.engines)
        first = None if asked.first is None else First(*picture_bytes(asked.first.data, asked.first.name))
        for done, (path, (seed, motion)) in enumerate(lacking.items(), start=TAKES + 1 - len(lacking)):
            (single,) = draw_clips(sampler, asked.text, [seed], [motion], first)
            _keep(path, single, sampler.fps, asked)
            step.progress(done, TAKES)
            if step.cancelled():
                break
        return tuple(path for path in _takes(order) if path.is_file())

    return Ticket(desk.jobs, desk.jobs.submit(f"Clips of {asked.text}", work, again=order))


def _takes(order: Clips) -> dict[Path, tuple[int, int]]:
    """The clips of an order, and the seeds of each: those of one run share the beginning of their names."""
    return {clips_folder() / f"{order.id}-{k}.mp4": seeds for k, seeds in enumerate(order.asked.seeds, start=1)}


def clips_to_draw(order: Clips) -> dict[Path, tuple[int, int]]:
    """Return the clips of an order that are not there yet, and the seeds of scene and motion of each."""
    return {path: seeds for path, seeds in _takes(order).items() if not path.is_file()}


def _keep(path: Path, single: SingleClip, fps: int, asked: Asked) -> None:
    frames = single.drawn.frames
    (height, width), times = frames.shape[1:3], asked.enlarged or enlargement(frames)
    if asked.enlarged and max(width, height) * times > LARGEST:
        came = f"clips of {width} x {height} pixels enlarged {times} times"
        raise EngineError(f"{came} are larger than {LARGEST} pixels; choose a smaller Size, or Good to watch")
    shown = paced(len(frames), fps, asked.seconds) | {"enlarged": times}
    data = encode_clip(watchable(frames, shown), shown["fps"], single.made | shown, asked.text)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, data)


def paced(count: int, fps: int, seconds: float | None) -> dict[str, int]:
    """Return by how many times ``count`` frames are multiplied, and how many a second are shown, for a clip of about so
    many ``seconds``; None for as long as the model's ``fps`` has it.

    A model draws its number of frames and no other: a longer clip has more between them, as far as that looks right.
    """
    smooth = SMOOTH if seconds is None else min(ceil(SMOOTH * fps * seconds / count), MOST_BETWEEN)
    speed = SMOOTH * fps if seconds is None else round(count * smooth / seconds)
    return {"fps": min(max(speed, FRAME_RATES[0]), FRAME_RATES[1]), "interpolated": smooth}


def last_run(desk: Desk) -> Ticket | None:
    """Return the job of the clips that were asked for last, by whichever tab; None where none is remembered."""
    found = [job.id for job in desk.jobs.snapshots() if isinstance(job.again, Clips)]
    return Ticket(desk.jobs, found[-1]) if found else None


def clips_folder() -> Path:
    """Return where the clips of sentences are kept (it may not exist yet)."""
    return home() / "clips"


def latest() -> list[Path]:
    """Return the clips of the run that came last, in their order."""
    found = sorted(clips_folder().glob("*.mp4"))
    return [path for path in found if path.stem.split("-")[0] == found[-1].stem.split("-")[0]]


def starred() -> list[Path]:
    """Return the clips with a star, the newest first."""
    return [path for path in sorted(clips_folder().glob("*.mp4"), reverse=True) if path.name in _stars()]


def toggle_star(path: Path) -> None:
    """Give a clip a star, or take it away. Raises DocumentError if the disk refuses."""
    stars = _stars() ^ {path.name}
    write_atomic(_stars_file(), json.dumps(sorted(stars), indent=1).encode())


def _stars() -> set[str]:
    try:
        return set(map(str, json.loads(_stars_file().read_text(encoding="utf-8"))))
    except (OSError, ValueError, TypeError):
        return set()


def _stars_file() -> Path:
    return clips_folder() / "stars.json"


@lru_cache(maxsize=256)
def made_of(path: Path) -> dict[str, Any]:
    """Return what made a clip of ours; nothing where its file is damaged."""
    try:
        return read_info(path)["made"] or {}
    except ExportError:
        return {}


def unread_words(path: Path) -> str:
    """Return a sentence on the words of a clip that its model did not read one by one, "" where it read all."""
    made = made_of(path)
    unread = [str(word) for word in made.get("unread") or ()]
    if not unread:
        return ""
    rest = "it read the sentence as a whole, too" if made.get("whole") else "it drew without them"
    return f"The model did not read by themselves: {', '.join(unread)}; {rest}."


def as_kind(path: Path, kind: str) -> bytes:
    """Return a clip as the bytes of an MP4, GIF or WebP.

    Raises:
        ExportError: if the kind cannot be written here.
        OSError: if the clip is missing or damaged.
    """
    if kind == "mp4":
        return path.read_bytes()
    made = made_of(path)
    with ClipReader(path) as clip, tempfile.TemporaryDirectory() as folder:
        every = -(-clip.fps // FASTEST_GIF) if kind == "gif" else 1
        pictures = [clip.picture(number) for number in range(0, clip.count, every)]
        out = Path(folder) / f"clip.{kind}"
        write_moving(out, pictures, round(clip.fps / every), made, str(made.get("text", "")))
        return out.read_bytes()


# A clip becomes a panel ----------------------------------------------------------------------------------------------


def send_to_board(doc: Document, path: Path) -> str:
    """Put a clip at the end of a board, as the take of a new panel with its sentence, in one step of undo; return the
    panel's id.

    Raises:
        EngineError: if the clip is gone or damaged.
        DocumentError: if the board is read-only, or the disk refuses.
    """
    made = made_of(path)
    try:
        with ClipReader(path) as clip:
            size, data = clip.picture(0).size, path.read_bytes()
    except OSError as error:
        raise EngineError(f"{error}; draw the clip again") from error
    command = insert_panel(doc.board, len(doc.board.panels), str(made.get("text", "")))
    media = doc.add_media(data, "mp4")
    take = _take(doc, command.panel.text, made).model_copy(update={"media": media, "size": size})
    doc.apply(Batch(label="clip", commands=(command, add_take(command.panel.id, take))))
    return command.panel.id


def _take(doc: Document, text: str, made: dict[str, Any]) -> Take:
    """The take of a clip that was drawn from its sentence alone."""
    board, model = doc.board, ModelRef.model_validate(made.get("model") or {"name": "unknown"})
    names = ("motion_seed", "fps", "interpolated", "enlarged", "precision")
    return Take(
        id=new_id(),
        kind="clip",
        media="0" * 64,
        seed=int(made.get("seed", 0)),
        model=model,
        knobs={name: made[name] for name in names if name in made},
        text=text,
        prompt=str(made.get("prompt", "")),
        input_hash=input_hash(text, board.cast, board.knobs, model),
        context_hash=context_hash(board.sentences, board.cast),
        device=str(made.get("device", "")),
        versions=made.get("versions") or {},
        created=now(),
    )
