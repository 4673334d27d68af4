"""``adloom channels``: what ads can be made for, and what each platform takes."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from adloom.channels import RULES, Channel, Slot, list_channels, parse_target
from adloom.cli.options import Json
from adloom.cli.screen import answers, print_json


def channels(
    channel: Annotated[
        str,
        typer.Argument(metavar="CHANNEL", help="Show this channel's fields and slots; iab_fixed:300x250 is one slot."),
    ] = "",
    as_json: Json = False,
) -> None:
    """List the channels that ads and other texts can be made for, and what each takes."""
    known = [_named(channel)] if channel else list(list_channels())
    if as_json:
        print_json([asdict(each) for each in known])
    elif channel:
        _show_channel(known[0])
    else:
        _list_all(known)


def _named(target: str) -> Channel:
    """The channel that *target* names, with the slot that it names or all of them."""
    channel, slots = parse_target(target)
    return replace(channel, slots=slots)


def _list_all(known: Sequence[Channel]) -> None:
    """Ads first; what no ad platform takes stands apart."""
    for each in (each for each in known if each.is_ad):
        _sum_up(each)
    answers().print(Text("\nOther texts, which are no ads", style="bold"))
    for each in (each for each in known if not each.is_ad):
        _sum_up(each)


def _sum_up(channel: Channel) -> None:
    table = Table.grid(padding=(0, 1))
    written = [f"{field.name} ≤ {field.max_length or field.aim}" for field in channel.texts if field.written]
    for what, names in (("texts", written), ("slots", [slot.name for slot in channel.slots])):
        if names:
            table.add_row(f"  {what}", Text(", ".join(names)))
    console = answers()
    console.print(Text(channel.id, style="bold").append(f"  {channel.name}", style="not bold"))
    console.print(table)


def _show_channel(channel: Channel) -> None:
    console = answers()
    console.print(f"{channel.id}: {channel.name} ({channel.platform})\n")
    texts = Table("Text", "At most", "Shown", "Counted in", "How many", box=None, pad_edge=False)
    for field in channel.texts:
        lengths = (str(length or "–") for length in (field.max_length, field.recommended_length))
        texts.add_row(field.name, *lengths, field.unit, f"{field.min_items}–{field.max_items}")
    if channel.texts:
        console.print(texts)
    for title, slots in (("Slot", channel.slots), ("Uploaded as it is", channel.uploads)):
        if slots:
            console.print(_slots(title, channel, slots))
    if channel.rules:
        console.print("\nRules")
    for name in channel.rules:
        console.print(Text(f"  {name}: ", style="dim").append(RULES[name].says, style="not dim"))
    for note in (*_standing(channel), *channel.notes):
        console.print(Text(f"\n{note}", style="dim"))


def _standing(channel: Channel) -> Iterator[str]:
    """What sets a channel apart from an ad placement."""
    if not channel.is_ad:
        yield "This is no ad: its texts are exported in copy.csv and in the report, and nowhere else."
    if channel.needs:
        yield f"The brief has to hold: {', '.join(channel.needs)}."


def _slots(title: str, channel: Channel, slots: Sequence[Slot]) -> Table:
    table = Table(f"\n{title}", "\nSize", "\nAt most", "\nFormats", box=None, pad_edge=False)
    for slot in slots:
        name = f"{channel.id}:{slot.name}" if slot in channel.slots else slot.name
        most = _size(slot.max_bytes) if slot.max_bytes else "–"
        table.add_row(name, f"{slot.width_px} × {slot.height_px}", most, ", ".join(slot.formats))
    return table


def _size(size_bytes: int) -> str:
    kibibytes = size_bytes / 1024
    return f"{kibibytes:.0f} KiB" if kibibytes < 1024 else f"{kibibytes / 1024:.0f} MiB"
