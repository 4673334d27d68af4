"""Accept a job: its items wait in the database from here on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from adloom.core.errors import IdempotencyClash
from adloom.core.kinds import Kind
from adloom.core.lanes import Lane
from adloom.core.specs import Spec
from adloom.core.states import ItemState, JobState
from models import Job
from models.queries import items, jobs
from models.queries.bulk import dump_json
from services.admit import NO_LIMITS, Limits, admit, check_deadline
from services.ready import take_share


class ItemRequest(NamedTuple):
    """One item to be: its kind, its spec, and the positions of the items it depends on."""

    kind: Kind
    spec: Spec
    custom_id: str = ""
    labels: Mapping[str, Any] = MappingProxyType({})  # Any: the owner's JSON
    depends_on: tuple[int, ...] = ()
    priority: int = 0
    run_at: datetime | None = None
    stored: str = ""  #: *spec* as the database will have it, where that is known

    def is_ready(self, now: datetime) -> bool:
        """Whether it waits for nothing but a worker."""
        return not self.depends_on and (self.run_at is None or self.run_at <= now)


@dataclass(frozen=True)
class JobTerms:
    """What holds for a whole job.  *fingerprint*: the SHA-256 of the request, to tell a replay from a clash."""

    owner: str
    fingerprint: str
    seed: int
    name: str = ""
    idempotency_key: str | None = None
    deadline_at: datetime | None = None
    webhook_url: str = ""


@dataclass(frozen=True)
class NewItems:
    """A job's items as its rows will have them, put together before the transaction that writes them."""

    requests: Sequence[ItemRequest]
    ids: Sequence[str]  #: as hex
    costs: Sequence[float]
    columns: Mapping[str, Sequence[Any]]  #: but for the place in the lane and the state  # Any: column values
    parents: Sequence[tuple[str, str]]  #: (parent, child)


def new_items(requests: Sequence[ItemRequest]) -> NewItems:
    """The rows of *requests*, with new ids."""
    ids = _ids(len(requests))
    parents = [(ids[parent], ids[n]) for n, request in enumerate(requests) for parent in request.depends_on]
    with_children = {parent for parent, _ in parents}
    costs = [request.kind.cost(request.spec) for request in requests]
    columns: dict[str, Sequence[Any]] = {
        "id": ids,
        "position": range(len(requests)),
        "custom_id": [request.custom_id for request in requests],
        "labels": [dump_json(dict(request.labels)) if request.labels else "{}" for request in requests],
        "kind": [request.kind.name for request in requests],
        "lane": [request.kind.lane for request in requests],
        "batch_key": [f"{request.kind.name}|{request.kind.batch_key(request.spec)}" for request in requests],
        "micro_batch": [request.kind.micro_batch for request in requests],
        "spec": [request.stored or request.spec.model_dump_json(exclude_defaults=True) for request in requests],
        "cost": costs,
        "priority": [request.priority for request in requests],
        "run_at": [request.run_at for request in requests],
        "parents_left": [len(request.depends_on) for request in requests],
        "has_parents": [bool(request.depends_on) for request in requests],
        "has_children": [item_id in with_children for item_id in ids],
    }
    return NewItems(requests, ids, costs, columns, parents)


@dataclass(frozen=True)
class Submitted:
    """The job that now exists; *lanes* have new work; *replayed*: an earlier request with this key had made it.

    *counts*: how many of a new job's items stand in each state.
    """

    job: Job
    lanes: frozenset[Lane]
    counts: Mapping[ItemState, int]
    replayed: bool = False

    @property
    def job_id(self) -> UUID:
        """The job's id."""
        return self.job.id


def submit_job(
    session: Session,
    new: NewItems,
    terms: JobTerms,
    *,
    limits: Limits = NO_LIMITS,
    now: datetime,
) -> Submitted:
    """Store a job of *new* items, or return the job that this key made before, whatever the limits.

    Raises:
        IdempotencyClash: the key was used for a different request.
        Invalid: the deadline has passed.
        QuotaExceeded, LaneFull, TooLarge: it may not come in now, or ever; see `admit`.
    """
    total = len(new.ids)
    values = {"id": uuid7(), "state": JobState.RUNNING, "total": total, "remaining": total, "created_at": now}
    values |= {"succeeded": 0, "failed": 0, "cancelled": 0, **vars(terms)}
    while not jobs.add(session, values):  # insert first, look afterwards: looking first has a race
        key = terms.idempotency_key
        earlier = key and jobs.by_idempotency_key(session, owner=terms.owner, key=key)
        if not earlier:
            continue  # pruned just now: the key is free
        if earlier.fingerprint != terms.fingerprint:
            raise IdempotencyClash
        return Submitted(earlier, frozenset(), {}, replayed=True)
    job = Job(**values)
    check_deadline(terms.deadline_at, now=now)
    lanes = {request.kind.lane for request in new.requests}
    admit(session, terms.owner, len(new.ids), lanes, limits=limits, now=now)
    return _add_items(session, job, new, now)


def _add_items(session: Session, job: Job, new: NewItems, now: datetime) -> Submitted:
    ready = [n for n, request in enumerate(new.requests) if request.is_ready(now)]
    groups: dict[tuple[Lane, int], list[int]] = defaultdict(list)
    for n in ready:
        request = new.requests[n]
        groups[request.kind.lane, request.priority].append(n)
    ranks = [0.0] * len(new.requests)
    states = [ItemState.BLOCKED] * len(new.requests)
    for (lane, priority), members in sorted(groups.items()):
        given = take_share(session, lane, priority, job.owner, [new.costs[n] for n in members])
        for n, fair_rank in zip(members, given, strict=True):
            ranks[n], states[n] = fair_rank, ItemState.QUEUED
    columns = {**new.columns, "fair_rank": ranks, "state": states}
    constants = {"job_id": job.id, "owner": job.owner, "seed": job.seed, "created_at": now}
    items.add(session, columns, new.parents, constants=constants)
    counts = dict.fromkeys(ItemState, 0)
    counts |= {ItemState.QUEUED: len(ready), ItemState.BLOCKED: len(states) - len(ready)}
    return Submitted(job, frozenset(lane for lane, _ in groups), counts)


def _ids(number: int) -> list[str]:
    """That many new ids, as hex: version 7, one after the other, so that a job's items lie side by side."""
    first = uuid7().int & ~(1 << 61)  # room to count on in the random part
    return [f"{first + n:032x}" for n in range(number)]
