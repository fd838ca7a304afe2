"""A batch drawn by workers of Ray Data, each of which loads its model once: on this machine, or on a cluster.

The only file that imports Ray, and only when it is asked for. The folder of the batch must be one that all workers see.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from studio.batch.drawing import FAILED, BatchOptions, Outcome, Painter
from studio.batch.stories import Story
from studio.errors import CancelledError, EngineError

BLOCKS = 1000
"""A story is a block of its own, so that no worker waits for another's last one; of more stories than this, several."""
STOP = "stop:"
"""Name of the file that stops the workers; no id has a colon."""


@dataclass(frozen=True)
class RaySettings:
    """How many workers, and the share of a GPU that each gets (0: none; several may share one)."""

    workers: int = 2
    gpus_per_worker: float = 0.0


def draw_on_ray(settings: RaySettings) -> Callable[..., Iterator[Outcome]]:
    """Return a function that draws stories on Ray, as `run_batch` calls it.

    Raises:
        EngineError: if Ray is not installed.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is sent anywhere
    os.environ.setdefault("RAY_DATA_LOG_LEVEL", "ERROR")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    try:
        import ray.data  # noqa: F401
    except ImportError as error:
        raise EngineError(
            "--engine ray needs Ray, which is not installed; install the extra: pip install 'seqgan-studio[ray]', or "
            "share the stories among processes with --shard"
        ) from error

    def draw(
        stories: Sequence[Story], folder: Path, options: BatchOptions, cancelled: Callable[[], bool]
    ) -> Iterator[Outcome]:
        asked = {story.id: options.asked(story) for story in stories}  # before models are looked up
        with _cluster(settings), _desk(folder.resolve(), cancelled) as desk:
            for answer in _answers(stories, (folder.resolve(), _anywhere(options), desk), settings):
                told = json.loads(answer["outcome"])
                told |= {"files": tuple(told["files"]), "notes": tuple(told["notes"]), "asked": asked[told["id"]]}
                yield Outcome(**told)

    return draw


def _anywhere(of: Any) -> Any:
    """A story or options whose model, if it is a folder, is found from every working folder."""
    return replace(of, model=str(Path(of.model).resolve())) if of.model and Path(of.model).is_dir() else of


@contextlib.contextmanager
def _cluster(settings: RaySettings) -> Iterator[None]:
    """Use the Ray of the calling program, else the cluster that RAY_ADDRESS names, else one of this machine alone.

    Raises:
        EngineError: if Ray does not start.
        CancelledError: if it was stopped meanwhile.
    """
    import ray

    if ray.is_initialized():
        yield
        return
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    told_to_end = signal.getsignal(signal.SIGTERM)
    try:
        if os.environ.get("RAY_ADDRESS"):
            ray.init(**quiet)
        else:
            os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))  # or Ray keeps one in the home folder
            ray.init("local", num_cpus=settings.workers, include_dashboard=False, **quiet)
    except SystemExit as error:  # while it starts, Ray ends the program at SIGTERM
        raise CancelledError("stopped while Ray was starting; nothing was drawn") from error
    except Exception as error:  # Ray has no class of its own for this
        raise EngineError(f"Ray did not start ({error}); try again, or share the stories with --shard") from error
    if callable(told_to_end):  # Ray has taken the signal for itself, to end at once
        signal.signal(signal.SIGTERM, told_to_end)
    try:
        yield
    finally:
        ray.shutdown()


@contextlib.contextmanager
def _desk(folder: Path, cancelled: Callable[[], bool]) -> Iterator[Path]:
    """Give a folder that all workers see, where they note what they are at, and find a file once they shall stop."""
    desk, over = folder / f".ray-{secrets.token_hex(4)}", threading.Event()
    desk.mkdir(parents=True)

    def watch() -> None:
        while not over.wait(0.2):
            if cancelled():
                (desk / STOP).touch()
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield desk
    finally:
        over.set()
        watcher.join()
        shutil.rmtree(desk, ignore_errors=True)


class _Worker:
    """One worker: it keeps its models from story to story."""

    def __init__(self, folder: Path, options: BatchOptions, desk: Path) -> None:
        self.painter = Painter(folder, options)
        self.desk = desk

    def __call__(self, batch: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """Draw stories, told and answered as JSON."""
        stories = [Story(**json.loads(told)) for told in batch["story"]]
        return {"outcome": [json.dumps(asdict(self.draw(story))) for story in stories]}

    def draw(self, story: Story) -> Outcome:
        """Draw a story, unless a worker died of it: Ray would give it to one after the other."""
        try:
            (self.desk / story.id).touch(exist_ok=False)
        except FileExistsError:
            error = "the worker that drew it died, of too little memory perhaps; take fewer --workers"
            return Outcome(story.id, story.source, FAILED, error)
        outcome = self.painter.draw(story, (self.desk / STOP).exists)
        (self.desk / story.id).unlink(missing_ok=True)
        return outcome


def _answers(
    stories: Sequence[Story], worker: tuple[Path, BatchOptions, Path], settings: RaySettings
) -> Iterator[Mapping[str, str]]:
    """The answers of workers made of the arguments ``worker``, each as soon as it is there."""
    import ray.data
    import ray.exceptions

    context = ray.data.DataContext.get_current().copy()
    context.enable_progress_bars = context.print_on_execution_start = False
    told = [{"story": json.dumps(asdict(_anywhere(story)))} for story in stories]
    try:
        with ray.data.DataContext.current(context):
            answers = ray.data.from_items(told, override_num_blocks=min(len(told), BLOCKS)).map_batches(
                _Worker,
                fn_constructor_args=worker,
                batch_size=1,
                compute=ray.data.ActorPoolStrategy(size=settings.workers),
                num_cpus=1,
                num_gpus=settings.gpus_per_worker or None,
            )
            yield from answers.iter_rows()
    except ray.exceptions.RayError as error:
        raise EngineError(f"Ray stopped ({error}); what was drawn is kept: --skip-existing draws the rest") from error
