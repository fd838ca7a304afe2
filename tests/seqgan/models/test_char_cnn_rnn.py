"""char-CNN-RNN: the released shapes and steps, batches, what it reads, that it learns."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from seqgan.errors import ConfigError
from seqgan.losses.joint_embedding import distillation_terms, joint_embedding_hinge
from seqgan.models.char_cnn_rnn import CharTextEncoder, CharTextSizes
from seqgan.registry import build
from seqgan.text.characters import encode_chars

SMALL = CharTextSizes(text=6, channels=(8, 8, 8))
CAPTIONS = ("this flower is white and yellow", "a bird with a red crown", "A ROUND YELLOW STAMEN", "")


def _chars() -> Tensor:
    return torch.tensor([encode_chars(caption) for caption in CAPTIONS])


@pytest.mark.parametrize(("form", "steps", "gates"), [("birds", 18, 3), ("flowers", 8, 1)])
def test_widths_and_steps_are_the_released_ones(form: str, steps: int, gates: int) -> None:
    with torch.device("meta"):
        encoder = CharTextEncoder(CharTextSizes(form=form))
        assert encoder.convolutions(torch.zeros(1, 70, 201)).shape == (1, 512, steps)
    shapes = [tuple(p.shape) for p in encoder.parameters() if p.dim() > 1]
    assert shapes == [
        (384, 70, 4), (512, 384, 4), (512, 512, 4), (gates * 512, 512), (gates * 512, 512), (1024, 512),
    ]  # fmt: skip
    assert isinstance(encoder.recurrent, nn.GRU if form == "birds" else nn.RNN)


@pytest.mark.parametrize("form", ["birds", "flowers"])
@torch.inference_mode()
def test_a_caption_does_not_see_its_batch(form: str) -> None:
    encoder, chars = CharTextEncoder(CharTextSizes(text=6, channels=(8, 8, 8), form=form)).eval(), _chars()
    sent = encoder(chars=chars)
    assert sent.shape == (4, 6) and len({tuple(row) for row in sent.tolist()}) == 4
    for row in range(4):
        torch.testing.assert_close(encoder(chars[row : row + 1]), sent[row : row + 1])


@torch.inference_mode()
def test_unknown_characters_are_no_character() -> None:
    encoder = CharTextEncoder(SMALL).eval()
    assert torch.equal(encoder(torch.tensor([encode_chars("é")])), encoder(torch.zeros(1, 201, dtype=torch.int64)))


def test_captions_begin_apart() -> None:
    torch.manual_seed(0)
    spread = CharTextEncoder(CharTextSizes(16, (64, 64, 64)))(_chars()).std(0).mean()
    assert spread > 3e-3  # torch's own initialisation: 1e-4


def test_it_learns_published_embeddings_and_to_join_pictures() -> None:
    torch.manual_seed(0)
    encoder, chars, published = CharTextEncoder(CharTextSizes(6, (32, 32, 32))), _chars(), torch.randn(4, 6)
    optimizer = torch.optim.Adam(encoder.parameters(), 3e-3)
    costs = []
    for _ in range(60):
        optimizer.zero_grad()
        terms = distillation_terms(encoder(chars), published)
        loss = torch.stack([term.value for term in terms.values()]).sum()
        loss.backward()
        optimizer.step()
        costs.append(loss.item())
    assert costs[-1] < 0.3 * costs[0]
    encoder.zero_grad()
    joint = joint_embedding_hinge(torch.randn(4, 6), encoder(chars))
    torch.stack([term.value for term in joint.values()]).sum().backward()
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in encoder.parameters())


def test_what_does_not_go_is_refused() -> None:
    with pytest.raises(ConfigError, match="form of the encoder 'bird' does not exist"):
        CharTextSizes(form="bird")
    with pytest.raises(ValueError, match=r"characters are \(2, 30\); expected \(B, 201\), see encode_chars"):
        CharTextEncoder(SMALL)(torch.zeros(2, 30, dtype=torch.int64))


def test_the_registry_builds_it() -> None:
    built = build("char_cnn_rnn", {"text": 6, "channels": [8, 8, 8]})
    assert isinstance(built, CharTextEncoder) and built.sizes == SMALL
