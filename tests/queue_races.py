"""Two transactions that really meet, on a database that lets them: each raises AssertionError unless it ends well."""

import threading
import time
from datetime import timedelta

import sqlalchemy as sa

from adloom.core.states import ItemState
from models import Database, Item
from services.acquire import acquire_micro_batch
from services.renew import renew_leases
from services.sweep import sweep_expired
from tests.queue_model import BUDGETS
from tests.queues import COPY, NOON, QUICK, SLOW, held, noop, submit

WAIT_SECONDS = 10
_BLOCKED = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


def second_worker_before_the_first_commits(database: Database) -> None:
    """One worker leases all of one batch key; before it commits, another gets the next key's items at once."""
    submit(database.sessions, [noop(), noop(), noop(), noop()])
    with database.sessions.begin() as session:
        session.execute(sa.update(Item).where(Item.position >= 2).values(batch_key="other|"))
    with database.sessions.begin() as one, database.sessions.begin() as two:
        two.execute(sa.text("SET LOCAL lock_timeout = '300ms'"))
        first = acquire_micro_batch(one, COPY, worker=SLOW, limit=8, lease_seconds=60, now=NOON)
        second = acquire_micro_batch(two, COPY, worker=QUICK, limit=8, lease_seconds=60, now=NOON)
    found = [[item.position for item in batch.items] if batch else [] for batch in (first, second)]
    assert found == [[0, 1], [2, 3]]


def sweep_during_a_renewal(database: Database) -> None:
    """A sweep finds a lease that has run out, while its renewal is about to be committed: the lease stays."""
    sessions, late = database.sessions, NOON + timedelta(seconds=70)
    job = submit(sessions)
    batch = held(sessions)
    troubles: list[Exception] = []

    def sweep() -> None:
        try:
            with sessions.begin() as session:
                sweep_expired(session, grace_seconds=5, budgets=BUDGETS, now=late)
        except Exception as error:  # told below, in the thread that asked
            troubles.append(error)

    thread = threading.Thread(target=sweep)
    with sessions.begin() as session:
        renew_leases(session, batch.held(), lease_seconds=60, now=late)
        thread.start()
        _until_someone_waits(database)
    thread.join(WAIT_SECONDS)
    with sessions.read() as session:
        row = session.execute(sa.select(Item.state, Item.fence, Item.losses).where(Item.job_id == job.job_id)).one()
    assert not troubles, troubles
    assert tuple(row) == (ItemState.LEASED, batch.items[0].fence, 0), "a renewed lease was taken away"


def _until_someone_waits(database: Database) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        with database.sessions.read() as session:
            if session.scalar(_BLOCKED):
                return
        time.sleep(0.01)
    raise AssertionError("the sweep did not wait for the renewal")
