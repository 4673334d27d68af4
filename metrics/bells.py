"""Bells as they are rung."""

from prometheus_client import Counter, Histogram

from adloom.core.lanes import Lane
from metrics.registry import SECONDS, Registry


class BellMetrics:
    """Counts what a process's ringer publishes."""

    def __init__(self, registry: Registry) -> None:
        self._rung = Counter(
            "adloom_bells_rung_total",
            "Bells that were published, or lost because the broker did not take them; the sweeper rings again.",
            ["lane", "result"],
            registry=registry,
        )
        self._seconds = Histogram(
            "adloom_bell_publish_seconds",
            "From ringing a bell to the broker's having it.",
            ["lane"],
            buckets=SECONDS,
            registry=registry,
        )

    def rung(self, lane: Lane, published: bool, seconds: float) -> None:
        """A bell was published, or lost, *seconds* after it was rung."""
        self._rung.labels(lane.value, "published" if published else "lost").inc()
        if published:
            self._seconds.labels(lane.value).observe(seconds)
