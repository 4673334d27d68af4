"""Tell a product from a plain backdrop by classical means: a smooth model of the backdrop, a flood, a guided filter.

Coordinates: H rows, W columns, C = 3 channels; images are float32 in 0..1 unless they are Pillow's.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from generators.banner.pixels import (
    Array,
    Mask,
    box_blur,
    flood,
    grow,
    guided,
    pieces,
    resize,
    shrink,
    spread,
    to_array,
    to_image,
    without_specks,
)

SMALL_SIDE_PX = 320  #: segmentation works at this size: fast, and blind to grain
RING = 0.03  #: share of the side that counts as the border
MIN_PLAIN_SHARE = 0.60  #: border pixels that must follow the smooth backdrop
MAX_PLAIN_ERROR = 0.035  #: their root-mean-square distance from it
EDGE = 0.030  #: a step between neighbours that the flood does not cross
FAR = 0.060  #: a change of hue that no shadow makes
PALE = 0.50  #: a rim brighter than this share of the backdrop, in its hue, is shadow rather than product
MAX_HOLE = 0.03  #: of the picture: a larger pale area inside a product is a dial or a label, not a view through it
MAX_PEELED = 0.10  #: share of the product that may look like shadow before its outline is a guess
MAX_TOUCH = 0.02  #: share of the outermost pixels that the product may cover where it is to stand free


@dataclass(frozen=True)
class Segmentation:
    """What stands where.  *product* is a mask at the small size.  *plain*: the backdrop is one smooth sweep.

    *free*: and the product does not leave the picture.  *clean*: and a cut-out will look cut by hand.
    """

    product: Mask
    backdrop_model: Array  # (H, W, C) at the small size
    shade: Image.Image
    focus: tuple[int, int, int, int]
    backdrop: tuple[int, int, int]
    body: Image.Image  #: the product's inside (mode L), soft towards its outline
    plain: bool
    free: bool
    clean: bool
    measured: dict[str, float]


@dataclass(frozen=True)
class Matte:
    """Coverage and the product's own colours, free of the backdrop's."""

    alpha: Image.Image
    foreground: Image.Image


def segment(image: Image.Image) -> Segmentation:
    """Split *image* into product and backdrop, and measure how far the split can be trusted."""
    scale = SMALL_SIDE_PX / max(image.size)
    size = (max(8, round(image.width * scale)), max(8, round(image.height * scale)))
    small = to_array(image.resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC))
    model, share, error = _fit_backdrop(small)
    plain = share >= MIN_PLAIN_SHARE and error <= MAX_PLAIN_ERROR
    product = _product_mask(small, model) if plain else np.ones(small.shape[:2], dtype=bool)
    core = _peel(product, small, model) if plain else product
    measured = {
        "border_plain": share,
        "border_error": error,
        "coverage": float(product.mean()),
        "peeled": 1 - float(core.sum()) / max(1, int(product.sum())),
        "touch": float(core[_frame(core.shape, 2)].mean()),
    }
    free = plain and 0.02 <= measured["coverage"] <= 0.85 and measured["touch"] <= MAX_TOUCH
    return Segmentation(
        product=core,
        backdrop_model=model,
        shade=_shade(image, _refined(small, model, product) if plain else model, core),
        focus=_focus(core | _strong(small, model), image.size) if plain else _busy_focus(small, image.size),
        backdrop=_colour(np.median(_ring(small), axis=0)),
        body=_body(product, image.size),
        plain=plain,
        free=free,
        clean=free and measured["peeled"] <= MAX_PEELED,
        measured={name: round(float(value), 4) for name, value in measured.items()},
    )


def cut_out(image: Image.Image, found: Segmentation) -> Matte:
    """A soft matte that follows the photo's own edges, and colours with the backdrop taken out of the rim."""
    full = to_array(image)
    coarse = resize(found.product.astype(np.float32), image.size)
    radius = max(2, round(max(image.size) / 200))
    alpha = guided(full.mean(axis=2), coarse, radius=radius, epsilon=2e-4)
    alpha = np.clip((alpha - 0.12) / 0.76, 0.0, 1.0)
    sure = box_blur(coarse, radius * 3)
    alpha = np.where(sure > 0.98, 1.0, np.where(sure < 0.02, 0.0, alpha)).astype(np.float32)
    model = np.stack([resize(found.backdrop_model[..., c], image.size) for c in range(3)], axis=-1)
    rim = alpha[..., None]
    pure = np.where(rim > 0.05, (full - (1 - rim) * model) / np.maximum(rim, 0.05), full)
    inner = spread(full, (alpha > 0.95).astype(np.float32), radius * 2)
    pure = np.where(rim > 0.35, np.clip(pure, inner - 0.25, inner + 0.25), inner)  # a noisy division must not sparkle
    return Matte(alpha=to_image(alpha), foreground=to_image(np.where(rim >= 0.98, full, pure)))


