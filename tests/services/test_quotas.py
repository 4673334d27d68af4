"""Quotas of owners and the length of lanes: what may come in, and when to come again."""

import threading
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from adloom.core.errors import BadConfiguration, LaneFull, QuotaExceeded, TooLarge
from adloom.core.lanes import Lane
from models import Database, Sessions
from models.queries import work
from services.admit import Limits
from services.cancel import cancel_job
from services.lanes import list_lanes, measure_lanes
from services.owners import list_owners, set_owner
from services.submit import JobTerms, Submitted, new_items, submit_job
from tests.queues import COPY, MINUTE, NOON, held, noop, succeed, wait_for_lock

WAITING = Limits(max_waiting=10)


def submit(
    sessions: Sessions,
    items: int,
    limits: Limits,
    *,
    owner: str = "ada",
    key: str | None = None,
    now: datetime = NOON,
) -> Submitted:
    terms = JobTerms(owner=owner, fingerprint="f", seed=7, idempotency_key=key)
    with sessions.begin() as session:
        return submit_job(session, new_items([noop() for _ in range(items)]), terms, limits=limits, now=now)


def worked(sessions: Sessions, *, items_a_minute: int, minutes: int = 5, lane: Lane = COPY) -> None:
    """The last *minutes* before noon in which the lane had work."""
    with sessions.begin() as session:
        for minute in range(1, minutes + 1):
            work.add(session, lane, uuid4(), items_a_minute, 0.1 * items_a_minute, NOON - minute * MINUTE)


def test_an_owner_may_have_as_many_items_waiting_as_the_quota_says(sessions: Sessions) -> None:
    submit(sessions, 6, WAITING)
    submit(sessions, 4, WAITING)

    with pytest.raises(QuotaExceeded, match="10 items that are not final"):
        submit(sessions, 1, WAITING)


def test_what_was_refused_left_nothing_behind(sessions: Sessions) -> None:
    submit(sessions, 9, WAITING)
    with pytest.raises(QuotaExceeded):
        submit(sessions, 2, WAITING, key="k")

    assert not submit(sessions, 1, WAITING, key="k").replayed


def test_items_that_are_final_do_not_count(sessions: Sessions) -> None:
    submit(sessions, 10, WAITING)
    succeed(sessions, held(sessions, limit=4))

    submit(sessions, 4, WAITING)
    with pytest.raises(QuotaExceeded):
        submit(sessions, 1, WAITING)


def test_one_owner_does_not_use_up_anothers_quota(sessions: Sessions) -> None:
    submit(sessions, 10, WAITING)

    submit(sessions, 10, WAITING, owner="bob")


def test_cancelling_makes_room(sessions: Sessions) -> None:
    job = submit(sessions, 10, WAITING)
    cancel_job(sessions, job.job_id, owner="ada", now=lambda session: NOON)

    submit(sessions, 10, WAITING)


def test_a_replay_is_never_refused(sessions: Sessions) -> None:
    first = submit(sessions, 10, WAITING, key="k")
    limits = Limits(max_waiting=1, max_daily=1, max_lane=1)

    assert submit(sessions, 10, limits, key="k").job_id == first.job_id


def test_a_job_that_can_never_fit_is_not_told_to_come_again(sessions: Sessions) -> None:
    with pytest.raises(TooLarge):
        submit(sessions, 11, WAITING)
    with pytest.raises(TooLarge):
        submit(sessions, 11, Limits(max_daily=10))


def test_zero_is_no_limit(sessions: Sessions) -> None:
    submit(sessions, 100, Limits())
    with sessions.begin() as session:
        set_owner(session, "bob", max_waiting=0)

    submit(sessions, 11, WAITING, owner="bob")


def test_an_owners_own_quota_goes_before_the_default(sessions: Sessions) -> None:
    with sessions.begin() as session:
        set_owner(session, "ada", max_waiting=3, max_daily=5)
    submit(sessions, 3, WAITING)
    with pytest.raises(QuotaExceeded):
        submit(sessions, 1, WAITING)
    succeed(sessions, held(sessions))

    submit(sessions, 2, WAITING)
    succeed(sessions, held(sessions))
    with pytest.raises(QuotaExceeded, match="24 hours"):
        submit(sessions, 1, WAITING)


