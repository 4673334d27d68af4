"""What must hold after every fault, read from the database, the store, the logs and what the clients saw.

Those that must hold at every moment are looked at every second while the fault is on.  The numbers are those of the
table in docs/guarantees.md.
"""

import hashlib
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adloom.core.states import FINAL, ItemState, job_state
from models import Asset, Attempt, Database, Delivery, Item, Job
from tests.chaos.load import Load
from tests.chaos.rig import GRACE_SECONDS, SWEEP_SECONDS

Row = sa.Row[*tuple[Any, ...]]  # Any: one type per selected column


@dataclass(frozen=True)
class Seen:
    """Everything the database says about the jobs of one trial."""

    jobs: Mapping[UUID, Row]
    items: Sequence[Row]
    attempts: Mapping[UUID, Sequence[Row]]  #: by item, in the order of their fences
    assets: Mapping[UUID, Sequence[Row]]  #: by item
    deliveries: Sequence[Row]


_JOB = (
    Job.id,
    Job.idempotency_key,
    Job.total,
    Job.remaining,
    Job.succeeded,
    Job.failed,
    Job.cancelled,
    Job.state,
    Job.cancelled_at,
    Job.webhook_url,
)
_ITEM = (Item.id, Item.job_id, Item.state, Item.fence, Item.worker, Item.lease_expires_at, Item.error_code)
_ATTEMPT = (Attempt.item_id, Attempt.fence, Attempt.outcome, Attempt.started_at)
_DELIVERY = (Delivery.id, Delivery.job_id, Delivery.delivered)
_ASSET = (Asset.item_id, Asset.key, Asset.sha256, Asset.size_bytes)


def look(database: Database, prefix: str) -> Seen:
    """Read all of it in one state of the database.  *prefix*: how the keys of the trial's jobs begin."""
    with database.sessions.read() as session:
        mine = sa.select(Job.id).where(Job.idempotency_key.startswith(prefix, autoescape=True))
        of_mine = sa.select(Item.id).where(Item.job_id.in_(mine))
        jobs = {row.id: row for row in session.execute(sa.select(*_JOB).where(Job.id.in_(mine)))}
        items = session.execute(sa.select(*_ITEM).where(Item.job_id.in_(mine))).all()
        order = (Attempt.item_id, Attempt.fence)
        attempts = session.execute(sa.select(*_ATTEMPT).where(Attempt.item_id.in_(of_mine)).order_by(*order)).all()
        assets = session.execute(sa.select(*_ASSET).where(Asset.item_id.in_(of_mine))).all()
        sent = session.execute(sa.select(*_DELIVERY).where(Delivery.job_id.in_(mine))).all()
    return Seen(jobs, items, _by_item(attempts), _by_item(assets), sent)