def _ring(small: Array) -> Array:
    mask = _ring_mask(small.shape[:2])
    return small[mask]


def _ring_mask(shape: tuple[int, ...]) -> Mask:
    return _frame(shape, max(2, round(RING * max(shape))))


def _frame(shape: tuple[int, ...], width: int) -> Mask:
    mask = np.ones(shape, dtype=bool)
    mask[width:-width, width:-width] = False
    return mask


def _basis(shape: tuple[int, ...]) -> Array:
    """(H, W, 6) the terms of a quadratic surface over -1..1."""
    rows, columns = np.meshgrid(np.linspace(-1, 1, shape[0]), np.linspace(-1, 1, shape[1]), indexing="ij")
    terms = [np.ones_like(rows), rows, columns, rows * columns, rows**2, columns**2]
    return np.stack(terms, axis=-1).astype(np.float32)


def _fit_backdrop(small: Array) -> tuple[Array, float, float]:
    """A quadratic surface through the border, the share of the border that follows it, and how closely."""
    basis, ring = _basis(small.shape[:2]), _ring_mask(small.shape[:2])
    points, values = basis[ring], small[ring]
    keep = np.ones(len(points), dtype=bool)
    for _ in range(6):
        weights, *_ = np.linalg.lstsq(points[keep], values[keep], rcond=None)
        residual = np.abs(points @ weights - values).max(axis=1)
        spread = max(0.02, 2.5 * float(np.median(residual[keep])))
        keep = residual < min(spread, 0.10)
        if keep.sum() < 50:
            break
    share = float(keep.mean())
    error = float(np.sqrt(np.mean(residual[keep] ** 2))) if keep.any() else 1.0
    return np.clip(basis @ weights, 0, 1).astype(np.float32), share, error


def _refined(small: Array, model: Array, product: Mask) -> Array:
    """The backdrop again, as a quartic surface through all of it that lies in no deep shadow: follows a vignette."""
    open_ground = ~grow(product, 4) & ((small / np.maximum(model, 0.05)).mean(axis=2) > 0.80)
    if open_ground.mean() < 0.15:
        return model
    down, right = (np.vander(np.linspace(-1, 1, n), 5, increasing=True) for n in small.shape[:2])
    basis = np.stack([down[:, None, i] * right[None, :, j] for i in range(5) for j in range(5 - i)], axis=-1)
    points, values = basis[open_ground], small[open_ground].astype(np.float64)
    ridge = 1e-4 * len(points) * np.eye(points.shape[1])  # tame where nothing is known: under the product
    weights = np.linalg.solve(points.T @ points + ridge, points.T @ values)
    return np.clip(basis @ weights, 0.05, 1).astype(np.float32)


def _edges(small: Array) -> Array:
    """(H, W) the largest step to a neighbour over all channels."""
    soft = np.stack([box_blur(small[..., c], 1) for c in range(3)], axis=-1)
    down = np.abs(np.diff(soft, axis=0, append=soft[-1:])).max(axis=2)
    right = np.abs(np.diff(soft, axis=1, append=soft[:, -1:])).max(axis=2)
    return np.asarray(np.maximum(down, right), dtype=np.float32)


def _hue_change(small: Array, model: Array) -> Array:
    """(H, W) distance from the backdrop that no shadow or highlight explains: those scale all channels alike."""
    ratio = (small + 0.02) / (model + 0.02)
    level = ratio.mean(axis=2, keepdims=True)
    return np.asarray(np.abs(ratio - level).max(axis=2) * np.minimum(1.0, level[..., 0]), dtype=np.float32)


