"""The encoders of DAMSM: golden outputs, orders, paddings; Inception's parts in their places."""

from __future__ import annotations

import torch

from seqgan.models.damsm import GLOBAL, LOCAL, DamsmImageEncoder, DamsmImageSizes, DamsmTextEncoder, DamsmTextSizes
from tests.golden.formula import Golden


def _captions() -> tuple[torch.Tensor, torch.Tensor]:
    golden = Golden("attngan_rnn_encoder")
    return torch.from_numpy(golden.arrays["captions"]).long(), torch.from_numpy(golden.arrays["lengths"]).long()


@torch.inference_mode()
def test_the_text_encoder_is_the_released_one() -> None:
    encoder, golden = DamsmTextEncoder(DamsmTextSizes(5450)).eval(), Golden("attngan_rnn_encoder")
    golden.fill(encoder)
    captions, lengths = _captions()
    found = encoder(captions=captions, lengths=lengths)
    golden.check("words", found.word_embs)
    golden.check("sent", found.sent_emb)
    assert found.pad_mask.tolist() == [[place >= length for place in range(12)] for length in lengths.tolist()]
    order = torch.tensor([2, 0, 1])  # captions come in any order, and alone
    mixed = encoder(captions[order], lengths[order])
    torch.testing.assert_close(mixed.sent_emb, found.sent_emb[order], atol=1e-6, rtol=1e-5)
    alone = encoder(captions[2:], lengths[2:])
    torch.testing.assert_close(alone.word_embs, found.word_embs[2:, :, :5], atol=1e-6, rtol=1e-5)


@torch.inference_mode()
def test_pictures_of_any_size_become_regions_and_a_code() -> None:
    encoder = DamsmImageEncoder(DamsmImageSizes(8)).eval()
    regions, code = encoder(image=torch.rand(1, 3, 64, 64) * 2 - 1)
    assert regions.shape == (1, 8, 17, 17) and code.shape == (1, 8)
    whole = torch.nn.functional.interpolate(torch.zeros(1, 3, 64, 64), (299, 299))
    for name in (*LOCAL, *GLOBAL):
        whole = encoder.get_submodule(name)(whole)
    assert whole.shape == (1, 2048, 8, 8)
