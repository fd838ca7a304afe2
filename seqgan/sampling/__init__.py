"""Text and seed in, uint8 pictures out.

    from seqgan.sampling import StageSampler, StorySampler

Names load on first use, so that importing this package costs nothing and the stage never brings torch:

    StorySampler      a trained StoryGAN (torch)           StageSampler   composes from a cast pack (torch-free)
    FrameSampler      a caption, a picture (torch)          explain_sheet  what a picture read in its words
    frame_model       the installed model of captions       read_picture   a person's picture file, checked
    draws             what a checkpoint draws, torch-free   told           what became of a caption's words
    picture_grid      pictures in rows                     VectorStorySampler   a StoryGAN of sentence vectors
    ClipSampler       a caption, a clip (torch)             clip_sheet     how a clip came about
    clip_model        the installed model of clips          smoothed       frames between its frames
    clip_models       all of them, torch-free               needs_picture  whether one only moves a picture
    surprise(seed)    a story by the theatre's grammar     read_story, Reading, Note   what a story says
    empty_gpu         gives back what models left there     device_name    what a model runs on, in words
    devices           what models can run on here
    panel_noise       noise that a seed alone decides       import_spacy   spaCy without torch
    MissingPackage    an optional package is not there, raised when it is first needed
    told_scene        the setting and shot of a sentence    tell_setting, tell_shot   the sentence told otherwise
    read_study, asked, check_rater, check_answers, add_answers, report_study   a preference study, for the editor
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seqgan.data.theatre.grammar import surprise
    from seqgan.data.theatre.rewording import tell_setting, tell_shot, told_scene
    from seqgan.metrics.study import asked, read_study, report_study
    from seqgan.metrics.study_answers import add_answers, check_answers, check_rater
    from seqgan.sampling.clip import ClipSampler
    from seqgan.sampling.clip_explain import clip_sheet
    from seqgan.sampling.device import device_name, devices
    from seqgan.sampling.explain import explain_sheet, told
    from seqgan.sampling.frame import FrameSampler
    from seqgan.sampling.installed import clip_model, clip_models, draws, frame_model, needs_picture
    from seqgan.sampling.memory import empty_gpu
    from seqgan.sampling.noise import panel_noise
    from seqgan.sampling.pictures import decode_picture, read_picture
    from seqgan.sampling.sheet import picture_grid
    from seqgan.sampling.smooth import smoothed
    from seqgan.sampling.stage import StageSampler
    from seqgan.sampling.story import StorySampler
    from seqgan.sampling.story_vectors import VectorStorySampler
    from seqgan.text.frozen import MissingPackage
    from seqgan.text.reading import Note, Reading, read_story
    from seqgan.text.tagging import import_spacy

_HOMES = {
    "ClipSampler": "seqgan.sampling.clip",
    "FrameSampler": "seqgan.sampling.frame",
    "MissingPackage": "seqgan.text.frozen",
    "Note": "seqgan.text.reading",
    "Reading": "seqgan.text.reading",
    "StageSampler": "seqgan.sampling.stage",
    "StorySampler": "seqgan.sampling.story",
    "VectorStorySampler": "seqgan.sampling.story_vectors",
    "add_answers": "seqgan.metrics.study_answers",
    "asked": "seqgan.metrics.study",
    "check_answers": "seqgan.metrics.study_answers",
    "check_rater": "seqgan.metrics.study_answers",
    "clip_model": "seqgan.sampling.installed",
    "clip_models": "seqgan.sampling.installed",
    "clip_sheet": "seqgan.sampling.clip_explain",
    "decode_picture": "seqgan.sampling.pictures",
    "device_name": "seqgan.sampling.device",
    "devices": "seqgan.sampling.device",
    "draws": "seqgan.sampling.installed",
    "empty_gpu": "seqgan.sampling.memory",
    "explain_sheet": "seqgan.sampling.explain",
    "frame_model": "seqgan.sampling.installed",
    "import_spacy": "seqgan.text.tagging",
    "needs_picture": "seqgan.sampling.installed",
    "panel_noise": "seqgan.sampling.noise",
    "picture_grid": "seqgan.sampling.sheet",
    "read_picture": "seqgan.sampling.pictures",
    "read_story": "seqgan.text.reading",
    "read_study": "seqgan.metrics.study",
    "report_study": "seqgan.metrics.study",
    "smoothed": "seqgan.sampling.smooth",
    "surprise": "seqgan.data.theatre.grammar",
    "tell_setting": "seqgan.data.theatre.rewording",
    "tell_shot": "seqgan.data.theatre.rewording",
    "told": "seqgan.sampling.explain",
    "told_scene": "seqgan.data.theatre.rewording",
}

__all__ = [
    "ClipSampler", "FrameSampler", "MissingPackage", "Note", "Reading", "StageSampler", "StorySampler",
    "VectorStorySampler", "add_answers", "asked", "check_answers", "check_rater", "clip_model", "clip_models",
    "clip_sheet", "decode_picture", "device_name", "devices", "draws", "empty_gpu", "explain_sheet", "frame_model",
    "import_spacy", "needs_picture", "panel_noise", "picture_grid", "read_picture", "read_story", "read_study",
    "report_study", "smoothed", "surprise", "tell_setting", "tell_shot", "told", "told_scene",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
