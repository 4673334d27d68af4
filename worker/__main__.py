"""``python -m worker LANE…``: one worker process for these lanes, with the flags that belong to it."""

import os
import sys

from celery.__main__ import main as celery

from adloom.core.lanes import Lane
from broker import queue_name


def main(names: list[str]) -> None:
    """Become a Celery worker for the lanes called *names*."""
    known = [lane.value for lane in Lane]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        sys.exit(
            f"usage: python -m worker LANE…   lanes: {', '.join(known)}" + "".join(f"\nno lane {u}" for u in unknown)
        )
    lanes = [Lane(name) for name in names]
    os.environ["ADLOOM_LANES"] = ",".join(names)
    command = ["celery", "-A", "worker.app", "worker"]
    command += ["-Q", ",".join(queue_name(lane) for lane in lanes), "-n", f"{'-'.join(names)}-{os.getpid()}@%h"]
    command += ["-c", "1", "--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "WARNING"]
    sys.argv = command
    sys.exit(celery())


if __name__ == "__main__":
    main(sys.argv[1:])
