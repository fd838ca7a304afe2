"""Word attention of story frames: whose words a panel looks at, and that padding and other stories are none of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.errors import ConfigError, InputError
from seqgan.layers.folding import fold
from seqgan.models.story_parts import StoryQuirks, noise_named
from seqgan.models.story_words import StoryWords, tokens_of
from seqgan.models.storygan_paper import StoryGANPaperGenerator
from seqgan.models.storygan_paper_sizes import StoryGANPaperSizes
from seqgan.text.vocab import Vocabulary

TINY = StoryGANPaperSizes(
    text=6, panels=3, z=4, code=8, lower=7, maps=2, channels=4, rank=4, hidden=5, start=8, width=2, gist="map",
    frame="attngan", vocabulary=20, word=8,
)  # fmt: skip
TOKENS = torch.tensor([[[3, 4, 5, 0], [6, 0, 0, 0], [7, 8, 9, 4]], [[9, 0, 0, 0], [5, 6, 0, 0], [3, 3, 3, 0]]])


def _made(**changes: Any) -> StoryGANPaperGenerator:
    torch.manual_seed(0)
    g = StoryGANPaperGenerator(replace(TINY, **changes)).eval()
    for weight in g.parameters():
        if weight.dim() > 1:
            nn.init.normal_(weight, 0.0, 0.2)
    assert g.words is not None
    nn.init.normal_(g.words.embedding.weight)
    return g


def _story(g: StoryGANPaperGenerator, count: int = 2) -> tuple[Tensor, dict[str, Tensor]]:
    rng = torch.Generator().manual_seed(1)
    noise = noise_named([torch.randn(count, size, generator=rng) for size in g.draws(3)])
    return torch.randn(count, 3, 6, generator=rng), noise


def _frames(g: StoryGANPaperGenerator, tokens: Tensor) -> Tensor:
    sentences, noise = _story(g, len(tokens))
    return g(sentences, None, noise, tokens=tokens).unflatten(0, tokens.shape[:2])


@torch.inference_mode()
def test_another_word_changes_its_own_panel_and_those_after_it() -> None:
    """Sentence vectors, codes and noise are held, so that what is left is what attention reads."""
    g = _made()
    frames = _frames(g, TOKENS)
    for panel in range(3):
        other = TOKENS.clone()
        other[0, panel, 0] = 11
        found = _frames(g, other)
        changed = [not torch.equal(found[0, k], frames[0, k]) for k in range(3)]
        assert changed == [k >= panel for k in range(3)]
        assert torch.equal(found[1], frames[1])


@torch.inference_mode()
def test_the_order_of_words_is_seen() -> None:
    g, other = _made(), TOKENS.clone()
    other[0, 0, :3] = torch.tensor([5, 4, 3])
    assert not torch.allclose(_frames(g, other)[0, 0], _frames(g, TOKENS)[0, 0], atol=1e-4)


@torch.inference_mode()
def test_masked_words_change_nothing() -> None:
    """Neither more padding, nor what stands in the places that are masked."""
    g = _made()
    frames = _frames(g, TOKENS)
    torch.testing.assert_close(_frames(g, F.pad(TOKENS, (0, 5))), frames, atol=1e-5, rtol=0)
    sentences, noise = _story(g)
    kept = g.remember(sentences, None, noise, tokens=TOKENS)
    assert kept.heard is not None
    words, hidden = kept.heard
    assert hidden.shape == (6, 12) and hidden[0].tolist() == [False] * 3 + [True] * 9
    loud = kept.heard._replace(words=words.masked_fill(hidden[:, None], 50.0))
    drawn = g.decode(kept.told, kept.mu, kept.lower, kept.upper, loud)[0][1]
    torch.testing.assert_close(drawn.unflatten(0, (2, 3)), frames, atol=1e-6, rtol=0)


@pytest.mark.parametrize("form", [{}, {"gist": "row", "filters": 2, "filter_size": 3, "base": (4, 7)}])
@torch.inference_mode()
def test_a_story_and_a_panel_are_the_same_in_any_batch_and_folded(form: dict[str, Any]) -> None:
    """Of which the longest sentence is another's; in double precision, where rounding is not taken for a leak."""
    g = _made(**form).double()
    (sentences, noise), tokens = _story(g), TOKENS
    sentences, noise = sentences.double(), {name: draw.double() for name, draw in noise.items()}
    together = g(sentences, None, noise, tokens=tokens).unflatten(0, (2, 3))
    own = {name: draw[1:] for name, draw in noise.items()}
    torch.testing.assert_close(g(sentences[1:], None, own, tokens=tokens[1:, :, :3]), together[1], atol=1e-9, rtol=0)
    lone = g.frames(sentences[1:], None, torch.tensor([1]), own, tokens=tokens[1:, :, :3])
    torch.testing.assert_close(lone[0], together[1, 1], atol=1e-9, rtol=0)
    torch.testing.assert_close(
        fold(g)(sentences, None, noise, tokens=tokens), together.flatten(0, 1), atol=1e-9, rtol=0
    )


