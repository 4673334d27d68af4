"""``adloom check``: may these ads run?  Offline, for copy that anyone has written."""

import io
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from adloom.channels import parse_target
from adloom.checks import Finding, Severity
from adloom.checks.review import Remark, Reviewer
from adloom.cli.campaign import report_rows
from adloom.cli.files import read_model
from adloom.cli.options import Json
from adloom.cli.screen import answers, count, notes, print_json, shown, warn
from adloom.core.brand import Brand
from adloom.core.brief import Brief, Market
from adloom.core.errors import BadConfiguration
from adloom.core.products import Product
from adloom.feeds import RowError, merchant, read_feed, shopify
from adloom.feeds.ads import AdFile, WrittenAd, read_ads
from adloom.feeds.decode import decode
from adloom.feeds.table import Table, read_table
from adloom.views import FeedView

_STYLES = {Severity.ERROR: "red", Severity.EVIDENCE: "magenta", Severity.WARNING: "yellow"}
_MEANS = {
    Severity.ERROR: "error",
    Severity.EVIDENCE: "needs evidence",
    Severity.WARNING: "warning",
}


Ads = Annotated[Path, typer.Argument(metavar="FILE", help="CSV, TSV or JSON, an ad per row; '-' reads standard input.")]
Target = Annotated[
    str, typer.Option(metavar="CHANNEL", help="What 'adloom channels' lists, e.g. google_rsa or iab_fixed:300x250.")
]
Field = Annotated[str, typer.Option(metavar="NAME", help="FILE has no header: each line is one text of this field.")]
BrandFile = Annotated[
    Path | None, typer.Option(metavar="FILE", exists=True, dir_okay=False, help="Brand kit, TOML or JSON.")
]
BriefFile = Annotated[
    Path | None, typer.Option(metavar="FILE", exists=True, dir_okay=False, help="Brief, TOML or JSON.")
]
FeedFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", exists=True, dir_okay=False, help="Product feed: each ad must be true to its product_id."
    ),
]
Language = Annotated[
    str, typer.Option(metavar="TAG", help="Of the ads, e.g. de; else the brief's, else the product's.")
]
Markets = Annotated[
    list[Market] | None,
    typer.Option(case_sensitive=False, help="Whose advertising law holds, besides the channel's; several at will."),
]


def check(
    file: Ads,
    channel: Target,
    field: Field = "",
    brand: BrandFile = None,
    brief: BriefFile = None,
    feed: FeedFile = None,
    language: Language = "",
    market: Markets = None,
    as_json: Json = False,
) -> None:
    """Check ads against a channel's limits and rules, with a proposal where a program can tell.

    Exit code 1 means errors or rows that could not be read; claims to be proved do not fail.
    """
    target, slots = parse_target(channel)
    read = read_model(brief, Brief) if brief else Brief()
    read = read.model_copy(update={"markets": (*read.markets, *(market or ())), "language": language or read.language})
    reviewer = Reviewer(target, slots, read, read_model(brand, Brand) if brand else None)
    if field and field not in reviewer.fields:
        raise BadConfiguration(f"{target.id} has no field {field!r}; it has: {', '.join(reviewer.fields)}.")
    if field and feed:
        raise BadConfiguration("Lines of one field name no product to be compared with. Leave --feed or --field out.")
    name = "standard input" if str(file) == "-" else shown(file)
    data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    found = read_ads(data, name=name, fields=reviewer.fields, only=field)
    reviews, lost = _review(found, reviewer, _read_shelf(feed) if feed else None)
    found = replace(found, errors=sorted((*found.errors, *lost), key=lambda error: error.line))
    if field:  # lines are no ads: that some of a field are missing is no fault of theirs
        reviews = [Review(each.ad, [one for one in each.remarks if one.number is not None]) for each in reviews]
    if as_json:
        print_json(_document(found, reviews))
    else:
        _show(found, reviews, name)
    if found.errors or any(each.worst == Severity.ERROR for each in reviews):
        raise typer.Exit(1)


