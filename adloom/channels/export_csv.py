"""CSV that a spreadsheet opens as it was meant: a mark, every cell quoted, no cell a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = frozenset("=+-@\t\r\n\0＝＋－＠")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might run *text* instead of showing it."""
    return text.lstrip(" ")[:1] in _FORMULA and bool(text.strip(" "))


def inert(text: str) -> str:
    """*text* as a cell that shows it: what might run gets an apostrophe before it, which spreadsheets hide."""
    return f"'{text}" if is_formula(text) else text


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a mark, commas, CRLF, every cell quoted: what Excel and Google Ads Editor both take."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8-sig", "replace")
