"""Jobs, items and files as their owner may see them: every look-up is the owner's, anything else is not found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from adloom.core.errors import NotFound
from adloom.core.states import ItemState, JobState
from models import Asset, Delivery, Item, Job
from models.queries import deliveries, views
from services.cursors import Page, Pager


@dataclass(frozen=True)
class CountedJob:
    """A job and how many of its items stand in each state; *delivery*: how the telling of its end goes."""

    job: Job
    counts: Mapping[ItemState, int]
    delivery: Delivery | None


def job_links(job_id: UUID) -> dict[str, str]:
    """Where a job's parts are found, as paths on the API."""
    address = f"/v1/jobs/{job_id}"
    return {"self": address, "items": f"{address}/items", "exports": f"{address}/exports"}


def find_job(session: Session, job_id: UUID, *, owner: str) -> CountedJob:
    """The owner's job.

    Raises:
        NotFound: *owner* has no such job.
    """
    job = views.job(session, job_id, owner=owner)
    if job is None:
        raise NotFound
    return _counted(session, [job])[0]


def list_jobs(session: Session, pager: Pager, *, state: JobState | None) -> Page[CountedJob]:
    """A page of the owner's jobs, newest first."""
    last = pager.after()
    rows = views.jobs(
        session, owner=pager.owner, state=state, before=UUID(last) if last else None, limit=pager.limit + 1
    )
    page = pager.page(rows, lambda job: job.id)
    return Page(_counted(session, page.rows), page.next_cursor)


def list_items(session: Session, job_id: UUID, pager: Pager, *, state: ItemState | None) -> Page[Item]:
    """A page of a job's items, in the job's order; `NotFound` where the job is not the owner's."""
    if views.job(session, job_id, owner=pager.owner) is None:
        raise NotFound
    rows = views.items(
        session, job_id, owner=pager.owner, state=state, after=int(pager.after() or -1), limit=pager.limit + 1
    )
    return pager.page(rows, lambda item: item.position)


def find_item(session: Session, item_id: UUID, *, owner: str) -> Item:
    """The owner's item.

    Raises:
        NotFound: *owner* has no such item.
    """
    item = views.item(session, item_id, owner=owner)
    if item is None:
        raise NotFound
    return item


def find_asset(session: Session, asset_id: UUID, *, owner: str) -> Asset:
    """The file, if its item is the owner's.

    Raises:
        NotFound: it is not, or there is none.
    """
    asset = views.asset(session, asset_id, owner=owner)
    if asset is None:
        raise NotFound
    return asset


def _counted(session: Session, jobs: Sequence[Job]) -> list[CountedJob]:
    waiting = views.waiting(session, [job.id for job in jobs if job.remaining])
    counts: dict[UUID, dict[ItemState, int]] = {
        job.id: {
            **dict.fromkeys(ItemState, 0),
            ItemState.SUCCEEDED: job.succeeded,
            ItemState.FAILED: job.failed,
            ItemState.CANCELLED: job.cancelled,
        }
        for job in jobs
    }
    for job_id, state, number in waiting:
        counts[job_id][state] = number
    told = [job.id for job in jobs if job.webhook_url and not job.remaining]
    found = {delivery.job_id: delivery for delivery in (deliveries.of_jobs(session, told) if told else ())}
    return [CountedJob(job, counts[job.id], found.get(job.id)) for job in jobs]
