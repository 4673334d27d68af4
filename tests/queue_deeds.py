"""What the moves of `queue_moves` do: to the real services on a real database, and to the model beside them."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from adloom.core.drafts import Continue, Failure
from adloom.core.errors import IdempotencyClash
from adloom.core.kinds import Kind
from adloom.core.lanes import Lane
from adloom.core.specs import NoopSpec
from adloom.core.states import ItemState
from models import Database, Item
from models.queries import items as queries
from services.acquire import MicroBatch, acquire_micro_batch
from services.cancel import cancel_job
from services.crash import settle_crashed
from services.deadline import sweep_deadlines
from services.lanes import pause_lane, resume_lane
from services.pause import pause_job, resume_job, sweep_paused
from services.record import Recorded, Result, record, report
from services.renew import renew_leases
from services.submit import ItemRequest, JobTerms, new_items, submit_job
from services.sweep import sweep_cancelled, sweep_due, sweep_expired
from tests.queue_check import check_database
from tests.queue_model import BUDGETS, KnownItem, KnownJob, QueueModel
from tests.queue_moves import (
    LANES,
    MICRO_BATCH,
    WORKERS,
    AcquireTwice,
    Late,
    OwnerActs,
    Submit,
    TimePasses,
    Wish,
    Work,
)
from tests.queues import NOON, made, release

GRACE_SECONDS = 5
RETRY_SECONDS = 5
KINDS = {
    (lane, key): Kind("noop", "", lane, NoopSpec, lambda spec: spec.payload, lambda spec: 1.0, micro_batch)
    for lane in LANES
    for key, micro_batch in MICRO_BATCH.items()
}


_RANKS = sa.select(Item.id, Item.fair_rank).where(Item.state == ItemState.QUEUED)


class Interrupted(Exception):
    """The process died here."""


class Deeds:
    """Everything that may happen to a queue.  Each deed is done to both, and their answers are compared."""

    database: Database

    def __init__(self) -> None:
        super().__init__()  # the state machine's
        self.model = QueueModel()
        self.sessions = self.database.sessions
        self.now = NOON
        self.jitter = random.Random(1)
        self.batches: list[MicroBatch] = []  #: ever held
        self.writes = 0

    def do_submit(self, move: Submit) -> None:
        requests = [self._request(position, wish) for position, wish in enumerate(move.wishes)]
        deadline_at = None if move.ends_in is None else self.now + timedelta(seconds=move.ends_in)
        terms = JobTerms(
            owner=move.owner,
            fingerprint=move.fingerprint,
            seed=7,
            idempotency_key=move.key,
            deadline_at=deadline_at,
            webhook_url=move.webhook_url,
        )
        earlier = self.model.keys.get((move.owner, move.key or ""))
        try:
            with self.sessions.begin() as session:
                found = submit_job(session, new_items(requests), terms, now=self.now)
        except IdempotencyClash:
            assert earlier, "a clash with nothing"
            assert earlier[1] != move.fingerprint, "a clash with itself"
            return
        if earlier:
            assert found.replayed, "one key made two jobs"
            assert earlier == (found.job_id, move.fingerprint), "a replay of something else"
            return
        assert not found.replayed
        if move.key:
            self.model.keys[move.owner, move.key] = found.job_id, move.fingerprint
        self._learn(found.job_id, terms, requests)

    def _request(self, position: int, wish: Wish) -> ItemRequest:
        run_at = wish.run_in and self.now + timedelta(seconds=wish.run_in)
        parents = tuple(position - back for back in sorted(wish.back) if back <= position)
        spec = NoopSpec(payload=wish.key)
        return ItemRequest(
            KINDS[wish.lane, wish.key], spec, depends_on=parents, priority=wish.priority, run_at=run_at or None
        )

    def _learn(self, job_id: UUID, terms: JobTerms, requests: Sequence[ItemRequest]) -> None:
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
        self.model.add(KnownJob(job_id, terms.owner, ids, terms.deadline_at, terms.webhook_url), known)

    def do_work(self, move: Work) -> None:
        lane = next((lane for lane in move.lanes if self.model.ready(lane)), move.lanes[0])
        with self.sessions.begin() as session:
            at_once = move.begins == "at once"
            batch = self.do_acquire(session, move.worker, lane, move.limit, move.prefer, on_device=at_once)
        if batch and move.begins == "later":
            self._begin(batch)
        if batch and move.endings:
            self.do_end(batch, move.endings)

    def do_acquire_twice(self, move: AcquireTwice) -> None:
        with self.sessions.begin() as one, self.sessions.begin() as two:
            two.execute(sa.text("SET LOCAL lock_timeout = '300ms'"))
            self.do_acquire(one, WORKERS[0], move.lane, move.limit, None)
            second = self.do_acquire(two, WORKERS[1], move.lane, move.limit, None)
            assert second or not self.model.ready(move.lane), "the second worker found nothing where there was some"

    def do_acquire(
        self,
        session: Session,
        worker: UUID,
        lane: Lane,
        limit: int,
        prefer: str | None,
        *,
        on_device: bool = False,
    ) -> MicroBatch | None:
        ranks = {row.id: row.fair_rank for row in session.execute(_RANKS)}
        expected = self.model.next_batch(lane, limit, prefer, ranks)
        batch = acquire_micro_batch(
            session,
            lane,
            worker=worker,
            limit=limit,
            lease_seconds=60,
            now=self.now,
            prefer=prefer,
            on_device=on_device,
        )
        held = batch.held() if batch else {}
        assert set(held) == expected, f"leased {set(held)}, not {expected}"
        assert len(held) == 1 or not any(self.model.items[item].suspect for item in held), "a suspect is not alone"
        self.model.lease(held, worker, self.now + timedelta(seconds=60))
        if batch:
            self.batches.append(batch)
        if on_device:
            self.model.begin(held)
        return batch

    def _begin(self, batch: MicroBatch) -> None:
        with self.sessions.begin() as session:
            queries.mark_on_device(session, batch.held())
        self.model.begin(batch.held())

    def do_late(self, move: Late, batch: MicroBatch) -> None:
        match move.deed:
            case "record":
                self.do_end(batch, move.endings)
            case "crash":
                self._crash(batch)
            case "renew":
                self._renew(batch)
            case "begin":
                self._begin(batch)
            case "release":
                self._release(batch)
            case _:
                self._record_in_vain(batch)

    def _crash(self, batch: MicroBatch) -> None:
        worker = next(self.model.handed[held] for held in batch.held().items())
        with self.sessions.begin() as session:
            settle_crashed(session, [worker], budgets=BUDGETS, now=self.now)
        self.model.crash(worker, self.now)

    def _renew(self, batch: MicroBatch) -> None:
        with self.sessions.begin() as session:
            lost = renew_leases(session, batch.held(), lease_seconds=60, now=self.now)
        assert lost == self.model.renew(batch.held(), self.now + timedelta(seconds=60))

    def _release(self, batch: MicroBatch) -> None:
        with self.sessions.begin() as session:
            release(session, batch, list(batch.held()), now=self.now)
        self.model.release(batch.held(), list(batch.held()))

    def _record_in_vain(self, batch: MicroBatch) -> None:
        results = [self._result(item.id, "made") for item in batch.items]
        try:
            with self.sessions.begin() as session:
                self._record(session, batch, results)
                raise Interrupted
        except Interrupted:
            pass

    def do_end(self, batch: MicroBatch, endings: Sequence[str]) -> None:
        paired = [(item.id, endings[n % len(endings)]) for n, item in enumerate(batch.items)]
        results = [self._result(item_id, ending) for item_id, ending in paired if ending not in {"release", "silence"}]
        back = [item_id for item_id, ending in paired if ending == "release"]
        with self.sessions.begin() as session:
            written = self._record(session, batch, results, back)
        late = self.model.record(batch.held(), results, self.now)
        self.model.release(batch.held(), back)
        assert set(written.left_out) == late, f"left out {written.left_out}, not {late}"
        self._read_back_off(result.request for result in results)

    def _record(
        self, session: Session, batch: MicroBatch, results: Sequence[Result], released: Sequence[UUID] = ()
    ) -> Recorded:
        written_up = report(
            batch,
            results,
            budgets=BUDGETS,
            retry_seconds=RETRY_SECONDS,
            jitter=self.jitter,
            now=self.now,
            released=released,
        )
        return record(session, written_up)

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

    def do_time_passes(self, move: TimePasses) -> None:
        self.now += timedelta(seconds=move.seconds)
        for sweep in move.sweeps:
            getattr(self, f"do_sweep_{sweep}")()
            self.check()

    def do_sweep_expired(self) -> None:
        with self.sessions.begin() as session:
            sweep_expired(session, grace_seconds=GRACE_SECONDS, budgets=BUDGETS, now=self.now)
        self.model.lose(self.now - timedelta(seconds=GRACE_SECONDS), self.now)

    def do_sweep_due(self) -> None:
        with self.sessions.begin() as session:
            sweep_due(session, now=self.now)
        self.model.due(self.now)

    def do_sweep_cancelled(self) -> None:
        sweep_cancelled(self.sessions, now=lambda session: self.now)
        for job in self.model.jobs.values():
            if job.withdrawn:
                self.model.settle(job)

    def do_sweep_deadlines(self) -> None:
        sweep_deadlines(self.sessions, now=lambda session: self.now)
        self.model.expire(self.now)
        for job in self.model.jobs.values():
            if job.expired and not job.withdrawn:
                self.model.settle(job)

    def do_sweep_paused(self) -> None:
        """Finish what was interrupted."""
        sweep_paused(self.sessions, now=lambda session: self.now)
        for job in self.model.jobs.values():
            job.waking = False

    def do_owner_acts(self, known: KnownJob, move: OwnerActs) -> None:
        """Where the process dies half-way, the mark is committed and nothing follows until the sweep finishes it."""
        looks: list[datetime] = []

        def now(session: Session) -> datetime:
            looks.append(self.now)
            if move.dies and len(looks) > 1:
                raise Interrupted
            return self.now

        was_paused = known.paused
        deeds = {"cancel": cancel_job, "pause": pause_job, "resume": resume_job}
        if move.deed == "cancel":
            self.model.withdraw(known)
        else:
            self.model.pause(known, paused=move.deed == "pause")
        try:
            deeds[move.deed](self.sessions, known.id, owner=known.owner, now=now)
        except Interrupted:
            known.waking |= move.deed == "resume"
            return
        if move.deed == "cancel":
            self.model.settle(known)
        known.waking &= not (move.deed == "resume" and was_paused)

    def do_operate(self, lane: Lane, *, pauses: bool) -> None:
        with self.sessions.begin() as session:
            if pauses:
                pause_lane(session, lane, now=self.now)
                self.model.paused_lanes.add(lane)
            else:
                resume_lane(session, lane)
                self.model.paused_lanes.discard(lane)

    def check(self) -> None:
        """Compare the whole database with the model."""
        check_database(self.sessions, self.model)