def _by_item(rows: Sequence[Row]) -> Mapping[UUID, Sequence[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.item_id].append(row)
    return found


def at_rest(seen: Seen, load: Load, store: Path) -> Iterator[str]:
    """Every violation once the trial has come to rest."""
    yield from accepted_is_durable(seen, load)
    yield from everything_ends(seen)
    yield from one_result_each(seen)
    yield from fences_rise(seen)
    yield from counters_are_right(seen)
    yield from ends_are_announced_once(seen)
    yield from objects_are_whole(seen, store)
    yield from attempts_pay(seen)
    yield from one_job_per_key(seen, load)


def accepted_is_durable(seen: Seen, load: Load) -> Iterator[str]:
    """I1: every job that was answered 202 exists, with all its items."""
    items = Counter(row.job_id for row in seen.items)
    for key, job_id in load.accepted.items():
        job = seen.jobs.get(UUID(job_id))
        if job is None:
            yield f"I1: job {job_id} was accepted and is gone"
        elif not job.total == items[job.id] == load.wanted[key]:
            yield f"I1: job {job_id} has {items[job.id]} items, says {job.total}, was asked for {load.wanted[key]}"


def everything_ends(seen: Seen) -> Iterator[str]:
    """I2: every item is final."""
    waiting = Counter(str(row.state) for row in seen.items if row.state not in FINAL)
    if waiting:
        yield f"I2: items that have not ended: {dict(waiting)}"


def one_result_each(seen: Seen) -> Iterator[str]:
    """I3: at most one attempt of an item was written down as its result, and it is the one that made the result."""
    for item in seen.items:
        won = [row.fence for row in seen.attempts.get(item.id, ()) if row.outcome == "succeeded"]
        expected = [item.fence - 1] if item.state == ItemState.SUCCEEDED else []  # the end has raised the fence, too
        if won != expected:
            yield f"I3: item {item.id} is {item.state}, the attempts that won are {won} and should be {expected}"
        for asset in seen.assets.get(item.id, ()):
            made_by = re.search(r"/f(\d+)/", asset.key)
            if made_by is None or [int(made_by[1])] != won:
                yield f"I3: item {item.id} holds {asset.key}, and the attempt that won is {won}"


def fences_rise(seen: Seen) -> Iterator[str]:
    """I4: the fence rises from attempt to attempt, and the item's is above them all once it is no longer leased."""
    for item in seen.items:
        rows = seen.attempts.get(item.id, ())
        if any(first.started_at > then.started_at for first, then in pairwise(rows)):
            yield f"I4: the attempts of item {item.id} do not follow its fence"
        highest = max((row.fence for row in rows), default=0)
        if highest > item.fence or (highest == item.fence and item.state != ItemState.LEASED and rows):
            yield f"I4: item {item.id} has fence {item.fence} and an attempt with {highest}"


def counters_are_right(seen: Seen) -> Iterator[str]:
    """I5: what a job says of its items is so."""
    counted: dict[UUID, Counter[ItemState]] = defaultdict(Counter)
    for row in seen.items:
        counted[row.job_id][row.state] += 1
    for job in seen.jobs.values():
        found = counted[job.id]
        ended = found[ItemState.SUCCEEDED], found[ItemState.FAILED], found[ItemState.CANCELLED]
        left = found.total() - sum(ended)
        if (job.succeeded, job.failed, job.cancelled, job.remaining) != (*ended, left):
            yield f"I5: job {job.id} miscounts: {job}"
        elif left == 0:
            state = job_state(succeeded=ended[0], failed=ended[1], cancelled=job.cancelled_at is not None)
            if job.state != state:
                yield f"I5: job {job.id} is {job.state} and should be {state}"


def ends_are_announced_once(seen: Seen) -> Iterator[str]:
    """I6: the end of a job that has an address is announced there, by one row."""
    rows = Counter(row.job_id for row in seen.deliveries)
    for job in seen.jobs.values():
        if rows[job.id] != bool(job.webhook_url and job.remaining == 0):
            yield f"I6: the end of job {job.id} is announced {rows[job.id]} times"


def ends_are_told(seen: Seen, heard: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """I6 as well: who is told more than once is told under one id, and what is noted as told was told."""
    for row in seen.deliveries:
        ids = set(heard.get(str(row.job_id), ()))
        if len(ids) > 1 or (ids and ids != {str(row.id)}):
            yield f"I6: job {row.job_id} was told under {ids}, and its delivery is {row.id}"
        if row.delivered and not ids:
            yield f"I6: job {row.job_id} is said to be told, and nobody has heard it"


def objects_are_whole(seen: Seen, store: Path) -> Iterator[str]:
    """I7: every object that an item refers to is there, with the bytes that were recorded."""
    for rows in seen.assets.values():
        for asset in rows:
            path = store / asset.key
            if not path.exists():
                yield f"I7: {asset.key} is missing"
            elif hashlib.sha256(path.read_bytes()).hexdigest() != asset.sha256:
                yield f"I7: {asset.key} holds other bytes than were recorded"


def attempts_pay(seen: Seen) -> Iterator[str]:
    """I8: as many attempts have won as items have succeeded."""
    won = sum(row.outcome == "succeeded" for rows in seen.attempts.values() for row in rows)
    succeeded = sum(row.state == ItemState.SUCCEEDED for row in seen.items)
    if won != succeeded:
        yield f"I8: {won} attempts have won and {succeeded} items have succeeded"


def one_job_per_key(seen: Seen, load: Load) -> Iterator[str]:
    """I10: one key is one job, whatever was sent how often."""
    for key in load.clashes:
        yield f"I10: the API named two jobs for the key {key}"
    for key, count in Counter(job.idempotency_key for job in seen.jobs.values()).items():
        if count > 1:
            yield f"I10: the key {key} made {count} jobs"


class Watch:
    """The invariants that hold at every moment: nothing is doubled, fences never fall, no lease outlives its time."""

    def __init__(self, database: Database, prefix: str) -> None:
        self._database, self._prefix = database, prefix
        self._fences: dict[UUID, int] = {}
        self.violations: list[str] = []
        self._forgiven_until = 0.0

    def forgive(self, forgiving: bool) -> None:
        """Whoever takes leases back is away, or (False) not any more: then it has a few seconds to come back."""
        self._forgiven_until = float("inf") if forgiving else min(self._forgiven_until, time.monotonic() + 4)

    def look(self) -> None:
        """Look once; a database that is away is looked at later."""
        try:
            self.violations += self._found()
        except sa.exc.SQLAlchemyError:
            return

    def _found(self) -> list[str]:
        with self._database.sessions.read() as session:
            now = self._database.now(session)
            mine = sa.select(Job.id).where(Job.idempotency_key.startswith(self._prefix, autoescape=True))
            moving = Item.state.not_in(FINAL)  # what has ended is looked at once more at the end
            items = session.execute(sa.select(*_ITEM).where(Item.job_id.in_(mine), moving)).all()
            won = sa.select(Attempt.item_id).where(Attempt.outcome == "succeeded").group_by(Attempt.item_id)
            twice = session.scalars(won.having(sa.func.count() > 1)).all()
        found = [f"I3: item {item} has two attempts that won" for item in twice]
        found += [f"I4: the fence of item {row.id} fell" for row in items if row.fence < self._fences.get(row.id, 0)]
        self._fences.update({row.id: row.fence for row in items})
        late = now - timedelta(seconds=GRACE_SECONDS + 2 * SWEEP_SECONDS + 2)  # two more: the machine is shared
        leases = [row for row in items if row.state == ItemState.LEASED and row.lease_expires_at < late]
        if leases and time.monotonic() > self._forgiven_until:
            found.append(f"I9: {len(leases)} leases have outlived their time, the oldest {leases[0].lease_expires_at}")
        return found


def answers_are_honest(load: Load, windows: Sequence[tuple[float, float]]) -> Iterator[str]:
    """I11: the API fails only while something is broken, and says so as problem+json."""
    for answer in load.answers:
        if answer.status >= 400 and not answer.is_problem:
            yield f"I11: {answer.op} was answered {answer.status} without a problem"
        ended_at = answer.at + answer.seconds
        if answer.status >= 500 and not any(begin <= ended_at and answer.at <= end for begin, end in windows):
            yield f"I11: {answer.op} was answered {answer.status} while nothing was broken"


def nothing_is_told(logs: str, secrets: Sequence[str]) -> Iterator[str]:
    """I12: no secret stands in a log."""
    for number, secret in enumerate(secrets):
        if secret in logs:
            yield f"I12: secret {number} stands in a log"
