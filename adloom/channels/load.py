"""Reads channel files.  Adding a channel is adding a file: docs/add-a-channel.md."""

import difflib
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import TypeAdapter, ValidationError

from adloom.channels.channel import Channel, Slot, TextField
from adloom.channels.counting import METHODS
from adloom.channels.creative import creative_texts
from adloom.channels.rules import RULES
from adloom.core.errors import BadConfiguration, UnknownChannel

_channel = TypeAdapter(Channel)


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
        channel = _channel.validate_python(_resolved({**data, "id": path.name.removesuffix(".toml")}))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadConfiguration(f"{path.name} does not describe a channel: {error}") from error
    if fault := next(_faults(channel), None):
        raise BadConfiguration(f"{path.name} does not describe a channel: {fault}")
    slots = (
        slot if slot.texts else replace(slot, texts=creative_texts(slot.width_px, slot.height_px))
        for slot in channel.slots
    )
    return replace(channel, slots=tuple(slots))


def _resolved(data: dict[str, Any]) -> dict[str, Any]:  # Any: TOML, before it is validated
    """*data* with the short names of sources replaced by the sources themselves."""
    sources = data.pop("sources", {})
    for entry in (*data.get("texts", ()), *data.get("slots", ())):
        entry["sources"] = tuple(sources.get(name, name) for name in entry.get("sources", ()))
    return data


def _faults(channel: Channel) -> Iterator[str]:
    """What types alone do not say."""
    for rule in channel.rules:
        if rule not in RULES:
            yield f"There is no rule {rule!r}. {_advice(rule, RULES)}"
    for things in (channel.texts, channel.slots):
        names = [thing.name for thing in things]
        yield from (f"{name!r} is there twice." for name in names if names.count(name) > 1)
    fields: tuple[TextField, ...] = (*channel.texts, *(field for slot in channel.slots for field in slot.texts))
    for field in fields:
        if field.unit not in METHODS:
            yield f"There is no counting method {field.unit!r}. {_advice(field.unit, METHODS)}"
        if not int(field.required) <= field.min_items <= field.max_items:
            yield f"{field.name}: a required field has at least one item, and min_items is at most max_items."


def _advice(wrong: str, known: Collection[str]) -> str:
    """Which one was probably meant, and which there are."""
    nearest = difflib.get_close_matches(wrong, known, n=1, cutoff=0.5)
    meant = f"Did you mean {nearest[0]!r}? " if nearest else ""
    return f"{meant}Known: {', '.join(known) or 'none'}."
