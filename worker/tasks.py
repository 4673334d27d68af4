"""The one Celery task: hear a bell, drain the lane."""

from collections.abc import Callable

from celery import Celery

from adloom.core.lanes import Lane
from broker import DRAIN
from worker.drain import heed
from worker.runtime import Runtime


def register(celery: Celery, runtime: Callable[[], Runtime]) -> None:
    """Bind the task's name to this process's *runtime*."""

    @celery.task(name=DRAIN)  # type: ignore[untyped-decorator]  # Celery has no types
    def drain_lane(lane: str) -> None:
        made = runtime()
        made.metrics.heard(Lane(lane))
        heed(made, Lane(lane))
