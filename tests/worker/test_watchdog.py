"""A worker that went deaf is found and restarted; no other is."""

from worker.watchdog import Hearing


def hearing() -> Hearing:
    return Hearing(patience_seconds=60)


def test_an_idle_worker_beside_work_that_hears_nothing_for_a_minute_is_deaf() -> None:
    found = hearing()

    silent = [found.look(10.0 * n, is_busy=False, has_work=True) for n in range(7)]

    assert [found.is_deaf(seconds) for seconds in silent] == [False] * 6 + [True]


def test_a_worker_that_hears_bells_is_not_deaf() -> None:
    found = hearing()
    for n in range(20):
        assert not found.is_deaf(found.look(10.0 * n, is_busy=False, has_work=True))
        if n % 5 == 0:
            found.heard(10.0 * n)


def test_a_worker_that_is_busy_is_not_deaf_and_has_a_minute_from_its_end_on() -> None:
    found = hearing()
    found.look(0.0, is_busy=False, has_work=True)
    for n in range(1, 20):
        assert not found.is_deaf(found.look(10.0 * n, is_busy=True, has_work=True))

    assert not found.is_deaf(found.look(200.0, is_busy=False, has_work=True))
    assert not found.is_deaf(found.look(259.0, is_busy=False, has_work=True))


def test_a_worker_without_work_is_not_deaf_and_silence_before_the_work_does_not_count() -> None:
    found = hearing()
    found.look(0.0, is_busy=False, has_work=True)
    for n in range(1, 100):
        assert not found.is_deaf(found.look(10.0 * n, is_busy=False, has_work=False))

    assert not found.is_deaf(found.look(1000.0, is_busy=False, has_work=True))
    assert not found.is_deaf(found.look(1059.0, is_busy=False, has_work=True))
    assert found.is_deaf(found.look(1060.0, is_busy=False, has_work=True))


def test_who_is_excused_is_watched_anew() -> None:
    found = hearing()
    found.look(0.0, is_busy=False, has_work=True)
    found.excuse()

    assert found.look(100.0, is_busy=False, has_work=True) == 0
