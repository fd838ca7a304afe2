"""A story generator as one graph without loops or choices that depend on the data: what an ONNX file can hold.

The numbers are those of StoryGenerator.context and StoryGenerator.draw for one story. What differs is how they are
come by: the recurrences over words and panels are ONNX's own GRU, the convolution by each panel's own kernels is a
product with unfolded windows, and the figure stream draws every slot (FigureGenerator.dense).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.models.storygan import StoryContext, StoryGenerator


class StoryGraph(nn.Module):
    """One story to all its frames. Only for torch.onnx.export: called as a module it gives no numbers."""

    def __init__(self, generator: StoryGenerator) -> None:
        """`generator` in eval mode; it is switched to its dense form, so hand over a copy."""
        super().__init__()
        self.generator = generator
        self.words, self.story = OnnxGRU(generator.text.gru), OnnxGRU(generator.story.gru)
        self.lower, self.upper = OnnxGRU(generator.lower), OnnxGRU(generator.text2gist.cell)
        generator.figures.dense = True

    def forward(self, tokens: Tensor, frozen: Tensor, z: Tensor, code_noise: Tensor) -> Tensor:
        """tokens (T, L) int64, frozen (T, 512), z (T, Dz), code_noise (T, Dcode); frames (T, 3, H, W) in [-1, 1]."""
        g = self.generator
        sent_emb, words = self._sentences(tokens, frozen)  # (T, Dt), (T, Dt, L)
        states = self.story.along(sent_emb, sent_emb.new_zeros(1, g.sizes.story))  # (T, Ds)
        code, mu, logvar = g.story.augment(torch.relu(states), code_noise)
        inputs = torch.cat([sent_emb, states], 1)  # (T, Dt + Ds)
        i, h = self._unroll(inputs, mu[:1], z)
        cond = torch.cat([i, h, code], 1)  # (T, Dc)
        cast = self._remember(inputs, g.memory.attended(words, tokens == 0))  # (T, characters, S)
        context = StoryContext(cond[None], cast[None], sent_emb[None], mu[None], logvar[None])
        rows = torch.arange(tokens.shape[0], device=tokens.device)
        return g.draw(context, z[None], rows, self._gist(i, h))

    def _sentences(self, tokens: Tensor, frozen: Tensor) -> tuple[Tensor, Tensor]:
        """WordEncoder.forward, the padding of each row left out by its length; sent_emb (T, Dt), words (T, Dt, L)."""
        text, pad_mask = self.generator.text, tokens == 0
        lengths = (~pad_mask).sum(1).to(torch.int32)  # (T,)
        embedded = text.embedding(tokens).transpose(0, 1)  # (L, T, E)
        start = embedded.new_zeros(2, tokens.shape[0], text.gru.hidden_size)
        states, last = self.words(embedded, start, lengths)  # (L, 2, T, Dt / 2), (2, T, Dt / 2)
        words = states.permute(2, 0, 1, 3).flatten(2)  # (T, L, Dt)
        pooled = words.masked_fill(pad_mask[:, :, None], -1.0).amax(1)
        joined = torch.cat([pooled, last.transpose(0, 1).flatten(1), text.frozen(frozen)], 1)
        return text.sentence(joined), words.transpose(1, 2)

    def _remember(self, inputs: Tensor, seen: Tensor) -> Tensor:
        """CastMemory.forward in closed form: what sentence j wrote is in the memory after sentence k by the product of
        what the sentences between them kept of it."""
        write, content = self.generator.memory.parts(inputs, seen)  # (T, characters, groups, 1), (..., S / groups)
        kept = torch.log((1 - write).clamp(min=1e-6)).cumsum(0)
        steps = torch.arange(inputs.shape[0], device=inputs.device)
        before = (steps[:, None] >= steps)[:, :, None, None, None]  # (T, T, 1, 1, 1)
        share = (kept[:, None] - kept).masked_fill(~before, -torch.inf).exp() * write  # (T, T, characters, groups, 1)
        return (share * content).sum(1).flatten(2)

    def _unroll(self, inputs: Tensor, first_code: Tensor, z: Tensor) -> tuple[Tensor, Tensor]:
        """StoryGenerator._unroll: the carried states are two GRUs, one on the other; each panel steps off from them."""
        g = self.generator
        start_g, start_h = inputs.new_zeros(1, g.sizes.lower), torch.tanh(g.start(first_code))
        carried_g = self.lower.along(torch.cat([inputs, torch.zeros_like(z)], 1), start_g)  # (T, D)
        carried_h = self.upper.along(carried_g, start_h)
        i = g.lower(torch.cat([inputs, z], 1), torch.cat([start_g, carried_g[:-1]]))
        return i, g.text2gist.step(i, torch.cat([start_h, carried_h[:-1]]))

    def _gist(self, i: Tensor, h: Tensor) -> Tensor:
        """Text2Gist.gist with the convolution as a product of kernels and windows; returns (T, C, gh, gw)."""
        layer = self.generator.text2gist
        signal = torch.tanh(layer.signal(h)).reshape(-1, layer.maps, *layer.grid)  # (T, maps, gh, gw)
        windows = F.unfold(signal, 3, padding=1)  # (T, maps * 9, gh * gw)
        kernels = layer.filter(i).reshape(-1, layer.channels, layer.maps * 9) * (layer.maps * 9) ** -0.5
        return layer.refine((kernels @ windows).unflatten(2, layer.grid))


class OnnxGRU(nn.Module):
    """ONNX's GRU operator with the weights of a torch GRU of one layer, or of a GRUCell, for K directions.

    Its gates come in the order update, reset, new, and the new gate's own bias is inside the reset as torch has it
    (linear_before_reset). Unlike torch's it keeps sequences of any length in the exported graph.
    """

    weight: Tensor
    recurrent: Tensor
    bias: Tensor

    def __init__(self, gru: nn.GRU | nn.GRUCell) -> None:
        super().__init__()
        ends = [""] if isinstance(gru, nn.GRUCell) else ["_l0", "_l0_reverse"][: 1 + gru.bidirectional]
        self.size, self.direction = gru.hidden_size, "bidirectional" if len(ends) == 2 else "forward"
        self.register_buffer("weight", torch.stack([_gates(getattr(gru, "weight_ih" + end)) for end in ends]))
        self.register_buffer("recurrent", torch.stack([_gates(getattr(gru, "weight_hh" + end)) for end in ends]))
        biases = [[_gates(getattr(gru, f"bias_{side}{end}")) for side in ("ih", "hh")] for end in ends]
        self.register_buffer("bias", torch.stack([torch.cat(pair) for pair in biases]))  # (K, 6H)

    def forward(self, x: Tensor, start: Tensor, lengths: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """x (L, N, D), start (K, N, H), lengths (N,) int32; returns states (L, K, N, H) and the last (K, N, H)."""
        states, last = torch.onnx.ops.symbolic_multi_out(
            "GRU", (x, self.weight, self.recurrent, self.bias, lengths, start),
            {"hidden_size": self.size, "linear_before_reset": 1, "direction": self.direction},
            dtypes=(x.dtype, x.dtype), shapes=([x.shape[0], *start.shape], start.shape),
        )  # fmt: skip
        return states, last

    def along(self, x: Tensor, start: Tensor) -> Tensor:
        """One direction along x (T, D) from a state (1, H); returns the states (T, H)."""
        return self(x[:, None], start[None])[0][:, 0, 0]


def _gates(rows: Tensor) -> Tensor:
    reset, update, new = rows.detach().chunk(3)
    return torch.cat([update, reset, new])
