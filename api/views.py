"""What the API answers: one view per noun, made from a row while its session is open."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Generic, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from adloom.core.brand import Brand
from adloom.core.states import ItemState, JobState
from models import Delivery, FeedImage, Item, Job, StoredBrand
from services.brands import brand_of
from services.estimate import Estimate
from services.feeds import FeedCounts, image_state
from services.views import CountedJob, job_links
from services.waiting import Waiting

JSON = dict[str, Any]  # Any: JSON
T = TypeVar("T")

_JOB = "0192f0c4-7d3e-7c55-9c1c-0a3f5e6b7d8e"


class View(BaseModel):
    """An answer: immutable, and exactly what is declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PageView(View, Generic[T]):
    """A piece of a list.  Ask again with `cursor` set to `next_cursor` until that is null."""

    data: list[T]
    next_cursor: str | None = None


class ProblemDetail(View):
    """One fault in a request."""

    pointer: Annotated[str, Field(examples=["/items/3/spec/product/title"])]
    code: Annotated[str, Field(examples=["missing"])]
    detail: Annotated[str, Field(examples=["Field required."])]


class ProblemView(View):
    """An error (RFC 9457)."""

    type: Annotated[str, Field(examples=["/problems/invalid"])]
    title: Annotated[str, Field(examples=["Unprocessable Entity"])]
    status: Annotated[int, Field(examples=[422])]
    detail: Annotated[str, Field(examples=["The job has faults; 'errors' says where."])]
    instance: Annotated[str, Field(examples=["urn:uuid:1f4ce9a7-7f8a-4f0b-8f58-2c7d8a3f4b11"])]
    code: Annotated[str, Field(description="Stable: programs go by it.", examples=["invalid"])]
    errors: list[ProblemDetail] = []


class WebhookState(StrEnum):
    """How the telling of a job's end goes."""

    WAITING = "waiting"  #: the job runs
    PENDING = "pending"  #: there will be an attempt at ``next_attempt_at``
    DELIVERED = "delivered"  #: the receiver answered 2xx
    GIVEN_UP = "given-up"  #: it never did, or answered 410
    FORGOTTEN = "forgotten"  #: it ended too long ago to know


class WebhookView(View):
    """A job's webhook.  *outcome*: the last answer's status, or why there was no answer."""

    url: str
    state: WebhookState
    event: Annotated[str | None, Field(examples=["job.completed"])] = None
    attempts: int = 0
    outcome: Annotated[str, Field(examples=["503"])] = ""
    next_attempt_at: datetime | None = None

    @classmethod
    def of(cls, job: Job, delivery: Delivery | None) -> Self:
        """The view of a job's webhook."""
        if delivery is None:
            return cls(url=job.webhook_url, state=WebhookState.FORGOTTEN if job.finished_at else WebhookState.WAITING)
        ended = WebhookState.DELIVERED if delivery.delivered else WebhookState.GIVEN_UP
        return cls(
            url=delivery.url,
            state=ended if delivery.ended_at else WebhookState.PENDING,
            event=delivery.event,
            attempts=delivery.tries,
            outcome=delivery.outcome,
            next_attempt_at=None if delivery.ended_at else delivery.next_at,
        )


class EstimateView(View):
    """When a job ends: as likely before `p50_at` as after, rarely after `p90_at`."""

    p50_at: datetime
    p90_at: datetime


class JobView(View):
    """A job, with its items counted by state."""

    id: Annotated[UUID, Field(examples=[_JOB])]
    name: Annotated[str, Field(examples=["Autumn boots"])]
    state: JobState
    total: Annotated[int, Field(examples=[24])]
    counts: Annotated[
        dict[ItemState, int],
        Field(examples=[{"blocked": 8, "queued": 3, "leased": 5, "succeeded": 8, "failed": 0, "cancelled": 0}]),
    ]
    seed: int
    created_at: datetime
    paused_at: Annotated[datetime | None, Field(description="Since when nothing new of it starts.")]
    deadline_at: Annotated[datetime | None, Field(description="What is not final by then fails.")]
    finished_at: datetime | None
    webhook: Annotated[WebhookView | None, Field(description="Null where nobody is to be told.")]
    estimate: Annotated[
        EstimateView | None, Field(description="Of one job asked for alone; null where there is no ground for one.")
    ] = None
    links: Annotated[dict[str, str], Field(examples=[{"self": f"/v1/jobs/{_JOB}"}])]

    @classmethod
    def of(cls, counted: CountedJob, estimate: Estimate | None = None) -> Self:
        """The view of a job."""
        job = counted.job
        return cls(
            id=job.id,
            name=job.name,
            state=job.state,
            total=job.total,
            counts=dict(counted.counts),
            seed=job.seed,
            created_at=job.created_at,
            paused_at=job.paused_at,
            deadline_at=job.deadline_at,
            finished_at=job.finished_at,
            webhook=WebhookView.of(job, counted.delivery) if job.webhook_url else None,
            estimate=EstimateView(**vars(estimate)) if estimate else None,
            links=job_links(job.id),
        )


class JobEventData(View):
    """A job that has ended, in few words; ask for more at its links."""

    id: Annotated[UUID, Field(examples=[_JOB])]
    name: str
    state: JobState
    counts: dict[ItemState, int]
    links: dict[str, str]


class JobEvent(View):
    """What a webhook is told."""

    type: Annotated[str, Field(examples=["job.completed"])]
    timestamp: Annotated[datetime, Field(description="When it happened; the header has the attempt's time.")]
    data: JobEventData


