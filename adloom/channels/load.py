"""Reads channel files.  Adding a channel is adding a file: docs/add-a-channel.md."""

import difflib
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

from pydantic import TypeAdapter

from adloom.channels.channel import Channel, Slot, TextField
from adloom.channels.counting import METHODS
from adloom.channels.creative import creative_texts
from adloom.channels.rules import RULES
from adloom.core.brief import Brief
from adloom.core.errors import BadConfiguration, UnknownChannel

_channel = TypeAdapter(Channel)
_sources = TypeAdapter(dict[str, str])
EntryT = TypeVar("EntryT", TextField, Slot)


def load_channel(channel_id: str) -> Channel:
    """The built-in channel of this id.

    Raises:
        UnknownChannel: there is none; the message names those there are.
    """
    known = _built_in()
    if channel_id not in known:
        raise UnknownChannel(f"There is no channel {channel_id!r}. {_advice(channel_id, known)}")
    return known[channel_id]


def list_channels() -> tuple[Channel, ...]:
    """Every built-in channel, by id."""
    return tuple(_built_in().values())


def parse_target(target: str) -> tuple[Channel, tuple[Slot, ...]]:
    """The channel and the slots that *target* names: ``iab_fixed:300x250`` is one slot, ``iab_fixed`` all of them.

    Raises:
        UnknownChannel: there is no such channel, or it has no such slot.
    """
    channel_id, colon, name = target.strip().partition(":")
    channel = load_channel(channel_id)
    if not colon:
        return channel, channel.slots
    slots = {slot.name: slot for slot in channel.slots}
    if name not in slots:
        raise UnknownChannel(f"The channel {channel_id!r} has no slot {name!r}. {_advice(name, slots)}")
    return channel, (slots[name],)


def read_channels(folder: Traversable) -> tuple[Channel, ...]:
    """The channels of every ``*.toml`` in *folder*, by id; a file's name is its channel's id.

    Raises:
        BadConfiguration: a file does not describe a channel; the message says which and where.
    """
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name)
    return tuple(_read(path) for path in paths)


@cache
def _built_in() -> Mapping[str, Channel]:
    return {channel.id: channel for channel in read_channels(files("adloom.channels") / "data")}


def _read(path: Traversable) -> Channel:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        sources = _sources.validate_python(data.pop("sources", {}))
        channel = _channel.validate_python({**data, "id": path.name.removesuffix(".toml")})
    except ValueError as error:  # no UTF-8, no TOML, or not the keys of a channel
        raise BadConfiguration(f"{path.name} does not describe a channel: {error}") from error
    if fault := next(_faults(channel, sources), None):
        raise BadConfiguration(f"{path.name} does not describe a channel: {fault}")
    return replace(
        channel,
        texts=tuple(_sourced(field, sources) for field in channel.texts),
        slots=tuple(_sourced(_worded(slot), sources) for slot in channel.slots),
        uploads=tuple(_sourced(slot, sources) for slot in channel.uploads),
    )


def _worded(slot: Slot) -> Slot:
    """*slot* with the words its shape can carry, where its file does not say."""
    return slot if slot.texts else replace(slot, texts=creative_texts(slot.width_px, slot.height_px))


def _sourced(entry: EntryT, sources: Mapping[str, str]) -> EntryT:
    """*entry* with its sources in full instead of their short names."""
    return replace(entry, sources=tuple(sources[name] for name in entry.sources))


def _faults(channel: Channel, sources: Mapping[str, str]) -> Iterator[str]:
    """What types alone do not say."""
    yield from (f"There is no rule {rule!r}. {_advice(rule, RULES)}" for rule in channel.rules if rule not in RULES)
    entries: tuple[TextField | Slot, ...] = (*channel.texts, *channel.slots, *channel.uploads)
    for entry, count in Counter((type(entry), entry.name) for entry in entries).items():
        if count > 1:
            yield f"{entry[1]!r} is there twice."
    for name in (name for entry in entries for name in entry.sources if name not in sources):
        yield f"There is no source {name!r}. {_advice(name, sources)}"
    yield from _dangling(channel)
    for field in (*channel.texts, *(field for slot in channel.slots for field in slot.texts)):
        if field.unit not in METHODS:
            yield f"There is no counting method {field.unit!r}. {_advice(field.unit, METHODS)}"
        if not (field.max_length or field.recommended_length):
            yield f"{field.name}: neither max_length nor recommended_length."
        if not int(field.required) <= field.min_items <= field.max_items:
            yield f"{field.name}: a required field has at least one item, and min_items is at most max_items."


def _dangling(channel: Channel) -> Iterator[str]:
    """What is needed of a brief that no brief has, and what follows a field that does not lead."""
    for name in (name for name in channel.needs if name not in Brief.model_fields):
        yield f"A brief has no {name!r}. {_advice(name, Brief.model_fields)}"
    leading = {field.name for field in channel.texts if field.written and not field.follows}
    for field in (field for field in channel.texts if field.follows and field.follows not in leading):
        yield f"{field.name} follows {field.follows!r}, which leads nothing. {_advice(field.follows, leading)}"


def _advice(wrong: str, known: Collection[str]) -> str:
    """Which one was probably meant, and which there are."""
    nearest = difflib.get_close_matches(wrong, known, n=1, cutoff=0.5)
    meant = f"Did you mean {nearest[0]!r}? " if nearest else ""
    return f"{meant}Known: {', '.join(known) or 'none'}."
