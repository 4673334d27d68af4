"""The outbox of webhooks: what is to be told is written where it happens, and told later, again and again if need be.

A delivery is due at its ``next_at``.  Whoever takes it moves that on first, so a sender's crash only delays it.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from adloom.core.errors import BadWebhook, Problem
from adloom.core.states import ItemState, JobState
from models import Delivery, Job
from models.queries import deliveries
from services.views import job_links
from storage import Answer, Blocked, Reach, host_of

COMPLETED, FAILED = "job.completed", "job.failed"
MAX_NAME_LENGTH = 200  #: of a job, in a body: bodies stay far below the 20 kB that receivers expect at most

HOLD = timedelta(minutes=1)  #: longer than any attempt takes
AT_ONCE = 4  #: to one host, and of one owner
KEEP = timedelta(days=30)  #: how long one can see how a delivery ended
MAX_RETRY_AFTER = timedelta(hours=24)
JITTER = 0.2
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)  #: before the second attempt, the third…; after the last one it is given up

_GONE = 410
_BUSY = (429, 503)
_SECONDS = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Message:
    """One attempt to be made.  *held_until*: when somebody else may make the next one."""

    id: UUID
    job_id: UUID
    owner: str
    url: str
    host: str
    event: str
    body: bytes
    tries: int
    held_until: datetime


@dataclass
class Underway:
    """How many attempts are being made just now, by host and by owner: one slow customer must not take every place."""

    hosts: Counter[str] = field(default_factory=Counter)
    owners: Counter[str] = field(default_factory=Counter)

    def add(self, message: Message, number: int = 1) -> None:
        """Count an attempt that begins, or with -1 one that is over."""
        self.hosts[message.host] += number
        self.owners[message.owner] += number

    def full(self, counts: Counter[str]) -> list[str]:
        """Those in *counts* that have as many attempts under way as they may."""
        return [name for name, number in counts.items() if number >= AT_ONCE]


@dataclass(frozen=True)
class Told:
    """What an answer means: *next_at* is None where the delivery has ended."""

    delivered: bool
    outcome: str
    next_at: datetime | None


def webhook_reach(setting: str) -> Reach | None:
    """Where webhooks may lead, by the operator's word: ``public``, ``any`` or ``off``."""
    return {"public": Reach(schemes=("https",)), "any": Reach(ports=None, allowed=lambda address: True)}.get(setting)


def check_webhook(url: str, reach: Reach | None) -> None:
    """Refuse a URL that can never be told anything; where its name leads is looked up at every attempt.

    Raises:
        BadWebhook: it is outside *reach*, or this platform sends no webhooks (None).
    """
    try:
        if reach is None:
            raise Blocked("This platform sends no webhooks.")
        reach.check_literal(reach.parse(url))
    except Blocked as blocked:
        raise BadWebhook(problems=[Problem("/webhook_url", BadWebhook.code, str(blocked))]) from None


def announce(session: Session, ended: Collection[UUID], *, now: datetime) -> None:
    """Put a delivery into the outbox for each of these jobs, which have a webhook and have just ended."""
    jobs = deliveries.with_webhook(session, ended) if ended else ()
    rows = [
        {
            "id": uuid7(),
            "job_id": job.id,
            "owner": job.owner,
            "url": job.webhook_url,
            "host": host_of(job.webhook_url),
            "event": _event(job),
            "body": _body(job, now),
            "created_at": now,
            "next_at": now,
        }
        for job in jobs
    ]
    if rows:
        deliveries.add(session, rows)


def take_due(session: Session, underway: Underway, *, places: int, now: datetime) -> list[Message]:
    """Up to *places* attempts that are due, counted in *underway*; they are this caller's for `HOLD`."""
    taken: list[Message] = []
    while len(taken) < places:
        row = deliveries.take(
            session,
            not_hosts=underway.full(underway.hosts),
            not_owners=underway.full(underway.owners),
            now=now,
            until=now + HOLD,
        )
        if row is None:
            break
        taken.append(_message(row))
        underway.add(taken[-1])
    return taken


def conclude(session: Session, message: Message, answer: Answer, *, jitter: random.Random, now: datetime) -> Told:
    """Write down what came of an attempt: delivered, given up, or when the next one is."""
    told = judge(answer, tries=message.tries + 1, jitter=jitter, now=now)
    if told.delivered:
        deliveries.deliver(session, message.id, outcome=told.outcome, now=now)
    else:
        deliveries.put_off(
            session, message.id, held_until=message.held_until, outcome=told.outcome, next_at=told.next_at, now=now
        )
    return told


def judge(answer: Answer, *, tries: int, jitter: random.Random, now: datetime) -> Told:
    """What *answer* to attempt number *tries* means.  Only 2xx is delivered; a redirect is not followed."""
    outcome = str(answer.status) if answer.status else answer.trouble
    if 200 <= answer.status < 300:
        return Told(True, outcome, None)
    if answer.status == _GONE or tries > len(WAITS):
        return Told(False, outcome, None)
    wait = WAITS[tries - 1] * jitter.uniform(1 - JITTER, 1 + JITTER)
    asked = _retry_after(answer.retry_after, now) if answer.status in _BUSY else timedelta()
    return Told(False, outcome, now + max(wait, asked))


def _retry_after(header: str, now: datetime) -> timedelta:
    """How long a server asks to be left alone: seconds, or a date; nothing where it is neither."""
    if _SECONDS.fullmatch(header):
        return min(timedelta(seconds=int(header)), MAX_RETRY_AFTER)
    try:
        until = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return timedelta()
    return min(until.replace(tzinfo=until.tzinfo or UTC) - now, MAX_RETRY_AFTER)


def _event(job: Job) -> str:
    return FAILED if job.state == JobState.FAILED else COMPLETED


def _body(job: Job, now: datetime) -> str:
    """The very text that is signed and sent: thin, for whoever wants more asks."""
    counts = {ItemState.SUCCEEDED: job.succeeded, ItemState.FAILED: job.failed, ItemState.CANCELLED: job.cancelled}
    document = {
        "type": _event(job),
        "timestamp": now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": {
            "id": str(job.id),
            "name": job.name[:MAX_NAME_LENGTH],
            "state": job.state,
            "counts": {**dict.fromkeys(ItemState, 0), **counts},
            "links": job_links(job.id),
        },
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _message(row: Delivery) -> Message:
    return Message(
        row.id, row.job_id, row.owner, row.url, row.host, row.event, row.body.encode(), row.tries, row.next_at
    )
