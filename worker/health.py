"""``python -m worker.health``: exit 0 if a worker on this host was seen just now.  For a container's health check."""

import socket
import sys
from datetime import timedelta

from adloom.core.settings import Settings
from models import open_database
from models.queries import workers

SEEN_WITHIN = timedelta(seconds=60)


def main() -> int:
    """Look into the table in which workers report themselves: the same one the sweeper trusts."""
    database = open_database(Settings().database(), pool_size=1)
    try:
        with database.sessions.read() as session:
            since = database.now(session) - SEEN_WITHIN
            return 0 if workers.is_seen(session, host=socket.gethostname(), since=since) else 1
    finally:
        database.close()


if __name__ == "__main__":
    sys.exit(main())
