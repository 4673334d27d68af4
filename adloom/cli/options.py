"""The options that several commands share."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

_EMBEDDED = "Embedded platform"

Url = Annotated[
    str,
    typer.Option(
        metavar="URL", envvar="ADLOOM_URL", help="A running platform; without one, the embedded platform is used."
    ),
]
ApiKey = Annotated[
    str,
    typer.Option(
        metavar="KEY", envvar="ADLOOM_API_KEY", help="Your key for --url; the embedded platform keeps its own."
    ),
]
DatabaseUrl = Annotated[
    str,
    typer.Option(metavar="URL", help="Its database; else ADLOOM_DATABASE_URL, else SQLite.", rich_help_panel=_EMBEDDED),
]
BrokerUrl = Annotated[
    str,
    typer.Option(metavar="URL", help="Its broker; else ADLOOM_BROKER_URL, else a folder.", rich_help_panel=_EMBEDDED),
]
StorageUrl = Annotated[
    str,
    typer.Option(metavar="URL", help="Its store; else ADLOOM_STORAGE_URL, else a folder.", rich_help_panel=_EMBEDDED),
]
Out = Annotated[Path, typer.Option(metavar="DIR", file_okay=False, help="Folder for the results.")]
JobId = Annotated[str, typer.Argument(metavar="JOB", help="The job's id.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@dataclass(frozen=True)
class Place:
    """Which platform a command talks to: the one at *url*, or the embedded one, made of *parts* where they name any."""

    url: str = ""
    api_key: str = ""
    parts: dict[str, str] = field(default_factory=dict)  #: settings of the embedded platform, by name; empty: default