@dataclass(frozen=True)
class Review:
    """One ad and what is to be said about it."""

    ad: WrittenAd
    remarks: Sequence[Remark]

    @property
    def worst(self) -> Severity | None:
        """The most severe of its remarks."""
        found = {remark.finding.severity for remark in self.remarks}
        return next((severity for severity in Severity if severity in found), None)


def _review(found: AdFile, reviewer: Reviewer, shelf: "Shelf | None") -> tuple[list[Review], list[RowError]]:
    """A review of each ad, and why there is none of those whose product is not on the *shelf*."""
    reviews, lost = [], []
    for ad in found.ads:
        if shelf and ad.product_id not in shelf.products:
            lost.append(RowError(ad.line, "", "unknown-product", shelf.explain(ad.product_id)))
        else:
            judge = replace(reviewer, product=shelf.products[ad.product_id]) if shelf else reviewer
            reviews.append(Review(ad, judge.review(ad.texts)))
    return reviews, lost


@dataclass(frozen=True)
class Shelf:
    """The products that ads are held against, by id; *lost*: what the feed says of an id whose row it cannot use."""

    products: Mapping[str, Product]
    lost: Mapping[str, str]

    def explain(self, product_id: str) -> str:
        """Why an ad of *product_id*, which is not here, is not reviewed."""
        if not product_id:
            return "there is no product_id, so nothing can be compared. Add it, or leave --feed out."
        what = f"product {product_id!r} is not in the feed, so nothing can be compared"
        if product_id in self.lost:
            return f"{what}: {self.lost[product_id]}"
        return f"{what}. Add it, or leave --feed out."


def _read_shelf(path: Path) -> Shelf:
    """The products of the feed at *path*; its rows that cannot be used are told as a run tells them."""
    data = path.read_bytes()
    feed = read_feed(data, name=shown(path))
    view: FeedView = {
        "id": "",
        "name": path.name,
        "format": feed.format,
        "products": len(feed.products),
        "errors": [
            {"line": error.line, "field": error.field, "code": error.code, "message": error.message}
            for error in feed.errors
        ],
        "images_needed": 0,
    }
    report_rows(path, view)
    faults = [error for error in reversed(feed.errors) if error.code != "encoding-guessed"]  # a row's first one counts
    said = {error.line: f"{_place(shown(path), error)}: {error.message}" for error in faults}
    ids = _ids(decode(data, name=shown(path)).content) if said else ()
    return Shelf({each.id: each for each in feed.products}, {each: said[line] for line, each in ids if line in said})


def _ids(text: str) -> Iterator[tuple[int, str]]:
    """The line and the product id of every row of a feed, as well as can be told where the row is broken."""
    lines = list(io.StringIO(text, newline=""))  # as the feed's readers count them
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        found = ((n, re.search(r'"id"\s*:\s*"?([^",}]*)', line)) for n, line in enumerate(lines, start=1))
        yield from ((n, match[1].strip()) for n, match in found if match)
        return
    table = read_table(text, known=lambda headers: sum(map(_is_known, headers)))
    column = _id_column(table)
    for row in table.rows:
        cells = re.split(r"[\t,;|]", lines[row.line - 1]) if isinstance(row, RowError) else row.cells
        if column < len(cells):
            yield row.line, cells[column].strip(" \"'\r\n")


def _id_column(table: Table) -> int:
    if shopify.is_shopify(table.headers):
        return _handles(table.headers)[0]
    return merchant.columns(table.headers)["id"][0]


def _is_known(header: str) -> bool:
    return header in merchant.NAMES or header in merchant.OTHERS or header in shopify.NAMES


def _handles(headers: Sequence[str]) -> list[int]:
    return [n for n, header in enumerate(headers) if shopify.NAMES.get(header) == "handle"]


def _place(name: str, error: RowError) -> str:
    return f"{name}, line {error.line}, {error.field}" if error.field else f"{name}, line {error.line}"


