"""Plain Celery, one message per task: what the queue is measured against."""

import os
import socket
import time

from celery import Celery

app = Celery("plain", broker=os.environ.get("BENCH_BROKER_URL", "memory://"))
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    worker_prefetch_multiplier=64,  # a generous setting: 4 to 64 made no difference on Redis
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
)


@app.task(name="plain.noop")  # type: ignore[untyped-decorator]  # Celery has no types
def noop(payload: str) -> None:
    """Nothing."""


@app.task(name="plain.tell")  # type: ignore[untyped-decorator]  # Celery has no types
def tell(address: str) -> None:
    """Say on a local socket when it ran: a task without a result leaves no other trace."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.sendto(str(time.time()).encode(), address)
