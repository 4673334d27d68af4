"""Bytes to text: decompress, refuse what is no text, find the encoding."""

import codecs
import zlib
from dataclasses import asdict, dataclass

from adloom.core.errors import BadFeed
from adloom.feeds.feed import MAX_BYTES

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SPREADSHEET = "a spreadsheet or ZIP archive; {sheet}"
_IMAGE = "an image; {image}"
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", _SPREADSHEET),
    (b"PK\x05\x06", _SPREADSHEET),
    (b"\xd0\xcf\x11\xe0", _SPREADSHEET),
    (b"%PDF", "a PDF document; {save}"),
    (b"\x89PNG", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"GIF8", _IMAGE),
    (b"RIFF", _IMAGE),
    (b"BZh", "a bzip2 archive; unpack it first, or compress with gzip"),
    (b"7z\xbc\xaf", "a 7-Zip archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"SQLite format 3", "a database; {save}"),
)


@dataclass(frozen=True)
class Wanted:
    """What a file should have been, as its reader is told: each completes a sentence."""

    send: str
    save: str
    sheet: str
    image: str


PRODUCTS = Wanted(
    send="a header row and one row for each product",
    save="export the products as CSV in UTF-8",
    sheet="open it and export the product sheet as CSV (UTF-8)",
    image="upload the product feed here and images by their own request",
)


@dataclass(frozen=True)
class Text:
    """A feed's text.  *guessed*: it named no encoding and was no UTF-8, so Windows-1252 was assumed."""

    content: str
    guessed: bool


def decode(data: bytes, *, name: str, wanted: Wanted = PRODUCTS) -> Text:
    """The text of *data*: gzip or plain; UTF-8, UTF-16 or UTF-32 with a mark, else Windows-1252.

    *name* and *wanted* are for messages.

    Raises:
        BadFeed: empty, too large, or no text at all.
    """
    if data[:2] == b"\x1f\x8b":
        data = _gunzip(data, name)
    if len(data) > MAX_BYTES:
        raise BadFeed(f"{name} has more than {MAX_BYTES // 1024**2} MB of text. Split it into several files.")
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise BadFeed(f"{name} is {what.format_map(asdict(wanted))}.")
    text = _decode(data, name, wanted)
    if not text.content.strip("\ufeff \t\r\n"):
        raise BadFeed(f"{name} is empty. Send {wanted.send}.")
    _refuse_binary(text.content, name, wanted)
    return text


def _gunzip(data: bytes, name: str) -> bytes:
    inflate = zlib.decompressobj(wbits=31)
    try:
        text = inflate.decompress(data, MAX_BYTES + 1)  # a bomb is measured, never unpacked
    except zlib.error as error:
        raise BadFeed(
            f"{name} looks like gzip and cannot be decompressed. Send it again, or send it unpacked."
        ) from error
    if not inflate.eof and len(text) <= MAX_BYTES:
        raise BadFeed(f"{name} is a gzip file that ends too early. Send it again.")
    return text


def _decode(data: bytes, name: str, wanted: Wanted) -> Text:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return Text(data.decode(encoding), guessed=False)
            except UnicodeDecodeError as error:
                raise _not_text(
                    name, f"it begins like {encoding} and byte {error.start} does not fit", wanted
                ) from error
    for encoding in ("utf-8", "cp1252"):
        try:
            return Text(data.decode(encoding), guessed=encoding == "cp1252")
        except UnicodeDecodeError as error:
            where = error.start
    raise _not_text(name, f"byte {where} fits neither UTF-8 nor Windows-1252", wanted)


def _refuse_binary(content: str, name: str, wanted: Wanted) -> None:
    head = content[:20_000]
    if "\0" in content:
        raise _not_text(name, f"there is a null character at position {content.index(chr(0))}", wanted)
    strange = sum(character < " " and character not in "\t\r\n\f\v" for character in head)
    if strange > len(head) // 100:
        raise _not_text(name, "it is full of control characters", wanted)


def _not_text(name: str, why: str, wanted: Wanted) -> BadFeed:
    return BadFeed(f"{name} is not text: {why}. {wanted.save[0].upper()}{wanted.save[1:]}.")
