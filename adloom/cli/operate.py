"""Commands for whoever runs a platform: they start the server's own entry points as processes."""

import json
import signal
from contextlib import suppress
from typing import Annotated

import typer
from rich.table import Table

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


def _announce(supervisor: Supervisor) -> None:
    home = supervisor.home
    notes().print(
        f"The platform is ready.\n  address  {supervisor.url}\n  key      in {home.key}\n  logs     in {home.logs}\n"
        f'Try: curl -H "Authorization: Bearer $(cat {home.key})" {supervisor.url}/v1/jobs\nCtrl-C stops it.',
        markup=False,
    )


def _address(home: Home) -> str:
    return home.url.read_text() if home.url.exists() else "it is starting or stopping"
