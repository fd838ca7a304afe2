"""`seqgan evaluate` for single-frame systems: captions drawn through the public sampler, and measured.

    report = evaluate_frames("emoji-attngan", Path("data/emoji-styles"), ("test_pairs",), damsm="emoji-damsm-judge")

Every caption of every picture of a split is drawn once, from the seed of its number. What is measured by a network says
so: the DAMSM must be one that no generator was trained with, the judge one that was trained on real pictures alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from seqgan.checkpoints.format import build_empty, load_discriminators, read_config
from seqgan.checks import check_choice
from seqgan.data.pictures import PictureData
from seqgan.errors import CheckpointError, ConfigError
from seqgan.metrics.bootstrap import mean_interval
from seqgan.metrics.frechet import frechet_distance
from seqgan.metrics.inception_score import inception_score
from seqgan.metrics.kernel import kid, kid_subsets
from seqgan.metrics.neighbours import distance_ratio
from seqgan.metrics.precision_recall import precision_recall
from seqgan.metrics.retrieval import Gallery, distractors, own_first, ranking_share, vs_similarity
from seqgan.metrics.ssim import ms_ssim_diversity, ssim
from seqgan.models.efficientnet_lite import load_enlite0
from seqgan.models.frames import FrameCritics, condition
from seqgan.registry import find_model
from seqgan.sampling.frame import FrameSampler
from seqgan.sampling.noise import board_seeds
from seqgan.training.captions import RIVALS, CaptionFeatures, Captions, fewest_rivals, names_label
from seqgan.training.damsm_setup import LoadedDamsm, load_damsm
from seqgan.training.frame_styles import recovered, transferred
from seqgan.training.frames import (
    cropped,
    first,
    picture_codes,
    pooled,
    reader_of,
    sentence_codes,
    to_frames,
    to_pixels,
)
from seqgan.training.loaded_judge import LoadedJudge, check_untaught, load_picture_judge
from seqgan.training.pictures import thumbnails
from seqgan.training.reports import Report, rounded
from seqgan.training.tasks.frame_losses import shrunk

METRICS = ("match", "labels", "distribution", "diversity", "scales", "neighbours", "ranking", "styles")
"""Groups of figures: R-precision and similarity by a DAMSM; labels that captions name, by a judge; Frechet and kernel
distances, precision, recall and class score; MS-SSIM; agreement of a system's smaller pictures with its largest;
nearest training pictures; matched over mismatched pairs; what the style encoder beside the generator reads."""
STYLE = "style"
"""The label group that a transferred style is judged by."""
DIVERSE_CAPTIONS, DIVERSE_DRAWS = 50, 8
KID_SUBSETS, KID_SIZE, CLASS_SCORE_SPLITS = 100, 200, 10
PROTOCOL = (
    "every caption of every picture drawn once by FrameSampler.draw, seeds of board seed {seed}; R-precision: 1 of "
    "{rivals} by {damsm}, ties shared, no caption of the picture among the others, seed 0; labels: over captions that "
    "name them, by {judge}; *_enlite0: pooled features of EfficientNet-Lite0, against the real pictures of the split, "
    "kid over {subsets} subsets of up to {size}; ms_ssim: {draws} draws of each of {captions} captions; agreement_S: "
    "SSIM of one draw of each at S pixels with the largest reduced; noise_r_squared: of the noise read back in what "
    "was drawn; transfer_accuracy: of captions of other sources that name no style, drawn in the style read in each "
    "real picture, those in its style by {judge}; is_*: the judge's answers, {splits} splits; _low and _high: 95 % "
    "bootstrap intervals over pictures"
)


@dataclass(frozen=True)
class Seers:
    """The networks that measure; None where the figures that need them are not asked for."""

    damsm: LoadedDamsm | None
    judge: LoadedJudge | None
    device: torch.device


def evaluate_frames(
    checkpoint: str | Path, data: Path, splits: Sequence[str] = ("test",), n: int | None = None, seed: int = 0,
    metrics: Sequence[str] = METRICS, damsm: str = "", judge: str = "", device: str = "auto",
    threads: int | None = None,
) -> Report:  # fmt: skip
    """Measure a checkpoint on the first `n` pictures of each split (all by default), beside the real pictures.

    Figures that need a DAMSM or a judge are left out where none is named. Raises ConfigError for an unknown metric,
    DataError and CheckpointError for what cannot be read.
    """
    for name in metrics:
        check_choice("metric", name, METRICS, ConfigError)
    folder, sampler = find_model(str(checkpoint)), FrameSampler.load(checkpoint, device, threads)
    seers = Seers(
        load_damsm(damsm, sampler.device) if damsm else None,
        load_picture_judge(judge, str(sampler.device)) if judge else None, sampler.device,
    )  # fmt: skip
    if seers.judge:
        check_untaught(seers.judge.info, read_config(folder).get("teachers", ()))
    found: dict[str, dict[str, Any]] = {}
    name = ""
    for split in splits:
        pictures = first(PictureData.open(data, split), n)
        run = MeasuredFrames(folder, data, sampler, pictures, seers, seed)
        name, origin = pictures.about["name"], run.origin(damsm, judge)
        found[split] = {**run.figures(metrics), **origin}
        found[f"real_{split}"] = {**run.real(metrics), **origin}
    return {name: rounded(found)}


class MeasuredFrames:
    """One split being measured."""

    def __init__(
        self, folder: Path, data_folder: Path, sampler: FrameSampler, data: PictureData, seers: Seers, seed: int
    ) -> None:  # fmt: skip
        self.folder, self.data_folder, self.sampler = folder, data_folder, sampler
        self.data, self.seers, self.seed = data, seers, seed
        self.captions = [caption for own in data.captions for caption in own]
        self.owners = np.repeat(np.arange(len(data)), [len(own) for own in data.captions])
        self.gallery = Gallery.of(data.captions)
        self.rivals = min(RIVALS, fewest_rivals(data.captions))
        self.truth = cropped(data, np.arange(len(data)), None)
        self.drawn = self._draw(self.captions)

    def figures(self, metrics: Sequence[str]) -> dict[str, Any]:
        """All groups of figures that are asked for and can be had, of what was drawn."""
        figures = self._seen(metrics, self.drawn)
        if "distribution" in metrics:
            figures |= self._distribution()
        if "diversity" in metrics:
            figures |= self._diversity()
        if "scales" in metrics:
            figures |= self._scales()
        if "neighbours" in metrics:
            figures |= self._neighbours()
        if "ranking" in metrics:
            figures |= self._ranking()
        if "styles" in metrics and self.sampler.style_encoder:
            figures |= self._styles()
        return figures

    def real(self, metrics: Sequence[str]) -> dict[str, Any]:
        """What the same networks say of the real pictures, each under each of its captions: their ceiling."""
        return self._seen(metrics, self.truth[self.owners])

    def origin(self, damsm: str, judge: str) -> dict[str, Any]:
        """What was measured, and how."""
        info, seers = self.sampler.info, self.seers
        protocol = PROTOCOL.format(
            seed=self.seed, rivals=self.rivals + 1, damsm=self._damsm_named(damsm),
            judge=Path(judge).name or "no judge", draws=DIVERSE_DRAWS, captions=DIVERSE_CAPTIONS,
            subsets=KID_SUBSETS, size=KID_SIZE, splits=CLASS_SCORE_SPLITS,
        )  # fmt: skip
        hashes = {"damsm_sha256": seers.damsm, "judge_sha256": seers.judge}
        return {
            "n": len(self.data), "captions": len(self.captions), "seed": self.seed, "model": info["name"],
            "weights_sha256": info["weights_sha256"], "data_hash": self.data.about["hash"],
            **{name: seer.info["weights_sha256"] for name, seer in hashes.items() if seer is not None},
            "protocol": protocol,
        }  # fmt: skip

    def _damsm_named(self, damsm: str) -> str:
        """The DAMSM that measures; one that read or taught in the training finds more than another would."""
        if self.seers.damsm is None:
            return "no DAMSM"
        own = read_config(self.folder).get("damsm", {}).get("weights_sha256")
        known = " (which had a part in the training)" if self.seers.damsm.info["weights_sha256"] == own else ""
        return Path(damsm).name + known

    def _draw(self, captions: Sequence[str]) -> np.ndarray:
        """A picture a caption, at the size of the real ones; a caption without a known word is drawn as it is."""
        seeds = board_seeds(self.seed, len(captions))
        drawn = np.stack([picture for _, picture in self.sampler.draw(captions, seeds, strict=False)])
        if drawn.shape[1:] == self.truth.shape[1:]:
            return drawn
        frames = F.interpolate(to_frames(drawn), self.truth.shape[1:3], mode="bilinear", align_corners=False)
        return to_pixels(frames)

    def _seen(self, metrics: Sequence[str], pictures: np.ndarray) -> dict[str, Any]:
        figures: dict[str, Any] = {}
        if "match" in metrics and self.seers.damsm:
            figures |= self._match(self.seers.damsm, pictures)
        if "labels" in metrics and self.seers.judge:
            figures |= self._labels(self.seers.judge, pictures)
        return figures

    def _match(self, damsm: LoadedDamsm, pictures: np.ndarray) -> dict[str, Any]:
        codes = picture_codes(damsm.regions, to_frames(pictures), self.seers.device)
        sentences = sentence_codes(damsm.damsm, damsm.vocabulary, self.captions, self.seers.device)
        rows = np.arange(len(self.captions))
        rivals = distractors(self.gallery, rows, self.rivals)
        wins = own_first(codes, sentences, rows, rivals)
        similarity = vs_similarity(codes, sentences)
        return {**self._interval("r_precision", wins), "vs_similarity": similarity.mean,
                "vs_similarity_std": similarity.std}  # fmt: skip

    def _interval(self, name: str, values: np.ndarray) -> dict[str, float]:
        """The mean over pictures of the means over their captions (nan: one that does not count), with the ends of its
        interval."""
        owned = (values[self.owners == owner] for owner in np.unique(self.owners))
        owned = [kept for each in owned if len(kept := each[~np.isnan(each)])]
        found = mean_interval(np.array([each.mean() for each in owned]))
        return {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}

    def _labels(self, judge: LoadedJudge, pictures: np.ndarray) -> dict[str, Any]:
        """Share of captions that name a label whose picture shows it, by the judge, a label group each; and the class
        score of the judge's answers."""
        figures: dict[str, Any] = {}
        for group, logits in judge.logits(pictures).items():
            named = np.array([
                names_label(caption, self.data, int(owner), group)
                for caption, owner in zip(self.captions, self.owners, strict=True)
            ])  # fmt: skip
            if named.any():
                right = (logits.argmax(1) == self.data.labels[group][self.owners]).astype(float)
                figures |= self._interval(f"{group}_accuracy", np.where(named, right, np.nan))
                figures[f"{group}_captions"] = int(named.sum())
            shuffled = np.random.default_rng(0).permutation(len(logits))
            score = inception_score(torch.from_numpy(logits[shuffled]).softmax(1).numpy(), CLASS_SCORE_SPLITS)
            figures |= {f"is_{group}": score.mean, f"is_{group}_std": score.std}
        return figures

    def _distribution(self) -> dict[str, float]:
        network = load_enlite0().to(self.seers.device)
        ours, real = (pooled(network, pictures, self.seers.device) for pictures in (self.drawn, self.truth))
        near, size = precision_recall(real, ours), min(len(real), KID_SIZE)
        distance = kid_subsets(real, ours, KID_SUBSETS, size)
        figures = {
            "kid_enlite0": distance.mean, "kid_enlite0_std": distance.std,
            "kid_enlite0_real_halves": kid(real[::2], real[1::2]), "precision_enlite0": near.precision,
            "recall_enlite0": near.recall,
        }  # fmt: skip
        # with fewer pictures than numbers a picture, a Frechet distance measures how few there are
        enough = len(real) > real.shape[1]
        return figures | ({"fid_enlite0": frechet_distance(real, ours)} if enough else {})

    def _diversity(self) -> dict[str, float]:
        chosen = np.linspace(0, len(self.captions) - 1, min(DIVERSE_CAPTIONS, len(self.captions))).astype(int)
        captions = [self.captions[row] for row in chosen for _ in range(DIVERSE_DRAWS)]
        found = ms_ssim_diversity(self._draw(captions), np.repeat(chosen, DIVERSE_DRAWS).tolist())
        return {"ms_ssim": found.mean, "ms_ssim_std": found.std}

    def _scales(self) -> dict[str, float]:
        """Mean SSIM of each smaller picture with the largest one reduced to its size, over captions spread evenly."""
        chosen = np.linspace(0, len(self.captions) - 1, min(DIVERSE_CAPTIONS, len(self.captions))).astype(int)
        seeds = board_seeds(self.seed, len(self.captions))
        drawn = [self.sampler.explain(self.captions[row], seeds[row], strict=False).pictures for row in chosen]
        by_side = {side: to_frames(np.stack([each[side] for each in drawn])) / 2 + 0.5 for side in drawn[0]}
        largest, figures = by_side.pop(max(by_side)), {}
        for side, small in by_side.items():
            reduced = F.interpolate(largest, (side, side), mode="bilinear", align_corners=False, antialias=True)
            figures[f"agreement_{side}"] = float(ssim(small, reduced.clamp(0, 1)).mean())
        return figures

    def _neighbours(self) -> dict[str, float]:
        train = PictureData.open(self.data_folder, "train")
        bank = thumbnails(cropped(train, np.arange(len(train)), None))
        return {"neighbour_distance_ratio": distance_ratio(thumbnails(self.drawn), thumbnails(self.truth), bank)}

    def _ranking(self) -> dict[str, float]:
        """Share of real pictures whose own caption the discriminator of the largest size ranks above a wrong one."""
        family = read_config(self.folder)["family"]
        if not (self.folder / "frame-discriminator").is_dir():
            return {}
        critics = build_empty(lambda: FrameCritics(family, self.sampler.sizes))
        load_discriminators(critics, self.folder)
        critics = critics.eval().requires_grad_(False).to(self.seers.device)
        assert isinstance(critics, FrameCritics)
        if self.sampler.encoder is None or self.sampler.vocabulary is None:
            raise CheckpointError(f"{self.folder} came without a text encoder; leave 'ranking' out")
        captions, rng = Captions(self.data), np.random.default_rng(self.seed)
        reader = reader_of(self.sampler.encoder, self.sampler.vocabulary, self.seers.device)
        features, rows = CaptionFeatures(captions.texts, reader), np.arange(len(self.data))
        own, wrong = captions.draw(rows, rng), captions.draw_wrong(rows, rng)
        matched, mismatched = self._logits(critics, family, features, own, wrong)
        ends = mean_interval((matched > mismatched) + (matched == mismatched) / 2)
        return {"ranking_share": ranking_share(matched, mismatched), "ranking_share_low": ends.low,
                "ranking_share_high": ends.high}  # fmt: skip

    def _styles(self) -> dict[str, float]:
        """Of the style encoder: R2 of recovered noise, and the share of drivers whose style a caption took over."""
        found = {"noise_r_squared": recovered(self.sampler, self.drawn, board_seeds(self.seed, len(self.captions)))}
        judge = self.seers.judge
        if judge is None or STYLE not in judge.names or STYLE not in self.data.labels:
            return found

        def seen(pictures: np.ndarray) -> np.ndarray:
            return judge.logits(pictures)[STYLE].argmax(1)

        right = transferred(self.sampler, self.data, self.truth, self.seed, STYLE, seen)
        ends = mean_interval(right)
        return found | {"transfer_accuracy": ends.value, "transfer_accuracy_low": ends.low,
                        "transfer_accuracy_high": ends.high}  # fmt: skip

    @torch.inference_mode()
    def _logits(
        self, critics: FrameCritics, family: str, features: CaptionFeatures, own: np.ndarray, wrong: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        matched, mismatched = [], []
        frames = shrunk(to_frames(self.truth), max(critics.judged))
        for start in range(0, len(frames), RIVALS):
            rows = slice(start, start + RIVALS)
            seen = critics.encode({frames.shape[-1]: frames[rows].to(self.seers.device)})
            for numbers, found in ((own[rows], matched), (wrong[rows], mismatched)):
                asked = condition(self.sampler.generator, family, features.sent[torch.as_tensor(numbers)])
                found.append(critics.match(seen, asked)[frames.shape[-1]].cpu())
        return torch.cat(matched).numpy(), torch.cat(mismatched).numpy()
