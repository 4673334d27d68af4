"""Colours that belong together and can be read: schemes derived from a brand's palette, or from the photo.

Lightness, chroma and hue are OKLCH: equal steps look equal.
Source: Björn Ottosson 2020, "A perceptual color space for image processing", https://bottosson.github.io/posts/oklab/
"""

import math
import zlib
from dataclasses import dataclass

import numpy as np
from PIL import Image

from adloom.core.brand import Brand

RGB = tuple[int, int, int]

READABLE = 4.5  #: WCAG 2.2, success criterion 1.4.3
_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_HOUSE_HUES = (38.0, 70.0, 145.0, 190.0, 225.0, 255.0, 275.0)  #: for a brand without colours and a grey product


@dataclass(frozen=True)
class Scheme:
    """The colours of one layout.  *ground* runs to *ground_end*; *shape* is the accent form behind the product."""

    name: str
    ground: RGB
    ground_end: RGB
    shape: RGB
    ink: RGB
    muted: RGB
    price: RGB
    button: RGB
    button_ink: RGB
    chip: RGB
    chip_ink: RGB
    stage: RGB  #: light, for a product that comes with its own shadow

    @property
    def light(self) -> bool:
        return luminance(self.ground) > 0.55


def parse(colour: str) -> RGB:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: RGB) -> float:
    """Relative luminance by WCAG, 0..1."""
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: RGB, other: RGB) -> float:
    """WCAG contrast, 1..21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def oklch(colour: RGB) -> tuple[float, float, float]:
    """(lightness 0..1, chroma, hue in degrees)."""
    linear = np.array([_linear(channel / 255) for channel in colour])
    lightness, a, b = (_TO_LAB @ np.cbrt(_TO_LMS @ linear)).tolist()
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def from_oklch(lightness: float, chroma: float, hue: float) -> RGB:
    """The nearest sRGB colour: chroma gives way where the screen cannot show it."""
    for _ in range(24):
        angle = math.radians(hue)
        lab = np.array([lightness, chroma * math.cos(angle), chroma * math.sin(angle)])
        linear = np.linalg.inv(_TO_LMS) @ (np.linalg.inv(_TO_LAB) @ lab) ** 3
        if linear.min() >= -0.001 and linear.max() <= 1.001:
            break
        chroma *= 0.92
    red, green, blue = (round(255 * _gamma(min(1.0, max(0.0, float(v))))) for v in linear)
    return red, green, blue


def readable(colour: RGB, on: RGB, *, least: float = READABLE + 0.3) -> RGB:
    """*colour*, made darker or lighter, hue kept, until it can be read *on* a ground."""
    lightness, chroma, hue = oklch(colour)
    darker = luminance(on) > 0.18
    for _ in range(60):
        if contrast(colour, on) >= least:
            return colour
        lightness = max(0.0, lightness - 0.02) if darker else min(1.0, lightness + 0.02)
        colour = from_oklch(lightness, chroma, hue)
    return (0, 0, 0) if darker else (255, 255, 255)


def best_ink(on: RGB, *, hue: float = 260.0) -> RGB:
    """White, or a near-black with a breath of *hue*: whichever reads better *on* a ground."""
    dark = from_oklch(0.20, 0.02, hue)
    return (255, 255, 255) if contrast((255, 255, 255), on) >= min(READABLE, contrast(dark, on)) else dark


def primary_colour(brand: Brand | None, image: Image.Image | None, matte: Image.Image | None, *, key: str) -> RGB:
    """The brand's colour; without a brand kit the product's own, and for a grey product one that *key* always gives."""
    if brand is not None:
        return parse(brand.colors.primary)
    hue = _dominant_hue(image, matte) if image is not None else None
    if hue is None:
        hue = _HOUSE_HUES[zlib.crc32(key.encode()) % len(_HOUSE_HUES)]
    return from_oklch(0.46, 0.11, hue)


def schemes(brand: Brand | None, primary: RGB) -> tuple[Scheme, ...]:
    """A light, a tinted, a bold and a dark scheme of the same family."""
    colours = brand.colors if brand is not None else None
    accent = parse(colours.accent) if colours and colours.accent else None
    secondary = parse(colours.secondary) if colours and colours.secondary else None
    background = parse(colours.background) if colours and colours.background else None
    text = parse(colours.text) if colours and colours.text else None
    _, chroma, hue = oklch(primary)
    white = from_oklch(0.975, min(0.012, chroma * 0.1), hue)
    ground = background if background is not None and luminance(background) > 0.55 else white
    tint = from_oklch(0.915, min(0.055, chroma * 0.45), hue)
    night = from_oklch(0.26, min(0.06, chroma * 0.55), hue)
    strong = primary if luminance(primary) < 0.40 else readable(primary, (255, 255, 255))
    return (
        _scheme("light", ground, shape=tint, primary=primary, accent=accent, text=text),
        _scheme("tint", tint, shape=white, primary=primary, accent=accent, text=text),
        _scheme("bold", strong, shape=_shifted(strong, 0.07), primary=strong, accent=accent or secondary, text=None),
        _scheme("night", night, shape=_shifted(night, 0.08), primary=primary, accent=accent or secondary, text=None),
    )


def _scheme(name: str, ground: RGB, *, shape: RGB, primary: RGB, accent: RGB | None, text: RGB | None) -> Scheme:
    _, chroma, hue = oklch(primary)
    light = luminance(ground) > 0.4
    end = _shifted(ground, -0.035 if light else -0.05)
    ink = text if text and contrast(text, end) >= 7 else from_oklch(0.22, min(0.045, chroma * 0.4), hue)
    if not light:
        ink = best_ink(ground, hue=hue)
    button = primary if light else accent or (255, 255, 255)
    if contrast(button, ground) < 2.2:
        button = from_oklch(0.30, min(0.06, chroma), hue) if light else (255, 255, 255)
    muted = readable(from_oklch(0.47 if light else 0.86, min(0.03, chroma * 0.3), hue), end)
    chip = accent if accent and contrast(accent, ground) >= 1.6 else (primary if light else (255, 255, 255))
    return Scheme(
        name=name,
        ground=ground,
        ground_end=end,
        shape=shape,
        ink=ink,
        muted=muted,
        price=readable(primary, end) if light else ink,
        button=button,
        button_ink=_label(button, hue),
        chip=chip,
        chip_ink=_label(chip, hue),
        stage=shape if light else from_oklch(0.93, min(0.045, chroma * 0.35), hue),
    )


def _label(on: RGB, hue: float) -> RGB:
    return readable(best_ink(on, hue=hue), on)


def _shifted(colour: RGB, by: float) -> RGB:
    lightness, chroma, hue = oklch(colour)
    return from_oklch(min(0.99, max(0.05, lightness + by)), chroma, hue)


def _dominant_hue(image: Image.Image, matte: Image.Image | None) -> float | None:
    """The hue that most of the product's saturated pixels share; None for a grey product."""
    small = image.resize((64, 64), Image.Resampling.BOX)
    pixels = np.asarray(small, dtype=np.float64).reshape(-1, 3) / 255
    linear = np.where(pixels <= 0.04045, pixels / 12.92, ((pixels + 0.055) / 1.055) ** 2.4)
    lab = np.cbrt(linear @ _TO_LMS.T) @ _TO_LAB.T
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    if matte is not None:
        chroma = chroma * np.asarray(matte.resize((64, 64), Image.Resampling.BOX), dtype=np.float64).reshape(-1) / 255
    if (chroma > 0.06).mean() < 0.03:
        return None
    hues = np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360
    weights, edges = np.histogram(hues, bins=36, range=(0, 360), weights=np.where(chroma > 0.06, chroma, 0))
    smooth = weights + 0.6 * (np.roll(weights, 1) + np.roll(weights, -1))
    return float(edges[int(smooth.argmax())] + 5)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _gamma(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else float(1.055 * value ** (1 / 2.4) - 0.055)
