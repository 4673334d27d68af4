"""Plain Celery, one message per task: what the queue is measured against."""

import os

from celery import Celery

app = Celery("plain", broker=os.environ.get("BENCH_BROKER_URL", "memory://"))
app.conf.update(
    task_ignore_result=True,
    worker_prefetch_multiplier=64,  # a generous setting: 4 to 64 made no difference on Redis
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
)


@app.task(name="plain.noop")  # type: ignore[untyped-decorator]  # Celery has no types
def noop(payload: str) -> None:
    """Nothing."""
