"""Uploaded images: what is taken, what is refused, and in which words."""

import io
import struct
import zlib

import pytest
from PIL import Image

from adloom.core.errors import BadImage
from services.images import MAX_BYTES, check_image, is_upload, is_url, may_load, store_image
from storage import open_store
from tests.pictures import picture


@pytest.mark.parametrize(
    ("format", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]
)
def test_three_formats_are_taken_for_what_their_bytes_are(format: str, media_type: str) -> None:
    facts = check_image(picture(format))
    assert (facts.media_type, facts.width_px, facts.height_px) == (media_type, 8, 6)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "1", "I;16"])
def test_every_usual_colour_mode_is_taken(mode: str) -> None:
    buffer = io.BytesIO()
    Image.new(mode, (8, 6)).save(buffer, "JPEG" if mode == "CMYK" else "PNG")
    assert check_image(buffer.getvalue()).width_px == 8


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def animation() -> bytes:
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (8, 6), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"hello", "not an image"),
        (b"GIF89a....", "a GIF"),
        (b"<svg xmlns='x'/>", "an SVG"),
        (b"%PDF-1.7", "a PDF"),
        (b"\0\0\0\x20ftypheic....", "HEIC"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "not an image"),
        (b"\x89PNG\r\n\x1a\n" + b"junk" * 10, "damaged or cut short"),
        (b"\xff\xd8\xff" + b"junk" * 10, "damaged or cut short"),
        (b"RIFF\x10\0\0\0WEBPVP8 junkjunk", "damaged or cut short"),
        (picture("PNG", (100, 100))[:-20], "damaged or cut short"),
        (picture("JPEG", (100, 100))[:-20], "damaged or cut short"),
        (picture("WEBP", (100, 100))[:-2], "damaged or cut short"),
        (bomb(6_400, 6_400), "too many pixels"),
        (bomb(10_000, 10_000), "too many pixels"),  # Pillow only warns here
        (bomb(60_000, 60_000), "too many pixels"),  # and refuses here
        (bomb(13_000, 100), "no side may exceed"),
        (animation(), "2 frames"),
        (b"\xff\xd8\xff" + b"\0" * MAX_BYTES, "at most 20 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_what_is_no_usable_image_is_refused_with_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(BadImage, match=said):
        check_image(data)


def test_the_same_bytes_are_stored_once() -> None:
    store = open_store("memory:")
    first, again = (store_image(store, "ada", picture()) for _ in range(2))
    assert first == again
    assert store.get(first.key) == picture()
    assert store_image(store, "bob", picture()).key != first.key


def test_a_refused_image_is_not_kept() -> None:
    store = open_store("memory:")
    with pytest.raises(BadImage):
        store_image(store, "ada", b"junk")


@pytest.mark.parametrize(
    ("reference", "allowed"),
    [
        ("https://cdn.example/1.png", True),
        ("uploads/ada/abc", True),
        ("uploads/adam/abc", False),
        ("uploads/bob/abc", False),
        ("assets/ada/1", False),
        ("images/1.png", False),
        ("file:///etc/passwd", False),
    ],
)
def test_an_owner_may_name_addresses_and_its_own_uploads(reference: str, allowed: bool) -> None:
    assert may_load(reference, "ada") is allowed
    assert is_url(reference) or is_upload(reference, "ada") is allowed
