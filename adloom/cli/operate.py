"""Commands for whoever runs a platform: they start the server's own entry points as processes."""

import json
import signal
from contextlib import suppress
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from adloom.channels import Channel, list_channels, load_channel
from adloom.cli.checkout import absolute_folder, ask, become, find_checkout, read_settings
from adloom.cli.home import Home
from adloom.cli.options import BrokerUrl, DatabaseUrl, Json, StorageUrl
from adloom.cli.screen import answers, notes, print_json, say
from adloom.cli.supervisor import Supervisor, embed
from adloom.core.errors import BadConfiguration
from adloom.core.lanes import Lane
from adloom.core.log import configure
from adloom.views import JSON

keys = typer.Typer(help="Make, list and revoke API keys of the platform that the ADLOOM_* settings name.")
weights = typer.Typer(help="List and fetch the weights of language models.")

Owner = Annotated[str, typer.Option(metavar="NAME", help="The account that the key acts for.")]


def up(
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="Port on this machine; 0: any free one.")
    ] = 0,
    database_url: DatabaseUrl = "",
    broker_url: BrokerUrl = "",
    storage_url: StorageUrl = "",
) -> None:
    """Run the embedded platform in the foreground, until Ctrl-C."""
    parts = {"database_url": database_url, "broker_url": broker_url, "storage_url": storage_url}
    settings = read_settings(**parts, port=str(port) if port else "")
    configure(settings.log_format)
    root = find_checkout()
    home = Home(settings.home)
    home.prepare()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with home.supervised() as ours:
        if not ours:
            raise BadConfiguration(f"A platform is already running in {home.folder}: {_address(home)}")
        supervisor = Supervisor(embed(settings), root=root, wanted=lambda: True)
        say("Starting the platform …")
        with suppress(KeyboardInterrupt):
            supervisor.run(on_ready=lambda: _announce(supervisor))
    say("Stopping. Jobs are kept, and go on with the next start.")
    supervisor.await_end()


def migrate() -> None:
    """Bring the database up to date (an embedded platform does this by itself)."""
    become("migrations")


def worker(lanes: Annotated[list[Lane], typer.Argument(metavar="LANE...", help="The lanes to drain.")]) -> None:
    """Run a worker for some lanes in the foreground, until it is told to stop."""
    become("worker", *lanes)


@keys.command("create")
def create_key(owner: Owner = "local") -> None:
    """Make a key and show it, this once."""
    become("api.keys", "create", "--owner", owner)


@keys.command("list")
def list_keys() -> None:
    """List the keys: their ids and owners, never the keys."""
    become("api.keys", "list")


@keys.command("revoke")
def revoke_key(
    key_id: Annotated[str, typer.Argument(metavar="KEY_ID", help="The key's id, as 'adloom keys list' shows it.")],
) -> None:
    """Revoke a key: it stops working at once."""
    become("api.keys", "revoke", key_id)


@weights.command("list")
def list_weights(as_json: Json = False) -> None:
    """List the weights that are known by name, and whether they are ready to be loaded."""
    entries = _weights("list")
    if as_json:
        print_json(entries)
        return
    table = Table("Name", "Ready", "Languages", "License", "What", box=None, pad_edge=False)
    for entry in entries:
        ready = "yes" if entry["ready"] else "no"
        table.add_row(entry["name"], ready, entry["languages"], entry["license"], entry["title"])
    answers().print(table)


@weights.command("fetch")
def fetch_weights(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A name from the list, a hub id or a folder; none: the default.")
    ] = "",
) -> None:
    """Fetch weights and convert them, so that the first run need not."""
    with notes().status("Fetching and converting …"):
        (fetched,) = _weights("fetch", *([absolute_folder(name)] if name else []))
    say(f"{fetched['version']} is ready, in {fetched['folder']}.")


def _weights(*command: str) -> list[JSON]:
    cache = read_settings().home / "weights"
    return [json.loads(line) for line in ask("generators.weights", "--cache", str(cache), *command).splitlines()]


def channels(
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="Show this channel's fields and slots.")] = "",
    as_json: Json = False,
) -> None:
    """List the channels that ads can be made for, and what each takes."""
    known = [load_channel(channel)] if channel else list(list_channels())
    if as_json:
        print_json([_plain(each) for each in known])
    elif channel:
        _show_channel(known[0])
    else:
        for each in known:
            _sum_up(each)


def _sum_up(channel: Channel) -> None:
    table = Table.grid(padding=(0, 1))
    table.add_row("  texts", Text(", ".join(f"{field.name} ≤ {field.max_length or field.aim}" for field in channel.texts) or "none"))
    table.add_row("  slots", Text(", ".join(slot.name for slot in channel.slots) or "none"))
    console = answers()
    console.print(Text(channel.id, style="bold").append(f"  {channel.name}", style="not bold"))
    console.print(table)


def _show_channel(channel: Channel) -> None:
    console = answers()
    console.print(f"{channel.id}: {channel.name} ({channel.platform})\n")
    texts = Table("Text", "At most", "Counted in", "How many", box=None, pad_edge=False)
    for field in channel.texts:
        texts.add_row(field.name, str(field.max_length), field.unit, f"{field.min_items}–{field.max_items}")
    console.print(texts)
    if channel.slots:
        slots = Table("\nSlot", "\nSize", "\nAt most", "\nFormats", box=None, pad_edge=False)
        for slot in channel.slots:
            size = f"{slot.width_px} × {slot.height_px}"
            slots.add_row(f"{channel.id}:{slot.name}", size, _size(slot.max_bytes), ", ".join(slot.formats))
        console.print(slots)


def _size(size_bytes: int) -> str:
    kibibytes = size_bytes / 1024
    return f"{kibibytes:.0f} KiB" if kibibytes < 1024 else f"{kibibytes / 1024:.0f} MiB"


def _plain(channel: Channel) -> dict[str, object]:
    return {
        "id": channel.id,
        "name": channel.name,
        "platform": channel.platform,
        "texts": [{"name": field.name, "max_length": field.max_length, "unit": field.unit} for field in channel.texts],
        "slots": [
            {"name": slot.name, "width_px": slot.width_px, "height_px": slot.height_px} for slot in channel.slots
        ],
    }


def _announce(supervisor: Supervisor) -> None:
    home = supervisor.home
    notes().print(
        f"The platform is ready.\n  address  {supervisor.url}\n  key      in {home.key}\n  logs     in {home.logs}\n"
        f'Try: curl -H "Authorization: Bearer $(cat {home.key})" {supervisor.url}/v1/jobs\nCtrl-C stops it.',
        markup=False,
    )


def _address(home: Home) -> str:
    return home.url.read_text() if home.url.exists() else "it is starting or stopping"
