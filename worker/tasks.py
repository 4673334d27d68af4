"""The one Celery task: hear a bell, drain the lane."""

import os
from collections.abc import Callable

from celery import Celery

from adloom.core.lanes import Lane
from broker import DRAIN
from generators.base import DeviceLost
from worker.drain import drain
from worker.runtime import Runtime

BROKEN = 71  #: exit status of a process whose device answers nothing any more


def register(celery: Celery, runtime: Callable[[], Runtime]) -> None:
    """Bind the task's name to this process's *runtime*."""

    @celery.task(name=DRAIN)  # type: ignore[untyped-decorator]  # Celery has no types
    def drain_lane(lane: str) -> None:
        made = runtime()
        made.metrics.heard(Lane(lane))
        try:
            drain(made, Lane(lane))
        except DeviceLost:
            os._exit(BROKEN)  # the process that replaces this one settles what it held, as after any crash
