"""The queue's numbers equal the database, on both databases, and no id is among them."""

import math
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from prometheus_client import generate_latest
from sqlalchemy import event

from adloom.core.lanes import Lane
from adloom.core.states import FINAL, ItemState
from metrics import QueueCollector, QueueNumbers, new_registry
from models import Database, Delivery, Item, Job, LaneState, Owner, Worker, open_database
from services.acquire import MicroBatch
from services.measure import measure_queue
from services.sweep import sweep_due
from tests.conftest import FreshDatabase
from tests.queues import MINUTE, NOON, QUICK, SLOW, acquire, held, noop, submit, succeed


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = open_database(database_url)
    yield database
    database.close()


def measured(database: Database, now: datetime = NOON) -> QueueNumbers:
    with database.sessions.read() as session:
        return measure_queue(session, now=now)


def change(database: Database, *statements: sa.Executable) -> None:
    with database.sessions.begin() as session:
        for statement in statements:
            session.execute(statement)


def worker(worker_id: UUID, lanes: list[str], seen_at: datetime) -> sa.Insert:
    row = {"id": worker_id, "main": uuid4(), "lanes": lanes, "host": "here", "pid": 1}
    return sa.insert(Worker).values(**row, started_at=NOON, seen_at=seen_at)


def test_an_empty_platform_says_nothing_of_everything(database: Database) -> None:
    numbers = measured(database)
    assert set(numbers.items.values()) == {0}
    assert {(state, lane) for state, lane, _ in numbers.items} == {
        (state, lane) for state in set(ItemState) - FINAL for lane in Lane
    }
    assert set(numbers.ages.values()) == {0.0}
    assert numbers.workers == {(lane, state): 0 for lane in Lane for state in ("busy", "idle")}
    assert (numbers.paused, numbers.jobs, numbers.deliveries, numbers.delivery_age_seconds) == (
        frozenset(),
        {"standard": 0},
        0,
        0.0,
    )


def test_items_are_counted_by_state_lane_and_tier(database: Database) -> None:
    change(database, sa.insert(Owner).values(owner="vip", tier="gold", weight=1.0))
    sessions = database.sessions
    succeed(sessions, held_one(database))
    submit(sessions, 5, owner="ada")
    submit(sessions, [noop(custom_id="a"), noop(custom_id="b", depends_on=(0,))], owner="vip")
    submit(sessions, [noop(run_at=NOON + MINUTE)], owner="ada")
    acquire(sessions, limit=3)
    expected: Counter[tuple[ItemState, Lane, str]] = Counter()
    with sessions.read() as session:
        for item in session.scalars(sa.select(Item)):
            if item.state not in FINAL:
                expected[item.state, item.lane, "gold" if item.owner == "vip" else "standard"] += 1

    numbers = measured(database)

    assert +Counter(numbers.items) == expected
    assert expected[ItemState.BLOCKED, Lane.COPY, "gold"] == 1
    assert sum(expected.values()) == 8
    assert numbers.jobs == {"standard": 2, "gold": 1}


def held_one(database: Database) -> MicroBatch:
    submit(database.sessions, 1, owner="ada")
    return held(database.sessions)


@pytest.mark.parametrize("number", [1, 2, 100, 101])
def test_the_ages_are_exact_percentiles_of_what_is_ready(database: Database, number: int) -> None:
    for n in range(number):
        submit(database.sessions, 1, now=NOON - timedelta(seconds=n))
    submit(database.sessions, [noop(run_at=NOON + 60 * MINUTE)], now=NOON - 600 * MINUTE)  # not due: does not wait
    paused = submit(database.sessions, 1, now=NOON - 600 * MINUTE).job_id
    change(database, sa.update(Job).where(Job.id == paused).values(paused_at=NOON))
    ages = sorted(float(n) for n in range(number))

    numbers = measured(database)

    for quantile, share in (("0.5", 0.5), ("0.99", 0.99), ("1", 1.0)):
        assert numbers.ages[Lane.COPY, quantile] == ages[math.ceil(round(share * number, 6)) - 1]
        assert numbers.ages[Lane.BANNER, quantile] == 0.0


