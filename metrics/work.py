"""A worker's work: micro-batches, attempts, leases, time by where it goes."""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from prometheus_client import Counter, Histogram

from adloom.core.lanes import Lane
from metrics.registry import SECONDS, Registry

SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
SHARES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
MOST_CODES = 64  #: a third party's generator may invent codes; what comes after so many counts as "other"

_CODE = re.compile(r"[a-z]+(-[a-z]+){0,7}")  #: no digits: an id never passes for a code


class WorkMetrics:
    """Counts what one worker process does."""

    def __init__(self, registry: Registry) -> None:
        self._codes: set[str] = set()
        self._count_batches(registry)
        self._count_leases(registry)
        self._time(registry)

    def _count_batches(self, registry: Registry) -> None:
        self._sizes = Histogram(
            "adloom_micro_batch_items", "Items leased together.", ["lane"], buckets=SIZES, registry=registry
        )
        self._fills = Histogram(
            "adloom_micro_batch_fill_ratio",
            "Items leased together, divided by the most that could have been.",
            ["lane"],
            buckets=SHARES,
            registry=registry,
        )
        self._attempts = Counter(
            "adloom_attempts_total",
            "Leases of items that ended here, by how; code: the error's, where the outcome is failed.",
            ["kind", "outcome", "code"],
            registry=registry,
        )
        self._heard = Counter("adloom_bells_heard_total", "Bells that were answered.", ["lane"], registry=registry)

    def _count_leases(self, registry: Registry) -> None:
        self._renewals = Counter(
            "adloom_lease_renewals_total",
            "Leases at a heartbeat: renewed, lost to someone else or to a cancel, or not reached (result error).",
            ["result"],
            registry=registry,
        )
        self._stalls = Counter(
            "adloom_stalls_total",
            "Heartbeats at which a micro-batch was not renewed because its generator made no step.",
            registry=registry,
        )
        self._crashes = Counter(
            "adloom_worker_crashes_total",
            "Worker processes found dead, whose leases were taken back.",
            registry=registry,
        )
        self._loads = Counter("adloom_weights_loads_total", "Loads of weights.", ["kind", "result"], registry=registry)

    def _time(self, registry: Registry) -> None:
        def histogram(name: str, meaning: str, label: str) -> Histogram:
            return Histogram(name, meaning, [label], buckets=SECONDS, registry=registry)

        self._generator = histogram("adloom_generator_seconds", "Time inside one call of a generator.", "kind")
        self._load = histogram("adloom_weights_load_seconds", "Time one load of weights took.", "kind")
        self._database = histogram(
            "adloom_database_seconds", "Time one transaction took, with its commit.", "operation"
        )
        self._store = histogram("adloom_store_seconds", "Time one call of the object store took.", "operation")

    def heard(self, lane: Lane) -> None:
        """A bell was heard."""
        self._heard.labels(lane.value).inc()

    def acquired(self, lane: Lane, items: int, limit: int) -> None:
        """A micro-batch of *items* was leased where *limit* were allowed."""
        self._sizes.labels(lane.value).observe(items)
        self._fills.labels(lane.value).observe(items / max(1, limit))

    def ended(self, kind: str, outcomes: Mapping[tuple[str, str], int]) -> None:
        """Leases ended: (outcome, code) -> how many."""
        for (outcome, code), number in outcomes.items():
            self._attempts.labels(kind, outcome, self._known(code)).inc(number)

    def _known(self, code: str) -> str:
        if code and (not _CODE.fullmatch(code) or (code not in self._codes and len(self._codes) >= MOST_CODES)):
            return "other"
        self._codes.add(code)
        return code

    def renewed(self, *, kept: int, lost: int) -> None:
        """A heartbeat kept some leases and found others lost."""
        self._renewals.labels("renewed").inc(kept)
        self._renewals.labels("lost").inc(lost)

    def not_renewed(self, leases: int) -> None:
        """A heartbeat could not reach the database."""
        self._renewals.labels("error").inc(leases)

    def stalled(self) -> None:
        """A generator has made no step for too long."""
        self._stalls.inc()

    def crashed(self, processes: int) -> None:
        """Processes were found dead."""
        self._crashes.inc(processes)

    def generated(self, kind: str, seconds: float) -> None:
        """A call of a generator took *seconds*, without what its caller did between two outcomes."""
        self._generator.labels(kind).observe(seconds)

    @contextmanager
    def loading(self, kind: str) -> Iterator[None]:
        """Measure a load of weights; an error passes through and is counted."""
        begun = time.perf_counter()
        try:
            yield
        except Exception:
            self._loads.labels(kind, "failed").inc()
            raise
        self._loads.labels(kind, "loaded").inc()
        self._load.labels(kind).observe(time.perf_counter() - begun)

    @contextmanager
    def database(self, operation: str) -> Iterator[None]:
        """Measure a transaction, failed ones too."""
        with self._database.labels(operation).time():
            yield

    @contextmanager
    def store(self, operation: str) -> Iterator[None]:
        """Measure a call of the store, failed ones too."""
        with self._store.labels(operation).time():
            yield
