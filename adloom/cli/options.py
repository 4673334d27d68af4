"""The options that several commands share."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

_EMBEDDED = "Embedded platform"

Url = Annotated[
    str,
    typer.Option(
        envvar="ADLOOM_URL", help="Address of a running platform; without one, the embedded platform is used."
    ),
]
ApiKey = Annotated[
    str,
    typer.Option(
        envvar="ADLOOM_API_KEY", show_envvar=True, help="Your key for --url; the embedded platform has its own."
    ),
]
DatabaseUrl = Annotated[
    str,
    typer.Option(
        help="Database of the embedded platform; else ADLOOM_DATABASE_URL, else SQLite.", rich_help_panel=_EMBEDDED
    ),
]
BrokerUrl = Annotated[
    str,
    typer.Option(
        help="Broker of the embedded platform; else ADLOOM_BROKER_URL, else a folder.", rich_help_panel=_EMBEDDED
    ),
]
StorageUrl = Annotated[
    str,
    typer.Option(
        help="Store of the embedded platform; else ADLOOM_STORAGE_URL, else a folder.", rich_help_panel=_EMBEDDED
    ),
]
Out = Annotated[Path, typer.Option(help="Folder for the results.", file_okay=False)]
JobId = Annotated[str, typer.Argument(help="The job's id.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@dataclass(frozen=True)
class Place:
    """Which platform a command talks to: the one at *url*, or the embedded one, made of *parts* where they name any."""

    url: str = ""
    api_key: str = ""
    parts: dict[str, str] = field(default_factory=dict)  #: settings of the embedded platform, by name; empty: default