def test_setting_one_thing_of_an_owner_leaves_the_others(sessions: Sessions) -> None:
    with sessions.begin() as session:
        set_owner(session, "ada", weight=2.0, max_waiting=3)
        set_owner(session, "ada", tier="gold", max_waiting=None)
        (ada,) = list_owners(session)

    assert (ada.weight, ada.tier, ada.max_waiting, ada.max_daily) == (2.0, "gold", None, None)


@pytest.mark.parametrize("values", [{"weight": 0.0}, {"weight": float("nan")}, {"max_daily": -1}, {"tier": "a b"}])
def test_what_cannot_be_is_not_set(sessions: Sessions, values: dict[str, object]) -> None:
    with pytest.raises(BadConfiguration), sessions.begin() as session:
        set_owner(session, "ada", **values)


def test_the_day_is_the_last_24_hours_and_the_answer_says_when_enough_of_it_has_gone(database: Database) -> None:
    daily = Limits(max_daily=10)
    with database.sessions.begin() as session:
        now = database.now(session)  # ids carry the true time
    submit(database.sessions, 6, daily, now=now)
    submit(database.sessions, 4, daily, now=now)

    with pytest.raises(QuotaExceeded) as refused:
        submit(database.sessions, 5, daily, now=now + timedelta(hours=23))
    assert 3590 <= refused.value.retry_seconds <= 3610

    submit(database.sessions, 5, daily, now=now + timedelta(hours=24, seconds=10))


def test_when_to_come_again_follows_the_lanes_speed(sessions: Sessions) -> None:
    submit(sessions, 10, WAITING)
    with pytest.raises(QuotaExceeded) as nobody_knows:
        submit(sessions, 10, WAITING)
    worked(sessions, items_a_minute=6)
    with pytest.raises(QuotaExceeded) as known:
        submit(sessions, 10, WAITING)

    assert nobody_knows.value.retry_seconds == 30
    assert known.value.retry_seconds == 100


def test_of_submits_at_once_only_as_many_pass_as_fit(database: Database) -> None:
    for owner in ("new", "known"):
        submit(database.sessions, 1, WAITING, owner="known")
        outcomes: list[str] = []

        def one(owner: str = owner, outcomes: list[str] = outcomes) -> None:
            try:
                submit(database.sessions, 6, WAITING, owner=owner)
                outcomes.append("accepted")
            except QuotaExceeded:
                outcomes.append("refused")

        threads = [threading.Thread(target=one) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(outcomes) == ["accepted", "refused", "refused", "refused"]


def test_a_submit_counts_what_another_is_about_to_commit(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    submit(database.sessions, 1, WAITING)  # from here on the owner has a row
    refused = threading.Event()

    def second() -> None:
        try:
            submit(database.sessions, 6, WAITING)
        except QuotaExceeded:
            refused.set()

    thread = threading.Thread(target=second)
    with database.sessions.begin() as session:
        terms = JobTerms(owner="ada", fingerprint="f", seed=7)
        submit_job(session, new_items([noop() for _ in range(6)]), terms, limits=WAITING, now=NOON)
        thread.start()
        wait_for_lock(database)
    thread.join()

    assert refused.is_set()


def test_a_lane_that_is_too_long_takes_no_more(sessions: Sessions) -> None:
    lane = Limits(max_lane=10)
    submit(sessions, 10, lane)
    submit(sessions, 1, lane)  # nobody has measured yet
    with sessions.begin() as session:
        measure_lanes(session, now=NOON)
    worked(sessions, items_a_minute=6)

    with pytest.raises(LaneFull, match="11 items wait in the lane copy") as refused:
        submit(sessions, 1, lane, owner="bob")
    assert refused.value.retry_seconds == 20

    succeed(sessions, held(sessions, limit=2))
    with sessions.begin() as session:
        measure_lanes(session, now=NOON)
    submit(sessions, 1, lane, owner="bob")


def test_an_old_measure_stops_nobody(sessions: Sessions) -> None:
    submit(sessions, 10, Limits())
    with sessions.begin() as session:
        measure_lanes(session, now=NOON)

    submit(sessions, 1, Limits(max_lane=5), now=NOON + 2 * MINUTE)


def test_a_length_that_stays_is_still_measured_often_enough_to_count(sessions: Sessions) -> None:
    for seconds in (0, 5, 25):
        with sessions.begin() as session:
            measure_lanes(session, now=NOON + timedelta(seconds=seconds))

    with sessions.read() as session:
        copy = next(view for view in list_lanes(session, now=NOON) if view.lane == COPY)
    assert copy.measured_at == NOON + timedelta(seconds=25)
