"""A long item is made in pieces: each ends where the next begins, whatever happens in between."""

from datetime import timedelta

import sqlalchemy as sa

from adloom.core.drafts import Continue
from models import Attempt, Sessions
from services.record import Budgets
from services.sweep import sweep_expired
from tests.queues import MINUTE, NOON, QUICK, SLOW, held, items_of, noop, recorded, submit, succeed


def test_a_long_item_makes_progress_over_kills_and_costs_no_budget(sessions: Sessions) -> None:
    job, now, killed = submit(sessions), NOON, 0
    for piece in range(30):
        batch = held(sessions, worker=QUICK, now=now)
        assert batch.items[0].checkpoint == (str(piece) if piece else "")
        recorded(sessions, batch, [Continue(batch.items[0].id, str(piece + 1))], now=now)
        if piece % 10 == 9:  # its next worker is killed before it yields anything
            killed += 1
            held(sessions, worker=SLOW, now=now)
            now += 2 * MINUTE
            with sessions.begin() as session:
                sweep_expired(session, grace_seconds=5, budgets=Budgets(), now=now)
        now += timedelta(seconds=1)
    succeed(sessions, held(sessions, now=now), now=now)

    item = items_of(sessions, job.job_id)[0]
    assert (item.state.value, item.checkpoint) == ("succeeded", "30")
    assert (item.errors, item.crashes, item.losses) == (0, 0, killed)
    assert item.attempts == 31 + killed
    with sessions.read() as session:
        outcomes = list(session.scalars(sa.select(Attempt.outcome).order_by(Attempt.fence)))
    assert outcomes.count("continued") == 30


def test_a_long_item_keeps_its_place_in_the_lane(sessions: Sessions) -> None:
    first = submit(sessions, [noop(priority=0)])
    others = submit(sessions, 3, owner="eve")
    before = items_of(sessions, first.job_id)[0].fair_rank
    for piece in range(5):
        batch = held(sessions, limit=1)
        assert batch.items[0].job_id == first.job_id, piece
        recorded(sessions, batch, [Continue(batch.items[0].id, str(piece))])

    assert items_of(sessions, first.job_id)[0].fair_rank == before
    assert {item.attempts for item in items_of(sessions, others.job_id)} == {0}
