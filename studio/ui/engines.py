"""What draws, and the engines that are open: each loads once a process, for all tabs."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import lru_cache

from studio.rendering import RenderEngine, free_memory, open_engine, open_installed
from studio.ui.responsive import load_torch


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


@dataclass
class Engines:
    """The open engines, by what draws. Threads share it. ``device``: what models run on, "auto", "cpu" or "cuda";
    ``precision``: what they draw in, "float32" or "bfloat16"."""

    device: str = "auto"
    precision: str = "float32"
    _engines: dict[Choice, RenderEngine] = field(default_factory=dict)
    _ready: set[Choice] = field(default_factory=set)
    _mutex: threading.RLock = field(default_factory=threading.RLock)

    def of(self, choice: Choice) -> RenderEngine:
        """Return an engine; what it needs loads when it is first asked (:meth:`prepare` does it ahead)."""
        with self._mutex:
            if choice not in self._engines:
                self._engines[choice] = _opened(choice, self.device, self.precision)
            return self._engines[choice]

    def ready(self, choice: Choice) -> bool:
        """Whether an engine has loaded what it needs, so that it draws at once."""
        return choice in self._ready

    def prepare(self, choice: Choice) -> RenderEngine:
        """Load what an engine needs and return it (seconds, for a trained model: only in a job).

        Raises:
            EngineError: if the model is missing or damaged.
        """
        engine = self.of(choice)
        if not choice.composed:
            load_torch()
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

    def use(self, device: str = "", precision: str = "") -> None:
        """Draw on "cpu" or "cuda" from now on, or ("auto") on a GPU where there is one, and in "float32" or "bfloat16";
        "": as before. Models load once more."""
        with self._mutex:
            self.device, self.precision = device or self.device, precision or self.precision
            self._engines.clear()
            self._ready.clear()
        free_memory()


def devices() -> dict[str, str]:
    """Return what models can run on: "cpu" (and "cuda", where there is a GPU) -> what it is called."""
    from seqgan.sampling import devices

    load_torch()
    return devices()


def _opened(choice: Choice, device: str, precision: str) -> RenderEngine:
    if choice.engine == MISSING:
        return open_installed(choice.model)
    if choice.composed:
        return _stage()
    return open_engine(choice.engine, choice.model, device=device, precision=precision)


@lru_cache(maxsize=1)
def _stage() -> RenderEngine:
    return open_engine("stage")
