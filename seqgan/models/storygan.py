"""StoryGAN (Li et al. 2019) in the house form: a causal context encoder in front of a frame generator of the core."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from seqgan.models.cast_memory import CastMemory
from seqgan.models.figures import ACTORS, PER_ACTOR, FigureGenerator, Figures
from seqgan.models.gan_cls import FrameDiscriminator, FrameGenerator
from seqgan.models.story_discriminator import StoryDiscriminator
from seqgan.models.story_encoder import CausalStoryEncoder
from seqgan.models.text2gist import Text2Gist
from seqgan.text.encoders import WordEncoder


@dataclass(frozen=True)
class StoryGANSizes:
    """Every size of the system; frames are 16 times `base`.

    things: characters and props of the world, `characters` of them characters. panel: classes of each label group that
    a panel has once (setting, time, ...). actor: classes of each that it has once a character (action, look, ...).
    """

    vocabulary: int
    things: int
    characters: int
    panel: tuple[int, ...]
    actor: tuple[int, ...]
    base: tuple[int, int] = (4, 7)
    embed: int = 128
    sent: int = 256
    story: int = 256
    code: int = 64
    lower: int = 384
    upper: int = 256
    z: int = 16
    maps: int = 8
    gist: int = 40
    rank: int = 64
    start: int = 48
    width: int = 48
    figure: int = 64
    d_width: int = 48
    d_story: int = 128


@dataclass(frozen=True)
class StoryState:
    """What is carried on after a sentence, none of it noise: told (B, Ds), lower (B, Di), upper (B, Dh), cast
    (B, characters, S)."""

    told: Tensor
    lower: Tensor
    upper: Tensor
    cast: Tensor


@dataclass(frozen=True)
class StoryContext:
    """What the text gives: cond (B, T, Dc), cast (B, T, characters, S), sent_emb (B, T, Dt), mu, logvar
    (B, T, Dcode), and where the next sentence goes on. cond is i_t, h_t and the story's code, end to end."""

    cond: Tensor
    cast: Tensor
    sent_emb: Tensor
    mu: Tensor
    logvar: Tensor
    after: StoryState | None = None


