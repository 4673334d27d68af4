"""Items of one job: parents and children, cancel, idempotent submits."""

import threading

import pytest
import sqlalchemy as sa

from adloom.core.drafts import Failure
from adloom.core.errors import IdempotencyClash, NotFound
from adloom.core.states import JobState
from models import Database, Sessions
from models.queries import jobs
from services.cancel import cancel_job
from services.sweep import sweep_cancelled
from tests.queues import (
    COPY,
    MINUTE,
    NOON,
    acquire,
    held,
    items_of,
    job_of,
    noop,
    recorded,
    states_of,
    submit,
    succeed,
)


def test_a_child_waits_for_all_its_parents(sessions: Sessions) -> None:
    job = submit(sessions, [noop(), noop(), noop(depends_on=(0, 1))])
    first = held(sessions, limit=1)
    assert not succeed(sessions, first).lanes
    assert states_of(sessions, job.job_id)[2] == "blocked"

    assert succeed(sessions, held(sessions, limit=1)).lanes == {COPY}
    assert states_of(sessions, job.job_id)[2] == "queued"


def test_a_parent_that_fails_takes_its_descendants_along(sessions: Sessions) -> None:
    job = submit(sessions, [noop(), noop(depends_on=(0,)), noop(depends_on=(1,)), noop()])
    batch = held(sessions, limit=1)
    recorded(sessions, batch, [Failure(batch.items[0].id, "broken", "it is")])

    assert states_of(sessions, job.job_id) == ["failed", "failed", "failed", "queued"]
    assert items_of(sessions, job.job_id)[2].error_code == "parent-failed"
    assert job_of(sessions, job.job_id).remaining == 1


def test_cancel_ends_everything_that_is_not_final(sessions: Sessions) -> None:
    job = submit(sessions, [noop(), noop(), noop(depends_on=(1,)), noop()])
    done = held(sessions, limit=1)
    succeed(sessions, done)
    running = held(sessions, limit=1)

    cancel_job(sessions, job.job_id, owner="ada", now=lambda session: NOON)

    assert states_of(sessions, job.job_id) == ["succeeded", "cancelled", "cancelled", "cancelled"]
    assert job_of(sessions, job.job_id).state == JobState.CANCELLED
    assert succeed(sessions, running).left_out == (running.items[0].id,)
    assert acquire(sessions) is None


def test_cancelling_twice_is_the_same_as_once(sessions: Sessions) -> None:
    job = submit(sessions)
    for _ in range(2):
        cancel_job(sessions, job.job_id, owner="ada", now=lambda session: NOON)

    assert job_of(sessions, job.job_id).cancelled == 1


def test_nobody_cancels_another_owners_job(sessions: Sessions) -> None:
    job = submit(sessions)

    with pytest.raises(NotFound):
        cancel_job(sessions, job.job_id, owner="eve", now=lambda session: NOON)


def test_an_interrupted_cancel_is_respected_and_finished(sessions: Sessions) -> None:
    job = submit(sessions, 3)
    with sessions.begin() as session:
        session.execute(sa.text("UPDATE jobs SET cancelled_at = created_at"))
    assert acquire(sessions) is None

    sweep_cancelled(sessions, now=lambda session: NOON)

    assert states_of(sessions, job.job_id) == ["cancelled"] * 3


def test_the_same_key_and_request_make_one_job(sessions: Sessions) -> None:
    first, second = submit(sessions, key="k"), submit(sessions, key="k")

    assert first.job_id == second.job_id
    assert second.replayed


def test_the_same_key_for_another_request_is_a_clash(sessions: Sessions) -> None:
    submit(sessions, key="k")

    with pytest.raises(IdempotencyClash):
        submit(sessions, key="k", fingerprint="other")


def test_two_owners_may_use_the_same_key(sessions: Sessions) -> None:
    assert submit(sessions, key="k").job_id != submit(sessions, key="k", owner="eve").job_id


def test_the_keys_of_old_jobs_are_forgotten_a_chunk_at_a_time(sessions: Sessions) -> None:
    for number in range(3):
        submit(sessions, key=f"k{number}", now=NOON + number * MINUTE)

    with sessions.begin() as session:
        assert jobs.forget_keys(session, before=NOON + 2 * MINUTE, limit=1) == 1
        assert jobs.forget_keys(session, before=NOON + 2 * MINUTE, limit=5) == 1

    assert not submit(sessions, key="k0").replayed
    assert not submit(sessions, key="k1").replayed
    assert submit(sessions, key="k2").replayed


def test_one_key_from_many_threads_makes_one_job(database: Database) -> None:
    made_jobs: list[object] = []
    threads = [
        threading.Thread(target=lambda: made_jobs.append(submit(database.sessions, 3, key="k").job_id))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made_jobs) == 6
    assert len(set(made_jobs)) == 1
