"""The queue as plain dictionaries: what the state machine's tests expect of the real one, move by move.

It is written from the life of an item (docs/state-machine.md), not from the services.  Time is an argument everywhere.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from adloom.core.drafts import Continue, Failure
from adloom.core.lanes import Lane
from adloom.core.states import FINAL, ItemState, JobState, job_state
from services.record import Budgets, Made, Result

BUDGETS = Budgets(errors=2, crashes=2, losses=2)  #: small, so that they are spent within an example


@dataclass
class KnownItem:
    """What an item's row must say."""

    id: UUID
    job: UUID
    lane: Lane
    key: str
    micro_batch: int
    priority: int
    parents: tuple[UUID, ...]
    run_at: datetime | None
    state: ItemState
    fence: int = 0  #: as last seen
    moved: bool = False  #: changed hands since: its fence must have risen
    worker: UUID | None = None
    expires_at: datetime | None = None
    on_device: bool = False
    suspect: bool = False
    attempts: int = 0
    errors: int = 0
    crashes: int = 0
    losses: int = 0
    text: str | None = None  #: of the one write that was accepted
    outcomes: list[str] = field(default_factory=list)  #: of its leases that have ended


@dataclass
class KnownJob:
    """What a job's row must say."""

    id: UUID
    owner: str
    items: list[UUID]
    deadline_at: datetime | None = None
    webhook_url: str = ""
    withdrawn: bool = False
    expired: bool = False
    paused: bool = False
    waking: bool = False  #: a resume was interrupted: what is still parked is not ready

    @property
    def ends(self) -> bool:
        """Whether all its items are to be settled."""
        return self.withdrawn or self.expired