def _show(found: AdFile, reviews: Sequence[Review], name: str) -> None:
    console = answers()
    for review in reviews:
        texts = dict.fromkeys((remark.field, remark.number) for remark in review.remarks)
        for place in texts:
            remarks = [remark for remark in review.remarks if (remark.field, remark.number) == place]
            console.print(_title(review.ad, remarks, many=len(found.ads) > 1))
            for remark in remarks:
                style, means = _STYLES[remark.finding.severity], _MEANS[remark.finding.severity]
                line = Text(f"  {means}: ", style=style).append(remark.finding.detail, style="default")
                console.print(line.append(f"  [{remark.finding.rule}]", style="dim"))
            if remarks[0].repair:
                console.print(Text("  could read: ", style="green").append(remarks[0].repair, style="default"))
    for error in found.errors:
        warn(f"{_place(name, error)}: {error.message}")
    if found.ignored:
        notes().print(Text(f"Not looked at: {', '.join(found.ignored)}.", style="dim"))
    console.print(_summary(reviews, unread=len({error.line for error in found.errors})))


def _title(ad: WrittenAd, remarks: Sequence[Remark], *, many: bool) -> Text:
    remark = remarks[0]
    where = f"line {ad.line}" if many else ""
    if ad.product_id:
        where = f"{where} ({ad.product_id})" if where else ad.product_id
    if remark.number is None:
        return Text(where or "the ad", style="bold")
    several = len(ad.texts[remark.field]) > 1
    place = f"{remark.field} {remark.number + 1}" if several else remark.field
    title = Text(f"{where}, {place}: " if where else f"{place}: ", style="bold")
    return title.append(_marked(remark.text, [each.finding for each in remarks]))


def _marked(text: str, findings: Sequence[Finding]) -> Text:
    marked = Text(text, style="not bold")
    for finding in findings:
        if finding.span != (0, len(text)):
            marked.stylize(f"{_STYLES[finding.severity]} underline", *finding.span)
    return marked


def _summary(reviews: Sequence[Review], *, unread: int) -> Text:
    texts = sum(len(several) for review in reviews for several in review.ad.texts.values())
    looked = f"{count(len(reviews), 'ad')}, {count(texts, 'text')}"
    counts = {severity: 0 for severity in Severity}
    for review in reviews:
        for remark in review.remarks:
            counts[remark.finding.severity] += 1
    if not any(counts.values()) and not unread:
        return Text(f"{looked}: nothing to object to.", style="green")
    wrong = sum(review.worst == Severity.ERROR for review in reviews)
    told = [
        f"{count(counts[Severity.ERROR], 'error')} in {count(wrong, 'ad')}" if wrong else "no errors",
        *([f"{counts[Severity.EVIDENCE]} to be proved"] if counts[Severity.EVIDENCE] else []),
        *([count(counts[Severity.WARNING], "warning")] if counts[Severity.WARNING] else []),
        *([f"{count(unread, 'row')} could not be read"] if unread else []),
    ]
    return Text(f"{looked}: {', '.join(told)}.", style="red" if wrong or unread else "default")


def _document(found: AdFile, reviews: Sequence[Review]) -> dict[str, object]:
    return {
        "ads": [
            {
                "line": review.ad.line,
                "product_id": review.ad.product_id,
                "publishable": review.worst not in (Severity.ERROR, Severity.EVIDENCE),
                "remarks": [_plain(remark) for remark in review.remarks],
            }
            for review in reviews
        ],
        "unreadable": [
            {"line": error.line, "field": error.field or None, "detail": error.message} for error in found.errors
        ],
        "ignored": list(found.ignored),
    }


def _plain(remark: Remark) -> dict[str, object]:
    finding = remark.finding
    return {
        "field": remark.field or None,
        "number": remark.number,
        "text": remark.text or None,
        "rule": finding.rule,
        "severity": finding.severity,
        "detail": finding.detail,
        "span": list(finding.span) if remark.number is not None else None,
        "repair": remark.repair,
    }
