"""``python -m api.lanes``: see, pause and resume lanes, on the server itself."""

import argparse
import sys
from collections.abc import Sequence

from adloom.core.lanes import Lane
from adloom.core.settings import Settings
from api.commands import run_command
from models import Database
from services.lanes import LaneView, list_lanes, pause_lane, resume_lane


def main(arguments: Sequence[str] | None = None, settings: Settings | None = None) -> int:
    """Run one command; the exit status says whether it worked."""
    asked = _parser().parse_args(arguments)
    return run_command(settings or Settings(), lambda database: _run(asked, database))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m api.lanes", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="show every lane: paused or not, how long, whether anybody works on it")
    for name, does in (("pause", "lease nothing from a lane; what is leased goes on"), ("resume", "lease again")):
        command = commands.add_parser(name, help=does)
        command.add_argument("lane", type=Lane, choices=list(Lane))
    return parser


def _run(asked: argparse.Namespace, database: Database) -> str:
    """What the command prints."""
    with database.sessions.begin() as session:
        now = database.now(session)
        match asked.command:
            case "pause":
                pause_lane(session, asked.lane, now=now)
                return f"{asked.lane} is paused. What workers hold goes on; nothing new starts.\n"
            case "resume":
                resume_lane(session, asked.lane)
                return f"{asked.lane} goes on.\n"
        return "".join(map(_line, list_lanes(session, now=now)))


def _line(lane: LaneView) -> str:
    state = f"paused {lane.paused_at:%Y-%m-%d %H:%M}" if lane.paused_at else "runs"
    served = "workers" if lane.is_served else "no worker"
    measured = f"{lane.waiting:,} ready" if lane.measured_at else "never measured"
    return f"{lane.lane:<8}  {state:<24}  {served:<10}  {measured}\n"


if __name__ == "__main__":
    sys.exit(main())
