"""report.html: one page that shows what a job has made, to be looked at, sent and printed.  It loads nothing."""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import groupby
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

_IMAGES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})  #: SVG can carry scripts
_BODY_FIELDS = ("primary_text", "introductory_text")  #: what a post in a feed begins with


@dataclass(frozen=True)
class ReportImage:
    """An image's own bytes: the page holds them, it never loads any."""

    data: bytes
    media_type: str


@dataclass(frozen=True)
class ReportText:
    """One variant.  *length* and *limit* are in the channel's own counting.

    *limit* is what is shown without truncation where the channel tells, else the most that it takes.
    """

    field: str
    text: str
    length: int
    limit: int
    score: float
    source: str

    @property
    def fill(self) -> int:
        """How much of the limit is used: percent, in steps of five."""
        return min(100, 5 * round(20 * self.length / self.limit))


@dataclass(frozen=True)
class ReportChannel:
    """One product's copy for one channel, best first within each field."""

    id: str
    name: str
    texts: tuple[ReportText, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReportBanner:
    """One creative under the name that it has in the archive."""

    channel: str
    slot: str
    file_name: str
    image: ReportImage
    width_px: int
    height_px: int


@dataclass(frozen=True)
class ReportFailure:
    """What could not be made, and why, in words for its owner."""

    what: str
    code: str
    message: str


@dataclass(frozen=True)
class ReportProduct:
    """One product: who it is, its copy, its creatives.  *price* and *was* are written as a customer reads them."""

    id: str
    title: str
    channels: tuple[ReportChannel, ...] = ()
    banners: tuple[ReportBanner, ...] = ()
    failures: tuple[ReportFailure, ...] = ()
    photo: ReportImage | None = None
    brand: str = ""
    category: str = ""
    price: str = ""
    was: str = ""
    link: str = ""


@dataclass(frozen=True)
class Report:
    """A job's results, ready to be shown.  *more_products*: how many the page leaves out, to stay a page."""

    title: str
    job_id: str
    state: str
    seed: int
    weights: tuple[str, ...]
    created_at: datetime
    finished_at: datetime | None
    products: tuple[ReportProduct, ...]
    brand: str = ""
    failures: tuple[ReportFailure, ...] = ()
    notes: tuple[str, ...] = ()
    more_products: int = 0


@dataclass(frozen=True)
class _Summary:
    texts: int
    sources: Sequence[tuple[str, int, int]]  #: source, texts, percent
    banners: int
    failures: int


def render_report(report: Report) -> str:
    """The page: self-contained, escaped, without scripts; its own policy forbids it to load anything."""
    style = files("services").joinpath("report.css").read_text("utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return _template().render(report=report, summary=_summary(report), style=style, style_hash=digest)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("services", package_path=""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"data_uri": _data_uri, "words": _words, "host": _host, "web": _web}
    environment.globals |= {"fields": _fields, "search_ad": _search_ad, "post": _post, "gallery": _gallery}
    return environment.get_template("report.html.j2")


def _summary(report: Report) -> _Summary:
    sources = Counter(text.source for product in report.products for ch in product.channels for text in ch.texts)
    total = sources.total()
    return _Summary(
        texts=total,
        sources=[(source, number, round(100 * number / total)) for source, number in sorted(sources.items())],
        banners=sum(len(product.banners) for product in report.products),
        failures=len(report.failures) + sum(len(product.failures) for product in report.products),
    )


def _fields(channel: ReportChannel) -> Iterator[tuple[str, list[ReportText]]]:
    """The channel's texts by field, in the order in which the fields first appear."""
    order = {name: place for place, name in enumerate(dict.fromkeys(text.field for text in channel.texts))}
    ordered = sorted(channel.texts, key=lambda text: order[text.field])  # stable: best stays first
    return ((name, list(texts)) for name, texts in groupby(ordered, key=lambda text: text.field))


def _of(channel: ReportChannel, *names: str) -> list[str]:
    return [text.text for text in channel.texts if text.field in names]


@dataclass(frozen=True)
class _SearchAd:
    title: str
    text: str


def _search_ad(channel: ReportChannel) -> _SearchAd | None:
    """How a search ad of these texts may look: up to three headlines and two descriptions; None for other channels."""
    headlines, descriptions = _of(channel, "headline"), _of(channel, "description")
    if channel.id != "google_rsa" or not headlines or not descriptions:
        return None
    return _SearchAd(" | ".join(headlines[:3]), " ".join(descriptions[:2]))


@dataclass(frozen=True)
class _Post:
    body: str
    headline: str
    description: str
    image: ReportImage | None


def _post(product: ReportProduct, channel: ReportChannel) -> _Post | None:
    """How a post in a feed may look; None for channels without one."""
    body, headlines, descriptions = _of(channel, *_BODY_FIELDS), _of(channel, "headline"), _of(channel, "description")
    if not body:
        return None
    own = [banner.image for banner in product.banners if banner.channel == channel.id]
    image = next(iter(own), product.photo)
    return _Post(body[0], "".join(headlines[:1]) or product.title, "".join(descriptions[:1]), image)


def _gallery(product: ReportProduct) -> list[ReportBanner]:
    """The product's creatives, the widest first: leaderboards get a row of their own, the others share one."""
    return sorted(product.banners, key=lambda banner: (-banner.width_px / banner.height_px, banner.file_name))


def _data_uri(image: ReportImage) -> str:
    """The image as an address that holds it; empty for what is none."""
    if image.media_type not in _IMAGES or not image.data:
        return ""
    return f"data:{image.media_type};base64,{b64encode(image.data).decode()}"


def _words(name: str) -> str:
    """A field's or slot's name for people: "long_headline" is "Long headline"."""
    spelt = " ".join("call to action" if word == "cta" else word for word in name.split("_"))
    return spelt[:1].upper() + spelt[1:]


def _host(link: str) -> str:
    try:
        return (urlsplit(link).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _web(link: str) -> bool:
    return link.startswith(("https://", "http://"))
