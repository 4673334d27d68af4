"""One sweep finishes pauses and deadlines that were interrupted, and measures the lanes."""

import sqlalchemy as sa

from adloom.core.lanes import Lane
from broker import MemoryRinger
from models import Job, LaneState, Work, open_database
from models.queries import pauses, work
from services.pause import pause_job
from services.submit import JobTerms, new_items, submit_job
from tests.conftest import FreshDatabase
from tests.queues import COPY, MINUTE, NOON, noop, states_of, submit
from worker.sweeper import Sweeper, Timers


def test_one_sweep_does_all_of_it(fresh_database: FreshDatabase) -> None:
    database = open_database(fresh_database("sqlite"))
    sessions, ringer = database.sessions, MemoryRinger()
    interrupted = submit(sessions, 2)
    with sessions.begin() as session:
        session.execute(sa.update(Job).values(paused_at=NOON))
    resumed = submit(sessions, 3)
    pause_job(sessions, resumed.job_id, owner="ada", now=database.now)
    with sessions.begin() as session:
        now = database.now(session)
        pauses.resume(session, resumed.job_id, owner="ada", now=now)
        terms = JobTerms(owner="ada", fingerprint="f", seed=7, deadline_at=NOON - MINUTE)
        late = submit_job(session, new_items([noop()]), terms, now=NOON - 2 * MINUTE)
        work.add(session, COPY, late.job_id, 1, 0.1, now - 70 * MINUTE)

    Sweeper(database, ringer, Timers()).sweep()

    assert states_of(sessions, interrupted.job_id) == ["blocked"] * 2
    assert states_of(sessions, resumed.job_id) == ["queued"] * 3
    assert states_of(sessions, late.job_id) == ["failed"]
    assert COPY in ringer.rung
    with sessions.read() as session:
        measured = {row.lane: row.waiting for row in session.scalars(sa.select(LaneState))}
        assert measured == {**dict.fromkeys(Lane, 0), COPY: 3}
        assert session.scalar(sa.select(sa.func.count()).select_from(Work)) == 0
    database.close()
