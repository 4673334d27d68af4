"""Untrusted photos are refused kindly; measured criteria decide what a layout may do with the others."""

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw

from adloom.core.errors import BadImage
from generators.banner import open_photo
from generators.banner.photo import study
from tests.generators.banner_requests import busy_photo, encoded, plain_photo, transparent_photo


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_the_formats_that_shops_use_are_read(format: str) -> None:
    image = open_photo(plain_photo(format=format))
    assert (image.size, image.mode) == ((300, 300), "RGB")


@pytest.mark.parametrize("format", ["GIF", "TIFF", "BMP", "PPM", "ICO"])
def test_other_formats_are_refused(format: str) -> None:
    with pytest.raises(BadImage, match="JPEG, PNG or WebP"):
        open_photo(plain_photo(format=format, size=128))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_photo_is_refused(format: str) -> None:
    data = plain_photo(format=format)
    with pytest.raises(BadImage):
        open_photo(data[: len(data) * 2 // 3])


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"RIFF\x00\x00\x00\x00WEBPVP8 "]
)
def test_bytes_that_are_no_image_are_refused(data: bytes) -> None:
    with pytest.raises(BadImage):
        open_photo(data)


@pytest.mark.parametrize(("width", "height"), [(8000, 8000), (60_000, 60_000)])
def test_a_bomb_is_refused_before_it_is_decoded(width: int, height: int) -> None:
    with pytest.raises(BadImage, match="megapixels"):
        open_photo(_png_header(width, height))


def test_an_animation_is_refused() -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    out = BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    with pytest.raises(BadImage, match="animated"):
        open_photo(out.getvalue())


def test_a_photo_stands_upright() -> None:
    image = Image.new("RGB", (200, 100), "red")
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn by 90 degrees
    out = BytesIO()
    image.save(out, "JPEG", exif=exif)
    assert open_photo(out.getvalue()).size == (100, 200)


def test_cmyk_and_palettes_become_rgb() -> None:
    cmyk = encoded(Image.new("CMYK", (100, 100), (0, 255, 255, 0)), "JPEG")
    palette = encoded(Image.new("RGB", (100, 100), "red").convert("P"), "PNG")
    assert open_photo(cmyk).mode == open_photo(palette).mode == "RGB"


def test_a_product_on_a_plain_backdrop_is_found_and_cut_out() -> None:
    photo = study(open_photo(plain_photo()))

    assert photo.plain
    assert photo.free
    assert photo.matte is not None
    coverage = np.asarray(photo.matte, dtype=np.float64) / 255
    assert coverage.mean() == pytest.approx(0.5 * 0.6 * np.pi / 4, rel=0.05)  # the ellipse's own area
    assert coverage[150, 150] == 1.0
    assert coverage[5, 5] == 0.0
    assert photo.focus == pytest.approx((75, 60, 225, 240), abs=6)


def test_a_busy_background_is_neither_plain_nor_cut_out() -> None:
    photo = study(open_photo(busy_photo()))
    assert not photo.plain
    assert photo.matte is None
    assert photo.shade is None


@pytest.mark.parametrize("product", ["#e4e4e2", "#a9a9a7"])
def test_a_product_that_looks_like_a_shadow_of_its_backdrop_is_not_cut_out_by_guesswork(product: str) -> None:
    photo = study(open_photo(plain_photo(product=product)))
    assert photo.plain
    assert photo.matte is None


def test_a_product_that_leaves_the_picture_does_not_stand_free() -> None:
    image = Image.new("RGB", (300, 300), "#f1f1ee")
    ImageDraw.Draw(image).rectangle([0, 100, 200, 299], fill="#7a1f1f")
    photo = study(open_photo(encoded(image, "PNG")))
    assert not photo.free


def test_a_photos_own_transparency_is_its_matte() -> None:
    photo = study(open_photo(transparent_photo()))
    assert photo.matte is not None
    assert photo.focus == pytest.approx((90, 30, 211, 271), abs=2)


def test_an_entirely_transparent_photo_is_refused() -> None:
    with pytest.raises(BadImage, match="transparent"):
        study(open_photo(encoded(Image.new("RGBA", (100, 100), (0, 0, 0, 0)), "PNG")))


def _png_header(width: int, height: int) -> bytes:
    """A PNG that claims to be large and holds nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(64)))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
