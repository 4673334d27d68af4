"""Pausing and resuming: of a job by its owner, of a lane by the operator."""

import threading
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from adloom.core.drafts import Failure
from adloom.core.errors import NotFound
from adloom.core.lanes import Lane
from adloom.core.states import ItemState, JobState
from models import Database, FairShare, Item, Job, Session, Sessions
from models.queries import items, pauses, workers
from services import pause
from services.cancel import cancel_job
from services.lanes import list_lanes, pause_lane, resume_lane
from services.pause import pause_job, resume_job, sweep_paused
from services.sweep import lanes_to_ring, sweep_due
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
    release,
    states_of,
    submit,
    succeed,
    wait_for_lock,
)


def pause_it(sessions: Sessions, job_id: object, *, owner: str = "ada") -> None:
    pause_job(sessions, job_id, owner=owner, now=lambda session: NOON)  # type: ignore[arg-type]


def resume_it(sessions: Sessions, job_id: object, *, owner: str = "ada") -> frozenset[Lane]:
    return resume_job(sessions, job_id, owner=owner, now=lambda session: NOON)  # type: ignore[arg-type]


def mark_only(sessions: Sessions) -> None:
    """A pause whose process died right after its first transaction."""
    with sessions.begin() as session:
        session.execute(sa.update(Job).values(paused_at=NOON))


def test_nothing_of_a_paused_job_is_leased_and_all_of_it_after_it_is_resumed(sessions: Sessions) -> None:
    job = submit(sessions, 5)
    pause_it(sessions, job.job_id)
    assert acquire(sessions) is None
    assert states_of(sessions, job.job_id) == ["blocked"] * 5
    assert job_of(sessions, job.job_id).paused_at == NOON

    assert resume_it(sessions, job.job_id) == {COPY}

    succeed(sessions, held(sessions))
    assert job_of(sessions, job.job_id).state == JobState.SUCCEEDED
    assert items_of(sessions, job.job_id)[0].run_at is None


def test_the_mark_alone_is_respected_at_once(sessions: Sessions) -> None:
    submit(sessions, 5)
    mark_only(sessions)

    assert acquire(sessions) is None


def test_what_is_leased_goes_on_while_its_job_is_paused(sessions: Sessions) -> None:
    job = submit(sessions, 3)
    running = held(sessions, limit=1)
    pause_it(sessions, job.job_id)

    assert succeed(sessions, running).left_out == ()

    assert states_of(sessions, job.job_id) == ["succeeded", "blocked", "blocked"]


def test_children_and_releases_of_a_paused_job_wait_with_it(sessions: Sessions) -> None:
    job = submit(sessions, [noop(), noop(depends_on=(0,)), noop()])
    parent, other = held(sessions, limit=1), held(sessions, limit=1)
    pause_it(sessions, job.job_id)

    succeed(sessions, parent)
    with sessions.begin() as session:
        release(session, other, [other.items[0].id], now=NOON)
    assert acquire(sessions) is None

    resume_it(sessions, job.job_id)
    assert len(held(sessions).items) == 2


def test_pausing_and_resuming_twice_is_the_same_as_once(sessions: Sessions) -> None:
    job = submit(sessions, 3)
    for _ in range(2):
        pause_it(sessions, job.job_id)
    assert resume_it(sessions, job.job_id) == {COPY}
    assert resume_it(sessions, job.job_id) == frozenset()

    assert states_of(sessions, job.job_id) == ["queued"] * 3


def test_a_final_job_is_neither_paused_nor_resumed(sessions: Sessions) -> None:
    job = submit(sessions)
    succeed(sessions, held(sessions))
    pause_it(sessions, job.job_id)
    resume_it(sessions, job.job_id)

    assert job_of(sessions, job.job_id).paused_at is None


def test_nobody_pauses_or_resumes_another_owners_job(sessions: Sessions) -> None:
    job = submit(sessions)

    with pytest.raises(NotFound):
        pause_it(sessions, job.job_id, owner="eve")
    with pytest.raises(NotFound):
        resume_it(sessions, job.job_id, owner="eve")


def test_a_large_job_is_paused_and_resumed_in_chunks(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pause, "CHUNK", 4)
    job = submit(sessions, 10)
    pause_it(sessions, job.job_id)
    assert states_of(sessions, job.job_id) == ["blocked"] * 10

    resume_it(sessions, job.job_id)

    assert states_of(sessions, job.job_id) == ["queued"] * 10
    assert [item.position for item in held(sessions).items] == list(range(10))


