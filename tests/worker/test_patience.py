"""After a gap in what the sweeper sees, workers get the time to renew before their leases are taken."""

from datetime import timedelta

from tests.queues import NOON
from worker.patience import Patience

SECOND = timedelta(seconds=1)


def patient() -> Patience:
    """With production's heartbeat of 15 s and grace of 5 s."""
    return Patience(gap_seconds=15, wait_seconds=20)


def watched(patience: Patience, seconds: int) -> None:
    """The database answers every second."""
    for second in range(seconds + 1):
        patience.looked(NOON + second * SECOND)


def test_nothing_expires_before_the_first_look() -> None:
    assert not patient().is_over(NOON)


def test_nothing_expires_until_workers_could_renew_after_the_start() -> None:
    patience = patient()
    watched(patience, 20)

    assert not patience.is_over(NOON + 19 * SECOND)
    assert patience.is_over(NOON + 20 * SECOND)


def test_a_look_that_fails_starts_the_wait_again() -> None:
    patience = patient()
    watched(patience, 60)
    patience.failed()

    assert not patience.is_over(NOON + 61 * SECOND)
    patience.looked(NOON + 62 * SECOND)
    assert not patience.is_over(NOON + 81 * SECOND)
    assert patience.is_over(NOON + 82 * SECOND)


def test_a_time_in_which_nobody_looked_starts_the_wait_again() -> None:
    patience = patient()
    watched(patience, 60)
    patience.looked(NOON + 360 * SECOND)  # the host slept, the database hung, or its clock was set forward

    assert not patience.is_over(NOON + 361 * SECOND)


def test_a_clock_that_is_set_back_does_not_stop_the_sweep_for_hours() -> None:
    patience = patient()
    watched(patience, 60)
    for second in range(21):
        patience.looked(NOON - timedelta(hours=1) + second * SECOND)

    assert patience.is_over(NOON - timedelta(hours=1) + 20 * SECOND)
