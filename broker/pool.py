"""Celery's pool of processes, with an eye on its dead."""

from collections.abc import Callable, Mapping
from typing import Any

from celery.concurrency.asynpool import AsynPool
from celery.concurrency.prefork import TaskPool

LOOK_SECONDS = 0.5


class WatchfulPool(AsynPool):  # type: ignore[misc]  # Celery has no types
    """Looks twice a second whether a child is dead.

    Celery is told at once when a child's pipe closes, and looks: but a moment later only does the kernel let a parent
    see that the child has ended, and on a busy machine the look comes too early.  The next one is 5 s later.
    """

    @property
    def timers(self) -> Mapping[Callable[[], Any], float]:  # Any: nothing that matters
        """What is called again and again, and after how many seconds."""
        return {self.maintain_pool: LOOK_SECONDS}


class BellPool(TaskPool):  # type: ignore[misc]  # Celery has no types
    """Celery's prefork pool, whose dead children are replaced at once."""

    Pool = WatchfulPool
