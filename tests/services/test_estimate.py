"""The estimate of a job's end: what it rests on, what lies ahead, and when there is none."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from adloom.core.lanes import Lane
from models import FairShare, Item, Job, Sessions, Work
from models.queries import work, workers
from services.cancel import cancel_job
from services.estimate import Estimate, estimate_end
from services.lanes import pause_lane
from services.owners import set_owner
from services.pause import pause_job
from services.submit import ItemRequest
from services.throughput import busy_minutes
from tests.queues import COPY, MINUTE, NOON, held, job_of, noop, submit, succeed

COST = 0.1  #: of one no-op


def worked(sessions: Sessions, costs: Sequence[float], *, lane: Lane = COPY, before: datetime = NOON) -> None:
    """What the lane got done in the full minutes before *before*, the newest first."""
    with sessions.begin() as session:
        for number, cost in enumerate(costs, start=1):
            work.add(session, lane, uuid4(), 1, cost, before - number * MINUTE)


def alive(sessions: Sessions, *, lanes: Sequence[str] = ("copy",)) -> None:
    worker = uuid4()
    row = {"id": worker, "main": worker, "lanes": [*lanes], "host": "h", "pid": 1, "started_at": NOON, "seen_at": NOON}
    with sessions.begin() as session:
        workers.report(session, row)


def estimate(sessions: Sessions, job: object, *, now: datetime = NOON) -> Estimate | None:
    with sessions.read() as session:
        return estimate_end(session, job_of(sessions, job.job_id), now=now)  # type: ignore[attr-defined]


def seconds(sessions: Sessions, job: object) -> tuple[float, float]:
    """p50 and p90, from noon."""
    found = estimate(sessions, job)
    assert found is not None
    return (found.p50_at - NOON).total_seconds(), (found.p90_at - NOON).total_seconds()


@pytest.fixture
def steady(sessions: Sessions) -> None:
    """A lane that does a cost of 6 a minute: an item of ours a second; its slowest minute did half."""
    alive(sessions)
    worked(sessions, [6.0, 6.0, 6.0, 3.0, 6.0])


pytestmark = pytest.mark.usefixtures("steady")


def test_an_idle_lane_takes_as_long_as_the_job_is(sessions: Sessions) -> None:
    job = submit(sessions, 100)

    p50, p90 = seconds(sessions, job)

    assert p50 == pytest.approx(100, rel=0.02)
    assert p90 == pytest.approx(200, rel=0.02)


def test_one_item_takes_an_items_time(sessions: Sessions) -> None:
    assert seconds(sessions, submit(sessions))[0] == pytest.approx(1)


def test_a_small_job_does_not_wait_for_all_of_a_large_one(sessions: Sessions) -> None:
    large = submit(sessions, 1000, owner="large")
    small = submit(sessions, 20, owner="small")

    assert seconds(sessions, small)[0] == pytest.approx(40, abs=3)
    assert seconds(sessions, large)[0] == pytest.approx(1020, abs=3)


def test_weights_count(sessions: Sessions) -> None:
    with sessions.begin() as session:
        set_owner(session, "heavy", weight=3.0)
    submit(sessions, 1000, owner="heavy")
    small = submit(sessions, 20, owner="small")

    assert seconds(sessions, small)[0] == pytest.approx(80, abs=5)


def test_everything_of_higher_priority_goes_first(sessions: Sessions) -> None:
    submit(sessions, [noop(priority=5) for _ in range(50)], owner="urgent")
    submit(sessions, [noop(priority=-5) for _ in range(50)], owner="patient")

    assert seconds(sessions, submit(sessions, 10))[0] == pytest.approx(60, abs=2)


def test_what_is_done_is_no_longer_ahead(sessions: Sessions) -> None:
    job = submit(sessions, 100)
    succeed(sessions, held(sessions, limit=60))

    assert seconds(sessions, job)[0] == pytest.approx(40, abs=2)


def test_what_a_worker_holds_is_still_to_be_done(sessions: Sessions) -> None:
    job = submit(sessions, 30)
    held(sessions, limit=20)

    assert seconds(sessions, job)[0] == pytest.approx(30, abs=2)


def test_what_is_blocked_counts_as_if_it_came_next(sessions: Sessions) -> None:
    requests: list[ItemRequest] = [noop() for _ in range(10)]
    requests += [noop(depends_on=(number,)) for number in range(10)]

    assert seconds(sessions, submit(sessions, requests))[0] == pytest.approx(20, abs=2)


def test_the_end_is_not_before_the_last_hour(sessions: Sessions) -> None:
    job = submit(sessions, [noop(), noop(run_at=NOON + timedelta(hours=2))])

    found = estimate(sessions, job)

    assert found is not None
    assert found.p50_at == NOON + timedelta(hours=2)


def test_cancelled_work_is_not_ahead(sessions: Sessions) -> None:
    large = submit(sessions, 1000)
    cancel_job(sessions, large.job_id, owner="ada", now=lambda session: NOON)

    assert seconds(sessions, submit(sessions, 10))[0] == pytest.approx(10, abs=2)


def test_a_job_in_two_lanes_ends_with_the_later(sessions: Sessions) -> None:
    job = submit(sessions, 20)
    with sessions.begin() as session:
        session.execute(sa.update(Item).where(Item.position >= 10).values(lane=Lane.BANNER))
        share = {"lane": Lane.BANNER, "priority": 0, "owner": "ada", "finish_rank": 2.0}
        session.execute(sa.insert(FairShare).values(share))
    assert estimate(sessions, job) is None  # of banners nobody knows anything

    alive(sessions, lanes=["banner"])
    worked(sessions, [0.6, 0.6, 0.6], lane=Lane.BANNER)

    assert seconds(sessions, job)[0] > 90


def test_without_ground_there_is_no_estimate(sessions: Sessions) -> None:
    job = submit(sessions, 10)
    with sessions.begin() as session:
        session.execute(sa.delete(Work).where(Work.minute < NOON - 2 * MINUTE))
    assert estimate(sessions, job) is None


def test_the_minute_that_is_not_over_is_no_ground(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.execute(sa.delete(Work).where(Work.minute < NOON - 2 * MINUTE))
        work.add(session, COPY, uuid4(), 1, 6.0, NOON)
        assert busy_minutes(session, COPY, now=NOON + 0.5 * MINUTE) == []
        assert len(busy_minutes(session, COPY, now=NOON + MINUTE)) == 3


def test_only_the_newest_busy_minutes_count(sessions: Sessions) -> None:
    worked(sessions, [60.0] * 10, before=NOON + 10 * MINUTE)
    with sessions.read() as session:
        found = busy_minutes(session, COPY, now=NOON + 10 * MINUTE)
        assert [minute.cost for minute in found] == [60.0] * 10
        assert busy_minutes(session, COPY, now=NOON + 3 * timedelta(hours=1)) == []


def test_where_nothing_goes_on_there_is_no_estimate(sessions: Sessions) -> None:
    job = submit(sessions, 10)
    assert estimate(sessions, job, now=NOON + MINUTE) is None  # the worker was last seen a minute ago
    with sessions.begin() as session:
        pause_lane(session, COPY, now=NOON)
    assert estimate(sessions, job) is None


@pytest.mark.parametrize("ending", ["paused_at", "cancelled_at", "expired_at"])
def test_a_job_that_does_not_go_on_has_no_estimate(sessions: Sessions, ending: str) -> None:
    job = submit(sessions, 10)
    with sessions.begin() as session:
        session.execute(sa.update(Job).values({ending: NOON}))

    assert estimate(sessions, job) is None


def test_a_final_job_has_no_estimate(sessions: Sessions) -> None:
    job = submit(sessions)
    succeed(sessions, held(sessions))

    assert estimate(sessions, job) is None


def test_a_paused_job_is_not_ahead_of_others(sessions: Sessions) -> None:
    large = submit(sessions, 1000, owner="large")
    job = submit(sessions, 10)
    pause_job(sessions, large.job_id, owner="large", now=lambda session: NOON)

    assert seconds(sessions, job)[0] == pytest.approx(10, abs=2)


def test_work_of_one_minute_adds_up_and_is_forgotten(sessions: Sessions) -> None:
    worker, hour_ago = uuid4(), NOON - timedelta(hours=1)
    with sessions.begin() as session:
        for _ in range(2):
            work.add(session, Lane.TRAIN, worker, 3, 1.5, hour_ago)
        work.add(session, Lane.TRAIN, uuid4(), 1, 1.0, hour_ago + MINUTE / 2)
        rows = work.recent(session, Lane.TRAIN, since=hour_ago, before=NOON, limit=10)
        assert [(row.items, row.cost) for row in rows] == [(7, 4.0)]
        work.prune(session, before=hour_ago + MINUTE)
        assert not work.recent(session, Lane.TRAIN, since=hour_ago, before=NOON, limit=10)
