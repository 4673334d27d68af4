"""What the counting objects promise: labels stay few, errors pass through, the queue is read seldom."""

from uuid import uuid4

import pytest
from prometheus_client import generate_latest

from metrics import HttpMetrics, QueueCollector, QueueNumbers, SweepMetrics, WorkMetrics, new_registry
from metrics.work import MOST_CODES
from tests.metrics.test_metrics_names import numbers


class Clock:
    """Time as a test wants it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Asked:
    """A database that counts how often it is asked, and takes its time."""

    def __init__(self, clock: Clock, *, takes: float = 0.0) -> None:
        self.times = 0
        self.away = False
        self._clock = clock
        self._takes = takes

    def __call__(self) -> QueueNumbers:
        self.times += 1
        self._clock.now += self._takes
        if self.away:
            raise OSError("away")
        return numbers()


def text_of(collector: QueueCollector) -> str:
    registry = new_registry()
    registry.register(collector)
    return generate_latest(registry).decode()


def test_an_answer_stands_for_five_seconds_however_often_it_is_scraped() -> None:
    clock = Clock()
    asked = Asked(clock)
    collector = QueueCollector(asked, clock=clock)
    for clock.now in (0.0, 1.0, 4.9):
        text_of(collector)
    assert asked.times == 1
    clock.now = 5.0
    text_of(collector)
    assert asked.times == 2


def test_a_slow_answer_stands_for_twenty_times_what_it_took() -> None:
    clock = Clock()
    asked = Asked(clock, takes=2.0)
    collector = QueueCollector(asked, clock=clock)
    text_of(collector)
    clock.now = 41.9
    assert "adloom_queue_read_seconds 2.0" in text_of(collector)
    assert asked.times == 1
    clock.now = 42.0
    text_of(collector)
    assert asked.times == 2


def test_a_database_that_is_away_is_said_and_gives_no_old_numbers() -> None:
    clock = Clock()
    asked = Asked(clock)
    collector = QueueCollector(asked, clock=clock)
    assert "adloom_deliveries_pending 2.0" in text_of(collector)
    clock.now, asked.away = 5.0, True
    said = text_of(collector)
    assert "adloom_queue_read_success 0.0" in said
    assert "adloom_deliveries_pending 2.0" not in said
    assert "adloom_items{" not in said
    assert asked.times == 2
    text_of(collector)
    assert asked.times == 2  # one that is away is not asked more often


def test_a_code_that_is_an_id_and_a_code_too_many_are_called_other() -> None:
    registry = new_registry()
    work = WorkMetrics(registry)
    planted = str(uuid4())
    words = (a + b for a in "abcdefghijklmnopqrstuvwxyz" for b in "abcdefghijklmnopqrstuvwxyz")
    work.ended("noop", {("failed", planted): 1, ("failed", "NotACode"): 1})
    for word, _ in zip(words, range(MOST_CODES + 10), strict=False):
        work.ended("noop", {("failed", f"code-{word}"): 1})
    text = generate_latest(registry).decode()
    assert planted not in text
    assert text.count('adloom_attempts_total{code="') <= MOST_CODES + 1
    assert registry.get_sample_value(
        "adloom_attempts_total", {"kind": "noop", "outcome": "failed", "code": "other"}
    ) == pytest.approx(12)


def test_a_stranger_puts_no_words_of_his_into_labels() -> None:
    registry = new_registry()
    HttpMetrics(registry).answered("BREW-" + str(uuid4()), None, 404, 0.1)
    labels = {"method": "other", "route": "none", "status": "4xx"}
    assert registry.get_sample_value("adloom_http_requests_total", labels) == 1


def test_a_step_that_fails_is_counted_and_raises() -> None:
    registry = new_registry()
    sweeps = SweepMetrics(registry)
    with pytest.raises(OSError, match="away"), sweeps.step("due"):
        raise OSError("away")
    assert registry.get_sample_value("adloom_sweeps_total", {"step": "due", "result": "failed"}) == 1
    assert registry.get_sample_value("adloom_sweeps_total", {"step": "due", "result": "done"}) is None


def test_two_registries_share_nothing() -> None:
    first, second = new_registry(), new_registry()
    WorkMetrics(first).stalled()
    WorkMetrics(second)
    assert [registry.get_sample_value("adloom_stalls_total") for registry in (first, second)] == [1, 0]
