"""A Hypothesis state machine on the queue's real services and a real database, beside the model of `queue_model`.

After every rule the whole database is compared with the model; at the end the queue is driven until nothing moves, and
every item must have ended.  One rule may call several services, as a worker does in one transaction.
"""

import random
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule
from sqlalchemy.orm import Session

from adloom.core.drafts import Continue, Failure
from adloom.core.errors import IdempotencyClash
from adloom.core.kinds import Kind
from adloom.core.lanes import Lane
from adloom.core.specs import NoopSpec
from adloom.core.states import FINAL, ItemState
from models import Base, Database, Item
from models.queries import items as queries
from services.acquire import MicroBatch, acquire_micro_batch
from services.cancel import cancel_job
from services.crash import settle_crashed
from services.record import Recorded, Result, record, release
from services.renew import renew_leases
from services.submit import ItemRequest, JobTerms, submit_job
from services.sweep import sweep_cancelled, sweep_due, sweep_expired
from tests.queue_check import check_database
from tests.queue_model import BUDGETS, KnownItem, KnownJob, QueueModel
from tests.queues import NOON, made

GRACE_SECONDS = 5
RETRY_SECONDS = 5
WORKERS = [uuid4() for _ in range(3)]
LANES = [Lane.COPY, Lane.BANNER]
KEYS = ["narrow", "wide"]  #: batch keys; the kind of each allows so many items in a micro-batch:
MICRO_BATCH = {"narrow": 2, "wide": 50}
KINDS = {
    (lane, key): Kind("noop", "", lane, NoopSpec, lambda spec: spec.payload, lambda spec: 1.0, MICRO_BATCH[key])
    for lane in LANES
    for key in KEYS
}

drafts = st.fixed_dictionaries(
    {
        "lane": st.sampled_from([Lane.COPY, Lane.COPY, Lane.COPY, Lane.BANNER]),
        "key": st.sampled_from(KEYS),
        "priority": st.sampled_from([0, 0, 0, 1]),
        "parents": st.sets(st.integers(1, 3), max_size=2),  #: how many places before this one: chains and diamonds
        "run_at": st.sampled_from([None, None, None, 30, 600]),  #: seconds from now
    }
)
endings = st.lists(
    st.sampled_from(["made", "made", "made", "retry", "permanent", "blameless", "continue", "release", "silence"]),
    min_size=1,
    max_size=6,
)
workers = st.sampled_from(WORKERS)


class Interrupted(Exception):
    """The process died here."""


