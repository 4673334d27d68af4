"""Questions that are asked at every acquire, submit or sweep are answered by the index that was made for them."""

import itertools
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from models import Database, Item, Session
from models.queries import items, jobs, lanes, owners, pauses, shares
from models.queries.pauses import PARKED
from tests.queues import COPY, MINUTE, NOON, submit

Deed = Callable[[Session], Any]  # Any: whatever it answers

ITEM = Item(id=uuid4(), lane=COPY, priority=0, fair_rank=5.0)

DEEDS: list[tuple[str, Deed]] = [
    ("ix_jobs_held_back", pauses.parking),
    ("ix_jobs_held_back", jobs.expiring),
    ("ix_jobs_held_back", lambda session: shares.lock_share(session, COPY, 0, "ada")),
    (
        "ix_jobs_held_back",
        lambda session: items.acquire(session, COPY, limit=8, worker=uuid4(), now=NOON, until=NOON + MINUTE),
    ),
    ("ix_jobs_resumed", pauses.waking),
    ("ix_jobs_deadline", lambda session: jobs.expire(session, now=NOON)),
    ("ix_jobs_unfinished", lambda session: owners.waiting(session, "ada")),
    ("ix_jobs_owner_id", lambda session: owners.submitted(session, "ada", since=NOON)),
    ("ix_items_blocked", lambda session: items.due(session, now=NOON, limit=500)),
    ("ix_items_ready", lambda session: lanes.count_ready(session, COPY)),
    ("ix_items_ready", lambda session: lanes.ahead_of(session, ITEM, limit=10)),
    ("ix_items_ready", lambda session: shares.lock_share(session, COPY, 0, "ada")),
    ("ix_items_ready", lambda session: shares.begun(session, COPY, from_priority=0)),
]


@pytest.mark.parametrize(("index", "deed"), DEEDS)
def test_a_question_uses_its_index(database: Database, index: str, deed: Deed) -> None:
    submit(database.sessions, 30)
    submit(database.sessions, 3, owner="bob")
    assert index in plans(database, deed)


def plans(database: Database, deed: Deed) -> str:
    """How the database goes about the statements of *deed*."""
    asked: list[tuple[str, Any]] = []
    sqlite = database.engine.dialect.name == "sqlite"

    @sa.event.listens_for(database.engine, "before_cursor_execute")
    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    with database.sessions.begin() as session:
        deed(session)
    sa.event.remove(database.engine, "before_cursor_execute", note)
    with database.sessions.begin() as session:
        connection = session.connection()
        if sqlite:
            rows = [row for text, values in asked for row in connection.exec_driver_sql(f"{QUERY_PLAN} {text}", values)]
            return "\n".join(map(str, rows))
        for kind in ("seqscan", "bitmapscan"):  # so few rows are read faster without any index
            connection.exec_driver_sql(f"SET LOCAL enable_{kind} = off")
        return "\n".join(
            str(row) for text, _ in asked for row in connection.exec_driver_sql(f"{GENERIC_PLAN} {numbered(text)}")
        )


QUERY_PLAN = "EXPLAIN QUERY PLAN"
GENERIC_PLAN = "EXPLAIN (GENERIC_PLAN)"  #: as after some executions, when the parameters are not looked at any more


def numbered(statement: str) -> str:
    """*statement* with PostgreSQL's own placeholders."""
    numbers = itertools.count(1)
    return re.sub(r"%\(\w+\)s", lambda _: f"${next(numbers)}", statement)


def test_the_hour_that_never_comes_survives_the_database(database: Database) -> None:
    job = submit(database.sessions)
    with database.sessions.begin() as session:
        session.execute(sa.update(Item).values(run_at=PARKED))
        assert session.scalar(sa.select(Item.run_at).where(Item.job_id == job.job_id)) == PARKED
