"""Figures of generated pictures as pictures: nearest training panels, and KID beside real against real."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from seqgan.data.manifest import read_about, read_records, read_strip
from seqgan.data.panels import PanelData
from seqgan.metrics.kernel import kid
from seqgan.metrics.neighbours import distance_ratio, nearest
from seqgan.models.efficientnet_lite import EfficientNetLite0, load_enlite0, picture_features

SAMPLES = 50
"""How many fixed-seed samples are compared with the training set."""
CELL = 4
"""Thumbnails are block means of this many pixels a side: small enough for every training panel, and blind to noise."""
KID_PANELS = 1000


def thumbnails(panels: np.ndarray) -> np.ndarray:
    """Block means of uint8 panels (N, H, W, 3) as vectors (N, H*W*3 / CELL**2), uint8."""
    count, height, width, _ = panels.shape
    blocks = panels.reshape(count, height // CELL, CELL, width // CELL, CELL, 3).mean((2, 4))
    return np.rint(blocks).astype(np.uint8).reshape(count, -1)


def training_panels(folder: Path, size: tuple[int, int]) -> Iterator[tuple[str, int, np.ndarray]]:
    """Every training panel as (story id, number, pixels), strip by strip."""
    for record in read_records(folder, "train"):
        for number, panel in enumerate(read_strip(folder, record, size)):
            yield str(record["id"]), number, panel


def sample_rows(data: PanelData, count: int = SAMPLES) -> np.ndarray:
    """One panel of each of the first stories: number k of story k, counted round."""
    stories = range(min(count, len(data.records)))
    return np.array([data.starts[k] + k % (data.starts[k + 1] - data.starts[k]) for k in stories])


def neighbour_figures(folder: Path, data: PanelData, drawn: np.ndarray, sheet: Path | None) -> dict[str, float]:
    """How far fixed-seed samples lie from training, against the real panels of the same sentences.

    `drawn` are the generated panels of all rows of `data`. With `sheet`, a picture of every sample beside its nearest
    training panel is written there.
    """
    size = tuple(read_about(folder)["size"])
    rows = sample_rows(data)
    bank = np.concatenate([thumbnails(panel[None]) for _, _, panel in training_panels(folder, (size[0], size[1]))])
    ours = thumbnails(drawn[rows])
    found, distances = nearest(ours, bank)
    if sheet is not None:
        wanted = set(found.tolist())
        pictures = {
            n: panel for n, (_, _, panel) in enumerate(training_panels(folder, (size[0], size[1]))) if n in wanted
        }
        neighbour_sheet(drawn[rows], np.stack([pictures[n] for n in found]), sheet)
    return {
        "neighbour_distance_ratio": distance_ratio(ours, thumbnails(data.images[rows]), bank),
        "neighbour_distance_smallest": float(distances.min()), "neighbour_samples": len(rows),
    }  # fmt: skip


def neighbour_sheet(ours: np.ndarray, theirs: np.ndarray, path: Path, columns: int = 5) -> None:
    """Write pairs (sample left, nearest training panel right) as one PNG, white gaps between them."""
    pairs = np.concatenate([ours, theirs], 2)  # (N, H, 2W, 3)
    pairs = np.pad(pairs, ((0, -len(pairs) % columns), (2, 2), (4, 4), (0, 0)), constant_values=255)
    count, height, width, _ = pairs.shape
    sheet = pairs.reshape(count // columns, columns, height, width, 3).swapaxes(1, 2)
    save_picture(sheet.reshape(-1, columns * width, 3), path)


def save_picture(pixels: np.ndarray, path: Path) -> None:
    """Write uint8 (H, W, 3) as a PNG of 256 colours: a seventh of the bytes, and such are only looked at. They cover
    what there is rather than what there is most of, or a small sun would turn brown."""
    kept = Image.fromarray(pixels).quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=4, dither=Image.Dither.NONE)
    kept.save(path, optimize=True)


def kid_figures(data: PanelData, drawn: np.ndarray, seed: int, limit: int = KID_PANELS) -> dict[str, float]:
    """`kid_enlite0` of generated panels and of real ones, each against the same other real panels, at equal counts.

    Panels are dealt by `seed` into candidates and reference, so that no reference panel shares its sentence with a
    candidate. Raises CheckpointError where the features' package is missing.
    """
    order = np.random.default_rng(seed).permutation(len(drawn))
    count = min(limit, len(order) // 2)
    ours, reference = order[:count], order[count : 2 * count]
    network = load_enlite0()
    features = [enlite0_features(network, part) for part in (drawn[ours], data.images[ours], data.images[reference])]
    return {
        "kid_enlite0": kid(features[0], features[2]), "kid_enlite0_real": kid(features[1], features[2]),
        "kid_enlite0_panels": count,
    }  # fmt: skip


@torch.inference_mode()
def enlite0_features(network: EfficientNetLite0, panels: np.ndarray, batch: int = 32) -> np.ndarray:
    """EfficientNet-Lite0 features (N, 1280) float32 of uint8 panels (N, H, W, 3)."""
    images = torch.from_numpy(np.ascontiguousarray(panels)).permute(0, 3, 1, 2)
    return torch.cat([picture_features(network, part) for part in images.split(batch)]).numpy()
