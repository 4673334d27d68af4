"""How far a job is: a bar with counts and the time left, or plain lines where no terminal watches."""

import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn

from adloom.cli.screen import duration, notes, say, warn
from adloom.core.states import FINAL, FINAL_JOB, ItemState
from adloom.views import JobView

_WINDOW_SECONDS = 90.0
_LINE_SECONDS = 10.0
_STUCK_SECONDS = 45.0


class Pace:
    """How fast items end, over the last minute and a half: first micro-batches load weights and tell little."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()  #: (instant, items ended), oldest first

    def note(self, now: float, ended: int) -> None:
        """Remember that *ended* items had ended at *now*."""
        self._seen.append((now, ended))
        while len(self._seen) > 2 and now - self._seen[1][0] >= _WINDOW_SECONDS:
            self._seen.popleft()

    def seconds_for(self, left: int) -> float | None:
        """How long *left* more items take at this pace; None while nothing has ended."""
        if not self._seen:
            return None
        (since, before), (now, ended) = self._seen[0], self._seen[-1]
        return left * (now - since) / (ended - before) if ended > before else None


def ended_items(job: JobView) -> int:
    """How many of the job's items are final."""
    return sum(job["counts"].get(state, 0) for state in FINAL)


def describe(job: JobView, pace: Pace) -> str:
    """The job's state in a line: ``12 of 48 done · 2 failed · 8 in work · about 3 min left``."""
    counts = job["counts"]
    words = {ItemState.FAILED: "failed", ItemState.CANCELLED: "cancelled", ItemState.LEASED: "in work"}
    parts = [f"{counts.get(ItemState.SUCCEEDED, 0)} of {job['total']} done"]
    parts += [f"{counts[state]} {word}" for state, word in words.items() if counts.get(state)]
    left = job["total"] - ended_items(job)
    seconds = pace.seconds_for(left)
    if left and seconds is not None:
        parts.append(f"about {duration(seconds)} left")
    return " · ".join(parts)


def phase(job: JobView) -> str:
    """What is going on: nothing has come out yet, or it flows, or it is over."""
    if job["state"] in FINAL_JOB:
        return job["state"].capitalize()
    if ended_items(job):
        return "Making ads"
    return "Warming up" if job["counts"].get(ItemState.LEASED) else "Waiting for a worker"


class JobProgress:
    """Shows one job's progress on standard error.  A context manager; `show` takes each new view."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pace = Pace()
        self._bar: Progress | None = None
        self._line_at = -_LINE_SECONDS
        if sys.stderr.isatty():
            self._bar = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(),
                TaskProgressColumn(),
                TextColumn("{task.fields[counts]}"),
                console=notes(),
            )
            self._task = self._bar.add_task("", total=None, counts="")

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def show(self, job: JobView) -> None:
        """Draw *job* as it stands now."""
        now, ended = self._clock(), ended_items(job)
        self._pace.note(now, ended)
        line = describe(job, self._pace)
        if self._bar:
            self._bar.update(self._task, description=phase(job), total=job["total"], completed=ended, counts=line)
        elif now - self._line_at >= _LINE_SECONDS or ended == job["total"]:
            self._line_at = now
            say(f"{phase(job)}: {line}")


def show_all(jobs: Iterable[JobView], *, between: Callable[[], None], if_stuck: str) -> JobView:
    """Show every view of a job as it comes and return the last; call *between* after each.

    Says *if_stuck*, once, when no worker has taken anything for a while.
    """
    last: JobView | None = None
    stuck_at = time.monotonic() + _STUCK_SECONDS
    with JobProgress() as progress:
        for job in jobs:
            progress.show(job)
            last = job
            between()
            if ended_items(job) or job["counts"].get(ItemState.LEASED):
                stuck_at = float("inf")
            elif time.monotonic() > stuck_at:
                stuck_at = float("inf")
                warn(if_stuck)
    assert last is not None, "a job is always seen at least once"
    return last
