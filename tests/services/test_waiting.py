"""Why is an item waiting: the reasons, one by one, and which of them goes first."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from adloom.core.drafts import Failure
from models import Job, Sessions
from models.queries import workers
from services import waiting
from services.lanes import pause_lane
from services.pause import pause_job
from services.waiting import Waiting, why_waiting
from tests.queues import COPY, MINUTE, NOON, held, items_of, noop, recorded, submit, succeed


@pytest.fixture(autouse=True)
def worker(sessions: Sessions) -> None:
    """A live worker on the copy lane."""
    report(sessions, uuid4(), NOON)


def report(sessions: Sessions, worker: UUID, at: datetime) -> None:
    row = {"id": worker, "main": worker, "lanes": ["copy"], "host": "h", "pid": 1, "started_at": at, "seen_at": at}
    with sessions.begin() as session:
        workers.report(session, row)


def why(sessions: Sessions, job_id: UUID, position: int = 0, *, now: datetime = NOON) -> Waiting | None:
    item = items_of(sessions, job_id)[position]
    with sessions.read() as session:
        return why_waiting(session, item, now=now)


def reason(sessions: Sessions, job_id: UUID, position: int = 0, *, now: datetime = NOON) -> str | None:
    found = why(sessions, job_id, position, now=now)
    return found.reason if found else None


def test_an_item_that_is_held_or_final_does_not_wait(sessions: Sessions) -> None:
    job = submit(sessions)
    batch = held(sessions)
    assert why(sessions, job.job_id) is None
    succeed(sessions, batch)
    assert why(sessions, job.job_id) is None


def test_a_ready_item_waits_for_those_ahead_of_it(sessions: Sessions) -> None:
    job = submit(sessions, 3)
    submit(sessions, [noop(priority=1), noop(priority=-1)])

    found = why(sessions, job.job_id, 2)

    assert found == Waiting("queued", "3 items of its lane come before it.", ahead=3)


def test_many_items_ahead_are_not_counted_to_the_end(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOST_AHEAD", 4)
    job = submit(sessions, 7)

    assert [getattr(why(sessions, job.job_id, position), "ahead", None) for position in (3, 4, 5, 6)] == [3, 4, 4, 4]
    found = why(sessions, job.job_id, 6)
    assert found is not None
    assert found.detail.startswith("More than 4")


def test_a_child_waits_for_its_parents(sessions: Sessions) -> None:
    job = submit(sessions, [noop(), noop(), noop(depends_on=(0, 1))])

    assert why(sessions, job.job_id, 2) == Waiting("parents", "It needs 2 items of this job first.", parents=2)


def test_an_item_waits_for_its_hour(sessions: Sessions) -> None:
    job = submit(sessions, [noop(run_at=NOON + MINUTE)])

    assert why(sessions, job.job_id) == Waiting("not-due", "Its hour has not come.", run_at=NOON + MINUTE)
    assert reason(sessions, job.job_id, now=NOON + MINUTE) == "no-worker"  # the only one was seen a minute ago


def test_an_item_that_is_tried_again_says_what_went_wrong(sessions: Sessions) -> None:
    job = submit(sessions)
    batch = held(sessions)
    recorded(sessions, batch, [Failure(batch.items[0].id, "source-timeout", "slow", retryable=True)])

    found = why(sessions, job.job_id)

    assert found is not None
    assert found.reason == "not-due"
    assert "source-timeout" in found.detail


def test_without_a_live_worker_it_waits_for_one(sessions: Sessions) -> None:
    job = submit(sessions)

    assert reason(sessions, job.job_id, now=NOON) == "queued"
    assert reason(sessions, job.job_id, now=NOON + MINUTE) == "no-worker"


def test_a_paused_lane_goes_before_a_worker_that_is_missing(sessions: Sessions) -> None:
    job = submit(sessions)
    with sessions.begin() as session:
        pause_lane(session, COPY, now=NOON)

    assert reason(sessions, job.job_id, now=NOON + MINUTE) == "lane-paused"


def test_a_paused_job_goes_before_everything_else(sessions: Sessions) -> None:
    job = submit(sessions, [noop(), noop(depends_on=(0,)), noop(run_at=NOON + MINUTE)])
    pause_job(sessions, job.job_id, owner="ada", now=lambda session: NOON)

    assert [reason(sessions, job.job_id, position) for position in range(3)] == ["job-paused"] * 3


@pytest.mark.parametrize(("column", "said"), [("expired_at", "deadline"), ("cancelled_at", "cancelling")])
def test_an_item_that_is_about_to_end_says_so(sessions: Sessions, column: str, said: str) -> None:
    job = submit(sessions)
    with sessions.begin() as session:
        session.execute(sa.update(Job).values({column: NOON}))

    assert reason(sessions, job.job_id) == said