def test_an_item_waits_from_its_hour_on(database: Database) -> None:
    submit(database.sessions, [noop(run_at=NOON - MINUTE)], now=NOON - 60 * MINUTE)
    with database.sessions.begin() as session:
        sweep_due(session, now=NOON)
    assert measured(database).ages[Lane.COPY, "1"] == 60.0


def test_workers_are_counted_by_lane_while_they_live(database: Database) -> None:
    submit(database.sessions, 1)
    acquire(database.sessions, worker=SLOW)
    change(
        database,
        worker(SLOW, ["copy", "banner"], NOON),
        worker(QUICK, ["copy"], NOON - timedelta(seconds=29)),
        worker(uuid4(), ["copy"], NOON - timedelta(seconds=31)),
    )
    found = +Counter(measured(database).workers)
    assert found == {(Lane.COPY, "busy"): 1, (Lane.BANNER, "busy"): 1, (Lane.COPY, "idle"): 1}


def test_paused_lanes_are_named(database: Database) -> None:
    change(
        database,
        sa.insert(LaneState).values(lane=Lane.IMAGE, paused_at=NOON),
        sa.insert(LaneState).values(lane=Lane.COPY, paused_at=None),
    )
    assert measured(database).paused == {Lane.IMAGE}


def test_the_outbox_is_counted_until_it_is_delivered(database: Database) -> None:
    for n, ended_at in enumerate((None, None, NOON)):
        job_id = submit(database.sessions, 1).job_id
        created = NOON - (n + 1) * MINUTE
        row = {"id": uuid4(), "job_id": job_id, "owner": "ada", "url": "https://x", "event": "job.completed"}
        change(
            database,
            sa.insert(Delivery).values(
                **row, host="x", body="{}", created_at=created, next_at=created, ended_at=ended_at
            ),
        )
    numbers = measured(database)
    assert (numbers.deliveries, numbers.delivery_age_seconds) == (2, 120.0)


def test_no_owner_job_item_or_worker_is_ever_in_a_label(database: Database) -> None:
    owner = f"owner-{uuid4()}"
    job_id = submit(database.sessions, [noop(custom_id="planted-custom-id"), noop()], owner=owner).job_id
    held(database.sessions, worker=SLOW, limit=1)
    change(database, worker(SLOW, ["copy"], NOON))
    registry = new_registry()
    registry.register(QueueCollector(lambda: measured(database)))
    text = generate_latest(registry).decode()
    with database.sessions.read() as session:
        planted = [owner, job_id, SLOW, "planted-custom-id", *session.scalars(sa.select(Item.id))]
    assert 'adloom_items{lane="copy",state="leased",tier="standard"} 1.0' in text
    assert not [each for each in planted if str(each) in text]


def test_a_question_that_takes_too_long_is_given_up_on_postgresql(database: Database) -> None:
    if database.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no limit of its own")
    with database.sessions.read() as session:
        measure_queue(session, now=NOON)
        assert session.scalar(sa.text("SHOW statement_timeout")) == "5s"
    with database.sessions.read() as session:
        assert session.scalar(sa.text("SHOW statement_timeout")) == "0"  # for that transaction alone


def test_no_question_reads_the_whole_table_on_postgresql(fresh_database: FreshDatabase) -> None:
    database = open_database(fresh_database("postgresql"))
    for _ in range(4):
        submit(database.sessions, 500)  # all of it is open: what tempts a planner most
    asked: list[tuple[str, dict[str, object]]] = []

    def note(connection: object, cursor: object, statement: str, parameters: dict[str, object], *_: object) -> None:
        asked.append((statement, parameters))

    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    event.listen(database.engine, "before_cursor_execute", note)
    try:
        assert measured(database).items[ItemState.QUEUED, Lane.COPY, "standard"] == 2000
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    with database.engine.connect() as connection:
        plans: list[str] = []
        for statement, parameters in asked:
            if statement.startswith("SET"):
                connection.exec_driver_sql(statement)
            else:
                plans += connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars().all()
    database.close()
    assert any("ix_jobs_unfinished" in line or "pk_jobs" in line for line in plans)
    assert not [line for line in plans if "Seq Scan on items" in line or "Seq Scan on jobs" in line]
