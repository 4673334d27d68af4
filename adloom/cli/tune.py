"""Commands for whoever runs a platform's queue: lanes and owners, through the server's own entry points."""

from typing import Annotated

import typer

from adloom.cli.checkout import become
from adloom.core.lanes import Lane

lanes = typer.Typer(help="See, pause and resume the lanes of the platform that the ADLOOM_* settings name.")
owners = typer.Typer(help="See and set owners' weights and quotas on the platform that the ADLOOM_* settings name.")

LaneName = Annotated[Lane, typer.Argument(metavar="LANE", help="A pool of capacity: copy, image, banner or train.")]


@lanes.command("list")
def list_lanes() -> None:
    """List the lanes: paused or not, how long, and whether a worker serves them."""
    become("api.lanes", "list")


@lanes.command("pause")
def pause_lane(lane: LaneName) -> None:
    """Pause a lane: what workers hold goes on, nothing new starts."""
    become("api.lanes", "pause", lane)


@lanes.command("resume")
def resume_lane(lane: LaneName) -> None:
    """Let a paused lane go on."""
    become("api.lanes", "resume", lane)


@owners.command("list")
def list_owners() -> None:
    """List the owners that have submitted or been set."""
    become("api.owners", "list")


@owners.command("set")
def set_owner(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The owner, as 'adloom keys list' shows it.")],
    weight: Annotated[str, typer.Option(metavar="N", help="Its share of a lane; 1 is what everybody has.")] = "",
    tier: Annotated[str, typer.Option(metavar="NAME", help="A class of owners, for metrics.")] = "",
    max_waiting: Annotated[
        str, typer.Option(metavar="N", help="Most items that are not final; 0: any; or 'default'.")
    ] = "",
    max_daily: Annotated[
        str, typer.Option(metavar="N", help="Most items submitted in 24 hours; 0: any; or 'default'.")
    ] = "",
) -> None:
    """Set what is named of an owner; the rest stays."""
    options = {"--weight": weight, "--tier": tier, "--max-waiting": max_waiting, "--max-daily": max_daily}
    become("api.owners", "set", *(f"{option}={value}" for option, value in options.items() if value), "--", name)
