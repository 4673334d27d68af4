"""Workers and APIs of the release before write into the new schema, and the new services go on from there.

The statements are the first release's: an attempt's row is written when its lease begins, and closed by an update.
"""

from datetime import datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from models import Attempt, Item, Sessions
from models.types import UtcDateTime
from services.cancel import cancel_job
from services.crash import settle_crashed
from services.record import Budgets
from services.sweep import sweep_expired
from tests.queues import MINUTE, NOON, QUICK, SLOW, held, items_of, job_of, states_of, submit, succeed

LATER = NOON + 2 * MINUTE

_ACQUIRE = sa.text(
    "UPDATE items SET state = 'leased', fence = fence + 1, attempts = attempts + 1, worker = :worker,"
    " lease_expires_at = :until, on_device = :no WHERE job_id = :job AND state = 'queued'"
).bindparams(
    sa.bindparam("worker", type_=sa.Uuid()),
    sa.bindparam("job", type_=sa.Uuid()),
    sa.bindparam("until", type_=UtcDateTime()),
    sa.bindparam("no", type_=sa.Boolean()),
)
_OPEN = sa.text(
    "INSERT INTO attempts (item_id, fence, worker, batch_size, started_at)"
    " SELECT id, fence, worker, 1, :now FROM items WHERE job_id = :job AND state = 'leased'"
).bindparams(sa.bindparam("job", type_=sa.Uuid()), sa.bindparam("now", type_=UtcDateTime()))
_SUCCEED = sa.text(
    "UPDATE items SET state = 'succeeded', worker = NULL, lease_expires_at = NULL, on_device = :no,"
    " finished_at = :now, fence = fence + 1, variants = '[]', notes = '[]', provenance = '{}' WHERE job_id = :job"
).bindparams(
    sa.bindparam("job", type_=sa.Uuid()),
    sa.bindparam("now", type_=UtcDateTime()),
    sa.bindparam("no", type_=sa.Boolean()),
)
_CLOSE = sa.text(
    "UPDATE attempts SET ended_at = :now, outcome = 'succeeded' WHERE item_id IN"
    " (SELECT id FROM items WHERE job_id = :job)"
).bindparams(sa.bindparam("job", type_=sa.Uuid()), sa.bindparam("now", type_=UtcDateTime()))
_COUNT = sa.text(
    "UPDATE jobs SET remaining = 0, succeeded = total, state = 'succeeded', finished_at = :now WHERE id = :job"
).bindparams(sa.bindparam("job", type_=sa.Uuid()), sa.bindparam("now", type_=UtcDateTime()))


def leased_by_old_worker(sessions: Sessions) -> UUID:
    """A job whose items an old worker has acquired, and not settled."""
    job = submit(sessions, 2).job_id
    with sessions.begin() as session:
        session.execute(_ACQUIRE, {"worker": SLOW, "until": NOON + MINUTE, "job": job, "no": False})
        session.execute(_OPEN, {"now": NOON, "job": job})
    return job


def attempts_of(sessions: Sessions, job: UUID) -> list[tuple[str | None, datetime | None]]:
    with sessions.read() as session:
        rows = session.execute(
            sa.select(Attempt.outcome, Attempt.ended_at)
            .join(Item, Item.id == Attempt.item_id)
            .where(Item.job_id == job)
            .order_by(Attempt.item_id, Attempt.fence)
        )
        return [(row.outcome, row.ended_at) for row in rows]


def test_a_lease_of_an_old_worker_that_ran_out_is_taken_back_and_finished(sessions: Sessions) -> None:
    job = leased_by_old_worker(sessions)

    with sessions.begin() as session:
        sweep_expired(session, grace_seconds=5, budgets=Budgets(), now=LATER)
    succeed(sessions, held(sessions, worker=QUICK, now=LATER), now=LATER)

    assert states_of(sessions, job) == ["succeeded"] * 2
    assert attempts_of(sessions, job) == [("lost", LATER), ("succeeded", LATER)] * 2


@pytest.mark.parametrize("end", ["cancelled", "crashed"])
def test_the_row_that_an_old_worker_wrote_is_closed(end: str, sessions: Sessions) -> None:
    job = leased_by_old_worker(sessions)

    if end == "cancelled":
        cancel_job(sessions, job, owner="ada", now=lambda session: LATER)
    else:
        with sessions.begin() as session:
            settle_crashed(session, [SLOW], budgets=Budgets(), now=LATER)

    assert [ended_at for _, ended_at in attempts_of(sessions, job)] == [LATER, LATER]
    assert all(item.worker is None for item in items_of(sessions, job))


def test_what_an_old_worker_settles_is_settled(sessions: Sessions) -> None:
    job = leased_by_old_worker(sessions)

    with sessions.begin() as session:
        for statement in (_SUCCEED, _CLOSE, _COUNT):
            session.execute(statement, {"now": LATER, "job": job, "no": False})

    assert states_of(sessions, job) == ["succeeded"] * 2
    assert job_of(sessions, job).state == "succeeded"
    with sessions.begin() as session:
        assert not sweep_expired(session, grace_seconds=5, budgets=Budgets(), now=LATER + MINUTE).lanes


_JOB = sa.text(
    "INSERT INTO jobs (id, owner, name, idempotency_key, fingerprint, seed, state, total, remaining, succeeded, failed,"
    " cancelled, created_at) VALUES (:job, 'ada', '', NULL, 'f', 7, 'running', 1, 1, 0, 0, 0, :now)"
).bindparams(sa.bindparam("now", type_=UtcDateTime()), sa.bindparam("job", type_=sa.Uuid()))
_ITEM = sa.text(
    "INSERT INTO items (id, job_id, owner, position, custom_id, labels, kind, lane, batch_key, micro_batch, spec, seed,"
    " cost, priority, fair_rank, state, fence, on_device, suspect, parents_left, checkpoint, attempts, errors, crashes,"
    " losses, created_at) VALUES (:item, :job, 'ada', 0, '', '{}', 'noop', 'copy', 'noop|', 256, '{}', 7, 0.1, 0, 0.1,"
    " 'queued', 0, :no, :no, 0, '', 0, 0, 0, 0, :now)"
).bindparams(
    sa.bindparam("now", type_=UtcDateTime()),
    sa.bindparam("job", type_=sa.Uuid()),
    sa.bindparam("item", type_=sa.Uuid()),
    sa.bindparam("no", type_=sa.Boolean()),
)


def test_a_job_that_an_old_api_submitted_is_made(sessions: Sessions) -> None:
    job = uuid4()
    with sessions.begin() as session:
        session.execute(_JOB, {"now": NOON, "job": job})
        session.execute(_ITEM, {"now": NOON, "job": job, "item": uuid4(), "no": False})

    succeed(sessions, held(sessions))

    assert states_of(sessions, job) == ["succeeded"]
    assert job_of(sessions, job).state == "succeeded"
