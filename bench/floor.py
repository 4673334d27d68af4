"""The raw floor: a job's rows through our own tables, columns and indexes, by hand-written SQL on one connection.

No HTTP, no broker, no validation, no generator, no fence, no fairness: what is left is the database's own price.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pysqlite3.dbapi2 as sqlite
from uuid_utils.compat import uuid7

from migrations import upgrade
from models import open_database

BATCH = 256
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def payload(number: int) -> str:
    """What an item carries and hands back: 100 characters, each time others."""
    return f"{number:0100d}"


_TEXT = {"number": 0, "field": "noop", "text": payload(0), "source": "template", "score": 0.0, "details": {}}
VARIANTS = json.dumps([{**_TEXT, "asset": None}], separators=(",", ":"))

_COLUMNS = [
    "id",
    "job_id",
    "owner",
    "position",
    "custom_id",
    "labels",
    "kind",
    "lane",
    "batch_key",
    "micro_batch",
    "spec",
    "seed",
    "cost",
    "priority",
    "fair_rank",
    "state",
    "fence",
    "on_device",
    "suspect",
    "parents_left",
    "has_parents",
    "has_children",
    "checkpoint",
    "attempts",
    "errors",
    "crashes",
    "losses",
    "created_at",
]

_HEAD = "SELECT batch_key FROM items WHERE lane = 'copy' AND state = 'queued' ORDER BY priority DESC, fair_rank, id"
_TAKE = (
    "SELECT id FROM items WHERE lane = 'copy' AND state = 'queued' AND batch_key = (SELECT batch_key FROM head) "
    f"ORDER BY priority DESC, fair_rank, id LIMIT {BATCH}"
)
_LEASE = (
    "SET state = 'leased', fence = fence + 1, attempts = attempts + 1, leased_at = '{now}', "
    "lease_expires_at = '{now}', "
    f"batch_size = {BATCH}, on_device = true"
)
_RETURN = "RETURNING id, job_id, owner, kind, spec, seed, position, checkpoint, fence"
_DONE = (
    "SET state = 'succeeded', fence = fence + 1, worker = NULL, lease_expires_at = NULL, on_device = false, "
    "finished_at = '{now}', notes = '[]', provenance = '{{}}'"
)
_ATTEMPT = "item_id, fence, worker, batch_size, started_at, ended_at, outcome"
_JOB = (
    "INSERT INTO jobs (id, owner, name, fingerprint, seed, state, total, remaining, succeeded, failed, cancelled, "
    "created_at) VALUES ('{job}', 'ada', '', '', 0, 'running', {n}, {n}, 0, 0, 0, '{now}')"
)
_COUNT = (
    "UPDATE jobs SET remaining = remaining - {n}, succeeded = succeeded + {n}, "
    "state = CASE WHEN remaining = {n} THEN 'succeeded' ELSE state END, "
    "finished_at = CASE WHEN remaining = {n} THEN '{now}' ELSE finished_at END WHERE id = '{job}'"
)


@dataclass(frozen=True)
class Floor:
    """Seconds: to insert the rows, and to lease and record them all in micro-batches."""

    insert: float
    drain: float


def measure_floor(url: str, items: int) -> Floor:
    """Take *items* through the database at *url*, which is migrated first."""
    upgrade(url)
    return _sqlite(Path(url.removeprefix("sqlite:///")), items) if url.startswith("sqlite") else _postgresql(url, items)


def _rows(job: str, items: int) -> list[tuple[Any, ...]]:  # Any: column values
    head = ("", "{}", "noop", "copy", "noop|", BATCH)
    tail = (0, *_FLAGS, "", 0, 0, 0, 0, NOW.strftime(_INSTANT))
    specs = [json.dumps({"payload": payload(n)}, separators=(",", ":")) for n in range(items)]
    return [(uuid7().hex, job, "ada", n, *head, specs[n], 0, 0.1, 0, n * 0.1, "queued", *tail) for n in range(items)]


_FLAGS = (False, False, 0, False, False)
_INSTANT = "%Y-%m-%d %H:%M:%S.%f"


def _sqlite(path: Path, items: int) -> Floor:
    open_database(f"sqlite:///{path}").close()  # write-ahead log and all, as the product sets it
    now = NOW.strftime(_INSTANT)
    connection = sqlite.connect(str(path), isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    job, worker = uuid7().hex, uuid7().hex
    rows = _rows(job, items)
    started = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(_JOB.format(job=job, n=items, now=now))
    marks = ", ".join("?" * len(_COLUMNS))
    connection.executemany(f"INSERT INTO items ({', '.join(_COLUMNS)}) VALUES ({marks})", rows)
    connection.execute("COMMIT")
    inserted = time.perf_counter()
    lease = f"WITH head AS ({_HEAD} LIMIT 1), take AS ({_TAKE}) UPDATE items {_LEASE.format(now=now)}, worker = ? "
    lease += f"WHERE id IN (SELECT id FROM take) {_RETURN}"
    while True:
        connection.execute("BEGIN IMMEDIATE")
        held = connection.execute(lease, (worker,)).fetchall()
        connection.execute("COMMIT")
        if not held:
            return Floor(inserted - started, time.perf_counter() - inserted)
        connection.execute("BEGIN IMMEDIATE")
        done = f"UPDATE items {_DONE.format(now=now)}, variants = ? WHERE id = ?"
        connection.executemany(done, [(VARIANTS, row[0]) for row in held])
        attempt = f"INSERT INTO attempts ({_ATTEMPT}) VALUES (?, ?, ?, ?, ?, ?, 'succeeded')"
        connection.executemany(attempt, [(row[0], row[8], worker, len(held), now, now) for row in held])
        connection.execute(_COUNT.format(job=job, n=len(held), now=now))
        connection.execute("COMMIT")


def _postgresql(url: str, items: int) -> Floor:
    job, worker = uuid7().hex, uuid7().hex
    buffer = "".join(["\t".join(map(str, row)) + "\n" for row in _rows(job, items)])
    now = NOW.isoformat()
    with psycopg.connect(url.replace("+psycopg", ""), prepare_threshold=None) as connection:
        started = time.perf_counter()
        connection.execute(_JOB.format(job=job, n=items, now=now))
        with connection.cursor().copy(f"COPY items ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
            copy.write(buffer)
        connection.commit()
        inserted = time.perf_counter()
        lease = f"WITH head AS ({_HEAD} LIMIT 1 FOR UPDATE SKIP LOCKED), "
        lease += f"take AS MATERIALIZED ({_TAKE} FOR UPDATE SKIP LOCKED) UPDATE items {_LEASE.format(now=now)}, "
        lease += f"worker = %s WHERE id = ANY(ARRAY(SELECT id FROM take)) {_RETURN}"
        while held := connection.execute(lease, (worker,)).fetchall():
            connection.commit()
            _record(connection, held, worker=worker, job=job, now=now)
            connection.commit()
        connection.commit()
        return Floor(inserted - started, time.perf_counter() - inserted)


def _record(connection: Any, held: Sequence[Any], *, worker: str, job: str, now: str) -> None:  # Any: psycopg's own
    ids = "{" + ",".join(row[0].hex for row in held) + "}"
    quoted = '"' + VARIANTS.replace('"', '\\"') + '"'
    variants = "{" + ",".join([quoted] * len(held)) + "}"
    connection.execute("SELECT id, fence FROM items WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE", (ids,))
    done = f"UPDATE items {_DONE.format(now=now)}, variants = new.variants FROM unnest(%s::uuid[], %s::json[]) "
    connection.execute(done + "AS new(id, variants) WHERE items.id = new.id", (ids, variants))
    attempt = f"INSERT INTO attempts ({_ATTEMPT}) SELECT new, 1, %s, {len(held)}, '{now}', '{now}', 'succeeded' "
    connection.execute(attempt + "FROM unnest(%s::uuid[]) AS new", (worker, ids))
    connection.execute(_COUNT.format(job=job, n=len(held), now=now))
