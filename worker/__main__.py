"""``python -m worker LANE…``: one worker process for these lanes, with the flags that belong to it."""

import os
import sys

from celery.__main__ import main as celery

from adloom.core.errors import BadConfiguration
from adloom.core.lanes import Lane
from adloom.core.settings import Settings
from broker import make_celery, queue_name
from models import open_database
from storage import open_store


def main(names: list[str]) -> None:
    """Become a Celery worker for the lanes called *names*."""
    known = [lane.value for lane in Lane]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        sys.exit(
            f"usage: python -m worker LANE…   lanes: {', '.join(known)}" + "".join(f"\nno lane {u}" for u in unknown)
        )
    _check(Settings())
    lanes = [Lane(name) for name in names]
    os.environ["ADLOOM_LANES"] = ",".join(names)
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # torch's idle threads would spin on cores that others need
    command = ["celery", "-A", "worker.app", "worker"]
    command += ["-Q", ",".join(queue_name(lane) for lane in lanes), "-n", f"{'-'.join(names)}-{os.getpid()}@%h"]
    command += ["-c", "1", "--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "WARNING"]
    sys.argv = command
    sys.exit(celery())


def _check(settings: Settings) -> None:
    """Refuse a setting that cannot work in one line, before Celery would with a page."""
    try:
        open_database(settings.database()).close()
        open_store(settings.storage())
        make_celery(settings.broker())
    except BadConfiguration as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