class QueueMachine(RuleBasedStateMachine):
    """Everything that clients, workers and sweepers may do, in any order."""

    database: Database  #: set by `machine_on`
    jobs = Bundle("jobs")
    batches = Bundle("batches")

    def __init__(self) -> None:
        super().__init__()
        self.model = QueueModel()
        self.sessions = self.database.sessions
        self.now = NOON
        self.jitter = random.Random(1)
        self.writes = 0

    @initialize()
    def start_empty(self) -> None:
        with self.sessions.begin() as session:
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(sa.delete(table))

    @rule(
        target=jobs,
        drafts=st.lists(drafts, min_size=1, max_size=6),
        owner=st.sampled_from(["ada", "bob", "eve"]),
        key=st.sampled_from([None, None, None, "k"]),
        fingerprint=st.sampled_from(["f", "f", "g"]),
    )
    def submit(self, drafts: list[dict[str, Any]], owner: str, key: str | None, fingerprint: str) -> Any:
        requests = [self._request(position, draft) for position, draft in enumerate(drafts)]
        terms = JobTerms(owner=owner, fingerprint=fingerprint, seed=7, idempotency_key=key)
        earlier = self.model.keys.get((owner, key or ""))
        try:
            with self.sessions.begin() as session:
                found = submit_job(session, requests, terms, now=self.now)
        except IdempotencyClash:
            assert earlier, "a clash with nothing"
            assert earlier[1] != fingerprint, "a clash with itself"
            return multiple()
        if earlier:
            assert found.replayed, "one key made two jobs"
            assert earlier == (found.job_id, fingerprint), "one key, two jobs"
            return multiple()
        assert not found.replayed
        if key:
            self.model.keys[owner, key] = found.job_id, fingerprint
        self._learn(found.job_id, owner, requests)
        return found.job_id

    def _request(self, position: int, draft: dict[str, Any]) -> ItemRequest:
        run_at = draft["run_at"] and self.now + timedelta(seconds=draft["run_at"])
        parents = tuple(position - back for back in sorted(draft["parents"]) if back <= position)
        kind, spec = KINDS[draft["lane"], draft["key"]], NoopSpec(payload=draft["key"])
        return ItemRequest(kind, spec, depends_on=parents, priority=draft["priority"], run_at=run_at)

    def _learn(self, job_id: UUID, owner: str, requests: Sequence[ItemRequest]) -> None:
        with self.sessions.read() as session:
            rows = session.execute(
                sa.select(Item.id, Item.batch_key).where(Item.job_id == job_id).order_by(Item.position)
            ).all()
        ids = [row.id for row in rows]
        known = []
        for row, request in zip(rows, requests, strict=True):
            waits = bool(request.depends_on) or (request.run_at is not None and request.run_at > self.now)
            known.append(
                KnownItem(
                    id=row.id,
                    job=job_id,
                    lane=request.kind.lane,
                    key=row.batch_key,
                    micro_batch=request.kind.micro_batch,
                    priority=request.priority,
                    parents=tuple(ids[parent] for parent in request.depends_on),
                    run_at=request.run_at,
                    state=ItemState.BLOCKED if waits else ItemState.QUEUED,
                )
            )
        self.model.add(KnownJob(job_id, owner, ids), known)

    @rule(
        target=batches,
        worker=workers,
        lane=st.sampled_from([Lane.COPY, Lane.COPY, Lane.BANNER]),
        limit=st.sampled_from([1, 2, 3, 8]),
        prefer=st.sampled_from([None, None, "noop|narrow", "noop|wide"]),
    )
    def acquire(self, worker: UUID, lane: Lane, limit: int, prefer: str | None) -> Any:
        with self.sessions.begin() as session:
            batch = self._acquire(session, worker, lane, limit, prefer)
        return batch or multiple()

    @rule(target=batches, lane=st.sampled_from(LANES), limit=st.sampled_from([1, 2, 8]))
    def acquire_twice_at_once(self, lane: Lane, limit: int) -> Any:
        """The second worker acquires before the first has committed; SQLite lets it wait, PostgreSQL does not."""
        if self.database.engine.dialect.name == "sqlite":
            return multiple()
        with self.sessions.begin() as one, self.sessions.begin() as two:
            two.execute(sa.text("SET LOCAL lock_timeout = '300ms'"))
            first = self._acquire(one, WORKERS[0], lane, limit, None)
            second = self._acquire(two, WORKERS[1], lane, limit, None, exactly=False)
            left = self.model.ready(lane)
            assert second or not left, "the second worker found nothing while there was something"
        return multiple(*(batch for batch in (first, second) if batch))

    def _acquire(
        self, session: Session, worker: UUID, lane: Lane, limit: int, prefer: str | None, *, exactly: bool = True
    ) -> MicroBatch | None:
        ranks = {row.id: row.fair_rank for row in session.execute(sa.select(Item.id, Item.fair_rank))}
        expected = self.model.next_batch(lane, limit, prefer, ranks)
        batch = acquire_micro_batch(
            session, lane, worker=worker, limit=limit, lease_seconds=60, now=self.now, prefer=prefer
        )
        held = batch.held() if batch else {}
        assert set(held) == expected or not exactly, f"leased {set(held)}, not {expected}"
        assert len(held) == 1 or not any(self.model.items[item].suspect for item in held), "a suspect is not alone"
        self.model.lease(held, worker, self.now + timedelta(seconds=60))
        return batch

    @rule(batch=batches)
    def begin(self, batch: MicroBatch) -> None:
        with self.sessions.begin() as session:
            queries.mark_on_device(session, batch.held())
        self.model.begin(batch.held())

    @rule(batch=batches)
    def renew(self, batch: MicroBatch) -> None:
        with self.sessions.begin() as session:
            lost = renew_leases(session, batch.held(), lease_seconds=60, now=self.now)
        assert lost == self.model.renew(batch.held(), self.now + timedelta(seconds=60))

    @rule(batch=batches, endings=endings)
    def record(self, batch: MicroBatch, endings: list[str]) -> None:
        """Any batch that was ever held, so also one of a worker that was given up for dead, or has recorded before."""
        paired = [(item.id, endings[n % len(endings)]) for n, item in enumerate(batch.items)]
        results = [self._result(item_id, ending) for item_id, ending in paired if ending not in {"release", "silence"}]
        back = [item_id for item_id, ending in paired if ending == "release"]
        with self.sessions.begin() as session:
            written = self._record(session, batch, results)
            release(session, batch, back, now=self.now)
        late = self.model.record(batch.held(), results, self.now)
        self.model.release(batch.held(), back)
        assert set(written.left_out) == late, f"left out {written.left_out}, not {late}"
        self._read_back_off(result.request for result in results)

    @rule(batch=batches)
    def record_and_lose_the_connection(self, batch: MicroBatch) -> None:
        results = [self._result(item.id, "made") for item in batch.items]
        try:
            with self.sessions.begin() as session:
                self._record(session, batch, results)
                raise Interrupted
        except Interrupted:
            pass

    def _record(self, session: Session, batch: MicroBatch, results: Sequence[Result]) -> Recorded:
        return record(
            session,
            batch,
            results,
            budgets=BUDGETS,
            retry_seconds=RETRY_SECONDS,
            jitter=self.jitter,
            now=self.now,
        )

    def _result(self, item_id: UUID, ending: str) -> Result:
        self.writes += 1
        if ending == "made":
            return made(item_id, f"write {self.writes}")
        if ending == "continue":
            return Continue(item_id, f"checkpoint {self.writes}")
        return Failure(item_id, ending, "it failed", retryable=ending == "retry", blameless=ending == "blameless")

    def _read_back_off(self, item_ids: Any) -> None:
        """The back-off is random within bounds: take its end from the row."""
        asked = list(item_ids)
        with self.sessions.read() as session:
            rows = session.execute(sa.select(Item.id, Item.run_at).where(Item.id.in_(asked))).all()
        for row in rows:
            item = self.model.items[row.id]
            if item.state == ItemState.BLOCKED and item.moved and item.attempts:
                seconds = (row.run_at - self.now).total_seconds()
                assert RETRY_SECONDS / 2 <= seconds <= 450, f"a back-off of {seconds} s"
                item.run_at = row.run_at

    @rule(worker=workers)
    def see_a_crash(self, worker: UUID) -> None:
        with self.sessions.begin() as session:
            settle_crashed(session, [worker], budgets=BUDGETS, now=self.now)
        self.model.crash(worker, self.now)

    @rule(seconds=st.sampled_from([1, 10, 61, 70, 700]))
    def let_time_pass(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def sweep_expired(self) -> None:
        with self.sessions.begin() as session:
            sweep_expired(session, grace_seconds=GRACE_SECONDS, budgets=BUDGETS, now=self.now)
        self.model.lose(self.now - timedelta(seconds=GRACE_SECONDS), self.now)

    @rule()
    def sweep_due(self) -> None:
        with self.sessions.begin() as session:
            sweep_due(session, now=self.now)
        self.model.due(self.now)

    @rule(job=jobs)
    def cancel(self, job: UUID) -> None:
        known = self.model.jobs[job]
        known.withdrawn |= not self.model.finished(known)
        cancel_job(self.sessions, job, owner=known.owner, now=lambda session: self.now)
        self.model.cancel(known)

    @rule(job=jobs)
    def cancel_and_die_half_way(self, job: UUID) -> None:
        """The mark is committed; what should follow never happens, until the sweep finishes it."""
        known = self.model.jobs[job]
        known.withdrawn |= not self.model.finished(known)
        times: list[datetime] = []

        def now(session: Session) -> datetime:
            times.append(self.now)
            if len(times) > 1:
                raise Interrupted
            return self.now

        try:
            cancel_job(self.sessions, job, owner=known.owner, now=now)
        except Interrupted:
            pass

    @rule()
    def sweep_cancelled(self) -> None:
        sweep_cancelled(self.sessions, now=lambda session: self.now)
        for job in self.model.jobs.values():
            if job.withdrawn:
                self.model.cancel(job)

    @invariant()
    def the_database_is_as_the_model_says(self) -> None:
        check_database(self.sessions, self.model)

    def teardown(self) -> None:
        if sys.exc_info()[0] is None:  # else the first fault would be hidden by those that follow from it
            self._drive_to_the_end()

    def _drive_to_the_end(self) -> None:
        """Sweep and succeed until nothing moves; nothing may be stuck."""
        self.sweep_cancelled()
        for _ in range(20):
            if all(item.state in FINAL for item in self.model.items.values()):
                break
            self.now += timedelta(seconds=700)
            self.sweep_expired()
            self.sweep_due()
            for lane in LANES:
                self._drain(lane)
        self.the_database_is_as_the_model_says()
        stuck = [item for item in self.model.items.values() if item.state not in FINAL]
        assert not stuck, f"stuck: {stuck}"

    def _drain(self, lane: Lane) -> None:
        while True:
            with self.sessions.begin() as session:
                batch = self._acquire(session, WORKERS[0], lane, 8, None)
            if batch is None:
                return
            self.the_database_is_as_the_model_says()
            self.record(batch, ["made"])
            self.the_database_is_as_the_model_says()


def machine_on(database: Database) -> type[QueueMachine]:
    """The machine, on *database*, which it empties before every example."""
    return type("QueueMachineOn", (QueueMachine,), {"database": database})