class StoryGenerator(nn.Module):
    """Sentences and noise to frames: word encoder, story encoder, context encoder with Text2Gist, frame generator.

    The frame generator of the core draws the ground from condition and gist map; the figure stream lays the cast and
    the props over it.

    House: the noise of a panel never reaches another panel. The states that are carried on are those of zero noise;
    each panel takes its own noise in a last step from the carried state. So one panel is drawn anew while the rest
    stays, and panel k depends on sentences 1 to k and its own noise alone.
    """

    def __init__(self, sizes: StoryGANSizes) -> None:
        super().__init__()
        self.sizes = sizes
        grid = (2 * sizes.base[0], 2 * sizes.base[1])
        cond = sizes.lower + sizes.upper + sizes.code
        self.text = WordEncoder(sizes.vocabulary, sizes.embed, sizes.sent)
        self.story = CausalStoryEncoder(sizes.sent, sizes.story, sizes.code)
        self.lower = nn.GRUCell(sizes.sent + sizes.story + sizes.z, sizes.lower)
        self.start = nn.Linear(sizes.code, sizes.upper)
        self.text2gist = Text2Gist(sizes.lower, sizes.upper, grid, sizes.maps, sizes.gist, sizes.rank)
        self.frame = FrameGenerator(cond, sizes.z, sizes.base, sizes.start, sizes.width, sizes.gist)
        self.pan = nn.Linear(sizes.z - ACTORS * PER_ACTOR, 1, bias=False)
        self.figures = FigureGenerator(cond, sizes.things, sizes.characters, width=sizes.figure)
        self.memory = CastMemory(sizes.sent + sizes.story, sizes.sent, sizes.characters, self.figures.state)
        nn.init.zeros_(self.pan.weight)
        self.panel_heads = nn.Linear(cond, sum(sizes.panel))
        self.actor_heads = nn.Linear(self.figures.state, sum(sizes.actor))

    def context(
        self, tokens: Tensor, frozen: Tensor, z: Tensor, eps: Tensor | None, before: StoryState | None = None
    ) -> StoryContext:
        """tokens (B, T, L), frozen (B, T, 512), z (B, T, Dz), eps (B, T, Dcode) or None for the mean code; before: what
        earlier sentences of the stories left, None at their beginning."""
        batch, count = tokens.shape[:2]
        features = self.text(tokens.flatten(0, 1), frozen.flatten(0, 1))
        sent_emb = features.sent_emb.reshape(batch, count, -1)  # (B, T, Dt)
        states, code, mu, logvar = self.story(sent_emb, eps, before.told if before else None)
        inputs = torch.cat([sent_emb, states], 2)  # (B, T, Dt + Ds)
        begun = (before.lower, before.upper) if before else self._begun(mu[:, 0])
        i, h, carried = self._unroll(inputs, begun, z)
        cond = torch.cat([i, h, code], 2)  # (B, T, Dc)
        cast = self.memory(inputs, features.word_embs, features.pad_mask, before.cast if before else None)
        after = StoryState(states[:, -1], *carried, cast[:, -1])  # cast is (B, T, characters, S)
        return StoryContext(cond, cast, sent_emb, mu, logvar, after)

    def _begun(self, first_code: Tensor) -> tuple[Tensor, Tensor]:
        """The states of both recurrences before a story's first panel: first_code (B, Dcode); (B, Di), (B, Dh)."""
        return first_code.new_zeros(len(first_code), self.sizes.lower), torch.tanh(self.start(first_code))

    def _unroll(
        self, inputs: Tensor, begun: tuple[Tensor, Tensor], z: Tensor
    ) -> tuple[Tensor, Tensor, tuple[Tensor, Tensor]]:
        """Carry the states of zero noise over the panels, and step off from each with its noise: i, h (B, T, D), and
        the states carried on."""
        batch, count = inputs.shape[:2]
        g, h = begun
        calm, kept_g, kept_h = torch.zeros_like(z[:, 0]), [], []
        for k in range(count):
            kept_g.append(g)
            kept_h.append(h)
            g = self.lower(torch.cat([inputs[:, k], calm], 1), g)
            h = self.text2gist.step(g, h)
        noisy = torch.cat([inputs, z], 2).flatten(0, 1)  # (B*T, Dt + Ds + Dz)
        i = self.lower(noisy, torch.stack(kept_g, 1).flatten(0, 1))
        own = self.text2gist.step(i, torch.stack(kept_h, 1).flatten(0, 1))
        return i.unflatten(0, (batch, count)), own.unflatten(0, (batch, count)), (g, h)

    def draw(self, context: StoryContext, z: Tensor, rows: Tensor, gist: Tensor | None = None) -> Tensor:
        """Frames of chosen panels: z (B, T, Dz), rows (N,) indices into B*T; returns (N, 3, 16h, 16w) in [-1, 1].
        gist: their maps (N, C, 2h, 2w), by Text2Gist where None.

        Of a panel's noise the first numbers move its actors; the rest are the camera's and the ground's.
        """
        cond, z = context.cond.flatten(0, 1)[rows], z.flatten(0, 1)[rows]
        if gist is None:
            i, h, _ = cond.split([self.sizes.lower, self.sizes.upper, self.sizes.code], 1)
            gist = self.text2gist.gist(i, h)
        ground = self._pan(self.frame(cond, z, gist), z[:, ACTORS * PER_ACTOR :])
        cast = context.cast.flatten(0, 1)[rows]
        return self.figures(self.figures.read(cond, cast, z[:, : ACTORS * PER_ACTOR]), ground)

    def _pan(self, ground: Tensor, z: Tensor) -> Tensor:
        """The ground moved sideways by its noise, between pixels by their mixture, its border repeated."""
        columns = torch.arange(ground.shape[3], device=ground.device)
        at = (columns - len(columns) * self.pan(z).float()).clamp(0, len(columns) - 1)  # (N, W)
        taps = (1 - (at[..., None] - columns).abs()).clamp(min=0)  # (N, W, W)
        with torch.autocast(ground.device.type, enabled=False):
            return ground.float() @ taps.transpose(1, 2)[:, None]

    def read(self, context: StoryContext, z: Tensor) -> tuple[Tensor, Figures]:
        """What the context says in labels, logits (B*T, columns), and of every figure, moved by z (B, T, Dz)."""
        cond = context.cond.flatten(0, 1)
        figures = self.figures.read(cond, context.cast.flatten(0, 1), z.flatten(0, 1)[:, : ACTORS * PER_ACTOR])
        own = self.actor_heads(figures.states[:, : self.sizes.characters]).split(list(self.sizes.actor), 2)
        parts = [figures.present, self.panel_heads(cond), *(part.flatten(1) for part in own)]
        return torch.cat([part.float() for part in parts], 1), figures


class StoryGANDiscriminators(nn.Module):
    """The frame discriminator on (frame, sentence, story) and the story discriminator on (frames, sentences)."""

    def __init__(self, sizes: StoryGANSizes) -> None:
        super().__init__()
        self.frame = FrameDiscriminator(sizes.sent + sizes.code, sizes.base, sizes.d_width)
        self.story = StoryDiscriminator(sizes.sent, sizes.base, sizes.d_width, sizes.d_story)
