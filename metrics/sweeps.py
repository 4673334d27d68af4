"""Sweeps: how often, how long, what they found."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Histogram

from metrics.registry import SECONDS, Registry


class SweepMetrics:
    """Counts what a sweeper does."""

    def __init__(self, registry: Registry) -> None:
        self._sweeps = Counter(
            "adloom_sweeps_total", "Steps of a sweep, by how they ended.", ["step", "result"], registry=registry
        )
        self._seconds = Histogram(
            "adloom_sweep_seconds", "Time one step of a sweep took.", ["step"], buckets=SECONDS, registry=registry
        )
        self._found = Counter(
            "adloom_swept_items_total",
            "Items that a sweep put right; step expired: leases that ran out and were taken back.",
            ["step"],
            registry=registry,
        )

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure one step; an error passes through and is counted."""
        begun = time.perf_counter()
        try:
            yield
        except Exception:
            self._sweeps.labels(name, "failed").inc()
            raise
        self._sweeps.labels(name, "done").inc()
        self._seconds.labels(name).observe(time.perf_counter() - begun)

    def found(self, step: str, items: int) -> None:
        """A step put *items* right."""
        self._found.labels(step).inc(items)
