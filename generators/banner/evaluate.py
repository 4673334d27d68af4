"""The evaluator: measures a painting as a reader would see it.  What cannot be published is out; the best wins."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generators.banner.fonts import advance, font
from generators.banner.geometry import Box
from generators.banner.layout import Layout, Run, Treatment
from generators.banner.paint import Painting
from generators.banner.palette import READABLE, RGB, luminance

LOGO_CONTRAST = 2.0  #: the logo's median pixel against what it stands on
PRODUCT_CONTRAST = 1.35  #: a product that stands free, against the ground around it
CLEAR_SPACE = 0.25  #: around the logo, in its heights
MAX_OUTSIDE = 0.45  #: of a busy photo's detail, cropped away; a product on a plain backdrop is never cropped
NO_SENDER = 0.6  #: what an advertisement is worth that does not say whose it is
MAX_HIDDEN = 0.01  #: of the product, covered by type, plates and logo


@dataclass(frozen=True)
class Verdict:
    """The measures of one painting, the *faults* that keep it from being published, and its *score*."""

    measures: dict[str, float]
    faults: tuple[str, ...]
    score: float


def misplaced(layout: Layout) -> bool:
    """What needs no pixels to see: something leaves its bounds, or touches what it should not."""
    inks = [_ink(run) for run in layout.runs]
    return _overflow(layout, inks) > 0 or _overlap(layout, inks) > 0


def judge(layout: Layout, painting: Painting, logo: Image.Image | None) -> Verdict:
    """Measure *painting* on its real pixels."""
    inks = [_ink(run) for run in layout.runs]
    lowest = min(
        (_contrast(painting.under, ink, run.colour) for run, ink in zip(layout.runs, inks, strict=True)), default=21.0
    )
    blocks = [*inks, *(plate.box for plate in layout.plates), *([layout.logo] if layout.logo else [])]
    measures = {
        "contrast": lowest,
        "overflow": _overflow(layout, inks),
        "overlap": _overlap(layout, inks),
        "hidden": _hidden(painting, blocks),
        "outside": _outside(layout, painting.extent),
        "logo_contrast": _logo_contrast(layout, painting, logo),
        "text_share": sum(ink.area for ink in inks) / (layout.size[0] * layout.size[1]),
        "product_share": _product_share(layout, painting.extent),
        "product_contrast": _product_contrast(layout, painting),
        "balance": _balance(layout, painting, blocks),
        "smallest_px": min((run.size for run in layout.runs), default=0.0),
    }
    faults = tuple(_faults(measures))
    return Verdict({name: round(value, 3) for name, value in measures.items()}, faults, _score(layout, measures))


def _faults(measures: dict[str, float]) -> list[str]:
    checks = {
        "contrast": measures["contrast"] < READABLE,
        "overflow": measures["overflow"] > 0,
        "overlap": measures["overlap"] > 0,
        "hidden": measures["hidden"] > MAX_HIDDEN,
        "outside": measures["outside"] > MAX_OUTSIDE,
        "logo_contrast": measures["logo_contrast"] < LOGO_CONTRAST,
        "product_contrast": measures["product_contrast"] < PRODUCT_CONTRAST,
    }
    return [name for name, failed in checks.items() if failed]


def _score(layout: Layout, measures: dict[str, float]) -> float:
    """0..1: large product, large headline, nothing left out, a calm balance, room to breathe."""
    headline, level = layout.merits.get("headline", 0.0), layout.merits.get("level", 0.0)
    product = min(1.0, measures["product_share"] / 0.34) if layout.picture is not None else 1.0
    air = 1.0 - min(1.0, max(0.0, measures["text_share"] - 0.22) / 0.2)
    sender = layout.logo is not None or any(run.role == "brand" for run in layout.runs)
    whole = 1.0 - min(1.0, measures["outside"] / MAX_OUTSIDE)
    score = (
        0.29 * product * whole
        + 0.31 * min(1.0, headline)
        + 0.16 * (1 - level / 4)
        + 0.14 * (1 - measures["balance"])
        + 0.10 * air
    )
    return float(score if sender else score * NO_SENDER)


def _ink(run: Run) -> Box:
    """Where the run's pixels really are, descenders included."""
    _, top, _, bottom = font(run.style, run.size).getbbox(run.text, anchor="ls")
    return Box(0, top, advance(run.text, run.style, run.size), bottom).moved(round(run.x), round(run.baseline))


def _contrast(under: Image.Image, ink: Box, colour: RGB) -> float:
    """The contrast that 98 % of the pixels under a text reach."""
    left, top, right, bottom = ink.pixels()
    patch = under.crop((max(0, left - 1), max(0, top - 1), min(under.width, right + 1), min(under.height, bottom + 1)))
    if 0 in patch.size:
        return 1.0
    ground = _luminances(np.asarray(patch))
    own = luminance(colour)
    ratios = (np.maximum(ground, own) + 0.05) / (np.minimum(ground, own) + 0.05)
    return float(np.quantile(ratios, 0.02))


