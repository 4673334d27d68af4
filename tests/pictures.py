"""Small images for tests that upload some."""

import io

from PIL import Image


def picture(format: str = "PNG", size: tuple[int, int] = (8, 6), **options: object) -> bytes:
    """The bytes of a one-coloured image."""
    buffer = io.BytesIO()
    Image.new("RGB", size, "#336699").save(buffer, format, **options)
    return buffer.getvalue()