class SecretView(View):
    """What your webhooks are signed with."""

    secret: Annotated[str, Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwQfR3bO0xGx0="])]


class AssetView(View):
    """One stored file."""

    id: UUID
    url: Annotated[str, Field(examples=["/v1/assets/0192f0c4-8a11-7b02-8d55-6a1b2c3d4e5f"])]
    media_type: Annotated[str, Field(examples=["image/jpeg"])]
    sha256: str
    size_bytes: int


class VariantView(View):
    """One alternative for one field or slot of an item."""

    number: int
    field: Annotated[str, Field(examples=["headline"])]
    text: Annotated[str, Field(examples=["Waterproof Leather Boots"])]
    source: Annotated[str, Field(examples=["guided"], description="free, guided, template, composed or generated.")]
    score: float
    details: JSON
    asset: AssetView | None

    @classmethod
    def of(cls, variant: Mapping[str, Any]) -> Self:  # Any: JSON
        """The view of one entry of an item's variants."""
        asset = variant["asset"]
        shown = AssetView(url=f"/v1/assets/{asset['id']}", **asset) if asset else None
        return cls(**{**variant, "asset": shown})


class ItemErrorView(View):
    """Why an item failed.  *retryable*: submitting it again may help."""

    code: Annotated[str, Field(examples=["image-missing"])]
    message: str
    retryable: bool


class WaitingView(View):
    """Why no worker has an item yet."""

    reason: Annotated[
        str,
        Field(
            examples=["queued"],
            description="parents, not-due, job-paused, lane-paused, no-worker, queued, deadline or cancelling.",
        ),
    ]
    detail: Annotated[str, Field(examples=["12 items of its lane come before it."])]
    ahead: Annotated[int | None, Field(description="Items of its lane that come before it, counted up to 10,000.")]
    parents: Annotated[int | None, Field(description="Items that it still needs.")]
    run_at: Annotated[datetime | None, Field(description="Not before.")]


class ItemView(View):
    """One item with its variants."""

    id: UUID
    job_id: UUID
    position: int
    kind: Annotated[str, Field(examples=["copy.lm"])]
    custom_id: str | None
    metadata: JSON
    state: ItemState
    error: ItemErrorView | None
    waiting: Annotated[
        WaitingView | None, Field(description="Of one item asked for alone; null once a worker has it.")
    ] = None
    attempts: Annotated[int, Field(description="How often a worker has taken it.")]
    notes: Annotated[list[str], Field(description="What would make it better.")]
    provenance: JSON
    created_at: datetime
    finished_at: datetime | None
    spec: JSON
    variants: list[VariantView]

    @classmethod
    def of(cls, item: Item, waiting: Waiting | None = None) -> Self:
        """The view of an item."""
        error = None
        if item.error_code is not None:
            message, retryable = item.error_message or "", bool(item.error_retryable)
            error = ItemErrorView(code=item.error_code, message=message, retryable=retryable)
        return cls(
            id=item.id,
            job_id=item.job_id,
            position=item.position,
            kind=item.kind,
            custom_id=item.custom_id or None,
            metadata=item.labels,
            state=item.state,
            error=error,
            waiting=WaitingView(**vars(waiting)) if waiting else None,
            attempts=item.attempts,
            notes=item.notes or [],
            provenance=item.provenance or {},
            created_at=item.created_at,
            finished_at=item.finished_at,
            spec=item.spec,
            variants=[VariantView.of(variant) for variant in item.variants or ()],
        )


class RowErrorView(View):
    """What is wrong with one row of a feed."""

    line: Annotated[int, Field(examples=[17])]
    field: Annotated[str, Field(examples=["price"])]
    code: str
    message: str


class FeedView(View):
    """An uploaded feed: how many products it holds and which rows could not be read."""

    id: UUID
    name: Annotated[str, Field(examples=["feed.tsv"])]
    format: Annotated[str, Field(examples=["merchant"])]
    products: int
    errors: list[RowErrorView]
    images_needed: Annotated[int, Field(description="Images that wait to be uploaded.")]

    @classmethod
    def of(cls, counted: FeedCounts) -> Self:
        """The view of a feed."""
        feed = counted.feed
        errors = [RowErrorView(**error) for error in feed.errors]
        return cls(
            id=feed.id,
            name=feed.name,
            format=feed.format,
            products=counted.products,
            errors=errors,
            images_needed=counted.images_needed,
        )


class ImageView(View):
    """An image that a feed names: ``needed`` (upload it), ``stored``, or ``remote`` (the platform fetches it)."""

    reference: Annotated[str, Field(examples=["images/1.webp"])]
    state: Annotated[str, Field(examples=["needed"])]
    width_px: int | None = None
    height_px: int | None = None

    @classmethod
    def of(cls, image: FeedImage) -> Self:
        """The view of a feed's image; it has a size once it is stored."""
        size = {"width_px": image.width_px, "height_px": image.height_px} if image.key else {}
        return cls(reference=image.reference, state=image_state(image), **size)


class BrandView(Brand):
    """A brand kit that you keep.  *id* is your name for it; *logo* the key of its uploaded image, or a URL."""

    id: Annotated[str, Field(examples=["daybird"])]

    @classmethod
    def of(cls, stored: StoredBrand) -> Self:
        """The view of a stored brand."""
        return cls(id=stored.name, **brand_of(stored).model_dump())


class ExportView(View):
    """One file that a job can be exported to."""

    format: Annotated[str, Field(examples=["copy"])]
    file_name: Annotated[str, Field(examples=["copy.csv"])]
    media_type: Annotated[str, Field(examples=["text/csv"])]
    url: str


class HealthView(View):
    """Whether this process can work; *reasons* say what stops it, by part."""

    status: Annotated[str, Field(examples=["ok"])]
    reasons: dict[str, str] = {}
