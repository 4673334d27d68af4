"""Jobs: submit, list, look at, cancel."""

import hashlib
import json
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from adloom.core.states import FINAL_JOB, ItemState, JobState
from api.again import RepeatingRoute
from api.dependencies import AskedPage, IdempotencyKey, Owner, Parts, PartsDep
from api.openapi import PROBLEMS, json_body
from api.schemas import CampaignBody, Terms
from api.submission import Submission, SubmissionDep
from api.views import ItemView, JobView, PageView
from services.campaign import CampaignRequest, plan_campaign
from services.cancel import cancel_job
from services.estimate import estimate_end
from services.outbox import check_webhook
from services.pause import pause_job, resume_job
from services.specs import JobItems, read_items
from services.submit import JobTerms, new_items, submit_job
from services.views import CountedJob, find_job, list_items, list_jobs

router = APIRouter(prefix="/v1/jobs", tags=["jobs"], responses=PROBLEMS, route_class=RepeatingRoute)


@router.post("", status_code=202, openapi_extra=json_body("JobBody"))
def submit(
    asked: SubmissionDep, owner: Owner, parts: PartsDep, response: Response, idempotency_key: IdempotencyKey = None
) -> JobView:
    """Accept a job; its items are generated in the background.

    Poll `Location` no more often than `Retry-After` says. With an `Idempotency-Key`, sending the same request again
    answers with the job that the first one made, and `Idempotent-Replayed: true`.
    """
    if asked.terms.webhook_url:
        check_webhook(asked.terms.webhook_url, parts.webhooks)
    items = _plan(asked, owner, parts)
    new = new_items(items.requests)  # before the write: none of this should hold a lock
    terms = JobTerms(
        owner=owner,
        fingerprint=items.fingerprint,
        seed=asked.terms.seed,
        name=asked.terms.name,
        idempotency_key=idempotency_key,
        deadline_at=asked.terms.deadline_at,
        webhook_url=asked.terms.webhook_url,
    )
    with parts.database.sessions.begin() as session:
        now = parts.database.now(session)
        submitted = submit_job(session, new, terms, limits=parts.limits, now=now)
        counted = CountedJob(submitted.job, submitted.counts, None)
        if submitted.replayed:
            counted = find_job(session, submitted.job_id, owner=owner)
    view = JobView.of(counted)
    parts.ringer.ring(submitted.lanes)  # after the commit: a bell never outruns its rows
    response.headers["Location"] = view.links["self"]
    if submitted.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    _ask_to_wait(response, counted, now)
    return view


@router.get("")
def list_all(
    owner: Owner, parts: PartsDep, asked: AskedPage, state: Annotated[JobState | None, Query()] = None
) -> PageView[JobView]:
    """Your jobs, newest first."""
    pager = parts.pager(owner, f"jobs:{state}", asked)
    with parts.database.sessions.read() as session:
        page = list_jobs(session, pager, state=state)
        return PageView(data=[JobView.of(counted) for counted in page.rows], next_cursor=page.next_cursor)


@router.get("/{job_id}")
def get(job_id: UUID, owner: Owner, parts: PartsDep, response: Response) -> JobView:
    """A job as it stands, with its items counted by state; while it runs, `Retry-After` and an estimate of its end."""
    with parts.database.sessions.read() as session:
        counted, now = find_job(session, job_id, owner=owner), parts.database.now(session)
        _ask_to_wait(response, counted, now)
        return JobView.of(counted, estimate_end(session, counted.job, now=now))


@router.post("/{job_id}/cancel", status_code=202)
def cancel(job_id: UUID, owner: Owner, parts: PartsDep) -> JobView:
    """Withdraw a job: what is finished stays, nothing else starts. A job that is final already stays as it is."""
    cancel_job(parts.database.sessions, job_id, owner=owner, now=parts.database.now)
    with parts.database.sessions.read() as session:
        return JobView.of(find_job(session, job_id, owner=owner))


@router.post("/{job_id}/pause", status_code=202)
def pause(job_id: UUID, owner: Owner, parts: PartsDep) -> JobView:
    """Start nothing more of a job; what a worker has goes on. A job that is paused or final stays as it is."""
    pause_job(parts.database.sessions, job_id, owner=owner, now=parts.database.now)
    with parts.database.sessions.read() as session:
        return JobView.of(find_job(session, job_id, owner=owner))


@router.post("/{job_id}/resume", status_code=202)
def resume(job_id: UUID, owner: Owner, parts: PartsDep) -> JobView:
    """Go on with a paused job: its items queue up again. A job that is not paused stays as it is."""
    lanes = resume_job(parts.database.sessions, job_id, owner=owner, now=parts.database.now)
    parts.ringer.ring(lanes)
    with parts.database.sessions.read() as session:
        return JobView.of(find_job(session, job_id, owner=owner))


@router.get("/{job_id}/items")
def list_its_items(
    job_id: UUID, owner: Owner, parts: PartsDep, asked: AskedPage, state: Annotated[ItemState | None, Query()] = None
) -> PageView[ItemView]:
    """A job's items with their variants, in the order of the request."""
    pager = parts.pager(owner, f"items:{job_id}:{state}", asked)
    with parts.database.sessions.read() as session:
        page = list_items(session, job_id, pager, state=state)
        return PageView(data=[ItemView.of(item) for item in page.rows], next_cursor=page.next_cursor)


def _plan(asked: Submission, owner: str, parts: Parts) -> JobItems:
    """The items that a request asks for, by a list or by a campaign, and its fingerprint."""
    rules, terms = parts.rules(owner), asked.terms
    if asked.campaign is None:
        found = read_items(asked.items or (), rules, priority=terms.priority, run_at=terms.run_at)
    else:
        fields = {name: getattr(asked.campaign, name) for name in type(asked.campaign).model_fields}
        with parts.database.sessions.read() as session:
            planned = plan_campaign(session, CampaignRequest(**fields), rules)
        requests = [request._replace(priority=terms.priority, run_at=terms.run_at) for request in planned]
        found = JobItems(requests, _canonical(asked.campaign))
    held_by_all = terms.model_dump(mode="json", include=set(Terms.model_fields))
    whole = json.dumps([held_by_all, found.fingerprint], sort_keys=True)
    return JobItems(found.requests, hashlib.sha256(whole.encode()).hexdigest())


def _canonical(campaign: CampaignBody) -> str:
    return json.dumps(campaign.model_dump(mode="json", by_alias=True), sort_keys=True, separators=(",", ":"))


def _ask_to_wait(response: Response, counted: CountedJob, now: datetime) -> None:
    """Say when to look again: soon while the job is young, seldom when it has been running for long."""
    if counted.job.state not in FINAL_JOB:
        age_seconds = (now - counted.job.created_at).total_seconds()
        response.headers["Retry-After"] = "2" if age_seconds < 60 else "5" if age_seconds < 600 else "15"
