"""Accept a job: its items wait in the database from here on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from adloom.core.errors import IdempotencyClash
from adloom.core.kinds import Kind
from adloom.core.lanes import Lane
from adloom.core.specs import Spec
from adloom.core.states import ItemState
from models import Job
from models.queries import items, jobs
from models.queries.bulk import dump_json
from services.admit import NO_LIMITS, Limits, admit, check_deadline
from services.ready import Arrival, rank


class ItemRequest(NamedTuple):
    """One item to be: its kind, its spec, and the positions of the items it depends on."""

    kind: Kind
    spec: Spec
    custom_id: str = ""
    labels: Mapping[str, Any] = MappingProxyType({})  # Any: the owner's JSON
    depends_on: tuple[int, ...] = ()
    priority: int = 0
    run_at: datetime | None = None

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
class Submitted:
    """The job that now exists; *lanes* have new work; *replayed*: an earlier request with this key had made it."""

    job_id: UUID
    lanes: frozenset[Lane]
    replayed: bool


def submit_job(
    session: Session,
    requests: Sequence[ItemRequest],
    terms: JobTerms,
    *,
    limits: Limits = NO_LIMITS,
    now: datetime,
) -> Submitted:
    """Store a job with one item per request, or return the job that this key made before, whatever the limits.

    Raises:
        IdempotencyClash: the key was used for a different request.
        Invalid: the deadline has passed.
        QuotaExceeded, LaneFull, TooLarge: it may not come in now, or ever; see `admit`.
    """
    job = Job(id=uuid7(), total=len(requests), remaining=len(requests), created_at=now, **vars(terms))
    try:
        with session.begin_nested():  # insert first, look afterwards: looking first has a race
            session.add(job)
    except IntegrityError:
        key = terms.idempotency_key
        earlier = key and jobs.by_idempotency_key(session, owner=terms.owner, key=key)
        if not earlier:
            raise
        if earlier.fingerprint != terms.fingerprint:
            raise IdempotencyClash from None
        return Submitted(earlier.id, frozenset(), replayed=True)
    check_deadline(terms.deadline_at, now=now)
    admit(session, terms.owner, len(requests), {request.kind.lane for request in requests}, limits=limits, now=now)
    return Submitted(job.id, _add_items(session, job, requests, now), replayed=False)


def _add_items(session: Session, job: Job, requests: Sequence[ItemRequest], now: datetime) -> frozenset[Lane]:
    ids = _ids(len(requests))
    costs = [request.kind.cost(request.spec) for request in requests]
    ready = [n for n, request in enumerate(requests) if request.is_ready(now)]
    arrivals = [Arrival(n, requests[n].kind.lane, requests[n].priority, job.owner, costs[n]) for n in ready]
    ranks = rank(session, arrivals)
    parents = [(ids[parent], ids[n]) for n, request in enumerate(requests) for parent in request.depends_on]
    with_children = {parent for parent, _ in parents}
    rows = (
        _row(n, ids[n], request, costs[n], ranks.get(n), ids[n] in with_children) for n, request in enumerate(requests)
    )
    constants = {"job_id": job.id, "owner": job.owner, "seed": job.seed, "created_at": now}
    items.add(session, rows, parents, constants=constants)
    return frozenset(requests[n].kind.lane for n in ready)


def _ids(number: int) -> list[str]:
    """That many new ids, as hex: version 7, one after the other, so that a job's items lie side by side."""
    first = uuid7().int & ~(1 << 61)  # room to count on in the random part
    return [f"{first + n:032x}" for n in range(number)]


def _row(
    position: int, item_id: str, request: ItemRequest, cost: float, fair_rank: float | None, has_children: bool
) -> tuple[Any, ...]:  # Any: column values
    """The values of `items.COLUMNS`."""
    kind, spec = request.kind, request.spec
    return (
        item_id,
        position,
        request.custom_id,
        dump_json(dict(request.labels)) if request.labels else "{}",
        kind.name,
        kind.lane.value,
        f"{kind.name}|{kind.batch_key(spec)}",
        kind.micro_batch,
        spec.model_dump_json(exclude_defaults=True),
        cost,
        request.priority,
        fair_rank or 0.0,
        request.run_at,
        ItemState.BLOCKED.value if fair_rank is None else ItemState.QUEUED.value,
        len(request.depends_on),
        bool(request.depends_on),
        has_children,
    )
