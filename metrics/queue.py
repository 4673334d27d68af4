"""The queue as the database has it, read at most every few seconds however often it is scraped."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from prometheus_client.core import GaugeMetricFamily

from adloom.core.lanes import Lane
from adloom.core.states import ItemState

log = structlog.get_logger()

KEEP_SECONDS = 5.0  #: how long an answer stands at least
SHARE = 0.05  #: of the time, the most that reading may take


@dataclass(frozen=True)
class QueueNumbers:
    """What the database says of everything that is not final."""

    items: Mapping[tuple[ItemState, Lane, str], int]  #: by state, lane and tier
    ages: Mapping[tuple[Lane, str], float]  #: seconds that ready items have waited, by lane and quantile
    workers: Mapping[tuple[Lane, str], int]  #: by lane and state: idle, busy
    paused: frozenset[Lane]
    jobs: Mapping[str, int]  #: unfinished, by tier
    deliveries: int  #: waiting in the outbox
    delivery_age_seconds: float  #: of the oldest


class QueueCollector:
    """Turns `QueueNumbers` into metrics.  *read* asks the database.

    An answer stands for five seconds, and for twenty times what it took: reading never costs more than a twentieth of
    one connection.  Where reading fails there are no numbers rather than old ones.
    """

    def __init__(self, read: Callable[[], QueueNumbers], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._clock = clock
        self._lock = threading.Lock()
        self._numbers: QueueNumbers | None = None
        self._took_seconds = 0.0
        self._stands_until = float("-inf")

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The metrics, from the last answer or from a new one.  One scrape asks; others wait for its answer."""
        with self._lock:
            if self._clock() >= self._stands_until:
                self._ask()
            numbers, took_seconds = self._numbers, self._took_seconds
        read = {(): float(numbers is not None)}
        yield _family("adloom_queue_read_success", "1 if the queue could be read from the database, else 0.", [], read)
        yield _family("adloom_queue_read_seconds", "Time the last reading of the queue took.", [], {(): took_seconds})
        yield from _families(numbers)

    def _ask(self) -> None:
        begun = self._clock()
        try:
            self._numbers = self._read()
        except Exception as error:  # whatever the database raises: the other metrics still tell their part
            log.warning("metrics.not_read", reason=type(error).__name__)
            self._numbers = None
        ended = self._clock()
        self._took_seconds = ended - begun
        self._stands_until = ended + max(KEEP_SECONDS, self._took_seconds / SHARE)


def _families(numbers: QueueNumbers | None) -> Iterator[GaugeMetricFamily]:
    """Every family, with its help; without a sample where nothing is known."""
    of = numbers or QueueNumbers({}, {}, {}, frozenset(), {}, 0, 0.0)
    yield _family("adloom_items", "Items that are not final.", ["state", "lane", "tier"], of.items)
    yield _family(
        "adloom_queue_age_seconds",
        "How long ready items have waited since they were submitted or since their hour came; 0 where nothing waits.",
        ["lane", "quantile"],
        of.ages,
    )
    yield _family("adloom_workers", "Live worker processes; busy: holding a lease.", ["lane", "state"], of.workers)
    paused = {(lane,): lane in of.paused for lane in Lane if numbers}
    yield _family("adloom_lane_paused", "1 where nothing is leased from the lane.", ["lane"], paused)
    jobs = {(tier,): number for tier, number in of.jobs.items()}
    yield _family("adloom_unfinished_jobs", "Jobs of which some item is not final.", ["tier"], jobs)
    waiting: Numbers = {(): of.deliveries} if numbers else {}
    yield _family("adloom_deliveries_pending", "Webhooks that wait in the outbox.", [], waiting)
    oldest: Numbers = {(): of.delivery_age_seconds} if numbers else {}
    yield _family("adloom_delivery_age_seconds", "Age of the oldest webhook that waits; 0: none.", [], oldest)


Numbers = Mapping[Any, float]  # Any: tuples of strings; a mapping is strict about its keys


def _family(name: str, meaning: str, labels: Sequence[str], numbers: Numbers) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, meaning, labels=labels)
    for values, number in numbers.items():
        family.add_metric([str(value) for value in values], float(number))
    return family
