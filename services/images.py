"""Uploaded images: checked before anything keeps them, and stored under the hash of their bytes."""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image

from adloom.core.errors import BadImage
from storage import ObjectStore

MAX_PIXELS = 40_000_000
MAX_SIDE_PX = 12_000
MAX_BYTES = 20 * 1024 * 1024

_OTHERS = {  # what people send instead, by how it begins
    b"GIF8": "a GIF",
    b"BM": "a BMP",
    b"II*\0": "a TIFF",
    b"MM\0*": "a TIFF",
    b"%PDF": "a PDF",
    b"8BPS": "a Photoshop file",
    b"<svg": "an SVG",
    b"<?xml": "XML, perhaps an SVG",
    b"<!DOC": "a web page",
    b"<html": "a web page",
}


@dataclass(frozen=True)
class ImageFacts:
    """What an image is, by its bytes and not by its name."""

    format: str
    media_type: str
    width_px: int
    height_px: int


@dataclass(frozen=True)
class StoredImage:
    """A checked image and its key in the store."""

    key: str
    facts: ImageFacts


def check_image(data: bytes) -> ImageFacts:
    """Decode *data* once, whole, and say what it is.

    Raises:
        BadImage: no JPEG, PNG or WebP, truncated, animated or too large; the message says which and what to do.
    """
    if not data:
        raise BadImage("The file is empty.")
    if len(data) > MAX_BYTES:
        raise BadImage(f"The file has {len(data) / 1e6:.0f} MB; at most {MAX_BYTES // 1024 // 1024} MB are taken.")
    return _decode(data, _sniff(data))


def store_image(store: ObjectStore, owner: str, data: bytes) -> StoredImage:
    """Check *data* and store it; the same bytes have the same key, so sending them twice changes nothing.

    Raises:
        BadImage: see `check_image`.
    """
    facts = check_image(data)
    key = f"uploads/{owner}/{hashlib.sha256(data).hexdigest()}"
    if not store.exists(key):
        store.put(key, data, media_type=facts.media_type)
    return StoredImage(key, facts)


def is_url(reference: str) -> bool:
    """Whether an image is named by its address on the web, and so fetched by the worker rather than uploaded."""
    return reference.startswith(("http://", "https://"))


def may_load(reference: str, owner: str) -> bool:
    """Whether *owner* may name this image in a spec: an address, or an upload of its own."""
    return is_url(reference) or is_upload(reference, owner)


def is_upload(reference: str, owner: str) -> bool:
    """Whether this is the key of an upload of *owner*'s own."""
    return reference.startswith(f"uploads/{owner}/")


def _sniff(data: bytes) -> str:
    """The format that the first bytes claim."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data[4:8] == b"ftyp":
        found = "a HEIC, AVIF or video file"
    else:
        found = next((what for magic, what in _OTHERS.items() if start.startswith(magic)), "not an image")
    raise BadImage(f"This is {found}. Send a JPEG, PNG or WebP.")


def _decode(data: bytes, name: str) -> ImageFacts:
    try:
        with Image.open(io.BytesIO(data), formats=[name]) as image:
            image.verify()  # checksums: decoding alone forgives a PNG that lacks its end
        with Image.open(io.BytesIO(data), formats=[name]) as image:  # reads the header only
            if problem := _oversize(*image.size) or _animation(image):
                raise BadImage(problem)
            image.load()
            width_px, height_px = image.size
            return ImageFacts(name, f"image/{name.lower()}", width_px, height_px)
    except BadImage:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadImage(_TOO_MANY_PIXELS) from None
    except Exception:  # bytes from anywhere: Pillow's decoders raise whatever they meet, SyntaxError included
        raise BadImage(f"This {name} is damaged or cut short. Export it again and send the whole file.") from None


_TOO_MANY_PIXELS = f"The image has too many pixels; at most {MAX_PIXELS // 1_000_000} million are taken. Scale it down."


def _oversize(width_px: int, height_px: int) -> str:
    if width_px * height_px > MAX_PIXELS:
        return _TOO_MANY_PIXELS
    if max(width_px, height_px) > MAX_SIDE_PX:
        return f"The image is {width_px} × {height_px} pixels; no side may exceed {MAX_SIDE_PX:,}. Scale it down."
    return ""


def _animation(image: Image.Image) -> str:
    frames = int(getattr(image, "n_frames", 1))
    return f"The image is animated ({frames} frames). Send one still." if frames > 1 else ""
