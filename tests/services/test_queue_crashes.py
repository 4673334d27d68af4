"""What becomes of items whose process was seen to die."""

from uuid import UUID

from adloom.core.states import ItemState
from models import Sessions
from models.queries import items
from services.crash import settle_crashed
from services.record import Budgets
from services.settle import open_ledger
from tests.queues import NOON, QUICK, acquire, held, items_of, states_of, submit, succeed


def crash(sessions: Sessions) -> None:
    with sessions.begin() as session:
        settle_crashed(session, [QUICK], budgets=Budgets(), now=NOON)


def test_what_was_on_the_device_is_a_suspect_and_runs_alone(sessions: Sessions) -> None:
    job = submit(sessions, 3)
    batch = held(sessions, limit=2)
    with sessions.begin() as session:
        items.mark_on_device(session, batch.held())

    crash(sessions)

    assert [(item.crashes, item.suspect) for item in items_of(sessions, job.job_id)] == [
        (1, True),
        (1, True),
        (0, False),
    ]
    assert len(held(sessions).items) == 1


def test_what_was_not_on_the_device_costs_nothing(sessions: Sessions) -> None:
    job = submit(sessions)
    held(sessions)

    crash(sessions)

    item = items_of(sessions, job.job_id)[0]
    assert (item.state, item.crashes, item.suspect) == (ItemState.QUEUED, 0, False)


def test_an_item_that_kills_three_processes_fails_and_its_neighbours_do_not(sessions: Sessions) -> None:
    job = submit(sessions, 4)
    while batch := acquire(sessions):
        with sessions.begin() as session:
            items.mark_on_device(session, batch.held())
        if any(item.position == 2 for item in batch.items):
            crash(sessions)
        else:
            succeed(sessions, batch)

    assert states_of(sessions, job.job_id) == ["succeeded", "succeeded", "failed", "succeeded"]
    found = items_of(sessions, job.job_id)
    assert found[2].error_code == "worker-crashed"
    assert [item.crashes for item in found] == [1, 1, 3, 1]


def test_only_the_dead_workers_items_are_taken(sessions: Sessions) -> None:
    job = submit(sessions, 2)
    held(sessions, limit=1)
    with sessions.begin() as session:
        settle_crashed(session, [job.job_id], budgets=Budgets(), now=NOON)

    assert states_of(sessions, job.job_id) == ["leased", "queued"]


def test_a_hundred_thousand_ids_are_one_parameter(sessions: Sessions) -> None:
    with sessions.begin() as session:
        assert open_ledger(session, [UUID(int=n) for n in range(100_000)], now=NOON).rows == {}
