"""Pictures of a data set as networks take them: cropped, mirrored, in [-1, 1]; sheets of them; codes of a DAMSM."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from seqgan.data.pictures import PictureData
from seqgan.models.char_cnn_rnn import CharTextEncoder
from seqgan.models.damsm import Damsm, DamsmTextEncoder, RegionEncoder
from seqgan.models.efficientnet_lite import EfficientNetLite0, picture_features
from seqgan.text.captions import CaptionVocabulary
from seqgan.text.characters import CharReading, encode_chars
from seqgan.text.encoders import TextFeatures, one_word

COLUMNS = 8
BATCH = 64


def cropped(data: PictureData, rows: np.ndarray, rng: np.random.Generator | None) -> np.ndarray:
    """Pictures uint8 (B, h, w, 3) of the data's crop: at random places and mirrored or not by `rng`; from the middle
    and as they are without it."""
    (height, width), (tall, wide) = data.about["size"], data.about["crop"]
    frames = np.empty((len(rows), tall, wide, 3), np.uint8)
    for place, row in enumerate(rows):
        down, along = (height - tall) // 2, (width - wide) // 2
        if rng is not None:
            down, along = int(rng.integers(height - tall + 1)), int(rng.integers(width - wide + 1))
        cut = data.images[row, down : down + tall, along : along + wide]
        mirrored = rng is not None and data.about["flip"] and rng.random() < 0.5
        frames[place] = cut[:, ::-1] if mirrored else cut
    return frames


def varied(data: PictureData, rows: np.ndarray, rng: np.random.Generator | None) -> Tensor:
    """The same in [-1, 1], (B, 3, h, w)."""
    return torch.from_numpy(cropped(data, rows, rng)).permute(0, 3, 1, 2).float() / 127.5 - 1


def picture_sheet(frames: Tensor, columns: int = COLUMNS) -> np.ndarray:
    """Pictures (N, 3, H, W) in [-1, 1] in rows of `columns`, the last filled up with white; uint8 (R * H, C * W, 3)."""
    frames = F.pad(frames.detach().float().cpu(), (0, 0, 0, 0, 0, 0, 0, -len(frames) % columns), value=1.0)
    rows = frames.unflatten(0, (-1, columns)).permute(0, 3, 1, 4, 2)  # (R, H, C, W, 3)
    pixels = ((rows.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).numpy()
    return pixels.reshape(pixels.shape[0] * pixels.shape[1], -1, 3)


def numbered(
    vocabulary: CaptionVocabulary, captions: Sequence[str], device: torch.device | str = "cpu"
) -> tuple[Tensor, Tensor]:
    """Captions as word numbers (B, L) int64 and lengths (B,). A caption of which no word is known is one padding word,
    which says nothing: whoever asks a person for captions refuses it before (`FrameSampler.read`)."""
    read = [vocabulary.read(caption).numbers or (0,) for caption in captions]
    lengths = torch.tensor([len(numbers) for numbers in read])
    table = torch.zeros(len(read), int(lengths.max()), dtype=torch.int64)
    for row, numbers in enumerate(read):
        table[row, : len(numbers)] = torch.tensor(numbers)
    return table.to(device), lengths


@contextmanager
def dropout_seeded(noise: torch.Generator) -> Iterator[None]:
    """What is dropped inside follows `noise`, so that resume is exact: layers of torch draw it from the global state,
    which is as it was afterwards."""
    with torch.random.fork_rng():
        torch.manual_seed(int(torch.randint(2**31, (1,), generator=noise)))
        yield


class WordReader:
    """A frozen text encoder of words with its vocabulary; see `CaptionEncoder`."""

    def __init__(self, encoder: DamsmTextEncoder, vocabulary: CaptionVocabulary, device: torch.device) -> None:
        self.encoder, self.vocabulary = encoder.eval().requires_grad_(False).to(device), vocabulary
        self.size, self.device = encoder.sizes.size, device

    @torch.no_grad()
    def __call__(self, captions: Sequence[str]) -> TextFeatures:
        """Features of captions."""
        return self.encoder(*numbered(self.vocabulary, captions, self.device))


class CharReader:
    """A frozen char-CNN-RNN; see `CaptionEncoder`. It tells no words: the sentence stands for the one there is."""

    def __init__(self, encoder: CharTextEncoder, device: torch.device) -> None:
        self.encoder = encoder.eval().requires_grad_(False).to(device)
        self.size, self.device = encoder.sizes.text, device

    def __call__(self, captions: Sequence[str]) -> TextFeatures:
        """Features of captions."""
        return one_word(char_sentences(self.encoder, captions, self.device))


def reader_of(
    encoder: DamsmTextEncoder | CharTextEncoder, vocabulary: CaptionVocabulary | CharReading, device: torch.device
) -> WordReader | CharReader:
    """The reader of a sampler's text encoder."""
    if isinstance(encoder, CharTextEncoder):
        return CharReader(encoder, device)
    assert isinstance(vocabulary, CaptionVocabulary), "an encoder of words comes with its vocabulary"
    return WordReader(encoder, vocabulary, device)


def char_codes(captions: Sequence[str]) -> Tensor:
    """Captions as characters, (B, 201) uint8."""
    return torch.tensor([encode_chars(caption) for caption in captions], dtype=torch.uint8)


@torch.no_grad()
def char_sentences(encoder: CharTextEncoder, captions: Sequence[str], device: torch.device) -> Tensor:
    """Sentences (N, Dt) of captions by a char-CNN-RNN, float32."""
    encoder.eval()
    return torch.cat([encoder(part.to(device).long()) for part in char_codes(captions).split(BATCH)])


@torch.no_grad()
def picture_codes(encoder: RegionEncoder, frames: Tensor, device: torch.device) -> np.ndarray:
    """Codes (N, D) of pictures (N, 3, H, W) in [-1, 1], float32."""
    encoder.eval()
    parts = [part.to(device).contiguous(memory_format=torch.channels_last) for part in frames.split(BATCH)]
    return torch.cat([encoder(part)[1].float().cpu() for part in parts]).numpy()


@torch.no_grad()
def sentence_codes(
    damsm: Damsm, vocabulary: CaptionVocabulary, captions: Sequence[str], device: torch.device
) -> np.ndarray:
    """Codes (N, D) of captions, float32."""
    damsm.eval()
    parts = [captions[start : start + BATCH] for start in range(0, len(captions), BATCH)]
    read = [damsm.text(*numbered(vocabulary, part, device)).sent_emb.float().cpu() for part in parts]
    return torch.cat(read).numpy()


def first(data: PictureData, n: int | None) -> PictureData:
    """The first `n` pictures of a split."""
    if n is None or n >= len(data):
        return data
    labels = {group: numbers[:n] for group, numbers in data.labels.items()}
    return PictureData(data.about, data.records[:n], data.images[:n], data.captions[:n], labels, data.names)


def to_pixels(frames: Tensor) -> np.ndarray:
    """Pictures (N, 3, H, W) in [-1, 1] as uint8 (N, H, W, 3)."""
    return ((frames + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()


def to_frames(pictures: np.ndarray) -> Tensor:
    """uint8 (N, H, W, 3) as pictures (N, 3, H, W) in [-1, 1]."""
    return torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1


@torch.inference_mode()
def pooled(network: EfficientNetLite0, pictures: np.ndarray, device: torch.device) -> np.ndarray:
    """EfficientNet-Lite0's pooled features (N, 1280) of uint8 pictures (N, H, W, 3)."""
    frames = torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2)
    return torch.cat([picture_features(network, part.to(device)).cpu() for part in frames.split(32)]).numpy()