def _product_mask(small: Array, model: Array) -> Mask:
    """What a flood from the border cannot reach: it runs over smooth shadows and stops at edges and other hues."""
    darkness = (model - small).mean(axis=2)
    smooth = (_edges(small) < EDGE) & (_hue_change(small, model) < FAR) & (darkness < 0.45)
    start = _ring_mask(small.shape[:2]) & smooth & (np.abs(darkness) < 0.25)
    backdrop = flood(start, smooth)
    near = (np.abs(small - model).max(axis=2) < 0.035) & smooth  # the backdrop seen through a strap or a handle
    holes = near & ~backdrop
    if not pieces(holes, MAX_HOLE, 1.0).any():
        backdrop |= without_specks(holes, 0.0008)
    product = ~grow(backdrop, 1)
    product = grow(~grow(~product, 1), 1)
    return without_specks(grow(product, 1), 0.004)


def _busy_focus(small: Array, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Where a busy photo has most of its detail: good enough to choose a crop by."""
    detail = _edges(small).astype(np.float64)
    edges = []
    for axis, length in ((0, size[0]), (1, size[1])):
        mass = np.cumsum(detail.sum(axis=axis))
        low, high = np.searchsorted(mass, (0.12 * mass[-1], 0.88 * mass[-1]))
        edges.append((int(low / len(mass) * length), int((high + 1) / len(mass) * length)))
    (left, right), (top, bottom) = edges
    return left, top, right, bottom


def _peel(product: Mask, small: Array, model: Array) -> Mask:
    """*product* without what clings to its rim and is only the backdrop in shadow."""
    ratio = ((small + 0.02) / (model + 0.02)).mean(axis=2)
    shadow = (_hue_change(small, model) < FAR) & (ratio > PALE) & (ratio < 1.15)
    outside = flood(~product, ~product | shadow)
    core = grow(~grow(outside, 2), 2) & product  # opened: no thin remains of a shadow's rim
    return without_specks(core | (product & ~outside & ~grow(outside, 1)), 0.004)


def _shade(image: Image.Image, model: Array, product: Mask) -> Image.Image:
    """The photo over its backdrop, faded to white at the border so that no rectangle shows."""
    full = to_array(image)
    backdrop = np.stack([resize(model[..., c], image.size) for c in range(3)], axis=-1)
    ratio = np.clip(full / np.maximum(backdrop, 0.05), 0, 1)
    ratio = np.clip((ratio - 0.02) / 0.955, 0, 1)  # grain just under white becomes white
    keep = _border_fade(product.shape)
    keep = np.maximum(keep, box_blur(grow(product, 3).astype(np.float32), 2) * _border_fade(product.shape, 0.035))
    weight = np.clip(resize(keep.astype(np.float32), image.size), 0, 1)[..., None]
    return to_image((ratio * weight + (1 - weight)).astype(np.float32))


def _border_fade(shape: tuple[int, ...], share: float = 0.10) -> Array:
    """(H, W) 0 at the border, 1 from *share* of the side inwards."""
    rows = np.minimum(np.arange(shape[0]), np.arange(shape[0])[::-1])[:, None] / (share * shape[0])
    columns = np.minimum(np.arange(shape[1]), np.arange(shape[1])[::-1])[None, :] / (share * shape[1])
    ramp = np.clip(np.minimum(rows, columns), 0, 1)
    return np.asarray(ramp * ramp * (3 - 2 * ramp), dtype=np.float32)


def _body(product: Mask, size: tuple[int, int]) -> Image.Image:
    soft = box_blur(box_blur(shrink(product, 2).astype(np.float32), 2), 1) * _border_fade(product.shape, 0.05)
    return to_image(resize(soft, size))


def _strong(small: Array, model: Array) -> Mask:
    """What differs from the backdrop more than a shadow does: poles and straps that the mask is too coarse for."""
    return without_specks(grow(np.abs(small - model).max(axis=2) > 0.34, 1), 0.001)


def _focus(product: Mask, size: tuple[int, int]) -> tuple[int, int, int, int]:
    if not product.any():
        return 0, 0, size[0], size[1]
    rows = np.flatnonzero(product.mean(axis=1) > 0.006)
    columns = np.flatnonzero(product.mean(axis=0) > 0.04)  # a shadow thrown sideways is long and flat
    if not rows.size or not columns.size:
        rows, columns = np.flatnonzero(product.any(axis=1)), np.flatnonzero(product.any(axis=0))
    x, y = size[0] / product.shape[1], size[1] / product.shape[0]
    return (
        int(columns[0] * x),
        int(rows[0] * y),
        min(size[0], int((columns[-1] + 1) * x) + 1),
        min(size[1], int((rows[-1] + 1) * y) + 1),
    )


def _colour(values: Array) -> tuple[int, int, int]:
    red, green, blue = (round(float(v) * 255) for v in values)
    return red, green, blue