@dataclass
class QueueModel:
    """Every job and item, and every lease that was ever handed out."""

    jobs: dict[UUID, KnownJob] = field(default_factory=dict)
    items: dict[UUID, KnownItem] = field(default_factory=dict)
    keys: dict[tuple[str, str], tuple[UUID, str]] = field(default_factory=dict)  #: (owner, key) -> (job, fingerprint)
    handed: dict[tuple[UUID, int], UUID] = field(default_factory=dict)  #: (item, fence) -> the worker that got it
    paused_lanes: set[Lane] = field(default_factory=set)

    def add(self, job: KnownJob, items: Iterable[KnownItem]) -> None:
        """A job was accepted."""
        self.jobs[job.id] = job
        self.items.update({item.id: item for item in items})

    def job_of(self, item: KnownItem) -> KnownJob:
        """The item's job."""
        return self.jobs[item.job]

    def ready(self, lane: Lane) -> list[KnownItem]:
        """What a worker may lease."""
        if lane in self.paused_lanes:
            return []
        return [
            item
            for item in self.items.values()
            if item.lane == lane and item.state == ItemState.QUEUED and not self._held_back(item)
        ]

    def _held_back(self, item: KnownItem) -> bool:
        return self.job_of(item).ends or self.job_of(item).paused

    def next_batch(self, lane: Lane, limit: int, prefer: str | None, ranks: Mapping[UUID, float]) -> set[UUID]:
        """What the next acquire must lease, given the ranks that the items were given when they became ready."""
        awake = [item for item in self.ready(lane) if item.id in ranks or not self.job_of(item).waking]
        ready = sorted(awake, key=lambda item: (-item.priority, ranks[item.id], item.id))
        preferred = [item for item in ready if item.key == prefer]
        head = next(iter(preferred or ready), None)
        if head is None:
            return set()
        if head.suspect:
            return {head.id}
        alike = [item.id for item in ready if item.key == head.key and not item.suspect]
        return set(alike[: min(limit, head.micro_batch)])

    def lease(self, held: Mapping[UUID, int], worker: UUID, until: datetime) -> None:
        """An acquire has handed out these fences."""
        for item_id, fence in held.items():
            assert (item_id, fence) not in self.handed, f"the lease ({item_id}, {fence}) was handed out twice"
            self.handed[item_id, fence] = worker
            item = self.items[item_id]
            assert item.state == ItemState.QUEUED, f"leased while {item.state}"
            assert fence > item.fence, f"leased under fence {fence} after {item.fence}"
            assert all(self.items[parent].state == ItemState.SUCCEEDED for parent in item.parents), "parents not done"
            item.state, item.worker, item.expires_at = ItemState.LEASED, worker, until
            item.attempts, item.fence, item.moved = item.attempts + 1, fence, False

    def holds(self, item_id: UUID, fence: int) -> bool:
        """Whether a lease is still good."""
        item = self.items[item_id]
        return item.state == ItemState.LEASED and item.fence == fence and not item.moved

    def begin(self, held: Mapping[UUID, int]) -> None:
        """A generator works on these."""
        for item_id, fence in held.items():
            if self.holds(item_id, fence):
                self.items[item_id].on_device = True

    def renew(self, held: Mapping[UUID, int], until: datetime) -> set[UUID]:
        """Extend what is still held; the answer is what is not."""
        kept = {item_id for item_id, fence in held.items() if self.holds(item_id, fence)}
        for item_id in kept:
            self.items[item_id].expires_at = until
        return set(held) - kept

    def record(self, held: Mapping[UUID, int], results: Sequence[Result], now: datetime) -> set[UUID]:
        """Write down results; the answer is which were too late."""
        kept = [result for result in results if self.holds(result.request, held[result.request])]
        for result in kept:
            item = self.items[result.request]
            match result:
                case Made():
                    item.text = json.loads(result.variants)[0]["text"]
                    self._leave(item, ItemState.SUCCEEDED, "succeeded")
                case Failure():
                    self._fail(item, result)
                case Continue():
                    self._leave(item, ItemState.QUEUED, "continued")
        self._follow(now)
        return {result.request for result in results} - {result.request for result in kept}

    def release(self, held: Mapping[UUID, int], item_ids: Collection[UUID]) -> None:
        """A worker gives back what it has not made, at no charge."""
        for item_id in item_ids:
            if self.holds(item_id, held[item_id]):
                self._leave(self.items[item_id], ItemState.QUEUED, "released")

    def crash(self, worker: UUID, now: datetime) -> None:
        """A worker was seen to die."""
        for item in self.items.values():
            if item.worker != worker:
                continue
            if not item.on_device:
                self._leave(item, ItemState.QUEUED, "released")
                continue
            item.crashes, item.suspect = item.crashes + 1, True
            spent = item.crashes >= BUDGETS.crashes
            self._leave(item, ItemState.FAILED if spent else ItemState.QUEUED, "crashed")
        self._follow(now)

    def lose(self, before: datetime, now: datetime) -> None:
        """The sweep takes back the leases that ended before *before*."""
        for item in self.items.values():
            if item.expires_at is None or item.expires_at >= before:
                continue
            item.losses, item.suspect = item.losses + 1, item.suspect or item.on_device
            spent = item.losses >= BUDGETS.losses
            self._leave(item, ItemState.FAILED if spent else ItemState.QUEUED, "lost")
        self._follow(now)

    def due(self, now: datetime) -> None:
        """The sweep makes ready what waited for its hour."""
        for item in self.items.values():
            waits = item.state == ItemState.BLOCKED and not self.parents_left(item)
            if waits and item.run_at is not None and item.run_at <= now and not self.job_of(item).ends:
                item.state = ItemState.QUEUED

    def withdraw(self, job: KnownJob) -> None:
        """A job that runs is marked as cancelled."""
        if not self.finished(job):
            job.withdrawn, job.paused = True, False

    def expire(self, now: datetime) -> None:
        """Jobs whose deadline has come are marked."""
        for job in self.jobs.values():
            has_come = job.deadline_at is not None and job.deadline_at <= now
            if has_come and not job.withdrawn and not self.finished(job):
                job.expired, job.paused = True, False

    def pause(self, job: KnownJob, *, paused: bool) -> None:
        """A job that runs is paused, or resumed."""
        if not job.ends and not self.finished(job):
            job.paused = paused

    def settle(self, job: KnownJob) -> None:
        """Everything of a job that was withdrawn or has expired, and is not final, ends."""
        for item_id in job.items:
            item = self.items[item_id]
            if item.state in FINAL or not job.ends:
                continue
            if job.withdrawn:
                self._leave(item, ItemState.CANCELLED, "cancelled")
            else:
                self._leave(item, ItemState.FAILED, "deadline-passed")

    def parents_left(self, item: KnownItem) -> int:
        """How many parents have not succeeded yet."""
        return sum(self.items[parent].state != ItemState.SUCCEEDED for parent in item.parents)

    def finished(self, job: KnownJob) -> bool:
        """Whether every item is final."""
        return all(self.items[item].state in FINAL for item in job.items)

    def state_of(self, job: KnownJob) -> JobState:
        """Where a job must stand."""
        if not self.finished(job):
            return JobState.RUNNING
        states = [self.items[item].state for item in job.items]
        failed, succeeded = states.count(ItemState.FAILED), states.count(ItemState.SUCCEEDED)
        return job_state(succeeded=succeeded, failed=failed, cancelled=job.withdrawn)

    def _leave(self, item: KnownItem, state: ItemState, outcome: str) -> None:
        if item.state == ItemState.LEASED:
            item.outcomes.append(outcome)
        item.state, item.moved = state, True
        item.worker = item.expires_at = None
        item.on_device = False

    def _fail(self, item: KnownItem, failure: Failure) -> None:
        item.errors += not failure.blameless
        again = failure.blameless or (failure.retryable and item.errors < BUDGETS.errors)
        self._leave(item, ItemState.BLOCKED if again else ItemState.FAILED, failure.code)

    def _follow(self, now: datetime) -> None:
        """Descendants of what failed fail; children of what succeeded become ready once all parents have."""
        waiting = [item for item in self.items.values() if item.state == ItemState.BLOCKED and item.parents]
        for _ in waiting:  # as deep as a chain may be
            for item in waiting:
                if item.state == ItemState.BLOCKED and any(self._is_lost(parent) for parent in item.parents):
                    self._leave(item, ItemState.FAILED, "")
        for item in waiting:
            never_ready = item.state == ItemState.BLOCKED and item.attempts == 0
            if never_ready and not self.parents_left(item) and self._just_ready(item, now):
                item.state = ItemState.QUEUED

    def _is_lost(self, item_id: UUID) -> bool:
        return self.items[item_id].state in {ItemState.FAILED, ItemState.CANCELLED}

    def _just_ready(self, item: KnownItem, now: datetime) -> bool:
        """Its last parent has succeeded in this very move, and its hour has come."""
        newly = any(self.items[parent].moved for parent in item.parents)
        return newly and (item.run_at is None or item.run_at <= now)
