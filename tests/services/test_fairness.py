"""Weighted fair queueing on the real queue: who is served when, and what is given back."""

import pytest
import sqlalchemy as sa

from models import FairShare, Sessions
from services.cancel import cancel_job
from services.owners import set_owner
from services.pause import pause_job
from tests.queues import NOON, held, items_of, noop, release, submit, succeed

MICRO_BATCH = 8


def serve(sessions: Sessions, micro_batches: int) -> list[str]:
    """The owners whose items one worker leases and records, in that order."""
    owners = []
    for _ in range(micro_batches):
        batch = held(sessions, limit=MICRO_BATCH)
        owners += [item.owner for item in batch.items]
        succeed(sessions, batch)
    return owners


def cancel(sessions: Sessions, job_id: object, owner: str) -> None:
    cancel_job(sessions, job_id, owner=owner, now=lambda session: NOON)  # type: ignore[arg-type]


def finish_of(sessions: Sessions, owner: str) -> float:
    with sessions.read() as session:
        found = session.scalar(sa.select(FairShare.finish_rank).where(FairShare.owner == owner))
    assert found is not None
    return found


def test_a_small_job_does_not_wait_for_a_large_one(sessions: Sessions) -> None:
    submit(sessions, 20_000, owner="large")
    serve(sessions, 10)
    running = held(sessions, limit=MICRO_BATCH)  # what the worker holds when the small job arrives
    small = submit(sessions, 20, owner="small")
    succeed(sessions, running)

    large_leased = 0
    while any(item.finished_at is None for item in items_of(sessions, small.job_id)):
        large_leased += serve(sessions, 1).count("large")

    assert large_leased < 60


def test_an_owner_of_weight_three_gets_three_times_as_much(sessions: Sessions) -> None:
    with sessions.begin() as session:
        set_owner(session, "heavy", weight=3.0)
    submit(sessions, 400, owner="heavy")
    submit(sessions, 400, owner="light")

    served = serve(sessions, 20)

    assert 115 <= served.count("heavy") <= 125  # of 160


def test_shares_are_by_cost_not_by_number(sessions: Sessions) -> None:
    submit(sessions, 200, owner="cheap")
    submit(sessions, 200, owner="dear")
    with sessions.begin() as session:
        set_owner(session, "dear", weight=0.5)  # as if each of its items cost twice as much

    again = submit(sessions, 200, owner="dear")

    ranks = [item.fair_rank for item in items_of(sessions, again.job_id)]
    assert ranks[1] - ranks[0] == pytest.approx(0.2)


def test_priority_comes_before_any_share(sessions: Sessions) -> None:
    submit(sessions, 50, owner="first")
    submit(sessions, [noop(priority=1) for _ in range(20)], owner="urgent")

    assert serve(sessions, 3).count("urgent") == 20


def test_who_has_been_served_while_nobody_else_asked_is_not_behind_a_newcomer(sessions: Sessions) -> None:
    submit(sessions, 200, owner="veteran")
    serve(sessions, 25)  # nothing is ready now
    submit(sessions, 100, owner="newcomer")
    submit(sessions, 4, owner="veteran")

    assert serve(sessions, 2).count("veteran") == 4


def test_who_cancels_a_large_job_is_not_behind_everybody_with_the_next(sessions: Sessions) -> None:
    submit(sessions, 300, owner="steady")
    large = submit(sessions, 2_500, owner="fickle")  # three chunks
    serve(sessions, 4)
    cancel(sessions, large.job_id, "fickle")
    submit(sessions, 5, owner="fickle")

    assert serve(sessions, 2).count("fickle") == 5


def test_who_pauses_a_large_job_is_not_behind_everybody_with_the_next(sessions: Sessions) -> None:
    submit(sessions, 300, owner="steady")
    large = submit(sessions, 2_500, owner="fickle")
    serve(sessions, 4)
    pause_job(sessions, large.job_id, owner="fickle", now=lambda session: NOON)
    submit(sessions, 5, owner="fickle")

    assert serve(sessions, 2).count("fickle") == 5


def test_what_was_leased_is_not_given_back(sessions: Sessions) -> None:
    job = submit(sessions, 100, owner="fickle")
    serve(sessions, 5)
    released = held(sessions, limit=MICRO_BATCH)
    with sessions.begin() as session:
        release(session, released, list(released.held()), now=NOON)

    cancel(sessions, job.job_id, "fickle")

    assert finish_of(sessions, "fickle") == pytest.approx(0.1 * (5 + 1) * MICRO_BATCH)


def test_an_owner_who_comes_late_starts_at_the_clock_of_the_lane(sessions: Sessions) -> None:
    submit(sessions, 200, owner="steady")
    serve(sessions, 20)  # the clock is at 16 by now

    job = submit(sessions, 10, owner="late")

    assert items_of(sessions, job.job_id)[0].fair_rank > 16.0


def test_nothing_is_given_back_below_the_clock_of_the_lane(sessions: Sessions) -> None:
    submit(sessions, 200, owner="steady")
    first = submit(sessions, 100, owner="fickle")
    second = submit(sessions, 100, owner="fickle")
    cancel(sessions, first.job_id, "fickle")
    third = submit(sessions, 100, owner="fickle")  # in the same ranks as the second
    serve(sessions, 10)

    cancel(sessions, second.job_id, "fickle")
    cancel(sessions, third.job_id, "fickle")

    assert finish_of(sessions, "fickle") >= 8.0


def test_cancelling_one_job_leaves_the_place_of_its_owners_other(sessions: Sessions) -> None:
    first = submit(sessions, 100, owner="ada")
    second = submit(sessions, 100, owner="ada")
    before = [item.fair_rank for item in items_of(sessions, second.job_id)]

    cancel(sessions, first.job_id, "ada")

    assert [item.fair_rank for item in items_of(sessions, second.job_id)] == before


def test_a_job_that_is_held_back_does_not_stop_the_clock(sessions: Sessions) -> None:
    held_back = submit(sessions, [noop(), noop(depends_on=(0,))], owner="paused")
    parent = held(sessions, limit=1)
    pause_job(sessions, held_back.job_id, owner="paused", now=lambda session: NOON)
    succeed(sessions, parent)  # its child is ready now, and stays at the head of the index
    submit(sessions, 400, owner="steady")
    serve(sessions, 20)

    newcomer = submit(sessions, 200, owner="newcomer")

    assert items_of(sessions, newcomer.job_id)[0].fair_rank > 16.0
