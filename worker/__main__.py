"""``python -m worker LANE…``: one worker process for these lanes, with the flags that belong to it."""

import os
import sys

from celery.__main__ import main as celery

from adloom.core.errors import BadConfiguration
from adloom.core.lanes import Lane
from adloom.core.log import configure
from adloom.core.settings import Settings
from broker import has_broker, open_ringer, queue_name
from generators.copy.shares import read_shares
from models import open_database
from storage import open_store
from worker.poll import Parent


def main(names: list[str]) -> None:
    """Become a Celery worker for the lanes called *names*; without a broker, one that looks for work itself."""
    known = [lane.value for lane in Lane]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        sys.exit(
            f"usage: python -m worker LANE…   lanes: {', '.join(known)}" + "".join(f"\nno lane {u}" for u in unknown)
        )
    settings = Settings()
    _check(settings)
    lanes = [Lane(name) for name in names]
    os.environ["ADLOOM_LANES"] = ",".join(names)
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # torch's idle threads would spin on cores that others need
    if not has_broker(settings.broker()):
        configure(settings.log_format)
        sys.exit(Parent(lanes, settings).run())
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
        open_ringer(settings.broker(), poll_seconds=settings.poll_seconds)
        read_shares(settings.ranking)
    except BadConfiguration as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
