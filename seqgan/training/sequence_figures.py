"""The figures of a system that draws the stories of a sequence data set, each askable of any choice of stories.

One `Reference` is what all systems of a comparison are held against: the same true stories, background, judge, features
and matching model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from seqgan.checks import check_choice
from seqgan.data.sequences import SequenceData
from seqgan.errors import ConfigError
from seqgan.metrics.frechet import frechet_distance
from seqgan.metrics.kernel import kid
from seqgan.metrics.neighbours import nearest
from seqgan.metrics.regions import median_picture, object_ssim
from seqgan.metrics.ssim import ssim
from seqgan.metrics.stories import (
    BATCH,
    carried_hits,
    neighbour_consistency,
    story_batches,
    story_codes,
    story_r_precision,
)
from seqgan.metrics.story_figures import (
    StoryFigure,
    exact_figure,
    f1_figure,
    f1_macro_figure,
    mean_figure,
    quotient,
    ratio_figure,
)
from seqgan.models.efficientnet_lite import EfficientNetLite0, load_enlite0
from seqgan.training.frames import pooled
from seqgan.training.pictures import thumbnails
from seqgan.training.sequence_matching import WordMatcher
from seqgan.training.story_judges import SeesLabels
from seqgan.training.untold_figures import untold_figures

METRICS = ("ssim", "labels", "distribution", "consistency", "match", "neighbours")
"""Groups of figures: SSIM whole and of things; labels by a judge; FID, KID and FSD; alikeness of neighbouring panels;
story R-precision; nearest training panels."""
MATCHED = 2000
"""Training clips, spread evenly, that the matching model is fitted to."""
RIVALS = 99
Figures = dict[str, StoryFigure]


@dataclass(frozen=True)
class Reference:
    """What systems are held against: stories of these numbers of `data`, and the training stories beside them."""

    data: SequenceData
    train: SequenceData
    stories: np.ndarray
    metrics: tuple[str, ...]
    judge: SeesLabels | None = None
    seed: int = 0
    device: str = "cpu"

    @classmethod
    def open(
        cls, folder: Path, split: str, n: int | None, metrics: Sequence[str] = METRICS,
        judge: SeesLabels | None = None, seed: int = 0, device: str = "cpu",
    ) -> Reference:  # fmt: skip
        """`n` stories of a split, spread evenly over it (all where it has fewer). Raises ConfigError, DataError."""
        for name in metrics:
            check_choice("metric", name, METRICS, ConfigError)
        data, train = SequenceData.open(folder, split), SequenceData.open(folder, "train")
        stories = np.unique(np.linspace(0, len(data) - 1, min(n or len(data), len(data))).astype(int))
        return cls(data, train, stories, tuple(metrics), judge, seed, device)

    @cached_property
    def clips(self) -> np.ndarray:
        """Rows of clips of the stories, (S, T)."""
        return self.data.stories[self.stories]

    @cached_property
    def truth(self) -> np.ndarray:
        """The true stories, by the evaluation frame of each clip, uint8 (S, T, H, W, 3)."""
        return np.asarray(self.data.frames[self.data.middle[self.clips]])

    @cached_property
    def texts(self) -> list[tuple[str, ...]]:
        """The first caption of each panel."""
        return [tuple(self.data.captions[clip][0] for clip in story) for story in self.clips]

    @cached_property
    def background(self) -> np.ndarray:
        """The median of all frames of the training stories, uint8 (H, W, 3)."""
        return median_picture(self.train.frames)

    @cached_property
    def empty(self) -> np.ndarray:
        """The background in place of every panel: the baseline that sees no caption."""
        return np.broadcast_to(self.background, self.truth.shape)

    @cached_property
    def network(self) -> EfficientNetLite0:
        """EfficientNet-Lite0."""
        return load_enlite0().to(self.device)

    def features(self, stories: np.ndarray) -> np.ndarray:
        """Pooled features (S, T, 1280) of uint8 stories; panels that repeat are looked at once."""
        flat = stories.reshape(-1, *stories.shape[2:])
        _, first, back = np.unique([hash(panel.tobytes()) for panel in flat], return_index=True, return_inverse=True)
        return pooled(self.network, flat[first], torch.device(self.device))[back].reshape(*stories.shape[:2], -1)

    @cached_property
    def true_features(self) -> np.ndarray:
        """Of the true stories."""
        return self.features(self.truth)

    @cached_property
    def any_features(self) -> np.ndarray | None:
        """Of a frame of each clip drawn by the seed, as the published FID has it; None where clips have but one."""
        starts, ends = (self.data.starts[self.clips + step] for step in (0, 1))
        if (ends - starts == 1).all():
            return None
        chosen = np.random.default_rng(self.seed).integers(starts, ends)
        return self.features(np.asarray(self.data.frames[chosen]))

    @cached_property
    def true_raw(self) -> np.ndarray:
        """Story codes of the true stories as the published FSD feeds them."""
        return self.raw_codes(self.truth)

    @torch.inference_mode()
    def raw_codes(self, stories: np.ndarray) -> np.ndarray:
        """Story codes (whole batches, d) of stories that go into the network at their own size in [-1, 1]."""
        found = []
        for batch in story_batches(stories, "as_published"):
            frames = batch.transpose(1, 2).flatten(0, 1).to(self.device)
            found.append(self.network.features(frames).cpu().unflatten(0, (len(batch), -1)))
        return story_codes(torch.cat(found).numpy())

    @cached_property
    def matcher(self) -> WordMatcher:
        """Fitted to training clips."""
        clips = np.linspace(0, len(self.train.clips) - 1, min(MATCHED, len(self.train.clips))).astype(int)
        pictures = np.asarray(self.train.frames[self.train.middle[clips]])
        captions = [self.train.captions[clip][0] for clip in clips]
        return WordMatcher.fit(pooled(self.network, pictures, torch.device(self.device)), captions)

    @cached_property
    def bank(self) -> np.ndarray:
        """Thumbnails of the evaluation frames of all training clips."""
        return thumbnails(np.asarray(self.train.frames[self.train.middle]))

    @cached_property
    def true_distances(self) -> np.ndarray:
        """Of one true panel a story to its nearest training panel, (S,)."""
        return nearest(thumbnails(some_panels(self.truth)), self.bank)[1]

    def labels(self, group: str) -> np.ndarray:
        """What the panels should show, uint8 (S, T, names)."""
        return self.data.labels[group][self.clips]

    def figures(self, drawn: np.ndarray) -> Figures:
        """All figures that were asked for and can be had, of drawn stories (S, T, H, W, 3)."""
        groups: dict[str, Callable[[np.ndarray], Figures]] = {
            "ssim": self._ssim, "labels": self._labels, "distribution": self._distribution,
            "consistency": self._consistency, "match": self._match, "neighbours": self._neighbours,
        }  # fmt: skip
        return {name: each for group in self.metrics for name, each in groups[group](drawn).items()}

    def _ssim(self, drawn: np.ndarray) -> Figures:
        ours, theirs = (each.reshape(-1, *each.shape[2:]) for each in (drawn, self.truth))
        things = object_ssim(ours, theirs, self.background).reshape(drawn.shape[:2])
        known = ~np.isnan(things)
        return {
            "ssim": mean_figure(ssim(ours, theirs).numpy().reshape(drawn.shape[:2]).mean(1)),
            "object_ssim": ratio_figure(np.where(known, things, 0).sum(1), known.sum(1)),
        }

    def _labels(self, drawn: np.ndarray) -> Figures:
        if self.judge is None:
            return {}
        figures: Figures = {}
        flat = self.judge.seen(drawn.reshape(-1, *drawn.shape[2:]))
        found = {group: each.reshape(*drawn.shape[:2], -1) for group, each in flat.items()}
        for group, seen in found.items():
            true = self.labels(group)
            one = "character" if group == "characters" else group
            hits, there = carried_hits(true, seen)
            right = (true == seen).all((1, 2)).astype(float)
            figures |= {
                f"{one}_f1": f1_figure(true, seen),
                f"{one}_f1_macro": f1_macro_figure(true, seen),
                "frame_accuracy" if one != group else f"{group}_frame_accuracy": exact_figure(true, seen),
                "story_accuracy" if one != group else f"{group}_story_accuracy": mean_figure(right),
                f"carried_{group}": ratio_figure(hits, there),
            }
        untold = {group: each[self.clips] for group, each in self.data.untold.items()}
        return figures | untold_figures({group: self.labels(group) for group in found}, found, untold, self.judge.names)

    def _distribution(self, drawn: np.ndarray) -> Figures:
        ours, real = self.features(drawn), self.true_features
        codes = story_codes(ours), story_codes(real)
        figures = {
            "kid_enlite0": _distance(lambda rows: kid(_flat(real[rows]), _flat(ours[rows]))),
            "fsd_enlite0": _distance(lambda rows: frechet_distance(codes[1][rows], codes[0][rows])),
        }
        if real.shape[0] * real.shape[1] > real.shape[2]:  # with fewer it would measure how few there are
            figures["fid_enlite0"] = _distance(lambda rows: frechet_distance(_flat(real[rows]), _flat(ours[rows])))
            if (mixed := self.any_features) is not None:
                figures["fid_enlite0_as_published"] = _distance(
                    lambda rows: frechet_distance(_flat(mixed[rows]), _flat(ours[rows]))
                )
        if len(drawn) >= BATCH:
            raw, theirs = self.raw_codes(drawn), self.true_raw
            figures["fsd_enlite0_as_published"] = _distance(
                lambda rows: frechet_distance(theirs[rows[rows < len(theirs)]], raw[rows[rows < len(raw)]])
            )
        return figures

    def _consistency(self, drawn: np.ndarray) -> Figures:
        steps = [np.abs(np.diff(each.astype(np.int16), axis=1)).mean((1, 2, 3, 4)) for each in (drawn, self.truth)]
        change = ratio_figure(*steps)
        return {
            "neighbour_consistency": mean_figure(neighbour_consistency(self.features(drawn), self.seed)),
            "change_ratio": change,
        }

    def _match(self, drawn: np.ndarray) -> Figures:
        strings = [" | ".join(story) for story in self.texts]
        count = min(RIVALS, len({text.casefold() for text in strings}) - 1)
        pictures, texts = self.matcher.pictures(self.features(drawn)), self.matcher.texts(self.texts)
        return {"story_r_precision": mean_figure(story_r_precision(pictures, texts, strings, count=count))}

    def _neighbours(self, drawn: np.ndarray) -> Figures:
        ours, real = nearest(thumbnails(some_panels(drawn)), self.bank)[1], self.true_distances
        medians = StoryFigure(lambda rows: quotient(np.median(ours[rows]), np.median(real[rows])))
        return {"neighbour_distance_ratio": medians}


def some_panels(stories: np.ndarray) -> np.ndarray:
    """One panel of each story: number k of story k, counted round."""
    rows = np.arange(len(stories))
    return np.asarray(stories[rows, rows % stories.shape[1]])


def _distance(of: Callable[[np.ndarray], float]) -> StoryFigure:
    """A distance of distributions, remembered: alone and in differences it is asked for the same rows."""
    known: dict[bytes, float] = {}

    def remembered(rows: np.ndarray) -> float:
        if (key := rows.tobytes()) not in known:
            known[key] = of(rows)
        return known[key]

    return StoryFigure(remembered, up=False, smooth=False)


def _flat(features: np.ndarray) -> np.ndarray:
    return features.reshape(-1, features.shape[-1])
