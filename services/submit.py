"""Accept a job: its items wait in the database from here on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
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
from services.ready import Arrival, rank


@dataclass(frozen=True)
class ItemRequest:
    """One item to be: its kind, its spec, and the positions of the items it depends on."""

    kind: Kind
    spec: Spec
    custom_id: str = ""
    labels: Mapping[str, Any] = field(default_factory=dict)  # Any: the owner's JSON
    depends_on: tuple[int, ...] = ()
    priority: int = 0
    run_at: datetime | None = None


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


def submit_job(session: Session, requests: Sequence[ItemRequest], terms: JobTerms, *, now: datetime) -> Submitted:
    """Store a job with one item per request, or return the job that this key made before.

    Raises:
        IdempotencyClash: the key was used for a different request.
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
    return Submitted(job.id, _add_items(session, job, requests, now), replayed=False)


def _add_items(session: Session, job: Job, requests: Sequence[ItemRequest], now: datetime) -> frozenset[Lane]:
    ids = [uuid7() for _ in requests]
    ready = [not request.depends_on and (request.run_at is None or request.run_at <= now) for request in requests]
    ranks = rank(
        session,
        [
            Arrival(item_id, request.kind.lane, request.priority, job.owner, request.kind.cost(request.spec))
            for item_id, request, is_ready in zip(ids, requests, ready, strict=True)
            if is_ready
        ],
    )
    rows = [
        _row(job, position, item_id, request, now, ranks.get(item_id))
        for position, (item_id, request) in enumerate(zip(ids, requests, strict=True))
    ]
    parents = [
        {"parent_id": ids[parent], "child_id": child}
        for child, request in zip(ids, requests, strict=True)
        for parent in request.depends_on
    ]
    items.add(session, rows, parents)
    return frozenset(request.kind.lane for request, is_ready in zip(requests, ready, strict=True) if is_ready)


def _row(
    job: Job, position: int, item_id: UUID, request: ItemRequest, now: datetime, fair_rank: float | None
) -> dict[str, Any]:  # Any: column values
    kind = request.kind
    return {
        "id": item_id,
        "job_id": job.id,
        "owner": job.owner,
        "position": position,
        "custom_id": request.custom_id,
        "labels": dict(request.labels),
        "kind": kind.name,
        "lane": kind.lane,
        "batch_key": f"{kind.name}|{kind.batch_key(request.spec)}",
        "micro_batch": kind.micro_batch,
        "spec": request.spec.model_dump(mode="json", exclude_defaults=True),
        "seed": job.seed,
        "cost": kind.cost(request.spec),
        "priority": request.priority,
        "fair_rank": fair_rank or 0.0,
        "run_at": request.run_at,
        "state": ItemState.BLOCKED if fair_rank is None else ItemState.QUEUED,
        "parents_left": len(request.depends_on),
        "created_at": now,
    }
