"""Deadlines: what is not final by then fails, whoever holds it."""

from datetime import datetime

import pytest
import sqlalchemy as sa

from adloom.core.errors import Invalid
from adloom.core.states import JobState
from models import Attempt, Job, Sessions
from services import cancel
from services.deadline import sweep_deadlines
from services.pause import pause_job
from services.submit import JobTerms, Submitted, new_items, submit_job
from services.sweep import sweep_cancelled
from tests.queues import MINUTE, NOON, acquire, held, items_of, job_of, noop, states_of, submit, succeed


def submit_until(
    sessions: Sessions, deadline_at: datetime, *, key: str | None = None, now: datetime = NOON
) -> Submitted:
    """A job of four no-ops, the last of which needs the third."""
    terms = JobTerms(owner="ada", fingerprint="f", seed=7, deadline_at=deadline_at, idempotency_key=key)
    with sessions.begin() as session:
        return submit_job(session, new_items([noop(), noop(), noop(), noop(depends_on=(2,))]), terms, now=now)


def sweep(sessions: Sessions, now: datetime) -> None:
    sweep_deadlines(sessions, now=lambda session: now)


def test_at_the_deadline_everything_fails_that_is_not_final(sessions: Sessions) -> None:
    job = submit_until(sessions, NOON + MINUTE)
    succeed(sessions, held(sessions, limit=1))
    running = held(sessions, limit=1)

    sweep(sessions, NOON + MINUTE)

    assert states_of(sessions, job.job_id) == ["succeeded", "failed", "failed", "failed"]
    assert {(item.error_code, item.error_retryable) for item in items_of(sessions, job.job_id)[1:]} == {
        ("deadline-passed", True)
    }
    assert job_of(sessions, job.job_id).state == JobState.PARTIAL
    assert succeed(sessions, running, now=NOON + 2 * MINUTE).left_out == (running.items[0].id,)
    with sessions.read() as session:
        assert set(session.scalars(sa.select(Attempt.outcome))) == {"succeeded", "deadline-passed"}


def test_before_the_deadline_nothing_happens(sessions: Sessions) -> None:
    job = submit_until(sessions, NOON + MINUTE)

    sweep(sessions, NOON + 0.99 * MINUTE)

    assert states_of(sessions, job.job_id) == ["queued", "queued", "queued", "blocked"]


def test_a_job_without_a_deadline_never_expires(sessions: Sessions) -> None:
    job = submit(sessions)

    sweep(sessions, NOON + 1_000_000 * MINUTE)

    assert states_of(sessions, job.job_id) == ["queued"]


def test_an_expiry_that_was_interrupted_is_respected_and_finished(sessions: Sessions) -> None:
    job = submit_until(sessions, NOON + MINUTE)
    with sessions.begin() as session:
        session.execute(sa.update(Job).values(expired_at=NOON + MINUTE))
    assert acquire(sessions) is None

    sweep(sessions, NOON + MINUTE)

    assert states_of(sessions, job.job_id) == ["failed"] * 4


def test_a_large_job_expires_in_chunks(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cancel, "CHUNK", 3)  # the fourth item needs the third, which ends in another chunk
    job = submit_until(sessions, NOON + MINUTE)

    sweep(sessions, NOON + MINUTE)

    assert states_of(sessions, job.job_id) == ["failed"] * 4
    assert job_of(sessions, job.job_id).failed == 4
    assert {item.error_code for item in items_of(sessions, job.job_id)} == {"deadline-passed"}


def test_a_paused_job_expires_as_any_other(sessions: Sessions) -> None:
    job = submit_until(sessions, NOON + MINUTE)
    pause_job(sessions, job.job_id, owner="ada", now=lambda session: NOON)

    sweep(sessions, NOON + MINUTE)

    assert states_of(sessions, job.job_id) == ["failed"] * 4


def test_a_cancelled_job_stays_cancelled_at_its_deadline(sessions: Sessions) -> None:
    job = submit_until(sessions, NOON + MINUTE)
    with sessions.begin() as session:  # a cancel whose process died right after its first transaction
        session.execute(sa.update(Job).values(cancelled_at=NOON))

    sweep(sessions, NOON + MINUTE)
    sweep_cancelled(sessions, now=lambda session: NOON + MINUTE)

    assert states_of(sessions, job.job_id) == ["cancelled"] * 4
    assert job_of(sessions, job.job_id).expired_at is None


def test_a_deadline_in_the_past_is_refused_and_says_where(sessions: Sessions) -> None:
    with pytest.raises(Invalid) as refused:
        submit_until(sessions, NOON)

    assert [problem.pointer for problem in refused.value.problems] == ["/deadline_at"]


def test_a_replay_after_the_deadline_is_still_a_replay(sessions: Sessions) -> None:
    first = submit_until(sessions, NOON + MINUTE, key="k")

    assert submit_until(sessions, NOON + MINUTE, key="k", now=NOON + 2 * MINUTE).job_id == first.job_id
