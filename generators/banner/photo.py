"""Read a product photo safely, and learn from its pixels what a layout may do with it."""

import warnings
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from adloom.core.errors import BadImage
from generators.banner.matte import Segmentation, cut_out, segment

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 40_000_000
MIN_SIDE_PX = 32
WORK_SIDE_PX = 1600  #: larger photos are scaled down once: no slot shows more of them


@dataclass(frozen=True)
class Photo:
    """A product photo and what was measured in it.

    *matte* is the product's coverage (mode L) where it could be cut out cleanly, else None.  *shade* is the photo
    divided by its own backdrop (mode RGB, white where nothing stands): multiplied onto a light ground it brings the
    product and its natural shadow along; *body* says where the product itself lets no ground through.  *focus* is the
    product's box in pixels.  *plain*: the backdrop is one smooth sweep.  *free*: and the product is whole, so it may
    stand anywhere.
    """

    image: Image.Image
    matte: Image.Image | None
    shade: Image.Image | None
    body: Image.Image | None
    focus: tuple[int, int, int, int]
    backdrop: tuple[int, int, int]
    plain: bool
    free: bool
    measured: dict[str, float]


def open_photo(data: bytes) -> Image.Image:
    """Decode an untrusted still image: upright, RGB or RGBA, at most 40 megapixels.

    Raises:
        BadImage: not a JPEG, PNG or WebP; animated; truncated; too many pixels or too few.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            opened = Image.open(BytesIO(data), formats=FORMATS)
            _check(opened)
            opened.load()
            image: Image.Image = ImageOps.exif_transpose(opened)
        except UnidentifiedImageError:
            raise BadImage("it is not a JPEG, PNG or WebP file") from None
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise BadImage(f"it has more than {MAX_PIXELS // 1_000_000} megapixels") from None
        except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, OverflowError):
            raise BadImage("its data is damaged or cut off") from None
    return _upright_rgb(image)


def _check(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise BadImage(f"it has {image.width} x {image.height} pixels, more than {MAX_PIXELS // 1_000_000} megapixels")
    if min(image.size) < MIN_SIDE_PX:
        raise BadImage(f"it has only {image.width} x {image.height} pixels")
    if image.format in ("PNG", "WEBP") and getattr(image, "is_animated", False):
        raise BadImage("it is animated")


def _upright_rgb(image: Image.Image) -> Image.Image:
    """RGBA where something is transparent, else RGB; no larger than any slot needs."""
    transparent = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    image = image.convert("RGBA" if transparent else "RGB")
    if transparent and image.getchannel("A").getextrema()[0] == 255:
        image = image.convert("RGB")
    image.thumbnail((WORK_SIDE_PX, WORK_SIDE_PX), Image.Resampling.LANCZOS)
    return image


def study(image: Image.Image) -> Photo:
    """Measure *image*: is its background plain, where is the product, can it be cut out cleanly?"""
    if image.mode == "RGBA":
        return _ready_made(image)
    found = segment(image)
    matte = cut_out(image, found) if found.clean else None
    return Photo(
        image=image if matte is None else matte.foreground,
        matte=None if matte is None else matte.alpha,
        shade=found.shade if found.plain else None,
        body=found.body if found.plain else None,
        focus=found.focus,
        backdrop=found.backdrop,
        plain=found.plain,
        free=found.free,
        measured=found.measured,
    )


def _ready_made(image: Image.Image) -> Photo:
    """A photo that comes with its own transparency is cut out already."""
    alpha = image.getchannel("A")
    box = alpha.point(lambda level: 255 if level > 24 else 0).getbbox()
    if box is None:
        raise BadImage("it is entirely transparent")
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=alpha)
    share = float(np.asarray(alpha, dtype=np.float32).mean() / 255)
    return Photo(
        flat, alpha, None, None, box, (255, 255, 255), True, True, {"coverage": round(share, 4), "transparent": 1.0}
    )


__all__ = ["Photo", "Segmentation", "open_photo", "study"]
