"""Arithmetic on pixels: masks that grow, flood and fall into pieces; blurs; a filter that follows edges.

Coordinates: H rows, W columns, C = 3 channels; values are float32 in 0..1.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]


def to_array(image: Image.Image) -> Array:
    """(H, W, C) or (H, W) in 0..1."""
    return np.asarray(image, dtype=np.float32) / np.float32(255)


def to_image(values: Array) -> Image.Image:
    """The Pillow image of values in 0..1."""
    return Image.fromarray((np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8))


def resize(values: Array, size: tuple[int, int]) -> Array:
    return np.asarray(Image.fromarray(values).resize(size, Image.Resampling.BICUBIC), dtype=np.float32)


def flood(start: Mask, allowed: Mask) -> Mask:
    reached = start & allowed
    while True:
        grown = grow(reached, 1) & allowed
        if (grown == reached).all():
            return reached
        reached = grown


def grow(mask: Mask, steps: int) -> Mask:
    for _ in range(steps):
        grown = mask.copy()
        grown[1:] |= mask[:-1]
        grown[:-1] |= mask[1:]
        grown[:, 1:] |= mask[:, :-1]
        grown[:, :-1] |= mask[:, 1:]
        mask = grown
    return mask


def without_specks(mask: Mask, least: float) -> Mask:
    return pieces(mask, least, 1.0)


def pieces(mask: Mask, least: float, most: float) -> Mask:
    """The connected pieces of *mask* that cover *least* to *most* of the picture."""
    rest, kept = mask.copy(), np.zeros_like(mask)
    while rest.any():
        seed = np.zeros_like(mask)
        seed.flat[int(np.argmax(rest))] = True
        piece = flood(seed, rest)
        rest &= ~piece
        if least * mask.size <= piece.sum() <= most * mask.size:
            kept |= piece
    return kept


def shrink(mask: Mask, steps: int) -> Mask:
    return ~grow(~mask, steps)


def box_blur(values: Array, radius: int) -> Array:
    """(H, W) mean over a square of side 2 * radius + 1; edges repeat."""
    for axis in (0, 1):
        pad = [(radius + 1, radius) if a == axis else (0, 0) for a in (0, 1)]
        sums = np.cumsum(np.pad(values.astype(np.float64), pad, mode="edge"), axis=axis)
        length = values.shape[axis]
        high = np.take(sums, np.arange(2 * radius + 1, 2 * radius + 1 + length), axis=axis)
        low = np.take(sums, np.arange(length), axis=axis)
        values = ((high - low) / (2 * radius + 1)).astype(np.float32)
    return values


def guided(guide: Array, values: Array, *, radius: int, epsilon: float) -> Array:
    """Smooth *values* along the edges of *guide*.

    Source: He, Sun, Tang 2013, "Guided Image Filtering", equations 5, 6 and 8, https://doi.org/10.1109/TPAMI.2012.213
    """
    mean_guide, mean_values = box_blur(guide, radius), box_blur(values, radius)
    covariance = box_blur(guide * values, radius) - mean_guide * mean_values
    variance = box_blur(guide * guide, radius) - mean_guide**2
    slope = covariance / (variance + epsilon)
    offset = mean_values - slope * mean_guide
    return (box_blur(slope, radius) * guide + box_blur(offset, radius)).astype(np.float32)


def spread(full: Array, weight: Array, radius: int) -> Array:
    """Each pixel's mean over its neighbours of full *weight*: the product's colour carried to its rim."""
    total = box_blur(weight, radius)[..., None]
    sums = np.stack([box_blur(full[..., c] * weight, radius) for c in range(3)], axis=-1)
    return np.where(total > 1e-3, sums / np.maximum(total, 1e-3), full).astype(np.float32)
