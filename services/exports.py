"""A job's results as files: for spreadsheets, Google Ads Editor, archives, records.  Works on running jobs, too."""

import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from adloom.channels.export_copy import CopyRow, write_copy
from adloom.channels.export_google_ads import CHANNEL as GOOGLE_RSA
from adloom.channels.export_google_ads import EditorFile, SearchAd, write_google_ads_editor
from adloom.channels.export_names import final_url, name_ad_group, name_campaign
from adloom.core.errors import Invalid, NotFound
from services.manifest import write_manifest
from services.overview import make_report
from services.pointers import suggestion
from services.report import render_report
from services.results import Copy, Results
from storage import ObjectStore

_CHUNK_BYTES = 256 * 1024
_FOR_ADS = frozenset({"google_ads_editor"})


@dataclass(frozen=True)
class Format:
    """One file that a job can be exported to."""

    name: str
    file_name: str
    media_type: str


FORMATS: Mapping[str, Format] = {
    format.name: format
    for format in (
        Format("copy", "copy.csv", "text/csv; charset=utf-8"),
        Format("google_ads_editor", "google_ads_editor.csv", "text/csv; charset=utf-8"),
        Format("banners", "banners.zip", "application/zip"),
        Format("manifest", "manifest.json", "application/json"),
        Format("report", "report.html", "text/html; charset=utf-8"),
    )
}


def find_format(name: str) -> Format:
    """The export format of this name.

    Raises:
        NotFound: there is none; says which there are.
    """
    if name not in FORMATS:
        raise NotFound(f"There is no such export. {suggestion(name, FORMATS)}")
    return FORMATS[name]


def export(format: Format, results: Results, store: ObjectStore) -> Iterator[bytes]:
    """The file, in pieces.

    Raises:
        Invalid: the format is for ads, and nothing of the job is one.
    """
    if format.name in _FOR_ADS and results.copies and not any(copy.channel.is_ad for copy in results.copies):
        raise Invalid(f"Nothing of this job is an ad, so {format.file_name} has no place for it. Its texts: copy.csv.")
    if format.name == "banners":
        return _pieces(write_banners(results, store))
    if format.name == "report":
        return iter([write_report(results, store)])
    return iter([_WRITERS[format.name](results)])


def copy_rows(results: Results) -> Iterator[CopyRow]:
    """Every text of the job, one row each, in the job's order."""
    for copy in results.copies:
        for text in copy.texts:
            yield CopyRow(
                product_id=copy.product.id,
                channel=copy.channel.id,
                field=text.field.name,
                text=text.text,
                unit=text.field.unit,
                score=text.score,
                source=text.source,
                group=str(text.details.get("group", "")),
                audience=own.name if (own := copy.brief.own_audience) else "",
                language=copy.language,
            )


def google_ads(results: Results) -> EditorFile:
    """The responsive search ads of the job, and what is left out of them."""
    return write_google_ads_editor(
        _search_ad(copy, results) for copy in results.copies if copy.channel.id == GOOGLE_RSA
    )


def write_report(results: Results, store: ObjectStore) -> bytes:
    """The page for people, which also says which search ads Google Ads Editor is not given, and why."""
    notes = [
        f"Google Ads Editor is not given the ad of {left.product_id}: {left.reason}"
        for left in google_ads(results).left_out
        if not left.text
    ]
    others = dict.fromkeys(copy.channel.name for copy in results.copies if not copy.channel.is_ad)
    notes += [f"{name} is no ad: its texts are here and in copy.csv, and in no other export." for name in others]
    return render_report(make_report(results, store, notes=notes)).encode()


def _search_ad(copy: Copy, results: Results) -> SearchAd:
    product, brief, brand, today = copy.product, copy.brief, copy.brand, results.created_at.date()
    campaign = name_campaign(product, brief, brand, today)
    return SearchAd(
        product_id=product.id,
        campaign=campaign,
        ad_group=name_ad_group(product, brief, brand, today),
        final_url=_landing_page(copy, campaign),
        headlines=copy.of("headline"),
        descriptions=copy.of("description"),
    )


def _landing_page(copy: Copy, campaign: str) -> str:
    """The ad's final URL; empty where the row's link is none, so that the writer leaves this one ad out and says so."""
    try:
        return final_url(copy.product, copy.brief, campaign=campaign)
    except Invalid:
        return ""


_WRITERS: Mapping[str, Callable[[Results], bytes]] = {
    "copy": lambda results: write_copy(copy_rows(results)),
    "google_ads_editor": lambda results: google_ads(results).content,
    "manifest": write_manifest,
}


def write_banners(results: Results, store: ObjectStore) -> IO[bytes]:
    """A ZIP of every creative, at its beginning; on disk, as a thousand creatives are more than memory should hold."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it outlives this function, and closes when it has been sent
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # stored: images do not shrink
        for creative in results.creatives:
            entry = zipfile.ZipInfo(creative.file_name, date_time=results.created_at.timetuple()[:6])
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, store.get(creative.key))
    file.seek(0)
    return file


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_CHUNK_BYTES):
            yield piece