@torch.inference_mode()
def test_a_lone_frame_looks_at_its_own_sentence() -> None:
    g = _made(quirks=StoryQuirks(single_first=True))
    sentences, noise = _story(g)
    own = {name: noise[name] for name in list(noise)[: len(g.alone(3))]}
    drawn = [g.frames(sentences, None, torch.tensor([1, 1]), own, tokens=tokens)
             for tokens in (TOKENS, TOKENS + (TOKENS == 4), TOKENS + (TOKENS == 6))]  # fmt: skip
    assert torch.equal(drawn[0], drawn[1]) and not torch.equal(drawn[0], drawn[2])


def test_a_lone_story_trains_every_weight() -> None:
    torch.manual_seed(0)
    g = StoryGANPaperGenerator(TINY)
    sentences, noise = _story(g, 1)
    drawn = g.tell(sentences, None, noise, tokens=TOKENS[:1])
    sum((each.square().sum() for each in drawn.sides.values()), drawn.frames.square().sum()).backward()
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in g.parameters())
    assert g.words is not None and g.words.embedding.weight.grad is not None
    assert g.words.embedding.weight.grad.abs().sum(1).nonzero().flatten().tolist() == [3, 4, 5, 6, 7, 8, 9]


def test_how_long_ago_a_word_was_told() -> None:
    torch.manual_seed(0)
    words = StoryWords(20, 8, 3)
    plain = words(TOKENS, torch.tensor([2, 2])).words.unflatten(2, (3, 4))
    nn.init.constant_(words.ago.weight[2], 1.0)  # type: ignore[arg-type]
    marked = words(TOKENS, torch.tensor([2, 2])).words.unflatten(2, (3, 4))
    torch.testing.assert_close(marked[:, :, 0], plain[:, :, 0] + 1)
    assert torch.equal(marked[:, :, 1:], plain[:, :, 1:])


def test_sentences_as_tokens() -> None:
    vocabulary = Vocabulary.build([["Ann runs.", "Ann runs far."]])
    tokens = tokens_of([["Ann runs.", ""], ["Xyz.", "ann ann ann ann"]], vocabulary)
    assert tokens.shape == (2, 2, 4)
    assert [vocabulary.words[number] for number in tokens[0, 0]] == ["ann", "runs", ".", "<pad>"]
    assert tokens[0, 1].tolist() == [1, 0, 0, 0] and vocabulary.words[int(tokens[1, 0, 0])] == "@1"


def test_forms_that_do_not_fit_say_so() -> None:
    g = _made()
    sentences, noise = _story(g)
    with pytest.raises(InputError, match="looks at words and none came"):
        g(sentences, None, noise)
    with pytest.raises(ConfigError, match="the dcgan frame generator looks at no words"):
        replace(TINY, frame="dcgan")
    with pytest.raises(ConfigError, match="network.word is 7"):
        replace(TINY, word=7)
