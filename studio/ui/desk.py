"""What all tabs of the editor share: open boards, engines, the queues of work, and quick answers.

Three queues, so that a sentence being typed never waits for a long board that is drawn meanwhile, and neither waits for
a story that is read for the first time.
"""

from __future__ import annotations

import atexit
import importlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqgan.errors import SeqganError
from studio.document import Document, open_board
from studio.errors import StudioError
from studio.rendering import JobManager, JobSnapshot, RenderEngine, free_memory, open_engine, open_installed
from studio.ui.queue_file import QueueFile
from studio.ui.underway import Underway

if TYPE_CHECKING:
    from seqgan.sampling import Reading, StageSampler

BLOCK_SECONDS = 0.25
"""The longest that a page waits for an answer before it shows itself without."""
ANSWERS = 256
WARM_SECONDS = 1.0
"""How long after its start the editor begins to load ahead: the first page comes first."""


@dataclass(frozen=True)
class Choice:
    """What draws: the engine, and the model where there is one."""

    engine: str
    model: str = ""

    @property
    def composed(self) -> bool:
        """Whether its pictures are put together from art, not generated."""
        return self.engine == "stage"

    @property
    def label(self) -> str:
        """What a menu calls it."""
        if self.composed:
            return "Stage (composed)"
        told = {"frame": " (sentence by sentence)", MISSING: " (not installed)"}
        return self.model + told.get(self.engine, "")


STAGE = Choice("stage")
MISSING = "missing"
"""The engine of a model that is not installed: it cannot be opened, and says so."""


@dataclass(frozen=True)
class Ticket:
    """A job and the queue it is in."""

    queue: JobManager
    number: int

    def look(self) -> JobSnapshot | None:
        """Return the job as it is now, or None if it is over and forgotten."""
        try:
            return self.queue.snapshot(self.number)
        except StudioError:
            return None

    def wait(self, seconds: float) -> JobSnapshot | None:
        """Wait for the job's end, at most so long, and return it as it is then."""
        try:
            return self.queue.wait(self.number, seconds)
        except StudioError:
            return None

    def cancel(self) -> None:
        """Stop the job after its present step; what it did is kept."""
        if self.is_busy:
            self.queue.cancel(self.number)

    @property
    def is_busy(self) -> bool:
        """Whether the job still waits or runs."""
        job = self.look()
        return job is not None and not job.is_finished

    @property
    def seconds(self) -> float:
        """How long the job has been worked on, 0 while it waits."""
        job = self.look()
        if job is None or job.started is None:
            return 0.0
        return (job.finished or time.monotonic()) - job.started

    @property
    def is_gone(self) -> bool:
        """Whether nothing will ever come of the job: cancelled, or forgotten."""
        job = self.look()
        return job is None or job.state == "cancelled"


@dataclass(frozen=True)
class Answer:
    """What is known of a question: a value, an error in one line, or neither yet."""

    value: Any = None
    error: str = ""
    pending: bool = False


