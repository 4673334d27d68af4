"""From pixels to a file: inside the slot's byte limit, and labelled as made with a trained algorithm."""

import sys
from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from adloom.channels import Slot
from adloom.core.errors import GenerationError

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
BEST_QUALITY, LEAST_QUALITY = 93, 62
PNG_PIXELS = 120_000  #: up to this size a PNG is tried as well: flat colours often compress better, and stay exact

_XMP = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Adloom">
<Iptc4xmpExt:DigitalSourceType>{SOURCE_TYPE}</Iptc4xmpExt:DigitalSourceType>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


class FileTooLarge(GenerationError):
    """The picture does not fit the slot's byte limit, even at the lowest quality worth showing."""

    code = "file-too-large"


@dataclass(frozen=True)
class Encoded:
    """A file; *quality* is 100 for a PNG."""

    data: bytes
    media_type: str
    quality: int


def encode(image: Image.Image, slot: Slot) -> Encoded:
    """The best file of *image* that the slot takes.

    Raises:
        FileTooLarge: none is small enough.
    """
    jpeg = {"jpg", "jpeg"} & set(slot.formats)
    candidates, most = [], slot.max_bytes or sys.maxsize
    if jpeg:
        candidates.append(_best_jpeg(image, most))
    if "png" in slot.formats and (not jpeg or image.width * image.height <= PNG_PIXELS or candidates == [None]):
        candidates.append(_png(image, most))
    fitting = [candidate for candidate in candidates if candidate is not None]
    if not fitting:
        raise FileTooLarge
    return min(fitting, key=lambda encoded: len(encoded.data))


def _best_jpeg(image: Image.Image, max_bytes: int) -> Encoded | None:
    """Full colour resolution first, so that coloured type keeps its edges; the highest quality that fits."""
    for subsampling in ("4:4:4", "4:2:0"):
        low, high = LEAST_QUALITY, BEST_QUALITY
        best = _jpeg(image, high, subsampling)
        if len(best) <= max_bytes:
            return Encoded(best, "image/jpeg", high)
        found: Encoded | None = None
        while low <= high:
            middle = (low + high) // 2
            data = _jpeg(image, middle, subsampling)
            if len(data) <= max_bytes:
                found, low = Encoded(data, "image/jpeg", middle), middle + 1
            else:
                high = middle - 1
        if found is not None:
            return found
    return None


def _jpeg(image: Image.Image, quality: int, subsampling: str) -> bytes:
    out = BytesIO()
    image.save(  # not optimised: Pillow's buffer for that is too small for a detailed photo, and the save fails
        out, "JPEG", quality=quality, subsampling=subsampling, optimize=False, xmp=_XMP.encode()
    )
    return out.getvalue()


def _png(image: Image.Image, max_bytes: int) -> Encoded | None:
    out, info = BytesIO(), PngInfo()
    info.add_itxt("XML:com.adobe.xmp", _XMP)
    image.save(out, "PNG", optimize=True, pnginfo=info)
    return Encoded(out.getvalue(), "image/png", 100) if out.tell() <= max_bytes else None