def test_the_sweep_finishes_a_pause_that_was_interrupted(sessions: Sessions) -> None:
    job = submit(sessions, 5)
    mark_only(sessions)

    sweep_paused(sessions, now=lambda session: NOON)

    assert states_of(sessions, job.job_id) == ["blocked"] * 5
    with sessions.read() as session:
        assert pauses.parking(session) == []


def test_the_sweep_finishes_a_resume_that_was_interrupted(sessions: Sessions) -> None:
    job = submit(sessions, 5)
    pause_it(sessions, job.job_id)
    with sessions.begin() as session:
        pauses.resume(session, job.job_id, owner="ada", now=NOON)

    assert sweep_paused(sessions, now=lambda session: NOON) == {COPY}

    assert states_of(sessions, job.job_id) == ["queued"] * 5
    with sessions.read() as session:
        assert pauses.waking(session) == []


def test_a_job_that_is_paused_again_while_it_is_woken_is_parked_again(sessions: Sessions) -> None:
    job = submit(sessions, 5)
    pause_it(sessions, job.job_id)
    with sessions.begin() as session:  # a resume that woke everything after the second pause had looked
        session.execute(sa.update(Item).values(state=ItemState.QUEUED, run_at=None))
    pause.wake_items(sessions, job.job_id, now=lambda session: NOON)

    sweep_paused(sessions, now=lambda session: NOON)

    assert states_of(sessions, job.job_id) == ["blocked"] * 5


