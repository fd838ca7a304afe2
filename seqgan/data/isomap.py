"""Isomap of pictures by colour and by shape, as the page of the Oxford flowers shows its classes.

    places = isomap(colour_features(images))            # (N, 2)
    sheet({"colour": places}, images).save("map.png")

Isomap (Tenenbaum, de Silva and Langford 2000): distances along a graph of nearest neighbours, then classical scaling.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from seqgan.resources import asset

NEIGHBOURS = 6
BINS = 8
CELLS = 4
SHEET, THUMB, MARGIN = 900, 56, 40
"""Side of a map, of a picture on it, and the space around a map, in pixels."""


def isomap(features: np.ndarray, neighbours: int = NEIGHBOURS) -> np.ndarray:
    """Places (N, 2) of features (N, D), such that distances are those along the graph of nearest neighbours."""
    return classical_scaling(graph_distances(pairwise(features), neighbours))


def pairwise(features: np.ndarray) -> np.ndarray:
    """Euclidean distances (N, N) of features (N, D)."""
    squares = (features**2).sum(1)
    return np.sqrt(np.maximum(squares[:, None] + squares - 2 * features @ features.T, 0))


def graph_distances(distances: np.ndarray, neighbours: int) -> np.ndarray:
    """Shortest ways (N, N) over the nearest neighbours; parts that nothing joins are joined where they are closest."""
    count = len(distances)
    ways = np.full_like(distances, np.inf)
    near = np.argsort(distances, axis=1)[:, : neighbours + 1]
    rows = np.repeat(np.arange(count), near.shape[1])
    ways[rows, near.ravel()] = distances[rows, near.ravel()]
    ways = _shortest(np.minimum(ways, ways.T))
    while np.isinf(ways).any():
        apart = np.where(np.isinf(ways), distances, np.inf)
        one, two = np.unravel_index(apart.argmin(), apart.shape)
        ways[one, two] = ways[two, one] = distances[one, two]
        ways = _shortest(ways)
    return ways


def _shortest(ways: np.ndarray) -> np.ndarray:
    """Floyd and Warshall's shortest ways through every node."""
    ways = ways.copy()
    np.fill_diagonal(ways, 0)
    for node in range(len(ways)):
        np.minimum(ways, ways[:, node, None] + ways[node], out=ways)
    return ways


def classical_scaling(distances: np.ndarray, dimensions: int = 2) -> np.ndarray:
    """Places (N, dimensions) whose distances are nearest to the given ones (Torgerson 1952)."""
    squares = distances**2
    centred = -0.5 * (squares - squares.mean(0) - squares.mean(1, keepdims=True) + squares.mean())
    values, vectors = np.linalg.eigh(centred)
    order = np.argsort(values)[::-1][:dimensions]
    return vectors[:, order] * np.sqrt(np.maximum(values[order], 0))


def colour_features(images: np.ndarray) -> np.ndarray:
    """Square roots of the joint histograms of hue and saturation, and of value, (N, D), from uint8 (N, H, W, 3)."""
    rows = []
    for image in images:
        hue, saturation, value = (np.asarray(band).ravel() for band in Image.fromarray(image).convert("HSV").split())
        tints = np.histogram2d(hue, saturation, bins=BINS, range=((0, 256), (0, 256)), weights=saturation / 255)[0]
        lights = np.histogram(value, bins=BINS, range=(0, 256))[0]
        rows.append(np.concatenate([tints.ravel(), lights]) / hue.size)
    return np.sqrt(np.array(rows))


def shape_features(images: np.ndarray) -> np.ndarray:
    """Square roots of histograms of edge directions over 4 x 4 fields, (N, D), from uint8 (N, H, W, 3)."""
    rows = []
    for image in images:
        grey = np.asarray(Image.fromarray(image).convert("L").resize((64, 64), Image.Resampling.BICUBIC), np.float64)
        down, across = np.gradient(grey)
        strength = np.hypot(down, across)
        turn = ((np.arctan2(down, across) % np.pi) / np.pi * BINS).astype(int) % BINS
        field = np.arange(64) * CELLS // 64
        place = (field[:, None] * CELLS + field) * BINS + turn
        found = np.bincount(place.ravel(), strength.ravel(), CELLS * CELLS * BINS)
        rows.append(found / max(found.sum(), 1e-9))
    return np.sqrt(np.array(rows))


def sheet(maps: Mapping[str, np.ndarray], images: np.ndarray) -> Image.Image:
    """Maps side by side under their names: every picture (N, H, W, 3) as a thumbnail at its place (N, 2)."""
    step = SHEET + 2 * MARGIN
    drawn = Image.new("RGB", (step * len(maps), step + MARGIN), "white")
    font = ImageFont.truetype(str(asset("fonts", "DejaVuSans.ttf")), MARGIN // 2)
    thumbs = [Image.fromarray(image).resize((THUMB, THUMB), Image.Resampling.BICUBIC) for image in images]
    for column, (name, places) in enumerate(maps.items()):
        left = column * step + MARGIN
        ImageDraw.Draw(drawn).text((left, MARGIN // 2), f"Isomap by {name}", "black", font)
        span = np.ptp(places, axis=0)
        spots = (places - places.min(0)) / np.where(span > 0, span, 1) * (SHEET - THUMB)
        for thumb, (across, down) in zip(thumbs, spots, strict=True):
            drawn.paste(thumb, (left + round(across), 2 * MARGIN + round(down)))
    return drawn
