"""Two sweeps, a cancel and a record of the same items at the same instant, again and again."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa

from adloom.core.states import ItemState
from models import Attempt, Database, DatabaseTrouble, Item, Job, open_database
from services.cancel import cancel_job
from services.record import Budgets
from services.sweep import sweep_expired
from tests.queues import MINUTE, NOON, held, job_of, made, recorded, submit

ITEMS = 4
LATER = NOON + 2 * MINUTE  #: when the lease of a minute has run out


def race(database_url: str, *, times: int) -> Counter[str]:
    """Race *times* times; returns how the items ended, and how often someone had to try again."""
    database = open_database(database_url, pool_size=6)
    tally: Counter[str] = Counter()
    try:
        for _ in range(times):
            _once(database, tally)
    finally:
        database.close()
    return tally


def _once(database: Database, tally: Counter[str]) -> None:
    sessions = database.sessions
    job = submit(sessions, ITEMS).job_id
    batch = held(sessions, limit=ITEMS)
    results = [made(item.id) for item in batch.items]

    def sweep() -> None:
        with sessions.begin() as session:
            sweep_expired(session, grace_seconds=0.0, budgets=Budgets(), now=LATER)

    deeds: list[Callable[[], object]] = [
        sweep,
        sweep,
        lambda: cancel_job(sessions, job, owner="ada", now=lambda _: LATER + timedelta(seconds=1)),
        lambda: recorded(sessions, batch, results, now=LATER),
    ]
    barrier = threading.Barrier(len(deeds))
    threads = [threading.Thread(target=_strive, args=(deed, barrier, tally)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with sessions.read() as session:
        items = session.execute(sa.select(Item.id, Item.state).where(Item.job_id == job)).all()
        won = sa.select(Attempt.outcome).join(Item, Item.id == Attempt.item_id)
        outcomes = Counter(session.scalars(won.where(Item.job_id == job)))
    states = Counter(row.state for row in items)
    tally.update(f"{state} items" for state in states.elements())
    found = job_of(sessions, job)
    assert states.total() == states[ItemState.SUCCEEDED] + states[ItemState.CANCELLED], f"nobody won: {states}"
    assert outcomes["succeeded"] == states[ItemState.SUCCEEDED], f"{outcomes} and {states}"
    assert outcomes.total() == ITEMS, f"a lease ended twice: {outcomes}"
    assert (found.remaining, found.succeeded) == (0, states[ItemState.SUCCEEDED]), "miscounted"
    _forget(database, found.id)


def _strive(deed: Callable[[], object], barrier: threading.Barrier, tally: Counter[str]) -> None:
    """Do it, and again where the database asks for that, as every process of the platform does."""
    barrier.wait(30)
    for _ in range(5):
        try:
            deed()
            return
        except DatabaseTrouble as error:
            tally[f"tries again after {type(error).__name__}"] += 1
    tally["gave up"] += 1


def _forget(database: Database, job: object) -> None:
    with database.sessions.begin() as session:
        session.execute(sa.delete(Job).where(Job.id == job))