def test_nothing_is_parked_in_a_job_that_is_resumed_at_the_same_time(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    job = submit(database.sessions, 5)
    with database.sessions.begin() as session:
        session.execute(sa.select(FairShare).with_for_update())  # parking waits here, half done
        pausing = threading.Thread(target=pause_it, args=(database.sessions, job.job_id))
        pausing.start()
        wait_for_lock(database)
        resume_it(database.sessions, job.job_id)
    pausing.join()

    assert states_of(database.sessions, job.job_id) == ["queued"] * 5


def test_nothing_due_is_parked_in_a_job_that_is_resumed_at_the_same_time(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    job = submit(database.sessions, [noop(run_at=NOON + MINUTE)])
    pause_it(database.sessions, job.job_id)

    def sweep() -> None:
        with database.sessions.begin() as session:
            sweep_due(session, now=NOON + 2 * MINUTE)

    with database.sessions.begin() as session:
        pauses.resume(session, job.job_id, owner="ada", now=NOON)
        sweeping = threading.Thread(target=sweep)
        sweeping.start()
        wait_for_lock(database)
    sweeping.join()

    assert items_of(database.sessions, job.job_id)[0].run_at == NOON + MINUTE


def test_what_was_put_off_again_while_the_sweep_waited_stays_where_it_is(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    job = submit(database.sessions, [noop(run_at=NOON + MINUTE)])

    def wake() -> None:
        with database.sessions.begin() as session:
            sweep_due(session, now=NOON + 2 * MINUTE)

    with database.sessions.begin() as session:
        session.execute(sa.update(Item).values(run_at=NOON + 9 * MINUTE))
        sweeping = threading.Thread(target=wake)
        sweeping.start()
        wait_for_lock(database)
    sweeping.join()

    assert states_of(database.sessions, job.job_id) == ["blocked"]


def test_a_job_that_is_paused_again_while_the_last_are_woken_is_looked_through_again(sessions: Sessions) -> None:
    job = submit(sessions, 5)
    pause_it(sessions, job.job_id)
    with sessions.begin() as session:
        pauses.resume(session, job.job_id, owner="ada", now=NOON)

    def pause_again(session: Session) -> datetime:  # called when the last chunk is about to be woken
        session.execute(sa.update(Job).values(paused_at=NOON, resumed_at=None, parked_at=NOON))
        return NOON

    pause.wake_items(sessions, job.job_id, now=pause_again)

    with sessions.read() as session:
        assert pauses.parking(session) == [job.job_id]


def test_a_paused_job_can_be_cancelled(sessions: Sessions) -> None:
    job = submit(sessions, 3)
    pause_it(sessions, job.job_id)

    cancel_job(sessions, job.job_id, owner="ada", now=lambda session: NOON)

    assert states_of(sessions, job.job_id) == ["cancelled"] * 3
    assert job_of(sessions, job.job_id).state == JobState.CANCELLED


def test_an_item_that_is_due_while_its_job_is_paused_is_parked_and_not_looked_at_again(sessions: Sessions) -> None:
    job = submit(sessions, [noop(run_at=NOON + MINUTE)])
    pause_it(sessions, job.job_id)

    with sessions.begin() as session:
        assert sweep_due(session, now=NOON + 2 * MINUTE).lanes == frozenset()
    assert items_of(sessions, job.job_id)[0].run_at == pauses.PARKED

    resume_it(sessions, job.job_id)
    assert states_of(sessions, job.job_id) == ["queued"]


def test_an_item_of_a_resumed_job_still_waits_for_its_own_hour(sessions: Sessions) -> None:
    job = submit(sessions, [noop(), noop(run_at=NOON + MINUTE)])
    pause_it(sessions, job.job_id)

    resume_it(sessions, job.job_id)

    assert states_of(sessions, job.job_id) == ["queued", "blocked"]


def test_an_error_while_its_job_is_paused_is_tried_again_after_it_is_resumed(sessions: Sessions) -> None:
    job = submit(sessions)
    batch = held(sessions)
    pause_it(sessions, job.job_id)
    recorded(sessions, batch, [Failure(batch.items[0].id, "source-timeout", "slow", retryable=True)])
    with sessions.begin() as session:
        sweep_due(session, now=NOON + 10 * MINUTE)

    resume_it(sessions, job.job_id)

    assert len(held(sessions).items) == 1


def test_pausing_saves_nothing_up(sessions: Sessions) -> None:
    large = submit(sessions, 50, owner="large")
    pause_it(sessions, large.job_id, owner="large")
    submit(sessions, 100, owner="steady")
    for _ in range(10):
        succeed(sessions, held(sessions, limit=8))

    resume_it(sessions, large.job_id, owner="large")

    owners = [item.owner for item in held(sessions, limit=20).items]
    assert 9 <= owners.count("steady") <= 11


def test_a_pause_of_no_time_costs_no_place(sessions: Sessions) -> None:
    first = submit(sessions, 20, owner="first")
    submit(sessions, 20, owner="second")
    before = [item.fair_rank for item in items_of(sessions, first.job_id)]

    pause_it(sessions, first.job_id, owner="first")
    resume_it(sessions, first.job_id, owner="first")

    after = [item.fair_rank for item in items_of(sessions, first.job_id)]
    assert max(after) - max(before) < 0.21  # not twenty items, but the two that stand at the head of the lane


def test_nothing_is_leased_from_a_paused_lane(sessions: Sessions) -> None:
    submit(sessions, 2)
    with sessions.begin() as session:
        pause_lane(session, COPY, now=NOON)
    assert acquire(sessions) is None

    with sessions.begin() as session:
        resume_lane(session, COPY)
    assert acquire(sessions) is not None


def test_nobody_is_rung_for_a_paused_lane_or_a_paused_job(sessions: Sessions) -> None:
    worker = uuid4()
    row = {"id": worker, "main": worker, "lanes": ["copy"], "host": "h", "pid": 1, "started_at": NOON, "seen_at": NOON}
    with sessions.begin() as session:
        workers.report(session, row)

    def rung() -> frozenset[Lane]:
        with sessions.read() as session:
            return lanes_to_ring(session, now=NOON)

    job = submit(sessions)
    assert rung() == {COPY}
    with sessions.begin() as session:
        pause_lane(session, COPY, now=NOON)
    assert not rung()
    with sessions.begin() as session:
        resume_lane(session, COPY)
    mark_only(sessions)
    assert not rung()
    resume_it(sessions, job.job_id)
    assert rung() == {COPY}


def test_a_lane_keeps_the_instant_at_which_it_was_paused_first(sessions: Sessions) -> None:
    with sessions.begin() as session:
        pause_lane(session, COPY, now=NOON)
        pause_lane(session, COPY, now=NOON + timedelta(hours=1))
        views = {view.lane: view for view in list_lanes(session, now=NOON)}

    assert views[COPY].paused_at == NOON
    assert views[Lane.IMAGE].paused_at is None
    assert len(views) == len(Lane)


def test_ready_lanes_are_those_that_a_worker_may_take_from(sessions: Sessions) -> None:
    submit(sessions)
    mark_only(sessions)
    with sessions.read() as session:
        assert items.ready_lanes(session) == set()