@dataclass(frozen=True)
class Member:
    """One of the cast, as the menus show it."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True)
class Read:
    """A story as the reader sees it: its sentences, what was found in them, and who can play a part."""

    sentences: tuple[str, ...]
    reading: Reading
    members: dict[str, Member]


@dataclass
class Desk:
    """One a process and home folder. Threads share it; everything here is guarded or only ever added to.

    ``kept``: the file of the jobs that are not through; ``taking_up``: the job that queues those of earlier processes
    again; ``put_back``: these, each with its board, until a tab shows them; ``notes``: what there is to say of them,
    until it was read.
    """

    home: Path
    jobs: JobManager = field(default_factory=JobManager)
    live: JobManager = field(default_factory=JobManager)
    asked: JobManager = field(default_factory=JobManager)
    device: str = "auto"
    previews: dict[tuple[str, str], bytes] = field(default_factory=dict)
    underway: Underway = field(default_factory=Underway)
    taking_up: Ticket | None = None
    put_back: list[tuple[Path, Ticket]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _documents: dict[Path, Document] = field(default_factory=dict)
    _engines: dict[Choice, RenderEngine] = field(default_factory=dict)
    _ready: set[Choice] = field(default_factory=set)
    _answers: OrderedDict[Hashable, Ticket] = field(default_factory=OrderedDict)
    _kept: dict[Hashable, Answer] = field(default_factory=dict)
    _mutex: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        """Keep the jobs that are not through, and close the boards when the process ends."""
        self.kept = QueueFile(self.home / "queue", (self.jobs, self.live))
        atexit.register(self.close)

    # Boards ----------------------------------------------------------------------------------------------------------

    def document(self, path: Path) -> Document:
        """Return the open document of a path, opening it if no tab has yet.

        Raises:
            DocumentError: if it is no board, or damaged.
        """
        with self._mutex:
            path = path.resolve()
            doc = self._documents.get(path)
            if doc is None or (doc.read_only and path.is_dir()):  # it may have been freed elsewhere since
                doc = self._documents[path] = open_board(path)
            return doc

    def keep(self, doc: Document) -> None:
        """Take a document that was just made among the open ones."""
        with self._mutex:
            self._documents[doc.path.resolve()] = doc

    def claim(self, doc: Document) -> Ticket | None:
        """Return the first of the jobs that an earlier process left of a board, once: whoever asks shows it."""
        with self._mutex:
            found = next((each for each in self.put_back if each[0] == doc.path), None)
            if found is None:
                return None
            self.put_back.remove(found)
            return found[1]

    # Engines ---------------------------------------------------------------------------------------------------------

    def engine(self, choice: Choice) -> RenderEngine:
        """Return an engine; what it needs loads when it is first asked (:meth:`prepare` does it ahead)."""
        with self._mutex:
            if choice not in self._engines:
                self._engines[choice] = _opened(choice, self.device)
            return self._engines[choice]

    def ready(self, choice: Choice) -> bool:
        """Whether an engine has loaded what it needs, so that it draws at once."""
        return choice in self._ready

    def prepare(self, choice: Choice) -> RenderEngine:
        """Load what an engine needs and return it (seconds, for a trained model: only in a job).

        Raises:
            EngineError: if the model is missing or damaged.
        """
        engine = self.engine(choice)
        _ = engine.info
        self._ready.add(choice)
        return engine

    def drawn_on(self, choice: Choice) -> str:
        """Return what a model runs on ("CPU, 2 threads", a GPU's name); "" of the stage, and until it is open."""
        engine = self._engines.get(choice)
        if engine is None or choice.composed or not self.ready(choice):
            return ""
        from seqgan.sampling import device_name

        return device_name(engine.device)

    def loaded(self, model: str) -> bool:
        """Whether a model is in memory."""
        return any(choice.model == model and not choice.composed for choice in self._ready)

    def unload(self, model: str) -> None:
        """Let go of a model; what draws with it now still ends, and the next drawing loads it again."""
        with self._mutex:
            for choice in [choice for choice in self._engines if choice.model == model and not choice.composed]:
                del self._engines[choice]
                self._ready.discard(choice)
        free_memory()

    def devices(self) -> Answer:
        """Ask what models can run on: "cpu" (and "cuda", where there is a GPU) -> what it is called."""
        return self.ask(("devices",), _devices)

    def use_device(self, device: str) -> None:
        """Draw on "cpu" or "cuda" from now on, or ("auto") on a GPU where there is one; models load once more."""
        with self._mutex:
            self.device = device
            self._engines.clear()
            self._ready.clear()
        free_memory()

    # Answers ---------------------------------------------------------------------------------------------------------

    def ask(self, key: Hashable, work: Callable[[], Any], topic: str = "", queue: JobManager | None = None) -> Answer:
        """Return the answer to a question, worked out in the background; remembered by ``key``.

        ``topic``: of several questions that wait with the same topic only the latest is worked on.
        """
        with self._mutex:
            if key in self._kept:
                return self._kept[key]
            fresh = key not in self._answers or self._answers[key].is_gone
            if fresh:
                lane = queue or self.asked
                self._answers[key] = Ticket(lane, lane.submit("Read", lambda _step: work(), topic))
                self._forget()
            ticket = self._answers[key]
        return self._settle(key, ticket.wait(BLOCK_SECONDS if fresh else 0.01))

    def _forget(self) -> None:
        while len(self._answers) > ANSWERS:
            old, _ = self._answers.popitem(last=False)
            self._kept.pop(old, None)

    def _settle(self, key: Hashable, job: JobSnapshot | None) -> Answer:
        if job is None or not job.is_finished or job.state == "cancelled":
            return Answer(pending=True)
        self._kept[key] = Answer(job.result, job.error)
        return self._kept[key]

    def split(self, text: str) -> Answer:
        """Ask for the sentences of a story."""
        return self.ask(("split", text), lambda: _split(text), queue=self.live)

    def read(self, sentences: tuple[str, ...], cast: dict[str, str]) -> Answer:
        """Ask what sentences say: :class:`Read`. The first unknown word takes seconds, the others none."""
        chosen = dict(cast)
        return self.ask(("read", sentences, *sorted(chosen.items())), lambda: self._read(sentences, chosen), "read")

    def surprise(self, seed: int) -> Answer:
        """Ask the theatre's grammar for a story."""
        from seqgan.sampling import surprise

        return self.ask(("surprise", seed), lambda: surprise(seed))

    def members(self) -> Answer:
        """Ask for the cast: id -> :class:`Member`."""
        return self.ask(("members",), lambda: _members(_reader()))

    def places(self) -> dict[str, str]:
        """Return setting -> what it is called, in the world of the reader (once :meth:`members` has been answered)."""
        return {name: name.replace("_", " ") for name in _reader().lexicon.places}

    def warm(self) -> None:
        """Load in the background, in the order in which it will be needed, what makes first times slow."""
        timer = threading.Timer(WARM_SECONDS, self._warm)
        timer.daemon = True
        timer.start()

    def _warm(self) -> None:
        with suppress(StudioError, SeqganError):
            _split("Mia walks.")
            self.prepare(STAGE)
            _reader()
            importlib.import_module("pandas")  # Streamlit reads typing pauses with it; it takes seconds to import
            self._read(("An elephant walks.",), {})

    def _read(self, sentences: tuple[str, ...], cast: dict[str, str]) -> Read:
        sampler = _reader()
        story = " ".join(sentences)
        reading = sampler.read(sentences, {name: who for name, who in cast.items() if name in story})
        return Read(sentences, reading, _members(sampler))

    # The end ---------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Stop all work and close all boards; drawings that are not through are for the next process."""
        self.kept.end()
        self.jobs.close(timeout=2)
        self.live.close(timeout=2)
        self.asked.close(timeout=2)
        for doc in self._documents.values():
            doc.close()
        self.kept.release()


@lru_cache(maxsize=1)
def _reader() -> StageSampler:
    """The torch-free reader; it and the models know the same words."""
    from seqgan.sampling import StageSampler

    return StageSampler()


def _opened(choice: Choice, device: str) -> RenderEngine:
    if choice.engine == MISSING:
        return open_installed(choice.model)
    return _stage() if choice.composed else open_engine(choice.engine, choice.model, device=device)


@lru_cache(maxsize=1)
def _stage() -> RenderEngine:
    return open_engine("stage")


def _devices() -> dict[str, str]:
    from seqgan.sampling import devices

    return devices()


def _split(text: str) -> tuple[str, ...]:
    from studio.stories.split import split_story

    return tuple(split_story(text))


def _members(sampler: StageSampler) -> dict[str, Member]:
    return {each.id: Member(each.id, each.name, each.kind) for each in sampler.lexicon.members}