def _luminances(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    values = pixels[..., :3].astype(np.float64) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def _overflow(layout: Layout, inks: Sequence[Box]) -> float:
    """How many texts, plates and logos leave the safe area (descenders may dip into the margin) or their plate."""
    slack = 0.35 * (layout.safe.top if layout.safe.top < 40 else 40)
    outer = Box(0, 0, *layout.size)
    count = sum(not (layout.safe.inset(-1.5, -slack).holds(ink) and outer.holds(ink)) for ink in inks)
    count += sum(not layout.safe.inset(-1.0).holds(plate.box) for plate in layout.plates)
    for plate in layout.plates:
        inside = [ink for run, ink in zip(layout.runs, inks, strict=True) if f"{run.role}_plate" == plate.role]
        count += sum(not plate.box.holds(ink) for ink in inside)
    if layout.logo is not None:
        count += not layout.safe.inset(-1.0).holds(layout.logo)
    return float(count)


def _overlap(layout: Layout, inks: Sequence[Box]) -> float:
    """How many pairs of elements touch that should not; lines of one text may nest ascender into descender."""
    things = [(run.role, ink) for run, ink in zip(layout.runs, inks, strict=True)]
    things += [(plate.role, plate.box) for plate in layout.plates]
    if layout.logo is not None:
        things.append(("logo", layout.logo.inset(-CLEAR_SPACE * layout.logo.height * 0.98)))
    count = 0
    for (one, box), (other, rival) in combinations(things, 2):
        if one == other or f"{one}_plate" == other or f"{other}_plate" == one:
            continue
        count += box.shared(rival) > 1.0
    return float(count)


def _hidden(painting: Painting, blocks: Sequence[Box]) -> float:
    """Share of the product's pixels under type, plates and logo."""
    total = np.asarray(painting.product).sum(dtype=np.int64)
    if total == 0:
        return 0.0
    bare = painting.product.copy()
    for block in blocks:
        bare.paste(0, block.pixels())
    return 1.0 - float(np.asarray(bare).sum(dtype=np.int64) / total)


def _outside(layout: Layout, extent: Box | None) -> float:
    if extent is None or extent.area == 0 or layout.picture is None:
        return 0.0
    framed = layout.picture.treatment in (Treatment.PANEL, Treatment.FADE)
    return 1.0 - extent.shared(layout.picture.panel if framed else Box(0, 0, *layout.size)) / extent.area


def _product_share(layout: Layout, extent: Box | None) -> float:
    return 0.0 if extent is None else extent.shared(Box(0, 0, *layout.size)) / (layout.size[0] * layout.size[1])


def _product_contrast(layout: Layout, painting: Painting) -> float:
    """The product's mean luminance against that of the ground close around it; a framed photo brings its own."""
    picture = layout.picture
    if painting.extent is None or picture is None or picture.treatment in (Treatment.PANEL, Treatment.FADE):
        return 21.0
    edges = painting.extent.inset(-0.03 * painting.extent.width).pixels()
    mask = np.asarray(painting.product.crop(edges).resize((96, 96), Image.Resampling.BOX))
    light = _luminances(np.asarray(painting.under.crop(edges).resize((96, 96), Image.Resampling.BOX)))
    if not (mask > 200).any() or not (mask < 20).any():
        return 21.0
    low, high = sorted((float(light[mask > 200].mean()), float(light[mask < 20].mean())))
    return (high + 0.05) / (low + 0.05)


def _logo_contrast(layout: Layout, painting: Painting, logo: Image.Image | None) -> float:
    if layout.logo is None or logo is None:
        return 21.0
    left, top, right, bottom = layout.logo.pixels()
    size = (max(1, right - left), max(1, bottom - top))
    rgba = np.asarray(logo.convert("RGBA").resize(size, Image.Resampling.BOX))
    solid = rgba[..., 3] > 128
    if not solid.any():
        return 1.0
    own = _luminances(rgba)[solid]
    ground = _luminances(np.asarray(painting.under.crop((left, top, right, bottom)).resize(size)))[solid]
    ratios = (np.maximum(ground, own) + 0.05) / (np.minimum(ground, own) + 0.05)
    return float(np.median(ratios))


def _balance(layout: Layout, painting: Painting, blocks: Sequence[Box]) -> float:
    """Distance of the common centre of product and type from the middle, 0..1."""
    weighted = [(block.area, block.centre) for block in blocks]
    if painting.extent is not None:
        weighted.append((painting.extent.area * 0.7, painting.extent.centre))
    total = sum(weight for weight, _ in weighted)
    if total == 0:
        return 1.0
    x = sum(weight * centre[0] for weight, centre in weighted) / total / layout.size[0] - 0.5
    y = sum(weight * centre[1] for weight, centre in weighted) / total / layout.size[1] - 0.5
    return min(1.0, 2 * float(np.hypot(x, y)))
