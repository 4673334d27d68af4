"""``python -m api.owners``: see and set owners' weights, tiers and quotas, on the server itself."""

import argparse
import sys
from collections.abc import Sequence

from adloom.core.settings import Settings
from api.commands import run_command
from models import Database
from services.owners import OwnerView, list_owners, set_owner

_NAMES = ("weight", "tier", "max_waiting", "max_daily")


def main(arguments: Sequence[str] | None = None, settings: Settings | None = None) -> int:
    """Run one command; the exit status says whether it worked."""
    asked = _parser().parse_args(arguments)
    return run_command(settings or Settings(), lambda database: _run(asked, database))


def _quota(text: str) -> int | None:
    return None if text == "default" else int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m api.owners", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="show every owner that has submitted or been set")
    change = commands.add_parser("set", help="set what is named; the rest stays")
    change.add_argument("owner", help="as 'python -m api.keys list' shows it")
    change.add_argument(
        "--weight", type=float, default=argparse.SUPPRESS, help="its share of a lane; 1 is what everybody has"
    )
    change.add_argument("--tier", default=argparse.SUPPRESS, help="a class of owners, for metrics")
    quotas = (("--max-waiting", "items that are not final"), ("--max-daily", "items submitted in 24 hours"))
    for name, what in quotas:
        change.add_argument(name, type=_quota, default=argparse.SUPPRESS, help=f"most {what}; 0: any; or 'default'")
    return parser


def _run(asked: argparse.Namespace, database: Database) -> str:
    """What the command prints."""
    with database.sessions.begin() as session:
        if asked.command == "set":
            set_owner(session, asked.owner, **{name: vars(asked)[name] for name in _NAMES if name in asked})
            return f"{asked.owner} is set.\n"
        return "".join(map(_line, list_owners(session))) or "No owner has submitted or been set yet.\n"


def _line(owner: OwnerView) -> str:
    waiting, daily = _told(owner.max_waiting), _told(owner.max_daily)
    return f"{owner.owner:<20}  {owner.tier:<12}  weight {owner.weight:<6g}  waiting {waiting:<9}  daily {daily}\n"


def _told(quota: int | None) -> str:
    return "default" if quota is None else f"{quota:,}" if quota else "any"


if __name__ == "__main__":
    sys.exit(main())
