"""What a job made: saved into a folder, and told in a few lines."""

import zipfile
from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from adloom.cli.screen import count, shown
from adloom.client import Client
from adloom.core.drafts import Source
from adloom.core.states import ItemState, JobState
from adloom.views import ItemView, JobView

_REASONS_SHOWN = 5
_ONLY_FOR = {"google_ads_editor": {"google_rsa"}}  #: format -> the channels that it can hold
_COLOURS = {JobState.SUCCEEDED: "green", JobState.PARTIAL: "yellow", JobState.FAILED: "red"}
_TITLES = {
    JobState.SUCCEEDED: "Done",
    JobState.PARTIAL: "Done, with gaps",
    JobState.FAILED: "Nothing could be made",
    JobState.CANCELLED: "Cancelled: what was finished is kept",
}


@dataclass
class Summary:
    """What a job's items come to."""

    channels: set[str] = field(default_factory=set)  #: ids of those that the job makes ads for
    products: set[str] = field(default_factory=set)  #: ids of those with at least one finished item
    texts: Counter[str] = field(default_factory=Counter)  #: by source
    banners: int = 0
    failures: Counter[str] = field(default_factory=Counter)  #: by message
    examples: dict[str, str] = field(default_factory=dict)  #: message -> the first item that it befell
    notes: Counter[str] = field(default_factory=Counter)  #: what would make items better


def summarise(items: Iterable[ItemView]) -> Summary:
    """Count what *items* made and why some did not."""
    summary = Summary()
    for item in items:
        if "channel" in item["spec"]:
            summary.channels.add(item["spec"]["channel"])
        if item["error"] and item["state"] == ItemState.FAILED:
            message = item["error"]["message"]
            summary.failures[message] += 1
            summary.examples.setdefault(message, item["custom_id"] or item["id"])
        if item["state"] != ItemState.SUCCEEDED:
            continue
        summary.notes.update(item["notes"])
        product = item["spec"].get("product")
        if product:
            summary.products.add(product["id"])
        for variant in item["variants"]:
            if variant["asset"]:
                summary.banners += 1
            else:
                summary.texts[variant["source"]] += 1
    return summary


def save_results(client: Client, job_id: str, out: Path, *, channels: AbstractSet[str]) -> list[Path]:
    """Export what the job offers for *channels* into *out*, banners unpacked; return what was written there."""
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for export in client.exports(job_id):
        only_for = _ONLY_FOR.get(export["format"])
        if only_for and not only_for & channels:
            continue
        target = out / PurePosixPath(export["file_name"]).name
        client.save_export(job_id, export["format"], target)
        if export["media_type"] == "application/zip":
            folder = target.with_suffix("")
            unpack(target, folder)
            target.unlink()
            target = folder
        written.append(target)
    return written


def unpack(archive: Path, folder: Path) -> None:
    """Unpack *archive* into *folder*, in place of what an earlier run unpacked there."""
    folder.mkdir(exist_ok=True)
    listing = folder / ".files"
    if listing.exists():
        for name in listing.read_text().splitlines():
            (folder / name).unlink(missing_ok=True)
    with zipfile.ZipFile(archive) as file:
        names = [name for name in file.namelist() if not name.endswith("/")]
        for name in names:
            file.extract(name, folder)  # zipfile itself drops roots and ".." from names
    listing.write_text("".join(f"{name}\n" for name in names))


def closing_panel(job: JobView, summary: Summary, *, written: Iterable[Path], next_steps: Iterable[str]) -> Panel:
    """What was made, what failed and why, where the results are and what to run next."""
    state = JobState(job["state"])
    parts: list[RenderableType] = [_made(summary), Text(f"Job {job['id']}")]
    if summary.failures:
        parts += [Text(""), _failed(summary)]
    if summary.notes:
        parts += [Text(""), _noted(summary)]
    if summary.products:
        parts += [Text(""), _listed("Results", [shown(path) for path in written])]
    parts += [Text(""), _listed("Next", list(next_steps))]
    return Panel(
        Group(*parts),
        title=_TITLES.get(state, state),
        border_style=_COLOURS.get(state, "yellow"),
        padding=(1, 2),
    )


def _made(summary: Summary) -> Text:
    sources = ", ".join(f"{summary.texts[source]} {source}" for source in Source if summary.texts[source])
    texts = count(summary.texts.total(), "text") + (f" ({sources})" if sources else "")
    return Text(f"{count(len(summary.products), 'product')}: {texts}, {count(summary.banners, 'banner')}", style="bold")


def _failed(summary: Summary) -> RenderableType:
    lines = [
        f"{number} × {message} (first: {summary.examples[message]})"
        for message, number in summary.failures.most_common(_REASONS_SHOWN)
    ]
    if len(summary.failures) > _REASONS_SHOWN:
        lines.append(f"… and {count(len(summary.failures) - _REASONS_SHOWN, 'other reason')}")
    return _listed("Failed", lines, style="red")


def _noted(summary: Summary) -> RenderableType:
    lines = [f"{count(number, 'item')}: {note}" for note, number in summary.notes.most_common(_REASONS_SHOWN)]
    return _listed("Better with", lines)


def _listed(title: str, lines: list[str], *, style: str = "") -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(style=style, overflow="fold")
    for number, line in enumerate(lines):
        table.add_row("" if number else title, Text(line))
    return table
