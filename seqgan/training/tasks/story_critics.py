"""StoryGAN's discriminators in training: what they pay, their gradient penalties, what they tell the generator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from seqgan.data.stories import StoryBatch
from seqgan.layers.augment import augment
from seqgan.losses.adversarial import criterion_named
from seqgan.losses.functional import feature_l1
from seqgan.losses.matching import HOUSE_FRAME, STORYGAN, PairLogits, matching_d_loss, matching_g_loss
from seqgan.losses.means import Mean
from seqgan.losses.penalties import gradient_penalty
from seqgan.models.storygan import StoryGANDiscriminators


@dataclass(frozen=True)
class Scene:
    """One batch as the discriminators get it: B stories of T panels, N panels that are there.

    real and fake (N, 3, H, W) in [-1, 1]; what they are told, without gradient: cond (N, Dt + Dc) and sent (B, T, Dt);
    the augmentation's uniforms of every panel (N, K) and of every story (B, K). The real and the generated panel of a
    row share their draw, so that pairs and features are compared under one change.
    """

    batch: StoryBatch
    real: Tensor
    fake: Tensor
    cond: Tensor
    sent: Tensor
    frame_draws: Tensor
    story_draws: Tensor

    def stories(self, frames: Tensor) -> Tensor:
        """Panels (N, 3, H, W) laid back into stories, (B, 3, T, H, W), zero where there is no panel."""
        mask = self.batch.panel_mask
        stories = frames.new_zeros(mask.numel(), *frames.shape[1:]).index_copy(0, self.batch.rows, frames)
        return stories.unflatten(0, mask.shape).transpose(1, 2)


class StoryCritics:
    """The frame and the story discriminator under one criterion, both behind one augmentation policy."""

    def __init__(self, d: StoryGANDiscriminators, criterion: str, policy: tuple[str, ...]) -> None:
        self.d, self.criterion, self.policy = d, criterion, policy

    def d_terms(self, scene: Scene, wrong_cond: Tensor, wrong_sent: Tensor) -> dict[str, Mean]:
        """Terms of both discriminators; what the mismatched pairs are told: wrong_cond (N, Dt + Dc), of a panel of
        another story, and wrong_sent (B, T, Dt), of another story."""
        terms = {f"frame_{name}": term for name, term in self._frame_terms(scene, wrong_cond).items()}
        return terms | {f"story_{name}": term for name, term in self._story_terms(scene, wrong_sent).items()}

    def g_terms(self, scene: Scene) -> dict[str, Mean]:
        """Terms of the generator, unweighted: features of the frame discriminator, verdicts "frame" and "story"."""
        d, paired = self.d.frame, criterion_named(self.criterion).paired
        on_fake = self._read_frames(scene.fake, scene)
        with torch.no_grad():
            on_real = self._read_frames(scene.real, scene)
            reals = (d.match(on_real, scene.cond), d.realism(on_real)) if paired else ()
            told = (self._judge_stories(scene.stories(scene.real), scene),) if paired else ()
        terms = {"features": feature_l1(on_fake, on_real)}
        match, realism = d.match(on_fake, scene.cond), d.realism(on_fake)
        terms["frame"] = matching_g_loss(match, realism, HOUSE_FRAME, self.criterion, *reals)
        story = self._judge_stories(scene.stories(scene.fake), scene)
        terms["story"] = matching_g_loss(story, None, STORYGAN, self.criterion, *told)
        return terms

    def penalties(self, scene: Scene, r1: float, r2: float) -> dict[str, Mean]:
        """R1 and R2 of both discriminators at gammas `r1` and `r2`; a penalty of gamma 0 is not computed.

        They penalise how logits of matched pairs change with the pictures before the augmentation. The frame
        discriminator's two heads are added up as the generator follows them: match + HOUSE_FRAME.realism * realism.
        """
        terms: dict[str, Mean] = {}
        for name, gamma, frames in (("r1", r1, scene.real), ("r2", r2, scene.fake)):
            if gamma:
                terms[f"frame_{name}"] = gradient_penalty(self._frame_critic(scene), frames, gamma)
                terms[f"story_{name}"] = gradient_penalty(self._story_critic(scene), scene.stories(frames), gamma)
        return terms

    def _frame_terms(self, scene: Scene, wrong: Tensor) -> dict[str, Mean]:
        d, cond = self.d.frame, scene.cond
        on_real, on_fake = self._read_frames(scene.real, scene), self._read_frames(scene.fake, scene)
        logits = PairLogits(
            d.match(on_real, cond), d.match(on_real, wrong), d.match(on_fake, cond),
            d.realism(on_real), d.realism(on_fake),
        )  # fmt: skip
        return matching_d_loss(logits, HOUSE_FRAME, self.criterion)

    def _story_terms(self, scene: Scene, wrong: Tensor) -> dict[str, Mean]:
        d, sent, mask = self.d.story, scene.sent, scene.batch.panel_mask
        on_real, on_fake = (self._read_stories(scene.stories(each), scene) for each in (scene.real, scene.fake))
        logits = PairLogits(d.match(on_real, sent, mask), d.match(on_real, wrong, mask), d.match(on_fake, sent, mask))
        return matching_d_loss(logits, STORYGAN, self.criterion)

    def _read_frames(self, frames: Tensor, scene: Scene) -> Tensor:
        return self.d.frame.encode(augment(frames, scene.frame_draws, self.policy))

    def _read_stories(self, stories: Tensor, scene: Scene) -> Tensor:
        return self.d.story.encode(augment(stories, scene.story_draws, self.policy))

    def _judge_stories(self, stories: Tensor, scene: Scene) -> Tensor:
        return self.d.story.match(self._read_stories(stories, scene), scene.sent, scene.batch.panel_mask)

    def _frame_critic(self, scene: Scene) -> Callable[[Tensor], Tensor]:
        cond = scene.cond.float()  # a penalty is taken without autocast

        def critic(frames: Tensor) -> Tensor:
            features = self._read_frames(frames, scene)
            return self.d.frame.match(features, cond) + HOUSE_FRAME.realism * self.d.frame.realism(features)

        return critic

    def _story_critic(self, scene: Scene) -> Callable[[Tensor], Tensor]:
        sent = scene.sent.float()

        def critic(stories: Tensor) -> Tensor:
            features = self._read_stories(stories, scene)
            with torch.backends.cudnn.flags(enabled=False):  # cuDNN's GRU has no second derivative
                return self.d.story.match(features, sent, scene.batch.panel_mask)

        return critic
