"""copy.csv: every text of a job, one row each, for people and their spreadsheets."""

from collections.abc import Iterable
from dataclasses import dataclass

from adloom.channels.counting import measure
from adloom.channels.export_csv import inert, write_csv

HEADER = ("product_id", "channel", "field", "text", "length", "score", "source", "group", "audience", "language")


@dataclass(frozen=True)
class CopyRow:
    """One variant.  *unit* is the counting method of its field, *score* compares within one product, channel, field.

    *group*: the same number on texts of one product and channel that belong together, as a question and its answers.
    """

    product_id: str
    channel: str
    field: str
    text: str
    unit: str
    score: float
    source: str
    group: str = ""
    audience: str = ""
    language: str = ""


def write_copy(rows: Iterable[CopyRow]) -> bytes:
    """The file, in the order of *rows*; lengths are in the channel's own counting."""
    return write_csv(HEADER, map(_cells, rows))


def _cells(row: CopyRow) -> tuple[str, ...]:
    named = (inert(row.product_id), inert(row.channel), inert(row.field), inert(row.text))
    scored = (str(measure(row.text, row.unit)), f"{row.score:.4f}")
    return (*named, *scored, inert(row.source), row.group, inert(row.audience), inert(row.language))
