"""``python -m api.keys``: create, list and revoke API keys, on the server itself."""

import argparse
import sys
from collections.abc import Sequence

from adloom.core.settings import Settings
from api.commands import run_command
from models import Database
from services.keys import KeyView, list_keys, mint_key, revoke_key


def main(arguments: Sequence[str] | None = None, settings: Settings | None = None) -> int:
    """Run one command; the exit status says whether it worked."""
    asked = _parser().parse_args(arguments)
    settings = settings or Settings()
    pepper = settings.api_key_pepper.get_secret_value().encode()
    return run_command(settings, lambda database: _run(asked, database, pepper))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m api.keys", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    create = commands.add_parser("create", help="make a key and print it, once")
    create.add_argument("--owner", required=True, help="whose jobs it may see")
    create.add_argument("--name", default="", help="what it is for")
    commands.add_parser("list", help="show every key, without its secret")
    revoke = commands.add_parser("revoke", help="take a key out of use at once")
    revoke.add_argument("key_id", help="the id that 'list' shows")
    return parser


def _run(asked: argparse.Namespace, database: Database, pepper: bytes) -> str:
    """What the command prints."""
    with database.sessions.begin() as session:
        now = database.now(session)
        match asked.command:
            case "create":
                return mint_key(session, owner=asked.owner, name=asked.name, pepper=pepper, now=now).key + "\n"
            case "revoke":
                revoke_key(session, asked.key_id, now=now)
                return f"{asked.key_id} is revoked.\n"
        return "".join(map(_line, list_keys(session)))


def _line(key: KeyView) -> str:
    used = f"used {key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never used"
    state = f"revoked {key.revoked_at:%Y-%m-%d %H:%M}" if key.revoked_at else used
    return f"{key.id}  {key.owner:<20}  {key.name:<20}  created {key.created_at:%Y-%m-%d %H:%M}  {state}\n"


if __name__ == "__main__":
    sys.exit(main())
