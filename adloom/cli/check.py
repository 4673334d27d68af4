"""``adloom check``: may these ads run?  Offline, for copy that anyone has written."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from adloom.channels import parse_target
from adloom.checks import Finding, Severity
from adloom.checks.review import Remark, Reviewer
from adloom.cli.files import read_model
from adloom.cli.options import Json
from adloom.cli.screen import answers, count, notes, print_json, shown, warn
from adloom.core.brand import Brand
from adloom.core.brief import Brief, Market
from adloom.core.errors import BadConfiguration, NotFound
from adloom.core.products import Product
from adloom.feeds import read_feed
from adloom.feeds.ads import AdFile, WrittenAd, read_ads

_STYLES = {Severity.ERROR: "red", Severity.EVIDENCE: "magenta", Severity.WARNING: "yellow"}
_MEANS = {
    Severity.ERROR: "error",
    Severity.EVIDENCE: "needs evidence",
    Severity.WARNING: "warning",
}


def check(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV, TSV or JSON, an ad per row; '-' reads standard input.")
    ],
    channel: Annotated[
        str, typer.Option(metavar="CHANNEL", help="What 'adloom channels' lists, e.g. google_rsa or iab_fixed:300x250.")
    ],
    field: Annotated[
        str, typer.Option(metavar="NAME", help="FILE has no header: each line is one text of this field.")
    ] = "",
    brand: Annotated[
        Path | None, typer.Option(metavar="FILE", exists=True, dir_okay=False, help="Brand kit, TOML or JSON.")
    ] = None,
    brief: Annotated[
        Path | None, typer.Option(metavar="FILE", exists=True, dir_okay=False, help="Brief, TOML or JSON.")
    ] = None,
    feed: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", exists=True, dir_okay=False, help="Product feed: each ad must be true to its product_id."
        ),
    ] = None,
    market: Annotated[
        list[Market] | None, typer.Option(help="Whose advertising law holds, besides the channel's; several at will.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check ads against a channel's limits and rules, with a proposal where a program can tell; exit code 1: errors."""
    target, slots = parse_target(channel)
    read = read_model(brief, Brief) if brief else Brief()
    reviewer = Reviewer(
        target,
        slots,
        brief=read.model_copy(update={"markets": (*read.markets, *(market or ()))}),
        brand=read_model(brand, Brand) if brand else None,
    )
    if field and field not in reviewer.fields:
        raise BadConfiguration(f"{target.id} has no field {field!r}; it has: {', '.join(reviewer.fields)}.")
    data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    name = "standard input" if str(file) == "-" else shown(file)
    found = read_ads(data, name=name, fields=reviewer.fields, only=field)
    products = {each.id: each for each in read_feed(feed.read_bytes(), name=shown(feed)).products} if feed else None
    reviews = [
        Review(ad, (reviewer if products is None else _about(reviewer, ad, products, name)).review(ad.texts))
        for ad in found.ads
    ]
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


def _about(reviewer: Reviewer, ad: WrittenAd, products: Mapping[str, Product], name: str) -> Reviewer:
    if ad.product_id not in products:
        missing = f"product {ad.product_id!r} is not in the feed" if ad.product_id else "there is no product_id"
        raise NotFound(f"{name}, line {ad.line}: {missing}, so nothing can be compared. Leave --feed out, or add it.")
    return replace(reviewer, product=products[ad.product_id])


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
        warn(f"{name}, line {error.line}: {error.message}")
    if found.ignored:
        notes().print(Text(f"Not looked at: {', '.join(found.ignored)}.", style="dim"))
    console.print(_summary(reviews))


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


def _summary(reviews: Sequence[Review]) -> Text:
    texts = sum(len(several) for review in reviews for several in review.ad.texts.values())
    looked = f"{count(len(reviews), 'ad')}, {count(texts, 'text')}"
    counts = {severity: 0 for severity in Severity}
    for review in reviews:
        for remark in review.remarks:
            counts[remark.finding.severity] += 1
    if not any(counts.values()):
        return Text(f"{looked}: nothing to object to.", style="green")
    wrong = sum(review.worst == Severity.ERROR for review in reviews)
    told = [
        f"{count(counts[Severity.ERROR], 'error')} in {count(wrong, 'ad')}" if wrong else "no errors",
        *([f"{counts[Severity.EVIDENCE]} to be proved"] if counts[Severity.EVIDENCE] else []),
        *([count(counts[Severity.WARNING], "warning")] if counts[Severity.WARNING] else []),
    ]
    return Text(f"{looked}: {', '.join(told)}.", style="red" if wrong else "default")


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
        "unreadable": [{"line": error.line, "detail": error.message} for error in found.errors],
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
