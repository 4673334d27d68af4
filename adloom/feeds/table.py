"""Text to rows of cells: find the delimiter and the header, count physical lines, recover from broken quotes."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adloom.feeds.feed import RowError

if TYPE_CHECKING:
    import _csv  # the only place that names the reader's type

DELIMITERS = ("\t", ",", ";", "|")
_RECORD_LINES = 500  #: a quoted cell may not span more; else one stray quote would cost a pass over the whole file


@dataclass(frozen=True)
class Row:
    """One record: the physical line on which it begins, and as many cells as the header has."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A header, normalised, and what follows it."""

    headers: tuple[str, ...]
    rows: Iterator[Row | RowError]


def header_name(cell: str) -> str:
    """A header as we compare it: lower case, underscores, no namespace, no list of sub-attributes.

    >>> header_name("Image Link"), header_name("g:product_detail(section_name:attribute_name:attribute_value)")
    ('image_link', 'product_detail')
    """
    bare = re.sub(r"\([^()]*:[^()]*\)$", "", cell.strip().strip("\ufeff\"'").casefold())
    return re.sub(r"[\s\-_]+", "_", bare.removeprefix("g:")).strip("_")


def read_table(text: str, *, known: Callable[[Sequence[str]], int]) -> Table:
    """The table in *text*; of the delimiters, the one whose header has the most *known* names wins."""
    lines = list(io.StringIO(text, newline=""))  # keeps \r\n; str.splitlines would also split at form feeds
    first = _first_line(lines)
    found = {delimiter: _header(lines, first, delimiter) for delimiter in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda each: (known(found[each][0]), len(found[each][0])))
    headers, used = found[delimiter]
    return Table(headers, _rows(lines, first + used, delimiter, columns=len(headers)))


def _header(lines: Sequence[str], first: int, delimiter: str) -> tuple[tuple[str, ...], int]:
    """The header's names and how many lines it takes; no names where it cannot be read with this delimiter."""
    try:
        cells, used = _record(lines, first, delimiter)
    except csv.Error:
        return (), 1
    return tuple(map(header_name, cells)), used


def _first_line(lines: Sequence[str]) -> int:
    """Where the header is: past blank lines, catalogue comments ("# ref_application_id …") and Excel's "sep=;"."""
    for index, line in enumerate(lines):
        bare = line.strip("\ufeff \t\r\n")
        if bare and not bare.startswith("#") and not bare.casefold().startswith("sep="):
            return index
    return len(lines)


def _record(lines: Sequence[str], start: int, delimiter: str) -> tuple[list[str], int]:
    """The cells of the record that begins at *start*, and how many physical lines it takes.

    Raises:
        csv.Error: quotes that do not close, or a cell longer than the csv module allows.
    """
    records = _records(lines, start, delimiter, strict=False)
    cells = next(records, [])
    if records.line_num > 1:  # lenient quotes on one line; across lines they would join rows that are none
        cells = next(_records(lines, start, delimiter, strict=True), [])
    return cells, max(records.line_num, 1)


def _records(lines: Sequence[str], start: int, delimiter: str, *, strict: bool) -> "_csv.Reader":
    span = range(start, min(start + _RECORD_LINES, len(lines)))
    return csv.reader((lines[i] for i in span), delimiter=delimiter, strict=strict)


def _rows(lines: Sequence[str], start: int, delimiter: str, *, columns: int) -> Iterator[Row | RowError]:
    at = start
    while at < len(lines):
        line = at + 1
        try:
            cells, used = _record(lines, at, delimiter)
        except csv.Error:
            cells, used = [], 0
        extra = [cell for cell in cells[columns:] if cell.strip()]
        if used == 0 or (used > 1 and len(cells) != columns):
            # a stray quote swallowed its neighbours: give up this one line, and read on at the next
            yield RowError(line, "", "broken-quotes", _QUOTES)
            used = 1
        elif extra:
            yield RowError(line, "", "too-many-cells", _CELLS.format(cells=len(cells), columns=columns))
        elif any(cell.strip() for cell in cells):
            padded = [*cells[:columns], *[""] * (columns - len(cells))]
            yield Row(line, tuple(padded))
        at += used


_QUOTES = "A quotation mark opens here and does not close. Double the quotation marks inside a cell, or remove them."
_CELLS = "This row has {cells} cells and the header {columns}. Put cells that contain the delimiter in quotation marks."
